"""The page in a real browser: asking, on the shipped library, with the real model."""

from pathlib import Path

from browser import SECONDS, ask, asked_elsewhere, choose, find, needs_browser, new_browser, slow
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

needs_browser()


def test_a_question_is_answered_with_a_quote_and_its_source(page: webdriver.Chrome) -> None:
    answer = ask(page, "How long is a person given to leave under a departure order?")
    assert "30 days" in answer.text
    assert "[1]" in answer.text
    marked = find(page, "#sources .source mark").text
    assert " ".join(marked.split()) in " ".join(answer.text.split())


def test_what_is_typed_while_an_answer_is_awaited_stays(page: webdriver.Chrome) -> None:
    box = find(page, "#question textarea")
    with slow(page):
        box.send_keys("How long is a person given to leave under a departure order?", Keys.ENTER)
        WebDriverWait(page, SECONDS, poll_frequency=0.05).until(lambda driver: box.get_attribute("value") == "")
        assert not page.find_elements(By.CSS_SELECTOR, "#chat .answer")
        box.send_keys("And then?")
    find(page, "#chat .answer:has(.confidence)")
    find(page, "#sources .source")
    assert box.get_attribute("value") == "And then?"


def test_a_click_on_a_citation_chooses_its_source(page: webdriver.Chrome) -> None:
    ask(page, "How long is a person given to leave under a departure order?")
    find(page, "#chat a.chip").click()
    chosen = find(page, "#sources .source.chosen")
    assert "30" in chosen.find_element(By.TAG_NAME, "mark").text
    assert page.switch_to.active_element == chosen
    assert len(page.window_handles) == 1


def test_a_figure_that_differs_by_date_opens_its_own_source(page: webdriver.Chrome) -> None:
    ask(page, "How many countries are on the US recalcitrant list?")
    listed = find(page, "#chat .disagreement")
    assert "As of July 2020" in listed.text
    row = next(each for each in listed.find_elements(By.TAG_NAME, "dd") if each.text.startswith("13 recalcitrant"))
    row.find_element(By.CSS_SELECTOR, "a.chip").click()
    assert "13 recalcitrant countries" in find(page, "#sources .source.chosen mark").text


def test_figures_that_differ_are_drawn_above_their_list(page: webdriver.Chrome) -> None:
    ask(page, "How many countries are on the US recalcitrant list?")
    drawn = find(page, "#chat .disagreement .timeline[role=img]")
    assert drawn.accessible_name.endswith("figures by date, as listed below")
    assert len(drawn.find_elements(By.CSS_SELECTOR, "svg circle")) == len(
        page.find_elements(By.CSS_SELECTOR, "#chat .disagreement dt")
    )


def test_the_document_opens_at_the_marked_quote(page: webdriver.Chrome) -> None:
    ask(page, "How long is a person given to leave under a departure order?")
    quote = find(page, "#sources .source mark").text
    title = find(page, "#sources .source .title").text
    page.get(find(page, "#sources .source footer a").get_attribute("href"))
    mark = find(page, "mark#quote")
    assert mark.text == quote
    assert page.execute_script(
        "const box = arguments[0].getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight", mark
    )
    assert title in page.title


def test_a_refusal_says_so_and_shows_the_closest_passages(page: webdriver.Chrome) -> None:
    answer = ask(page, "What is the boiling point of tungsten in kelvin?")
    assert answer.text.startswith("The documents do not answer this question.")
    assert find(page, "#sources h2").text == "Closest passages"
    assert not page.find_elements(By.CSS_SELECTOR, "#sources mark")


def test_a_follow_up_leans_on_the_question_before(page: webdriver.Chrome) -> None:
    ask(page, "How long does an exclusion order bar return to Canada?")
    answer = ask(page, "And for misrepresentation?", answers=2)
    assert "five years" in answer.text


def test_a_citation_of_an_earlier_answer_still_opens(page: webdriver.Chrome) -> None:
    first = ask(page, "How long is a person given to leave under a departure order?")
    ask(page, "What did Proclamation 10949 of June 2025 do?", answers=2)
    choose(page, first.find_element(By.CSS_SELECTOR, "a.chip"))
    assert find(page, "#sources .earlier").text.startswith("Of an earlier answer: How long is a person given")
    assert "30" in find(page, "#sources .source.chosen mark").text


def test_an_earlier_answer_has_all_its_sources_and_the_latest_keeps_its_own(page: webdriver.Chrome) -> None:
    first = ask(page, "How many countries are on the US recalcitrant list?")
    ask(page, "What did Proclamation 10949 of June 2025 do?", answers=2)
    last = page.find_elements(By.CSS_SELECTOR, "#chat .answer")[-1]
    shown = find(page, "#sources .source:first-of-type mark").text
    choose(page, first.find_element(By.CSS_SELECTOR, "a.chip"))
    assert len(page.find_elements(By.CSS_SELECTOR, "#sources .source")) > 2
    find(page, "#sources .source.chosen button[aria-label='Next source']").click()
    assert find(page, "#sources .source.chosen .marker").text == "2"
    choose(page, last.find_element(By.CSS_SELECTOR, "a.chip"))
    assert find(page, "#sources .source.chosen mark").text == shown
    assert find(page, "#sources h2").text == "Sources"
    assert not page.find_elements(By.CSS_SELECTOR, "#sources .earlier:not([hidden])")
    assert "June 2025" in ask(page, "What did Proclamation 10949 of June 2025 say?", answers=3).text


def test_the_citation_of_an_earlier_answer_shows_its_quote_when_it_is_hovered(page: webdriver.Chrome) -> None:
    first = ask(page, "How long is a person given to leave under a departure order?")
    ask(page, "What did Proclamation 10949 of June 2025 do?", answers=2)
    WebDriverWait(page, SECONDS).until(lambda driver: "Proclamation" in driver.current_url)  # the answer is scrolled to
    webdriver.ActionChains(page).move_to_element(first.find_element(By.CSS_SELECTOR, "a.chip")).perform()
    WebDriverWait(page, SECONDS).until(lambda driver: "30 days" in find(driver, ".chip-card p:first-child").text)


def test_a_refusal_gets_its_passages_back_after_an_earlier_answer_was_looked_at(page: webdriver.Chrome) -> None:
    first = ask(page, "How long is a person given to leave under a departure order?")
    ask(page, "What is the boiling point of tungsten in kelvin?", answers=2)
    choose(page, first.find_element(By.CSS_SELECTOR, "a.chip"))
    find(page, "#sources button.latest").click()
    WebDriverWait(page, SECONDS, ignored_exceptions=[StaleElementReferenceException]).until(
        lambda driver: find(driver, "#sources h2").text == "Closest passages"
    )


def test_a_bad_date_gets_a_clear_message(page: webdriver.Chrome) -> None:
    find(page, "#narrow button").click()
    find(page, "#as-of textarea, #as-of input").send_keys("next week")
    assert "Write YYYY-MM-DD" in ask(page, "How many removals?").text


def test_clearing_the_chat_clears_the_sources(page: webdriver.Chrome) -> None:
    ask(page, "How long is a person given to leave under a departure order?")
    find(page, "#sources .source")
    find(page, "#chat button[aria-label='Clear']").click()
    WebDriverWait(page, SECONDS).until(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "#sources .source"))
    assert not page.find_elements(By.CSS_SELECTOR, "#chat .answer")


def test_an_example_question_is_asked_by_a_click(page: webdriver.Chrome) -> None:
    find(page, "#chat .example").click()
    assert find(page, "#chat .answer:has(.confidence), #chat .answer.refusal").text


def test_text_of_a_document_is_shown_as_it_stands_and_never_run(page: webdriver.Chrome) -> None:
    answer = ask(page, "What is the fee for zebra permits?")
    assert "The *quoted* <script>document.title='owned'</script> fee_schedule_b is $7 & <b>bold</b>" in answer.text
    assert "owned" not in page.title


def test_two_people_never_see_each_others_questions(page: webdriver.Chrome, address: str, tmp_path: Path) -> None:
    ask(page, "How long is a person given to leave under a departure order?")
    other = new_browser(tmp_path)
    try:
        other.get(address)
        ask(other, "What did Proclamation 10949 of June 2025 do?")
        assert "departure order" not in other.find_element(By.CSS_SELECTOR, "#chat").text
        assert "Proclamation 10949" not in page.find_element(By.CSS_SELECTOR, "#chat").text
    finally:
        other.quit()


def test_nothing_is_cut_off_on_a_phone(page: webdriver.Chrome) -> None:
    size = {"width": 390, "height": 780, "deviceScaleFactor": 2, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        ask(page, "How long is a person given to leave under a departure order?")
        find(page, "#sources .source")
        assert page.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_page_asks_no_other_host_for_anything(page: webdriver.Chrome, address: str) -> None:
    ask(page, "How long is a person given to leave under a departure order?")
    find(page, "#chat a.chip").click()
    assert asked_elsewhere(page, address) == set()


def test_the_policy_blocks_an_outside_request(page: webdriver.Chrome) -> None:
    blocked = page.execute_async_script(
        "const done = arguments[0];"
        "document.addEventListener('securitypolicyviolation', (event) => done(event.blockedURI));"
        "fetch('http://192.0.2.1/x').catch(() => setTimeout(() => done('not blocked by the policy'), 2000));"
    )
    assert blocked.startswith("http://192.0.2.1")

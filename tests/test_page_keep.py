"""The page in a real browser: links, exports, notes on answers, earlier conversations, the French page."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import docx
import pytest
from browser import SECONDS, ask, find, needs_browser, new_browser, open_tab
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

needs_browser()

DEPARTURE = "How long is a person given to leave under a departure order?"
OLDER = "How many countries are on the US recalcitrant list?"


def quotes(page: webdriver.Chrome) -> list[str]:
    return [each.text for each in page.find_elements(By.CSS_SELECTOR, "#chat .answer .quote")]


def until(page: webdriver.Chrome, condition: str) -> object:
    """Waits until a script's expression is true; returns its value."""
    return WebDriverWait(page, SECONDS).until(lambda driver: driver.execute_script(f"return {condition}"))


def forget(page: webdriver.Chrome) -> None:
    page.execute_script("localStorage.clear()")


def test_the_address_reproduces_the_question_its_limits_and_its_answer(page: webdriver.Chrome, address: str) -> None:
    page.get(address + "?" + urlencode({"q": OLDER, "as_of": "2019-12-31"}))
    find(page, "#chat .answer a.link")
    first = quotes(page)
    assert "2019-12-31" in find(page, "#chips .limit").text
    link = page.current_url
    page.get("about:blank")
    page.get(link)
    find(page, "#chat .answer a.link")
    assert quotes(page) == first
    dates = [each.text for each in page.find_elements(By.CSS_SELECTOR, "#sources .source header")]
    assert dates
    assert not any(year in text for text in dates for year in ("2020-", "2024-", "2025-", "2026-"))


def test_asking_changes_the_address_and_a_removed_filter_is_off(page: webdriver.Chrome, address: str) -> None:
    page.get(address + "?" + urlencode({"q": OLDER, "as_of": "2019-12-31"}))
    find(page, "#chips .limit").click()
    WebDriverWait(page, SECONDS).until(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "#chips .limit"))
    ask(page, DEPARTURE, answers=2)
    until(page, f"new URLSearchParams(location.search).get('q') === {json.dumps(DEPARTURE)}")
    assert "as_of" not in page.current_url


def test_a_bad_day_in_the_address_is_told(page: webdriver.Chrome, address: str) -> None:
    page.get(address + "?" + urlencode({"q": OLDER, "as_of": "soon"}))
    assert "Write YYYY-MM-DD" in find(page, "#chat .answer.refusal").text


def test_markup_in_an_address_is_shown_and_not_run(page: webdriver.Chrome, address: str) -> None:
    page.get(address + "?" + urlencode({"q": "<img src=x onerror=\"document.title='owned'\"> zebra permits?"}))
    find(page, "#chat .answer")
    assert page.title != "owned"
    assert not page.find_elements(By.CSS_SELECTOR, "#chat img[src='x'][onerror]")


def test_a_refusal_offers_topics_that_the_documents_answer(page: webdriver.Chrome) -> None:
    ask(page, "What is the boiling point of tungsten in kelvin?")
    page.execute_script("arguments[0].click()", find(page, "#related a.ask"))
    find(page, "#chat .answer", 2)
    assert find(page, "#chat .answer:has(.confidence)").text


@pytest.mark.parametrize("form", ["docx", "md", "html"])
def test_an_export_holds_questions_quotes_and_sources(page: webdriver.Chrome, form: str) -> None:
    answer = ask(page, DEPARTURE)
    quote = answer.find_element(By.CSS_SELECTOR, ".quote").text.split("”")[0].removeprefix("“")
    data = page.execute_async_script(
        "const done = arguments[1], made = URL.createObjectURL;"
        "URL.createObjectURL = (blob) => { blob.arrayBuffer().then((held) => done([...new Uint8Array(held)]));"
        " return made(blob); };"
        "document.querySelector(`button.export[data-form='${arguments[0]}']`).click();",
        form,
    )
    if form == "docx":
        text = "\n".join(each.text for each in docx.Document(io.BytesIO(bytes(data))).paragraphs)
    else:
        text = bytes(data).decode()
    assert DEPARTURE in text
    assert "30 days" in text.replace("**", "").replace("<strong>", "").replace("</strong>", "")
    assert quote.split(" 30 days")[0] in text


@contextmanager
def unreachable(page: webdriver.Chrome, route: str) -> Iterator[None]:
    """The network loses what is sent to a route of the page."""
    page.execute_cdp_cmd("Network.enable", {})
    page.execute_cdp_cmd("Network.setBlockedURLs", {"urls": [f"*/{route}*"]})
    try:
        yield
    finally:
        page.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})


def noted(index: Path) -> list[dict[str, Any]]:
    path = index / "feedback.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def told(page: webdriver.Chrome, text: str) -> object:
    return until(page, f"document.querySelector('.keeping .told').textContent.includes({json.dumps(text)})")


@pytest.mark.parametrize("verdict", ["good", "bad"])
def test_a_bare_vote_is_kept(page: webdriver.Chrome, page_index: Path, verdict: str) -> None:
    before = len(noted(page_index))
    answer = ask(page, DEPARTURE)
    answer.find_element(By.CSS_SELECTOR, f"button.vote.{verdict}").click()
    told(page, "Thank you")
    (row,) = noted(page_index)[before:]
    assert (row["question"], row["vote"], row["why"], row["as_shown"]) == (DEPARTURE, verdict, "", True)


def test_a_reason_takes_the_place_of_its_bare_vote(page: webdriver.Chrome, page_index: Path) -> None:
    before = len(noted(page_index))
    ask(page, DEPARTURE).find_element(By.CSS_SELECTOR, "button.vote.bad").click()
    find(page, "#chat form.why input").send_keys("It is out of date", Keys.ENTER)
    WebDriverWait(page, SECONDS).until(lambda driver: len(noted(page_index)) == before + 2)
    first, second = noted(page_index)[before:]
    assert first["id"] == second["id"]
    assert (first["why"], second["why"]) == ("", "It is out of date")
    assert "30 days" in second["quotes"][0]["quote"]


def test_a_reason_that_does_not_arrive_stays_and_can_be_sent_again(page: webdriver.Chrome, page_index: Path) -> None:
    answer = ask(page, DEPARTURE)
    with unreachable(page, "feedback"):
        button = answer.find_element(By.CSS_SELECTOR, "button.vote.bad")
        button.click()
        told(page, "The program did not answer")
        until(page, "document.querySelector('.vote.bad').getAttribute('aria-pressed') === 'false'")
        box = find(page, "#chat form.why input")
        page.execute_script("document.querySelector('.keeping .told').textContent = ''")
        box.send_keys("It is out of date", Keys.ENTER)
        told(page, "The program did not answer")
        assert box.get_property("value") == "It is out of date"
    before = len(noted(page_index))
    box.send_keys(Keys.ENTER)
    told(page, "Thank you")
    (row,) = noted(page_index)[before:]
    assert (row["vote"], row["why"]) == ("bad", "It is out of date")
    assert not page.find_elements(By.CSS_SELECTOR, "#chat form.why")
    assert button.get_attribute("aria-pressed") == "true"


@pytest.fixture
def plain(page: webdriver.Chrome) -> webdriver.Chrome:
    """The page as a browser has it over plain http from another machine: without a clipboard for scripts."""
    page.execute_script("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    return page


def pasted(page: webdriver.Chrome) -> str:
    box = find(page, "#question textarea")
    box.clear()
    box.send_keys(Keys.CONTROL, "v")
    return str(box.get_property("value"))


def test_an_answer_a_link_and_a_citation_are_copied_without_a_clipboard_for_scripts(plain: webdriver.Chrome) -> None:
    answer = ask(plain, DEPARTURE)
    answer.find_element(By.CSS_SELECTOR, "button.copy-answer").click()
    told(plain, "Copied")
    assert "30 days" in pasted(plain)
    answer.find_element(By.CSS_SELECTOR, "a.link").click()
    until(plain, "document.querySelector('.keeping .told').textContent === 'Copied'")
    assert "?q=How+long" in pasted(plain)
    button = find(plain, "#sources button.copy")
    button.click()
    WebDriverWait(plain, SECONDS).until(lambda driver: button.text == "Copied")
    assert pasted(plain) == " ".join(button.get_attribute("data-copy").split())


def test_a_copy_that_fails_is_told(plain: webdriver.Chrome) -> None:
    answer = ask(plain, DEPARTURE)
    plain.execute_script("document.execCommand = () => false")  # what a browser does that does not allow it
    answer.find_element(By.CSS_SELECTOR, "a.link").click()
    told(plain, "Select the text and copy it by hand")
    find(plain, "#sources button.copy").click()
    assert "Select the text" in find(plain, "#sources .source .told[role=alert]").text


SAVED = (
    "const done = arguments[0], made = URL.createObjectURL;"
    "URL.createObjectURL = (blob) => { blob.text().then(done); return made(blob); };"
)


def test_one_answer_is_exported_by_the_keyboard(page: webdriver.Chrome) -> None:
    ask(page, OLDER)
    answer = ask(page, DEPARTURE, answers=2)
    opener = answer.find_element(By.CSS_SELECTOR, ".export-one summary")
    page.execute_script("arguments[0].focus()", opener)
    opener.send_keys(Keys.ENTER)
    page.switch_to.active_element.send_keys(Keys.TAB, Keys.TAB)
    chosen = page.switch_to.active_element
    assert chosen.text == "Markdown"
    page.execute_script(
        "window.said = [];"
        "new MutationObserver(() => said.push(document.querySelector('.keeping .told').textContent))"
        ".observe(document.querySelector('.keeping .told'), {childList: true, characterData: true, subtree: true});"
        f"{SAVED.replace('arguments[0]', '(text) => (window.saved = text)')}"
    )
    chosen.send_keys(Keys.ENTER)
    text = str(until(page, "window.saved"))
    assert DEPARTURE in text
    assert OLDER not in text
    assert "Exported on " in text
    assert "documents have changed" not in text
    told(page, "Exported.")
    assert page.execute_script("return said")[0] == "Exporting …"
    assert chosen.get_attribute("aria-busy") is None


def test_an_export_that_fails_is_told(page: webdriver.Chrome) -> None:
    ask(page, DEPARTURE)
    with unreachable(page, "export"):
        find(page, "button.export[data-form=docx]").click()
        told(page, "The program did not answer. Try again.")
    find(page, "button.export[data-form=docx]").click()
    told(page, "Exported.")


def test_a_conversation_that_was_shown_otherwise_says_so_where_it_is_opened_and_exported(
    page: webdriver.Chrome,
) -> None:
    forget(page)
    ask(page, DEPARTURE)
    until(page, "history.state?.conversation")
    shown = find(page, "#chat button.export-answer").get_attribute("value")
    # As the browser has it where other documents answered.
    page.execute_script(
        "const key = 'removals-qa.conversations';"
        "localStorage[key] = localStorage[key].replaceAll(arguments[0], '0'.repeat(12))",
        shown,
    )
    page.refresh()
    assert "documents have changed" in find(page, "#sources .changed:not([hidden])").text
    find(page, "#chat button.export-answer")
    page.execute_script(SAVED.replace("arguments[0]", "(text) => (window.saved = text)"))
    page.find_element(By.CSS_SELECTOR, "button.export[data-form=md]").click()
    assert "The documents have changed since this answer was shown" in str(until(page, "window.saved"))


def test_the_other_language_keeps_the_tab_and_the_conversation(page: webdriver.Chrome) -> None:
    before = conversed(page)
    open_tab(page, "Batch")
    until(page, "location.hash === '#batch'")
    find(page, "a.language").click()
    until(page, "document.documentElement.lang === 'fr'")
    until(
        page, "document.querySelector('#tabs button[role=tab][aria-selected=true]')?.textContent.trim() === 'Fichiers'"
    )
    find(page, "#chat .answer a.link", 2)
    until(page, "history.state?.conversation")
    assert page.execute_script("return location.hash") == "#batch"
    assert page.execute_script("return JSON.parse(localStorage['removals-qa.conversations']).length") == 1
    open_tab(page, "Questions")
    assert quotes(page) == before


def test_an_earlier_conversation_opens_again_after_a_visit(page: webdriver.Chrome, address: str) -> None:
    forget(page)
    ask(page, "How long does an exclusion order bar return to Canada?")
    ask(page, "And for misrepresentation?", answers=2)
    until(page, "JSON.parse(localStorage['removals-qa.conversations'] || '[]')[0]?.turns.length === 2")
    before = quotes(page)
    page.get(address)
    find(page, "#question textarea")
    find(page, "button.history").click()
    find(page, "#history li")
    page.find_element(By.XPATH, "//section[@id='history']//button[text()='Open']").click()
    find(page, "#chat .answer", 2)
    assert quotes(page) == before
    assert "five years" in ask(page, "And for misrepresentation?", answers=3).text


FOLLOWED = ("How long does an exclusion order bar return to Canada?", "And for misrepresentation?")


def conversed(page: webdriver.Chrome) -> list[str]:
    """Asks two questions, the second a follow-up; returns the quotes once the conversation is kept."""
    forget(page)
    for place, question in enumerate(FOLLOWED, 1):
        ask(page, question, answers=place)
    until(page, "JSON.parse(localStorage['removals-qa.conversations'] || '[]')[0]?.turns.length === 2")
    until(page, "history.state?.conversation")
    return quotes(page)


def test_a_page_that_is_loaded_again_shows_its_whole_conversation(page: webdriver.Chrome) -> None:
    before = conversed(page)
    page.refresh()
    find(page, "#chat .answer a.link", 2)
    find(page, "#sources .source")
    assert quotes(page) == before
    assert page.execute_script("return JSON.parse(localStorage['removals-qa.conversations']).length") == 1


def test_a_link_to_a_follow_up_shows_what_was_asked_before(page: webdriver.Chrome) -> None:
    before = conversed(page)
    link = page.current_url
    forget(page)
    page.get("about:blank")
    page.get(link)
    find(page, "#chat .answer a.link", 2)
    assert [each.text for each in page.find_elements(By.CSS_SELECTOR, "#chat .user-row")] == list(FOLLOWED)
    assert quotes(page) == before


def test_the_question_box_rests_while_a_link_is_asked_again(page: webdriver.Chrome, address: str) -> None:
    watch = (
        "window.rested = 0; new MutationObserver(() => {"
        "  if (document.querySelector('#question textarea')?.disabled) window.rested = 1;"
        "}).observe(document, { childList: true, subtree: true, attributes: true });"
    )
    watching = page.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
    try:
        page.get(address + "?" + urlencode({"q": FOLLOWED[1], "after": FOLLOWED[0]}))
        find(page, "#chat .answer a.link", 2)
        find(page, "#question textarea:enabled")
        assert page.execute_script("return window.rested") == 1
        page.get(address)
        find(page, "#question textarea:enabled").send_keys("Not asked")
        assert page.execute_script("return window.rested") == 0
    finally:
        page.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", watching)


def test_earlier_conversations_are_searched_by_what_a_reader_sees(page: webdriver.Chrome) -> None:
    forget(page)
    ask(page, DEPARTURE)
    until(page, "localStorage.length === 1")
    find(page, "button.history").click()
    search = find(page, "#history input[type=search]")
    for sought, count in (("30 days", 1), ("departure", 1), ("vote", 0), ("copy", 0), ("href", 0)):
        search.clear()
        search.send_keys(sought)
        assert len(page.find_elements(By.CSS_SELECTOR, "#history li")) == count, sought


def test_a_new_conversation_leaves_the_address_of_the_old_one(page: webdriver.Chrome) -> None:
    ask(page, DEPARTURE)
    until(page, "location.search.includes('departure')")
    find(page, "#chat button[aria-label='Clear']").click()
    until(page, "location.search === ''")
    assert quotes(page) == []


def test_a_conversation_is_renamed_found_deleted_and_brought_back(page: webdriver.Chrome) -> None:
    forget(page)
    ask(page, DEPARTURE)
    until(page, "localStorage.length === 1")
    find(page, "button.history").click()
    panel = find(page, "#history")
    panel.find_element(By.XPATH, ".//button[text()='Rename']").click()
    box = find(page, "#history .name input")
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys("Memo of Monday", Keys.ENTER)
    until(page, "document.querySelector('#history .name').textContent === 'Memo of Monday'")
    find(page, "#history input[type=search]").send_keys("tuesday")
    WebDriverWait(page, SECONDS).until(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "#history li"))
    search = find(page, "#history input[type=search]")
    search.send_keys(*[Keys.BACKSPACE] * 7)
    find(page, "#history li")
    panel.find_element(By.XPATH, ".//button[text()='Delete']").click()
    WebDriverWait(page, SECONDS).until(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "#history li"))
    panel.find_element(By.XPATH, ".//button[text()='Undo']").click()
    assert find(page, "#history li .name").text == "Memo of Monday"


def test_a_french_browser_gets_the_french_page_and_its_switch_stays(address: str, tmp_path: Path) -> None:
    french = new_browser(tmp_path, "fr")
    try:
        french.get(address)
        assert "/fr/" in french.current_url
        until(french, "document.documentElement.lang === 'fr'")
        answer = ask(french, "Combien de jours a-t-on pour partir après une mesure d’interdiction de séjour ?")
        assert "30 jours" in answer.text
        assert "Confiance" in answer.text
        french.find_element(By.CSS_SELECTOR, "a.language").click()
        find(french, "#question textarea")
        french.get(address)
        find(french, "#question textarea")
        assert "/fr/" not in french.current_url
    finally:
        french.quit()


def test_a_french_refusal_is_french(page: webdriver.Chrome, address: str) -> None:
    page.get(address + "fr/?" + urlencode({"q": "Quel est le point d’ébullition du tungstène ?"}))
    assert find(page, "#chat .answer.refusal").text.startswith("Les documents ne répondent pas à cette question.")

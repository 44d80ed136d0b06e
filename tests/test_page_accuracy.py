"""The page in a real browser: how right the answers are, and questions collected from judged answers."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from browser import SECONDS, ask, asked_elsewhere, find, needs_browser, new_browser, open_tab, served, violations
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

needs_browser()

DEPARTURE = "How long is a person given to leave under a departure order?"
TUNGSTEN = "What is the boiling point of tungsten in kelvin?"
LIBRARY_QUESTIONS = Path(__file__).parent / "library_questions.jsonl"


@pytest.fixture
def page(browser: webdriver.Chrome, own_address: str) -> webdriver.Chrome:
    """The page freshly opened, in a browser that remembers no file."""
    browser.get(own_address)
    browser.execute_script("localStorage.clear()")
    browser.get(own_address)
    find(browser, "#question textarea")
    return browser


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """Three questions that the documents answer, and one that they do not."""
    rows = LIBRARY_QUESTIONS.read_text(encoding="utf-8").splitlines()[:3]
    rows.append(json.dumps({"id": "none", "question": TUNGSTEN, "answerable": False}))
    (tmp_path / "monthly.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path / "monthly.jsonl"


def until(page: webdriver.Chrome, true: Callable[[webdriver.Chrome], object]) -> object:
    """Waits until it is true of the page, which may be drawn anew while it is looked at."""
    drawn_anew = [StaleElementReferenceException]
    return WebDriverWait(page, SECONDS, poll_frequency=0.1, ignored_exceptions=drawn_anew).until(true)


def give(page: webdriver.Chrome, path: Path) -> None:
    open_tab(page, "Accuracy")
    find(page, "#accuracy input[type=file]").send_keys(str(path))


def measure(page: webdriver.Chrome) -> None:
    find(page, "#accuracy .act[data-act=start]").click()
    find(page, "#accuracy iframe")


def judge(page: webdriver.Chrome, question: str, *, answers: int = 1) -> None:
    """Asks, and says that the answer does not help."""
    ask(page, question, answers=answers).find_element(By.CSS_SELECTOR, "button.vote.bad").click()
    find(page, "#chat .judge")


def mark(page: webdriver.Chrome, name: str) -> None:
    page.find_element(By.XPATH, f"//div[contains(@class, 'judge ')]//button[text()='{name}']").click()


def collected(index: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (index / "gold.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_set_is_measured_its_report_shown_and_its_runs_set_side_by_side(
    page: webdriver.Chrome, own_address: str, gold: Path
) -> None:
    give(page, gold)
    assert "4 questions. 3 of them" in find(page, "#accuracy .job:has(.act)").text
    measure(page)
    page.switch_to.frame(find(page, "#accuracy iframe"))
    assert find(page, "h1").text == "How right the answers are: monthly.jsonl"
    assert page.execute_script("return origin") == "null"  # the report can reach nothing of the page
    page.switch_to.default_content()
    report = httpx.get(find(page, "#accuracy iframe").get_attribute("src"))
    assert "sandbox allow-scripts; default-src 'none'" in report.headers["content-security-policy"]
    find(page, "#accuracy .act[data-act=another]").click()
    give(page, gold)
    measure(page)
    find(page, "#accuracy .trends svg")
    cells = find(page, "#accuracy .past tbody tr", 2).find_element(By.XPATH, "..").text
    assert cells.count("monthly.jsonl") == 2
    assert violations(page) == []
    assert asked_elsewhere(page, own_address) == set()
    page.get(find(page, "#accuracy a.compare").get_attribute("href"))
    assert page.title == "Comparison: monthly.jsonl"


def test_mistakes_of_a_file_are_shown_before_it_is_measured(page: webdriver.Chrome, tmp_path: Path) -> None:
    row = {"question": "Who?", "doc_ids": ["<b>gone</b>.md"], "evidence": ["Nowhere to be found."]}
    (tmp_path / "bad.jsonl").write_text(json.dumps(row), encoding="utf-8")
    give(page, tmp_path / "bad.jsonl")
    assert "<b>gone</b>.md is not in the index" in find(page, "#accuracy .problems").text
    assert find(page, "#accuracy .act[data-act=start]").text == "Measure as it is"
    find(page, "#accuracy .act[data-act=another]").click()


def test_an_evaluation_is_found_again_stopped_and_goes_on(page: webdriver.Chrome, tmp_path: Path) -> None:
    rows = [{"id": str(at), "question": f"How many were removed in {at}?", "answerable": False} for at in range(3000)]
    (tmp_path / "long.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    give(page, tmp_path / "long.jsonl")
    find(page, "#accuracy .act[data-act=start]").click()
    find(page, "#accuracy progress")
    page.refresh()
    find(page, "#question textarea")
    until(page, lambda page: "a second" in find(page, "#accuracy .said").text)
    find(page, "#accuracy .act[data-act=stop]").click()
    find(page, "#accuracy .act[data-act=start]")
    before = int(find(page, "#accuracy .job").text.split(" after ")[1].split()[0].replace(",", ""))
    find(page, "#accuracy .act[data-act=start]").click()
    until(page, lambda page: int(find(page, "#accuracy progress").get_attribute("value").split(".")[0]) > before)
    find(page, "#accuracy .act[data-act=stop]").click()
    find(page, "#accuracy .act[data-act=start]")


def test_a_judged_answer_becomes_a_question_that_is_measured(page: webdriver.Chrome, own_index: Path) -> None:
    judge(page, DEPARTURE)
    mark(page, "[1] is right")
    until(page, lambda page: "collected so far" in find(page, "#chat .judge .told").text)
    judge(page, TUNGSTEN, answers=2)
    found = page.find_element(By.CSS_SELECTOR, "#chat .judge form")
    found.find_element(By.TAG_NAME, "textarea").send_keys("Tungsten boils at six thousand kelvin, says no document.")
    found.find_element(By.TAG_NAME, "button").click()
    until(page, lambda page: "does not stand word for word" in find(page, "#chat .judge .told").text)
    page.find_elements(By.CSS_SELECTOR, "#chat button.vote.good")[-1].click()
    mark(page, "The documents do not answer this")
    until(page, lambda page: "2 questions collected" in find(page, "#chat .judge .told").text)
    rows = collected(own_index)
    assert [(row["question"], row["answerable"]) for row in rows] == [(DEPARTURE, True), (TUNGSTEN, False)]
    assert "30 days" in str(rows[0]["evidence"])
    open_tab(page, "Accuracy")
    assert "2 questions: 1 with the right quote" in find(page, "#accuracy .job-gold").text
    find(page, "#accuracy .act[data-act=gold]").click()
    measure(page)
    assert "gold.jsonl" in find(page, "#accuracy .past tbody tr").find_element(By.XPATH, "..").text
    find(page, "#accuracy .gold-list summary").click()
    newest = page.find_elements(By.CSS_SELECTOR, "#accuracy .gold-list li")[0]
    assert TUNGSTEN in newest.text
    newest.find_element(By.CSS_SELECTOR, ".gold-remove").click()
    until(page, lambda page: "1 question:" in find(page, "#accuracy .job-gold").text)
    assert DEPARTURE in find(page, "#accuracy .gold-list li").text  # the list is still open
    assert [row["question"] for row in collected(own_index)] == [DEPARTURE]


def test_a_correction_is_a_sentence_of_a_document(page: webdriver.Chrome, own_index: Path) -> None:
    judge(page, "What does a zebra permit cost?")
    found = page.find_element(By.CSS_SELECTOR, "#chat .judge form")
    found.find_element(By.TAG_NAME, "textarea").send_keys("fee_schedule_b is $7 & <b>bold</b> for zebra permits.")
    found.find_element(By.TAG_NAME, "button").click()
    until(page, lambda page: "collected so far" in find(page, "#chat .judge .told").text)
    assert (collected(own_index)[-1]["doc_ids"], collected(own_index)[-1]["answerable"]) == (["hostile.txt"], True)


def vote_against(page: webdriver.Chrome) -> None:
    """Presses "not helpful" until it asks why: the chat may be drawn anew just after its answer is complete."""

    def pressed(driver: webdriver.Chrome) -> list[WebElement]:
        driver.find_element(By.CSS_SELECTOR, "#chat button.vote.bad").click()
        return driver.find_elements(By.CSS_SELECTOR, "#chat form.why")

    WebDriverWait(page, SECONDS, poll_frequency=1).until(pressed)


def test_a_read_only_page_measures_in_french_but_collects_nothing(own_index: Path, gold: Path, tmp_path: Path) -> None:
    with served(own_index, "--no-rerank", "--read-only") as address:
        french = new_browser(tmp_path / "profile", "fr")
        try:
            french.get(address)
            ask(french, DEPARTURE)
            vote_against(french)
            assert not french.find_elements(By.CSS_SELECTOR, "#chat .judge")
            open_tab(french, "Exactitude")
            find(french, "#accuracy input[type=file]").send_keys(str(gold))
            assert "4 questions" in find(french, "#accuracy .job:has(.act)").text
            measure(french)
            assert "Bonne décision" in find(french, "#accuracy .past thead").text
            assert violations(french) == []
        finally:
            french.quit()
        note = {"address": "q=why", "right": None}
        assert httpx.post(f"{address}gold", json=note).status_code in (404, 405)

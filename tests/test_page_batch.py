"""The page in a real browser: a file of questions, answered while the page comes and goes."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import httpx
import pytest
from browser import SECONDS, asked_elsewhere, dark, find, needs_browser, new_browser, open_tab, served, violations
from openpyxl import load_workbook
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

needs_browser()

DEPARTURE = "How long is a person given to leave under a departure order?"
TUNGSTEN = "What is the boiling point of tungsten in kelvin?"
ROWS = [
    ["No", "Question", "En date du", "Region"],
    ["7", DEPARTURE, "", "Québec"],
    ["8", TUNGSTEN, "", "=1+1"],
    ["9", DEPARTURE, "soon", "<b>Pacific</b>"],
]


@pytest.fixture(scope="module")
def read_only_address(page_index: Path) -> Iterator[str]:
    with served(page_index, "--no-rerank", "--read-only") as address:
        yield address


@pytest.fixture
def batch(browser: webdriver.Chrome, read_only_address: str) -> webdriver.Chrome:
    """The tab freshly opened, in a browser that remembers no file."""
    browser.get(read_only_address)
    browser.execute_script("localStorage.clear()")
    browser.get(read_only_address)
    open_tab(browser, "Batch")
    find(browser, "#batch .is-ready")
    return browser


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "monthly.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(ROWS)
    return path


@pytest.fixture
def long(tmp_path: Path) -> Path:
    path = tmp_path / "long.txt"
    path.write_text("".join(f"How many people were removed in {year}?\n" for year in range(1000, 5000)))
    return path


def give(page: webdriver.Chrome, path: Path) -> None:
    page.find_element(By.CSS_SELECTOR, "#batch input[type=file]").send_keys(str(path))


def start(page: webdriver.Chrome) -> None:
    find(page, "#batch .act[data-act=start]").click()


def until(page: webdriver.Chrome, true: Callable[[webdriver.Chrome], object]) -> object:
    return WebDriverWait(page, SECONDS, poll_frequency=0.1).until(true)


def done(page: webdriver.Chrome) -> int:
    """Returns how many questions the progress bar says are done."""
    bar = page.find_elements(By.CSS_SELECTOR, "#batch progress")
    return int(page.execute_script("return arguments[0].value", bar[0])) if bar else 0


def download(page: webdriver.Chrome, suffix: str) -> bytes:
    link = find(page, f"#batch .downloads a[href$='{suffix}']").get_attribute("href")
    answer = httpx.get(link)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'-answers{suffix}"')
    return answer.content


def job(page: webdriver.Chrome) -> str:
    return str(page.execute_script("return JSON.parse(localStorage['removals-qa.batch']).shown"))


def test_a_file_is_looked_at_answered_proven_and_downloaded(
    batch: webdriver.Chrome, read_only_address: str, small: Path
) -> None:
    give(batch, small)
    shown = find(batch, "#batch .preview")
    panel = find(batch, "#batch .job").text
    assert "3 questions. Recognised: question, id, as of." in panel
    assert "Carried through to the answers: Region." in panel
    assert shown.find_element(By.CSS_SELECTOR, "tbody td").text == DEPARTURE
    assert "<b>Pacific</b>" in shown.text
    assert violations(batch) == []
    start(batch)
    assert "1 answered; 1 not answered by the documents; 1 with an error." in find(batch, "#batch .tally").text
    rows = find(batch, "#batch .answers tbody tr", 3).find_element(By.XPATH, "..")
    assert "30 days" in rows.text
    assert "'soon' is not a date" in rows.text
    rows.find_element(By.CSS_SELECTOR, "a.chip").click()
    assert "30 days" in find(batch, "#batch .source.chosen mark").text
    dark(batch, on=True)
    try:
        assert violations(batch) == []
    finally:
        dark(batch, on=False)
    sheet = load_workbook(io.BytesIO(download(batch, ".xlsx")))["Answers"]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == [DEPARTURE, TUNGSTEN, DEPARTURE]
    assert any(read_only_address in str(cell.value) for cell in sheet[2])  # a citation's link opens this page
    assert DEPARTURE in "\n".join(each.text for each in docx.Document(io.BytesIO(download(batch, ".docx"))).paragraphs)
    table = list(csv.DictReader(io.StringIO(download(batch, ".csv").decode("utf-8-sig"))))
    assert [row["status"] for row in table] == ["answered", "refused", "error"]
    assert [row["Region"] for row in table] == ["Québec", "'=1+1", "<b>Pacific</b>"]
    assert [json.loads(row)["id"] for row in download(batch, ".jsonl").splitlines()] == ["7", "8", "9"]
    assert asked_elsewhere(batch, read_only_address) == set()


def test_a_reload_finds_the_run_and_a_stopped_one_goes_on(batch: webdriver.Chrome, long: Path) -> None:
    give(batch, long)
    start(batch)
    until(batch, lambda page: done(page) > 3)
    identity = job(batch)
    batch.refresh()
    find(batch, "#question textarea")
    until(batch, lambda page: done(page) > 3)  # the address tells the tab, the browser the run
    assert job(batch) == identity
    assert "a second, about" in find(batch, "#batch .said").text
    find(batch, "#batch .act[data-act=stop]").click()
    told = find(batch, "#batch .tally").text
    stopped = len(download(batch, ".jsonl").splitlines())
    assert 3 < stopped < 4000
    assert f"Stopped after {stopped:,} of 4,000" in find(batch, "#batch .job").text, told
    start(batch)
    until(batch, lambda page: done(page) > stopped)
    find(batch, "#batch .act[data-act=stop]").click()
    find(batch, "#batch .downloads")
    lines = [json.loads(line)["question"] for line in download(batch, ".jsonl").splitlines()]
    assert len(lines) > stopped
    assert lines == [f"How many people were removed in {1000 + at}?" for at in range(len(lines))]
    Select(find(batch, "#batch .row-status")).select_by_value("error")
    until(batch, lambda page: "None of the rows." in page.find_element(By.CSS_SELECTOR, "#batch .job-rows").text)


UNREACHABLE = (
    "const reached = window.fetch; window.reachable = () => (window.fetch = reached);"
    "window.fetch = async (...asked) => new Response('<h1>Bad gateway</h1>', { status: arguments[0] });"
)


@pytest.mark.parametrize("status", [502, 200])
def test_a_server_that_is_started_again_loses_no_run(batch: webdriver.Chrome, long: Path, status: int) -> None:
    give(batch, long)
    start(batch)
    until(batch, lambda page: done(page) > 1)
    identity = job(batch)
    batch.execute_script(UNREACHABLE, status)  # what a proxy says meanwhile
    until(batch, lambda page: "does not answer" in page.find_element(By.CSS_SELECTOR, "#batch .job-error").text)
    before = done(batch)
    batch.execute_script("window.reachable()")
    until(batch, lambda page: done(page) > before)
    assert job(batch) == identity
    assert batch.find_element(By.CSS_SELECTOR, "#batch .job-error").text == ""
    find(batch, "#batch .act[data-act=stop]").click()
    find(batch, "#batch .act[data-act=another]")


def test_an_id_is_forgotten_only_where_the_server_knows_it_no_more(batch: webdriver.Chrome, small: Path) -> None:
    give(batch, small)
    find(batch, "#batch .preview")
    first = job(batch)
    batch.execute_script(
        "const kept = { shown: '', files: [...Array(60).keys()].map((at) => ({ id: 'gone' + at, name: 'gone' })) };"
        "kept.files.push({ id: arguments[0], name: 'first' });"
        "localStorage['removals-qa.batch'] = JSON.stringify(kept);",
        first,
    )
    give(batch, small)

    def files(page: webdriver.Chrome) -> list[str]:
        return [
            each["id"] for each in json.loads(page.execute_script("return localStorage['removals-qa.batch']"))["files"]
        ]

    until(batch, lambda page: len(files(page)) == 61 and files(page)[0] != "gone0")
    assert files(batch) == [job(batch), *(f"gone{at}" for at in range(59)), first]


def test_a_full_store_of_the_browser_is_no_obstacle(batch: webdriver.Chrome, small: Path) -> None:
    batch.execute_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };")
    give(batch, small)
    start(batch)
    find(batch, "#batch .downloads")
    find(batch, "#batch .act[data-act=another]").click()
    find(batch, "#batch .job-earlier li button[aria-label^=Open]").click()
    assert "30 days" in find(batch, "#batch .answers tbody").text


def test_two_people_never_see_each_others_files(
    batch: webdriver.Chrome, read_only_address: str, small: Path, tmp_path: Path
) -> None:
    give(batch, small)
    start(batch)
    find(batch, "#batch .downloads")
    identity = job(batch)
    other = new_browser(tmp_path / "other", "fr")
    try:
        other.get(read_only_address + "#batch")
        find(other, "#batch .is-ready")
        assert "monthly.csv" not in other.find_element(By.TAG_NAME, "body").get_attribute("textContent")
        give(other, small)
        assert "Reconnu : question, identifiant, en date du." in find(other, "#batch .job:has(.preview)").text
        start(other)
        assert "1 sans réponse dans les documents ; 1 en erreur" in find(other, "#batch .tally").text.replace(";", " ;")
        find(other, "#batch .row-open").click()
        find(other, "#batch .proof-panel .source")
        assert violations(other) == []
        assert job(other) != identity
    finally:
        other.quit()
    for address in (f"jobs/{identity[:-1]}", "jobs/1", f"jobs/{identity[:-1]}/answers.csv"):
        assert httpx.get(read_only_address + address).status_code == 404
    sent = httpx.post(f"{read_only_address}jobs/{identity}/remove", headers={"Origin": "http://elsewhere.example"})
    assert sent.status_code == 403


def test_a_file_without_a_known_column_asks_for_it(batch: webdriver.Chrome, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(f"Nr,What we ask\n1,{DEPARTURE}\n", encoding="utf-8")
    give(batch, path)
    Select(find(batch, "#batch .job-error select")).select_by_visible_text("What we ask")
    find(batch, "#batch .job-error .act").click()
    assert DEPARTURE in find(batch, "#batch .preview tbody").text


def test_a_file_that_cannot_be_read_is_told_without_where_it_lies(batch: webdriver.Chrome, tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK no workbook")
    give(batch, tmp_path / "broken.xlsx")
    told = find(batch, "#batch .job-error p").text
    assert told.startswith("broken.xlsx: damaged")


def test_a_file_is_answered_and_its_proof_read_by_the_keyboard(batch: webdriver.Chrome, small: Path) -> None:
    give(batch, small)
    find(batch, "#batch .preview")

    def press(key: str) -> None:
        batch.switch_to.active_element.send_keys(key)

    until(batch, lambda page: page.switch_to.active_element.text == "Answer the questions")
    press(Keys.ENTER)
    find(batch, "#batch .answers .row-open")
    until(batch, lambda page: page.switch_to.active_element.text == "Another file")
    for _ in range(6):
        press(Keys.TAB)
        if "row-open" in (batch.switch_to.active_element.get_attribute("class") or ""):
            break
    press(Keys.ENTER)
    until(batch, lambda page: page.switch_to.active_element.text == "Back to the question")
    assert "30 days" in find(batch, "#batch .proof-panel mark").text
    press(Keys.ENTER)
    assert batch.switch_to.active_element.text == DEPARTURE


def test_an_earlier_file_opens_again(batch: webdriver.Chrome, small: Path) -> None:
    give(batch, small)
    start(batch)
    find(batch, "#batch .downloads")
    find(batch, "#batch .act[data-act=another]").click()
    earlier = find(batch, "#batch .job-earlier li")
    assert "monthly.csv" in earlier.text
    earlier.find_element(By.CSS_SELECTOR, "button").click()
    find(batch, "#batch .downloads")
    assert "30 days" in find(batch, "#batch .answers tbody").text

"""The page in a real browser: the documents and what can be done with them."""

import re
from pathlib import Path

import pytest
from browser import SECONDS, ask, find, needs_browser, open_tab, served
from reportlab.pdfgen.canvas import Canvas
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

needs_browser()


@pytest.fixture
def library(browser: webdriver.Chrome, own_address: str) -> webdriver.Chrome:
    browser.get(own_address)
    open_tab(browser, "Library")
    find(browser, "#library tbody tr")
    return browser


def titles(page: webdriver.Chrome) -> list[str]:
    rows = page.find_elements(By.CSS_SELECTOR, "#library tbody tr:not([hidden]) td:first-child")
    return [each.get_attribute("textContent").strip() for each in rows]


def says(page: webdriver.Chrome, text: str) -> None:
    WebDriverWait(page, SECONDS).until(
        lambda driver: any(
            text in each.text for each in driver.find_elements(By.CSS_SELECTOR, "#library-messages li:last-child")
        )
    )


def upload(page: webdriver.Chrome, *files: Path) -> None:
    page.find_element(By.CSS_SELECTOR, "#upload input[type=file]").send_keys("\n".join(map(str, files)))


def edit(page: webdriver.Chrome, title: str) -> None:
    page.find_element(
        By.XPATH, f"//div[@id='library']//tr[td[contains(., '{title}')]]//button[text()='Correct']"
    ).click()
    find(page, "#edit #save")


def test_the_table_lists_searches_and_sorts_the_documents(library: webdriver.Chrome) -> None:
    everything = titles(library)
    assert len(everything) == 66
    library.find_element(By.CSS_SELECTOR, ".library-search").send_keys("somalia")
    assert 0 < len(titles(library)) < 5
    assert library.find_element(By.CSS_SELECTOR, ".library-count").text.endswith("of 66 documents")
    library.find_element(By.CSS_SELECTOR, ".library-search").clear()
    library.execute_script(
        "document.querySelector('.library-search').dispatchEvent(new Event('input', {bubbles: true}))"
    )
    library.find_elements(By.CSS_SELECTOR, "button.sort")[0].click()
    library.find_elements(By.CSS_SELECTOR, "button.sort")[0].click()
    assert titles(library) != everything
    assert sorted(titles(library)) == sorted(everything)
    assert library.find_element(By.CSS_SELECTOR, "th").get_attribute("aria-sort") == "descending"


def pick(page: webdriver.Chrome, label: str, option: str) -> None:
    """Chooses in the list of that label the option that begins so."""
    listed = page.find_element(By.XPATH, f"//*[@class='library-tools']//label[starts-with(., '{label}')]/select")
    assert listed.accessible_name.startswith(label)
    Select(listed).select_by_visible_text(
        next(each.text for each in Select(listed).options if each.text.startswith(option))
    )


def test_the_table_is_filtered_by_label_and_by_how_documents_were_read(library: webdriver.Chrome) -> None:
    pick(library, "Kind", "not known")
    assert titles(library) == ["Hostile"]
    assert library.find_element(By.CSS_SELECTOR, ".library-count").text == "1 of 66 documents"
    pick(library, "Status", "needs attention")
    assert titles(library) == []
    pick(library, "Status", "read in full")
    pick(library, "Kind", "brief")
    assert len(titles(library)) == 65
    pick(library, "Language", "French")
    library.find_element(By.CSS_SELECTOR, ".library-search").send_keys("brief")
    assert 0 < len(titles(library)) < 65


def test_what_is_chosen_stays_when_a_document_is_corrected(library: webdriver.Chrome) -> None:
    pick(library, "Language", "English")
    library.find_element(By.CSS_SELECTOR, ".library-search").send_keys("somalia")
    before = titles(library)
    library.execute_script("arguments[0].click()", find(library, "#library tbody tr:not([hidden]) button.edit"))
    find(library, "#edit #save")
    library.find_element(By.CSS_SELECTOR, "#edit textarea, #edit input").send_keys(" (corrected)")
    find(library, "#save").click()
    says(library, "Saved.")
    WebDriverWait(library, SECONDS).until(lambda driver: "(corrected)" in "".join(titles(driver)))
    assert len(titles(library)) == len(before) < 66
    assert library.find_element(By.CSS_SELECTOR, ".library-search").get_attribute("value") == "somalia"


def test_passages_are_sorted_as_numbers(library: webdriver.Chrome) -> None:
    for place, count in ((1, "1,234"), (2, "999"), (3, "12,345")):
        cell = library.find_element(By.CSS_SELECTOR, f"#library tbody tr:nth-child({place}) td:nth-child(6)")
        shown = "arguments[0].textContent = arguments[1]; arguments[0].dataset.key = arguments[2]"
        library.execute_script(shown, cell, count, count.replace(",", ""))
    library.find_elements(By.CSS_SELECTOR, "button.sort")[5].click()
    cells = library.find_elements(By.CSS_SELECTOR, "#library tbody td:nth-child(6)")
    assert [each.text for each in cells[-3:]] == ["999", "1,234", "12,345"]


def test_an_uploaded_document_answers_and_its_page_shows_the_quote(library: webdriver.Chrome, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "quokkas.pdf"))
    canvas.drawString(72, 700, "The quokka levy of Rottnest Island is 41 dollars for each visitor.")
    canvas.save()
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"no pdf at all")
    upload(library, tmp_path / "quokkas.pdf", broken)
    says(library, "broken.pdf:")
    messages = library.find_element(By.CSS_SELECTOR, "#library-messages").text
    assert "quokkas.pdf: added, 1 passage\n" in messages
    assert len(titles(library)) == 67
    open_tab(library, "Ask")
    assert "41 dollars" in ask(library, "How much is the quokka levy of Rottnest Island?").text
    find(library, "#sources .page-image summary").click()
    WebDriverWait(library, SECONDS).until(
        lambda driver: driver.execute_script("return document.querySelector('.page-image img').naturalWidth") > 300
    )


def test_a_corrected_title_and_date_show_in_the_table_and_in_citations(library: webdriver.Chrome) -> None:
    edit(library, "Hostile")
    title, day = library.find_elements(By.CSS_SELECTOR, "#edit textarea, #edit input")[:2]
    title.clear()
    title.send_keys("Permits for zebras")
    day.clear()
    day.send_keys("2024-02-29")
    find(library, "#save").click()
    says(library, "Saved.")
    assert "Permits for zebras" in titles(library)
    open_tab(library, "Ask")
    ask(library, "What is the fee for zebra permits?")
    assert "Permits for zebras" in find(library, "#sources .source header").text
    assert "2024-02-29" in find(library, "#sources .source header").text


def test_a_bad_date_is_told_and_changes_nothing(library: webdriver.Chrome) -> None:
    edit(library, "Somalia")
    day = library.find_elements(By.CSS_SELECTOR, "#edit textarea, #edit input")[1]
    day.clear()
    day.send_keys("29 February")
    find(library, "#save").click()
    says(library, "Write YYYY-MM-DD")
    shown = library.find_element(By.XPATH, "//div[@id='library']//tr[td[contains(., 'Somalia')]]/td[2]").text
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", shown)


def test_a_deleted_document_is_brought_back_as_it_was(library: webdriver.Chrome) -> None:
    before = titles(library)
    edit(library, "Somalia")
    find(library, "#delete").click()
    says(library, "was deleted")
    WebDriverWait(library, SECONDS).until(lambda driver: len(titles(driver)) == len(before) - 1)
    find(library, "#undo").click()
    says(library, "is back")
    WebDriverWait(library, SECONDS).until(lambda driver: len(titles(driver)) == len(before))
    assert titles(library) == before


def test_a_file_of_a_name_that_is_taken_is_kept_beside_the_other(library: webdriver.Chrome, tmp_path: Path) -> None:
    for folder, price in (("first", "5"), ("second", "6")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "levy.txt").write_text(f"The wombat levy is {price} dollars.\n", encoding="utf-8")
        upload(library, tmp_path / folder / "levy.txt")
        says(library, "levy.txt: added" if folder == "first" else "kept beside it as levy (2).txt")
    assert library.find_elements(By.CSS_SELECTOR, "#library tr[title='levy.txt']")
    assert library.find_elements(By.CSS_SELECTOR, "#library tr[title='levy (2).txt']")


def test_an_uploaded_document_can_be_chosen_at_once(library: webdriver.Chrome, tmp_path: Path) -> None:
    file = tmp_path / "bilbies.txt"
    file.write_text("Bilbies of Birdsville\n\nThe bilby levy is 9 dollars.\n", encoding="utf-8")
    upload(library, file)
    says(library, "bilbies.txt: added")
    open_tab(library, "Ask")
    find(library, "#narrow button").click()
    find(library, "#narrow input[aria-label='Documents']").send_keys("Bilbies")
    offered = WebDriverWait(library, SECONDS).until(
        lambda driver: [each.text for each in driver.find_elements(By.CSS_SELECTOR, "[role=option]")]
    )
    assert any("Bilbies of Birdsville" in each for each in offered)


def test_documents_stay_as_they_are_where_the_page_is_read_only(
    browser: webdriver.Chrome, own_index: Path, own_address: str
) -> None:
    with served(own_index, "--no-rerank", "--read-only") as address:
        browser.get(address)
        open_tab(browser, "Library")
        find(browser, "#library tbody tr")
        assert not browser.find_elements(By.CSS_SELECTOR, "#upload, #edit, button.edit")


def test_files_that_are_added_can_be_stopped(library: webdriver.Chrome, tmp_path: Path) -> None:
    for number in range(60):
        text = f"Levy {number} of the numbat is {number} dollars.\n"
        (tmp_path / f"numbat {number:02}.txt").write_text(text, encoding="utf-8")
    upload(library, *sorted(tmp_path.glob("*.txt")))
    says(library, "of 60")
    find(library, "#upload-stop").click()
    says(library, "Stopped after")
    told = library.find_element(By.CSS_SELECTOR, "#library-messages li:last-child").text
    count = re.fullmatch(r"Stopped after (\d+) of 60: what was added stays\.", told)
    assert count is not None
    WebDriverWait(library, SECONDS).until(
        lambda driver: sum("numbat" in each for each in titles(driver)) == int(count[1])
    )
    assert int(count[1]) < 60
    assert not [each for each in library.find_elements(By.ID, "upload-stop") if each.is_displayed()]

"""The page in a real browser: what narrows the next question, how careful it is, and the address that keeps both."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from browser import SECONDS, ask, find, needs_browser, violations
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

needs_browser()

DEPARTURE = "How long is a person given to leave under a departure order?"
TUNGSTEN = "What is the boiling point of tungsten in kelvin?"


def open_controls(page: webdriver.Chrome) -> None:
    """Opens what holds the controls, which are not there before."""
    if not any(each.is_displayed() for each in page.find_elements(By.ID, "refuse")):
        find(page, "#narrow button").click()
    WebDriverWait(page, SECONDS).until(lambda driver: find(driver, "#refuse").is_displayed())


def choose(page: webdriver.Chrome, setting: str) -> None:
    """Chooses how careful to be, by the name on the page."""
    open_controls(page)
    page.find_element(By.XPATH, f"//*[@id='refuse']//label[normalize-space()='{setting}']").click()


def chosen(page: webdriver.Chrome) -> str:
    """Returns how careful to be, as the control says."""
    open_controls(page)
    return str(
        page.execute_script(
            "return document.querySelector('#refuse input:checked').closest('label').textContent.trim()"
        )
    )


def chips(page: webdriver.Chrome, *expected: str) -> None:
    """Waits until these chips, and no others, are there."""
    drawn_anew = [StaleElementReferenceException]
    WebDriverWait(page, SECONDS, ignored_exceptions=drawn_anew).until(
        lambda driver: (
            [each.text.removesuffix("×").strip() for each in driver.find_elements(By.CSS_SELECTOR, "#chips .limit")]
            == list(expected)
        )
    )


def addressed(page: webdriver.Chrome, **expected: str) -> None:
    """Waits until the address holds this and nothing else."""
    WebDriverWait(page, SECONDS).until(
        lambda driver: (
            parse_qs(urlsplit(driver.current_url).query) == {name: [value] for name, value in expected.items()}
        )
    )


def test_the_server_s_own_setting_is_preselected_and_no_chip(page: webdriver.Chrome) -> None:
    assert chosen(page) == "balanced"
    chips(page)


@pytest.mark.parametrize(
    ("path", "label", "setting", "chip", "says"),
    [
        ("", "How careful to be", "careful", "How careful to be: careful", "careful wrongly refuses 20%"),
        ("fr/", "Prudence", "prudent", "Prudence : prudent", "refuse à tort 20\u00a0%"),
    ],
)
def test_how_careful_to_be_is_chosen_in_both_languages(
    page: webdriver.Chrome, address: str, path: str, label: str, setting: str, chip: str, says: str
) -> None:
    page.get(address + path)
    find(page, "#question textarea")
    choose(page, setting)
    chips(page, chip)
    assert label in page.find_element(By.ID, "refuse").text
    shown = page.find_element(By.ID, "refuse").get_attribute("textContent")  # `text` has no non-breaking spaces
    assert says in str(shown)
    assert violations(page) == []


def test_limits_chosen_without_asking_outlive_a_reload(page: webdriver.Chrome) -> None:
    choose(page, "eager")
    find(page, "#as-of textarea, #as-of input").send_keys("2019-12-31")
    addressed(page, as_of="2019-12-31", refuse="eager")
    page.refresh()
    chips(page, "As of 2019-12-31", "How careful to be: eager")
    assert chosen(page) == "eager"
    page.find_elements(By.CSS_SELECTOR, "#chips .limit")[1].click()
    chips(page, "As of 2019-12-31")
    addressed(page, as_of="2019-12-31")
    assert chosen(page) == "balanced"


def test_limits_chosen_after_an_answer_are_for_the_next_question(page: webdriver.Chrome) -> None:
    ask(page, DEPARTURE)
    addressed(page, q=DEPARTURE)
    choose(page, "careful")
    addressed(page, q=DEPARTURE, next="refuse=careful")
    page.refresh()
    chips(page, "How careful to be: careful")
    assert find(page, "#chat .answer a.link").get_attribute("href").endswith(urlencode({"q": DEPARTURE}))
    ask(page, TUNGSTEN, answers=2)
    addressed(page, q=TUNGSTEN, after=DEPARTURE, refuse="careful")


def test_a_link_reproduces_how_careful_an_answer_was(page: webdriver.Chrome, address: str) -> None:
    page.get(address + "?" + urlencode({"q": TUNGSTEN, "refuse": "never"}))
    assert find(page, "#chat .answer:has(.confidence)").text
    chips(page, "How careful to be: never refuse")
    page.find_element(By.CSS_SELECTOR, "#chips .limit").click()
    chips(page)
    assert ask(page, TUNGSTEN, answers=2).text.startswith("The documents do not answer this question.")


def test_a_setting_that_there_is_not_is_told(page: webdriver.Chrome, address: str) -> None:
    page.get(address + "?" + urlencode({"q": TUNGSTEN, "refuse": "always"}))
    assert "choose one of careful, balanced, eager, never" in find(page, "#chat .answer.refusal").text


def test_a_refusal_s_closest_passage_shows_the_text_around_it(page: webdriver.Chrome) -> None:
    ask(page, TUNGSTEN)
    find(page, "#sources .source button.around").click()
    assert find(page, "#sources .source blockquote.around mark").text

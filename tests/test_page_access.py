"""The page for everyone: axe-core's rules in every state, and the keyboard alone."""

from urllib.parse import urlencode

import pytest
from browser import SECONDS, ask, dark, find, needs_browser, violations
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

needs_browser()

DEPARTURE = "How long is a person given to leave under a departure order?"
DIFFER = "How many countries are on the US recalcitrant list?"


def test_the_rules_find_what_is_wrong(page: webdriver.Chrome) -> None:
    page.execute_script("document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\"><button></button>')")
    assert {each.split(":")[0] for each in violations(page)} >= {"image-alt", "button-name"}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_page_breaks_no_rule_of_access(page: webdriver.Chrome, address: str, mode: str) -> None:
    dark(page, on=mode == "dark")
    try:
        page.get(address)
        find(page, "#question textarea")
        assert violations(page) == []
        ask(page, DIFFER)
        find(page, "#chat .disagreement")
        find(page, "button.history").click()
        find(page, "#narrow button").click()
        assert violations(page) == []
    finally:
        dark(page, on=False)


def test_a_refusal_and_the_french_page_break_no_rule(page: webdriver.Chrome, address: str) -> None:
    page.get(address + "fr/?" + urlencode({"q": "Quel est le point d’ébullition du tungstène ?", "kind": "brief"}))
    find(page, "#chat .answer.refusal")
    find(page, "#chips .limit")
    assert violations(page) == []


def test_the_library_and_a_document_break_no_rule(page: webdriver.Chrome, address: str) -> None:
    for tab in page.find_elements(By.CSS_SELECTOR, "#tabs button[role=tab]"):
        if tab.text == "Library":
            tab.click()
    find(page, "#library button.edit").click()
    find(page, "#edit #save")
    assert violations(page) == []
    page.get(find(page, "#library tbody a").get_attribute("href"))
    find(page, "main .text")
    assert violations(page) == []


def test_a_question_its_proof_and_its_link_are_reached_by_the_keyboard(page: webdriver.Chrome) -> None:
    ask(page, DEPARTURE)
    reached = []
    for _ in range(80):
        webdriver.ActionChains(page).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        focused = page.switch_to.active_element
        reached.append(focused.get_attribute("class") or "")
        if "chip" in reached[-1].split():
            break
    assert "chip" in reached[-1].split(), reached
    assert any("copy-answer" in each for each in reached)
    assert "30" in find(page, ".chip-card").text
    page.switch_to.active_element.send_keys(Keys.ENTER)
    chosen = find(page, "#sources .source.chosen")
    WebDriverWait(page, SECONDS).until(lambda driver: driver.switch_to.active_element == chosen)
    page.switch_to.active_element.send_keys(Keys.TAB)
    outline = page.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_nothing_is_cut_off_at_twice_the_size(page: webdriver.Chrome) -> None:
    size = {"width": 640, "height": 430, "deviceScaleFactor": 2, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        ask(page, DEPARTURE)
        assert page.execute_script("return document.documentElement.scrollWidth") <= 640
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

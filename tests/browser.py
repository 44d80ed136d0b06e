"""The page in a real browser: headless Chromium, and the real command serving it."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "documents" / "library"
HOSTILE = (
    "Hostile\n\nThe *quoted* <script>document.title='owned'</script> fee_schedule_b is $7 & <b>bold</b> "
    "for zebra permits.\n"
)
SWITCHES = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1280,860"
).split()
SECONDS = 30


def needs_browser() -> None:
    """Skips the module where there is no Chromium."""
    if not BROWSER or not DRIVER:
        pytest.skip("Chromium and chromedriver are not installed", allow_module_level=True)


def ingested(folder: Path, *more: Path) -> Path:
    """Returns a new index of the shipped library and further files."""
    command = [sys.executable, "-m", "qa", "ingest", LIBRARY, *more, "--index", folder]
    subprocess.run(command, check=True, cwd=ROOT)
    return folder


@contextmanager
def served(index: Path, *options: str) -> Iterator[str]:
    """Serves an index by the real command; yields the page's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa", "chat", "--index", index, "--port", str(port), *options]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            wait_for(port, server)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(SECONDS * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None, "the server stopped"
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def new_browser(profile: Path, language: str = "en", downloads: Path | None = None) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for switch in [*SWITCHES, f"--user-data-dir={profile}", f"--lang={language}"]:
        options.add_argument(switch)
    preferences = {"intl.accept_languages": language}
    if downloads:
        preferences["download.default_directory"] = str(downloads)
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))


def find(page: webdriver.Chrome, selector: str, count: int = 1) -> WebElement:
    """Waits until at least `count` elements are there; returns the last."""
    return WebDriverWait(page, SECONDS).until(
        lambda driver: len(found := driver.find_elements(By.CSS_SELECTOR, selector)) >= count and found[-1]
    )


def ask(page: webdriver.Chrome, question: str, *, answers: int = 1) -> WebElement:
    """Types a question, waits until its answer is complete, and returns it."""
    box = find(page, "#question textarea:enabled")  # it rests while a link is asked again
    box.send_keys(question, Keys.ENTER)
    complete = "#chat .answer:has(.confidence), #chat .answer.refusal"
    return find(page, complete, answers)


def choose(page: webdriver.Chrome, chip: WebElement) -> None:
    """Clicks the citation until its source is chosen: the panel may still be taking in the sources of the answer."""

    def clicked(driver: webdriver.Chrome) -> list[WebElement]:
        chip.click()
        return driver.find_elements(By.CSS_SELECTOR, "#sources .source.chosen")

    WebDriverWait(page, SECONDS, poll_frequency=1).until(clicked)


def violations(page: webdriver.Chrome) -> list[str]:
    """Returns axe-core's serious and critical findings."""
    axe = distribution("axe-playwright-python").locate_file("axe_playwright_python/axe.min.js")
    page.execute_script(axe.read_text(encoding="utf-8"))
    found = page.execute_async_script(
        "const done = arguments[0];"
        "axe.run(document, {resultTypes: ['violations']}).then((result) => done(JSON.stringify(result.violations)));"
    )
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in json.loads(found)
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@contextmanager
def slow(page: webdriver.Chrome, milliseconds: int = 1500) -> Iterator[None]:
    """Has every answer of the server come late."""
    page.execute_cdp_cmd("Network.enable", {})
    conditions = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    page.execute_cdp_cmd("Network.emulateNetworkConditions", conditions | {"latency": milliseconds})
    try:
        yield
    finally:
        page.execute_cdp_cmd("Network.emulateNetworkConditions", conditions | {"latency": 0})


def dark(page: webdriver.Chrome, *, on: bool) -> None:
    scheme = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    # Colours fade into one another: what is measured on the way is of neither scheme.
    page.execute_async_script(
        "const done = arguments[0];"
        "requestAnimationFrame(() => setTimeout(() => {"
        "  document.getAnimations().forEach((each) => { try { each.finish(); } catch { /* it has no end */ } });"
        "  requestAnimationFrame(() => setTimeout(done));"
        "}, 50));"
    )


def open_tab(page: webdriver.Chrome, name: str) -> None:
    find(page, "#question textarea")
    WebDriverWait(page, SECONDS).until(
        lambda driver: [
            each for each in driver.find_elements(By.CSS_SELECTOR, "#tabs button[role=tab]") if each.text == name
        ]
    )[0].click()


def asked_elsewhere(page: webdriver.Chrome, address: str) -> set[str]:
    """Returns the addresses outside of its own that the page at `address` has asked for since this was last called."""
    messages = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    asked = {
        urlsplit(message["params"]["request"]["url"])
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
        and urlsplit(message["params"]["documentURL"]).netloc == urlsplit(address).netloc
    }
    assert any(url.netloc in address for url in asked)
    return {url.geturl() for url in asked if url.scheme in ("http", "https", "ws", "wss") and url.netloc not in address}

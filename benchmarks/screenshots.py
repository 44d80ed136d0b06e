"""Takes the documentation's screenshots: python -m benchmarks.screenshots ADDRESS

ADDRESS is that of a running page over the shipped library (make chat). Needs Chromium, chromedriver and the test extra.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
QUESTION = "How long is a person given to leave under a departure order?"
REFUSED = "What is the boiling point of tungsten in kelvin?"
_SECONDS = 30
_SWITCHES = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
).split()


def main() -> int:
    """Writes the screenshots into docs/images; returns the exit status."""
    parser = argparse.ArgumentParser(description="Take the documentation's screenshots.")
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:7860/")
    address = parser.parse_args().address
    FOLDER.mkdir(parents=True, exist_ok=True)
    take(address, "answer", QUESTION)
    take(address, "refusal", REFUSED)
    take(address, "dark", QUESTION, dark=True)
    take(address, "phone", QUESTION, width=390, height=844)
    return 0


def take(address: str, name: str, question: str, *, dark: bool = False, width: int = 1280, height: int = 800) -> None:
    """Asks the question on a fresh page and saves what is seen as NAME.png."""
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for switch in [*_SWITCHES, f"--user-data-dir={profile}"]:
            options.add_argument(switch)
        browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
            browser.get(address)
            wait(browser, "#question textarea").send_keys(question, Keys.ENTER)
            wait(browser, "#chat .answer:has(.confidence), #chat .answer.refusal")
            time.sleep(1)  # the page scrolls to the answer
            browser.save_screenshot(str(FOLDER / f"{name}.png"))
        finally:
            browser.quit()


def wait(browser: webdriver.Chrome, selector: str) -> webdriver.remote.webelement.WebElement:
    """Returns the element once it is there."""
    return WebDriverWait(browser, _SECONDS).until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))


if __name__ == "__main__":
    sys.exit(main())

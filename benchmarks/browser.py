"""A headless Chromium and the real command serving an index, for what is measured and shown in the browser."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "documents" / "library"
COMPLETE = "#chat .answer:has(a.link)"  # an answer that is still being written out has no link yet
_SECONDS = 90
_SWITCHES = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars"
).split()


@contextmanager
def new_browser() -> Iterator[webdriver.Chrome]:
    """Yields a browser that has never been used, in English, light, with a page of 1280 by 800."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for switch in [*_SWITCHES, f"--user-data-dir={profile}", "--lang=en"]:
            options.add_argument(switch)
        options.add_experimental_option("prefs", {"intl.accept_languages": "en"})
        browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        browser.set_script_timeout(_SECONDS)
        try:
            show_as(browser)
            yield browser
        finally:
            browser.quit()


def show_as(browser: webdriver.Chrome, *, width: int = 1280, height: int = 800, dark: bool = False) -> None:
    """Shows pages at this size, narrow ones as on a phone, and in light or dark colours."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def find(browser: webdriver.Chrome, selector: str, count: int = 1) -> WebElement:
    """Waits until at least `count` elements are there; returns the last."""
    return WebDriverWait(browser, _SECONDS).until(
        lambda driver: len(found := driver.find_elements(By.CSS_SELECTOR, selector)) >= count and found[-1]
    )


def ingested(folder: Path, *paths: Path) -> Path:
    """Returns a new index of the paths."""
    subprocess.run(
        [sys.executable, "-m", "qa", "ingest", *paths, "--index", folder],
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return folder


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serves an index by the real command; yields the page's address once it answers."""
    with serving(folder) as (address, _):
        yield address


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Serves as `served` does, with options of the command; yields the address and the number of the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa", "chat", "--index", folder, "--port", str(port), *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}/", server.pid
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(_SECONDS * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            raise RuntimeError(f"The server stopped with status {server.returncode}.")
        time.sleep(0.1)
    raise TimeoutError(f"Nothing answers on port {port}.")

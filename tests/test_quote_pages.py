"""The pages a quote stands on: told from the document, each drawn with its own part of the quote marked."""

import hashlib
import io
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, embedded, fill
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from documents.types import Document, DocumentInfo
from index.store import SQLiteStore
from page.routes import add_routes, on_page, pictured
from page.site import Site
from page.wording import Wording
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings
from qa.types import Citation

YELLOW = (255, 232, 90)
PAGES = (
    [
        "The agency may stay the removal of a person whose country does not issue papers.",
        "Officers write to the embassy each month and they keep a copy of every letter.",
        "Where the embassy does not reply within thirty days the officers inform the head",
    ],
    [
        "of the regional office and ask for another way to obtain the travel documents.",
        "The costs of the escort are borne by the agency which has ordered the removal.",
        "A person who leaves on their own before the day of removal owes nothing at all.",
    ],
)


@pytest.fixture
def site(tmp_path: Path, store: SQLiteStore) -> Site:
    """A PDF of two pages, and its text as one that a sentence runs through from the first to the second."""
    canvas = Canvas(str(tmp_path / "stays.pdf"), pagesize=(500, 300), invariant=1)
    for lines in PAGES:
        for row, line in enumerate(lines):
            canvas.drawString(40, 200 - 14 * row, line)
        canvas.showPage()
    canvas.save()
    text = " ".join(line for lines in PAGES for line in lines)
    digest = hashlib.sha256((tmp_path / "stays.pdf").read_bytes()).hexdigest()
    document = Document(DocumentInfo("stays.pdf", "Stays", digest), text, page_starts=(0, text.index(PAGES[1][0])))
    fill(store, WordHashEmbedder())
    store.put(document, embedded(document, WordHashEmbedder()), origin=str(tmp_path / "stays.pdf"))
    return Site(Pipeline(store, WordHashEmbedder(), Settings(rerank=RerankSettings(read=False))), store)


def citation(site: Site, beginning: str) -> Citation:
    """Returns the sentence that begins so as a quote."""
    text = site.store.document("stays.pdf").text
    passage = site.store.passage_at("stays.pdf", text.index(beginning), text.index(beginning) + 1)
    assert passage is not None
    start, end = next(span for span in passage.sentences if text.startswith(beginning, span[0]))
    return Citation(passage, start, end, text[start:end])


@pytest.mark.parametrize(
    ("beginning", "pages"), [("Officers write", [1]), ("Where the embassy", [1, 2]), ("The costs of", [2])]
)
def test_a_quote_is_shown_on_every_page_it_stands_on(site: Site, beginning: str, pages: list[int]) -> None:
    assert list(pictured(site)(citation(site, beginning))) == pages


def test_no_page_is_shown_of_a_file_that_has_changed(site: Site, tmp_path: Path) -> None:
    quote = citation(site, "Officers write")
    with (tmp_path / "stays.pdf").open("ab") as file:
        file.write(b"\n")
    assert list(pictured(site)(quote)) == []


def test_each_page_has_its_own_part_of_the_quote_marked(site: Site) -> None:
    app = FastAPI()
    add_routes(app, site, "", Wording("en"))
    quote = citation(site, "Where the embassy")
    rows = {}
    with TestClient(app) as client:
        for page in (1, 2):
            answer = client.get(f"page-image?id=stays.pdf&start={quote.start}&end={quote.end}&page={page}")
            rows[page] = yellow_rows(answer.content)
        assert client.get(f"page-image?id=stays.pdf&start={quote.start}&end={quote.end}").content
        for page in (-1, 3):
            answer = client.get(f"page-image?id=stays.pdf&start={quote.start}&end={quote.end}&page={page}")
            assert answer.status_code == 404
    assert row_of(2) - 14 < min(rows[1]) < max(rows[1]) < row_of(2) + 6
    assert row_of(0) - 14 < min(rows[2]) < max(rows[2]) < row_of(0) + 6


def row_of(line: int) -> float:
    """Returns how far from the top, in points, the line's letters stand."""
    return 300 - (200 - 14 * line)


def yellow_rows(data: bytes) -> list[float]:
    """Returns how far from the top, in points, the picture is yellow."""
    image = Image.open(io.BytesIO(data))
    pixels = image.load()
    assert pixels is not None
    scale = image.height / 300
    return [y / scale for y in range(image.height) if any(pixels[x, y] == YELLOW for x in range(image.width))]


@pytest.mark.parametrize(
    ("page", "span"), [(1, (2, 10)), (2, (10, 20)), (3, (20, 22)), (0, (2, 2)), (4, (2, 2)), (-1, (2, 2))]
)
def test_a_span_is_parted_by_its_pages(page: int, span: tuple[int, int]) -> None:
    document = Document(DocumentInfo("a.pdf", "A", ""), "x" * 30, page_starts=(0, 10, 20))
    assert on_page(document, 2, 22, page) == span


def test_nothing_of_a_span_stands_on_a_page_it_does_not_reach() -> None:
    document = Document(DocumentInfo("a.pdf", "A", ""), "x" * 30, page_starts=(0, 10, 20))
    low, high = on_page(document, 2, 8, 3)
    assert low == high

"""How well pages were read: kept with the document, and said beside what is quoted."""

import io
from dataclasses import replace

import pytest
from fakes import WordHashEmbedder, a_document, embedded
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from documents.formats import image as image_reader
from documents.formats import pdf as pdf_reader
from documents.quality import odd_characters
from documents.types import Document, OcrPage
from index.store import SQLiteStore
from qa.show import quality_note
from qa.types import Citation

FAKE = WordHashEmbedder()


@pytest.mark.parametrize(
    ("text", "odd"),
    [("", 0), ("Été 🙂 “x” — 1\u00a0000 €\n\t", 0), ("a\ufffdb\ufffd", 2), ("\ue000\x07", 2), ("日本 ñ", 0)],
)
def test_odd_characters_are_those_that_stand_for_none(text: str, odd: int) -> None:
    assert odd_characters(text) == odd


@pytest.mark.usefixtures("ocr")
def test_a_clean_picture_is_read_surely_and_a_noisy_one_less_so(scan: Image.Image) -> None:
    def confidence(picture: Image.Image) -> float:
        file = io.BytesIO()
        picture.save(file, "PNG", dpi=(300, 300))
        (page,) = image_reader.read(file.getvalue(), "a.png").ocr
        assert page.page == 1
        return page.confidence

    noisy = scan.convert("L").copy()
    draw = ImageDraw.Draw(noisy)
    for x in range(0, noisy.width, 7):
        draw.line([(x, 0), (x + 40, noisy.height)], fill=90)
    assert 85 < confidence(scan) <= 100
    assert confidence(noisy.resize((noisy.width // 3, noisy.height // 3)).resize(scan.size)) < confidence(scan)


@pytest.mark.usefixtures("ocr")
def test_only_the_scanned_pages_of_a_pdf_are_told(scan: Image.Image) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(360, 120))
    canvas.drawString(20, 80, "Removal orders are enforced as soon as possible by the agency.")
    canvas.showPage()
    canvas.drawImage(ImageReader(scan), 0, 0, 360, 120)
    canvas.save()
    (page,) = pdf_reader.read(file.getvalue(), "a.pdf").ocr
    assert (page.page, page.confidence > 85) == (2, True)


def scanned(text: str, *pages: OcrPage) -> Document:
    document = a_document(text, page_starts=[0])
    return replace(document, info=replace(document.info, ocr=pages))


def test_the_quality_of_pages_is_kept(store: SQLiteStore) -> None:
    document = scanned("bord", OcrPage(1, 91.5), OcrPage(3, 40.0))
    store.put(document, embedded(document, FAKE), origin="")
    assert store.document("a.txt") == document


def citation(document: Document, start: int, end: int) -> Citation:
    return Citation(embedded(document, FAKE)[0].passage, start, end, document.text[start:end])


@pytest.mark.parametrize(
    ("document", "poor", "note"),
    [
        (a_document("bord"), False, ""),
        (scanned("bord", OcrPage(1, 95.0)), False, "read by OCR"),
        (
            scanned("bord", OcrPage(1, 62.4)),
            True,
            "read by OCR, poorly (confidence 62 of 100): compare with the original",
        ),
        (scanned("bord", OcrPage(2, 62.4)), False, ""),
        (a_document("bo\ufffdd"), True, "poorly read, 1 character is not legible: compare with the original"),
    ],
)
def test_a_citation_says_how_well_its_page_was_read(document: Document, poor: bool, note: str) -> None:
    quote = citation(document, 0, len(document.text))
    assert (quote.poorly_read, quality_note(quote)) == (poor, note)


def test_a_quote_is_judged_by_its_own_characters() -> None:
    assert not citation(a_document("One two. Th\ufffdee four."), 0, 8).poorly_read

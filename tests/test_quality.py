"""How well pages were read: kept with the document, and said beside what is quoted."""

import io
from dataclasses import replace
from typing import Any

import pytest
from fakes import WordHashEmbedder, a_document, embedded
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from documents.formats import image as image_reader
from documents.formats import pdf as pdf_reader
from documents.formats.blocks import table_rows
from documents.formats.csv import read as read_csv
from documents.quality import garbled_characters, odd_characters, pages_read, spoilt_pages
from documents.types import Document, OcrPage, PageText, Table
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


@pytest.mark.parametrize(
    "text", ["Été à la mi-août : l’État, « œuvre » – 5 €…", "JÉRÔME À ÂGE “NAÏF”", "Façade; DÉCLARÉ» ‘so’ São", "plain"]
)
def test_right_letters_are_not_garbled(text: str) -> None:
    assert garbled_characters(text) == 0


@pytest.mark.parametrize("text", ["é", "à", "É", "’", "“", "”", "œ", "ç", "«", "»", "€", "–", "…", "ô"])
def test_letters_of_utf8_that_were_taken_for_windows_ones_are_garbled(text: str) -> None:
    taken = "".join(bytes([each]).decode("cp1252", "ignore") or chr(each) for each in text.encode())
    assert garbled_characters(f"un{taken}e") == len(taken)


def test_of_a_letter_whose_space_became_a_plain_one_the_rest_is_garbled() -> None:
    assert garbled_characters("renvoyÃ© Ã  la frontiÃ¨re") == 5


CLEAN = (
    "the officer must detain a foreign national who arrives without papers until the hearing is held and an order "
    "made\nun agent peut détenir une personne dont l’identité n’est pas établie avant que la mesure soit exécutée"
)


def test_each_page_is_told_by_its_own_characters_and_words() -> None:
    shifted = CLEAN.translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "bcdefghijklmnopqrstuvwxyza"))
    text = f"{CLEAN}\n\n{shifted}"
    clean, poor = pages_read(text, [0, len(CLEAN) + 2])
    assert (clean.page, clean.odd, clean.garbled, clean.unlike, clean.poor) == (1, 0, 0, 0, False)
    assert (poor.page, poor.words, poor.poor) == (2, clean.words, True)
    assert poor.unlike > 0.9 * poor.words
    assert spoilt_pages(text, [0, len(CLEAN) + 2]) == (poor,)


@pytest.mark.parametrize("text", ["", "Nguyen Mbeki Zadvydas", "xqzt kjhg wxcv", "PRRA, STCA, IRPA R230(1)"])
def test_few_words_and_names_make_no_page_poor(text: str) -> None:
    assert spoilt_pages(text, ()) == ()


def test_one_odd_character_is_kept_and_makes_no_page_poor() -> None:
    (page,) = spoilt_pages(f"{CLEAN}\ufffd", ())
    assert (page.odd, page.poor) == (1, False)


def test_empty_cells_are_those_of_columns_that_are_used() -> None:
    blocks = list(table_rows(["Country", "Removals", ""], [["Chad", "", ""], ["", "3", ""], ["Mali", None, ""]]))
    assert [(each.cells, each.empty) for each in blocks] == [(2, 1), (2, 1), (1, 0)]


def test_a_table_is_told_by_its_place_and_its_empty_cells() -> None:
    content = read_csv(
        b"Report\n\nCountry,2023,2024\nChad,,4\nMali,5\n\nBy year\n\nYear,Number\n2020,\n2021,7\n", "a.csv"
    )
    assert [content.text[each.start : each.end] for each in content.tables] == [
        "Country: Chad; 2024: 4.\nCountry: Mali; 2023: 5.",
        "Year: 2020.\nYear: 2021; Number: 7.",
    ]
    assert [(each.cells, each.empty) for each in content.tables] == [(6, 2), (4, 1)]


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


def told(text: str, **info: Any) -> Document:
    document = a_document(text, page_starts=[0])
    return replace(document, info=replace(document.info, **info))


def test_the_quality_of_pages_is_kept(store: SQLiteStore) -> None:
    document = scanned("bord", OcrPage(1, 91.5), OcrPage(3, 40.0))
    spoilt, tables = (PageText(2, 100, 3, 2, 20, 1),), (Table(0, 4, 6, 3),)
    document = replace(document, info=replace(document.info, spoilt=spoilt, tables=tables))
    assert document.info.poor_pages == (2, 3)
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
        (a_document("bordÃ©"), True, "poorly read, 2 characters are not legible: compare with the original"),
        (
            told("bord", spoilt=(PageText(1, 1000, 9, 8, 90, 0),)),
            True,
            "poorly read, 17 of 1,000 characters on its page are not legible: compare with the original",
        ),
        (
            told("bord", spoilt=(PageText(1, 1000, 0, 0, 90, 80),)),
            True,
            "poorly read, 80 of 90 words on its page are in no dictionary: compare with the original",
        ),
        (told("bord", spoilt=(PageText(1, 1000, 1, 0, 90, 8),)), False, ""),
        (told("bord", tables=(Table(0, 4, 6, 3),)), False, "3 of 6 cells of its table are empty"),
        (told("bord", tables=(Table(0, 4, 6, 2),)), False, ""),
        (told("bord", tables=(Table(4, 9, 6, 6),)), False, ""),
    ],
)
def test_a_citation_says_how_well_its_page_was_read(document: Document, poor: bool, note: str) -> None:
    quote = citation(document, 0, len(document.text))
    assert (quote.poorly_read, quality_note(quote)) == (poor, note)


def test_a_quote_is_judged_by_its_own_characters() -> None:
    assert not citation(a_document("One two. Th\ufffdee four."), 0, 8).poorly_read

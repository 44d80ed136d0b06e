"""The table of documents: how each was read, what it is filtered by, and numbers as the language writes them."""

import re
from datetime import date

import pytest

from documents.types import Dated, DocumentInfo, OcrPage, PageText, Table
from page.library_table import needs_attention, reading_of, table_html
from page.wording import Wording

ENGLISH, FRENCH = Wording("en"), Wording("fr")
FULL = DocumentInfo("full.pdf", "Full", "", kind="statute", language="en", collection="Acts")
UNSURE = DocumentInfo("unsure.txt", "Unsure", "", Dated(date(2024, 3, 2), "metadata", sure=False), language="fr")
SCAN = DocumentInfo("scan.pdf", "Scan", "", ocr=(OcrPage(1, 91.0),))
POOR = DocumentInfo("poor.pdf", "Poor", "", ocr=(OcrPage(1, 91.0),), spoilt=(PageText(1, 100, 50, 0, 20, 0),))
PARTLY = DocumentInfo("partly.pdf", "Partly", "", unread_pages=(2,), spoilt=(PageText(1, 100, 50, 0, 20, 0),))
EVERY = [FULL, UNSURE, SCAN, POOR, PARTLY]


@pytest.mark.parametrize(
    ("info", "passages", "reading", "attention"),
    [
        (FULL, 3, "full", False),
        (UNSURE, 3, "full", True),
        (SCAN, 3, "scan", False),
        (POOR, 3, "poorly", True),
        (PARTLY, 3, "partly", True),
        (PARTLY, 0, "unread", True),
    ],
)
def test_a_status_tells_how_a_document_was_read(
    info: DocumentInfo, passages: int, reading: str, attention: bool
) -> None:
    assert (reading_of(info, passages), needs_attention(info, passages)) == (reading, attention)


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        (ENGLISH, ["read in full", "read in full", "read from a scan", "read poorly", "read in part"]),
        (FRENCH, ["lu en entier", "lu en entier", "lu d’une image", "mal lu", "lu en partie"]),
    ],
)
def test_each_row_says_its_status(wording: Wording, told: list[str]) -> None:
    shown = table_html(EVERY, dict.fromkeys([each.id for each in EVERY], 1), wording, editable=False)
    assert [re.findall(r"<td[^>]*>([^<]*)</td>", row)[5] for row in shown.split("<tr ")[1:]] == told


def test_each_choice_lists_what_there_is_and_how_often() -> None:
    shown = table_html(EVERY, dict.fromkeys([each.id for each in EVERY], 1), ENGLISH, editable=False)
    choices = {
        name: re.findall(r'<option value="([^"]*)">([^<]*)<', listed)
        for name, listed in re.findall(r'<select data-filter="(\w+)">(.*?)</select>', shown)
    }
    assert choices == {
        "kind": [("", "all"), ("=statute", "statute (1)"), ("=", "not known (4)")],
        "language": [("", "all"), ("=en", "English (1)"), ("=fr", "French (1)"), ("=", "not known (3)")],
        "collection": [("", "all"), ("=Acts", "Acts (1)"), ("=", "not known (4)")],
        "status": [
            ("", "all"),
            ("attention", "needs attention (3)"),
            ("=partly", "read in part (1)"),
            ("=poorly", "read poorly (1)"),
            ("=scan", "read from a scan (1)"),
            ("=full", "read in full (2)"),
        ],
    }


def test_a_row_holds_what_it_is_filtered_by() -> None:
    shown = table_html([UNSURE], {"unsure.txt": 1}, ENGLISH, editable=False)
    row = re.search(r"<tr ([^>]*)>", shown)
    assert row is not None
    held = dict(re.findall(r'data-(\w+)="([^"]*)"', row[1]))
    assert held == {"kind": "=", "language": "=fr", "collection": "=", "status": "=full\nattention"}


def test_numbers_are_written_as_the_language_writes_them() -> None:
    info = DocumentInfo("table.csv", "Table", "", tables=(Table(0, 9, 4000, 1500),))
    shown = table_html([info], {"table.csv": 12345}, FRENCH, editable=False)
    assert '<td data-key="12345">12\u202f345</td>' in shown
    assert "1\u202f500 cellules vides sur 4\u202f000" in shown
    assert ">12,345</td>" in table_html([info], {"table.csv": 12345}, ENGLISH, editable=False)


def test_labels_are_text_and_not_markup() -> None:
    info = DocumentInfo("<b>.txt", '<i>"', "", collection='"><script>')
    shown = table_html([info], {}, ENGLISH, editable=True)
    assert not re.search(r"<(?:b|i|script)>", shown)

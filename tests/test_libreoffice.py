"""Round trips through LibreOffice: what we write survives being opened and saved there, and we read what it saves."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pytest
from fakes import WordHashEmbedder, a_document, fill
from openpyxl import Workbook, load_workbook

from benchmarks import libreoffice
from documents.formats.xlsx_display import displayed
from documents.read import documents_in
from index.store import SQLiteStore
from qa.batch import run_batch
from qa.pipeline import Pipeline, Settings
from qa.question_files.read import read_questions

FAKE = WordHashEmbedder()
ASKED = [
    ("id", "Question", "En date du", "Owner", "Answer as of now"),
    ("a", "Which papers did Somalia give?", "2025-08-02", "=1+1", "none; as yet"),
    ("b", "Où le pain est-il cuit, « la nuit » ?", None, "Ann", "a\nb"),
    (3, "Which papers did Somalia give?", "2025-08-03", "@Bob", 12.5),
]


@dataclass(frozen=True, slots=True)
class Office:
    """Files that were written here, and the same ones as LibreOffice saved them."""

    written: Path
    saved: Path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    if not libreoffice.installed():
        pytest.skip(libreoffice.INSTALL)
    written, saved = tmp_path_factory.mktemp("written"), tmp_path_factory.mktemp("saved")
    _questions(written / "questions.xlsx")
    _memo(written / "memo.docx")
    store = SQLiteStore(written / "index", writable=True)
    title = "Papers & <more>"
    fill(store, FAKE, a_document("Somalia gave no papers.", "a b.txt", title=title, day="2025-08-02", page_starts=[0]))
    fill(store, FAKE, a_document("=Le pain est cuit la nuit.", "b.txt"))
    for name in ("answers.xlsx", "answers.docx"):
        run_batch(written / "questions.xlsx", written / name, Pipeline(store, FAKE, Settings(refuse="never")))
    for suffix, names in (
        (".xlsx", ("answers.xlsx", "questions.xlsx")),
        (".docx", ("answers.docx", "memo.docx")),
        (".odt", ("memo.docx",)),
        (".csv", ("questions.xlsx",)),
    ):
        libreoffice.saved([written / name for name in names], suffix, saved)
    return Office(written, saved)


def _questions(path: Path) -> None:
    book = Workbook()
    for row in ASKED:
        book.active.append(row)
    for cell in book.active["D"]:
        cell.data_type = "s"  # without this "=1+1" were a formula
    book.save(path)


def _memo(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Travel documents", 1)
    document.add_paragraph("An officer asks for them.")
    for text in ("a passport", "a letter"):
        document.add_paragraph(text, "List Bullet")
    table = document.add_table(3, 3)
    for row, cells in zip(table.rows, (("Country", "2023", "2024"), ("Chad", "", "4"), ("Mali", "5", "")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.save(str(path))


def cells(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    return list(load_workbook(path)[sheet].iter_rows(values_only=True))


def test_a_workbook_of_answers_holds_the_same_when_it_was_saved_again(office: Office) -> None:
    name = "answers.xlsx"
    for sheet in load_workbook(office.written / name).sheetnames:
        assert cells(office.saved / name, sheet) == cells(office.written / name, sheet)
    answer = cells(office.saved / name, "Answers")[1][2]
    assert answer == "Somalia gave no papers. [1]\n1 document without a date was left out."


def test_a_workbook_of_answers_keeps_its_filter_wrapping_and_links(office: Office) -> None:
    # Its frozen header is left out: LibreOffice drops that of every workbook that it saves without a window.
    before, after = (load_workbook(folder / "answers.xlsx")["Answers"] for folder in (office.written, office.saved))
    assert after.auto_filter.ref == before.auto_filter.ref
    assert after["C2"].alignment.wrap_text
    assert links(after) == links(before) != []


def links(sheet: Any) -> list[str]:
    """Returns where the cells lead; what stands after # may be kept apart."""
    found = [cell.hyperlink for row in sheet for cell in row if cell.hyperlink]
    return ["#".join(filter(None, [each.target, each.location])) for each in found]


def test_what_looks_like_a_formula_is_none_when_it_was_saved_again(office: Office) -> None:
    sheet = load_workbook(office.saved / "answers.xlsx")["Answers"]
    found = [cell for row in sheet for cell in row if isinstance(cell.value, str) and cell.value.startswith("=")]
    assert {cell.value for cell in found} >= {"=1+1"}
    assert {cell.data_type for cell in found} == {"s"}


def test_a_report_of_answers_says_the_same_when_it_was_saved_again(office: Office) -> None:
    before, after = (next(documents_in(folder / "answers.docx", "a.docx")) for folder in (office.written, office.saved))
    assert after.text == before.text
    assert "Somalia gave no papers. [1]" in after.text
    assert after.headings == before.headings


@pytest.mark.parametrize("name", ["questions.xlsx", "questions.csv"])
def test_a_question_file_that_was_saved_there_asks_the_same(office: Office, name: str) -> None:
    before, after = (read_questions(path) for path in (office.written / "questions.xlsx", office.saved / name))
    assert (after.recognised, after.extra) == (before.recognised, before.extra)
    asked = [
        [({**row.fields, "id": str(row.fields["id"])}, row.error) for row in file.rows] for file in (before, after)
    ]
    assert asked[1] == asked[0]
    assert len(asked[0]) == 3


@pytest.mark.parametrize("name", ["memo.docx", "memo.odt"])
def test_a_memo_that_was_saved_there_reads_the_same(office: Office, name: str) -> None:
    (before,), (after,) = (documents_in(folder / each, each) for folder, each in _memos(office, name))
    assert after.text == before.text
    assert [after.text[each.start : each.end] for each in after.headings] == ["Travel documents"]
    assert [(each.cells, each.empty) for each in after.info.tables] == [(6, 2)]


def _memos(office: Office, name: str) -> list[tuple[Path, str]]:
    return [(office.written, "memo.docx"), (office.saved, name)]


SHOWN = [
    (value, number_format)
    for number_format in ('$#,##0.0,,"M"', "#,##0,", "0.0,,", "#,##0.00", "0.0%", '0" days"', "0,000", "00-0000-0000")
    for value in (17357000, 1123456789, 987654.321, -4567890.5, 0.125)
]


def test_numbers_are_displayed_as_libreoffice_displays_them(tmp_path: Path) -> None:
    if not libreoffice.installed():
        pytest.skip(libreoffice.INSTALL)
    book = Workbook()
    for value, number_format in SHOWN:
        book.active.append([value])
        book.active.cell(book.active.max_row, 1).number_format = number_format
    book.save(tmp_path / "numbers.xlsx")
    (shown,) = libreoffice.saved([tmp_path / "numbers.xlsx"], ".csv", tmp_path)
    with shown.open(encoding="utf-8", newline="") as file:
        assert [(*asked, row[0]) for asked, row in zip(SHOWN, csv.reader(file), strict=True)] == [
            (*asked, displayed(*asked)) for asked in SHOWN
        ]

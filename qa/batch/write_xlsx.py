"""Answers as an Excel workbook: a row a question, six columns a citation, and a sheet that sums up."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.utils import get_column_letter

from documents.errors import BadQuestion
from qa.batch.archive import DAY, rewritten
from qa.batch.cells import described, excel_text, shown
from qa.batch.objects import KEYS
from qa.batch.report import Report
from qa.batch.words import Words
from qa.undated import undated_note

_COLUMNS = {"id": 14, "question": 44, "answer": 70, "confidence": 12, "status": 11, "error": 28}  # widths, characters
_CITATION = {"title": 30, "date": 12, "page": 8, "quote": 60, "link": 24, "also in": 30}
_CARRIED_WIDTH = 20
_MOST_ROWS = 1_048_575  # below the header
_MOST_COLUMNS = 16_384
_MOST_LINKS = 60_000  # Excel keeps 65,530 on a sheet
_LONGEST_LINK = 2_000
_TOP = Alignment(vertical="top", wrap_text=True)
_STYLES = {
    "header": {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="1F3864")},
    "text": {},
    "answered": {"fill": PatternFill("solid", fgColor="E2EFDA")},
    "refused": {"fill": PatternFill("solid", fgColor="FFF2CC")},
    "error": {"fill": PatternFill("solid", fgColor="F8CBAD")},
    "share": {"number_format": "0.00"},
    "link": {"font": Font(color="0563C1", underline="single"), "alignment": Alignment(vertical="top")},
}


def write_xlsx(path: Path, report: Report) -> None:
    """Writes the workbook. Text is stored as text, whatever it begins with; memory stays flat.

    Raises:
        BadQuestion: there are more rows or columns than a sheet has.
    """
    widths = _widths(report)
    if sum(report.tally.statuses.values()) > _MOST_ROWS or len(widths) > _MOST_COLUMNS:
        raise BadQuestion(
            f"{path.stem}: a sheet has at most {_MOST_ROWS:,} rows and {_MOST_COLUMNS:,} columns. "
            "Name a .csv or .jsonl file.",
            french=f"{path.stem} : une feuille a au plus {_MOST_ROWS} lignes et {_MOST_COLUMNS} colonnes. "
            "Choisissez un fichier .csv ou .jsonl.",
        )
    words = report.words
    book = Workbook(write_only=True)
    named = words["named"].format(questions=report.questions)
    book.properties.creator, book.properties.title = "removals-qa", excel_text(named)
    for name, parts in _STYLES.items():
        book.add_named_style(NamedStyle(f"qa {name}", **({"alignment": _TOP} | parts)))
    _Sheet(book, words["answers"], widths, words).fill(report)
    _summary(book, report)
    whole = path.with_name(f"{path.name}.dated")
    try:
        book.save(whole)
        rewritten(whole, path, {"docProps/core.xml": [_undated(whole)]})
    finally:
        whole.unlink(missing_ok=True)


def _widths(report: Report) -> list[tuple[str, int]]:
    """Returns the heading and the width of each column."""
    words = report.words
    own = [(words[name], width) for name, width in _COLUMNS.items()]
    taken = {*KEYS, *(heading for heading, _ in own)}
    carried = [(name, _CARRIED_WIDTH) for name in report.carried(taken, words)]
    cited = [
        (f"[{n}] {words[name]}", width)
        for n in range(1, report.tally.citations + 1)
        for name, width in _CITATION.items()
    ]
    return [*own, *carried, *cited]


class _Sheet:
    """One sheet, written row by row."""

    def __init__(self, book: Any, title: str, widths: Sequence[tuple[str, int]], words: Words) -> None:
        self._words = words
        self._sheet = book.create_sheet(title)
        self._links = 0
        for place, (_, width) in enumerate(widths, 1):
            self._sheet.column_dimensions[get_column_letter(place)].width = width
        self._sheet.freeze_panes = "C2"
        self._sheet.print_title_rows = "1:1"
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.append([self._cell(name, "header") for name, _ in widths])
        self._last = get_column_letter(len(widths))

    def fill(self, report: Report) -> None:
        rows = 0
        for row in report.rows():
            self._sheet.append(list(self._cells(row, report)))
            rows += 1
        self._sheet.auto_filter.ref = f"A1:{self._last}{rows + 1}"

    def _cells(self, row: dict[str, Any], report: Report) -> Iterator[Any]:
        for name in _COLUMNS:
            if name == "answer":
                value = _noted(row, report.language)
            else:
                value = self._words[row["status"]] if name == "status" else row[name]
            yield self._cell(value, {"confidence": "share", "status": row["status"]}.get(name, "text"))
        extra = row.get("extra", {})
        for name in report.extra:
            yield self._cell(extra.get(name), "text")
        for citation in row["citations"]:
            for name in ("title", "date", "page", "quote"):
                yield self._cell(citation[name] or (citation["document_id"] if name == "title" else None), "text")
            yield self._link(report.link(citation))
            yield self._cell("\n".join(map(described, citation["older"])), "text")

    def _cell(self, value: Any, style: str) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, list | dict):
            value = shown(value)
        cell = WriteOnlyCell(self._sheet)
        if isinstance(value, str):
            cell.value = excel_text(value, self._words)
            # Without this "=1+1" were a formula and "#N/A" an error; the prefix keeps it so when the cell is edited.
            cell.data_type = "s"
        else:
            cell.value = value
        cell.style = f"qa {style}"
        cell.quotePrefix = isinstance(value, str) and value[:1] in "=+-@\t\r"
        return cell

    def _link(self, address: str) -> Any:
        cell = self._cell(address, "link")
        if cell is not None and self._links < _MOST_LINKS and len(address) <= _LONGEST_LINK:
            cell.hyperlink = address
            cell.style = "qa link"
            self._links += 1
        return cell


def _noted(row: dict[str, Any], language: str) -> str:
    """Returns the answer, with how many documents its day left out for want of a date."""
    note = undated_note(row["undated"], language) if row.get("undated") else ""
    return "\n".join(filter(None, [row["answer"], note]))


def _summary(book: Any, report: Report) -> None:
    words = report.words
    sheet = _Sheet(book, words["summary"], [(words["of"], 24), (report.questions, 60)], words)._sheet
    for name, value in report.summary():
        sheet.append([name, value])
    sheet.append([words["confidence"], words["chance"]])


def _undated(path: Path) -> bytes:
    with ZipFile(path) as archive:
        core = archive.read("docProps/core.xml").decode()
    return re.sub(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rf"\g<1>{DAY}", core).encode()

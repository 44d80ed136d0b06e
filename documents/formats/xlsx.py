"""Excel workbooks (.xlsx): each sheet under its name, each row with the names of its columns, values as displayed."""

import re
import zlib
from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from documents.errors import ReadError
from documents.formats.archive import opened
from documents.formats.blocks import Block, Kind, assembled, one_line
from documents.formats.content import Content
from documents.formats.tables import sheet_blocks
from documents.formats.xlsx_display import displayed

# What openpyxl lets through from zipfile, lxml and its own reading of broken parts.
_DAMAGE = (
    BadZipFile,
    InvalidFileException,
    zlib.error,
    EOFError,
    AttributeError,
    LookupError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
    SyntaxError,
    OSError,
)
# Areas of which openpyxl makes every cell.
_AREA = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref=["']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})["']""")
_MOST_MADE = 2_000_000
_MOST_SPANNED = 1000  # rows or columns, of one merged cell
_OLE = b"\xd0\xcf\x11\xe0"


def read(data: bytes, name: str) -> Content:
    """Returns the sheets in order. A formula gives the value that was saved with it, or itself where none was.

    Raises: ReadError where the file has a password or is damaged.
    """
    if data.startswith(_OLE):
        raise ReadError(
            f"{name}: is encrypted, or of the old .xls format. Save it as .xlsx without password.",
            french=f"{name} : est chiffré, ou de l’ancien format .xls. Enregistrez-le en .xlsx sans mot de passe.",
        )
    archive = opened(data, name, "an Excel workbook")
    has_formulas = False
    for part in (each for each in archive.namelist() if each.startswith("xl/worksheets/")):
        markup = _part(archive, part, name)
        has_formulas = has_formulas or b"<f" in markup
        if (made := sum(_cells_of(match) for match in _AREA.finditer(markup))) > _MOST_MADE:
            raise ReadError(
                f"{name}: {made} cells are merged or linked, though empty. Undo that and save it again.",
                french=f"{name} : {made} cellules vides sont fusionnées ou liées. Défaites cela, puis enregistrez.",
            )
    values = _workbook(data, name, data_only=True)
    formulas = _workbook(data, name, data_only=False) if has_formulas else values
    return assembled(_blocks(values, formulas), _fields(values))


def _workbook(data: bytes, name: str, *, data_only: bool) -> Any:
    with catch_warnings():
        simplefilter("ignore")  # openpyxl warns of what it does not keep when it writes
        try:
            return openpyxl.load_workbook(BytesIO(data), data_only=data_only)
        except _DAMAGE as error:
            raise ReadError(
                f"{name}: damaged, or not an Excel workbook. Save it again as .xlsx.",
                french=f"{name} : endommagé, ou pas un classeur Excel. Enregistrez-le de nouveau en .xlsx.",
            ) from error


def _part(archive: ZipFile, part: str, name: str) -> bytes:
    try:
        return archive.read(part)
    except _DAMAGE as error:
        raise ReadError(
            f"{name}: damaged, or not an Excel workbook. Save it again as .xlsx.",
            french=f"{name} : endommagé, ou pas un classeur Excel. Enregistrez-le de nouveau en .xlsx.",
        ) from error


def _cells_of(area: re.Match[bytes]) -> int:
    left, top, right, bottom = range_boundaries(area[1].decode())
    return int((right - left + 1) * (bottom - top + 1))


def _blocks(values: Any, formulas: Any) -> Iterator[Block]:
    for sheet, other in zip(values.worksheets, formulas.worksheets, strict=True):
        rows = _rows(sheet, other)
        if any(any(row) for row in rows):
            yield Block(Kind.HEADING, sheet.title, 1)
            yield from sheet_blocks(rows)


def _rows(sheet: Any, formulas: Any) -> list[list[str]]:
    """Returns the cells as displayed; one merged from several stands in each of them.

    Of rows without text that follow one another one is left, and so of columns: a cell may stand in the last of a
    million rows. For the same reason only cells that are there are looked at.
    """
    rows: dict[int, dict[int, str]] = {}
    for cell in _present(sheet, formulas):
        if shown := _shown(cell, sheet, formulas):
            rows.setdefault(cell.row, {})[cell.column] = shown
    if not rows:
        return []
    last_row, last_column = max(rows), max(map(max, rows.values()))
    for area in sheet.merged_cells.ranges:
        shown = rows.get(area.min_row, {}).get(area.min_col, "")
        if shown:
            for row in _span(area.min_row, area.max_row, last_row):
                for column in _span(area.min_col, area.max_col, last_column):
                    rows.setdefault(row, {})[column] = shown
    columns = _places({column for row in rows.values() for column in row})
    return [[rows.get(row, {}).get(column, "") for column in columns] for row in _places(rows)]


def _present(sheet: Any, formulas: Any) -> Iterator[Any]:
    """Yields the cells that the file holds, by row; iter_rows would make all those between them."""
    places = sheet._cells.keys() | formulas._cells.keys()
    return (sheet._cells.get(place) or formulas._cells[place] for place in sorted(places))


def _shown(cell: Any, sheet: Any, formulas: Any) -> str:
    if cell.value is not None or sheet is formulas:
        return displayed(_formula(cell.value), cell.number_format)
    other = formulas._cells.get((cell.row, cell.column))
    return str(_formula(other.value) or "") if other is not None else ""


def _formula(value: Any) -> Any:
    """Returns the formula of a cell of several as its text; any other value as it is."""
    return value.text if isinstance(value, ArrayFormula) else None if isinstance(value, DataTableFormula) else value


def _span(first: int, last: int, filled: int) -> range:
    """Returns the places of a merged cell; one that goes over a whole row or column, no further than others do."""
    return range(first, (last if last - first < _MOST_SPANNED else min(last, max(filled, first))) + 1)


def _places(filled: Collection[int]) -> list[int]:
    """Returns the places from 1 that hold something, and one before each where there is a gap."""
    return sorted({*filled, *(place - 1 for place in filled if place > 1)})


def _fields(workbook: Any) -> dict[str, str]:
    stated = workbook.properties
    fields = {"title": one_line(stated.title or ""), "language": (stated.language or "").strip()}
    if stated.created:
        fields["created"] = stated.created.date().isoformat()
    return {key: value for key, value in fields.items() if value}

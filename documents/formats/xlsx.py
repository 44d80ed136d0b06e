"""Excel workbooks (.xlsx): each sheet under its name, each row with the names of its columns, values as displayed."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

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
    KeyError,
    ValueError,
    TypeError,
    SyntaxError,
    OSError,
)
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
    has_formulas = any(b"<f" in archive.read(each) for each in archive.namelist() if each.startswith("xl/worksheets/"))
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


def _blocks(values: Any, formulas: Any) -> Iterator[Block]:
    for sheet, other in zip(values.worksheets, formulas.worksheets, strict=True):
        rows = _rows(sheet, other)
        if any(any(row) for row in rows):
            yield Block(Kind.HEADING, sheet.title, 1)
            yield from sheet_blocks(rows)


def _rows(sheet: Any, formulas: Any) -> list[list[str]]:
    """Returns the cells as displayed; one merged from several stands in each of them."""
    rows = [
        [
            displayed(cell.value, cell.number_format)
            if cell.value is not None or sheet is formulas
            else str(formulas.cell(cell.row, cell.column).value or "")
            for cell in row
        ]
        for row in sheet.iter_rows(1, sheet.max_row, 1, sheet.max_column)
    ]
    for area in sheet.merged_cells.ranges:
        shown = rows[area.min_row - 1][area.min_col - 1]
        for row in rows[area.min_row - 1 : area.max_row]:
            row[area.min_col - 1 : area.max_col] = [shown] * (area.max_col - area.min_col + 1)
    return rows


def _fields(workbook: Any) -> dict[str, str]:
    stated = workbook.properties
    fields = {"title": one_line(stated.title or ""), "language": (stated.language or "").strip()}
    if stated.created:
        fields["created"] = stated.created.date().isoformat()
    return {key: value for key, value in fields.items() if value}

"""Question files as Excel workbooks: the values of the first sheet with a column of questions."""

import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from documents.errors import BadQuestion
from qa.question_files.columns import Columns, columns_of
from qa.question_files.csv import no_question
from qa.question_files.lines import unreadable
from qa.question_files.row import Row, plain

_DAMAGE = (BadZipFile, InvalidFileException, zlib.error, EOFError, KeyError, ValueError, TypeError, SyntaxError)
_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_HEADER_WITHIN = 10  # rows: titles may stand above the names of the columns
_ERROR = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)")
Cells = Sequence[Any]


def read_xlsx(path: Path, question_column: str | None) -> tuple[Columns, Iterator[Row]]:
    """Returns the columns and the rows, read as they are needed. A formula counts by the value saved with it.

    Raises:
        BadQuestion: the file cannot be read, or no sheet has a column of questions.
    """
    workbook = _opened(path, data_only=True)
    first: Cells = ()
    for place, sheet in enumerate(workbook.worksheets):
        for number, cells in enumerate(_limited(path, sheet), 1):
            names = [str(plain(cell)) for cell in cells]
            first = first or [name for name in names if name.strip()]
            columns = columns_of(names, question_column)
            if columns is not None:
                return columns, _rows(path, workbook, place, number, columns)
    workbook.close()
    raise no_question(path, first, question_column)


def _opened(path: Path, *, data_only: bool) -> Any:
    try:
        with path.open("rb") as file:
            if file.read(4) == _ENCRYPTED:
                raise BadQuestion(
                    f"{path}: has a password, or is of the old .xls format. Save it as .xlsx without one.",
                    french=f"{path} : a un mot de passe, ou est de l’ancien format .xls. "
                    "Enregistrez-le en .xlsx sans mot de passe.",
                )
        with catch_warnings():
            simplefilter("ignore")  # openpyxl warns of what it does not keep when it writes
            return openpyxl.load_workbook(path, read_only=True, data_only=data_only)
    except OSError as error:
        raise unreadable(path, error) from error
    except _DAMAGE as error:
        raise BadQuestion(
            f"{path}: damaged, or not an Excel workbook. Save it again as .xlsx.",
            french=f"{path} : endommagé, ou pas un classeur Excel. Enregistrez-le de nouveau en .xlsx.",
        ) from error


def _limited(path: Path, sheet: Any) -> Iterator[Cells]:
    for number, cells in enumerate(_cells(path, sheet), 1):
        yield cells
        if number == _HEADER_WITHIN:
            return


def _cells(path: Path, sheet: Any) -> Iterator[Cells]:
    sheet.reset_dimensions()  # some programs state them wrongly, and cells beyond would be left out
    rows = sheet.iter_rows(values_only=True)
    while True:
        try:
            with catch_warnings():
                simplefilter("ignore")
                cells = next(rows)
        except StopIteration:
            return
        except _DAMAGE as error:
            raise BadQuestion(
                f"{path}: sheet {sheet.title!r} is damaged. Save the workbook again.",
                french=f"{path} : la feuille « {sheet.title} » est endommagée. Enregistrez le classeur de nouveau.",
            ) from error
        yield cells


def _rows(path: Path, workbook: Any, place: int, header: int, columns: Columns) -> Iterator[Row]:
    """Yields the rows below the header; the formulas are read beside the values where there are any."""
    other = _opened(path, data_only=False) if _has_formulas(path) else None
    try:
        formulas: Iterator[Cells] = _cells(path, other.worksheets[place]) if other else repeat(())
        both = zip(_cells(path, workbook.worksheets[place]), formulas, strict=False)
        for number, (cells, written) in enumerate(both, 1):
            if number <= header:
                continue
            values = [plain(cell) for cell in cells]
            unsaved = {at: each for at, each in enumerate(written) if each is not None and cells[at] is None}
            row = columns.row(
                number,
                f"row {number}",
                [str(unsaved.get(at, each)) if at in unsaved else each for at, each in enumerate(values)],
            )
            if row is not None:
                yield _checked(row, unsaved.get(columns.roles["question"]))
    finally:
        workbook.close()
        if other:
            other.close()


def _checked(row: Row, formula: Any) -> Row:
    question = row.fields.get("question", "")
    error, french = row.error, row.french
    if formula is not None:
        error = (
            f"the question is a formula without a saved value ({formula}). Open and save the workbook in its program."
        )
        french = (
            f"la question est une formule sans valeur enregistrée ({formula}). "
            "Ouvrez et enregistrez le classeur dans son programme."
        )
    elif _ERROR.fullmatch(question):
        error = f"the question is the error value {question}. Mend the formula."
        french = f"la question est la valeur d’erreur {question}. Corrigez la formule."
    return Row(row.number, row.place, row.fields, row.extra, error, french)


def _has_formulas(path: Path) -> bool:
    try:
        with ZipFile(path) as archive:
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            return any(_holds_formula(archive, name) for name in sheets)
    except _DAMAGE as error:
        raise BadQuestion(
            f"{path}: is damaged ({error}). Save the workbook again.",
            french=f"{path} : est endommagé ({error}). Enregistrez le classeur de nouveau.",
        ) from error


def _holds_formula(archive: ZipFile, name: str) -> bool:
    with archive.open(name) as part:
        end = b""
        while piece := part.read(1 << 20):
            if b"<f" in end + piece:
                return True
            end = piece[-1:]
    return False

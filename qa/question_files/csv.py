"""Question files as delimited text: comma, semicolon, tab or bar, as a spreadsheet or a person writes them."""

import csv
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from documents.errors import BadQuestion
from qa.question_files.columns import Columns, columns_of
from qa.question_files.lines import text_lines
from qa.question_files.row import Row

_NONE = "\x1f"  # stands for no delimiter: a file of one column holds commas that part nothing
_DELIMITERS = (_NONE, ",", ";", "\t", "|")
_LONGEST_CELL = 64_000_000  # characters
_LONGEST_HEADER = 100  # lines
_limit = threading.Lock()


def read_csv(path: Path, question_column: str | None) -> tuple[Columns, Iterator[Row]]:
    """Returns the columns and the rows. A row is known by its last line.

    Raises:
        BadQuestion: no column is a question, or, while the rows are read, a quotation mark is never closed.
    """
    lines = _Lines(text_lines(path))
    header, delimiters = _header(lines)
    found: Columns | None = None
    chosen = ""
    names: Sequence[str] = ()
    for delimiter in delimiters:
        cells = _cells(header, delimiter)
        names = max(names, cells, key=len)
        columns = columns_of(cells, question_column)
        if columns is not None and (found is None or columns.width > found.width):
            found, chosen = columns, delimiter
    if found is None:
        raise no_question(path, names, question_column)
    return found, _rows(path, lines, chosen, found)


class NoQuestionColumn(BadQuestion):
    """A table has no column that is known to hold the questions; `columns` are those it has."""

    def __init__(self, message: str, columns: Sequence[str], *, french: str = "") -> None:
        super().__init__(message, french=french)
        self.columns = columns


def no_question(path: Path, names: Sequence[str], question_column: str | None) -> NoQuestionColumn:
    """Returns the error that says which columns there are instead."""
    columns = tuple(name.strip() for name in names if name.strip())
    return NoQuestionColumn(
        f"{path}: no column is named {question_column or 'question'}; its columns are {', '.join(columns) or 'none'}. "
        "Name the column of the questions: --question-column NAME",
        columns,
        french=f"{path} : aucune colonne ne s’appelle {question_column or 'question'} ; ses colonnes sont "
        f"{', '.join(columns) or 'aucune'}. Nommez la colonne des questions : --question-column NOM",
    )


class _Lines:
    """Counts the lines that were read; `exhausted` once another was wanted in vain."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.number = 0
        self.exhausted = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.exhausted = True
            raise
        self.number += 1
        return line


def _header(lines: _Lines) -> tuple[list[str], Sequence[str]]:
    """Returns the lines of the first record that is not blank, and the delimiters that may part it.

    A spreadsheet may name its delimiter before that: "sep=;".
    """
    delimiters: Sequence[str] = _DELIMITERS
    header: list[str] = []
    for line in lines:
        stated = re.fullmatch(r"sep=(.)\s*", line)
        if stated and not header:
            delimiters = (stated[1],)
        elif header or line.strip():
            header.append(line)
            if sum(each.count('"') for each in header) % 2 == 0 or len(header) == _LONGEST_HEADER:
                break
    return header, delimiters


def _cells(lines: Sequence[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(path: Path, lines: _Lines, delimiter: str, columns: Columns) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        first = lines.number + 1
        try:
            with _long_cells():
                cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            said = f"not a row of a table ({error})", f"ce n’est pas une ligne de tableau ({error})"
            yield Row(lines.number, f"line {lines.number}", {}, {}, *said)
            continue
        if lines.exhausted:  # the reader asks for a further line only within quotation marks
            raise BadQuestion(
                f"{path}: the quotation mark opened in the row of line {first} is never closed. "
                'Close it; within a cell write "" for ".',
                french=f"{path} : le guillemet ouvert dans la ligne {first} n’est jamais fermé. "
                'Fermez-le ; dans une cellule, écrivez "" pour ".',
            )
        row = columns.row(lines.number, f"line {lines.number}", cells)
        if row is not None:
            yield row


@contextmanager
def _long_cells() -> Iterator[None]:
    """Lets the csv module read long cells. Its limit is one for the whole process, and others count on it."""
    with _limit:
        before = csv.field_size_limit(_LONGEST_CELL)
        try:
            yield
        finally:
            csv.field_size_limit(before)

"""The reader of a question file, by its suffix."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from documents.errors import BadQuestion
from qa.question_files.columns import ROLES, Columns
from qa.question_files.csv import read_csv
from qa.question_files.jsonl import read_jsonl
from qa.question_files.row import Row
from qa.question_files.txt import read_txt

SUFFIXES = (".jsonl", ".csv", ".tsv", ".xlsx", ".txt")


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """`recognised` are the roles that a table's columns fill, `extra` the names of its other columns.

    Files of .jsonl and .txt have no columns: both are empty, and each row tells its own.
    """

    rows: Iterator[Row]
    recognised: Sequence[str] = ()
    extra: Sequence[str] = ()


def read_questions(path: Path, question_column: str | None = None) -> QuestionFile:
    """Opens a question file; its rows are read as they are needed.

    Raises:
        BadQuestion: the file is missing, of another kind, unreadable, or a table without a column of questions.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadQuestion(
            f"{path}: question files are .jsonl, .csv, .tsv, .xlsx or .txt.",
            french=f"{path} : les fichiers de questions sont .jsonl, .csv, .tsv, .xlsx ou .txt.",
        )
    if suffix == ".jsonl":
        return QuestionFile(read_jsonl(path, question_column))
    if suffix == ".txt":
        return QuestionFile(read_txt(path))
    if suffix == ".xlsx":
        from qa.question_files.xlsx import read_xlsx

        return _table(*read_xlsx(path, question_column))
    return _table(*read_csv(path, question_column))


def _table(columns: Columns, rows: Iterator[Row]) -> QuestionFile:
    recognised: Mapping[str, int] = columns.roles
    return QuestionFile(rows, [role for role in ROLES if role in recognised], list(columns.extra))

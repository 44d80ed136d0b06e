"""The question in a row of a question file."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion, BadSetting
from documents.kinds import kind_of
from documents.language import language_of
from qa.conversation import turn_of
from qa.question_files import read_questions
from qa.types import Question


def rows_of(path: Path, question_column: str | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (number of line or row, row) of a question file: what is recognised by its role, the rest by its name.

    A row that cannot be used is yielded as {"error": why}, so that the caller keeps its place.

    Raises:
        BadQuestion: the file is missing, of another kind, not text, or a table without a column of questions.
    """
    file = read_questions(path, question_column)
    for row in file.rows:
        # Names of a table's columns are given in small letters; the keys of an object are its own.
        extra = {name.lower(): value for name, value in row.extra.items()} if file.recognised else dict(row.extra)
        yield row.number, {"error": row.error} if row.error else extra | dict(row.fields)


def question_of(row: dict[str, Any], place: str) -> Question:
    """Returns the question of a row.

    Raises:
        BadQuestion: the row cannot be used; the message begins with `place`.
    """
    if "error" in row and "question" not in row:
        raise BadQuestion(f"{place}: {row['error']}")
    text = row.get("question")
    if not isinstance(text, str) or not text.strip():
        raise BadQuestion(f'{place}: the row has no "question".')
    history = row.get("history") or []
    if not isinstance(history, list):
        raise BadQuestion(f'{place}: "history" is not a list of earlier questions or turns.')
    turns = [turn_of(item) for item in history]
    if any(turn is None for turn in turns):
        raise BadQuestion(f'{place}: "history" holds something that is neither a question nor {{"role", "text"}}.')
    documents = row.get("documents") or None  # an empty list sets no limit
    if documents is not None and not (isinstance(documents, list) and all(isinstance(each, str) for each in documents)):
        raise BadQuestion(f'{place}: "documents" is not a list of document ids.')
    return Question(
        text=text,
        history=tuple(turn for turn in turns if turn),
        as_of=parse_day(row.get("as_of"), place),
        documents=frozenset(documents) if documents else None,
        kinds=_each(row, "kinds", kind_of, place),
        languages=_each(row, "languages", language_of, place),
        collections=_each(row, "collections", str.strip, place),
    )


def _each(row: dict[str, Any], column: str, read: Callable[[str], str], place: str) -> frozenset[str] | None:
    """Returns what a column narrows the question to: one text, or a list of them in .jsonl; None where it is empty."""
    stated = row.get(column) or []
    stated = [stated] if isinstance(stated, str) else stated
    if not isinstance(stated, list) or not all(isinstance(each, str) for each in stated):
        raise BadQuestion(f'{place}: "{column}" is neither a text nor a list of texts.')
    try:
        return frozenset(read(each) for each in stated) if stated else None
    except BadSetting as error:
        raise BadQuestion(f"{place}: {error}") from error


def parse_day(value: object, place: str) -> date | None:
    """Returns the date written YYYY-MM-DD; None for nothing.

    Raises:
        BadQuestion: it is something else.
    """
    if value is None or value == "":
        return None
    try:
        return datetime.strptime(str(value), "%Y-%m-%d").date()
    except ValueError as error:
        raise BadQuestion(f"{place}: {value!r} is not a date. Write YYYY-MM-DD.") from error

"""The question in a row of a question file."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion, BadSetting
from documents.kinds import kind_of
from documents.language import language_of
from qa.conversation import turn_of
from qa.question_files import Row, read_questions
from qa.types import Question


def rows_of(path: Path, question_column: str | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (number of line or row, row) of a question file: what is recognised by its role, the rest by its name.

    A row that cannot be used is yielded as {"error": why, "french": why in French}, so that the caller keeps its place.

    Raises:
        BadQuestion: the file is missing, of another kind, not text, or a table without a column of questions.
    """
    file = read_questions(path, question_column)
    for row in file.rows:
        # Names of a table's columns are given in small letters; the keys of an object are its own.
        extra = {name.lower(): value for name, value in row.extra.items()} if file.recognised else dict(row.extra)
        wrong = {"error": row.error, "french": row.french}
        yield row.number, wrong if row.error else extra | dict(row.fields)


def asked_in(row: Row) -> Question:
    """Returns the question of a row as it was read.

    Raises:
        BadQuestion: the row cannot be used.
    """
    if row.error:
        raise bad(row.place, row.error, row.french or row.error)
    return question_of(dict(row.fields), row.place)


def question_of(row: dict[str, Any], place: str) -> Question:
    """Returns the question of a row.

    Raises:
        BadQuestion: the row cannot be used; the message begins with `place`.
    """
    if "error" in row and "question" not in row:
        raise bad(place, row["error"], row.get("french") or row["error"])
    text = row.get("question")
    if not isinstance(text, str) or not text.strip():
        raise bad(place, 'the row has no "question".', "la ligne n’a pas de question.")
    history = row.get("history") or []
    if not isinstance(history, list):
        raise bad(
            place,
            '"history" is not a list of earlier questions or turns.',
            "« history » n’est pas une liste de questions ou de tours précédents.",
        )
    turns = [turn_of(item) for item in history]
    if any(turn is None for turn in turns):
        raise bad(
            place,
            '"history" holds something that is neither a question nor {"role", "text"}.',
            "« history » contient autre chose que des questions ou des {« role », « text »}.",
        )
    documents = row.get("documents") or None  # an empty list sets no limit
    if documents is not None and not (isinstance(documents, list) and all(isinstance(each, str) for each in documents)):
        raise bad(
            place,
            '"documents" is not a list of document ids.',
            "« documents » n’est pas une liste d’identifiants de documents.",
        )
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
        raise bad(
            place,
            f'"{column}" is neither a text nor a list of texts.',
            f"« {column} » n’est ni un texte ni une liste de textes.",
        )
    try:
        return frozenset(read(each) for each in stated) if stated else None
    except BadSetting as error:
        raise bad(place, str(error), error.french or str(error)) from error


def parse_day(value: object, place: str, french: str = "") -> date | None:
    """Returns the date written YYYY-MM-DD; None for nothing. `french` is the place in French, where it is no row.

    Raises:
        BadQuestion: it is something else.
    """
    if value is None or value == "":
        return None
    try:
        return datetime.strptime(str(value), "%Y-%m-%d").date()
    except ValueError as error:
        said = f"« {value} » n’est pas une date. Écrivez AAAA-MM-JJ."
        raise bad(place, f"{value!r} is not a date. Write YYYY-MM-DD.", said, french) from error


def bad(place: str, message: str, french: str, french_place: str = "") -> BadQuestion:
    """Returns the error of a row, in both languages."""
    return BadQuestion(f"{place}: {message}", french=f"{french_place or _in_french(place)} : {french}")


def _in_french(place: str) -> str:
    """Returns "ligne 7" for "line 7" and "row 7", also below the name of a file."""
    return re.sub(r"\b(?:line|row) (?=\d+$)", "ligne ", place)

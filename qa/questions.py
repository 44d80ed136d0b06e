"""Question files: rows of .jsonl and .csv, and the question in a row."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion, BadSetting
from documents.kinds import kind_of
from documents.language import language_of
from qa.conversation import turn_of
from qa.types import Question


def rows_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (line number, row) of a .jsonl or .csv question file.

    A line that is not a JSON object is yielded as {"error": why}, so that the caller keeps its place.

    Raises:
        BadQuestion: the file is missing, of another kind, not text, or a .csv without a column "question".
    """
    readers = {".jsonl": _jsonl_rows, ".csv": _csv_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadQuestion(f"{path}: question files are .jsonl or .csv.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadQuestion(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise BadQuestion(f"{path}: not UTF-8 at byte {error.start}. Save it as UTF-8.") from error
    yield from reader(text, path)


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
        kinds=_each(row, "kind", kind_of, place),
        languages=_each(row, "language", language_of, place),
        collections=_each(row, "collection", str.strip, place),
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


def _jsonl_rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            row = {"error": f"not JSON ({error})"}
        yield number, row if isinstance(row, dict) else {"error": "not a JSON object"}


def _csv_rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        delimiter = csv.Sniffer().sniff(text[:10_000], delimiters=",;\t|").delimiter
    except csv.Error:
        delimiter = ","  # one column: there is nothing to sniff
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = {name.strip().lower(): name for name in reader.fieldnames or () if name}
    if "question" not in names:
        raise BadQuestion(f"{path}: no column is named question; its columns are {', '.join(names) or 'none'}.")
    for row in reader:
        clean: dict[str, Any] = {plain: row[name] for plain, name in names.items()}
        if "documents" in clean:
            clean["documents"] = (clean["documents"] or "").split()
        yield reader.line_num, clean

"""Question files as JSON lines: an object a line."""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion
from qa.question_files.columns import ROLES, question_key
from qa.question_files.lines import unreadable
from qa.question_files.row import Row


def read_jsonl(path: Path, question_column: str | None) -> Iterator[Row]:
    """Yields a row for each line that is not blank; one that is no object has an error.

    Fields bear their exact names ("question", "id", "as_of", "documents", "history", "conversation"); only the question
    may bear another.

    Raises: BadQuestion where the file is missing or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            at = 0
            for number, line in enumerate(file, 1):
                text = _decoded(line, at, path)
                at += len(line)
                if text.strip():
                    yield _row(number, text, question_column)
    except OSError as error:
        raise unreadable(path, error) from error


def _decoded(line: bytes, at: int, path: Path) -> str:
    try:
        return (line if at else line.removeprefix(codecs.BOM_UTF8)).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQuestion(
            f"{path}: not UTF-8 at byte {at + error.start}. Save it as UTF-8.",
            french=f"{path} : pas en UTF-8 à l’octet {at + error.start}. Enregistrez-le en UTF-8.",
        ) from error


def _row(number: int, text: str, question_column: str | None) -> Row:
    place = f"line {number}"
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Row(number, place, {}, {}, f"not JSON ({error})", f"ce n’est pas du JSON ({error})")
    if not isinstance(value, dict):
        return Row(number, place, {}, {}, "not a JSON object", "ce n’est pas un objet JSON")
    name = question_column or ("question" if "question" in value else question_key(list(value)))
    fields: dict[str, Any] = {role: value[role] for role in ROLES if role in value and role != "question"}
    if name in value:
        fields["question"] = value[name]
    return Row(number, place, fields, {key: each for key, each in value.items() if key not in (*fields, name)})

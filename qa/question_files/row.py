"""One row of a question file, and what its cells mean."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

# "annual.pdf report.pdf" names two documents, "annual report.pdf" one.
_WITH_SUFFIX = re.compile(r"\S+\.\w{1,5}")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` and `place` tell where it stands: 7, "line 7". `fields` are the columns that are recognised, by role
    ("question", "as_of"); `extra` are the others, by their names in the file. With `error`
    the row cannot be used; `french` says it in French.
    """

    number: int
    place: str
    fields: Mapping[str, Any]
    extra: Mapping[str, Any]
    error: str = ""
    french: str = ""


def field_of(role: str, cell: Any) -> Any:
    """Returns what a cell of a table means in its role: a list of documents, of earlier questions, or its text."""
    if role == "id":
        return cell
    text = str(cell).strip() if role != "question" else str(cell)
    readers = {"documents": _documents, "history": _history}
    if role in ("kinds", "languages", "collections"):
        return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    return readers.get(role, str)(text)


def plain(value: Any) -> Any:
    """Returns the value of a cell as JSON has it: text, a number, a truth value; days as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)  # a spreadsheet keeps every number as a float
    return value if isinstance(value, str | int | float) else str(value)


def _documents(text: str) -> list[str]:
    listed = _listed(text)
    if listed is not None:
        return listed
    parts = re.split(r"[;\n]", text)
    if len(parts) == 1 and all(_WITH_SUFFIX.fullmatch(part) for part in text.split()):
        parts = text.split()
    return [part.strip() for part in parts if part.strip()]


def _history(text: str) -> list[Any]:
    listed = _listed(text)
    return [line.strip() for line in text.split("\n") if line.strip()] if listed is None else listed


def _listed(text: str) -> list[Any] | None:
    """Returns the list that the text is in JSON, or None."""
    if not text.startswith("["):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None

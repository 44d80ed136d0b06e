"""Questions that readers judged, gathered in one file that evaluate and check-questions read.

A question judged again replaces what was said of it before: its id is made of what is asked.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from documents.errors import BadQuestion
from documents.language import guess_language
from qa.types import Question

GOLD = "gold.jsonl"  # in the index's folder
CATEGORY = "from the page"
_LIMITS = ("documents", "kinds", "languages", "collections")
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a reader says of a question: the quotes that answer it, each with its document, or none where nothing does.

    `answers` are the words of the quotes that answer, where they are known.
    """

    question: Question
    evidence: tuple[tuple[str, str], ...] = ()  # (document id, quote)
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Collected:
    """A question in the file; it `follows` where it was asked after others."""

    id: str
    question: str
    answerable: bool
    evidence: tuple[str, ...]
    documents: tuple[str, ...]
    follows: bool


def collect(path: Path, judged: Judged, now: datetime) -> int:
    """Keeps a judged question in the file; returns how many it holds now.

    Raises:
        BadQuestion: the file cannot be written, or what is in it is no file of questions.
    """
    row = _row(judged, now)
    with _lock:
        rows = {each["id"]: each for each in _rows(path)}
        rows.pop(row["id"], None)
        rows[row["id"]] = row
        _write(path, rows.values())
    return len(rows)


def remove(path: Path, identity: str) -> int:
    """Takes a question out of the file; returns how many it holds now.

    Raises:
        BadQuestion: there is no such question, the file cannot be written, or what is in it is no file of questions.
    """
    with _lock:
        rows = _rows(path)
        left = [row for row in rows if row["id"] != identity]
        if len(left) == len(rows):
            raise BadQuestion(f"{identity}: no such question is collected. Load the page again.")
        _write(path, left)
    return len(left)


def collected(path: Path) -> list[Collected]:
    """Returns the questions in the file, in the order in which they were judged; none without a file.

    Raises:
        BadQuestion: what is in the file is no file of questions.
    """
    with _lock:
        rows = _rows(path)
    return [
        Collected(
            str(row["id"]),
            str(row.get("question", "")),
            bool(row.get("answerable")),
            tuple(map(str, row.get("evidence") or ())),
            tuple(map(str, row.get("doc_ids") or ())),
            follows=bool(row.get("history")),
        )
        for row in rows
    ]


def _row(judged: Judged, now: datetime) -> dict[str, Any]:
    question = judged.question
    asked: dict[str, Any] = {"question": question.text}
    if question.history:
        asked["history"] = [{"role": turn.role, "text": turn.text} for turn in question.history]
    if question.as_of:
        asked["as_of"] = question.as_of.isoformat()
    for name in _LIMITS:
        if getattr(question, name):
            asked[name] = sorted(getattr(question, name))
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return {
        "id": f"page-{digest[:12]}",
        **asked,
        "answerable": bool(judged.evidence),
        "answers": list(judged.answers),
        "doc_ids": list(dict.fromkeys(identity for identity, _ in judged.evidence)),
        "evidence": list(dict.fromkeys(quote for _, quote in judged.evidence)),
        "category": CATEGORY,
        "lang": guess_language(question.text),
        "added": now.isoformat(timespec="seconds"),
    }


def _rows(path: Path) -> list[Mapping[str, Any]]:
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # splitlines() would cut a quote at U+2028
        rows = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise BadQuestion(f"{path}: cannot be read ({error}). Mend it, or move it away.") from error
    if not all(isinstance(row, dict) and "id" in row for row in rows):
        raise BadQuestion(f'{path}: a line of it is no question with an "id". Mend it, or move it away.')
    return rows


def _write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise BadQuestion(f"{path}: cannot be written ({error.strerror}). Make the folder writable.") from error

"""Rows in and rows out: the question of a row of a question file, and what is written for it."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion, BadSetting, UserError, told
from qa.batch.objects import UNANSWERED, answer_object
from qa.pipeline import Pipeline
from qa.question_files import Row, read_questions
from qa.questions import asked_in, question_of
from qa.types import Question, Turn

_KEPT_TURNS = 50  # of a conversation; no question is searched for with more than its last few


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the question file: what to ask, or why nothing can be; `extra` is carried through."""

    identity: Any
    text: Any
    extra: Mapping[str, Any]
    question: Question | None
    error: str = ""


def tasks_of(path: Path, question_column: str | None = None, language: str = "en") -> Iterator[Task]:
    """Yields the rows of a question file as tasks, in order; their errors are told in `language`.

    Rows of one "conversation" follow upon each other: the earlier ones, with their history, are the history of each.

    Raises:
        BadQuestion: the file cannot be read.
    """
    conversations: dict[str, tuple[Turn, ...]] = {}
    for row in read_questions(path, question_column).rows:
        task = _task(row, language)
        name = str(row.fields.get("conversation") or "").strip()
        question = task.question
        if name and question is not None:
            turns = conversations.get(name, ()) + question.history
            conversations[name] = (*turns, Turn("user", question.text))[-_KEPT_TURNS:]
            task = replace(task, question=replace(question, history=turns))
        yield task


def _task(row: Row, language: str) -> Task:
    extra = dict(row.extra)
    if row.fields.get("conversation") not in (None, ""):
        extra = {"conversation": row.fields["conversation"]} | extra
    head = _head(row.fields, row.number)
    try:
        question, error = asked_in(row), ""
    except UserError as reason:
        question, error = None, told(reason, language)
    return Task(head["id"], head["question"], extra, question, error)


def answer_row(row: Mapping[str, Any], number: int, pipeline: Pipeline) -> dict[str, Any]:
    """Returns the output row of an object of a .jsonl file; one that cannot be answered says why in "error"."""
    began = time.perf_counter()
    try:
        return _head(row, number) | answered(question_of(dict(row), f"line {number}"), pipeline, began)
    except (BadQuestion, BadSetting) as error:
        return _head(row, number) | unanswered(str(error), began)


def answered(
    question: Question, pipeline: Pipeline, began: float | None = None, *, language: str = "en"
) -> dict[str, Any]:
    """Returns an output row without its head ("id" and "question"); an error is told in `language`."""
    began = time.perf_counter() if began is None else began
    try:
        answer = pipeline.answer(question)
    except (BadQuestion, BadSetting) as error:  # an index that cannot be reached ends the run: it can be gone on with
        return unanswered(told(error, language), began)
    return answer_object(answer) | {"seconds": _seconds(began), "error": None}


def unanswered(error: str, began: float | None = None) -> dict[str, Any]:
    """Returns an output row without its head for what cannot be answered."""
    return UNANSWERED | {"seconds": _seconds(began), "error": error}


def _head(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    identity = row.get("id")
    return {"id": number if identity in (None, "") else identity, "question": row.get("question")}


def _seconds(began: float | None) -> float:
    return 0.0 if began is None else round(time.perf_counter() - began, 4)

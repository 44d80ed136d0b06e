"""Question file in, answer file out: one row a question, in the same order, whatever happens to any of them."""

import csv
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from documents.errors import BadQuestion, UserError
from qa.pipeline import Pipeline
from qa.questions import question_of, rows_of
from qa.types import Answer, Citation, DatedFigure, Hit

_CSV_COLUMNS = (
    "id",
    "question",
    "standalone_question",
    "status",
    "answer",
    "confidence",
    "citations",
    "disagreement",
    "passages",
    "seconds",
    "error",
)
_UNANSWERED: dict[str, Any] = {
    "standalone_question": None,
    "status": "error",
    "answer": "",
    "confidence": None,
    "citations": [],
    "disagreement": [],
    "passages": [],
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def run_batch(
    questions: Path,
    answers: Path,
    pipeline: Pipeline,
    *,
    on_row: Callable[[int, int], None] = lambda done, errors: None,
) -> int:
    """Answers every row of `questions` into `answers` (.jsonl or .csv, by suffix); returns the number of error rows.

    Each row is written and flushed as soon as it is answered.

    Raises:
        BadQuestion: the question file cannot be read at all, or the answer file is of another kind.
    """
    writer = {".jsonl": _write_jsonl, ".csv": _write_csv}.get(answers.suffix.lower())
    if writer is None:
        raise BadQuestion(f"{answers}: answer files are .jsonl or .csv.")
    if answers.resolve() == questions.resolve():
        raise BadQuestion(f"{answers}: the answers would overwrite the questions. Name another file.")
    rows = rows_of(questions)
    first = next(rows, None)  # a file that cannot be read must not leave an empty answer file behind
    if first is None:
        raise BadQuestion(f"{questions}: there are no questions in it.")
    errors = 0
    try:
        file = answers.open("w", encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise BadQuestion(f"{answers}: cannot be written ({error.strerror}). Name another file.") from error
    with file:
        write = writer(file)
        for done, (number, row) in enumerate(_chain(first, rows), 1):
            answered = answer_row(row, number, pipeline)
            errors += answered["status"] == "error"
            write(answered)
            file.flush()
            on_row(done, errors)
    return errors


def answer_row(row: dict[str, Any], number: int, pipeline: Pipeline) -> dict[str, Any]:
    """Returns the output row of an input row; one that cannot be answered has status "error" and says why."""
    began = time.perf_counter()
    identity = row.get("id")
    head = {"id": number if identity in (None, "") else identity, "question": row.get("question")}
    try:
        answer = pipeline.answer(question_of(row, f"line {number}"))
    except UserError as error:
        return head | _UNANSWERED | {"seconds": _seconds(began), "error": str(error)}
    return head | answer_object(answer) | {"seconds": _seconds(began), "error": None}


def answer_object(answer: Answer) -> dict[str, Any]:
    """Returns an answer as the JSON contract has it."""
    return {
        "standalone_question": answer.standalone,
        "status": "refused" if answer.refused else "answered",
        "answer": answer.text,
        "confidence": answer.confidence,
        "citations": [citation_object(each, marker) for marker, each in enumerate(answer.citations, 1)],
        "disagreement": [figure_object(each, answer) for each in answer.disagreement],
        "passages": [passage_object(hit, rank) for rank, hit in enumerate(answer.hits, 1)],
    }


def citation_object(citation: Citation, marker: int) -> dict[str, Any]:
    info = citation.passage.info
    return {
        "marker": marker,
        "document_id": info.id,
        "title": info.title,
        "date": info.date,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "lead_ins": [{"start": each.start, "end": each.end, "quote": each.text} for each in citation.lead_ins],
        "words": dict(zip(("start", "end"), citation.words, strict=True)) if citation.words else None,
        "kind": info.kind,
        "language": info.language,
        "collection": info.collection,
        "older": [{"document_id": each.id, "title": each.title, "date": each.date} for each in citation.older],
        "ocr": citation.ocr,
        "poorly_read": citation.poorly_read,
    }


def figure_object(reading: DatedFigure, answer: Answer) -> dict[str, Any]:
    return {
        "said_of": reading.said_of,
        "date": reading.day.isoformat(),
        "value": reading.value,
        "markers": answer.markers(reading),
    }


def passage_object(hit: Hit, rank: int) -> dict[str, Any]:
    passage = hit.passage
    return {
        "rank": rank,
        "document_id": passage.info.id,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": hit.score,
    }


def _seconds(began: float) -> float:
    return round(time.perf_counter() - began, 4)


def _chain(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _write_jsonl(file: TextIO) -> Callable[[dict[str, Any]], None]:
    def write(row: dict[str, Any]) -> None:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")

    return write


def _write_csv(file: TextIO) -> Callable[[dict[str, Any]], None]:
    writer = csv.writer(file)
    writer.writerow(_CSV_COLUMNS)

    def write(row: dict[str, Any]) -> None:
        writer.writerow([_cell(row[column]) for column in _CSV_COLUMNS])

    return write


def _cell(value: object) -> object:
    """A list becomes JSON; text that a spreadsheet would run as a formula is made harmless with an apostrophe."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return "" if value is None else value

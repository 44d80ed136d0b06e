"""Questions with what counts as right: read from .jsonl, .csv or .xlsx."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion
from documents.language import guess_language
from qa.evaluation.gold_table import table_rows
from qa.questions import bad, question_of, rows_of
from qa.types import Question

SUFFIXES = (".jsonl", ".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what counts as right. Unanswerable ones have no answers, documents or evidence.

    `place` says where the row stands, for messages. `set`, `category`, `language` and `kind` (of document) are what
    results are also told by; each may be empty.
    """

    id: str
    question: Question
    answerable: bool
    answers: tuple[str, ...]
    documents: tuple[str, ...]
    evidence: tuple[str, ...]
    category: str
    language: str
    kind: str
    set: str
    place: str


def read_gold(path: Path) -> list[GoldQuestion]:
    """Reads a question set: one JSON object a line, or a table with a row a question.

    Raises:
        BadQuestion: the file or a row cannot be used; it names the line.
    """
    golds = [gold_of(row, place) for place, row in gold_rows(path)]
    if not golds:
        raise BadQuestion(f"{path}: there are no questions in it.", french=f"{path} : il ne contient aucune question.")
    return golds


def gold_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields (place, row) of every row that is not empty; rows of a table have the names that .jsonl rows have.

    Raises:
        BadQuestion: the file is missing, of another kind, or without a column of questions.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadQuestion(
            f"{path}: files of questions and answers are {', '.join(SUFFIXES)}. Save it as one of them.",
            french=f"{path} : les fichiers de questions et de réponses sont {', '.join(SUFFIXES)}. Changez-le.",
        )
    if suffix == ".jsonl":
        yield from ((f"{path}, line {number}", row) for number, row in rows_of(path))
    else:
        yield from ((f"{path}, row {number}", row) for number, row in table_rows(path))


def gold_of(row: dict[str, Any], place: str) -> GoldQuestion:
    """Returns the gold question of a row; one that does not say is answerable where it gives what answers it.

    Raises:
        BadQuestion: the row cannot be used; the message begins with `place`.
    """
    question = question_of(row, place)
    if row.get("scope_doc"):
        question = replace(question, documents=frozenset([str(row["scope_doc"])]))
    evidence, answers = _texts(row, "evidence", place), _texts(row, "answers", place)
    documents = _texts(row, "doc_ids", place)
    answerable = row.get("answerable", bool(evidence or answers or documents))
    if not isinstance(answerable, bool):
        raise bad(
            place,
            f'"answerable" is {answerable!r}; write true or false.',
            f"« answerable » est {answerable!r} ; écrivez true ou false.",
        )
    return GoldQuestion(
        id=str(row.get("id") or place),
        question=question,
        answerable=answerable,
        answers=answers,
        documents=documents,
        evidence=evidence,
        category=str(row.get("category") or ""),
        language=str(row.get("lang") or row.get("language") or guess_language(question.text)),
        kind=str(row.get("kind") or ""),
        set=str(row.get("set") or ""),
        place=place,
    )


def _texts(row: dict[str, Any], name: str, place: str) -> tuple[str, ...]:
    value = row.get(name) or ()
    if not isinstance(value, list | tuple):
        raise bad(
            place,
            f'"{name}" is not a list. Write ["...", "..."].',
            f'« {name} » n’est pas une liste. Écrivez ["...", "..."].',
        )
    return tuple(map(str, value))

"""Runs a question set, keeps every per-question row, and sums the rows up.

Answers are taken with refusal off, so that "first" and "among the cited" measure the choice of sentences alone;
whether each would have been given or refused is judged afterwards by its confidence at the chosen setting.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from documents.errors import BadQuestion
from qa.cite import stands
from qa.metrics import auroc, evidence_hit, interval, mean, same_document, token_f1
from qa.pipeline import Pipeline
from qa.questions import question_of, rows_of
from qa.refuse import threshold
from qa.types import Answer, Question

DEPTHS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what counts as right. Unanswerable ones have no answers, documents or evidence."""

    id: str
    question: Question
    answerable: bool
    answers: tuple[str, ...]
    documents: tuple[str, ...]
    evidence: tuple[str, ...]
    category: str


@dataclass(frozen=True, slots=True)
class Row:
    """What one question came to. Ranks are from 1; None means not among the first ten."""

    id: str
    category: str
    question: str
    standalone: str
    answerable: bool
    confidence: float
    refused: bool  # at the chosen setting
    document_rank: int | None
    evidence_rank: int | None
    first: bool  # the first quote holds the evidence
    among: bool  # one of the quotes does
    f1: float
    quotes: tuple[str, ...]
    verbatim: tuple[bool, ...]
    seconds: float


def read_gold(path: Path) -> list[GoldQuestion]:
    """Reads a question set, one JSON object a line.

    Raises:
        BadQuestion: a row cannot be used; it names the line.
    """
    return [_gold(row, f"{path}, line {number}") for number, row in rows_of(path)]


def evaluate(
    golds: Sequence[GoldQuestion],
    pipeline: Pipeline,
    *,
    refuse: str = "balanced",
    on_row: Callable[[int], None] = lambda done: None,
) -> list[Row]:
    """Returns one row a question, in order. `refuse` is the setting that `Row.refused` is judged at."""
    settings = replace(pipeline.settings, refuse="never", passages=max(DEPTHS))
    asking = Pipeline(pipeline.store, pipeline.embedder, settings)
    least = threshold(refuse)
    rows = []
    for done, gold in enumerate(golds, 1):
        began = time.perf_counter()
        answer = asking.answer(gold.question)
        rows.append(_row(gold, answer, asking, answer.confidence < least, time.perf_counter() - began))
        on_row(done)
    return rows


def summarise(rows: Sequence[Row], *, seed: int = 0) -> dict[str, dict[str, Any]]:
    """Returns {figure: {"value", "low", "high", "n"}}; the interval is a 95% bootstrap over questions.

    A figure without a population (refusal where every question is answerable) is left out.
    """
    if not rows:
        return {}
    answerable = [row for row in rows if row.answerable]
    unanswerable = [row for row in rows if not row.answerable]
    refused = [row for row in rows if row.refused]
    shares: dict[str, list[float]] = {}
    for name, rank in (("document_recall", "document_rank"), ("evidence_recall", "evidence_rank")):
        for depth in DEPTHS:
            shares[f"{name}@{depth}"] = [float((getattr(row, rank) or depth + 1) <= depth) for row in answerable]
    shares["sentence_hit@1"] = [float(row.first) for row in answerable]
    shares["sentence_hit@any"] = [float(row.among) for row in answerable]
    shares["token_f1"] = [row.f1 for row in answerable]
    shares["verbatim"] = [float(each) for row in rows for each in row.verbatim]
    shares["quote_characters"] = [float(len(quote)) for row in rows for quote in row.quotes[:1]]
    if unanswerable:
        shares["refusal_precision"] = [float(not row.answerable) for row in refused]
        shares["refusal_recall"] = [float(row.refused) for row in unanswerable]
        shares["wrong_refusals"] = [float(row.refused) for row in answerable]
        shares["decision"] = [
            float(row.refused if not row.answerable else row.first and not row.refused) for row in rows
        ]
    shares["seconds"] = [row.seconds for row in rows]
    summary = {name: _figure(values, seed) for name, values in shares.items() if values}
    summary["seconds"]["median"] = float(np.median(shares["seconds"]))
    if answerable and unanswerable:
        summary["auroc"] = _auroc_figure(rows, seed)
    return summary


def written(rows: Sequence[Row]) -> Iterator[str]:
    """Yields each row as a line of JSON."""
    for row in rows:
        yield json.dumps(asdict(row), ensure_ascii=False)


def _figure(values: Sequence[float], seed: int) -> dict[str, Any]:
    data = np.asarray(values)
    limits = interval(len(data), lambda drawn: mean(data[drawn]), seed=seed)
    low, high = limits if limits else (None, None)
    return {"value": mean(data), "low": low, "high": high, "n": len(data)}


def _auroc_figure(rows: Sequence[Row], seed: int) -> dict[str, Any]:
    scores = np.array([row.confidence for row in rows])
    answerable = np.array([row.answerable for row in rows])

    def of(drawn: NDArray[np.int64]) -> float | None:
        return auroc(scores[drawn][answerable[drawn]], scores[drawn][~answerable[drawn]])

    limits = interval(len(rows), of, seed=seed)
    low, high = limits if limits else (None, None)
    return {"value": of(np.arange(len(rows))), "low": low, "high": high, "n": len(rows)}


def _row(gold: GoldQuestion, answer: Answer, pipeline: Pipeline, refused: bool, seconds: float) -> Row:
    hits = [(hit.passage.text, hit.passage.info.id) for hit in answer.hits]
    quotes = [(each.quote, each.passage.info.id) for each in answer.citations]
    right = [evidence_hit(quote, document, gold.evidence, gold.documents) for quote, document in quotes]
    found = [evidence_hit(text, document, gold.evidence, gold.documents) for text, document in hits]
    return Row(
        id=gold.id,
        category=gold.category,
        question=gold.question.text,
        standalone=answer.standalone,
        answerable=gold.answerable,
        confidence=answer.confidence,
        refused=refused,
        document_rank=_first_rank([same_document(document, gold.documents) for _, document in hits]),
        evidence_rank=_first_rank(found),
        first=right[:1] == [True],
        among=any(right),
        f1=max((token_f1(quote, gold.answers) for quote, _ in quotes), default=0.0),
        quotes=tuple(quote for quote, _ in quotes),
        verbatim=tuple(stands(each, pipeline.store.document(each.passage.info.id).text) for each in answer.citations),
        seconds=seconds,
    )


def _first_rank(found: Sequence[bool]) -> int | None:
    return found.index(True) + 1 if True in found else None


def _gold(row: dict[str, Any], place: str) -> GoldQuestion:
    question = question_of(row, place)
    if row.get("scope_doc"):
        question = replace(question, documents=frozenset([row["scope_doc"]]))
    answerable = row.get("answerable", bool(row.get("evidence")))
    if not isinstance(answerable, bool):
        raise BadQuestion(f'{place}: "answerable" is {answerable!r}; write true or false.')
    return GoldQuestion(
        id=str(row.get("id", place)),
        question=question,
        answerable=answerable,
        answers=tuple(map(str, row.get("answers") or ())),
        documents=tuple(map(str, row.get("doc_ids") or ())),
        evidence=tuple(map(str, row.get("evidence") or ())),
        category=str(row.get("category", "")),
    )

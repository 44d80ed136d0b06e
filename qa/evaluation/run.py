"""Asks a question set and keeps a row of every question, so that a stopped evaluation can go on.

Answers are taken with refusal off, so that "first" and "among the cited" measure the choice of sentences alone;
whether each would have been given or refused is judged afterwards by its confidence at the chosen setting.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from documents.errors import UserError
from qa.evaluation.figures import DEPTHS
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.row import Judge, Row
from qa.pipeline import Pipeline
from qa.refuse import threshold


def evaluate(
    golds: Sequence[GoldQuestion],
    pipeline: Pipeline,
    *,
    refuse: str = "balanced",
    on_row: Callable[[int], None] = lambda done: None,
) -> list[Row]:
    """Returns one row a question, in order. `refuse` is the setting that `Row.refused` is judged at."""
    rows = []
    for row in each_row(golds, pipeline, refuse=refuse):
        rows.append(row)
        on_row(len(rows))
    return rows


def each_row(golds: Sequence[GoldQuestion], pipeline: Pipeline, *, refuse: str) -> Iterator[Row]:
    """Yields the row of each question as it is answered; one that cannot be asked has an error that says why."""
    settings = replace(pipeline.settings, refuse="never", passages=max(DEPTHS))
    asking = Pipeline(pipeline.store, pipeline.embedder, settings)
    judge = Judge(asking, threshold(refuse))
    for gold in golds:
        began = time.perf_counter()
        try:
            answer = asking.answer(gold.question)
        except UserError as error:
            yield judge.failed(gold, str(error))
        else:
            yield judge.row(gold, answer, time.perf_counter() - began)

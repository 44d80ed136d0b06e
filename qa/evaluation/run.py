"""Asks a question set and keeps a row of every question, so that a stopped evaluation can go on.

Answers are taken with refusal off, so that "first" and "among the cited" measure the choice of sentences alone;
whether each would have been given or refused is judged afterwards by its confidence at the chosen setting.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from documents.errors import BadQuestion, BadSetting
from qa.evaluation.figures import DEPTHS
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.row import Judge, Row
from qa.opening import Opening
from qa.pipeline import Pipeline
from qa.refuse import threshold

Ask = Callable[[Sequence[GoldQuestion]], Iterable[Row]]  # gives the rows in the order of the questions


def evaluate(
    golds: Sequence[GoldQuestion],
    pipeline: Pipeline,
    *,
    refuse: str = "balanced",
    on_row: Callable[[int], None] = lambda done: None,
) -> list[Row]:
    """Returns one row a question, in order. `refuse` is the setting that `Row.refused` is judged at."""
    return kept(each_row(golds, pipeline, refuse=refuse), on_row)


def kept(given: Iterable[Row], on_row: Callable[[int], None]) -> list[Row]:
    """Returns the rows, each of which is told as it comes."""
    rows = []
    for row in given:
        rows.append(row)
        on_row(len(rows))
    return rows


def each_row(golds: Sequence[GoldQuestion], pipeline: Pipeline, *, refuse: str) -> Iterator[Row]:
    """Yields the row of each question as it is answered; one that cannot be asked has an error that says why."""
    yield from map(Asking(pipeline, refuse).row, golds)


class Asking:
    """Asks one question after the other, with refusal off."""

    def __init__(self, pipeline: Pipeline, refuse: str) -> None:
        """`refuse` is the setting that `Row.refused` is judged at."""
        settings = replace(pipeline.settings, refuse="never", passages=max(DEPTHS))
        self._pipeline = Pipeline(pipeline.store, pipeline.embedder, settings)
        self._judge = Judge(self._pipeline, threshold(refuse))

    def row(self, gold: GoldQuestion) -> Row:
        """Returns the row of a question; one that cannot be asked has an error that says why."""
        began = time.perf_counter()
        try:
            answer = self._pipeline.answer(gold.question)
        except (BadQuestion, BadSetting) as error:  # an index that cannot be reached ends the run
            return self._judge.failed(gold, str(error))
        return self._judge.row(gold, answer, time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class Evaluating:
    """The work of processes that evaluate: a question each time (qa/processes.py)."""

    opening: Opening
    refuse: str

    def load(self) -> None:
        self.opening.load()

    def open(self) -> Callable[[GoldQuestion], Row]:
        return Asking(self.opening.pipeline(), self.refuse).row

"""Two runs side by side: what changed, question by question, and how sure that is."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.figures import FIGURES, Figure
from qa.evaluation.folder import Recorded, Run
from qa.evaluation.intervals import Interval, Totals, change_intervals, interval
from qa.evaluation.row import Row
from qa.evaluation.whole import WHOLES, Whole, columns_of

Pair = tuple[Row, Row]
_Key = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in both runs; `low` and `high` bound `second - first` with 95% over questions, both runs paired."""

    name: str
    first: float
    second: float
    low: float | None
    high: float | None
    count: int

    @property
    def change(self) -> float:
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class McNemar:
    """Questions right in one run only, and how likely so uneven a split is where the runs are equally good."""

    name: str
    won: int
    lost: int

    @property
    def p_value(self) -> float:
        return binomial_p(self.won, self.lost)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of two runs, on the questions that both asked. `won` were wrong in the first and are right in the second."""

    first: Run
    second: Run
    pairs: list[Pair]
    only_first: list[Row]
    only_second: list[Row]
    errors: int  # questions of both of which one run has an error: left out
    differences: list[Difference]
    tests: list[McNemar]
    won: list[Pair]
    lost: list[Pair]


def compare(first: Recorded, second: Recorded, *, seed: int = 0) -> Comparison:
    """Compares two runs. A question is the same where set, id and words are."""
    ours, theirs = _keyed(first.rows), _keyed(second.rows)
    common = [(row, theirs[key]) for key, row in ours.items() if key in theirs]
    pairs = [pair for pair in common if not (pair[0].error or pair[1].error)]
    return Comparison(
        first=first.run,
        second=second.run,
        pairs=pairs,
        only_first=[row for key, row in ours.items() if key not in theirs],
        only_second=[row for key, row in theirs.items() if key not in ours],
        errors=len(common) - len(pairs),
        differences=differences(pairs, seed=seed),
        tests=[
            _mcnemar("right decision", [(one.right, other.right) for one, other in pairs]),
            _mcnemar("right sentence first", [(one.first, other.first) for one, other in pairs if one.answerable]),
        ],
        won=[pair for pair in pairs if pair[1].right and not pair[0].right],
        lost=[pair for pair in pairs if pair[0].right and not pair[1].right],
    )


def differences(pairs: Sequence[Pair], *, seed: int) -> list[Difference]:
    """Returns the difference of every figure that both runs have, in the order of `FIGURES`, then of whole runs.

    Questions are resampled: a run's figure is the mean over all values of the questions drawn, however many each has.
    """
    unanswerable = any(not row.answerable for row, _ in pairs)
    figures = [figure for figure in FIGURES if unanswerable or not figure.judges_refusal]
    first, second = (_totals([pair[run] for pair in pairs], figures) for run in (0, 1))
    limits = change_intervals(first, second, seed=seed)
    found = [_difference(at, figure.name, first, second, limits[at]) for at, figure in enumerate(figures) if pairs]
    found += [_of_whole(whole, pairs, seed) for whole in WHOLES]
    return [each for each in found if each is not None]


def binomial_p(one: int, other: int) -> float:
    """Returns the two-sided p-value of so uneven a split, or a more uneven one, of fair coins: McNemar's exact test.

    Source: McNemar 1947; Fay 2010 for the exact form.
    """
    count, fewer = one + other, min(one, other)
    tail = sum(math.comb(count, each) for each in range(fewer + 1))
    return min(1.0, float(2 * tail / 2**count))


def _keyed(rows: Sequence[Row]) -> dict[_Key, Row]:
    """Rows that are alike in all three are told apart by how many of them went before."""
    seen: Counter[tuple[str, str, str]] = Counter()
    keyed: dict[_Key, Row] = {}
    for row in rows:
        alike = (row.set, row.id, row.question)
        keyed[(*alike, seen[alike])] = row
        seen[alike] += 1
    return keyed


def _mcnemar(name: str, right: Sequence[tuple[bool, bool]]) -> McNemar:
    return McNemar(name, sum(new and not old for old, new in right), sum(old and not new for old, new in right))


def _totals(rows: Sequence[Row], figures: Sequence[Figure]) -> Totals:
    values = [[figure.of(row) for figure in figures] for row in rows]
    return Totals(
        np.array([[math.fsum(each) for each in row] for row in values], dtype=np.float64),
        np.array([[len(each) for each in row] for row in values], dtype=np.float64),
    )


def _difference(at: int, name: str, first: Totals, second: Totals, limits: Interval | None) -> Difference | None:
    counts = [int(run.counts[:, at].sum()) for run in (first, second)]
    if not all(counts):
        return None
    old, new = (float(run.sums[:, at].sum()) / count for run, count in zip((first, second), counts, strict=True))
    low, high = limits or (None, None)
    return Difference(name, old, new, low, high, max(counts))


def _of_whole(whole: Whole, pairs: Sequence[Pair], seed: int) -> Difference | None:
    first, second = (columns_of([pair[run] for pair in pairs]) for run in (0, 1))
    if not (whole.applies(first) and whole.applies(second)):
        return None

    def change(places: NDArray[np.int64]) -> float | None:
        return _change(whole.of(first.drawn(places)), whole.of(second.drawn(places)))

    old, new = whole.of(first), whole.of(second)
    if old is None or new is None:
        return None
    low, high = interval(len(pairs), change, seed=seed) or (None, None)
    return Difference(whole.name, old, new, low, high, len(pairs))


def _change(old: float | None, new: float | None) -> float | None:
    return None if old is None or new is None else new - old

"""Sums rows up: every figure with its interval, overall and by group."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.figures import FIGURES, Figure
from qa.evaluation.intervals import interval, mean, mean_interval
from qa.evaluation.metrics import auroc
from qa.evaluation.reliability import calibration_error, risk_coverage_area
from qa.evaluation.row import Row

# What results are told by; each is a field of Row. "set" comes first: it holds the others.
DIMENSIONS = ("set", "category", "language", "kind")
Summary = dict[str, dict[str, Any]]
_Statistic = Callable[[NDArray[np.int64]], float | None]


def summarise(rows: Sequence[Row], *, seed: int = 0, judge_refusal: bool | None = None) -> Summary:
    """Returns {figure: {"value", "low", "high", "n"}}; the interval is a 95% bootstrap over questions.

    Refusals are judged where there are unanswerable questions, or as `judge_refusal` says.

    A figure without a population (refusal where every question is answerable) is left out; so is a row with an error.
    """
    rows = asked(rows)
    if not rows:
        return {}
    answerable, unanswerable = any(row.answerable for row in rows), any(not row.answerable for row in rows)
    judging = unanswerable if judge_refusal is None else judge_refusal
    summary: Summary = {}
    for figure in FIGURES:
        values = _values(figure, rows)
        if values and (judging or not figure.judges_refusal):
            summary[figure.name] = _figure(mean(values), mean_interval(values, seed=seed), len(values))
    seconds = np.array([row.seconds for row in rows])
    summary["seconds"]["median"] = float(np.median(seconds))
    summary["seconds_p50"] = _whole(len(rows), lambda drawn: float(np.percentile(seconds[drawn], 50)), seed)
    summary["seconds_p95"] = _whole(len(rows), lambda drawn: float(np.percentile(seconds[drawn], 95)), seed)
    if answerable:
        summary |= _of_confidence(rows, unanswerable, seed)
    return summary


def summarise_groups(rows: Sequence[Row], *, seed: int = 0) -> dict[str, dict[str, Summary]]:
    """Returns {dimension: {value: summary}} of the dimensions that have two values or more, values in order."""
    judging = any(not row.answerable for row in asked(rows))
    groups: dict[str, dict[str, Summary]] = {}
    for dimension in DIMENSIONS:
        names = sorted({str(getattr(row, dimension)) for row in asked(rows)})
        if len(names) > 1:
            groups[dimension] = {
                name: summarise(
                    [row for row in rows if getattr(row, dimension) == name], seed=seed, judge_refusal=judging
                )
                for name in names
            }
    return groups


def asked(rows: Sequence[Row]) -> list[Row]:
    """Returns the rows without an error."""
    return [row for row in rows if not row.error]


def _values(figure: Figure, rows: Sequence[Row]) -> list[float]:
    return [value for row in rows for value in figure.of(row)]


def _of_confidence(rows: Sequence[Row], both: bool, seed: int) -> Summary:
    scores = np.array([row.confidence for row in rows])
    answerable = np.array([row.answerable for row in rows])
    right = answerable & np.array([row.first for row in rows])

    def told_apart(drawn: NDArray[np.int64]) -> float | None:
        return auroc(scores[drawn][answerable[drawn]], scores[drawn][~answerable[drawn]])

    found = {"auroc": _whole(len(rows), told_apart, seed)} if both else {}
    found["risk_coverage_area"] = _whole(len(rows), lambda drawn: risk_coverage_area(scores[drawn], right[drawn]), seed)
    if both:
        found["calibration_error"] = _whole(
            len(rows), lambda drawn: calibration_error(scores[drawn], answerable[drawn]), seed
        )
    return found


def _whole(count: int, of: _Statistic, seed: int) -> dict[str, Any]:
    return _figure(of(np.arange(count)), interval(count, of, seed=seed), count)


def _figure(value: float | None, limits: tuple[float, float] | None, count: int) -> dict[str, Any]:
    low, high = limits if limits else (None, None)
    return {"value": value, "low": low, "high": high, "n": count}

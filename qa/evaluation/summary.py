"""Sums rows up: every figure with its interval, overall and by group."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from qa.evaluation.figures import FIGURES, Figure
from qa.evaluation.intervals import interval, mean, mean_interval
from qa.evaluation.row import Row
from qa.evaluation.whole import WHOLES, Columns, Whole, columns_of

# What results are told by; each is a field of Row. "set" comes first: it holds the others.
DIMENSIONS = ("set", "category", "language", "kind")
Summary = dict[str, dict[str, Any]]


def summarise(rows: Sequence[Row], *, seed: int = 0, judge_refusal: bool | None = None) -> Summary:
    """Returns {figure: {"value", "low", "high", "n"}}; the interval is a 95% bootstrap over questions.

    Refusals are judged where there are unanswerable questions, or as `judge_refusal` says.

    A figure without a population (refusal where every question is answerable) is left out; so is a row with an error.
    """
    rows = asked(rows)
    if not rows:
        return {}
    judging = any(not row.answerable for row in rows) if judge_refusal is None else judge_refusal
    summary: Summary = {}
    for figure in FIGURES:
        values = _values(figure, rows)
        if values and (judging or not figure.judges_refusal):
            summary[figure.name] = _figure(mean(values), mean_interval(values, seed=seed), len(values))
    summary["seconds"]["median"] = float(np.median([row.seconds for row in rows]))
    columns = columns_of(rows)
    return summary | {whole.name: _whole(whole, columns, len(rows), seed) for whole in WHOLES if whole.applies(columns)}


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


def _whole(whole: Whole, columns: Columns, count: int, seed: int) -> dict[str, Any]:
    limits = interval(count, lambda drawn: whole.of(columns.drawn(drawn)), seed=seed)
    return _figure(whole.of(columns), limits, count)


def _figure(value: float | None, limits: tuple[float, float] | None, count: int) -> dict[str, Any]:
    low, high = limits if limits else (None, None)
    return {"value": value, "low": low, "high": high, "n": count}

"""Means and how sure they are: bootstrap intervals over questions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
_AT_ONCE = 1_000_000  # numbers drawn at a time, so that ten thousand questions do not fill the memory

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Totals:
    """What each item, a row, adds to each figure, a column: the sum of its values, and how many they are."""

    sums: NDArray[np.float64]
    counts: NDArray[np.float64]


def mean(values: Sequence[float] | NDArray[np.float64]) -> float | None:
    """Returns the mean, None of nothing."""
    return float(np.mean(values)) if len(values) else None


def interval(
    count: int, statistic: Callable[[NDArray[np.int64]], float | None], *, seed: int, resamples: int = RESAMPLES
) -> Interval | None:
    """Returns the 95% percentile bootstrap interval of a statistic of row numbers 0..count-1; None where undefined.

    Source: Efron and Tibshirani 1993, chapter 13.
    """
    random = np.random.default_rng(seed)
    drawn = (statistic(random.integers(0, count, count)) for _ in range(resamples)) if count else ()
    return _limits([value for value in drawn if value is not None])


def mean_interval(
    values: Sequence[float] | NDArray[np.float64], *, seed: int, resamples: int = RESAMPLES
) -> Interval | None:
    """Returns what `interval` returns for the mean, to the last digit, in a fraction of the time."""
    data = np.asarray(values, dtype=np.float64)
    if not len(data):
        return None
    means = [data[drawn].mean(axis=1) for drawn in _resamples(len(data), seed, resamples)]
    return _limits(np.concatenate(means))


def change_intervals(
    first: Totals, second: Totals, *, seed: int, resamples: int = RESAMPLES
) -> Sequence[Interval | None]:
    """Returns, for each figure, what `interval` returns for the change of its mean from the first to the second.

    Both are drawn alike. A resample in which a figure has no value in one of the two is left out of that figure.
    """
    changes = []
    for drawn in _resamples(len(first.sums), seed, resamples):
        # How often each item is drawn, times what it adds: the sums of every figure of every resample at once.
        places = drawn + len(first.sums) * np.arange(len(drawn))[:, None]
        times = np.bincount(places.ravel(), minlength=drawn.size).reshape(drawn.shape).astype(np.float64)
        with np.errstate(invalid="ignore"):  # nothing over nothing: no mean
            changes.append(times @ second.sums / (times @ second.counts) - times @ first.sums / (times @ first.counts))
    return [_limits(each[~np.isnan(each)]) for each in np.concatenate(changes).T] if changes else []


def _resamples(count: int, seed: int, resamples: int) -> Iterator[NDArray[np.int64]]:
    """Yields the numbers drawn, a row a resample, many rows at a time: the same draws as one after the other."""
    random = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // max(1, count))
    for begun in range(0, resamples if count else 0, step):
        yield random.integers(0, count, (min(step, resamples - begun), count))


def _limits(values: Sequence[float] | NDArray[np.float64]) -> Interval | None:
    return (float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))) if len(values) else None

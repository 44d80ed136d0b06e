"""Means and how sure they are: bootstrap intervals over questions."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
_AT_ONCE = 1_000_000  # numbers drawn at a time, so that ten thousand questions do not fill the memory

Interval = tuple[float, float]


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
    random = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // len(data))
    sizes = [min(step, resamples - begun) for begun in range(0, resamples, step)]
    means = [data[random.integers(0, len(data), (size, len(data)))].mean(axis=1) for size in sizes]
    return _limits(np.concatenate(means))


def _limits(values: Sequence[float] | NDArray[np.float64]) -> Interval | None:
    return (float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))) if len(values) else None

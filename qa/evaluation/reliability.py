"""What confidence is worth: the risk of answering more, and whether 0.8 means 0.8."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

BINS = 10


@dataclass(frozen=True, slots=True)
class Point:
    """Answering the questions of at least this confidence: which share of all that is, and how often it is wrong."""

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions with a confidence in (low, high], or of 0: their mean confidence, and the share that is so."""

    low: float
    high: float
    count: int
    confidence: float
    share: float


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[Point]:
    """Returns a point for each confidence that occurs, highest first: those of one confidence are answered together.

    Source: El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017.
    """
    points = []
    for confidence, answered, wrong in _steps(confidences, right):
        points.append(Point(confidence, answered / len(right), wrong / answered))
    return points


def risk_coverage_area(confidences: ArrayLike, right: ArrayLike) -> float | None:
    """Returns the mean risk over answering the 1, 2, ... n most confident questions; None of none.

    Questions of one confidence come in every order alike: the area is the mean over these orders.
    Source: Geifman, Uziel and El-Yaniv 2019, equation 1 (AURC).
    """
    scores, wrong = np.asarray(confidences, dtype=np.float64), ~np.asarray(right, dtype=bool)
    if not len(scores):
        return None
    _, group, sizes = np.unique(-scores, return_inverse=True, return_counts=True)
    shares = np.bincount(group, weights=wrong) / sizes
    expected = np.repeat(shares, sizes).cumsum()
    return float(np.mean(expected / np.arange(1, len(scores) + 1)))


def bins(confidences: ArrayLike, is_so: ArrayLike, count: int = BINS) -> list[Bin]:
    """Returns the bins of equal width that hold a question, lowest first: a reliability diagram.

    Source: DeGroot and Fienberg 1983; Guo et al. 2017, section 2.
    """
    scores, so = np.asarray(confidences, dtype=np.float64), np.asarray(is_so, dtype=np.float64)
    edges = np.linspace(0, 1, count + 1)
    places = np.searchsorted(edges[1:-1], scores, side="left")
    sizes = np.bincount(places, minlength=count)
    sums, so_sums = (np.bincount(places, weights=each, minlength=count) for each in (scores, so))
    return [
        Bin(float(edges[at]), float(edges[at + 1]), int(sizes[at]), sums[at] / sizes[at], so_sums[at] / sizes[at])
        for at in range(count)
        if sizes[at]
    ]


def calibration_error(confidences: ArrayLike, is_so: ArrayLike, count: int = BINS) -> float | None:
    """Returns the expected calibration error: the mean over questions of how far their bin's confidence is off.

    Source: Naeini, Cooper and Hauskrecht 2015; Guo et al. 2017, equation 3.
    """
    found = bins(confidences, is_so, count)
    total = sum(each.count for each in found)
    return float(sum(each.count * abs(each.share - each.confidence) for each in found) / total) if total else None


def _steps(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, int, int]]:
    """Returns (confidence, questions of at least that, wrong ones among them), highest confidence first."""
    steps: list[tuple[float, int, int]] = []
    answered = wrong = 0
    for confidence, is_right in sorted(zip(confidences, right, strict=True), key=lambda each: -each[0]):
        answered, wrong = answered + 1, wrong + (not is_right)
        if steps and steps[-1][0] == confidence:
            steps.pop()
        steps.append((confidence, answered, wrong))
    return steps

"""Figures of all questions together, which no row has by itself: how confidences rank, how times are spread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.metrics import auroc
from qa.evaluation.reliability import calibration_error, risk_coverage_area
from qa.evaluation.row import Row


@dataclass(frozen=True, slots=True)
class Columns:
    """What the figures are of, an item a row. `right`: it can be answered, and its first quote is of the evidence."""

    confidence: NDArray[np.float64]
    answerable: NDArray[np.bool_]
    right: NDArray[np.bool_]
    seconds: NDArray[np.float64]

    def drawn(self, places: NDArray[np.int64]) -> "Columns":
        """Returns the rows at these places, each as often as it is named."""
        return Columns(*(getattr(self, field.name)[places] for field in fields(self)))


def columns_of(rows: Sequence[Row]) -> Columns:
    """Returns the columns of the rows, in their order."""
    return Columns(
        np.array([row.confidence for row in rows], dtype=np.float64),
        np.array([row.answerable for row in rows], dtype=bool),
        np.array([row.answerable and row.first for row in rows], dtype=bool),
        np.array([row.seconds for row in rows], dtype=np.float64),
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """`of` gives the figure, None where it is undefined; `applies` says whether rows have it at all."""

    name: str
    of: Callable[[Columns], float | None]
    applies: Callable[[Columns], bool]


def _some(rows: Columns) -> bool:
    return bool(len(rows.seconds))


def _answerable(rows: Columns) -> bool:
    return bool(rows.answerable.any())


def _both(rows: Columns) -> bool:
    return bool(rows.answerable.any() and not rows.answerable.all())


WHOLES = (
    Whole("seconds_p50", lambda rows: float(np.percentile(rows.seconds, 50)), _some),
    Whole("seconds_p95", lambda rows: float(np.percentile(rows.seconds, 95)), _some),
    Whole("auroc", lambda rows: auroc(rows.confidence[rows.answerable], rows.confidence[~rows.answerable]), _both),
    Whole("risk_coverage_area", lambda rows: risk_coverage_area(rows.confidence, rows.right), _answerable),
    Whole("calibration_error", lambda rows: calibration_error(rows.confidence, rows.answerable), _both),
)

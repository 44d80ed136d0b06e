"""Checks confidence against what came of it: python -m benchmarks.calibration ROWS

ROWS is the folder that `python -m benchmarks.accuracy --rows ROWS` wrote. On the even questions of every set that has
unanswerable ones the shift of the logit is fitted that makes the mean confidence right, each set weighing the same; on
the odd questions the reliability and the rates at each setting are shown; --plot FILE.svg draws the reliability.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.plots import picture, reliability_plot
from qa.evaluation.reliability import bins
from qa.refuse import THRESHOLDS

_BINS = 5


def main() -> int:
    """Prints the shift that is still missing, the reliability and the rates; returns the exit status."""
    parser = argparse.ArgumentParser(description="Check the calibration of confidence.")
    parser.add_argument("rows", type=Path)
    parser.add_argument("--plot", type=Path, metavar="FILE.svg")
    arguments = parser.parse_args()
    sets = {path.stem: read(path) for path in sorted(arguments.rows.glob("*.jsonl"))}
    sets = {name: rows for name, rows in sets.items() if not all(row["answerable"] for row in rows)}
    if not sets:
        print(
            "No set here has unanswerable questions. Write the rows with benchmarks.accuracy --rows.", file=sys.stderr
        )
        return 1
    even = [rows[::2] for rows in sets.values()]
    print(f"shift to add on the even questions: {missing_shift(even):+.2f}")
    odd = {name: rows[1::2] for name, rows in sets.items()}
    every = [row for rows in odd.values() for row in rows]
    reliability(every)
    if arguments.plot:
        found = bins(column(every, "confidence"), column(every, "answerable"))
        arguments.plot.write_text(picture(reliability_plot(found)) + "\n", encoding="utf-8")
    for setting, least in THRESHOLDS.items():
        told = odd | {f"all {len(every):,}": every}
        print(f"{setting}: " + ", ".join(f"{name} {rates(rows, least)}" for name, rows in told.items()))
    return 0


def read(path: Path) -> list[dict[str, Any]]:
    """Returns the rows of one set."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def missing_shift(sets: list[list[dict[str, Any]]]) -> float:
    """Returns the shift of the logit at which mean confidence equals the share of answerable questions, sets equal."""
    logits = [np.log(c / (1 - c)) for c in (np.clip(column(rows, "confidence"), 1e-4, 1 - 1e-4) for rows in sets)]
    wanted = float(np.mean([column(rows, "answerable").mean() for rows in sets]))
    low, high = -5.0, 5.0
    for _ in range(50):
        middle = (low + high) / 2
        mean = float(np.mean([(1 / (1 + np.exp(-(each + middle)))).mean() for each in logits]))
        low, high = (middle, high) if mean < wanted else (low, middle)
    return low


def reliability(rows: list[dict[str, Any]]) -> None:
    """Prints, for each band of confidence, how many questions of it can be answered."""
    confidence, answerable = column(rows, "confidence"), column(rows, "answerable")
    for band in range(_BINS):
        inside = (confidence >= band / _BINS) & (confidence < (band + 1) / _BINS + (band == _BINS - 1))
        if inside.any():
            print(
                f"confidence {band / _BINS:.1f}-{(band + 1) / _BINS:.1f}: n={inside.sum():4}, "
                f"mean {confidence[inside].mean():.2f}, answerable {answerable[inside].mean():.2f}"
            )


def rates(rows: list[dict[str, Any]], least: float) -> str:
    """Returns the share of wrong refusals, and of unanswerable questions that were answered."""
    refused, answerable = column(rows, "confidence") < least, column(rows, "answerable").astype(bool)
    return f"wrong refusals {refused[answerable].mean():.2f}, wrong answers {(~refused)[~answerable].mean():.2f}"


def column(rows: list[dict[str, Any]], name: str) -> NDArray[np.float64]:
    """Returns one field of every row as numbers."""
    return np.array([float(row[name]) for row in rows])


if __name__ == "__main__":
    sys.exit(main())

"""The runs that were kept in one folder, each in a folder of its own, and what each came to."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from documents.errors import BadSetting
from qa.evaluation.folder import RUN, SUMMARY, Run
from qa.evaluation.summary import Summary

RUNS = "evaluations"  # in the index's folder


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that was finished; `name` is that of its folder, and tells the order in which runs were finished."""

    name: str
    run: Run
    asked: int
    errors: int
    figures: Summary
    failures: Mapping[str, int]


def keep_run(folder: Path, runs: Path, now: datetime) -> str:
    """Moves the folder of a finished run among the others; returns its name there.

    Raises:
        BadSetting: it cannot be written there.
    """
    stamp = now.strftime("%Y%m%d-%H%M%S")
    try:
        runs.mkdir(parents=True, exist_ok=True)
        number = 1
        while (target := runs / f"{stamp}-{number}").exists():
            number += 1
        shutil.move(folder, target)
    except OSError as error:
        raise BadSetting(f"{runs}: cannot be written ({error.strerror}). Make the folder writable.") from error
    return target.name


def past_runs(runs: Path) -> Sequence[PastRun]:
    """Returns the runs, the earliest first; one that is unfinished or damaged is left out."""
    if not runs.is_dir():
        return []
    found = [_past_run(folder) for folder in sorted(runs.iterdir(), key=lambda each: _order(each.name))]
    return [each for each in found if each]


def _order(name: str) -> tuple[str, int]:
    stamp, _, number = name.rpartition("-")
    return stamp, int(number) if number.isdigit() else 0


def _past_run(folder: Path) -> PastRun | None:
    try:
        run = Run(**json.loads((folder / RUN).read_text(encoding="utf-8")))
        summary: dict[str, Any] = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        return PastRun(folder.name, run, summary["asked"], summary["errors"], summary["figures"], summary["failures"])
    except (OSError, ValueError, TypeError, KeyError):
        return None

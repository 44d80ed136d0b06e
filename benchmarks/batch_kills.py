"""A batch that is killed at random moments and gone on with, set beside one that nobody disturbed."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.batch_runs import BatchRun, Done, Journaled
from benchmarks.question_file import Asked, write_questions


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: so many rows are done, counted over all runs, and so many seconds have passed since."""

    rows: int
    seconds: float


def killed(run: BatchRun, asked: Sequence[Asked], kills: int, seed: int) -> dict[str, Any]:
    """Returns how often the run was killed, at which rows, and whether it came to the same file byte for byte."""
    questions = write_questions(run.folder / "killed.jsonl", asked)
    whole = run.undisturbed(questions)
    kept = shutil.move(whole.answers, run.folder / f"undisturbed{run.suffix}")
    began = time.perf_counter()
    rows = [_kill(run, questions, each) for each in moments(whole, len(asked), kills, random.Random(seed))]
    times = [each for each in rows if each is not None]
    _run(run, questions)
    same = Path(kept).read_bytes() == whole.answers.read_bytes()
    lost = any(later < earlier for earlier, later in pairwise(times))
    print(f"kills: {len(times)} in {len(asked)} rows, after {times} rows; the same file: {same}; rows lost: {lost}")
    return {
        "rows": len(asked),
        "kills": len(times),
        "killed_after": times,
        "same": same,
        "rows_lost": lost,
        "undisturbed_seconds": whole.seconds,
        "seconds": time.perf_counter() - began,
    }


def moments(whole: Done, rows: int, kills: int, chance: random.Random) -> Iterator[Moment]:
    """Yields the moments in the order of the rows: one in ten in starting, one in ten in writing, others between."""
    edge = kills // 10
    marks = sorted(chance.randrange(rows) for _ in range(kills - 2 * edge))
    starts = sorted(chance.sample(range(len(marks) + 1), min(edge, len(marks) + 1)))
    for place, mark in enumerate(marks):
        if place in starts:
            yield Moment(0, chance.random() * whole.starting)
        yield Moment(mark, chance.random())
    if len(marks) in starts:
        yield Moment(0, chance.random() * whole.starting)
    for _ in range(edge):
        yield Moment(rows, chance.random() * whole.writing / 2)


def _kill(run: BatchRun, questions: Path, moment: Moment) -> int | None:
    """Goes on with the run and kills its whole group; returns the rows it then had, None where it was over before."""
    answers = run.answers_of(questions)
    partial = answers.with_name(f"{answers.name}.partial")
    if _is_whole(answers, partial):
        return None
    process = run.start(questions, answers, "--resume")
    journal = Journaled(partial)
    while process.poll() is None and journal.rows() < moment.rows:
        time.sleep(0.005)
    over = time.monotonic() + moment.seconds
    while process.poll() is None and time.monotonic() < over:
        time.sleep(0.001)
    if process.poll() is not None:
        return None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if _is_whole(answers, partial):  # as it ended
        return None
    return Journaled(partial).rows()


def _is_whole(answers: Path, partial: Path) -> bool:
    return answers.exists() and not partial.exists()


def _run(run: BatchRun, questions: Path) -> None:
    process: subprocess.Popen[bytes] = run.start(questions, run.answers_of(questions), "--resume")
    if process.wait():
        raise RuntimeError(f"{questions}: the command ended with exit status {process.returncode}")

"""The folder of a run: run.json says what was asked and how, results.jsonl has a row a question, flushed one by one.

summary.json and report.html are made of them when the last question is answered.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from documents.errors import BadSetting
from index.place import Location
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.row import Row, row_from, written
from qa.evaluation.run import Ask, each_row
from qa.pipeline import Pipeline

RUN, RESULTS, SUMMARY, REPORT = "run.json", "results.jsonl", "summary.json", "report.html"


@dataclass(frozen=True, slots=True)
class Run:
    """What was asked, and how: a stopped run goes on only where all of it is the same."""

    questions: str  # the file's name
    digest: str  # SHA-256 of the file
    count: int
    refuse: str
    rerank: bool
    model: str
    index: str
    index_generation: str  # changes with every change of the index
    began: str  # YYYY-MM-DD HH:MM UTC

    def differences(self, other: "Run") -> list[str]:
        """Returns what differs, in words, names, places and time aside."""
        named = {
            "digest": "the questions",
            "refuse": "--refuse",
            "rerank": "--no-rerank",
            "model": "the model",
            "index_generation": "the index",
        }
        return [words for name, words in named.items() if getattr(self, name) != getattr(other, name)]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run with its rows; fewer than `run.count` where it was stopped."""

    run: Run
    rows: list[Row] = field(default_factory=list)


def run_of(questions: Path, count: int, pipeline: Pipeline, *, refuse: str, index: Location, now: datetime) -> Run:
    """Returns what is about to be run."""
    return Run(
        questions=questions.name,
        digest=hashlib.sha256(questions.read_bytes()).hexdigest(),
        count=count,
        refuse=refuse,
        rerank=pipeline.settings.rerank.read,
        model=f"{pipeline.embedder.name} {pipeline.embedder.revision[:12]}",
        index=str(index),
        index_generation=pipeline.store.generation(),
        began=now.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )


def record(
    golds: Sequence[GoldQuestion],
    pipeline: Pipeline,
    run: Run,
    folder: Path,
    *,
    resume: bool = False,
    on_row: Callable[[int], None] = lambda done: None,
) -> list[Row]:
    """Asks the questions and returns their rows; each is in `folder` before the next is asked.

    With `resume` the rows that are there already are kept, and only the other questions are asked.

    Raises:
        BadSetting: the folder holds a run and `resume` is off, or the run in it is another one.
    """

    def ask(golds: Sequence[GoldQuestion]) -> Iterator[Row]:
        return each_row(golds, pipeline, refuse=run.refuse)

    return record_rows(golds, ask, run, folder, resume=resume, on_row=on_row)


def record_rows(
    golds: Sequence[GoldQuestion],
    ask: Ask,
    run: Run,
    folder: Path,
    *,
    resume: bool = False,
    on_row: Callable[[int], None] = lambda done: None,
) -> list[Row]:
    """Does what `record` does with rows that `ask` gives, in the order of the questions that are left."""
    rows = _begun(run, folder, resume=resume)
    with (folder / RESULTS).open("a", encoding="utf-8", newline="") as file:
        on_row(len(rows))
        for row in ask(golds[len(rows) :]):
            rows.append(row)
            file.writelines(f"{line}\n" for line in written([row]))
            file.flush()
            on_row(len(rows))
    return rows


def read_run(folder: Path) -> Recorded:
    """Returns the run in a folder that `record` wrote; a last line that was cut off is left out.

    Raises:
        BadSetting: there is none, or its files are damaged.
    """
    try:
        run = Run(**json.loads((folder / RUN).read_text(encoding="utf-8")))
        lines = (folder / RESULTS).read_bytes().split(b"\n")[:-1]
    except FileNotFoundError as error:
        raise BadSetting(
            f"{folder}: there is no evaluation here. Make one: removals-qa evaluate QUESTIONS --report {folder}"
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise BadSetting(
            f"{folder / RUN}: cannot be read ({error}). Run the evaluation into another folder."
        ) from error
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            rows.append(row_from(line.decode("utf-8")))
        except ValueError as error:
            raise BadSetting(
                f"{folder / RESULTS}, line {number}: {error}. Run the evaluation into another folder."
            ) from error
    return Recorded(run, rows)


def write_json(path: Path, value: Any) -> None:
    """Writes the value as JSON, whole or not at all."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    part = path.with_name(f"{path.name}.part")
    part.write_text(text + "\n", encoding="utf-8")
    os.replace(part, path)


def _begun(run: Run, folder: Path, *, resume: bool) -> list[Row]:
    """Returns the rows to keep, and leaves a folder to append to."""
    if not (folder / RUN).exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadSetting(f"{folder}: cannot be made ({error.strerror}). Name another folder.") from error
        (folder / RESULTS).write_bytes(b"")
        write_json(folder / RUN, asdict(run))
        return []
    if not resume:
        raise BadSetting(
            f"{folder}: an evaluation is here already. Go on with it: add --resume; or name another folder."
        )
    recorded = read_run(folder)
    differences = recorded.run.differences(run)
    if differences:
        raise BadSetting(
            f"{folder}: the evaluation here had other settings: {', '.join(differences)} changed since. "
            "Name another folder."
        )
    # A line that was being written when the run was stopped must not be continued.
    data = (folder / RESULTS).read_bytes()
    os.truncate(folder / RESULTS, data.rfind(b"\n") + 1)
    return recorded.rows

"""Question file in, answer file out: one row a question, in the same order, whatever happens to any of them."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion, BadSetting
from qa.batch.journal import Journal
from qa.batch.report import Report
from qa.batch.rows import Task, tasks_of, unanswered
from qa.batch.survey import Survey, survey
from qa.batch.words import LANGUAGES
from qa.batch.workers import Here, Workers
from qa.batch.write import OUTPUTS, Write, stream, write_whole
from qa.pipeline import Pipeline
from qa.types import Question

DEFAULT_LINK_BASE = "http://127.0.0.1:7860"  # where `removals-qa chat` serves the page


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """`question_column` names the column of the questions where its name is not recognised. With `resume` a run that
    was stopped goes on. `link_base` is where the page is served; citations link to it, or to nothing where it is "".
    `language` is that of the words around the quotes in files to read (.xlsx, .docx), and of what is said of errors.
    """

    question_column: str | None = None
    resume: bool = False
    link_base: str = DEFAULT_LINK_BASE
    language: str = "en"

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise BadSetting(f"language is {self.language!r}: choose one of {', '.join(LANGUAGES)}.")
        if self.link_base and not re.fullmatch(r"https?://[^\s\"<>]+", self.link_base):
            raise BadSetting(
                f"link_base is {self.link_base!r}: give an address such as {DEFAULT_LINK_BASE}, or nothing."
            )


def run_batch(
    questions: Path,
    answers: Path,
    pipeline: Pipeline,
    *,
    settings: BatchSettings | None = None,
    surveyed: Survey | None = None,
    workers: Workers | None = None,
    on_row: Callable[[int, int], None] = lambda done, errors: None,
    on_change: Callable[[], None] = lambda: None,
) -> int:
    """Answers every row of `questions` into `answers`, whose suffix says how; returns the number of error rows.

    Each row is kept as soon as it is answered, in the journal ANSWERS.partial and, for .jsonl and .csv, in `answers`
    itself; other files are written at the end. Questions that repeat are answered once. `workers` answer (by default
    the pipeline, here); `on_row` is told the number of rows that are done and of errors among them, and `on_change`
    is called at the end, also of a run that is stopped, where documents have changed since the run began: its answers
    are then not all of the same documents.

    Raises:
        AnotherRun: the journal is of another run.
        BadQuestion: the question file cannot be read at all, or the answer file is of another kind or cannot be
            written.
    """
    settings = settings or BatchSettings()
    _check(questions, answers)
    surveyed = surveyed or survey(questions, settings.question_column)
    state = _state(pipeline, settings, surveyed)
    journal = Journal(answers.with_name(f"{answers.name}.partial"), state, resume=settings.resume)
    refuse = pipeline.settings.refuse
    report = Report(questions.name, surveyed.extra, refuse, settings.link_base, journal, settings.language)
    with closing(journal):
        try:
            with stream(answers, report) as write:
                run = _Run(journal, workers or Here(pipeline, settings.language), write, on_row)
                run.ask(tasks_of(questions, settings.question_column, settings.language))
            write_whole(answers, report)
        finally:
            if pipeline.store.generation() != state["index"]:
                on_change()
        journal.remove()
    return journal.tally.errors


def _check(questions: Path, answers: Path) -> None:
    if answers.suffix.lower() not in OUTPUTS:
        raise BadQuestion(f"{answers}: answer files are .jsonl, .csv, .xlsx or .docx.")
    if answers.resolve() == questions.resolve():
        raise BadQuestion(f"{answers}: the answers would overwrite the questions. Name another file.")
    if answers.is_dir():
        raise BadQuestion(f"{answers}: is a folder. Name a file in it.")


def _state(pipeline: Pipeline, settings: BatchSettings, surveyed: Survey) -> dict[str, Any]:
    """Returns what the answers depend on: a run goes on only where it is the same."""
    return {
        "questions": surveyed.digest,
        "question_column": settings.question_column,
        "index": pipeline.store.generation(),
        "model": f"{pipeline.embedder.name} {pipeline.embedder.revision}",
        "settings": json.loads(json.dumps(asdict(pipeline.settings))),
    }


class _Run:
    """Hands questions to the workers and keeps what comes back; rows are written in the order of the question file."""

    def __init__(self, journal: Journal, workers: Workers, write: Write, on_row: Callable[[int, int], None]) -> None:
        self._journal, self._workers, self._write, self._on_row = journal, workers, write, on_row
        self._first: dict[bytes, int] = {}  # question -> the first row that asks it
        self._under_way: dict[int, Task] = {}
        self._waiting: dict[int, list[tuple[int, Task]]] = {}  # row under way -> those that repeat it
        self._written = 0

    def ask(self, tasks: Iterable[Task]) -> None:
        self._write_on()
        for place, task in enumerate(tasks):
            self._take(place, task)
            while not self._workers.room:
                self._collect()
        while self._under_way:
            self._collect()

    def _take(self, place: int, task: Task) -> None:
        if task.question is None:
            if place not in self._journal:
                self._journal.put(place, task, unanswered(task.error))
                self._tell()
            return
        first = self._first.setdefault(_digest(task.question), place)
        if place in self._journal:
            return
        if first == place:
            self._under_way[place] = task
            self._workers.submit(place, task.question)
        elif first in self._journal:
            self._journal.repeat(place, task, first)
            self._tell()
        else:
            self._waiting.setdefault(first, []).append((place, task))

    def _collect(self) -> None:
        for place, answer in self._workers.finished():
            self._journal.put(place, self._under_way.pop(place), answer)
            self._tell()
            for other, task in self._waiting.pop(place, ()):
                self._journal.repeat(other, task, place)
                self._tell()

    def _tell(self) -> None:
        self._write_on()
        self._on_row(len(self._journal), self._journal.tally.errors)

    def _write_on(self) -> None:
        while self._written in self._journal:
            self._write(self._journal, self._written)
            self._written += 1


def _digest(question: Question) -> bytes:
    """Returns a short value that two questions share only if text, history and narrowing are the same."""
    values = [getattr(question, each.name) for each in fields(question)]
    plain = repr([sorted(value) if isinstance(value, frozenset) else value for value in values])
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).digest()

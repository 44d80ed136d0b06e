"""What the jobs of the page do: a file of questions answered, or an evaluation made, with the page's own pipeline."""

import json
import re
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from index.writable import WritableStore
from page.jobs import Tell
from page.site import Site
from qa.batch import AnswerFile, BatchSettings, Report, run_batch, survey, write_again
from qa.evaluation.folder import RESULTS, record, run_of, write_json
from qa.evaluation.gold import read_gold
from qa.evaluation.history import RUNS, keep_run
from qa.evaluation.publish import publish
from qa.pipeline import Pipeline
from qa.question_files import ROLES, Row, read_questions

_ASKED, _NOTE = "asked", "job.json"  # in a job's folder: that of the file given, and what is done with it
_PREVIEWED = 5  # rows
_LONGEST_NAME = 120  # characters


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a question file: which roles its columns fill, and which columns are carried through."""

    roles: Sequence[str]
    extra: Sequence[str]
    rows: Sequence[Row]


def preview(questions: Path, column: str | None = None) -> Preview:
    """Returns the first rows.

    Raises:
        BadQuestion: the file cannot be read.
    """
    file = read_questions(questions, column)
    rows = list(islice(file.rows, _PREVIEWED))
    roles = file.recognised or [role for role in ROLES if any(role in row.fields for row in rows)]
    extra = file.extra or list(dict.fromkeys(name for row in rows for name in row.extra))
    return Preview(roles, extra, rows)


def safe_name(name: str) -> str:
    """Returns the name of an uploaded file as one that can be written: no folder, no odd characters."""
    last = re.split(r"[\\/]", name)[-1]
    stem, dot, suffix = re.sub(r"[^\w .()-]", "_", last).strip(" .").rpartition(".")
    return f"{(stem or 'questions')[-_LONGEST_NAME:]}{dot}{suffix[:10]}"


def new_task(kind: str, incoming: Path, folder: Path, site: Site, column: str = "") -> "BatchTask | EvaluationTask":
    """Returns the work on a file, of which `folder` keeps a copy; `kind` is "batch" or "evaluation".

    Raises:
        UserError: the file cannot be used.
    """
    questions = folder / _ASKED / incoming.name
    questions.parent.mkdir()
    questions.write_bytes(incoming.read_bytes())
    write_json(folder / _NOTE, {"kind": kind, "name": incoming.name, "column": column})
    return kept_task(folder, site)


def kept_task(folder: Path, site: Site) -> "BatchTask | EvaluationTask":
    """Returns the work whose files lie in the folder.

    Raises:
        UserError, OSError, ValueError, KeyError: the file cannot be used, or there is no such work.
    """
    note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
    questions = folder / _ASKED / note["name"]
    if note["kind"] == "batch":
        return BatchTask(questions, folder, site.pipeline, note["column"] or None)
    return EvaluationTask(questions, folder, site.pipeline, site.store)


class BatchTask:
    """Answers a file of questions into `answers`, JSON lines from which every other format is written."""

    def __init__(self, questions: Path, folder: Path, pipeline: Pipeline, column: str | None = None) -> None:
        """
        Raises:
            BadQuestion: the file cannot be read, or holds no questions.
        """
        self.name = questions.name
        self.preview = preview(questions, column)
        self.answers = AnswerFile(folder / "answers.jsonl")
        self._questions, self._pipeline, self._column = questions, pipeline, column
        self._survey = survey(questions, column)

    @property
    def total(self) -> int:
        return self._survey.rows

    def found(self) -> tuple[int, bool]:
        self.answers.refresh()
        return len(self.answers), len(self.answers) == self.total and not self._journal.exists()

    @property
    def _journal(self) -> Path:
        return self.answers.path.with_name(f"{self.answers.path.name}.partial")

    def work(self, tell: Tell) -> None:
        settings = BatchSettings(self._column, resume=True)
        run_batch(
            self._questions,
            self.answers.path,
            self._pipeline,
            settings=settings,
            surveyed=self._survey,
            on_row=tell,
        )

    def forget(self) -> None:
        self.answers.path.unlink(missing_ok=True)
        self._journal.unlink(missing_ok=True)
        self.answers = AnswerFile(self.answers.path)  # the old one holds the places of rows that are gone

    def written(self, suffix: str, link_base: str) -> Path:
        """Returns a new file of what is answered so far; citations link to the page at `link_base`.

        Raises:
            BadQuestion: there is no such format.
        """
        self.answers.refresh()
        target = self.answers.path.with_name(f"{secrets.token_hex(8)}{suffix}")
        refuse = self._pipeline.settings.refuse
        write_again(self.answers, target, Report(self.name, self._survey.extra, refuse, link_base, self.answers))
        return target


class EvaluationTask:
    """Measures answers on questions whose answers are known, and keeps the finished run in the index's folder."""

    def __init__(
        self,
        questions: Path,
        folder: Path,
        pipeline: Pipeline,
        store: WritableStore,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """
        Raises:
            BadQuestion: the file cannot be read, or a row of it cannot be used.
        """
        self.name = questions.name
        self.golds = read_gold(questions)
        self.run = ""  # the name of the finished one
        self._questions, self._folder, self._kept = questions, folder / "run", folder / "kept"
        self._pipeline, self._index, self._now = pipeline, store.folder, now

    @property
    def total(self) -> int:
        return len(self.golds)

    @property
    def answerable(self) -> int:
        """The number of questions that the documents are said to answer."""
        return sum(gold.answerable for gold in self.golds)

    def found(self) -> tuple[int, bool]:
        if self._kept.exists():
            self.run = self._kept.read_text(encoding="utf-8")
            return self.total, True
        results = self._folder / RESULTS
        return (results.read_bytes().count(b"\n") if results.exists() else 0), False

    def work(self, tell: Tell) -> None:
        refuse = self._pipeline.settings.refuse
        run = run_of(self._questions, self.total, self._pipeline, refuse=refuse, index=self._index, now=self._now())
        rows = record(self.golds, self._pipeline, run, self._folder, resume=True, on_row=lambda done: tell(done, 0))
        publish(run, rows, self._folder)
        self.run = keep_run(self._folder, self._index / RUNS, self._now())
        self._kept.write_text(self.run, encoding="utf-8")

    def forget(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

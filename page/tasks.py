"""What the jobs of the page do: a file of questions answered, or an evaluation made, with the page's own pipeline."""

import json
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from documents.errors import BadQuestion, UserError
from index.writable import WritableStore
from page.jobs import Tell
from page.site import Site
from page.wording import Wording
from qa.batch import AnotherRun, AnswerFile, BatchSettings, Report, run_batch, survey, write_again
from qa.evaluation.check import problems
from qa.evaluation.folder import RESULTS, RUN, read_run, record, run_of, write_json
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.history import RUNS, keep_run
from qa.evaluation.problem import Problem
from qa.evaluation.publish import publish
from qa.pipeline import Pipeline
from qa.question_files import ROLES, Row, read_questions

_ASKED, _NOTE = "asked", "job.json"  # in a job's folder: that of the file given, and what is done with it
_PROBLEMS = "problems.json"
_PREVIEWED = 5  # rows
MOST_PROBLEMS = 100  # told of a file; the rest of it is not checked
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
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    stem, dot, suffix = re.sub(r"[^\w .()-]", "_", last).rstrip(" .").rpartition(".")
    if not dot:
        stem, suffix = suffix, ""
    return f"{(stem.strip(' .') or 'questions')[-_LONGEST_NAME:]}{dot}{suffix[:10]}"


def new_task(
    kind: str, incoming: Path, folder: Path, site: Site, column: str = "", language: str = "en"
) -> "BatchTask | EvaluationTask":
    """Returns the work on a file, of which `folder` keeps a copy; `kind` is "batch" or "evaluation".

    `language` is that of the page on which the file was given.

    Raises:
        UserError: the file cannot be used.
    """
    questions = folder / _ASKED / incoming.name
    questions.parent.mkdir()
    questions.write_bytes(incoming.read_bytes())
    write_json(folder / _NOTE, {"kind": kind, "name": incoming.name, "column": column, "language": language})
    if kind == "evaluation":
        found = islice(problems(questions, site.store), MOST_PROBLEMS)
        write_json(folder / _PROBLEMS, [asdict(each) for each in found])
    return kept_task(folder, site)


def kept_task(folder: Path, site: Site) -> "BatchTask | EvaluationTask":
    """Returns the work whose files lie in the folder.

    Raises:
        UserError, OSError, ValueError, KeyError: the file cannot be used, or there is no such work.
    """
    note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
    questions = folder / _ASKED / note["name"]
    if note["kind"] == "batch":
        return BatchTask(questions, folder, site.pipeline, note["column"] or None, note.get("language", "en"))
    return EvaluationTask(questions, folder, site.pipeline, site.store)


class BatchTask:
    """Answers a file of questions into `answers`, JSON lines from which every other format is written."""

    def __init__(
        self, questions: Path, folder: Path, pipeline: Pipeline, column: str | None = None, language: str = "en"
    ) -> None:
        """Errors of rows are told in `language`.

        Raises:
            BadQuestion: the file cannot be read, or holds no questions.
        """
        self.name = questions.name
        self.preview = preview(questions, column)
        self.answers = AnswerFile(folder / "answers.jsonl")
        self._mixed = folder / "mixed"  # is there where documents changed meanwhile
        self._questions, self._pipeline, self._column = questions, pipeline, column
        self._language = language
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
        settings = BatchSettings(self._column, resume=True, language=self._language)
        try:
            run_batch(
                self._questions,
                self.answers.path,
                self._pipeline,
                settings=settings,
                surveyed=self._survey,
                on_row=tell,
                on_change=self._mixed.touch,
            )
        except AnotherRun as error:  # its own words name a file that nobody in a browser can reach
            why = "outdated_documents" if error.differs == "index" else "outdated_program"
            raise UserError(Wording("en")[why], french=Wording("fr")[why]) from error

    @property
    def mixed(self) -> bool:
        """Whether documents changed while the questions were being answered."""
        return self._mixed.exists()

    def forget(self) -> None:
        self._mixed.unlink(missing_ok=True)
        self.answers.remove()
        self._journal.unlink(missing_ok=True)
        self.answers = AnswerFile(self.answers.path)  # the old one holds the places of rows that are gone

    def written(self, suffix: str, link_base: str, language: str) -> Path:
        """Returns a new file of what is answered so far, in a language; citations link to the page at `link_base`.

        Raises:
            BadQuestion: there is no such format.
        """
        self.answers.refresh()
        target = self.answers.path.with_name(f"{secrets.token_hex(8)}{suffix}")
        refuse = self._pipeline.settings.refuse
        report = Report(self.name, self._survey.extra, refuse, link_base, self.answers, language)
        write_again(self.answers, target, report)
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
        """`golds` is empty where rows cannot be used; the problems were found when the file was given."""
        self.name = questions.name
        self.problems = [Problem(**each) for each in json.loads((folder / _PROBLEMS).read_text(encoding="utf-8"))]
        self.golds = self._read(questions)
        self.run = ""  # the name of the finished one
        self._questions, self._folder, self._kept = questions, folder / "run", folder / "kept"
        self._pipeline, self._index, self._now = pipeline, store.folder, now

    @property
    def total(self) -> int:
        return len(self.golds)

    @staticmethod
    def _read(questions: Path) -> Sequence[GoldQuestion]:
        try:
            return read_gold(questions)
        except BadQuestion:
            return ()  # its problems say why

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
        if not self.golds:
            raise BadQuestion(f"{self._questions}: rows of it cannot be used. Mend them and give the file again.")
        refuse = self._pipeline.settings.refuse
        run = run_of(self._questions, self.total, self._pipeline, refuse=refuse, index=self._index, now=self._now())
        if (self._folder / RUN).exists() and read_run(self._folder).run.differences(run):
            # the library's own words name a folder that nobody in a browser can reach
            raise UserError(Wording("en")["outdated_evaluation"], french=Wording("fr")["outdated_evaluation"])
        rows = record(self.golds, self._pipeline, run, self._folder, resume=True, on_row=lambda done: tell(done, 0))
        publish(run, rows, self._folder)
        self.run = keep_run(self._folder, self._index / RUNS, self._now())
        self._kept.write_text(self.run, encoding="utf-8")

    def forget(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

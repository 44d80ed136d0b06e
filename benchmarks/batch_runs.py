"""Runs of the batch command in a process group of their own, timed and watched; and the loop beside them."""

import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.memory import Watch
from benchmarks.question_file import Asked
from index.embed import SentenceTransformerEmbedder
from qa.conversation import turn_of
from qa.pipeline import Pipeline, Settings, open_pipeline
from qa.rerank import RerankSettings
from qa.types import Question


@dataclass(frozen=True, slots=True)
class Done:
    """An undisturbed run. `answering` are the seconds from its first answer to its last, `writing` those after it."""

    answers: Path
    seconds: float
    starting: float
    answering: float
    writing: float
    watch: Watch


class Journaled:
    """Counts the rows in the journal of a run, reading on from where it was last time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at, self._lines = 0, 0

    def rows(self) -> int:
        """Returns how many rows are whole; as many as last time where the journal is gone, or not there yet."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                while data := file.read(1 << 20):
                    self._lines += data.count(b"\n")
                    self._at += len(data)
        except FileNotFoundError:
            pass
        return max(0, self._lines - 1)


@dataclass(slots=True)
class BatchRun:
    """How the command is run: where files lie, which index, how many processes, what kind of answer file."""

    folder: Path
    index: Path
    workers: int
    suffix: str
    rerank: bool
    _pipeline: Pipeline | None = field(default=None)

    def start(self, questions: Path, answers: Path, *options: str) -> subprocess.Popen[bytes]:
        """Starts the command as the leader of a process group."""
        command = [sys.executable, "-m", "qa", "batch", str(questions), "-o", str(answers), "--index", str(self.index)]
        command += ["--workers", str(self.workers), *options, *([] if self.rerank else ["--no-rerank"])]
        return subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)

    def answers_of(self, questions: Path) -> Path:
        """Returns where the answers to a file are written."""
        return questions.with_name(f"{questions.stem}-answers{self.suffix}")

    def watched(self, questions: Path) -> Done:
        """Runs the command to its end while its memory is looked at once a second."""
        return self._timed(questions, watched=True)

    def undisturbed(self, questions: Path) -> Done:
        """Runs the command to its end."""
        return self._timed(questions, watched=False)

    def _timed(self, questions: Path, *, watched: bool) -> Done:
        answers = self.answers_of(questions)
        journal = Journaled(answers.with_name(f"{answers.name}.partial"))
        began = time.perf_counter()
        first = last = 0.0
        rows = 0
        process = self.start(questions, answers)
        watch = Watch(process.pid, lambda: rows, every=1.0)
        with watch if watched else nullcontext():
            while process.poll() is None:
                time.sleep(0.05)
                now, before, rows = time.perf_counter(), rows, journal.rows()
                first = first or (now if rows else 0.0)
                last = now if rows > before else last
        if process.returncode:
            raise RuntimeError(f"{questions}: the command ended with exit status {process.returncode}")
        ended = time.perf_counter()
        return Done(answers, ended - began, first - began, last - first, ended - last, watch)

    def loop(self, asked: Sequence[Asked], threads: int) -> float:
        """Returns the seconds that asking one by one takes in this process, PyTorch computing with so many threads."""
        import torch

        torch.set_num_threads(threads)
        if self._pipeline is None:
            settings = Settings(rerank=RerankSettings(read=self.rerank))
            self._pipeline = open_pipeline(self.index, SentenceTransformerEmbedder(), settings)
        for each in asked[:3]:
            self._pipeline.answer(_question(each))
        began = time.perf_counter()
        for each in asked:
            self._pipeline.answer(_question(each))
        return time.perf_counter() - began


def _question(asked: Asked) -> Question:
    turns = [turn_of(each) for each in asked.history]
    return Question(asked.text, history=tuple(turn for turn in turns if turn))

"""Who answers the questions of a run: this process, or several of them with one core each."""

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from documents.errors import BadSetting, UserError
from index.embed import SentenceTransformerEmbedder, keep_to_threads
from index.place import Location
from qa.batch.rows import answered
from qa.pipeline import Pipeline, Settings, open_pipeline
from qa.types import Question

Finished = tuple[int, dict[str, Any]]  # the place that was given with the question, an output row without its head
_PATIENCE = 5  # seconds


class Workers(Protocol):
    """Takes questions while there is `room`, and gives each back answered, in any order."""

    @property
    def room(self) -> bool: ...
    def submit(self, place: int, question: Question) -> None: ...
    def finished(self) -> Sequence[Finished]:
        """Waits until at least one question is answered; nothing where none is under way."""
        ...


@dataclass(slots=True)
class Here:
    """Answers in this process, one question after the other."""

    pipeline: Pipeline
    _finished: list[Finished] = field(default_factory=list)

    @property
    def room(self) -> bool:
        return not self._finished

    def submit(self, place: int, question: Question) -> None:
        self._finished.append((place, answered(question, self.pipeline)))

    def finished(self) -> Sequence[Finished]:
        taken, self._finished = self._finished, []
        return taken


@dataclass(frozen=True, slots=True)
class Opening:
    """What a process needs to open the pipeline for itself."""

    location: Location
    model: str
    settings: Settings
    token: str = ""

    def open(self) -> Pipeline:
        return open_pipeline(self.location, SentenceTransformerEmbedder(self.model), self.settings, token=self.token)


class Processes:
    """Answers in processes of their own, each started when there is a question for it.

    Each ends when this one does, however it ends.
    """

    def __init__(self, opening: Opening, count: int) -> None:
        if not 1 <= count <= 64:
            raise BadSetting(f"workers is {count}: choose between 1 and 64.")
        self._opening, self._count = opening, count
        self._idle: list[Connection] = []
        self._busy: list[Connection] = []
        self._processes: list[BaseProcess] = []

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (*self._idle, *self._busy):
            pipe.close()
        for process in self._processes:
            process.join(_PATIENCE)  # it ends by itself once its question is answered, and tidies up
            process.terminate()
            process.join()

    @property
    def room(self) -> bool:
        return len(self._busy) < self._count

    def submit(self, place: int, question: Question) -> None:
        if not self._idle:
            self._start()
        pipe = self._idle.pop()
        self._busy.append(pipe)
        try:
            pipe.send((place, question))
        except OSError as error:
            raise _stopped() from error

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would inherit the locks of threads that it lacks
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._opening), daemon=True)
        process.start()
        theirs.close()
        self._idle.append(ours)
        self._processes.append(process)

    def finished(self) -> Sequence[Finished]:
        ready = wait(self._busy) if self._busy else []
        return [self._received(pipe) for pipe in tuple(self._busy) if pipe in ready]

    def _received(self, pipe: Connection) -> Finished:
        try:
            place, answer = pipe.recv()
        except (EOFError, OSError) as error:
            raise _stopped() from error
        if isinstance(answer, UserError):
            raise answer
        if isinstance(answer, str):
            raise RuntimeError(f"A worker failed:\n{answer}")
        self._busy.remove(pipe)
        self._idle.append(pipe)
        return place, answer


def _stopped() -> UserError:
    return UserError(
        "A worker process was ended from outside, perhaps for want of memory. "
        "What was answered is kept: go on with --resume, and with fewer --workers."
    )


def _end_with_parent() -> None:
    """Ends this process at once when the one that started it is gone, even in the middle of a question."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _serve(pipe: Connection, opening: Opening) -> None:
    """Answers what comes through the pipe until it is closed."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the process above us decides
    keep_to_threads(1)
    pipeline: Pipeline | None = None
    while True:
        try:
            place, question = pipe.recv()
        except (EOFError, OSError):
            return
        result: object
        try:
            pipeline = pipeline or opening.open()
            result = answered(question, pipeline)
        except UserError as error:
            result = error
        except Exception:  # a bug: its traceback is shown where the user is
            result = traceback.format_exc()
        try:
            pipe.send((place, result))
        except OSError:
            return

"""Processes that work side by side, each on one core, with one set of models between them.

A first process loads what all of them read and then forks the others: their pages are the same memory until one of them
writes. The first is no copy of this process but a fresh one, because a fork lacks the threads of what it was forked
from and inherits their locks; it forks while it has no thread but its own. Where that cannot be seen (outside Linux),
or a library has begun a thread while it loaded, each process is fresh and loads the models for itself.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from documents.errors import BadSetting, UserError

MOST = 64
_PATIENCE = 5  # seconds
_TIDY = 2  # pieces; tensors of every size leave gaps in memory, and these add up to 80 MB in five questions
_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
_THREADS = Path("/proc/self/task")  # an entry for each thread of this process, on Linux


class Work(Protocol):
    """What the processes are to do; it goes to each of them by pickle."""

    def load(self) -> None:
        """Loads what processes may share: models, but no file, connection or thread."""
        ...

    def open(self) -> Callable[[Any], Any]:
        """Returns the function that does a piece of the work, with whatever each process must open for itself."""
        ...


class Processes:
    """Does pieces of work in several processes, which are started when there is a first piece.

    Each ends when this process does, however it ends.
    """

    def __init__(self, work: Work, count: int) -> None:
        if not 1 <= count <= MOST:
            raise BadSetting(f"workers is {count}: choose between 1 and {MOST}.")
        self._work, self._count = work, count
        self._idle: list[Connection] = []
        self._busy: list[Connection] = []
        self._first: BaseProcess | None = None

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (*self._idle, *self._busy):
            pipe.close()
        if self._first is not None:
            self._first.join(_PATIENCE)  # each ends by itself once its piece is done, and tidies up
            self._first.terminate()
            self._first.join()

    @property
    def room(self) -> bool:
        return len(self._busy) < self._count

    def submit(self, place: int, piece: object) -> None:
        """Hands out a piece of work where there is room; `place` comes back with what it gave."""
        if self._first is None:
            self._start()
        pipe = self._idle.pop()
        self._busy.append(pipe)
        try:
            pipe.send((place, piece))
        except OSError as error:
            raise _ended() from error

    def finished(self) -> list[tuple[int, Any]]:
        """Waits until at least one piece is done; nothing where none is under way.

        Raises:
            UserError: the work raised it, or a process was ended from outside.
        """
        ready = wait(self._busy) if self._busy else []
        return [self._received(pipe) for pipe in tuple(self._busy) if pipe in ready]

    def in_order(self, pieces: Iterable[object]) -> Iterator[Any]:
        """Yields what each piece gave, in the order of the pieces, as soon as those before it are done."""
        waiting: dict[int, Any] = {}
        told = 0
        for place, piece in enumerate(pieces):
            self.submit(place, piece)
            while not self.room:
                waiting.update(self.finished())
            while told in waiting:
                yield waiting.pop(told)
                told += 1
        while self._busy:
            waiting.update(self.finished())
        yield from (waiting[place] for place in sorted(waiting))

    def _start(self) -> None:
        pairs = [multiprocessing.Pipe() for _ in range(self._count)]
        theirs = [pair[1] for pair in pairs]
        context = multiprocessing.get_context("spawn")
        self._first = context.Process(target=_begin, args=(theirs, self._work))
        with _one_thread():
            self._first.start()
        for pipe in theirs:
            pipe.close()
        self._idle = [pair[0] for pair in pairs]

    def _received(self, pipe: Connection) -> tuple[int, Any]:
        try:
            place, result = pipe.recv()
        except (EOFError, OSError) as error:
            raise _ended() from error
        if isinstance(result, UserError):
            raise result
        if isinstance(result, _Failure):
            raise RuntimeError(f"A worker failed:\n{result.trace}")
        self._busy.remove(pipe)
        self._idle.append(pipe)
        return place, result


class _Failure:
    """A bug in the work: its traceback is shown where the user is."""

    def __init__(self, trace: str) -> None:
        self.trace = trace


def _ended() -> UserError:
    return UserError(
        "A worker process was ended from outside, perhaps for want of memory. "
        "What was answered is kept: go on with --resume, and with fewer --workers."
    )


@contextmanager
def _one_thread() -> Iterator[None]:
    """Has the libraries of processes that are started meanwhile compute with one thread: they read it as they load."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _begin(pipes: Sequence[Connection], work: Work) -> None:
    """Loads, starts the other processes, and then works like each of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the process above us decides
    trouble = _loaded(work)
    gc.collect()
    gc.freeze()  # a collection would write to every object, and so make each page twice
    _give_back()
    own, *others = pipes
    alone = _alone()
    context = multiprocessing.get_context("fork") if alone else multiprocessing.get_context("spawn")
    for pipe in others:
        strange = [each for each in pipes if each is not pipe] if alone else []  # a fork has all that is open here
        context.Process(target=_serve, args=(pipe, strange, work, trouble)).start()
    _serve(own, others, work, trouble)


def _loaded(work: Work) -> "UserError | _Failure | None":
    """Loads what is shared; returns what went wrong, which the first question of each process tells."""
    try:
        work.load()
    except UserError as error:
        return error
    except Exception:
        return _Failure(traceback.format_exc())
    return None


def _give_back() -> None:
    """Returns to the system what was taken and freed, of loading 55 MB, where the C library can (glibc)."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _alone() -> bool:
    """Returns whether this process is seen to have no other thread."""
    return _THREADS.is_dir() and len(list(_THREADS.iterdir())) == 1


def _serve(pipe: Connection, strange: Sequence[Connection], work: Work, trouble: "UserError | _Failure | None") -> None:
    """Does what comes through the pipe until it is closed. `strange` are the pipes of the others."""
    for each in strange:
        each.close()  # else the end of the process they belong to would not be noticed
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    do: Callable[[Any], Any] | None = None
    for number in count(1):
        if number % _TIDY == 0:
            _give_back()
        try:
            place, piece = pipe.recv()
        except (EOFError, OSError):
            return
        result: object = trouble
        if trouble is None:
            try:
                do = do or work.open()
                result = do(piece)
            except UserError as error:
                result = error
            except Exception:
                result = _Failure(traceback.format_exc())
        try:
            pipe.send((place, result))
        except OSError:
            return


def _end_with_parent() -> None:
    """Ends this process at once when the one that started it is gone, even in the middle of a piece."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

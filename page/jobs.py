"""Long work that outlives the page that asked for it: each job runs in a thread of its own and is known by a secret id.

Jobs are few, bounded in number, and deleted some time after anybody last looked at them.
"""

import logging
import re
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Semaphore, Thread
from typing import Protocol

from documents.errors import UserError

READY, WAITING, RUNNING, STOPPED, DONE, FAILED = "ready", "waiting", "running", "stopped", "done", "failed"
Tell = Callable[[int, int], None]  # is told the number of questions that are done, and of errors among them
_GLANCE = 0.2  # seconds between two looks whether it is a waiting job's turn


class NoJob(UserError):
    """No job has this id, or not any more."""


class _Stopped(Exception):
    """The job was told to stop."""


def told(error: UserError, folder: Path) -> str:
    """Returns the message with the names of the job's files, and without where they lie."""
    return re.sub(rf"{re.escape(str(folder))}/(?:[^/:]+/)*", "", str(error))


class Task(Protocol):
    """What a job does."""

    @property
    def total(self) -> int:
        """The number of questions."""
        ...

    def found(self) -> tuple[int, bool]:
        """Returns how many questions were done before this server was started, and whether nothing is left to do."""
        ...

    def work(self, tell: Tell) -> None:
        """Does what is left to do. `tell` raises where the work is to stop: what is done must be kept by then."""
        ...

    def forget(self) -> None:
        """Throws away what is done, so that `work` begins anew."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """`rate` is in questions a second, `remaining` in seconds; each is None until it can be told.

    `message` says why a failed job failed; it is "" where that is a fault of the program.
    """

    state: str
    done: int
    errors: int
    total: int
    rate: float | None
    remaining: float | None
    message: str


class Job:
    """A task with how far it is. Its files lie in `folder`."""

    def __init__(self, identity: str, folder: Path, task: Task, clock: Callable[[], float]) -> None:
        self.id, self.folder, self.task = identity, folder, task
        self.touched = clock()
        self._clock = clock
        self._stop = Event()
        self._lock = Lock()
        self._state, self._message = READY, ""
        self._done = self._errors = self._first = 0
        self._began = 0.0

    def take_up(self) -> None:
        """Puts the job where its task left off when another server was ended."""
        self._done, over = self.task.found()
        if over or self._done:
            self._state = DONE if over else STOPPED

    @property
    def busy(self) -> bool:
        return self._state in (WAITING, RUNNING)

    def progress(self) -> Progress:
        """Returns how far the job is."""
        with self._lock:
            seconds = self._clock() - self._began
            new = self._done - self._first
            rate = new / seconds if self._state == RUNNING and new and seconds > 0 else None
            remaining = (self.task.total - self._done) / rate if rate else None
            return Progress(self._state, self._done, self._errors, self.task.total, rate, remaining, self._message)

    def queue(self) -> bool:
        """Puts the job among those that wait; returns whether it was not there already, nor done."""
        with self._lock:
            if self.busy or self._state == DONE:
                return False
            self._state, self._message = WAITING, ""
            self._stop.clear()
            return True

    def forget(self) -> None:
        """Throws away what is done; a job that is busy keeps it."""
        with self._lock:
            if not self.busy:
                self.task.forget()
                self._done = self._errors = 0
                self._state = READY

    def stop(self) -> None:
        """Stops the job before its next question."""
        self._stop.set()

    def run(self, slots: Semaphore) -> None:
        """Waits for a slot, then works to the end, until it is stopped, or until it fails."""
        while not slots.acquire(timeout=_GLANCE):
            if self._stop.is_set():
                self._end(STOPPED)
                return
        try:
            self._begin()
            self.task.work(self._tell)
        except _Stopped:
            self._end(STOPPED)
        except UserError as error:
            self._end(FAILED, told(error, self.folder))
        except Exception:  # a bug: the others go on, and its traceback is where the program's are
            if self._stop.is_set():  # its files are gone
                self._end(STOPPED)
                return
            logging.getLogger(__name__).exception("A job failed.")
            self._end(FAILED)
        else:
            self._end(DONE)
        finally:
            slots.release()

    def _begin(self) -> None:
        with self._lock:
            if self._stop.is_set():
                raise _Stopped
            self._state, self._first, self._began = RUNNING, self._done, self._clock()

    def _tell(self, done: int, errors: int) -> None:
        with self._lock:
            self._done, self._errors = done, errors
        if self._stop.is_set() and done < self.task.total:
            raise _Stopped

    def _end(self, state: str, message: str = "") -> None:
        with self._lock:
            self._state, self._message, self.touched = state, message, self._clock()


class Jobs:
    """The jobs of one server."""

    def __init__(
        self,
        folder: Path,
        *,
        most: int = 60,
        at_once: int = 2,
        seconds: float = 24 * 3600,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """At most `most` are kept and `at_once` run; one is deleted `seconds` after it was last looked at."""
        self._folder, self._most, self._seconds, self._clock = folder, most, seconds, clock
        self._slots = Semaphore(at_once)
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()

    def add(self, make: Callable[[Path], Task]) -> Job:
        """Returns a new job; `make` is given a new folder for its files. The job that rested longest makes room.

        Raises:
            UserError: every job that is kept is under way; or `make` cannot make it of this file.
        """
        identity = secrets.token_urlsafe(24)
        folder = self._folder / identity
        folder.mkdir(parents=True, mode=0o700)
        try:
            job = Job(identity, folder, make(folder), self._clock)
            with self._lock:
                self._tidy(room=1)
                self._jobs[identity] = job
        except BaseException:
            shutil.rmtree(folder)
            raise
        return job

    def take_up(self, make: Callable[[Path], Task]) -> None:
        """Takes up the jobs that an earlier server left in the folder; one that `make` cannot make again is deleted."""
        for folder in sorted(each for each in self._folder.iterdir() if each.is_dir()):
            try:
                job = Job(folder.name, folder, make(folder), self._clock)
                job.take_up()
            except (UserError, OSError, ValueError, KeyError):  # damaged, or of another version
                shutil.rmtree(folder, ignore_errors=True)
            else:
                self._jobs[job.id] = job

    def get(self, identity: str) -> Job:
        """Returns a job.

        Raises:
            NoJob: there is none of this id.
        """
        with self._lock:
            self._tidy()
            job = self._jobs.get(identity)
            if job is None:
                raise NoJob("There is no such job, or not any more. Give the file again.")
            job.touched = self._clock()
            return job

    def start(self, job: Job) -> None:
        """Starts a job, or goes on with it, as soon as there is room; does nothing with one that is busy or done."""
        if job.queue():
            Thread(target=job.run, args=(self._slots,), daemon=True).start()

    def remove(self, job: Job) -> None:
        """Stops a job and deletes it with its files."""
        with self._lock:
            self._drop(job)

    def close(self) -> None:
        """Stops all jobs before their next question; their files stay."""
        with self._lock:
            for job in self._jobs.values():
                job.stop()

    def _tidy(self, room: int = 0) -> None:
        now = self._clock()
        resting = sorted((each for each in self._jobs.values() if not each.busy), key=lambda each: each.touched)
        for job in resting:
            full = len(self._jobs) + room > self._most
            if not full and now - job.touched < self._seconds:
                break
            self._drop(job)
        if len(self._jobs) + room > self._most:
            raise UserError(f"{len(self._jobs)} files are under way here already. Wait until one of them is done.")

    def _drop(self, job: Job) -> None:
        job.stop()
        self._jobs.pop(job.id, None)
        shutil.rmtree(job.folder, ignore_errors=True)

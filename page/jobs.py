"""Long work that outlives the page that asked for it: each job runs in a thread of its own and is known by a secret id.

Jobs are few, bounded in number, and deleted some time after anybody last looked at them.
"""

import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Semaphore, Thread
from typing import Protocol

from documents.errors import UserError

READY, WAITING, RUNNING, STOPPED, DONE, FAILED = "ready", "waiting", "running", "stopped", "done", "failed"
Tell = Callable[[int, int], None]  # is told the number of questions that are done, and of errors among them
_GLANCE = 0.2  # seconds between two looks whether it is a waiting job's turn
_HOUR, _DAY = 3600, 24 * 3600  # seconds


class NoJob(UserError):
    """No job has this id, or not any more."""


class JobUnread(UserError):
    """The files of a job are there, but cannot be read at present."""


class _Stopped(Exception):
    """The job was told to stop."""


def placeless(error: UserError, folder: Path) -> UserError:
    """Returns the error with the names of the job's files, and without where they lie."""
    within = re.compile(rf"{re.escape(str(folder))}/(?:[^/:]+/)*")
    return UserError(within.sub("", str(error)), french=within.sub("", error.french))


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

    `error` says why a failed job failed; it is None where that is a fault of the program.
    """

    state: str
    done: int
    errors: int
    total: int
    rate: float | None
    remaining: float | None
    error: UserError | None = None


class Job:
    """A task with how far it is. Its files lie in `folder`."""

    def __init__(self, identity: str, folder: Path, task: Task, clock: Callable[[], float]) -> None:
        self.id, self.folder, self.task = identity, folder, task
        self.touched = clock()
        self._clock = clock
        self._stop = Event()
        self._lock = Lock()
        self._state = READY
        self._error: UserError | None = None
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
            return Progress(self._state, self._done, self._errors, self.task.total, rate, remaining, self._error)

    def queue(self) -> bool:
        """Puts the job among those that wait; returns whether it was not there already, nor done."""
        with self._lock:
            if self.busy or self._state == DONE:
                return False
            self._state, self._error = WAITING, None
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
            self._end(FAILED, placeless(error, self.folder))
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

    def _end(self, state: str, error: UserError | None = None) -> None:
        with self._lock:
            self._state, self._error, self.touched = state, error, self._clock()


class Jobs:
    """The jobs of one server."""

    def __init__(
        self,
        folder: Path,
        *,
        most: int = 60,
        at_once: int = 2,
        seconds: float = 14 * _DAY,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        """At most `most` are kept and `at_once` run; one is deleted `seconds` after it was last looked at.

        `clock` counts while this server runs, `now` is the time that files bear.
        """
        self._folder, self._most, self._seconds, self._clock, self._now = folder, most, seconds, clock, now
        self._slots = Semaphore(at_once)
        self._jobs: dict[str, Job] = {}
        self._unread: set[str] = set()  # those whose files an earlier server left, but could not be read
        self._make: Callable[[Path], Task] | None = None
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
        """Takes up the jobs that an earlier server left in the folder, and deletes those that nobody looked at since.

        One that cannot be read is left as it is, for whoever asks for it later: the reason may pass, and its answers
        are a user's.
        """
        self._make = make
        for folder in sorted(each for each in self._folder.iterdir() if each.is_dir()):
            if self._rested(folder) >= self._seconds:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                self._take(folder, make)

    def get(self, identity: str) -> Job:
        """Returns a job.

        Raises:
            NoJob: there is none of this id.
            JobUnread: there is one whose files cannot be read.
        """
        with self._lock:
            self._tidy()
            if identity in self._unread and self._make is not None:
                self._take(self._folder / identity, self._make)
            if identity in self._unread:
                raise JobUnread("The files of this job cannot be read at present. Try later; the log says why.")
            job = self._jobs.get(identity)
            if job is None:
                raise NoJob("There is no such job, or not any more. Give the file again.")
            self._touch(job)
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

    def _take(self, folder: Path, make: Callable[[Path], Task]) -> None:
        """Takes up the job of a folder, or keeps in mind that it could not be read."""
        try:
            job = Job(folder.name, folder, make(folder), self._clock)
            job.take_up()
            job.touched = self._clock() - self._rested(folder)
        except (UserError, OSError, ValueError, KeyError, TypeError) as error:  # damaged, of another version, or busy
            logging.getLogger(__name__).warning("%s: this job is left as it is, it cannot be read: %s", folder, error)
            self._unread.add(folder.name)
        else:
            self._jobs[job.id] = job
            self._unread.discard(job.id)

    def _rested(self, folder: Path) -> float:
        """Returns the seconds since anybody looked at the job of a folder; its time of change says when."""
        try:
            return max(0.0, self._now() - folder.stat().st_mtime)
        except OSError:  # it cannot be told: nothing is deleted for that
            return 0.0

    def _touch(self, job: Job) -> None:
        """Notes that somebody looks at the job, for the next server too: a page looks every second."""
        job.touched = self._clock()
        if self._rested(job.folder) > _HOUR:
            with suppress(OSError):
                os.utime(job.folder)

    def _tidy(self, room: int = 0) -> None:
        now = self._clock()
        resting = sorted((each for each in self._jobs.values() if not each.busy), key=lambda each: each.touched)
        for job in resting:
            full = len(self._jobs) + room > self._most
            if not full and now - job.touched < self._seconds:
                break
            self._drop(job)
        if len(self._jobs) + room > self._most:
            raise UserError(
                f"{len(self._jobs)} files are under way here already. Wait until one of them is done.",
                french=f"{len(self._jobs)} fichiers sont déjà en cours ici. Attendez que l’un d’eux soit terminé.",
            )

    def _drop(self, job: Job) -> None:
        job.stop()
        self._jobs.pop(job.id, None)
        shutil.rmtree(job.folder, ignore_errors=True)

"""Jobs of the page: started, stopped, gone on with, bounded in number, and deleted."""

import os
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from threading import Event

import pytest

from documents.errors import BadQuestion, UserError, told
from page.job_folder import JobFolder
from page.jobs import DONE, FAILED, READY, RUNNING, STOPPED, WAITING, Job, Jobs, JobUnread, NoJob, Tell

DAY = 24 * 3600


class Counting:
    """Counts to `total`; waits before each number until `go` is set, and fails at `fails_at` with `error`."""

    def __init__(self, folder: Path, total: int = 3, *, error: Exception | None = None) -> None:
        self.total, self.counted, self.go = total, 0, Event()
        self._folder, self._error = folder, error

    def found(self) -> tuple[int, bool]:
        counted = self._folder / "counted"
        self.counted = int(counted.read_text()) if counted.exists() else 0
        return self.counted, self.counted == self.total

    def work(self, tell: Tell) -> None:
        while self.counted < self.total:
            if self._error:
                raise self._error
            self.go.wait(10)
            self.counted += 1
            (self._folder / "counted").write_text(str(self.counted))
            tell(self.counted, 0)

    def forget(self) -> None:
        self.counted = 0


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def until(job: Job, *states: str) -> None:
    for _ in range(1000):
        if job.progress().state in states:
            return
        time.sleep(0.01)
    raise AssertionError(job.progress())


def task_of(job: Job) -> Counting:
    assert isinstance(job.task, Counting)
    return job.task


def added(jobs: Jobs, *, go: bool = True, **more: object) -> Job:
    job = jobs.add(lambda folder: Counting(folder, **more))  # type: ignore[arg-type]
    if go:
        task_of(job).go.set()
    return job


def test_a_job_runs_to_its_end(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = added(jobs)
    assert job.progress().state == READY
    jobs.start(job)
    until(jobs.get(job.id), DONE)
    progress = job.progress()
    assert (progress.done, progress.total, progress.error) == (3, 3, None)
    jobs.start(job)  # what is done stays done
    assert job.progress().state == DONE


def test_a_stopped_job_goes_on_where_it_was(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = added(jobs, go=False, total=5)
    jobs.start(job)
    until(job, RUNNING)
    job.stop()
    task_of(job).go.set()
    until(job, STOPPED)
    assert (job.progress().done, task_of(job).counted) == (1, 1)
    jobs.start(job)
    until(job, DONE)
    assert task_of(job).counted == 5


def test_a_job_that_waits_can_be_stopped(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, at_once=1)
    first, second = added(jobs, go=False), added(jobs)
    jobs.start(first)
    until(first, RUNNING)
    jobs.start(second)
    assert second.progress().state == WAITING
    second.stop()
    until(second, STOPPED)
    jobs.start(second)
    task_of(first).go.set()
    until(second, DONE)


def test_a_failed_job_says_why_without_its_folder_and_begins_anew(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = added(jobs, error=BadQuestion("?"))
    task_of(job)._error = BadQuestion(
        f"{job.folder}/q.csv: changed. Begin anew.", french=f"{job.folder}/asked/q.csv : changé. Recommencez."
    )
    jobs.start(job)
    until(job, FAILED)
    error = job.progress().error
    assert error is not None
    assert [told(error, language) for language in ("en", "fr")] == [
        "q.csv: changed. Begin anew.",
        "q.csv : changé. Recommencez.",
    ]
    task_of(job)._error, task_of(job).counted = None, 2
    job.forget()
    assert task_of(job).counted == 0
    jobs.start(job)
    until(job, DONE)


def test_a_fault_of_the_program_ends_one_job_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    jobs = Jobs(tmp_path, at_once=1)
    bad, good = added(jobs, error=ZeroDivisionError("secret")), added(jobs)
    jobs.start(bad)
    until(bad, FAILED)
    assert bad.progress().error is None
    assert "ZeroDivisionError" in caplog.text
    jobs.start(good)
    until(good, DONE)


def test_rate_and_time_left_are_those_of_this_run(tmp_path: Path) -> None:
    clock = Clock()
    job = Job("x", tmp_path, Counting(tmp_path, total=10), clock)
    job._tell(4, 0)
    job._begin()
    assert (job.progress().rate, job.progress().remaining) == (None, None)
    clock.now = 4.0
    job._tell(6, 1)
    assert (job.progress().rate, job.progress().remaining) == (0.5, 8.0)


def test_ids_cannot_be_guessed(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    ids = {added(jobs).id for _ in range(20)}
    assert len(ids) == 20
    assert min(map(len, ids)) >= 32
    with pytest.raises(NoJob):
        jobs.get("1")


def test_a_job_nobody_looks_at_is_deleted_with_its_files(tmp_path: Path) -> None:
    clock = Clock()
    jobs = Jobs(tmp_path, seconds=10, clock=clock)
    kept, left = added(jobs), added(jobs)
    clock.now = 8.0
    jobs.get(kept.id)
    clock.now = 12.0
    jobs.get(kept.id)
    assert not left.folder.exists()
    assert kept.folder.exists()
    with pytest.raises(NoJob):
        jobs.get(left.id)


def test_the_job_that_rested_longest_makes_room(tmp_path: Path) -> None:
    clock = Clock()
    jobs = Jobs(tmp_path, most=2, clock=clock)
    first, second = added(jobs), added(jobs)
    clock.now = 1.0
    jobs.get(first.id)
    third = added(jobs)
    assert [each.folder.exists() for each in (first, second, third)] == [True, False, True]


def test_busy_jobs_do_not_make_room(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, most=1, at_once=1)
    job = added(jobs, go=False)
    jobs.start(job)
    with pytest.raises(UserError, match="under way"):
        added(jobs)
    assert [each.name for each in tmp_path.iterdir()] == [job.id]
    task_of(job).go.set()
    until(job, DONE)


def refused(folder: Path) -> Counting:
    raise BadQuestion("no questions")


@pytest.mark.parametrize("make", [refused])
def test_a_job_that_cannot_be_made_leaves_nothing(tmp_path: Path, make: Callable[[Path], Counting]) -> None:
    with pytest.raises(BadQuestion):
        Jobs(tmp_path).add(make)
    assert list(tmp_path.iterdir()) == []


def test_closing_stops_all_and_keeps_their_files(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = added(jobs, go=False)
    jobs.start(job)
    until(job, RUNNING)
    jobs.close()
    task_of(job).go.set()
    until(job, STOPPED)
    assert (job.folder / "counted").read_text() == "1"


def test_the_jobs_of_an_earlier_server_are_taken_up(tmp_path: Path) -> None:
    earlier = Jobs(tmp_path)
    new, stopped, done = added(earlier), added(earlier), added(earlier)
    (stopped.folder / "counted").write_text("2")
    earlier.start(done)
    until(done, DONE)
    (tmp_path / "lock").touch()
    jobs = Jobs(tmp_path)
    jobs.take_up(Counting)
    states = {each.id: (each.progress().state, each.progress().done) for each in map(jobs.get, (new.id, stopped.id))}
    assert states == {new.id: (READY, 0), stopped.id: (STOPPED, 2)}
    assert jobs.get(done.id).progress().state == DONE
    job = jobs.get(stopped.id)
    task_of(job).go.set()
    jobs.start(job)
    until(job, DONE)


def test_a_run_of_friday_is_there_on_monday_and_for_two_weeks(tmp_path: Path) -> None:
    clock = Clock()
    jobs = Jobs(tmp_path, clock=clock)
    job = added(jobs)
    clock.now = 13.9 * DAY
    assert jobs.get(job.id) is job
    clock.now += 14 * DAY
    with pytest.raises(NoJob):
        jobs.get(job.id)


@pytest.mark.parametrize(
    "error", [OSError("busy"), ValueError("half a line"), KeyError("name"), BadQuestion("damaged")]
)
def test_a_job_that_cannot_be_read_is_left_alone_until_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    job = added(Jobs(tmp_path))
    (job.folder / "counted").write_text("2")
    trouble: list[Exception] = [error]

    def make(folder: Path) -> Counting:
        if trouble:
            raise trouble[0]
        return Counting(folder)

    jobs = Jobs(tmp_path)
    jobs.take_up(make)
    assert f"{job.folder}: this job is left as it is, it cannot be read: {error}" in caplog.text
    with pytest.raises(JobUnread):
        jobs.get(job.id)
    assert (job.folder / "counted").read_text() == "2"
    trouble.clear()  # it has passed
    assert (jobs.get(job.id).progress().state, jobs.get(job.id).progress().done) == (STOPPED, 2)


@pytest.mark.parametrize("make", [Counting, refused])
def test_what_an_earlier_server_left_is_deleted_when_it_is_too_old(
    tmp_path: Path, make: Callable[[Path], Counting]
) -> None:
    old, new = added(Jobs(tmp_path)), added(Jobs(tmp_path))
    now = time.time()
    os.utime(old.folder, (now, now - 15 * DAY))
    os.utime(new.folder, (now, now - 13 * DAY))
    Jobs(tmp_path).take_up(make)
    assert [each.folder.exists() for each in (old, new)] == [False, True]


def test_who_looks_at_a_job_keeps_it_for_the_next_server_too(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path)
    job = added(jobs)
    os.utime(job.folder, (0, time.time() - 13 * DAY))
    jobs.get(job.id)
    assert time.time() - job.folder.stat().st_mtime < DAY


def test_time_that_passed_before_the_start_counts(tmp_path: Path) -> None:
    clock = Clock()
    job = added(Jobs(tmp_path))
    os.utime(job.folder, (0, time.time() - 13 * DAY))
    jobs = Jobs(tmp_path, clock=clock)
    jobs.take_up(Counting)
    clock.now = 2 * DAY
    with pytest.raises(NoJob):
        jobs.get(job.id)


@pytest.mark.skipif(not find_spec("fcntl"), reason="files are not locked here")
def test_one_server_at_a_time_has_the_folder_of_the_index(tmp_path: Path) -> None:
    first, second = JobFolder(tmp_path), JobFolder(tmp_path)
    assert (first.path, first.lasts, second.lasts) == (tmp_path / "jobs", True, False)
    assert first.path.stat().st_mode & 0o077 == 0
    assert second.path != first.path
    first.close()
    second.close()
    assert not second.path.exists()
    third = JobFolder(tmp_path)
    assert third.lasts
    third.close()


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = JobFolder(tmp_path / "file")
    assert (folder.lasts, folder.path.is_dir()) == (False, True)
    folder.close()

"""Processes that share the work: what they give, what they say when it goes wrong, and what they share."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from test_batch_kill import alive

from documents.errors import BadSetting, UserError
from qa.processes import Processes

LOADED_BY: list[int] = []  # by this process, or by the one that it was forked from
LINUX = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")


@dataclass(frozen=True, slots=True)
class Telling:
    """Pieces name what is to be done."""

    thread: bool = False  # begin a thread that stays
    fails: str = ""

    def load(self) -> None:
        if self.fails:
            raise UserError(self.fails)
        if self.thread:
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        LOADED_BY.append(os.getpid())

    def open(self) -> Callable[[Any], Any]:
        return self.tell

    def tell(self, piece: Any) -> Any:
        match piece:
            case "process":
                time.sleep(0.2)  # so that the other process gets the next piece
                return os.getpid(), list(LOADED_BY)
            case "end":
                os.kill(os.getpid(), signal.SIGKILL)
            case "mistake":
                raise UserError("That cannot be asked.")
            case "bug":
                return 1 // 0
            case "threads":
                return os.environ["OMP_NUM_THREADS"]
        time.sleep(piece / 100)
        return piece


def test_results_come_in_the_order_of_the_pieces() -> None:
    pieces = [9, 1, 1, 1, 5, 0, 0, 3]
    with Processes(Telling(), 3) as processes:
        assert list(processes.in_order(pieces)) == pieces
        assert list(processes.in_order([])) == []


@LINUX
def test_what_one_process_loaded_is_there_in_all() -> None:
    with Processes(Telling(), 3) as processes:
        told = list(processes.in_order(["process"] * 6))
    workers = {process for process, _ in told}
    assert len(workers) == 3
    assert os.getpid() not in workers
    loaded = {tuple(loaded) for _, loaded in told}
    assert len(loaded) == 1
    assert next(iter(loaded))[0] in workers


@LINUX
def test_beside_a_thread_nothing_is_forked() -> None:
    with Processes(Telling(thread=True), 2) as processes:
        told = dict(processes.in_order(["process"] * 4))
    assert sorted(map(len, told.values())) == [0, 1]  # the second process is fresh; it loads as it opens


def test_each_process_computes_with_one_thread_and_this_one_as_before() -> None:
    before = dict(os.environ)
    with Processes(Telling(), 2) as processes:
        assert set(processes.in_order(["threads"] * 4)) == {"1"}
    assert dict(os.environ) == before


def test_a_mistake_of_the_user_is_told() -> None:
    with Processes(Telling(), 2) as processes, pytest.raises(UserError, match="That cannot be asked"):
        list(processes.in_order([1, "mistake", 1]))


def test_what_cannot_be_loaded_is_told() -> None:
    with Processes(Telling(fails="No model."), 2) as processes, pytest.raises(UserError, match="No model"):
        list(processes.in_order([1]))


def test_a_bug_keeps_its_traceback() -> None:
    with Processes(Telling(), 2) as processes, pytest.raises(RuntimeError, match="return 1 // 0"):
        list(processes.in_order(["bug"]))


@pytest.mark.parametrize("before", [0, 1])  # which of the processes it is
def test_a_process_that_was_ended_is_noticed(before: int) -> None:
    with Processes(Telling(), 2) as processes, pytest.raises(UserError, match="ended from outside"):
        list(processes.in_order([200] * before + ["end", 1]))


def test_all_end_with_the_block() -> None:
    with Processes(Telling(), 3) as processes:
        workers = {process for process, _ in processes.in_order(["process"] * 6)}
    assert [worker for worker in workers if alive(worker)] == []


@pytest.mark.parametrize("count", [0, 65])
def test_their_number_has_bounds(count: int) -> None:
    with pytest.raises(BadSetting, match=f"workers is {count}"):
        Processes(Telling(), count)

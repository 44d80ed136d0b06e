"""Networks are computed in one thread of a process, whoever asks; each check is a process of its own, on two cores."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_BEGIN = """
import os, sys, threading
from concurrent.futures import ThreadPoolExecutor
from index.compute import computing

@computing
def where():
    return threading.get_ident()

@computing
def outer():
    return threading.get_ident(), where()

@computing
def fails():
    raise ValueError("as it was raised")
"""


def printed(script: str, threads: int = 2) -> list[str]:
    """Returns the lines that a new process prints, in which PyTorch computes with so many threads."""
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + script],
        check=True,
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": str(threads)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    return done.stdout.splitlines()


def test_all_callers_share_one_thread_and_work_within_work_stays_there() -> None:
    script = """
with ThreadPoolExecutor(4) as pool:
    callers = [pool.submit(where).result() for _ in range(8)]
print(len({where(), *callers, *outer()}), where() != threading.get_ident())
"""
    assert printed(script) == ["1 True"]


def test_on_one_core_the_caller_computes() -> None:
    assert printed("print(where() == threading.get_ident())", threads=1) == ["True"]


def test_an_error_reaches_the_caller_and_the_next_work_is_done() -> None:
    script = """
try:
    fails()
except ValueError as error:
    print(error)
print(outer()[0] == where())
"""
    assert printed(script) == ["as it was raised", "True"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot fork here")
def test_a_fork_has_a_thread_of_its_own() -> None:
    script = """
where()
child = os.fork()
if not child:
    print(where() != threading.get_ident(), flush=True)
    os._exit(0)
print(os.waitpid(child, 0)[1])
"""
    assert printed(script) == ["True", "0"]


def test_faiss_is_loaded_before_pytorch() -> None:
    assert printed("where()\nnames = list(sys.modules)\nprint(names.index('faiss') < names.index('torch'))") == ["True"]

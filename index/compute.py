"""Where a process computes its networks: one piece of work after the other, all in one thread.

OpenMP keeps a team of threads for each thread that computes. As soon as all teams together have more threads than the
machine has cores, it puts them to sleep after each of the thousands of steps of an answer instead of letting them wait
awake, and the answer takes half as long again (docs/benchmarks.md, "The page").

FAISS brings an OpenMP of its own, but is bound to PyTorch's, where its searches would be one more team, if PyTorch is
loaded first.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class _Computer:
    """Does the work; where one core computes, in the caller's thread, as nothing waits for it then."""

    def __init__(self) -> None:
        self._alone = threading.RLock()
        self._executor: ThreadPoolExecutor | None = None
        self._own = threading.local()

    def do(self, work: Callable[[], R]) -> R:
        import index.vectors  # noqa: F401

        # isort: split
        import torch

        if getattr(self._own, "computes", False):
            return work()
        if torch.get_num_threads() == 1:
            with self._alone:
                return work()
        with self._alone:
            if self._executor is None:
                self._executor = ThreadPoolExecutor(1, "networks", initializer=self._begin)
        return self._executor.submit(work).result()

    def _begin(self) -> None:
        self._own.computes = True


_computer = _Computer()


def _forget() -> None:
    """A fork has no thread but its own."""
    global _computer
    _computer = _Computer()


if hasattr(os, "register_at_fork"):  # not where processes cannot fork
    os.register_at_fork(after_in_child=_forget)


def computing(function: Callable[P, R]) -> Callable[P, R]:
    """Has the function, which loads or runs a network, do so where networks are computed: never two at a time."""

    @wraps(function)
    def computed(*args: P.args, **kwargs: P.kwargs) -> R:
        return _computer.do(lambda: function(*args, **kwargs))

    return computed

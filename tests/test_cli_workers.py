"""How many processes answer where nobody says so."""

import os
from argparse import Namespace

import pytest

from qa.cli import build_parser
from qa.cli.options import cores, workers_of


def arguments(*more: str, index: str = "index") -> Namespace:
    return build_parser().parse_args(["batch", "q.csv", "-o", "a.csv", "--index", index, *more])


@pytest.mark.parametrize("command", [["batch", "q.csv", "-o", "a.csv"], ["evaluate", "q.csv"]])
def test_every_core_that_may_be_used_answers(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.cli.options.cores", lambda: 4)
    assert workers_of(build_parser().parse_args(command), 1000) == 4


@pytest.mark.parametrize(("questions", "workers"), [(1, 1), (7, 1), (8, 2), (12, 3), (16, 4), (1000, 4)])
def test_a_small_file_starts_no_more_than_are_worth_it(
    monkeypatch: pytest.MonkeyPatch, questions: int, workers: int
) -> None:
    monkeypatch.setattr("qa.cli.options.cores", lambda: 4)
    assert workers_of(arguments(), questions) == workers


def test_what_is_asked_for_is_done() -> None:
    assert workers_of(arguments("--workers", "3"), 2) == 3


def test_an_index_that_lets_in_one_process_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.cli.options.cores", lambda: 4)
    assert workers_of(arguments(index="milvus:index.db"), 1000) == 1
    assert workers_of(arguments(index="milvus:http://127.0.0.1:19530/passages"), 1000) == 4


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the cores of a process cannot be chosen here")
def test_only_cores_that_this_process_may_use_count() -> None:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, before)

"""The promised figures of tests/expected.toml, measured on the sample of every question set."""

from pathlib import Path

import pytest
from rows import a_row

from benchmarks.evalsets import DEFAULT_FOLDER
from benchmarks.sample import EXPECTED, FIGURES, TOLERANCE, measure, promised
from qa.evaluation.gate import misses, read_gate


def test_the_promised_figures_are_kept() -> None:
    if not Path(DEFAULT_FOLDER).is_dir():
        pytest.skip("the question sets are not beside the project")
    assert misses(measure(DEFAULT_FOLDER), read_gate(EXPECTED)) == []


def test_every_set_is_promised_the_figures_of_the_sample() -> None:
    promises = read_gate(EXPECTED)
    assert len({promise.set for promise in promises}) == 10
    assert {promise.figure for promise in promises} == set(FIGURES)


@pytest.mark.parametrize(("without", "promises_it"), [(0, False), (1, False), (2, True), (6, True), (7, False)])
def test_auroc_is_promised_where_two_questions_of_either_kind_are_asked(without: int, promises_it: bool) -> None:
    rows = [a_row(id=str(at), answerable=at >= without, confidence=at / 8) for at in range(8)]
    assert ("auroc" in promised(rows)) is promises_it


def test_one_question_of_tolerance_is_promised_and_none_for_quotes() -> None:
    assert {promise.tolerance for promise in read_gate(EXPECTED) if promise.figure != "verbatim"} == {TOLERANCE}
    assert {promise.tolerance for promise in read_gate(EXPECTED) if promise.figure == "verbatim"} == {0}

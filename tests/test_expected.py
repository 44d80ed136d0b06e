"""The promised figures of tests/expected.toml, measured on the sample of every question set."""

import tomllib
from pathlib import Path

import pytest

from benchmarks.evalsets import DEFAULT_FOLDER
from benchmarks.sample import TOLERANCE, expected, measure, misses, written


def test_the_promised_figures_are_kept() -> None:
    if not Path(DEFAULT_FOLDER).is_dir():
        pytest.skip("the question sets are not beside the project")
    assert misses(measure(DEFAULT_FOLDER), expected()) == []


def test_a_figure_that_is_lower_by_more_than_the_tolerance_is_missed() -> None:
    promised = {"tolerance": 0.1, "promised": {"one": {"sentence_hit@1": 0.7}}}
    assert misses({"one": {"sentence_hit@1": 0.61}}, promised) == []
    assert misses({"one": {"sentence_hit@1": 0.59}}, promised) == ["one: sentence_hit@1 is 0.590; 0.700 is promised"]


def test_a_set_that_was_not_measured_is_missed() -> None:
    promised = {"tolerance": 0.1, "promised": {"one": {"sentence_hit@1": 0.7}}}
    assert misses({}, promised) == ["one: sentence_hit@1 is 0.000; 0.700 is promised"]


def test_quotes_are_verbatim_without_tolerance() -> None:
    promised = {"tolerance": 0.1, "promised": {"one": {"verbatim": 1.0}}}
    assert misses({"one": {"verbatim": 0.999}}, promised)


def test_what_is_written_promises_what_was_found() -> None:
    found = {"one": {"sentence_hit@1": 0.75, "verbatim": 1.0}}
    promised = tomllib.loads(written(found))
    assert promised == {"tolerance": TOLERANCE, "promised": found}

from pathlib import Path

import pytest

from documents.errors import BadSetting
from qa.evaluation.gate import Promise, misses, promises_for, read_gate, written


def gate(tmp_path: Path, text: str) -> list[Promise]:
    (tmp_path / "promised.toml").write_text(text, encoding="utf-8")
    return read_gate(tmp_path / "promised.toml")


def test_a_figure_that_is_lower_by_more_than_the_tolerance_is_missed() -> None:
    promises = [Promise("one", "sentence_hit@1", 0.7, 0.1)]
    assert misses({"one": {"sentence_hit@1": 0.61}}, promises) == []
    assert misses({"one": {"sentence_hit@1": 0.59}}, promises) == [
        "one: sentence_hit@1 is 0.590; 0.700 is promised, and 0.1 of tolerance"
    ]


def test_a_figure_that_is_to_be_low_is_missed_when_it_is_high() -> None:
    promises = [Promise("", "wrong_refusals", 0.1, 0.02)]
    assert misses({"": {"wrong_refusals": 0.0}}, promises) == misses({"": {"wrong_refusals": 0.12}}, promises) == []
    assert misses({"": {"wrong_refusals": 0.13}}, promises) == [
        "wrong_refusals is 0.130; 0.100 is promised, and 0.02 of tolerance"
    ]


@pytest.mark.parametrize("found", [{}, {"one": {}}, {"one": {"sentence_hit@1": None}}])
def test_a_figure_that_was_not_measured_is_missed(found: dict[str, dict[str, float | None]]) -> None:
    assert misses(found, [Promise("one", "sentence_hit@1", 0.7, 0.0)]) == [
        "one: sentence_hit@1 was not measured; 0.700 is promised"
    ]


def test_promises_are_read_with_their_tolerances(tmp_path: Path) -> None:
    text = "tolerance = 0.05\n[promised]\ndecision = 0.6\nverbatim = 1\nauroc = {value = 0.8, tolerance = 0.01}\n"
    assert gate(tmp_path, text) == [
        Promise("", "decision", 0.6, 0.05),
        Promise("", "verbatim", 1.0, 0.0),  # never tolerated
        Promise("", "auroc", 0.8, 0.01),
    ]


def test_promises_are_read_by_set(tmp_path: Path) -> None:
    text = "[promised.one]\ndecision = 0.6\nauroc = {value = 0.8, tolerance = 0.1}\n[promised.two]\ndecision = 0.7\n"
    assert [(each.set, each.figure, each.tolerance) for each in gate(tmp_path, text)] == [
        ("one", "decision", 0.0),
        ("one", "auroc", 0.1),
        ("two", "decision", 0.0),
    ]


def test_what_is_written_promises_what_was_found(tmp_path: Path) -> None:
    found = {"one": {"sentence_hit@1": 0.75, "verbatim": 1.0}}
    assert gate(tmp_path, written(found, 0.11, "Made by a test.")) == [
        Promise("one", "sentence_hit@1", 0.75, 0.11),
        Promise("one", "verbatim", 1.0, 0.0),
    ]


def test_the_promises_of_a_set_go_by_the_name_of_file_or_folder(tmp_path: Path) -> None:
    promises = gate(tmp_path, "[promised.one]\ndecision = 0.6\n[promised.two]\ndecision = 0.7\n")
    assert [each.value for each in promises_for(promises, ["questions", "two"], tmp_path)] == [0.7]
    with pytest.raises(BadSetting, match=r"promises nothing for questions or three; it does for one, two\. Name"):
        promises_for(promises, ["questions", "three"], tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("promised = ", "not TOML"),
        ("tolerance = 0.1", "promises nothing"),
        ("promised = 3", "promises nothing"),
        ("[promised]\ndecision = 'high'", "decision is 'high'. Write a number"),
        ("[promised]\ndecision = true", "decision is True. Write a number"),
        ("tolerance = 'much'\n[promised]\ndecision = 1", "tolerance is 'much'"),
        ("[promised]\ndecision = {value = 1, tolerence = 1}", "tolerence is not understood"),
        ("[promised.one]\ndecision = {tolerance = 1}", "it has no value"),
    ],
)
def test_a_gate_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadSetting) as told:
        gate(tmp_path, text)
    assert message in str(told.value)


def test_a_gate_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read"):
        read_gate(tmp_path / "none.toml")


def test_a_figure_at_the_very_edge_of_its_tolerance_is_kept() -> None:
    promise = Promise("", "first", 0.8, 0.1)  # 0.8 - 0.1 is a little more than 0.7
    assert misses({"": {"first": 0.7}}, [promise]) == []

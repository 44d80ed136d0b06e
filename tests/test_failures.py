import pytest
from rows import a_row

from qa.evaluation.failures import KINDS, counts, failure, reason
from qa.evaluation.row import Row

CASES = {
    "right": a_row(),
    "not retrieved": a_row(first=False, among=False, supports=(False,), evidence_rank=None, passage_gains=(False,) * 3),
    "not chosen": a_row(first=False, among=False, supports=(False,), evidence_rank=2),
    "chosen wrongly": a_row(first=False, quotes=("a", "b"), supports=(False, True)),
    "wrongly refused": a_row(refused=True, confidence=0.3),
    "wrongly answered": a_row(answerable=False, first=False, among=False, supports=(False,)),
    "not asked": a_row(error="none.txt: no document of this id"),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_row_has_one_kind_of_failure(kind: str) -> None:
    assert failure(CASES[kind]) == kind


def test_every_kind_has_a_case_and_a_meaning() -> None:
    assert set(CASES) == set(KINDS)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (a_row(answerable=False, refused=True), "right"),
        (a_row(evidence_rank=None), "right"),  # a part of the evidence is quoted, though no passage holds it
        (a_row(refused=True, first=False, among=False, evidence_rank=None), "not retrieved"),
        (a_row(refused=True, first=False, among=False, evidence_rank=7), "wrongly refused"),
        (a_row(first=False, among=True, evidence_rank=None), "chosen wrongly"),
    ],
)
def test_a_failure_is_told_at_the_first_step_that_failed(row: Row, kind: str) -> None:
    assert failure(row) == kind


def test_rows_are_counted_by_kind() -> None:
    found = counts([CASES["right"], CASES["right"], CASES["not chosen"]])
    assert (found["right"], found["not chosen"], sum(found.values())) == (2, 1, 3)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("not retrieved", "None of the 3 passages found holds the evidence; passage 1 is of the right document."),
        ("not chosen", "Passage 2 holds the evidence, but no sentence of the evidence was quoted."),
        ("chosen wrongly", "The right sentence is quote 2; another stands first."),
        ("wrongly refused", "Refused (confidence 0.30, and balanced asks for 0.50) though the evidence was found"),
        (
            "wrongly answered",
            "Answered (confidence 0.90, and balanced asks for 0.50) though the documents do not answer.",
        ),
        ("not asked", "none.txt: no document of this id"),
        ("right", "The right sentence stands first."),
    ],
)
def test_the_reason_is_told(kind: str, words: str) -> None:
    assert reason(CASES[kind], "balanced").startswith(words)

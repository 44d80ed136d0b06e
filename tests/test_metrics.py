import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from qa.evaluation.intervals import interval, mean
from qa.evaluation.metrics import auroc, evidence_hit, same_document, share_in_runs, token_f1

EVIDENCE = "The agency removed 17,357 people in 2024, more than in any of the ten years before."


def test_a_quote_that_contains_the_evidence_is_a_hit() -> None:
    assert evidence_hit(f"It said: {EVIDENCE} So it was.", "other", [EVIDENCE], ["gold"])


def test_space_makes_no_difference_to_a_hit() -> None:
    assert evidence_hit(EVIDENCE.replace(" ", "\n "), "other", [EVIDENCE], ["gold"])


def test_a_quote_contained_in_the_evidence_is_a_hit() -> None:
    assert evidence_hit("removed 17,357 people", "other", [EVIDENCE], ["gold"])


@pytest.mark.parametrize(("quote", "hit"), [("people in 2024,", False), ("7 people in 2024", True)])
def test_a_quote_contained_in_the_evidence_has_more_than_fifteen_characters(quote: str, hit: bool) -> None:
    assert len(quote) == 15 + hit
    assert evidence_hit(f" {quote}\n", "other", [EVIDENCE], ["gold"]) is hit


HALF = "agency removed 17,357 people -- a b c d e"  # five tokens in runs (17 and 357 are two) of ten


def test_half_the_tokens_in_runs_of_a_gold_document_are_a_hit() -> None:
    assert share_in_runs(HALF, EVIDENCE) == 0.5
    assert evidence_hit(HALF, "gold", [EVIDENCE], ["gold"])


def test_fewer_than_half_the_tokens_are_no_hit() -> None:
    assert not evidence_hit(HALF + " f", "gold", [EVIDENCE], ["gold"])


def test_half_the_tokens_of_another_document_are_no_hit() -> None:
    assert not evidence_hit(HALF, "other", [EVIDENCE], ["gold"])


def test_scattered_tokens_are_no_hit() -> None:
    assert not evidence_hit("agency a people b years c removed d", "gold", [EVIDENCE], ["gold"])


def test_no_evidence_is_never_hit() -> None:
    assert not evidence_hit(EVIDENCE, "gold", [], ["gold"])
    assert not evidence_hit(EVIDENCE, "gold", [""], ["gold"])


def test_one_evidence_of_several_is_enough() -> None:
    assert evidence_hit(EVIDENCE, "other", ["Something else.", EVIDENCE], ["gold"])


def test_share_in_runs_on_paper() -> None:
    # "a b c" and "d e f" are runs of the longer text, "x" and "y" are not: 6 of 8 tokens.
    assert share_in_runs("a b c x d e f y", "a b c d e f g h i j") == 0.75


def test_overlapping_runs_count_a_token_once() -> None:
    assert share_in_runs("a b c d z", "a b c d e f") == 0.8


def test_two_tokens_in_common_are_no_run() -> None:
    assert share_in_runs("a b x c d", "a b y c d") == 0


def test_nothing_shares_nothing() -> None:
    assert share_in_runs("", "a b c") == share_in_runs("", "") == 0


tokens = st.lists(st.sampled_from("abcd"), max_size=14).map(" ".join)


@given(tokens, tokens)
def test_share_in_runs_is_a_share(one: str, other: str) -> None:
    assert 0 <= share_in_runs(one, other) <= 1


@given(tokens, tokens)
def test_share_in_runs_is_symmetric_for_texts_of_different_lengths(one: str, other: str) -> None:
    # Of two texts of the same length the first counts as the shorter one, and either may repeat a run.
    if len(one) != len(other):
        assert share_in_runs(one, other) == share_in_runs(other, one)


def test_share_in_runs_is_symmetric_for_texts_of_one_length() -> None:
    one, other = "a a a a b c", "a a a b d e"
    assert share_in_runs(one, other) == share_in_runs(other, one)


@given(st.lists(st.sampled_from("abcd"), min_size=3, max_size=14).map(" ".join))
def test_identical_texts_share_everything(text: str) -> None:
    assert share_in_runs(text, text.upper()) == 1


@pytest.mark.parametrize("identity", ["iq:12", "docs/iq_12.txt", "iq_12.html", "iq_12"])
def test_a_document_is_its_gold_id_or_the_file_exported_from_it(identity: str) -> None:
    assert same_document(identity, ["other", "iq:12"])


@pytest.mark.parametrize("identity", ["iq:1", "iq_123.txt", "iq", "", "docs/iq_12.txt/x"])
def test_another_document_is_not_the_gold_one(identity: str) -> None:
    assert not same_document(identity, ["other", "iq:12"])


@pytest.mark.parametrize(
    ("answer", "gold", "score"),
    [
        ("the cat sat", "cat sat", 1.0),
        ("A cat!", "cat", 1.0),
        ("cat", "dog", 0.0),
        ("cat sat here", "cat sat", 0.8),  # 2 in common: precision 2/3, recall 1
        ("cat cat", "cat", 2 / 3),  # a repeated token counts once
        ("l'agence canadienne", "agence", 2 / 3),
        ("l’agence canadienne", "agence", 2 / 3),
        ("«Le Canada»", "canada", 1.0),
        ("", "cat", 0.0),
        ("the", "a", 1.0),  # nothing is left of either
        ("CAT", "cat", 1.0),
    ],
)
def test_token_f1_on_paper(answer: str, gold: str, score: float) -> None:
    assert token_f1(answer, [gold]) == pytest.approx(score)


def test_token_f1_takes_the_best_gold_answer() -> None:
    assert token_f1("cat sat", ["dog", "cat sat", "cat"]) == 1


def test_token_f1_against_no_answers_is_nothing() -> None:
    assert token_f1("cat", []) == 0


def test_auroc_on_paper() -> None:
    # pairs: 3>1, 3>2, 2>1 are won, 2=2 is a draw: 3.5 of 4
    assert auroc([3, 2], [1, 2]) == 0.875


@pytest.mark.parametrize("seed", range(10))
def test_auroc_agrees_with_scikit_learn_with_ties(seed: int) -> None:
    random = np.random.default_rng(seed)
    positive = np.round(random.normal(0.5, 1, random.integers(1, 60)), 1)
    negative = np.round(random.normal(0, 1, random.integers(1, 60)), 1)
    labels = [1] * len(positive) + [0] * len(negative)
    expected = roc_auc_score(labels, np.concatenate([positive, negative]))
    assert auroc(positive, negative) == pytest.approx(expected)


@pytest.mark.parametrize(("positives", "negatives"), [([], [1.0]), ([1.0], []), ([], [])])
def test_auroc_without_both_is_undefined(positives: list[float], negatives: list[float]) -> None:
    assert auroc(positives, negatives) is None


def test_mean_on_paper() -> None:
    assert mean([1, 2, 6]) == 3
    assert mean([]) is None


def test_an_interval_covers_the_mean_it_is_drawn_around() -> None:
    covered = 0
    for seed in range(100):
        data = np.random.default_rng(seed).normal(10, 2, 50)
        low, high = interval(50, lambda drawn, data=data: mean(data[drawn]), seed=seed, resamples=300)
        covered += low <= 10 <= high
    assert 88 <= covered <= 100  # a 95% interval; the percentile bootstrap of 50 values is a little narrow


def test_an_interval_is_as_wide_as_theory_says() -> None:
    data = np.random.default_rng(1).normal(0, 1, 400)
    low, high = interval(400, lambda drawn: mean(data[drawn]), seed=0)
    assert high - low == pytest.approx(2 * 1.96 / 400**0.5, rel=0.15)


def test_an_interval_is_the_same_for_the_same_seed() -> None:
    data = np.arange(20.0)
    one, two, other = (interval(20, lambda drawn: mean(data[drawn]), seed=seed) for seed in (3, 3, 4))
    assert one == two != other


def test_an_interval_of_nothing_is_undefined() -> None:
    assert interval(0, lambda drawn: 1.0, seed=0) is None
    assert interval(5, lambda drawn: None, seed=0) is None

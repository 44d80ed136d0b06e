"""Every metric on paper, as docs/metrics.md works it out, and against an independent implementation on random runs."""

import itertools
import math
import re
import string
from collections import Counter
from pathlib import Path

import ir_measures
import numpy as np
import pytest
from ir_measures import RR, R, Success, nDCG
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

from qa.evaluation.compare import binomial_p
from qa.evaluation.figures import LABELS
from qa.evaluation.intervals import interval, mean, mean_interval
from qa.evaluation.metrics import auroc, exact_match, holds_answer, squad_f1
from qa.evaluation.ranking import first_rank, ndcg, recall, reciprocal_rank, success
from qa.evaluation.reliability import Point, bins, calibration_error, risk_coverage, risk_coverage_area

EXACT = 1e-9
SEEDS = range(25)
DOCUMENTATION = Path(__file__).resolve().parent.parent / "docs" / "metrics.md"


def test_every_figure_is_defined() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    depth = re.compile(r"(?<=_recall)@\d+$")
    assert [name for name in LABELS if f"`{depth.sub('@k', name)}`" not in text] == []


# -- rankings. Gains: nothing, relevant, nothing, relevant; three are relevant in all.
GAINS = [False, True, False, True]


def test_rankings_on_paper() -> None:
    assert reciprocal_rank(GAINS) == 1 / 2
    assert [success(first_rank(GAINS), depth) for depth in (1, 2, 5)] == [0, 1, 1]
    assert recall(GAINS, 3, 4) == pytest.approx(2 / 3)
    assert recall(GAINS, 3, 2) == pytest.approx(1 / 3)
    best = 1 + 1 / math.log2(3) + 1 / 2
    assert ndcg(GAINS, 3, 10) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / best)
    assert round(ndcg(GAINS, 3, 10), 4) == 0.4982


def test_a_ranking_without_anything_relevant_is_worth_nothing() -> None:
    assert success(first_rank([False] * 3), 5) == success(first_rank([]), 5) == 0
    assert reciprocal_rank([False] * 3) == reciprocal_rank([]) == recall([], 2, 5) == ndcg([False], 2, 10) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_rankings_agree_with_ir_measures(seed: int) -> None:
    random = np.random.default_rng(seed)
    relevant = int(random.integers(1, 15))
    gains = (random.random(int(random.integers(1, 13))) < 0.3).tolist()
    relevant = max(relevant, sum(gains))
    found = [f"d{place}" for place in range(len(gains))]
    wanted = [name for name, gain in zip(found, gains, strict=True) if gain]
    wanted += [f"unfound{place}" for place in range(relevant - len(wanted))]
    qrels = [ir_measures.Qrel("q", name, 1) for name in wanted]
    # In trec_eval a judged 0 says the same as no judgement: some of both.
    qrels += [ir_measures.Qrel("q", name, 0) for name in found if name not in wanted and random.random() < 0.5]
    ranked = [ir_measures.ScoredDoc("q", name, float(-place)) for place, name in enumerate(found)]
    values = ir_measures.calc_aggregate(
        [nDCG @ 10, RR, *(each @ depth for each in (R, Success) for depth in (1, 5, 10))], qrels, ranked
    )
    assert ndcg(gains, relevant, 10) == pytest.approx(values[nDCG @ 10], abs=EXACT)
    assert reciprocal_rank(gains) == pytest.approx(values[RR], abs=EXACT)
    for depth in (1, 5, 10):
        assert recall(gains, relevant, depth) == pytest.approx(values[R @ depth], abs=EXACT)
        assert success(first_rank(gains), depth) == values[Success @ depth]


# -- answers as SQuAD compares them


@pytest.mark.parametrize(
    ("answer", "golds", "exact", "f1"),
    [
        ("the 17,357 people", ["17357 people", "people"], 1.0, 1.0),
        ("in 2024", ["2024"], 0.0, 2 / 3),  # precision 1/2, recall 1
        ("", [], 1.0, 1.0),  # unanswerable, refused
        ("2024", [], 0.0, 0.0),
        ("", ["2024"], 0.0, 0.0),
        ("The", ["an"], 1.0, 1.0),  # nothing is left of the gold answer: as if there were none
        ("a cat a cat", ["cat dog"], 0.0, 1 / 2),
    ],
)
def test_squad_on_paper(answer: str, golds: list[str], exact: float, f1: float) -> None:
    assert (exact_match(answer, golds), squad_f1(answer, golds)) == (exact, pytest.approx(f1))


def squad_by_its_definition(answer: str, golds: list[str]) -> tuple[float, float]:
    """Exact match and F1 from precision and recall, token by token, without Counter arithmetic."""

    def tokens(text: str) -> list[str]:
        kept = "".join(each for each in text.lower() if each not in string.punctuation)
        return [word for word in re.split(r"\s+", re.sub(r"\b(a|an|the)\b", " ", kept)) if word]

    def f1(given: list[str], wanted: list[str]) -> float:
        if not given or not wanted:
            return float(given == wanted)
        left = list(wanted)
        same = 0
        for token in given:
            if token in left:
                left.remove(token)
                same += 1
        precision, found = same / len(given), same / len(wanted)
        return 2 * precision * found / (precision + found) if same else 0.0

    usable = [gold for gold in golds if tokens(gold)] or [""]
    return (
        float(max(tokens(answer) == tokens(gold) for gold in usable)),
        max(f1(tokens(answer), tokens(gold)) for gold in usable),
    )


WORDS = ["the", "a", "An", "cat", "Cat.", "dog", "17,357", "U.S.", "émigré", "«x»", "-", "", "then", "theatre"]


@pytest.mark.parametrize("seed", SEEDS)
def test_squad_agrees_with_another_formulation(seed: int) -> None:
    random = np.random.default_rng(seed)

    def text() -> str:
        return " ".join(random.choice(WORDS, int(random.integers(0, 6))))

    for _ in range(20):
        answer, golds = text(), [text() for _ in range(int(random.integers(0, 4)))]
        exact, f1 = squad_by_its_definition(answer, golds)
        assert exact_match(answer, golds) == exact
        assert squad_f1(answer, golds) == pytest.approx(f1, abs=EXACT)


@pytest.mark.parametrize(
    ("text", "holds"),
    [("It was 2024, the year.", True), ("It was in 12024.", False), ("Year 2024 the", True), ("", False)],
)
def test_an_answer_is_held_word_by_word(text: str, holds: bool) -> None:
    assert holds_answer(text, ["no", "2024"]) is holds


def test_no_answer_is_held_by_nothing() -> None:
    assert not holds_answer("anything", [])
    assert not holds_answer("anything", ["", "the"])


# -- confidence. Three questions of confidence 0.9 (wrong), 0.6 (right), 0.6 (wrong), 0.2 (right).
CONFIDENCES, RIGHT = [0.9, 0.6, 0.6, 0.2], [False, True, False, True]


def test_risk_and_coverage_on_paper() -> None:
    assert risk_coverage(CONFIDENCES, RIGHT) == [Point(0.9, 0.25, 1.0), Point(0.6, 0.75, 2 / 3), Point(0.2, 1.0, 0.5)]
    # 1, then one of two or two of two alike likely, 2/3, 1/2
    assert risk_coverage_area(CONFIDENCES, RIGHT) == pytest.approx((1 + 1.5 / 2 + 2 / 3 + 1 / 2) / 4)
    assert risk_coverage_area([], []) is None


def area_over_every_order(confidences: list[float], right: list[bool]) -> float:
    """The mean, over every order that confidence allows, of the mean risk of the first 1, 2, ... n."""
    areas = []
    for order in itertools.permutations(range(len(right))):
        if all(confidences[one] >= confidences[other] for one, other in itertools.pairwise(order)):
            wrong = np.cumsum([not right[place] for place in order])
            areas.append(float(np.mean(wrong / np.arange(1, len(order) + 1))))
    return float(np.mean(areas))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_area_agrees_with_every_order_of_ties(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 8))
    confidences = np.round(random.random(count), 1).tolist()
    right = (random.random(count) < 0.6).tolist()
    assert risk_coverage_area(confidences, right) == pytest.approx(area_over_every_order(confidences, right), abs=EXACT)


@pytest.mark.parametrize("seed", SEEDS)
def test_risk_agrees_with_counting_at_each_threshold(seed: int) -> None:
    random = np.random.default_rng(seed)
    confidences = np.round(random.random(40), 1)
    right = random.random(40) < 0.7
    for point in risk_coverage(confidences.tolist(), right.tolist()):
        answered = confidences >= point.confidence
        assert point.coverage == pytest.approx(answered.mean(), abs=EXACT)
        assert point.risk == pytest.approx((~right[answered]).mean(), abs=EXACT)


def test_calibration_on_paper() -> None:
    # (0.9, 1.0]: confidence 0.95, all so; (0.5, 0.6]: 0.6, half so; 0.2 lies in (0.1, 0.2]: not so
    found = bins([0.95, 0.6, 0.6, 0.2], [True, True, False, False])
    assert [(each.low, each.count, each.share) for each in found] == [(0.1, 1, 0.0), (0.5, 2, 0.5), (0.9, 1, 1.0)]
    expected = (0.05 * 1 + 0.1 * 2 + 0.2 * 1) / 4
    assert calibration_error([0.95, 0.6, 0.6, 0.2], [True, True, False, False]) == pytest.approx(expected)
    assert calibration_error([], []) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_calibration_agrees_with_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    confidences = np.round(random.beta(2, 1, 70), 2)
    confidences[:3] = [0.0, 1.0, 0.5]  # the ends, and an edge
    is_so = random.random(70) < confidences
    shares, means = calibration_curve(is_so, confidences, n_bins=10, strategy="uniform")
    found = bins(confidences, is_so)
    assert [each.share for each in found] == pytest.approx(shares.tolist(), abs=EXACT)
    assert [each.confidence for each in found] == pytest.approx(means.tolist(), abs=EXACT)
    counts = Counter(max(0, math.ceil(round(float(each) * 10, 6)) - 1) for each in confidences)
    sizes = np.array([counts[place] for place in sorted(counts)])
    expected = float((sizes * np.abs(shares - means)).sum() / 70)
    assert calibration_error(confidences, is_so) == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("seed", SEEDS)
def test_auroc_agrees_with_scikit_learn_to_the_ninth_digit(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = np.round(random.random(60), 1)
    answerable = random.random(60) < 0.8
    expected = roc_auc_score(answerable, scores)
    assert auroc(scores[answerable].tolist(), scores[~answerable].tolist()) == pytest.approx(expected, abs=EXACT)


# -- how sure


def test_mcnemar_on_paper() -> None:
    # 1 won, 5 lost: 2 * (1 + 6) / 64
    assert binomial_p(1, 5) == pytest.approx(14 / 64)
    assert binomial_p(0, 0) == binomial_p(3, 3) == 1


@pytest.mark.parametrize(("won", "lost"), [(0, 1), (0, 10), (2, 9), (40, 61), (500, 400), (1700, 1500), (0, 3000)])
def test_mcnemar_agrees_with_scipy(won: int, lost: int) -> None:
    assert binomial_p(won, lost) == pytest.approx(binomtest(won, won + lost).pvalue, rel=1e-9)
    assert binomial_p(lost, won) == binomial_p(won, lost)


@pytest.mark.parametrize("count", [1, 2, 7, 613, 4001])
def test_the_quick_interval_of_the_mean_is_the_interval_of_the_mean(count: int) -> None:
    values = np.random.default_rng(count).random(count)
    assert mean_interval(values, seed=5, resamples=300) == interval(
        count, lambda drawn: mean(values[drawn]), seed=5, resamples=300
    )


def test_the_quick_interval_of_nothing_is_undefined() -> None:
    assert mean_interval([], seed=0) is None

"""Every figure of a summary, recomputed by other means from random rows: equal confidences, gaps, errors, no answers.

What the single metrics come to is compared in test_evaluation_metrics.py; here it is what is reported of many rows.
"""

import re
import statistics
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import ir_measures
import numpy as np
import pytest
from ir_measures import RR, R, Success, nDCG
from numpy.typing import NDArray
from rows import a_row
from scipy.stats import bootstrap
from sklearn.metrics import accuracy_score, precision_score, recall_score, roc_auc_score

from qa.evaluation.figures import LABELS
from qa.evaluation.metrics import token_f1
from qa.evaluation.row import Row
from qa.evaluation.summary import summarise

EXACT = 1e-9
SEEDS = range(4)
LEAST = 0.5  # confidence of an answer that is not refused


def flags(random: np.random.Generator, most: int, *, least: int = 0, share: float = 0.4) -> tuple[bool, ...]:
    return tuple((random.random(int(random.integers(least, most + 1))) < share).tolist())


def random_row(random: np.random.Generator, at: int) -> Row:
    answerable, named = bool(random.random() < 0.7), bool(random.random() < 0.8)
    found, supports = flags(random, 10, share=0.2), flags(random, 3)
    of_gold = flags(random, 6) if named else (False,) * int(random.integers(0, 7))
    confidence = round(float(random.random()), 1)
    return a_row(
        id=str(at),
        answerable=answerable,
        confidence=confidence,
        refused=confidence < LEAST,
        passage_gains=found,
        passages_relevant=sum(found) + int(random.integers(0, 3)),
        evidence_rank=next((rank for rank, gain in enumerate(found, 1) if gain), None),
        documents=("a",) if named else (),
        document_gains=of_gold,
        documents_relevant=max(int(named), sum(of_gold)) + int(named and random.random() < 0.5),
        document_rank=next((rank for rank, gain in enumerate(of_gold, 1) if gain), None),
        quotes=tuple("x" * int(random.integers(1, 300)) for _ in supports),
        supports=supports,
        verbatim=tuple((random.random(len(supports)) < 0.9).tolist()),
        first=supports[:1] == (True,),
        among=any(supports),
        pieces=flags(random, 4) if answerable else (),
        f1=round(float(random.random()), 2),
        exact=float(random.random() < 0.3),
        squad_f1=round(float(random.random()), 2),
        seconds=round(float(random.gamma(2, 0.2)), 2),
        error="could not be asked" if random.random() < 0.05 else "",
    )


@pytest.fixture(params=SEEDS)
def rows(request: pytest.FixtureRequest) -> tuple[Row, ...]:
    random = np.random.default_rng(request.param)
    rows = [random_row(random, at) for at in range(60)]
    answered = a_row(id="answered", supports=(False,), first=False, among=False)
    return (*rows, answered, a_row(id="none", answerable=False, refused=True, confidence=0.1))


summary_of = lru_cache(summarise)


def values(rows: tuple[Row, ...]) -> dict[str, float]:
    return {name: figure["value"] for name, figure in summary_of(rows).items()}


def asked(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.error == ""]


def with_answer(rows: Sequence[Row]) -> list[Row]:
    return [row for row in asked(rows) if row.answerable]


# -- retrieval: trec_eval


def by_trec_eval(
    rows: Sequence[Row],
    gains: Callable[[Row], Sequence[bool]],
    relevant: Callable[[Row], int],
    *measures: ir_measures.Measure,
) -> list[float]:
    """Means over the rows; a row of which nothing relevant is known is given one thing that nobody finds."""
    qrels, ranked = [], []
    for row in rows:
        wanted = [f"d{at}" for at, gain in enumerate(gains(row)) if gain]
        wanted += [f"unfound{at}" for at in range(max(relevant(row), 1) - len(wanted))]
        qrels += [ir_measures.Qrel(row.id, name, 1) for name in wanted]
        ranked += [ir_measures.ScoredDoc(row.id, f"d{at}", float(-at)) for at in range(len(gains(row)))]
    found = ir_measures.calc_aggregate(list(measures), qrels, ranked)
    return [found[measure] for measure in measures]


@pytest.mark.parametrize("depth", [1, 5, 10])
def test_reported_recall_is_success_of_trec_eval(rows: tuple[Row, ...], depth: int) -> None:
    found, asked_for = values(rows), with_answer(rows)
    evidence = by_trec_eval(asked_for, lambda row: row.passage_gains, lambda row: 1, Success @ depth)
    named = [row for row in asked_for if row.documents]
    document = by_trec_eval(named, lambda row: row.document_gains, lambda row: 1, Success @ depth)
    assert [found[f"evidence_recall@{depth}"]] == pytest.approx(evidence, abs=EXACT)
    assert [found[f"document_recall@{depth}"]] == pytest.approx(document, abs=EXACT)


def test_recall_of_several_is_recall_of_trec_eval(rows: tuple[Row, ...]) -> None:
    found = values(rows)
    of_several = [row for row in with_answer(rows) if row.passages_relevant >= 2]
    passages = by_trec_eval(of_several, lambda row: row.passage_gains, lambda row: row.passages_relevant, R @ 10)
    assert [found["several_passages_recall@10"]] == pytest.approx(passages, abs=EXACT)
    of_several = [row for row in with_answer(rows) if row.documents_relevant >= 2]
    documents = by_trec_eval(of_several, lambda row: row.document_gains, lambda row: row.documents_relevant, R @ 10)
    assert [found["several_documents_recall@10"]] == pytest.approx(documents, abs=EXACT)


def test_rankings_are_averaged_as_trec_eval_does(rows: tuple[Row, ...]) -> None:
    found = values(rows)
    passages = by_trec_eval(
        with_answer(rows), lambda row: row.passage_gains, lambda row: row.passages_relevant, RR, nDCG @ 10
    )
    assert [found["passage_mrr"], found["passage_ndcg@10"]] == pytest.approx(passages, abs=EXACT)
    named = [row for row in with_answer(rows) if row.documents]
    documents = by_trec_eval(named, lambda row: row.document_gains, lambda row: row.documents_relevant, RR, nDCG @ 10)
    assert [found["document_mrr"], found["document_ndcg@10"]] == pytest.approx(documents, abs=EXACT)


# -- answers


def test_answers_are_averaged(rows: tuple[Row, ...]) -> None:
    found = values(rows)
    for figure, field in (
        ("sentence_hit@1", "first"),
        ("sentence_hit@any", "among"),
        ("exact_match", "exact"),
        ("squad_f1", "squad_f1"),
        ("token_f1", "f1"),
    ):
        expected = statistics.fmean(float(getattr(row, field)) for row in with_answer(rows))
        assert found[figure] == pytest.approx(expected, abs=EXACT)


def test_list_recall_is_recall_of_each_list(rows: tuple[Row, ...]) -> None:
    of_lists = [row.pieces for row in with_answer(rows) if len(row.pieces) >= 2]
    expected = statistics.fmean(recall_score([True] * len(pieces), list(pieces)) for pieces in of_lists)
    assert values(rows)["list_recall"] == pytest.approx(expected, abs=EXACT)


# The articles of SQuAD and of French, and marks as spaces: by hand, without a regular expression of the project's.
FRENCH = {"le", "la", "les", "un", "une", "des", "du", "de", "l", "d"}


def token_f1_by_hand(answer: str, gold: str) -> float:
    def tokens(text: str) -> list[str]:
        spaced = re.sub(r"[^\w\s]", lambda mark: " ", text.lower())
        return [each for each in spaced.split() if each not in FRENCH | {"a", "an", "the"}]

    given, wanted = tokens(answer), tokens(gold)
    if not given or not wanted:
        return float(given == wanted)
    both = sum(min(given.count(each), wanted.count(each)) for each in set(given))
    precision, found = both / len(given), both / len(wanted)
    return statistics.harmonic_mean([precision, found])


WORDS = "the an le la les une du de d'accord l’été chat cat. Cat «dog» 17,357 2024 – ( émigré then theatre".split()


@pytest.mark.parametrize("seed", SEEDS)
def test_token_f1_agrees_with_squads_definition(seed: int) -> None:
    random = np.random.default_rng(seed)
    for _ in range(40):
        answer, *golds = (" ".join(random.choice(WORDS, int(random.integers(0, 6)))) for _ in range(4))
        expected = max(token_f1_by_hand(answer, gold) for gold in golds)
        assert token_f1(answer, golds) == pytest.approx(expected, abs=EXACT)


# -- citations


def test_quotes_are_counted_one_by_one(rows: tuple[Row, ...]) -> None:
    found = values(rows)
    quotes = [(row, at) for row in asked(rows) for at in range(len(row.quotes))]
    assert found["verbatim"] == pytest.approx(np.mean([row.verbatim[at] for row, at in quotes]), abs=EXACT)
    supports = [row.supports[at] for row, at in quotes if row.answerable]
    assert found["quote_support"] == pytest.approx(precision_score(supports, [True] * len(supports)), abs=EXACT)
    lengths = [len(row.quotes[at]) for row, at in quotes if at == 0]
    assert found["quote_characters"] == pytest.approx(statistics.fmean(lengths), abs=EXACT)


def test_answered_without_support_is_what_is_left_of_precision(rows: tuple[Row, ...]) -> None:
    supported = [row.answerable and any(row.supports) for row in asked(rows)]
    answered = [bool(row.quotes) and row.confidence >= LEAST for row in asked(rows)]
    expected = 1 - precision_score(supported, answered)
    assert values(rows)["cited_but_wrong"] == pytest.approx(expected, abs=EXACT)


# -- refusals


def test_refusals_agree_with_scikit_learn(rows: tuple[Row, ...]) -> None:
    found = values(rows)
    without = [not row.answerable for row in asked(rows)]
    refused = [row.refused for row in asked(rows)]
    assert found["refusal_precision"] == pytest.approx(precision_score(without, refused), abs=EXACT)
    assert found["refusal_recall"] == pytest.approx(recall_score(without, refused), abs=EXACT)
    of_answerable = 1 - recall_score(without, refused, pos_label=False)
    assert found["wrong_refusals"] == pytest.approx(of_answerable, abs=EXACT)


def test_decisions_are_the_accuracy_of_three_ways_to_answer(rows: tuple[Row, ...]) -> None:
    wanted = ["right sentence" if row.answerable else "refusal" for row in asked(rows)]
    given = [
        "refusal" if row.refused else "right sentence" if row.supports and row.supports[0] else "another"
        for row in asked(rows)
    ]
    assert values(rows)["decision"] == pytest.approx(accuracy_score(wanted, given), abs=EXACT)


def test_confidence_tells_answerable_questions_apart_as_scikit_learn_counts(rows: tuple[Row, ...]) -> None:
    answerable, scores = zip(*((row.answerable, row.confidence) for row in asked(rows)), strict=True)
    assert values(rows)["auroc"] == pytest.approx(roc_auc_score(answerable, scores), abs=EXACT)


# -- times


def test_percentiles_agree_with_the_standard_library(rows: tuple[Row, ...]) -> None:
    found = values(rows)
    hundredths = statistics.quantiles([row.seconds for row in asked(rows)], n=100, method="inclusive")
    assert [found["seconds_p50"], found["seconds_p95"]] == pytest.approx([hundredths[49], hundredths[94]], abs=EXACT)
    assert found["seconds"] == pytest.approx(statistics.fmean(row.seconds for row in asked(rows)), abs=EXACT)


# -- intervals


def by_scipy(count: int, statistic: Callable[[NDArray[np.int64]], float]) -> list[float]:
    found = bootstrap(
        (np.arange(count),), statistic, n_resamples=1000, vectorized=False, method="percentile",
        rng=np.random.default_rng(0),
    )  # fmt: skip
    return [found.confidence_interval.low, found.confidence_interval.high]


def pairs_told_apart(scores: NDArray[np.float64], answerable: NDArray[np.bool_]) -> float:
    apart = scores[answerable][:, None] - scores[~answerable]
    return float(((np.sign(apart) + 1) / 2).mean())


def test_intervals_agree_with_scipy(rows: tuple[Row, ...]) -> None:
    found, kept = summary_of(rows), asked(rows)
    of = with_answer(rows)
    first = np.array([row.first for row in of], dtype=float)
    seconds = np.array([row.seconds for row in kept])
    scores = np.array([row.confidence for row in kept])
    answerable = np.array([row.answerable for row in kept])
    for figure, count, statistic in (
        ("sentence_hit@1", len(of), lambda drawn: first[drawn].mean()),
        ("seconds_p95", len(kept), lambda drawn: np.percentile(seconds[drawn], 95)),
        ("auroc", len(kept), lambda drawn: pairs_told_apart(scores[drawn], answerable[drawn])),
    ):
        limits = [found[figure]["low"], found[figure]["high"]]
        assert limits == pytest.approx(by_scipy(count, statistic), abs=EXACT), figure


def test_every_figure_is_recomputed_here_or_with_its_metric() -> None:
    told = re.sub(r"@\{depth\}", "@", Path(__file__).read_text(encoding="utf-8"))
    elsewhere = {"risk_coverage_area", "calibration_error"}  # test_evaluation_metrics.py
    depth = re.compile(r"(?<=document_recall@|evidence_recall@)\d+$")
    assert [name for name in LABELS if f'"{depth.sub("", name)}"' not in told and name not in elsewhere] == []

"""The fits behind the weights, on small data whose answer is known."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import WordHashEmbedder
from scipy.optimize import check_grad, minimize
from scipy.special import logsumexp

from qa.features import NAMES
from qa.readers import Unread
from qa.retrieve import HybridRetriever
from qa.train import CONFIDENCE, SELECTION, Example, examples, fit_confidence, fit_selection
from qa.train_data import Record, build_store, read_sets
from qa.written_data import LAW, NEAR

CHOSEN = SELECTION["none"]
FAKE = WordHashEmbedder()


def synthetic(count: int, truth: dict[str, float], seed: int = 0) -> list[Example]:
    """Questions of six sentences, one right, drawn with the odds that the true weights give."""
    random = np.random.default_rng(seed)
    column = np.array([truth.get(name, 0.0) for name in NAMES])
    found = []
    for _ in range(count):
        features = random.normal(size=(6, len(NAMES)))
        chances = np.exp(features @ column)
        right = np.zeros(6, dtype=bool)
        right[random.choice(6, p=chances / chances.sum())] = True
        found.append(Example(features, features[:, 0], right, True))
    return found


def test_the_fit_of_selection_finds_the_weights_the_data_was_drawn_with() -> None:
    truth = {"similarity": 1.0, "day": -0.5, "pairs": 2.0}
    fitted = fit_selection(synthetic(2000, truth), CHOSEN)
    assert fitted == pytest.approx({name: truth.get(name, 0.0) for name in CHOSEN}, abs=0.15)


def test_the_fit_of_selection_agrees_with_a_minimiser_without_gradient() -> None:
    found = synthetic(60, {"similarity": 1.0})
    columns = [NAMES.index(name) for name in CHOSEN]

    def loss(column: np.ndarray) -> float:
        scores = [each.features[:, columns] @ column for each in found]
        gained = [logsumexp(each) - logsumexp(each[one.right]) for each, one in zip(scores, found, strict=True)]
        return float(np.mean(gained) + 1e-3 * column @ column)

    independent = minimize(loss, np.zeros(len(columns)), method="BFGS", options={"gtol": 1e-6}).x
    assert list(fit_selection(found, CHOSEN).values()) == pytest.approx(independent.tolist(), abs=1e-3)
    assert check_grad(loss, lambda at: np.zeros_like(at), independent) == pytest.approx(0, abs=1e-4)


def test_questions_without_a_right_sentence_do_not_change_the_fit() -> None:
    found = synthetic(50, {"similarity": 1.0})
    lost = Example(np.ones((3, len(NAMES))), np.ones(3), np.zeros(3, dtype=bool), True)
    without = Example(np.ones((3, len(NAMES))), np.ones(3), np.array([True, False, False]), False)
    assert fit_selection([*found, lost, without], CHOSEN) == fit_selection(found, CHOSEN)


def test_the_fit_of_confidence_tells_questions_with_their_document_from_those_without() -> None:
    random = np.random.default_rng(0)
    found = []
    for answerable in (True, False) * 200:
        features = random.normal(size=(5, len(NAMES)))
        similarity = random.normal(0.8 if answerable else 0.2, 0.2, 5)
        found.append(Example(features, similarity, np.zeros(5, dtype=bool), answerable))
    fitted = fit_confidence(found, CONFIDENCE["none"])
    assert fitted["similarity"] > 2
    assert abs(fitted["names"]) < 1
    middle = -fitted["bias"] / fitted["similarity"]
    assert 0.2 < middle < 1.1


def test_records_are_drawn_by_the_seed_with_the_spans_of_their_evidence(tmp_path: Path) -> None:
    rows = [
        {"question": str(at), "context": "x" * 40, "answers": [{"text": "xxx", "start": at}], "evidence": []}
        for at in range(20)
    ]
    rows[3]["evidence"] = [{"start": 7, "end": 9}]
    for row in rows:
        row["answerable"] = True
    rows += [
        rows[0] | {"question": "unanswerable", "answerable": False},
        rows[0] | {"question": "weak", "weak": True},
        rows[0] | {"question": "nowhere", "answers": [{"text": "abc", "start": None}]},
    ]
    with gzip.open(tmp_path / "one.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    drawn = read_sets(tmp_path, seed=0, sets={"one": 30})
    right = {record.question: record.right for record in drawn}
    assert sorted(right) == sorted(map(str, range(20)))
    assert (right["3"], right["4"]) == (((7, 9),), ((4, 7),))
    assert drawn == read_sets(tmp_path, seed=0, sets={"one": 30}) != read_sets(tmp_path, seed=1, sets={"one": 30})


def test_only_questions_of_the_sets_are_asked_again_without_their_document_and_altered(tmp_path: Path) -> None:
    text = "The chief of Somalia gave papers in 2019. The clerks of Canada kept them all."
    record = Record("Who gave papers in Somalia in 2019?", "", text, ((0, 41),), (), "one")
    other = Record(
        "Who baked?", "", "In the town of Chad bread was baked by Omar for the whole court.", ((0, 60),), (), "one"
    )
    store = build_store(tmp_path, [record, other], FAKE, print)
    retriever = HybridRetriever(store, FAKE)

    def answerable(of_set: str, **changed: Any) -> list[bool]:
        asked = [replace(record, set=of_set, **changed)]
        return [each.answerable for each in examples([*asked, *asked], store, retriever, Unread(), seed=0)]

    assert answerable("one") == [True, False, False] * 2
    assert answerable(LAW) == [True, True]
    assert answerable(NEAR, right=(), answers=()) == [False, False]

"""The fits behind the weights, on small data whose answer is known."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import check_grad, minimize
from scipy.special import logsumexp

from qa import train
from qa.features import NAMES
from qa.train import SELECTION, Example, fit_confidence, fit_selection, read_sets


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
    fitted = fit_selection(synthetic(2000, truth))
    assert fitted == pytest.approx({name: truth.get(name, 0.0) for name in SELECTION}, abs=0.15)


def test_the_fit_of_selection_agrees_with_a_minimiser_without_gradient() -> None:
    found = synthetic(60, {"similarity": 1.0})
    columns = [NAMES.index(name) for name in SELECTION]

    def loss(column: np.ndarray) -> float:
        scores = [each.features[:, columns] @ column for each in found]
        gained = [logsumexp(each) - logsumexp(each[one.right]) for each, one in zip(scores, found, strict=True)]
        return float(np.mean(gained) + 1e-3 * column @ column)

    independent = minimize(loss, np.zeros(len(columns)), method="BFGS", options={"gtol": 1e-6}).x
    assert list(fit_selection(found).values()) == pytest.approx(independent.tolist(), abs=1e-3)
    assert check_grad(loss, lambda at: np.zeros_like(at), independent) == pytest.approx(0, abs=1e-4)


def test_questions_without_a_right_sentence_do_not_change_the_fit() -> None:
    found = synthetic(50, {"similarity": 1.0})
    lost = Example(np.ones((3, len(NAMES))), np.ones(3), np.zeros(3, dtype=bool), True)
    without = Example(np.ones((3, len(NAMES))), np.ones(3), np.array([True, False, False]), False)
    assert fit_selection([*found, lost, without]) == fit_selection(found)


def test_the_fit_of_confidence_tells_questions_with_their_document_from_those_without() -> None:
    random = np.random.default_rng(0)
    found = []
    for answerable in (True, False) * 200:
        features = random.normal(size=(5, len(NAMES)))
        similarity = random.normal(0.8 if answerable else 0.2, 0.2, 5)
        found.append(Example(features, similarity, np.zeros(5, dtype=bool), answerable))
    fitted = fit_confidence(found)
    assert fitted["similarity"] > 2
    assert abs(fitted["names"]) < 1
    middle = -fitted["bias"] / fitted["similarity"]
    assert 0.2 < middle < 1.1


def test_records_are_drawn_by_the_seed_with_the_spans_of_their_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"id": place, "answerable": True, "answers": [{"text": "abc", "start": place}], "evidence": []}
        for place in range(20)
    ]
    rows[3]["evidence"] = [{"start": 7, "end": 9}]
    rows += [
        {"id": "unanswerable", "answerable": False, "answers": [], "evidence": []},
        {"id": "weak", "answerable": True, "weak": True, "answers": [{"text": "abc", "start": 0}], "evidence": []},
        {"id": "nowhere", "answerable": True, "answers": [{"text": "abc", "start": None}], "evidence": []},
    ]
    with gzip.open(tmp_path / "one.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    monkeypatch.setattr(train, "SETS", {"one": 30})
    drawn = read_sets(tmp_path, seed=0)
    assert sorted(row["id"] for row in drawn) == list(range(20))
    assert {row["id"]: row["spans"] for row in drawn}[3] == [(7, 9)]
    assert {row["id"]: row["spans"] for row in drawn}[4] == [(4, 7)]
    assert drawn == read_sets(tmp_path, seed=0) != read_sets(tmp_path, seed=1)

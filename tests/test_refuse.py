import math
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadSetting
from index.store import SQLiteStore
from qa.extract import ExtractiveAnswerer
from qa.readers import Unread
from qa.refuse import EVIDENCE, MEASURED, MEASURED_ON, THRESHOLDS, confidence, evidence, threshold
from qa.retrieve import HybridRetriever
from qa.types import Question
from qa.weights import weights

FAKE = WordHashEmbedder()
NOTHING = dict.fromkeys(EVIDENCE, 0.0)
HALF = dict.fromkeys(NOTHING, 0.5)
READ, UNREAD = weights("cross-encoder").confidence, weights("none").confidence


def test_no_candidates_are_no_evidence() -> None:
    assert evidence([]) == NOTHING


def test_evidence_takes_the_best_of_every_feature(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Somalia gave no papers.", "a"), a_document("Canada bakes its bread.", "b"))
    question = Question("Who gave papers to Somalia ?")
    hits = HybridRetriever(store, FAKE).retrieve(question, 5)
    candidates = ExtractiveAnswerer(store, weights("none")).candidates(question, Unread().read("", hits))
    found = evidence(candidates)
    assert found["similarity"] == max(each.similarity for each in candidates)
    assert found["context_coverage"] == max(each.features["context_coverage"] for each in candidates) > 0.9
    assert found["names"] == 1


@pytest.mark.parametrize("found", [NOTHING, HALF, dict.fromkeys(NOTHING, 1.0), NOTHING | {"similarity": -1.0}])
def test_confidence_is_a_probability(found: dict[str, float]) -> None:
    assert 0 < confidence(found, READ) < 1


@pytest.mark.parametrize("name", NOTHING)
def test_more_evidence_raises_confidence(name: str) -> None:
    assert confidence(HALF | {name: 0.6}, READ) > confidence(HALF, READ)


def test_confidence_is_a_logistic_function_of_the_evidence() -> None:
    # The log odds are linear, so equal steps of evidence are equal steps of log odds, by the fitted weight.
    odds = [confidence(HALF | {"similarity": value}, UNREAD) for value in (0.2, 0.4, 0.6)]
    steps = [math.log(each / (1 - each)) for each in odds]
    assert steps[1] - steps[0] == pytest.approx(steps[2] - steps[1])
    assert steps[1] - steps[0] == pytest.approx(0.2 * UNREAD["similarity"])


def test_everything_speaking_for_an_answer_is_answered_and_nothing_is_not() -> None:
    assert confidence(dict.fromkeys(NOTHING, 1.0) | {"reads": 8.0}, READ) > THRESHOLDS["careful"]
    assert confidence(NOTHING | {"reads": -8.0}, READ) < THRESHOLDS["eager"]


def test_settings_answer_more_from_careful_to_never() -> None:
    least = [threshold(setting) for setting in ("careful", "balanced", "eager", "never")]
    assert least == sorted(least, reverse=True)
    assert least[-1] == 0
    assert list(THRESHOLDS) == ["careful", "balanced", "eager", "never"]


def test_the_rates_of_each_setting_are_those_that_were_measured(repository: Path) -> None:
    written = " ".join((repository / "docs" / "answer-quality.md").read_text(encoding="utf-8").split())
    careful, balanced, eager = (f"{refused:.2f} and {answered:.2f}" for refused, answered in MEASURED.values())
    assert f"unanswerable questions answered are {balanced} (careful {careful}, eager {eager})" in written
    readme = " ".join((repository / "README.md").read_text(encoding="utf-8").split())
    assert "sets that have both, {} and {}".format(*MEASURED_ON) in readme


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(BadSetting, match="'always': choose one of careful, balanced, eager, never"):
        threshold("always")

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadSetting
from index.store import SQLiteStore
from qa.extract import ExtractiveAnswerer
from qa.refuse import THRESHOLDS, Evidence, confidence, evidence, threshold
from qa.retrieve import HybridRetriever
from qa.types import Question

FAKE = WordHashEmbedder()


def test_no_hits_are_no_evidence() -> None:
    assert evidence([], []) == Evidence(0.0, 0.0, 0.0, 0.0)


def test_hits_without_sentences_are_no_evidence(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("12 13"))
    hits = HybridRetriever(store, FAKE).retrieve(Question("12"), 5)
    assert evidence(hits, []) == Evidence(0.0, 0.0, 0.0, 0.0)


def test_evidence_takes_the_best_of_passages_and_sentences(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Somalia gave no papers.", "a"), a_document("Canada bakes its bread.", "b"))
    question = Question("Somalia gave no papers.")
    hits = HybridRetriever(store, FAKE).retrieve(question, 5)
    found = evidence(hits, ExtractiveAnswerer(store).candidates(question, hits))
    assert (found.passage, found.sentence) == (pytest.approx(1), pytest.approx(1))
    assert found.coverage == found.passage_coverage == pytest.approx(1)


@pytest.mark.parametrize("found", [Evidence(-1, -1, 0, 0), Evidence(0, 0, 0, 0), Evidence(1, 1, 1, 1)])
def test_confidence_is_a_probability(found: Evidence) -> None:
    assert 0 <= confidence(found) <= 1


@pytest.mark.parametrize("stronger", [Evidence(0.6, 0.5, 0.5, 0.5), Evidence(0.5, 0.6, 0.5, 0.5)])
def test_a_nearer_passage_or_sentence_raises_confidence(stronger: Evidence) -> None:
    assert confidence(stronger) > confidence(Evidence(0.5, 0.5, 0.5, 0.5))


def test_more_of_the_question_s_words_raise_confidence() -> None:
    assert confidence(Evidence(0.5, 0.5, 1, 1)) > confidence(Evidence(0.5, 0.5, 0, 0))


def test_settings_answer_more_from_careful_to_never() -> None:
    least = [threshold(setting) for setting in ("careful", "balanced", "eager", "never")]
    assert least == sorted(least, reverse=True)
    assert least[-1] == 0
    assert list(THRESHOLDS) == ["careful", "balanced", "eager", "never"]


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(BadSetting, match="'always': choose one of careful, balanced, eager, never"):
        threshold("always")

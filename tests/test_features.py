"""What speaks for a sentence, feature by feature, and the weights the package carries."""

import math

import numpy as np
import pytest
from fakes import WordHashEmbedder, a_document, fill
from hypothesis import given
from hypothesis import strategies as st

from index.e5 import BILINGUAL_MODEL
from index.embed import DEFAULT_MODEL
from index.store import SQLiteStore
from qa.features import NAMES, Asked, _another_time, asked, coverage, matrix, sentences, words_scores
from qa.periods import periods
from qa.readers import Unread
from qa.retrieve import HybridRetriever
from qa.train import CONFIDENCE, SELECTION
from qa.types import Question, Reading
from qa.weights import FILES, weights

FAKE = WordHashEmbedder()


def read(store: SQLiteStore, question: str) -> list[Reading]:
    return Unread().read(question, HybridRetriever(store, FAKE).retrieve(Question(question), 5))


def features(store: SQLiteStore, question: str, text: str, **more: str) -> list[dict[str, float]]:
    """Returns the features of each sentence of the one document, in order."""
    fill(store, FAKE, a_document(text, **more))
    rows = sentences(read(store, question))
    return [dict(zip(NAMES, row, strict=True)) for row in matrix(asked(question, store), rows).tolist()]


def test_sentences_leave_headings_and_stray_marks_out(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Travel papers\n\n* * *\n\n12 — 13\n\nSomalia gave no papers."))
    rows = sentences(read(store, "papers"))
    assert [row.text for row in rows] == ["Somalia gave no papers."]


def test_what_leads_up_to_a_sentence_is_the_title_and_the_sentence_before(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Officials met today. Papers were given.", title="Somalia"))
    first, second = sentences(read(store, "papers"))
    assert first.above == {"somalia"}
    assert second.above == {"somalia", "offici", "met", "today"}


def test_a_word_weighs_by_the_passages_it_is_in(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("papers papers", "a"), a_document("papers", "b"), a_document("bread", "c"))
    words = asked("papers bread unknown", store).words
    by_count = {2: math.log(1 + 1.5 / 2.5), 1: math.log(1 + 2.5 / 1.5), 0: math.log(1 + 3.5 / 0.5)}
    assert [words[word] for word in words] == pytest.approx([by_count[2], by_count[1], by_count[0]])


def test_coverage_on_paper() -> None:
    question = Asked("", {("paper",): 3.0, ("bread", "pain"): 1.0}, frozenset(), frozenset())
    assert coverage(question, {"paper"}) == 0.75
    assert coverage(question, {"pain", "rest"}) == 0.25
    assert coverage(question, {"paper", "bread", "pain"}) == 1
    assert coverage(question, set()) == 0


def test_a_question_without_words_is_not_covered() -> None:
    assert coverage(Asked("", {}, frozenset(), frozenset()), {"paper"}) == 0


_TERMS = st.lists(st.sampled_from("abcde"), max_size=8)


@given(st.lists(_TERMS, min_size=1, max_size=6), st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 5)))
def test_words_scores_agree_with_bm25_by_hand(rows: list[list[str]], single: dict[str, float]) -> None:
    average = sum(len(row) for row in rows) / len(rows) or 1
    expected = []
    for row in rows:
        score = 0.0
        for term, weight in single.items():
            count = sum(1 for each in row if each == term)
            score += weight * (count * (1.2 + 1)) / (count + 1.2 * (1 - 0.3 + 0.3 * len(row) / average))
        expected.append(score)
    assert words_scores(rows, {(term,): weight for term, weight in single.items()}) == pytest.approx(expected)


def test_either_form_of_a_word_counts() -> None:
    one, other = words_scores([["bread", "x"], ["pain", "x"]], {("bread", "pain"): 2.0})
    assert one == other > 0


def test_standardised_features_have_mean_0_over_the_candidates(store: SQLiteStore) -> None:
    rows = features(store, "papers of Somalia", "Somalia gave papers away. Bread is baked there. They met in Rome.")
    for name in ("similarity", "words"):
        assert np.mean([row[name] for row in rows]) == pytest.approx(0, abs=1e-9)
        assert np.std([row[name] for row in rows]) == pytest.approx(1)


def test_the_sentence_before_counts_towards_the_context_only(store: SQLiteStore) -> None:
    _, second = features(store, "Somalia papers", "Officials of Somalia met today. Papers were not given.")
    assert second["coverage"] == pytest.approx(0.5)
    assert second["context_coverage"] == pytest.approx(1)


def test_neighbouring_words_count_as_pairs(store: SQLiteStore) -> None:
    together, apart = features(
        store, "travel document of Somalia", "A travel document was issued. Document the travel."
    )
    assert (together["pairs"], apart["pairs"]) == (0.5, 0)


@pytest.mark.parametrize(
    ("question", "text", "name", "value"),
    [
        ("What happened in 2024?", "It rose in 2024 again.", "figures", 1),
        ("What happened in 2024?", "It rose in 2023 again.", "figures", 0),
        ("What happened to 17,357 of them?", "There were 17357 of them.", "figures", 1),
        ("Qui a renvoyé 17 357 personnes ?", "The agency removed 17,357 people.", "figures", 1),
        ("Qui a donné 30,5 millions ?", "They gave 305 million then.", "figures", 0),
        ("Who gave 30.5 million?", "Ils ont donné 30,5 millions.", "figures", 1),
        ("Who gave 12 papers?", "It rose in 2012 again.", "figures", 0),
        ("What happened then?", "It rose in 2023 again.", "figures", 1),
        ("Did the Somali man leave?", "The Somali man left.", "names", 1),
        ("Did the Somali man leave?", "The other man left.", "names", 0),
        ("How many people left?", "There were 17,357 of them.", "number", 1),
        ("How many people left?", "There were seven of them.", "number", 1),
        ("How many people left?", "There were several of them.", "number", 0),
        ("How many left in 2024?", "It was different in 2024.", "number", 0),
        ("Why did people leave?", "There were 17,357 of them.", "number", 0),
        ("Combien de personnes ?", "Il y en avait 17 357 alors.", "number", 1),
        ("When did they leave?", "They left in June of it.", "day", 1),
        pytest.param("When did they leave?", "They may leave at any time.", "day", 0),
        ("When did they leave?", "They left early in May then.", "day", 1),
        ("Quand sont-ils partis ?", "Ils sont partis en août.", "day", 1),
        ("Who signed the order?", "It was signed by Carney today.", "name", 1),
        ("Who signed the order?", "It was signed by nobody today.", "name", 0),
        ("Who signed for Canada?", "It was signed for Canada today.", "name", 0),
        ("Why was he removed?", "He was removed because of fraud.", "reason", 1),
        ("Why was he removed?", "He was removed in the morning.", "reason", 0),
        ("How many were removed?", "They left because of fraud.", "reason", 0),
        ("Who was he then?", "Who was he in the end?", "asks", 1),
        ("Who was he then?", "He was nobody in the end.", "asks", 0),
    ],
)
def test_feature(store: SQLiteStore, question: str, text: str, name: str, value: float) -> None:
    (row,) = features(store, question, text)
    assert row[name] == value


def test_a_name_in_the_title_is_a_name_above(store: SQLiteStore) -> None:
    (row,) = features(store, "Did the Somali man leave?", "The other man left.", title="A Somali story")
    assert row["names"] == 1


@given(st.text(max_size=40))
def test_any_question_has_finite_features(text: str) -> None:
    held = coverage(Asked(text, {("a",): 1.0}, frozenset(), frozenset()), frozenset(text))
    assert 0 <= held <= 1


@pytest.mark.parametrize("model", FILES)
@pytest.mark.parametrize("reader", ["none", "cross-encoder"])
def test_the_package_carries_weights_for_every_reader_and_embedder(reader: str, model: str) -> None:
    fitted = weights(reader, model)
    assert set(fitted.selection) == set(SELECTION[reader])
    assert set(fitted.confidence) == {*CONFIDENCE[reader], "bias"}
    assert all(math.isfinite(weight) for weight in fitted.selection.values())


def test_an_embedder_without_weights_of_its_own_gets_the_default_one_s() -> None:
    assert weights("none", "a-folder") == weights("none", DEFAULT_MODEL) != weights("none", BILINGUAL_MODEL)


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("How many were removed in 2024?", "In 2019, 11,269 people were removed.", 1.0),
        ("How many were removed in 2024?", "In 2024, 17,357 people were removed, after 15,207 in 2023.", 0.0),
        ("How many were removed in 2024?", "Removals of fiscal year 2024-25 came to 18,048.", 0.0),
        ("How many were removed in 2024?", "Removals are a priority.", 0.0),
        ("Who was listed in July 2020?", "In September 2018 nine countries were listed.", 1.0),
        ("How many were removed?", "In 2019, 11,269 people were removed.", 0.0),
        ("Combien ont été renvoyés en 2024 ?", "Pendant l'année civile 2019, 11 269 ont été renvoyés.", 1.0),
    ],
)
def test_a_sentence_about_other_times_than_the_asked_is_told(question: str, sentence: str, expected: float) -> None:
    times = tuple(each for each in periods(question) if not each.said)
    assert _another_time(times, sentence) == expected


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("**Period of detention**", False),
        ("**Detention lasts 48 hours.**", True),
        ("Sec. 13. Recalcitrant Countries.", False),
        ("8 U.S.C. § 1231.", False),
        ("Section 5 of the Act bars their return.", True),
        ("Article 3 Renvoi et Détention", False),
        ("Part 2 applies to Canada.", True),
    ],
)
def test_a_bold_line_and_a_section_s_name_do_not_answer(store: SQLiteStore, line: str, kept: bool) -> None:
    fill(store, FAKE, a_document(f"{line}\nSomalia gave no papers."))
    assert any(row.text.startswith(line[:12]) for row in sentences(read(store, "papers"))) is kept

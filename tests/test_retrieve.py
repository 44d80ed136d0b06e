from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from fakes import WordHashEmbedder, a_document, fill
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import BadSetting
from documents.types import Passage
from index.embed import DEFAULT_MODEL
from index.store import SQLiteStore
from qa.retrieve import HybridRetriever, RetrieveSettings, z_scores
from qa.types import Hit, Question, Turn

FAKE = WordHashEmbedder()


@pytest.fixture
def retriever(store: SQLiteStore) -> HybridRetriever:
    texts = ["Somalia gives no travel papers.", "Canada removes people.", "Bread is baked at night."]
    days = ["2025-01-01", "2026-01-01", None]
    documents = [
        a_document(text, f"{place}.txt", day=day) for place, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    return HybridRetriever(fill(store, FAKE, *documents), FAKE)


def ids(hits: list[Hit]) -> list[str]:
    return [hit.passage.info.id for hit in hits]


def test_the_passage_with_the_question_s_words_comes_first(retriever: HybridRetriever) -> None:
    assert ids(retriever.retrieve(Question("travel papers of Somalia"), 3))[0] == "0.txt"


def test_hits_come_best_first(retriever: HybridRetriever) -> None:
    scores = [hit.score for hit in retriever.retrieve(Question("Canada removes"), 3)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(("k", "count"), [(0, 0), (1, 1), (2, 2), (100, 3)])
def test_at_most_k_hits_are_returned(retriever: HybridRetriever, k: int, count: int) -> None:
    assert len(retriever.retrieve(Question("Canada"), k)) == count


def test_fewer_hits_are_the_beginning_of_more(retriever: HybridRetriever) -> None:
    question = Question("papers at night in Canada")
    assert retriever.retrieve(question, 2) == retriever.retrieve(question, 3)[:2]


def test_hits_are_distinct(retriever: HybridRetriever) -> None:
    found = ids(retriever.retrieve(Question("Canada removes people"), 10))
    assert len(found) == len(set(found))


def test_later_and_undated_documents_stay_out_of_a_question_as_of_a_day(retriever: HybridRetriever) -> None:
    assert ids(retriever.retrieve(Question("bread people papers", as_of=date(2025, 6, 1)), 10)) == ["0.txt"]


def test_a_question_is_narrowed_to_its_documents(retriever: HybridRetriever) -> None:
    assert ids(retriever.retrieve(Question("Somalia", documents=frozenset({"2.txt"})), 10)) == ["2.txt"]


def test_a_question_about_no_documents_finds_nothing(retriever: HybridRetriever) -> None:
    assert retriever.retrieve(Question("Somalia", documents=frozenset()), 10) == []


def test_a_follow_up_finds_what_the_question_before_was_about(retriever: HybridRetriever) -> None:
    before = (Turn("user", "Which travel papers has Somalia given?"),)
    assert ids(retriever.retrieve(Question("And why is that?", before), 1)) == ["0.txt"]


def test_a_question_that_names_another_topic_leaves_the_one_before(retriever: HybridRetriever) -> None:
    before = (Turn("user", "Which travel papers has Somalia given?"),)
    assert ids(retriever.retrieve(Question("When is bread baked at night?", before), 1)) == ["2.txt"]


def test_asking_the_same_again_changes_nothing(retriever: HybridRetriever) -> None:
    alone = retriever.retrieve(Question("Canada removes people."), 3)
    again = retriever.retrieve(Question("Canada removes people.", (Turn("user", "Canada removes people."),)), 3)
    assert ids(again) == ids(alone)
    assert again[0].similarity == pytest.approx(alone[0].similarity)


def test_an_empty_store_has_no_hits(store: SQLiteStore) -> None:
    assert HybridRetriever(fill(store, FAKE), FAKE).retrieve(Question("Somalia"), 10) == []


def test_ties_go_by_id_and_place(store: SQLiteStore) -> None:
    fill(store, FAKE, *(a_document("The same words.", name) for name in ("c", "a", "b")))
    assert ids(HybridRetriever(store, FAKE).retrieve(Question("same words"), 3)) == ["a", "b", "c"]


def test_similarity_is_the_cosine_of_question_and_passage(retriever: HybridRetriever) -> None:
    (hit,) = retriever.retrieve(Question("Canada removes people."), 1)
    assert hit.similarity == pytest.approx(3 / (3 * 6) ** 0.5)  # its context, "1 January 2026", is three more words
    assert hit.sentence_similarities == pytest.approx([1], abs=1e-3)  # kept as float16


def test_a_hit_s_sentences_have_a_similarity_each(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("One sentence here. Another one there. A third."))
    (hit,) = HybridRetriever(store, FAKE).retrieve(Question("Another one there."), 1)
    assert len(hit.sentence_similarities) == len(hit.passage.sentences) == 3
    assert np.argmax(hit.sentence_similarities) == 1


def test_a_number_is_found_however_it_is_written(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Removals: 17,357.", "a"), a_document("Removals: 18,048.", "b"))
    assert ids(HybridRetriever(store, FAKE).retrieve(Question("17 357"), 1)) == ["a"]


@pytest.mark.parametrize("text", ["?", "the of", '" OR 1', "NEAR(a b)", "a* NOT b", "'; DROP TABLE terms", "½ ² Ⅷ"])
def test_marks_and_stop_words_break_nothing(retriever: HybridRetriever, text: str) -> None:
    assert len(retriever.retrieve(Question(text), 10)) == 3


def test_a_question_of_a_thousand_words_is_searched(retriever: HybridRetriever) -> None:
    assert retriever.retrieve(Question(" ".join(f"word{place}" for place in range(1000))), 10)


def test_a_small_pool_still_fills_with_the_best(store: SQLiteStore) -> None:
    fill(store, FAKE, *(a_document(f"Order {place} is stayed.", f"{place:02}") for place in range(20)))
    hits = HybridRetriever(store, FAKE, RetrieveSettings(pool=1)).retrieve(Question("Order 7 is stayed."), 10)
    assert ids(hits) == ["07"]


@pytest.mark.parametrize("pool", [0, -1, 10_001])
def test_a_pool_out_of_bounds_is_refused(pool: int) -> None:
    with pytest.raises(BadSetting, match=f"pool is {pool}"):
        RetrieveSettings(pool=pool)


class EnglishOnly(WordHashEmbedder):
    """Bears the name of the bundled model."""

    name = DEFAULT_MODEL


@pytest.mark.parametrize(
    ("question", "weight"),
    [("Combien de personnes sont renvoyées du pays ?", 2.0), ("How many people were sent?", 1.0)],
)
def test_words_count_twice_where_the_embedder_does_not_read_the_language(
    store: SQLiteStore, question: str, weight: float
) -> None:
    texts = ["Le pays est grand.", "Des personnes sont renvoyées.", "How many came?", "The people were sent home."]
    fill(store, FAKE, *(a_document(text, f"{place}.txt") for place, text in enumerate(texts)))
    expected = HybridRetriever(store, FAKE, RetrieveSettings(words_weight=weight)).retrieve(Question(question), 4)
    assert HybridRetriever(store, EnglishOnly()).retrieve(Question(question), 4) == expected
    assert (HybridRetriever(store, FAKE).retrieve(Question(question), 4) == expected) is (weight == 1)


def test_z_scores_on_paper() -> None:
    # mean 5, deviations -3 -1 -1 -1 0 0 2 4 ... : the classic example with standard deviation 2
    values = np.array([2.0, 4, 4, 4, 5, 5, 7, 9])
    assert z_scores(values).tolist() == [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]


def test_z_scores_of_equal_values_are_zeros() -> None:
    assert z_scores(np.array([3.3, 3.3, 3.3])).tolist() == [0, 0, 0]


@given(st.lists(st.floats(-1000, 1000), min_size=2, max_size=30), st.floats(0.5, 5), st.floats(-50, 50))
def test_z_scores_do_not_change_with_scale_or_origin(values: list[float], scale: float, origin: float) -> None:
    data = np.array(values)
    if data.std() > 1e-3:
        np.testing.assert_allclose(z_scores(data * scale + origin), z_scores(data), atol=1e-6)
        assert z_scores(data).mean() == pytest.approx(0, abs=1e-6)
        assert z_scores(data).std() == pytest.approx(1)


def test_a_passage_that_took_the_number_of_another_meanwhile_is_no_hit(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Somalia gives papers. It does so at once.", "a.txt"))
    read = store.plain_passages

    def replaced(numbers: Sequence[int]) -> dict[int, Passage]:
        store.plain_passages = read  # type: ignore[method-assign]
        fill(store, FAKE, a_document("Somalia. Papers are given. Not by all. It depends.", "a.txt"))
        return read(numbers)

    store.plain_passages = replaced  # type: ignore[method-assign]
    retriever = HybridRetriever(store, FAKE)
    assert retriever.retrieve(Question("Somalia papers"), 5) == []
    (hit,) = retriever.retrieve(Question("Somalia papers"), 5)
    assert len(hit.sentence_similarities) == len(hit.passage.sentences) == 4

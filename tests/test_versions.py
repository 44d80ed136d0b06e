"""Near-duplicates: signatures, groups in the store, and passages of several versions taken together."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from fakes import WordHashEmbedder, a_document, embedded, fill
from hypothesis import given
from hypothesis import strategies as st

from documents.types import Document
from index.versions import signature, similarity
from index.writable import WritableStore
from qa.pipeline import Pipeline, Settings
from qa.retrieve import HybridRetriever
from qa.types import Hit, Question
from qa.versions import collapsed, nearly_same

FAKE = WordHashEmbedder()
STORY = (
    "An officer of the agency may stay a removal order where the person named in it cannot be returned without danger "
    "and the minister agrees in writing to a stay of thirty days under section 230 of the regulations now in force"
)


@pytest.fixture
def store(each_store: WritableStore) -> WritableStore:
    return each_store


def words(seed: int, count: int) -> list[str]:
    return [f"w{number}" for number in np.random.default_rng(seed).integers(0, 10**6, count)]


@pytest.mark.parametrize("changed", [0, 5, 20, 60])
def test_the_similarity_of_signatures_is_near_the_jaccard_similarity(changed: int) -> None:
    one = words(1, 600)
    other = [*one[:-changed], *words(2, changed)] if changed else one
    runs = [{tuple(each[start : start + 5]) for start in range(len(each) - 4)} for each in (one, other)]
    exact = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
    first, second = signature(" ".join(one)), signature(" ".join(other))
    assert first is not None and second is not None
    assert similarity(first, second) == pytest.approx(exact, abs=0.15)


@given(st.lists(st.sampled_from(words(3, 30)), min_size=20, max_size=80))
def test_a_text_is_like_itself_whatever_its_capitals_and_spaces(text: list[str]) -> None:
    one, other = signature(" ".join(text)), signature("\n ".join(text).upper())
    assert one is not None and other is not None
    assert similarity(one, other) == 1


def test_a_very_short_text_has_no_signature() -> None:
    assert signature(" ".join(words(1, 19))) is None


def grouped(store: WritableStore, *documents: Document) -> WritableStore:
    fill(store, FAKE, *documents).group_versions()
    return store


def versions(store: WritableStore, identity: str) -> list[str]:
    return [info.id for info in store.versions(identity)]


def test_nearly_equal_documents_are_grouped_and_ordered_by_date(store: WritableStore) -> None:
    text = " ".join(words(1, 100))
    grouped(
        store,
        a_document(f"{text} new", "new", day="2025-01-01"),
        a_document(" ".join(words(2, 100)), "other"),
        a_document(f"{text} old", "old", day="2024-01-01"),
        a_document(f"{text} undated", "undated"),
    )
    assert versions(store, "new") == ["undated", "old"]
    assert versions(store, "undated") == ["old", "new"]
    assert versions(store, "other") == []


def test_a_document_between_two_groups_joins_them(store: WritableStore) -> None:
    text = words(1, 200)
    first, last = " ".join(text[:150]), " ".join(text[50:])
    grouped(store, a_document(first, "a"), a_document(last, "c"))
    assert versions(store, "a") == []
    grouped(store, a_document(" ".join(text[25:175]), "b"))
    assert versions(store, "a") == ["b", "c"]


def test_a_removed_or_replaced_document_leaves_its_group(store: WritableStore) -> None:
    text = " ".join(words(1, 100))
    grouped(store, *(a_document(f"{text} {name}", name) for name in ("a", "b", "c")))
    store.remove("a")
    assert versions(store, "b") == ["c"]
    grouped(store, a_document(" ".join(words(2, 100)), "c"))
    assert versions(store, "b") == []
    numbers = [match.number for match in store.nearest(FAKE.embed_question("w"), 100)]
    assert store.version_groups(numbers) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (STORY, STORY, True),
        (STORY, STORY.replace("officer of the agency", "agency officer"), True),
        (STORY, STORY.replace("thirty", "fifteen"), False),
        (STORY, STORY.replace("230", "231"), False),
        (STORY, STORY.replace("may stay", "may not stay"), False),
        (STORY, " ".join(words(1, 40)), False),
        ("17,357", "17,357", True),
        ("17,357", "17,358", False),
        ("", "", True),
    ],
)
def test_passages_with_another_figure_or_negation_are_not_the_same(one: str, other: str, same: bool) -> None:
    assert nearly_same(one, other) is same
    assert nearly_same(other, one) is same


def hit(text: str, identity: str, day: str | None, score: float) -> Hit:
    return Hit(embedded(a_document(text, identity, day=day), FAKE)[0].passage, score, score, ())


def test_the_newest_stays_at_the_place_of_the_best() -> None:
    old, new = hit(STORY, "old", "2024-01-01", 3), hit(STORY, "new", "2025-01-01", 1)
    other, undated = hit("Bread", "bread", None, 2), hit(STORY, "undated", None, 0.5)
    kept = collapsed([old, other, new, undated], {0: 7, 2: 7, 3: 7}, range(4))
    assert [(each.passage.info.id, each.score) for each in kept] == [("new", 3), ("bread", 2)]
    assert [passage.info.id for passage in kept[0].older] == ["old", "undated"]


def test_of_one_day_the_better_placed_stays() -> None:
    hits = [hit(STORY, name, "2024-01-01", 3) for name in ("b", "a")]
    (kept,) = collapsed(hits, {0: 1, 1: 1}, [0, 1])
    assert (kept.passage.info.id, [each.info.id for each in kept.older]) == ("b", ["a"])


def test_equal_passages_of_unrelated_documents_both_stay() -> None:
    hits = [hit(STORY, name, None, 3) for name in ("a", "b")]
    assert collapsed(hits, {}, [0, 1]) == hits
    assert collapsed(hits, {0: 1, 1: 2}, [0, 1]) == hits


def test_passages_of_versions_that_differ_in_a_figure_both_stay() -> None:
    hits = [hit(STORY, "a", "2024-01-01", 3), hit(STORY.replace("230", "231"), "b", "2025-01-01", 2)]
    assert collapsed(hits, {0: 1, 1: 1}, [0, 1]) == hits


@pytest.fixture
def consolidations(store: WritableStore) -> WritableStore:
    """An Act at two dates."""
    text = f"{STORY}. {' '.join(words(1, 100))}."
    return grouped(
        store, a_document(text, "old", day="2024-01-01"), a_document(text + " New.", "new", day="2025-01-01")
    )


def test_a_search_finds_the_newest_version_and_names_the_older(consolidations: WritableStore) -> None:
    hits = HybridRetriever(consolidations, FAKE).retrieve(Question("officer stay removal order"), 10)
    assert [hit.passage.info.id for hit in hits] == ["new"]
    assert [passage.info.id for passage in hits[0].older] == ["old"]


def test_a_search_as_of_a_day_finds_the_version_in_force_then(consolidations: WritableStore) -> None:
    question = Question("officer stay removal order", as_of=date(2024, 6, 1))
    assert [hit.passage.info.id for hit in HybridRetriever(consolidations, FAKE).retrieve(question, 10)] == ["old"]


def test_an_answer_names_the_older_versions_of_what_it_quotes(consolidations: WritableStore) -> None:
    answer = Pipeline(consolidations, FAKE, Settings(refuse="never")).answer(Question("officer stay removal order"))
    assert [info.id for info in answer.citations[0].older] == ["old"]


def test_a_figure_that_changed_between_versions_is_told_and_an_unchanged_one_names_the_older(
    store: WritableStore,
) -> None:
    common = " ".join(words(1, 100))
    days = {"a": ("2023-01-01", 500), "b": ("2024-01-01", 500), "c": ("2025-01-01", 700)}
    documents = [
        a_document(f"The agency removed {count} people. {common}.", name, day=day)
        for name, (day, count) in days.items()
    ]
    pipeline = Pipeline(grouped(store, *documents), FAKE, Settings(refuse="never"))
    answer = pipeline.answer(Question("How many people did the agency remove?"))
    assert [figure.value for figure in answer.disagreement] == ["700 people", "500 people"]
    cited = {each.passage.info.id: [info.id for info in each.older] for each in answer.citations}
    assert cited == {"c": [], "b": ["a"]}


# -- the same bytes under several names


def named(store: WritableStore) -> WritableStore:
    fill(store, FAKE, a_document("bord", "a", title="T"))
    digest = store.info("a").digest
    assert store.add_name("b", digest, origin="there")
    assert store.add_name("c", digest, origin="there")
    return store


def test_a_document_is_known_by_all_its_names(store: WritableStore) -> None:
    named(store)
    assert store.info("a").also == ("b", "c")
    assert store.document("b") == store.document("a")
    assert store.known()["c"].same_as == "a"
    assert [info.id for info in store.documents()] == ["a"]


def test_a_question_is_narrowed_to_a_document_by_any_of_its_names(store: WritableStore) -> None:
    named(store)
    fill(store, FAKE, a_document("bord", "z"))
    question = Question("bord", documents=frozenset({"b"}))
    assert [hit.passage.info.id for hit in HybridRetriever(store, FAKE).retrieve(question, 9)] == ["a"]


def test_removing_a_name_keeps_the_document(store: WritableStore) -> None:
    named(store).remove("b")
    assert store.info("a").also == ("c",)


def test_removing_the_first_name_gives_the_document_to_the_next(store: WritableStore) -> None:
    before = named(store).info("a")
    store.remove("a")
    assert [info.id for info in store.documents()] == ["b"]
    assert store.info("b") == replace(before, id="b", also=("c",))
    assert len(store.matching(["bord"], 5)) == 1


def test_a_document_that_changes_leaves_what_it_held_to_its_other_names(store: WritableStore) -> None:
    named(store)
    fill(store, FAKE, a_document("lamp", "a"))
    assert (store.document("a").text, store.info("a").also) == ("lamp", ())
    assert (store.document("b").text, store.info("b").also) == ("bord", ("c",))


def test_the_same_document_read_again_keeps_its_names(store: WritableStore) -> None:
    named(store)
    fill(store, FAKE, a_document("bord", "a", title="T"))
    assert store.info("a").also == ("b", "c")


def test_a_name_that_gets_content_of_its_own_is_a_document(store: WritableStore) -> None:
    named(store)
    fill(store, FAKE, a_document("lamp", "b"))
    assert (store.info("a").also, store.document("b").text) == (("c",), "lamp")


def test_content_that_no_document_has_gets_no_name(store: WritableStore) -> None:
    assert store.add_name("b", "0" * 64, origin="there") is False

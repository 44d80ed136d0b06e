"""What the store does with kinds, languages, collections and corrections: narrowing, editing, taking back."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import product

import numpy as np
import pytest
from conftest import STORES, new_store
from fakes import WordHashEmbedder, a_document, embedded, fill
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.errors import BadQuestion
from documents.labels import Labels
from documents.types import DocumentInfo
from index.types import Match, Where
from index.writable import WritableStore

FAKE = WordHashEmbedder()
KINDS = ["", "press", "statute"]
LANGUAGES = ["", "en", "fr"]
COLLECTIONS = ["", "Acts", "été 'x' \"y\""]
DAYS = [None, "2024-01-01", "2025-06-15"]


@pytest.fixture
def store(each_store: WritableStore) -> WritableStore:
    return each_store


@pytest.fixture(scope="module", params=STORES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WritableStore]:
    """A document of each kind, language, collection and day; all hold one word in common."""
    documents = [
        a_document(f"bord n{place}", f"{place:03}", day=day, language=language, kind=kind, collection=collection)
        for place, (kind, language, collection, day) in enumerate(product(KINDS, LANGUAGES, COLLECTIONS, DAYS))
    ]
    with new_store(request.param, tmp_path_factory.mktemp("labels")) as store:
        yield fill(store, FAKE, *documents)


def some(values: list[str]) -> st.SearchStrategy[frozenset[str] | None]:
    return st.none() | st.frozensets(st.sampled_from([*values, "no such"]))


WHERES = st.builds(
    Where,
    documents=st.none() | st.frozensets(st.sampled_from([f"{place:03}" for place in range(81)]), max_size=40),
    as_of=st.sampled_from([None, date(2023, 1, 1), date(2024, 1, 1), date(2026, 1, 1)]),
    kinds=some(KINDS),
    languages=some(LANGUAGES),
    collections=some(COLLECTIONS),
)


def meets(info: DocumentInfo, where: Where) -> bool:
    """The conditions, one by one, in Python."""
    sets: list[tuple[str, frozenset[str] | None]] = [
        (info.id, where.documents),
        (info.kind, where.kinds),
        (info.language, where.languages),
        (info.collection, where.collections),
    ]
    in_time = where.as_of is None or (info.dated is not None and info.dated.value <= where.as_of)
    return in_time and all(allowed is None or value in allowed for value, allowed in sets)


@given(where=WHERES, k=st.integers(1, 90))
@settings(max_examples=60, deadline=None)
def test_a_narrowed_search_finds_what_a_filter_over_everything_keeps(
    filled: WritableStore, where: Where, k: int
) -> None:
    searches: list[Callable[[int, Where], list[str]]] = [
        lambda k, where: ids(filled, filled.nearest(FAKE.embed_question("bord"), k, where)),
        lambda k, where: ids(filled, filled.matching(["bord"], k, where)),
    ]
    kept = {info.id for info in filled.documents() if meets(info, where)}
    for search in searches:
        expected = [identity for identity in search(1000, Where()) if identity in kept][:k]
        assert search(k, where) == expected


@given(where=WHERES)
@settings(max_examples=30, deadline=None)
def test_the_documents_can_be_narrowed(filled: WritableStore, where: Where) -> None:
    assert filled.documents(where) == [info for info in filled.documents() if meets(info, where)]


def ids(store: WritableStore, matches: Sequence[Match]) -> list[str]:
    found = store.passages([match.number for match in matches])
    return [found[match.number].passage.info.id for match in matches]


def test_facets_count_the_documents(store: WritableStore) -> None:
    fill(store, FAKE, a_document("a", "a", kind="press"), a_document("b", "b", collection="Acts", language="fr"))
    facets = store.facets()
    assert facets.kinds == {"": 1, "press": 1}
    assert facets.languages == {"en": 1, "fr": 1}
    assert facets.collections == {"": 1, "Acts": 1}


ALL = Labels("Lamp", date(2025, 8, 2), "fr", "press", "Acts")


def test_every_label_can_be_corrected(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord", title="Cart"))
    info = store.edit("a.txt", ALL)
    assert (info.title, info.date, info.language, info.kind, info.collection) == (
        "Lamp", "2025-08-02", "fr", "press", "Acts",
    )  # fmt: skip
    assert store.info("a.txt") == store.document("a.txt").info == info
    assert store.corrections("a.txt").said() == ["title", "date", "language", "kind", "collection"]


def test_a_second_correction_leaves_the_first(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord"))
    store.edit("a.txt", Labels(kind="press"))
    info = store.edit("a.txt", Labels(collection="Acts"))
    assert (info.kind, info.collection) == ("press", "Acts")


def test_corrections_outlive_the_same_and_a_changed_document(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord", title="Cart"))
    store.edit("a.txt", ALL)
    fill(store, FAKE, a_document("dorm", title="Fund", kind="brief"))
    assert (store.info("a.txt").title, store.info("a.txt").kind) == ("Lamp", "press")
    assert store.document("a.txt").text == "dorm"


def test_a_reset_shows_the_document_as_it_was_read_last(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord", title="Cart", day="2020-01-01"))
    store.edit("a.txt", ALL)
    read = a_document("dorm", title="Fund", day="2021-01-01", kind="brief")
    fill(store, FAKE, read)
    assert store.edit("a.txt", Labels(), reset=True) == read.info
    assert store.corrections("a.txt").said() == []


def test_a_reset_with_a_correction_keeps_that_one_alone(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord", title="Cart"))
    store.edit("a.txt", ALL)
    info = store.edit("a.txt", Labels(kind="brief"), reset=True)
    assert (info.title, info.kind) == ("Cart", "brief")


def test_corrections_go_with_a_removed_document(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord", title="Cart"))
    store.edit("a.txt", ALL)
    store.remove("a.txt")
    fill(store, FAKE, a_document("bord", title="Cart"))
    assert store.info("a.txt").title == "Cart"


def test_a_search_by_words_follows_a_corrected_title_and_date(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord", title="Cart"))
    store.edit("a.txt", Labels(title="Lamp", day=date(2025, 8, 2)))
    assert [store.matching([term], 5) == [] for term in ("cart", "lamp", "august")] == [True, False, False]
    assert "cart" not in store.vocabulary().counts


def test_a_search_can_be_narrowed_to_a_corrected_kind(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord", "a"), a_document("bord", "b"))
    store.edit("b", Labels(kind="press"))
    where = Where(kinds=frozenset({"press"}))
    assert ids(store, store.matching(["bord"], 5, where)) == ["b"]


def test_what_the_folder_says_stands_below_the_document(store: WritableStore) -> None:
    document = a_document("bord", kind="press")
    store.put(document, embedded(document, FAKE), origin="", folder=Labels(kind="brief", collection="Acts"))
    assert (store.info("a.txt").kind, store.info("a.txt").collection) == ("press", "Acts")
    assert store.known()["a.txt"].folder == Labels(kind="brief", collection="Acts")


def test_what_the_folder_says_can_change_without_reading_the_document(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord"))
    store.edit("a.txt", Labels(collection="Mine"))
    assert store.set_folder("a.txt", Labels(kind="brief", collection="Acts")).kind == "brief"
    assert store.info("a.txt").collection == "Mine"
    assert store.edit("a.txt", Labels(), reset=True).collection == "Acts"


def test_correcting_a_document_that_is_not_there_is_a_bad_question(store: WritableStore) -> None:
    with pytest.raises(BadQuestion, match=r"b\.txt: no document of this id"):
        store.edit("b.txt", Labels(kind="press"))
    assert store.corrections("b.txt").said() == []


def test_a_document_that_was_taken_out_comes_back_as_it_was(store: WritableStore) -> None:
    fill(store, FAKE, a_document("Canada removed 500 people. Chad took 3.", "a"), a_document("Another text.", "b"))
    store.edit("a", Labels(title="Corrected", kind="press"))
    (number,) = [match.number for match in store.nearest(FAKE.embed_question("canada removed"), 1)]
    before, (passage,) = store.document("a"), store.passages([number]).values()
    assert len(store.matching(["remov", "correct"], 5)) == 1
    taken = store.take_out("a")
    assert [info.id for info in store.documents()] == ["b"]
    assert store.matching(["remov", "correct"], 5) == []
    store.put_back(taken)
    assert store.document("a") == before
    assert store.corrections("a") == Labels(title="Corrected", kind="press")
    (back,) = store.passages([match.number for match in store.matching(["correct"], 5)]).values()
    assert back.passage == passage.passage
    assert np.array_equal(back.embedding.whole, passage.embedding.whole)
    assert np.array_equal(back.embedding.spans, passage.embedding.spans)


def test_what_is_not_there_cannot_be_taken_out_and_nothing_is_replaced_by_what_comes_back(store: WritableStore) -> None:
    fill(store, FAKE, a_document("One.", "a"))
    with pytest.raises(BadQuestion, match="b: no document"):
        store.take_out("b")
    taken = store.take_out("a")
    fill(store, FAKE, a_document("Two.", "a"))
    with pytest.raises(BadQuestion, match="there is a document of this id again"):
        store.put_back(taken)
    assert store.document("a").text == "Two."

"""The ranking by lists kept in memory: FTS5's own, to the last bit, and never of an earlier state of the index."""

import random
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from index.postings import Postings, integers, size
from index.store import SQLiteStore
from index.types import Match

FAKE = WordHashEmbedder()
WORDS = [f"w{place}" for place in range(30)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SQLiteStore:
    """400 passages of 1 to 199 words, w0 in most of them and w29 in few."""
    drawn = random.Random(3)
    weights = [1 / (place + 1) for place in range(len(WORDS))]
    documents = [
        a_document(" ".join(drawn.choices(WORDS, weights, k=drawn.randrange(1, 200))), f"{place:03}")
        for place in range(400)
    ]
    return fill(SQLiteStore(tmp_path_factory.mktemp("postings"), writable=True), FAKE, *documents)


def of_fts5(store: SQLiteStore, terms: list[str], k: int) -> list[Match]:
    rows = store._database.read(
        "SELECT rowid, -bm25(terms) AS score FROM terms WHERE terms MATCH ? ORDER BY score DESC, rowid LIMIT ?",
        (" OR ".join(f'"{term}"' for term in terms), k),
    )
    return [Match(*row) for row in rows]


@pytest.mark.parametrize("k", [1, 7, 1000])
@pytest.mark.parametrize(
    "terms",
    [["w29"], ["w0"], ["w0", "w3", "w28"], ["w28", "w28"], ["w9 w8"], ["w1 w1", "w29"], ["none"], WORDS],
    ids=" ".join,
)
def test_the_ranking_is_that_of_fts5(store: SQLiteStore, terms: list[str], k: int) -> None:
    assert Postings(store._database).best(terms, k) == of_fts5(store, terms, k)


def test_what_is_asked_again_is_ranked_as_before(store: SQLiteStore) -> None:
    kept = Postings(store._database)
    assert [kept.best(["w7", "w20"], 5) for _ in range(2)] == [of_fts5(store, ["w7", "w20"], 5)] * 2


def test_with_no_room_for_lists_the_ranking_is_the_same(store: SQLiteStore) -> None:
    kept = Postings(store._database, most_kept=10)
    assert kept.best(["w0", "w29"], 9) == of_fts5(store, ["w0", "w29"], 9)
    assert kept._state.entries <= 10


def test_lengths_of_more_than_a_byte_are_read(tmp_path: Path) -> None:
    documents = [a_document("lamp " * count, f"{count}") for count in (1, 127, 128, 300, 20_000)]
    store = SQLiteStore(tmp_path, writable=True)
    for number, document in enumerate(documents, 1):
        with store._database.transaction() as writer:
            writer.insert("terms", {"rowid": number, "text": document.text})
    assert Postings(store._database).best(["lamp"], 9) == of_fts5(store, ["lamp"], 9)


def test_what_only_fts5_can_tell_is_left_to_it(store: SQLiteStore) -> None:
    assert Postings(store._database).best(["w1", "été"], 5) is None


def test_what_another_store_changes_is_seen_at_the_next_search(tmp_path: Path) -> None:
    store = fill(SQLiteStore(tmp_path, writable=True), FAKE, a_document("lamp cart", "a"), a_document("lamp", "b"))
    kept = Postings(store._database)
    assert [match.number for match in kept.best(["cart"], 5) or ()] == [1]
    assert kept.texts([1, 9]) == {1: "lamp cart"}
    other = SQLiteStore(tmp_path, writable=True)
    fill(other, FAKE, a_document("cart lamp cart", "c"))
    other.remove("a")
    assert kept.best(["cart"], 5) == of_fts5(store, ["cart"], 5)
    assert kept.texts([1, 3]) == {3: "cart lamp cart"}


def test_a_document_that_another_name_replaces_is_found_no_more(tmp_path: Path) -> None:
    store = fill(SQLiteStore(tmp_path, writable=True), FAKE, a_document("lamp", "a"), a_document("cart", "b"))
    assert len(store.matching(["cart"], 5)) == 1
    store.add_name("b", store.info("a").digest, origin="here")
    assert store.matching(["cart"], 5) == []


@pytest.mark.parametrize(
    ("written", "value"), [(b"\x00", 0), (b"\x7f", 127), (b"\x81\x00", 128), (b"\x81\x80\x01", 16385)]
)
def test_sqlites_integers_are_read(written: bytes, value: int) -> None:
    assert integers(written) == [value]


def test_an_empty_index_has_no_passages(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path, writable=True)
    assert size(store._database) == (0, 1.0)
    assert Postings(store._database).best(["lamp"], 5) == []

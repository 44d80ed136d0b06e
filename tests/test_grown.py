"""Vectors while documents come and go: what is read, what is found, and when the file is made again."""

import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEmbedder, a_document, fill

from index.grown import Grown
from index.store import SQLiteStore
from index.types import EVERYWHERE, Match, Where
from index.vectors import FLAT, HNSW, IVF, KINDS, FlatVectors
from index.writable import WritableStore

FAKE = WordHashEmbedder()
WORDS = [f"word{number}" for number in range(60)]
ALL_VECTORS = "SELECT number, vector"  # how a statement begins that reads vectors one after the other


def a_library(folder: Path, count: int = 200, seed: int = 3) -> SQLiteStore:
    random = np.random.default_rng(seed)
    days = [None, "2024-01-01", "2026-01-01"]
    documents = [
        a_document(" ".join(random.choice(WORDS, 9)), f"{place:03}", day=days[place % 3], kind="press" * (place % 2))
        for place in range(count)
    ]
    return fill(SQLiteStore(folder, writable=True), FAKE, *documents)


def changed(store: SQLiteStore) -> None:
    """Three documents come, of which one takes another's place; two go, and one of them is the last that came."""
    fill(store, FAKE, a_document("word1 word2 word3 lamp", "007", day="2023-05-05", kind="press"))
    fill(store, FAKE, a_document("word1 word2 mint", "new", day="2025-05-05"), a_document("lamp", "last"))
    store.remove("last")
    store.remove("100")
    fill(store, FAKE, a_document("lamp lamp word1", "after"))


WHERES = [
    EVERYWHERE,
    Where(as_of=date(2025, 6, 1)),
    Where(kinds=frozenset({"press"})),
    Where(documents=frozenset({"007", "100", "after", "150"})),
    Where(frozenset()),
]
QUESTIONS = ["word1 word2 word3", "lamp", "word5 mint", " ".join(WORDS[:30])]


def found(store: WritableStore, k: int = 20) -> list[list[Match]]:
    return [store.nearest(FAKE.embed_question(question), k, where) for question in QUESTIONS for where in WHERES]


def read_by(store: SQLiteStore, question: str) -> list[str]:
    """The statements that a question has the store send, with their values."""
    connection, sent = store._database._connection(), list[str]()
    connection.set_trace_callback(sent.append)
    store.nearest(FAKE.embed_question(question), 5)
    connection.set_trace_callback(None)
    return sent


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", [1, 20, 500])
def test_a_changed_index_finds_what_one_that_was_made_anew_does(kind: str, k: int, tmp_path: Path) -> None:
    store = a_library(tmp_path)
    store.dense.choose(kind)
    store.save_vectors()
    reader = SQLiteStore(tmp_path)
    found(reader, k)
    changed(store)
    after, opened = found(reader, k), found(SQLiteStore(tmp_path), k)
    assert after == opened
    about = reader.dense.about()
    assert about is not None and (about.passages, reader.dense.later()) == (200, 3)
    store.save_vectors()
    anew = found(SQLiteStore(tmp_path), k)
    assert len(after) == len(anew)
    for one, other in zip(after, anew, strict=True):
        assert [match.score for match in one] == pytest.approx([match.score for match in other], abs=1e-6)
    if kind == FLAT:
        assert after == anew


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_changed_index_only_what_is_new_is_read(kind: str, tmp_path: Path) -> None:
    store = a_library(tmp_path)
    store.dense.choose(kind)
    store.save_vectors()
    reader = SQLiteStore(tmp_path)
    reader.nearest(FAKE.embed_question("lamp"), 5)
    for count in (1, 2):
        fill(store, FAKE, a_document("lamp", f"new{count}"))
        sent = [each for each in read_by(reader, "lamp") if ALL_VECTORS in each and "ORDER BY" in each]
        assert len(sent) == 1
        assert f"number > {199 + count} " in sent[0]
        assert len(store._database.read(sent[0]).fetchall()) == 1
    assert not any("ORDER BY number" in each for each in read_by(reader, "lamp"))


def test_of_an_index_without_a_file_only_what_is_new_is_read_again(tmp_path: Path) -> None:
    store = a_library(tmp_path, 20)
    reader = SQLiteStore(tmp_path)
    reader.nearest(FAKE.embed_question("lamp"), 5)
    fill(store, FAKE, a_document("lamp", "new"))
    (sent,) = [each for each in read_by(reader, "lamp") if ALL_VECTORS in each]
    assert len(store._database.read(sent).fetchall()) == 1
    store.save_vectors()
    assert found(reader) == found(SQLiteStore(tmp_path))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_gone_leaves_room_for_as_many_others(kind: str, tmp_path: Path) -> None:
    """The forty nearest go: a search that only drops them from its first candidates finds nothing."""
    store = a_library(tmp_path, 100)
    fill(store, FAKE, *(a_document(f"lamp lamp lamp {WORDS[place]}", f"near{place}") for place in range(40)))
    store.dense.choose(kind)
    store.save_vectors()
    for place in range(40):
        store.remove(f"near{place}")
    for reader in (store, SQLiteStore(tmp_path)):
        assert len(reader.nearest(FAKE.embed_question("lamp word1"), 10)) == 10
        assert reader.dense.about() is not None
    store.save_vectors()
    expected = store.nearest(FAKE.embed_question("lamp word1"), 10)
    assert [match.score for match in reader.nearest(FAKE.embed_question("lamp word1"), 10)] == pytest.approx(
        [match.score for match in expected], abs=1e-6
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_a_passage_that_is_gone_is_never_given_again(kind: str, tmp_path: Path) -> None:
    store = a_library(tmp_path, 20)
    store.dense.choose(kind)
    store.save_vectors()
    reader = SQLiteStore(tmp_path)
    reader.nearest(FAKE.embed_question("lamp"), 1)
    store.remove("019")  # the last
    store.put_back(store.take_out("018"))
    fill(store, FAKE, a_document("lamp", "new"))
    numbers = [row[0] for row in store._database.read("SELECT number FROM passages ORDER BY number")]
    assert numbers[-2:] == [21, 22]
    assert [match.number for match in reader.nearest(FAKE.embed_question("lamp"), 1)] == [22]


def test_numbers_of_an_index_that_kept_no_count_of_them_are_not_given_again(tmp_path: Path) -> None:
    store = a_library(tmp_path, 20)
    with store._database.transaction() as writer:
        writer.execute("DELETE FROM settings WHERE key IN ('last_passage', 'vectors_made')")
    store.remove("019")
    fill(store, FAKE, a_document("lamp", "new"))
    assert store._database.read("SELECT max(number) FROM passages").fetchone() == (21,)


@pytest.mark.parametrize("kind", [HNSW, IVF])
def test_the_file_is_made_again_once_a_twentieth_changed(kind: str, tmp_path: Path) -> None:
    store = a_library(tmp_path)
    store.dense.choose(kind)
    store.save_vectors()
    fill(store, FAKE, *(a_document("lamp", f"new{place}") for place in range(6)))
    for place in range(4):
        store.remove(f"{place:03}")
    before = (tmp_path / "vectors.faiss").read_bytes()
    store.save_vectors(lazily=True)
    assert (tmp_path / "vectors.faiss").read_bytes() == before
    assert store.vectors == kind
    store.remove("004")
    store.save_vectors(lazily=True)
    assert (tmp_path / "vectors.faiss").read_bytes() != before
    about = store.dense.about()
    assert about is not None and (about.passages, store.dense.later()) == (201, 0)


def test_a_damaged_file_does_not_stay_where_little_changed(tmp_path: Path) -> None:
    store = a_library(tmp_path)
    store.save_vectors()
    whole = (tmp_path / "vectors.faiss").read_bytes()
    (tmp_path / "vectors.faiss").write_bytes(whole[:1000] + b"!" + whole[1001:])
    store.save_vectors(lazily=True)
    assert (tmp_path / "vectors.faiss").read_bytes() == whole


def test_an_open_index_takes_up_a_file_that_another_process_makes(tmp_path: Path) -> None:
    store = a_library(tmp_path)
    store.save_vectors()
    reader = SQLiteStore(tmp_path)
    found(reader)
    changed(store)
    store.dense.choose(HNSW)
    store.save_vectors()
    assert found(reader) == found(SQLiteStore(tmp_path))
    about = reader.dense.about()
    assert about is not None and about.kind == HNSW


def test_until_a_chosen_kind_is_made_the_search_is_exact_over_the_file_there_is(tmp_path: Path) -> None:
    store = a_library(tmp_path)
    store.save_vectors()
    before = found(store)
    store.dense.choose(HNSW)
    assert "not made yet" in SQLiteStore(tmp_path).vectors
    assert found(SQLiteStore(tmp_path)) == before
    assert not any(ALL_VECTORS in each and "> 0 " in each for each in read_by(SQLiteStore(tmp_path), "lamp"))


def test_what_an_earlier_snapshot_brings_back_is_not_taken_for_what_was_read(tmp_path: Path) -> None:
    """The same numbers are given twice: after the snapshot, and again after it was brought back."""
    store = a_library(tmp_path / "index", 20)
    store.save_vectors()
    store.snapshot(tmp_path / "earlier.db")
    reader = SQLiteStore(tmp_path / "index")
    fill(store, FAKE, a_document("lamp", "one"))
    assert len(reader.nearest(FAKE.embed_question("lamp"), 30)) == 21
    store.restore(tmp_path / "earlier.db")
    fill(store, FAKE, a_document("mint", "other"))
    assert found(reader) == found(SQLiteStore(tmp_path / "index"))
    assert reader.nearest(FAKE.embed_question("mint"), 1)[0].score == pytest.approx(1)


def test_a_file_of_another_history_is_not_believed(tmp_path: Path) -> None:
    one, other = a_library(tmp_path / "one", 20), a_library(tmp_path / "other", 20, seed=4)
    for store in (one, other):
        store.save_vectors()
    expected = found(one)
    (tmp_path / "one" / "vectors.faiss").write_bytes((tmp_path / "other" / "vectors.faiss").read_bytes())
    assert found(SQLiteStore(tmp_path / "one")) == expected


# -- the vectors by themselves


def test_later_passages_lie_in_few_parts_whatever_they_came_in() -> None:
    random = np.random.default_rng(1)
    rows = random.choice(np.array([-0.5, 0.5], dtype=np.float32), (300, 4))
    grown, place = Grown(), 0
    while place < 300:
        count = min(int(random.integers(1, 5)), 300 - place)
        block = np.arange(place + 1, place + count + 1), rows[place : place + count]
        grown = grown.with_later([block], is_whole=True)
        place += count
    assert sum(map(len, grown.later)) == grown.last == 300
    assert len(grown.later) <= 10
    whole = FlatVectors(np.arange(1, 301), rows)
    for allowed in (None, np.arange(5, 300, 7)):
        for vector in rows[:5]:
            assert grown.search(vector, 40, allowed, set) == whole.search(vector, 40, allowed)


def test_sqlite_gives_the_number_of_the_last_row_again() -> None:
    """The reason for counting: were it otherwise, index/numbering.py could go."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE passages (number INTEGER PRIMARY KEY)")
    for _ in range(2):
        assert database.execute("INSERT INTO passages DEFAULT VALUES").lastrowid == 1
        database.execute("DELETE FROM passages")
    database.close()

"""What is counted of an index: once for each state of it, and never of an earlier one."""

from datetime import date
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from index.counts import Counts
from index.store import SQLiteStore
from index.types import EVERYWHERE, Where

FAKE = WordHashEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> SQLiteStore:
    return fill(SQLiteStore(tmp_path, writable=True), FAKE, a_document("lamp cart", "a"), a_document("lamp", "b"))


def test_terms_and_passages_are_counted(store: SQLiteStore) -> None:
    counts = Counts(store._database)
    assert counts.passages() == 2
    assert counts.of(["lamp", "none", "cart", "lamp"]) == {"lamp": 2, "none": 0, "cart": 1}


def test_what_another_store_puts_is_counted_next_time(store: SQLiteStore) -> None:
    counts = Counts(store._database)
    assert (counts.passages(), counts.of(["none"])) == (2, {"none": 0})
    fill(SQLiteStore(store.folder), FAKE, a_document("lamp none", "c"))
    assert counts.passages() == 3
    assert counts.of(["lamp", "none"]) == {"lamp": 3, "none": 1}


def test_documents_without_a_date_are_counted_once_a_state(store: SQLiteStore) -> None:
    counts = Counts(store._database)
    assert counts.undated(Where(as_of=date(2025, 1, 1))) == 2
    fill(
        SQLiteStore(store.folder),
        FAKE,
        a_document("lamp", "c", kind="press"),
        a_document("cart", "d", day="2025-01-01"),
    )
    assert counts.undated(EVERYWHERE) == 3
    assert counts.undated(Where(kinds=frozenset({"press"}))) == 1
    with store._database.transaction() as writer:  # without a new generation
        writer.execute("DELETE FROM documents")
    assert counts.undated(EVERYWHERE) == 3


def test_nothing_is_read_again_while_the_index_stays_as_it_is(store: SQLiteStore) -> None:
    counts = Counts(store._database)
    counts.of(["lamp"])
    with store._database.transaction() as writer:  # without a new generation
        writer.execute("DELETE FROM documents")
        writer.execute("INSERT INTO terms (rowid, text) VALUES (9, 'lamp')")
    assert counts.of(["lamp"]) == {"lamp": 2}


@pytest.mark.parametrize("read_whole", [0, 10])
def test_the_vocabulary_of_a_large_index_knows_what_that_of_a_small_one_does(
    store: SQLiteStore, read_whole: int
) -> None:
    words = Counts(store._database, read_whole=read_whole).vocabulary()
    assert [words.counts.get(term) for term in ("lamp", "cart", "none")] == [2, 1, None]
    assert [each.word for each in words.nearest("lampp", "en")] == ["lamp", "lamps"]

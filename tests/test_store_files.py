"""The index folder: what happens to a search when its files are gone, damaged, foreign or in use."""

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, embedded, fill

from documents.errors import IndexMismatch, IndexMissing, StoreUnreachable
from documents.labels import Labels
from index import vector_file
from index.store import SQLiteStore
from index.texts import spread
from index.types import Match

FAKE = WordHashEmbedder()
QUESTION = FAKE.embed_question("bord cart")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of three documents with its vectors saved."""
    store = SQLiteStore(tmp_path / "index", writable=True)
    fill(store, FAKE, a_document("bord cart", "a"), a_document("cart dorm", "b"), a_document("dorm fund", "c"))
    store.save_vectors()
    return tmp_path / "index"


def nearest(folder: Path) -> list[Match]:
    return SQLiteStore(folder).nearest(QUESTION, 10)


def matches(folder: Path) -> list[Match]:
    return SQLiteStore(folder).matching(["bord", "cart"], 10)


def test_a_deleted_vector_file_is_made_again(folder: Path) -> None:
    before = nearest(folder)
    (folder / "vectors.faiss").unlink()
    assert nearest(folder) == before
    SQLiteStore(folder).save_vectors()
    assert (folder / "vectors.faiss").exists()


def test_a_truncated_vector_file_is_not_believed(folder: Path) -> None:
    before = nearest(folder)
    data = (folder / "vectors.faiss").read_bytes()
    (folder / "vectors.faiss").write_bytes(data[: len(data) // 2])
    assert nearest(folder) == before


def test_a_vector_file_with_one_wrong_byte_is_not_believed(folder: Path) -> None:
    before = nearest(folder)
    data = bytearray((folder / "vectors.faiss").read_bytes())
    data[-5] ^= 64
    (folder / "vectors.faiss").write_bytes(data)
    assert nearest(folder) == before


def test_a_damaged_vector_file_is_mended_when_vectors_are_saved(folder: Path) -> None:
    whole = (folder / "vectors.faiss").read_bytes()
    (folder / "vectors.faiss").write_bytes(b"damaged")
    SQLiteStore(folder).save_vectors()
    assert (folder / "vectors.faiss").read_bytes() == whole


def test_a_vector_file_of_an_older_generation_is_not_believed(folder: Path) -> None:
    older = (folder / "vectors.faiss").read_bytes()
    store = SQLiteStore(folder)
    fill(store, FAKE, a_document("bord", "d"))
    store.save_vectors()
    expected = nearest(folder)
    (folder / "vectors.faiss").write_bytes(older)
    assert nearest(folder) == expected
    assert len(expected) == 4


def test_a_crash_in_the_middle_of_a_put_leaves_the_old_document(folder: Path) -> None:
    store = SQLiteStore(folder)
    before = nearest(folder)
    (good,) = embedded(a_document("lamp mint", "a"), FAKE)
    with pytest.raises(AttributeError):
        store.put(a_document("lamp mint", "a"), [good, None], origin="")  # type: ignore[list-item]
    assert store.document("a").text == "bord cart"
    assert store.nearest(QUESTION, 10) == before
    assert store.matching(["lamp"], 10) == []


def test_a_put_after_a_crash_succeeds(folder: Path) -> None:
    store = SQLiteStore(folder)
    with pytest.raises(AttributeError):
        store.put(a_document("lamp", "a"), [None], origin="")  # type: ignore[list-item]
    fill(store, FAKE, a_document("lamp", "a"))
    assert store.document("a").text == "lamp"


def test_a_missing_index_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=rf"removals-qa ingest FOLDER --index {tmp_path / 'none'}"):
        SQLiteStore(tmp_path / "none")


def test_opening_a_missing_index_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        SQLiteStore(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"no database at all" * 500, b"SQLite format 3\0" + bytes(100)])
def test_a_file_that_is_no_index_is_a_mismatch(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "passages.db").write_bytes(data)
    with pytest.raises(IndexMismatch, match="ingest again"):
        SQLiteStore(tmp_path)


def test_a_database_of_something_else_is_a_mismatch(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "passages.db") as database:
        database.execute("CREATE TABLE bookmarks (address TEXT)")
    database.close()
    with pytest.raises(IndexMismatch, match="ingest again"):
        SQLiteStore(tmp_path)


def test_an_index_of_another_version_is_a_mismatch(folder: Path) -> None:
    SQLiteStore(folder).set_setting("version", "999")
    with pytest.raises(IndexMismatch, match="has format 999, this program reads"):
        SQLiteStore(folder)


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6])
def test_an_index_of_an_earlier_version_is_brought_up_to_date(folder: Path, version: int) -> None:
    before, found = SQLiteStore(folder).documents(), nearest(folder)
    texts, matching = [SQLiteStore(folder).stored(info.id) for info in before], matches(folder)
    made_older(folder, version)
    assert SQLiteStore(folder).documents() == before
    assert SQLiteStore(folder).documents() == before
    assert nearest(folder) == found
    assert matches(folder) == matching
    assert [SQLiteStore(folder).stored(each.id).document for each in texts] == [each.document for each in texts]
    SQLiteStore(folder).remove("a")
    assert len(matches(folder)) == 1


def test_an_index_that_is_brought_up_to_date_knows_its_poor_pages(folder: Path) -> None:
    store = SQLiteStore(folder)
    document = a_document("b\ufffdrd cart\n\ndorm fund", "d", page_starts=[0, 11])
    fill(store, FAKE, document)
    assert store.info("d").poor_pages == ()
    made_older(folder, 5)
    assert SQLiteStore(folder).info("d").poor_pages == (1,)


def test_the_documents_of_an_upgraded_index_can_be_corrected_and_reset(folder: Path) -> None:
    before = SQLiteStore(folder).info("a")
    made_older(folder, 3)
    store = SQLiteStore(folder)
    assert store.edit("a", Labels(title="Lamp", kind="press")) == replace(before, title="Lamp", kind="press")
    assert store.edit("a", Labels(), reset=True) == before


def made_older(folder: Path, version: int) -> None:
    """Takes away what came to the database after that version."""
    later = {
        6: ("passages embedded", "documents spoilt", "documents tables"),
        5: ("documents ocr",),
        4: ("documents kind", "documents collection", "documents as_read", "documents folder"),
        3: ("passages lead_ins",),
        2: ("documents redactions", "documents unread_pages"),
    }
    texts = {info.id: SQLiteStore(folder).document(info.id).text for info in SQLiteStore(folder).documents()}
    with sqlite3.connect(folder / "passages.db") as database:
        database.create_function("spread", 1, spread)
        database.execute("ALTER TABLE documents ADD COLUMN text TEXT NOT NULL DEFAULT ''")
        database.executemany("UPDATE documents SET text = ? WHERE id = ?", [(text, id) for id, text in texts.items()])
        for statement in (
            "DROP TABLE pieces",
            "DROP TABLE term_counts",
            "DROP TABLE terms",
            "CREATE VIRTUAL TABLE terms USING fts5 (text, tokenize = \"unicode61 remove_diacritics 0 tokenchars '.'\")",
            "CREATE VIRTUAL TABLE term_counts USING fts5vocab (terms, row)",
            "INSERT INTO terms (rowid, text) SELECT number, spread(searched) FROM passages",
            "ALTER TABLE passages DROP COLUMN searched",
            "ALTER TABLE passages DROP COLUMN compact",
        ):
            database.execute(statement)
        if version < 6:
            database.execute("DROP INDEX passages_of_embedded")
        for each in (each for number, columns in later.items() if number > version for each in columns):
            database.execute("ALTER TABLE {} DROP COLUMN {}".format(*each.split()))
        gone = [("TABLE corrections", 4), *((f"TABLE {each}", 5) for each in ("names", "versions", "bands"))]
        for what, came in [*gone, ("INDEX documents_of_digest", 5)]:
            if version < came:
                database.execute(f"DROP {what}")
        database.execute("UPDATE settings SET value = ? WHERE key = 'version'", (str(version),))
    database.close()


def test_an_open_store_sees_what_another_one_removes(folder: Path) -> None:
    reader, writer = SQLiteStore(folder), SQLiteStore(folder)
    reader.nearest(QUESTION, 10)
    writer.remove("a")
    assert len(reader.nearest(QUESTION, 10)) == 2


def test_threads_search_while_another_writes(folder: Path) -> None:
    store = SQLiteStore(folder)
    done = threading.Event()
    failures: list[BaseException] = []

    def search() -> None:
        try:
            while not done.is_set():
                numbers = [match.number for match in store.nearest(QUESTION, 50) + store.matching(["cart"], 50)]
                for each in store.passages(numbers).values():
                    assert each.passage.text.split()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for place in range(40):
        fill(store, FAKE, a_document(f"cart bord {place}", f"n{place % 5}"))
    done.set()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert store.passage_count() == 8


def test_an_index_that_cannot_be_opened_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "passages.db").mkdir()
    with pytest.raises(StoreUnreachable, match=r"cannot be opened .*try again"):
        SQLiteStore(tmp_path)


def test_two_writers_of_vectors_do_not_spoil_one_another(folder: Path) -> None:
    whole = (folder / "vectors.faiss").read_bytes()
    about = vector_file.read_about(folder / "vectors.faiss")
    vectors = whole[: whole.index(b'{"generation"')]
    assert about is not None

    def between(part: str) -> None:
        Path(part).write_bytes(vectors)
        vector_file.write(folder / "vectors.faiss", about, lambda other: Path(other).write_bytes(vectors))

    vector_file.write(folder / "vectors.faiss", about, between)
    assert (folder / "vectors.faiss").read_bytes() == whole
    assert list(folder.glob("*.part")) == []

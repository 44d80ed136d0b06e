"""An index carried to another machine: the same answers after, and nothing believed that is not whole."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import IndexMismatch, TransferError
from documents.labels import Labels
from index.ingest import ingest
from index.store import SQLiteStore
from index.transfer import export_index, import_index
from index.types import Match

FAKE = WordHashEmbedder()
QUESTION = FAKE.embed_question("bord cart")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of three documents."""
    store = SQLiteStore(tmp_path / "index", writable=True)
    fill(store, FAKE, a_document("bord cart", "a"), a_document("cart dorm", "b"), a_document("dorm fund", "c"))
    store.save_vectors()
    store.close()  # or the database's file changes when the connection is collected
    return tmp_path / "index"


@pytest.fixture
def file(folder: Path, tmp_path: Path) -> Path:
    store = SQLiteStore(folder)
    export_index(store, tmp_path / "index.zip")
    store.close()
    return tmp_path / "index.zip"


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(file: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file


def with_manifest(file: Path, **changes: object) -> Path:
    parts = members(file)
    stated = json.loads(parts["manifest.json"]) | changes
    return written(file, parts | {"manifest.json": json.dumps(stated).encode()})


def with_database(file: Path, data: bytes) -> Path:
    """Replaces the database and states its size and checksum: a file made on purpose."""
    written(file, members(file) | {"passages.db": data})
    return with_manifest(file, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def found(folder: Path) -> list[Match]:
    store = SQLiteStore(folder)
    return store.nearest(QUESTION, 10) + store.matching(["cart"], 10)


def test_an_imported_index_gives_the_same_matches_and_documents(folder: Path, file: Path, tmp_path: Path) -> None:
    manifest = import_index(file, tmp_path / "far" / "new", FAKE)
    assert (manifest.documents, manifest.passages) == (3, 3)
    assert found(tmp_path / "far" / "new") == found(folder)
    before, after = SQLiteStore(folder), SQLiteStore(tmp_path / "far" / "new")
    assert [after.document(each.id) for each in after.documents()] == [before.document(each) for each in "abc"]


def test_an_imported_index_has_its_vectors_saved_and_nothing_beside_it(file: Path, tmp_path: Path) -> None:
    import_index(file, tmp_path / "far" / "new", FAKE)
    assert sorted(path.name for path in (tmp_path / "far" / "new").iterdir()) == ["passages.db", "vectors.faiss"]
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["new"]


def test_documents_of_an_imported_index_are_unchanged_for_ingest(tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("Removal orders are stayed.")
    ingest([tmp_path / "here"], SQLiteStore(tmp_path / "one", writable=True), FAKE)
    export_index(SQLiteStore(tmp_path / "one"), tmp_path / "index.zip")
    shutil.rmtree(tmp_path / "here")
    import_index(tmp_path / "index.zip", tmp_path / "two", FAKE)
    assert ingest([tmp_path / "there"], SQLiteStore(tmp_path / "two"), FAKE).unchanged == ["x.txt"]


def test_corrections_copies_and_versions_are_carried_along(tmp_path: Path) -> None:
    for name, number in (("a.txt", "four"), ("copy.txt", "four"), ("later.txt", "five")):
        (tmp_path / "docs").mkdir(exist_ok=True)
        story = " ".join(f"word{n}" for n in range(60))
        (tmp_path / "docs" / name).write_text(f"{story} {number}.")
    store = SQLiteStore(tmp_path / "index", writable=True)
    ingest([tmp_path / "docs"], store, FAKE)
    store.edit("a.txt", Labels(title="Corrected", collection="Stories"))
    export_index(store, tmp_path / "index.zip")
    import_index(tmp_path / "index.zip", tmp_path / "new", FAKE)
    new = SQLiteStore(tmp_path / "new")
    assert new.corrections("a.txt") == Labels(title="Corrected", collection="Stories")
    assert new.info("copy.txt") == store.info("a.txt")
    assert new.info("a.txt").also == ("copy.txt",)
    assert [each.id for each in new.versions("copy.txt")] == ["later.txt"]
    assert new.known() == store.known()
    (tmp_path / "docs" / "third.txt").write_text(f"{story} six.")  # bands find what is near to a new document
    ingest([tmp_path / "docs"], new, FAKE)
    assert [each.id for each in new.versions("third.txt")] == ["a.txt", "later.txt"]


def test_the_same_index_gives_the_same_bytes(folder: Path, file: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    export_index(SQLiteStore(folder), again)
    assert again.read_bytes() == file.read_bytes()


def test_the_manifest_comes_first_and_tells_what_follows(file: Path) -> None:
    parts = members(file)
    assert list(parts) == ["manifest.json", "passages.db"]
    stated = json.loads(parts["manifest.json"])
    assert (stated["format"], stated["model"], stated["revision"]) == (1, "word-hash", FAKE.revision)
    assert (stated["documents"], stated["passages"], stated["bytes"]) == (3, 3, len(parts["passages.db"]))
    assert stated["sha256"] == hashlib.sha256(parts["passages.db"]).hexdigest()


def test_what_was_removed_is_not_carried_along(folder: Path, tmp_path: Path) -> None:
    fill(SQLiteStore(folder), FAKE, a_document("quetzalcoatlus " * 400, "secret"))
    SQLiteStore(folder).remove("secret")
    export_index(SQLiteStore(folder), tmp_path / "index.zip")
    data = members(tmp_path / "index.zip")["passages.db"]
    assert b"quetzal" not in data
    assert b"bord" in data
    # Builds of SQLite that overwrite what they delete would pass without this.
    assert int.from_bytes(data[36:40], "big") == 0  # free pages, by SQLite's file format


def test_an_index_is_exported_whole_while_another_process_writes_it(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fakes import *; from index.store import SQLiteStore\n"
        "store = SQLiteStore(Path(sys.argv[1]))\n"
        "for n in range(10000): fill(store, WordHashEmbedder(), a_document(f'bord {n} cart', f'n{n % 50}'))\n"
    )
    tests = Path(__file__).resolve().parent
    path = os.pathsep.join([str(tests.parent), str(tests)])
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], env=os.environ | {"PYTHONPATH": path}) as writer:
        try:
            while SQLiteStore(folder).passage_count() < 20:
                time.sleep(0.05)
            for place in range(5):
                export_index(SQLiteStore(folder), tmp_path / "index.zip")
                manifest = import_index(tmp_path / "index.zip", tmp_path / f"new{place}", FAKE)
                store = SQLiteStore(tmp_path / f"new{place}")
                assert manifest.documents == len(store.documents()) == store.passage_count()
                assert len(store.nearest(QUESTION, 100)) == len(store.matching(["bord", "cart", "dorm"], 100))
            assert writer.poll() is None
        finally:
            writer.kill()


def test_an_empty_index_can_be_carried(tmp_path: Path) -> None:
    export_index(SQLiteStore(tmp_path / "index", writable=True), tmp_path / "index.zip")
    assert import_index(tmp_path / "index.zip", tmp_path / "new", FAKE).documents == 0


def test_an_index_is_replaced_only_when_asked_for(folder: Path, file: Path) -> None:
    fill(SQLiteStore(folder), FAKE, a_document("later words", "d"))
    with pytest.raises(TransferError, match=r"there is an index here\. Replace it with --replace"):
        import_index(file, folder, FAKE)
    assert len(SQLiteStore(folder).documents()) == 4
    import_index(file, folder, FAKE, replace=True)
    assert [each.id for each in SQLiteStore(folder).documents()] == ["a", "b", "c"]


def test_an_open_index_goes_on_with_the_one_that_replaced_it(folder: Path, file: Path) -> None:
    fill(SQLiteStore(folder), FAKE, a_document("bord cart later", "d"))
    reader = SQLiteStore(folder)
    assert len(reader.nearest(QUESTION, 10)) == 4
    assert len(reader.matching(["bord"], 10)) == 2
    import_index(file, folder, FAKE, replace=True)
    assert len(reader.nearest(QUESTION, 10)) == 3
    assert len(reader.matching(["bord"], 10)) == 1


def test_a_folder_of_other_files_is_left_alone(file: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("mine")
    with pytest.raises(TransferError, match="holds other files and no index"):
        import_index(file, tmp_path / "docs", FAKE, replace=True)
    assert [path.name for path in (tmp_path / "docs").iterdir()] == ["a.txt"]


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def with_one_wrong_byte(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def with_another_database(file: Path) -> None:
    data = bytearray(members(file)["passages.db"])
    data[-1] ^= 1
    written(file, members(file) | {"passages.db": bytes(data)})


def with_a_longer_database(file: Path) -> None:
    written(file, members(file) | {"passages.db": bytes(10**7)})


def without_the_database(file: Path) -> None:
    written(file, {"manifest.json": members(file)["manifest.json"]})


def with_a_path_out_of_the_folder(file: Path) -> None:
    written(file, members(file) | {"../../evil.txt": b"evil"})


def with_a_stranger(file: Path) -> None:
    written(file, members(file) | {"more.txt": b"more"})


def without_manifest_first(file: Path) -> None:
    written(file, dict(reversed(members(file).items())))


def with_a_manifest_that_is_no_json(file: Path) -> None:
    written(file, members(file) | {"manifest.json": b"{"})


def with_other_counts(file: Path) -> None:
    with_manifest(file, documents=4)


def with_a_database_of_something_else(file: Path) -> None:
    with_database(file, b"no database at all" * 500)


def with_a_trigger(file: Path) -> None:
    path = file.with_suffix(".db")
    path.write_bytes(members(file)["passages.db"])
    with sqlite3.connect(path) as database:
        database.execute("CREATE TRIGGER t AFTER INSERT ON documents BEGIN DELETE FROM documents; END")
    database.close()
    with_database(file, path.read_bytes())
    path.unlink()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (truncated, "its end is missing"),
        (with_one_wrong_byte, "passages.db in it is damaged"),
        (with_another_database, "passages.db in it is damaged"),
        (with_a_longer_database, "passages.db in it is damaged"),
        (without_the_database, "passages.db is missing"),
        (with_a_path_out_of_the_folder, r"holds what an exported index does not: \['../../evil.txt'\]"),
        (with_a_stranger, r"holds what an exported index does not: \['more.txt'\]"),
        (without_manifest_first, "does not begin with a manifest.json"),
        (with_a_manifest_that_is_no_json, "its manifest.json cannot be read"),
        (lambda file: file.write_bytes(b"text"), "is no exported index"),
        (lambda file: with_manifest(file, format=2), "has the export format 2, this program reads 1"),
        (lambda file: with_manifest(file, sha256=None), "its manifest.json is not complete"),
        (lambda file: with_manifest(file, index_format=999), "has format 999, this program reads"),
        (lambda file: with_manifest(file, model="another"), "made with the model another"),
        (lambda file: with_manifest(file, revision="0" * 64), r"model word-hash \(000000000000\), not with word-hash"),
        (with_other_counts, "is not what its manifest.json says"),
        (with_a_database_of_something_else, "is no index that this version reads"),
        (with_a_trigger, "is no index that this version reads"),
        (lambda file: file.unlink(), r"cannot be read \(No such file or directory\)"),
    ],
)
def test_what_is_wrong_is_told_and_the_index_stays(
    folder: Path, file: Path, damage: Callable[[Path], object], message: str
) -> None:
    damage(file)
    shutil.copytree(folder, folder.parent / "copy")
    listed = sorted(path.name for path in folder.parent.iterdir())
    with pytest.raises((TransferError, IndexMismatch), match=message):
        import_index(file, folder, FAKE, replace=True)
    with pytest.raises((TransferError, IndexMismatch), match=message):
        import_index(file, folder.parent / "new", FAKE)
    assert sorted(path.name for path in folder.parent.iterdir()) == listed
    assert (folder / "passages.db").read_bytes() == (folder.parent / "copy" / "passages.db").read_bytes()


def stop(done: int, total: int) -> None:
    raise KeyboardInterrupt


def test_a_stopped_export_leaves_the_earlier_file(folder: Path, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(KeyboardInterrupt):
        export_index(SQLiteStore(folder), file, on_bytes=stop)
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == ["index", "index.zip"]


def test_a_stopped_import_leaves_nothing(file: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_index(file, tmp_path / "new", FAKE, on_bytes=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "index.zip"]


def test_a_file_that_cannot_be_written_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TransferError, match="Name a file in a folder that exists"):
        export_index(SQLiteStore(folder), tmp_path / "none" / "index.zip")
    with pytest.raises(TransferError, match="Name a file in a folder that exists"):
        export_index(SQLiteStore(folder), tmp_path)


def test_an_index_of_another_page_size_is_imported_and_replaces_one(tmp_path: Path) -> None:
    older = fill(SQLiteStore(tmp_path / "older", writable=True), FAKE, a_document("bord cart", "a"))
    older.close()
    with sqlite3.connect(tmp_path / "older" / "passages.db") as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("PRAGMA page_size = 4096")
        database.execute("VACUUM")
    database.close()
    shutil.copy(tmp_path / "older" / "passages.db", tmp_path / "snapshot.db")
    newer = fill(SQLiteStore(tmp_path / "newer", writable=True), FAKE, a_document("dorm", "b"))
    newer.restore(tmp_path / "snapshot.db")
    assert [info.id for info in newer.documents()] == ["a"]
    older = SQLiteStore(tmp_path / "older")
    export_index(older, tmp_path / "index.zip")
    older.restore(tmp_path / "snapshot.db")
    import_index(tmp_path / "index.zip", tmp_path / "older", FAKE, replace=True)
    assert SQLiteStore(tmp_path / "older").document("a").text == "bord cart"

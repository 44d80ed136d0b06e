"""The file that a document was read from: the very bytes, or nothing."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, embedded, fill

from index.ingest import ingest
from index.source_file import source_file
from index.store import SQLiteStore

TEXT = "Removal orders are stayed."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A text in a folder of the folder."""
    path = tmp_path / "docs" / "sub" / "é a.txt"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT, encoding="utf-8")
    return tmp_path / "docs"


def ingested(store: SQLiteStore, *paths: Path) -> SQLiteStore:
    summary = ingest(paths, store, WordHashEmbedder())
    assert summary.failed == []
    return store


def test_a_document_of_a_folder_has_its_file_there(folder: Path, store: SQLiteStore) -> None:
    assert source_file(ingested(store, folder), "sub/é a.txt") == folder / "sub" / "é a.txt"


def test_a_document_ingested_by_itself_has_its_file(folder: Path, store: SQLiteStore) -> None:
    path = folder / "sub" / "é a.txt"
    assert source_file(ingested(store, path), "é a.txt") == path


def test_a_file_that_was_changed_is_none(folder: Path, store: SQLiteStore) -> None:
    ingested(store, folder)
    (folder / "sub" / "é a.txt").write_text(TEXT + " ", encoding="utf-8")
    assert source_file(store, "sub/é a.txt") is None


def test_a_file_that_was_moved_is_none(folder: Path, store: SQLiteStore) -> None:
    ingested(store, folder)
    (folder / "sub").rename(folder / "other")
    assert source_file(store, "sub/é a.txt") is None


def test_a_folder_in_the_place_of_the_file_is_none(folder: Path, store: SQLiteStore) -> None:
    path = folder / "sub" / "é a.txt"
    ingested(store, path)
    path.unlink()
    path.mkdir()
    assert source_file(store, "é a.txt") is None


def test_an_attachment_has_no_file_and_its_message_has_one(tmp_path: Path, store: SQLiteStore) -> None:
    message = EmailMessage()
    message["Subject"] = "Stays"
    message.set_content("The list is attached.")
    message.add_attachment(TEXT.encode(), maintype="text", subtype="plain", filename="list.txt")
    (tmp_path / "a.eml").write_bytes(bytes(message))
    ingested(store, tmp_path / "a.eml")
    found = {info.id: source_file(store, info.id) for info in store.documents()}
    assert found == {"a.eml": tmp_path / "a.eml", "a.eml/list.txt": None}


def test_a_document_of_an_archive_has_no_file(tmp_path: Path, store: SQLiteStore) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", TEXT)
    (tmp_path / "a.zip").write_bytes(file.getvalue())
    ingested(store, tmp_path / "a.zip")
    assert [source_file(store, info.id) for info in store.documents()] == [None]


def test_a_line_of_a_file_has_no_file(tmp_path: Path, store: SQLiteStore) -> None:
    row = json.dumps({"doc_id": "a", "title": "A", "text": TEXT})
    (tmp_path / "a.jsonl").write_text(row + "\n", encoding="utf-8")
    assert source_file(ingested(store, tmp_path / "a.jsonl"), "a") is None


@pytest.mark.parametrize("identity", ["../secret.txt", "sub/../../secret.txt", "\0"])
def test_an_id_never_leads_out_of_its_folder(identity: str, tmp_path: Path, store: SQLiteStore) -> None:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text(TEXT, encoding="utf-8")
    document = a_document(TEXT, identity)
    document = replace(document, info=replace(document.info, digest=hashlib.sha256(TEXT.encode()).hexdigest()))
    fill(store, WordHashEmbedder())
    store.put(document, embedded(document, WordHashEmbedder()), origin=str(tmp_path / "docs"))
    assert source_file(store, identity) is None


def test_an_unknown_document_has_no_file(store: SQLiteStore) -> None:
    assert source_file(store, "a.txt") is None

"""Zip archives: what they hold is read, and a small one cannot fill the memory."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from fakes import WordHashEmbedder

from documents import read
from documents.errors import ReadError
from documents.formats import docx
from documents.read import documents_in, entries_in
from index.ingest import ingest
from index.store import SQLiteStore


def zipped(files: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def ids(folder: Path, data: bytes) -> list[str]:
    (folder / "a.zip").write_bytes(data)
    return [document.info.id for document in documents_in(folder / "a.zip", "a.zip")]


def failure(folder: Path, data: bytes) -> str:
    (folder / "a.zip").write_bytes(data)
    reasons = []
    for entry in entries_in(folder / "a.zip", "a.zip"):
        try:
            entry.document(None)
        except ReadError as error:
            reasons.append(str(error))
    (reason,) = reasons
    return reason


def test_files_of_all_formats_are_read_at_any_depth(tmp_path: Path) -> None:
    rows = json.dumps({"doc_id": "row", "text": "A row."})
    inner = zipped({"c.md": "# C\n\nInside."})
    data = zipped({"a.txt": "First.", "sub/b.csv": "A,B\n1,2", "sub/inner.zip": inner, "rows.jsonl": rows})
    assert ids(tmp_path, data) == ["a.zip/a.txt", "a.zip/sub/b.csv", "a.zip/sub/inner.zip/c.md", "row"]


def test_names_that_lead_elsewhere_are_only_ids(tmp_path: Path) -> None:
    data = zipped({"../../etc/a.txt": "One.", "/abs/b.txt": "Two.", "C:\\x\\c.txt": "Three.", "etc/a.txt": "Four."})
    assert ids(tmp_path, data) == ["a.zip/etc/a.txt", "a.zip/abs/b.txt", "a.zip/x/c.txt", "a.zip/etc/a (2).txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_what_systems_leave_behind_is_left_out(tmp_path: Path) -> None:
    data = zipped({"__MACOSX/._a.txt": "x", ".git/b.txt": "x", "sub/.DS_Store": "x", "Thumbs.db": "x", "a.txt": "One."})
    assert ids(tmp_path, data) == ["a.zip/a.txt"]


def test_a_bad_file_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.zip").write_bytes(zipped({"a.txt": "", "b.exe": "MZ", "c.txt": "Words."}))
    summary = ingest([tmp_path / "docs"], SQLiteStore(tmp_path / "index", writable=True), WordHashEmbedder())
    assert summary.added == ["a.zip/c.txt"]
    assert summary.failed == [(str(tmp_path / "docs/a.zip/a.txt"), "a.zip/a.txt: the file is empty.")]
    assert [file for file, _ in summary.skipped] == [str(tmp_path / "docs/a.zip/b.exe")]


def test_a_file_gone_from_an_archive_is_pruned_and_the_others_stay(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "index", writable=True)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": "One.", "b.txt": "Two."}))
    ingest([path], store, WordHashEmbedder())
    path.write_bytes(zipped({"b.txt": "Two."}))
    summary = ingest([path], store, WordHashEmbedder(), prune=True)
    assert (summary.unchanged, summary.removed) == (["a.zip/b.txt"], ["a.zip/a.txt"])


def test_an_archive_that_cannot_be_opened_today_keeps_its_documents(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "index", writable=True)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.txt": "One."}))
    ingest([path], store, WordHashEmbedder())
    path.write_bytes(b"PK damaged")
    summary = ingest([path], store, WordHashEmbedder(), prune=True)
    assert (summary.removed, len(summary.failed)) == ([], 1)


def test_an_archive_that_would_unpack_to_too_much_is_refused(tmp_path: Path) -> None:
    bomb = zipped({"a.txt": bytes(60 * 2**20)})
    assert "would unpack to 62914560, which no real file does" in failure(tmp_path, bomb)


def test_a_word_file_that_is_a_bomb_is_refused() -> None:
    with pytest.raises(ReadError, match=r"^a\.docx: \d+ bytes would unpack to"):
        docx.read(zipped({"word/document.xml": bytes(60 * 2**20)}), "a.docx")


def test_archives_within_archives_end(tmp_path: Path) -> None:
    data = zipped({"a.txt": "Words."})
    for _ in range(7):
        data = zipped({"inner.zip": data})
    assert "lies in more than 5 files" in failure(tmp_path, data)


def test_what_archives_hold_together_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_MOST_BYTES", 1000)
    inner = zipped({"a.txt": "word " * 80})
    reason = failure(tmp_path, zipped({"1.zip": inner, "2.zip": inner}))
    assert reason.startswith("a.zip/2.zip/a.txt: the file around it holds over")


def test_a_file_with_a_password_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": "Words."}))
    data[6] |= 1  # the flag in the file's own header, and that in the list at the end
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert failure(tmp_path, bytes(data)).startswith("a.zip/a.txt: is encrypted.")


@pytest.mark.parametrize("data", [b"PK\x03\x04 and no more", zipped({})])
def test_an_archive_without_files_is_refused(tmp_path: Path, data: bytes) -> None:
    assert failure(tmp_path, data).startswith("a.zip: ")

"""Reading files into Documents: which files, with what id, title, language and date."""

import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from reportlab.pdfgen.canvas import Canvas

from documents.errors import ReadError, UnknownFormat
from documents.formats.content import Content
from documents.read import READERS, documents_in, source_files
from documents.types import Document


def document(folder: Path, name: str, content: str | bytes) -> Document:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (found,) = documents_in(path, name)
    return found


def ids(folder: Path) -> list[str]:
    return [file.id for file in source_files(folder)]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text")


def test_a_folder_lists_its_files_by_id(tmp_path: Path) -> None:
    touch(tmp_path, "b.txt", "a/z.md", "a/b/c.pdf", "B.txt")
    assert ids(tmp_path) == ["B.txt", "a/b/c.pdf", "a/z.md", "b.txt"]


def test_a_file_alone_is_listed_by_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "sub/.notes.txt")
    assert ids(tmp_path / "sub/.notes.txt") == [".notes.txt"]


def test_hidden_and_temporary_files_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, ".hidden.txt", ".git/a.txt", "~$brief.docx", ".DS_Store", "a.txt~", "#a.txt#", "Thumbs.db", "b.txt")
    assert ids(tmp_path) == ["b.txt"]


def test_files_of_unknown_format_are_listed(tmp_path: Path) -> None:
    touch(tmp_path, "a.xlsx", "LICENSE")
    assert ids(tmp_path) == ["LICENSE", "a.xlsx"]


def test_a_broken_link_is_listed_and_named_when_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    (file,) = source_files(tmp_path)
    with pytest.raises(ReadError, match=r"^a\.txt: cannot be opened \(No such file"):
        next(documents_in(file.path, file.id))


def test_an_empty_folder_lists_nothing(tmp_path: Path) -> None:
    assert source_files(tmp_path) == []


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"gone: there is no such file or folder\. Check the path\."):
        source_files(tmp_path / "gone")


def test_an_unknown_suffix_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        UnknownFormat, match=r"^a\.dwg: no reader for \.dwg\. Readable are \.txt, .*\.docx, .*\.jsonl\.$"
    ):
        document(tmp_path, "a.dwg", "text")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"^a\.txt: the file is empty\.$"):
        document(tmp_path, "a.txt", b"")


@pytest.mark.parametrize(
    ("name", "content"), [("a.txt", " \n\u200b\n"), ("a.md", "---\ntitle: A\n---\n"), ("a.html", "<p>")]
)
def test_a_file_without_visible_text_is_refused(tmp_path: Path, name: str, content: str) -> None:
    with pytest.raises(ReadError, match=rf"^{name}: no visible text\."):
        document(tmp_path, name, content)


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    content = "Été".encode("cp1252")
    assert document(tmp_path, "a.txt", content).info.digest == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("suffix", [".TXT", ".text", ".Md", ".markdown", ".HTM", ".xhtml"])
def test_suffixes_are_read_in_any_case(tmp_path: Path, suffix: str) -> None:
    assert document(tmp_path, "a" + suffix, "<p>Some words</p>").text.strip("<p>/\n") == "Some words"


def test_headings_are_slices_of_the_text(tmp_path: Path) -> None:
    found = document(tmp_path, "a.md", "# The *Act*\n\nText\n")
    assert [found.text[heading.start : heading.end] for heading in found.headings] == ["The Act"]


def test_a_page_is_known_by_its_offset(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    for text in ("First.", "Second."):
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    (found,) = documents_in(tmp_path / "a.pdf", "a.pdf")
    assert found.page_at(found.text.index("Second")) == 2


def test_a_stated_title_comes_first(tmp_path: Path) -> None:
    assert document(tmp_path, "a.md", "---\ntitle: Stated\n---\n# Heading\n").info.title == "Stated"


def test_the_first_heading_is_the_title(tmp_path: Path) -> None:
    assert document(tmp_path, "a.md", "Text\n\n## Heading\n").info.title == "Heading"


@pytest.mark.parametrize("second", ["", "5 March 2024", "Consolidation current to 2025-07-24"])
def test_the_first_line_of_a_plain_text_is_its_title(tmp_path: Path, second: str) -> None:
    assert document(tmp_path, "a.txt", f"\nRemovals rise\n{second}\nText.\n\n**Later**\n").info.title == "Removals rise"


def test_a_first_line_that_is_a_heading_gives_its_words(tmp_path: Path) -> None:
    assert document(tmp_path, "a.txt", "## Removals ##\n\nText\n").info.title == "Removals"


@pytest.mark.parametrize("content", ["One line", "A line\nthat goes on\n", "x" * 201 + "\n\nText\n"])
def test_a_file_without_title_is_called_by_its_name(tmp_path: Path, content: str) -> None:
    assert document(tmp_path, "annual-report_2024-03.txt", content).info.title == "Annual report 2024-03"


@pytest.mark.parametrize(("stated", "language"), [("en-CA", "en"), ("FRA", "fr"), ("French", "fr"), ("de", "")])
def test_a_stated_language_is_normalised(tmp_path: Path, stated: str, language: str) -> None:
    content = f"---\nlanguage: {stated}\n---\nThe order of the agency is in force.\n"
    assert document(tmp_path, "a.md", content).info.language == language


@pytest.mark.parametrize(
    ("text", "language"),
    [("The order of the agency is in force.", "en"), ("La mesure de renvoi est en vigueur.", "fr"), ("17,357", "")],
)
def test_a_language_that_is_not_stated_is_guessed(tmp_path: Path, text: str, language: str) -> None:
    assert document(tmp_path, "a.txt", text).info.language == language


def test_source_and_address_are_carried_over(tmp_path: Path) -> None:
    info = document(tmp_path, "a.md", "---\nsource: CBSA\nurl: https://x.ca\n---\nText\n").info
    assert (info.source, info.url) == ("CBSA", "https://x.ca")


def test_the_order_of_day_and_month_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Removals\n2/8/2025\n\nText.\n")
    (found,) = documents_in(tmp_path / "a.txt", "a.txt", day_first=False)
    assert found.info.dated is not None
    assert found.info.dated.value == date(2025, 2, 8)


def test_a_jsonl_file_gives_a_document_for_each_line(tmp_path: Path) -> None:
    rows = [{"doc_id": "one", "text": "First text."}, {"doc_id": "two", "title": "Two", "text": "Second text."}]
    (tmp_path / "docs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = list(documents_in(tmp_path / "docs.jsonl", "docs.jsonl"))
    assert [(each.info.id, each.info.title, each.text) for each in found] == [
        ("one", "One", "First text."),
        ("two", "Two", "Second text."),
    ]


def test_every_reader_named_exists() -> None:
    folder = Path(sys.modules["documents.read"].__file__ or "").parent / "formats"
    assert {name for name in READERS.values() if not (folder / f"{name}.py").is_file()} == set()


def test_no_format_is_loaded_before_it_is_needed() -> None:
    heavy = "{'pypdfium2', 'docx', 'pptx', 'openpyxl', 'oxmsg', 'PIL', 'trafilatura', 'lxml', 'markdown_it', 'yaml'}"
    code = f"import sys, documents.read; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_front_matter_gives_kind_and_collection(tmp_path: Path) -> None:
    info = document(tmp_path, "a.md", "---\nkind: Court decision\ncollection: Federal Court\n---\nText\n").info
    assert (info.kind, info.collection) == ("decision", "Federal Court")


def test_a_jsonl_row_gives_kind_and_collection(tmp_path: Path) -> None:
    info = document(tmp_path, "a.jsonl", '{"doc_id": "x", "text": "Text", "kind": "loi", "collection": "Acts"}').info
    assert (info.kind, info.collection) == ("statute", "Acts")


def test_a_document_with_a_kind_of_other_people_s_making_is_read_without_one(tmp_path: Path) -> None:
    assert document(tmp_path, "a.md", "---\nkind: executive_order\n---\nText\n").info.kind == ""


def breaking(monkeypatch: pytest.MonkeyPatch, suffix: str, error: BaseException) -> None:
    """Lets the reader of a suffix fail as none is known to."""

    def read(data: bytes, name: str) -> Content:
        raise error

    reader = ModuleType("documents.formats.breaking")
    vars(reader).update(read=read, parts=read)
    monkeypatch.setitem(sys.modules, reader.__name__, reader)
    monkeypatch.setitem(READERS, suffix, "breaking")


@pytest.mark.parametrize("suffix", [".pdf", ".mbox"])
def test_an_error_that_no_reader_foresaw_is_one_of_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, suffix: str
) -> None:
    breaking(monkeypatch, suffix, ZeroDivisionError("division\nby zero"))
    with caplog.at_level("DEBUG", "documents.read"), pytest.raises(ReadError) as raised:
        document(tmp_path, f"a{suffix}", "x")
    said = f"a{suffix}: reading it failed (ZeroDivisionError: division by zero). Save it again, or in another format"
    assert str(raised.value).startswith(said)
    assert "Traceback" in caplog.text


def test_an_interruption_is_no_error_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, ".pdf", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        document(tmp_path, "a.pdf", "x")

"""Mail: messages written by the standard library, alone, with attachments, and in mailboxes."""

import io
import mailbox
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
from fakes import WordHashEmbedder
from ole import outlook_message

from documents.errors import ReadError, UnknownFormat
from documents.read import documents_in, entries_in
from documents.types import Document
from index.ingest import ingest
from index.store import SQLiteStore


def message(subject: str = "Travel papers", text: str = "Somalia gives none.") -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = subject, "Ann Roy <ann@example.org>", "bob@example.org"
    made["Date"] = datetime(2025, 2, 28, 23, 30, tzinfo=UTC)
    if text:
        made.set_content(text)
    return made


def word_file(text: str) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(file)
    return file.getvalue()


def documents(folder: Path, name: str, data: bytes) -> list[Document]:
    (folder / name).write_bytes(data)
    return list(documents_in(folder / name, name))


def failures(folder: Path, name: str, data: bytes) -> Iterator[ReadError]:
    (folder / name).write_bytes(data)
    for entry in entries_in(folder / name, name):
        try:
            entry.document(None)
        except ReadError as error:
            yield error


def test_the_headers_are_what_is_known_of_a_message(tmp_path: Path) -> None:
    (found,) = documents(tmp_path, "a.eml", bytes(message("Réponse: papiers")))
    assert (found.info.id, found.info.title, found.info.date) == ("a.eml", "Réponse: papiers", "2025-02-28")
    assert found.info.source == "Ann Roy <ann@example.org>"
    assert found.text == "Somalia gives none."


@pytest.mark.parametrize("day", ["Fri, 28 Feb 99999999999 23:30:00 +0000", "Fri, 28 Feb 2025 23:30:00 +9999999999"])
@pytest.mark.parametrize("name", ["a.eml", "a.mbox"])
def test_a_message_of_a_day_that_is_in_no_calendar_is_read_without_it(tmp_path: Path, name: str, day: str) -> None:
    data = b"".join(line for line in bytes(message()).splitlines(keepends=True) if not line.startswith(b"Date"))
    data = (b"From ann\n" if name.endswith("mbox") else b"") + f"Date: {day}\n".encode() + data
    (found,) = documents(tmp_path, name, data)
    assert (found.text, found.info.date) == ("Somalia gives none.", None)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_text_behind_an_attachment_is_read(tmp_path: Path, kind: str) -> None:
    made = message(text="")
    made.make_mixed()
    for text in ("Somalia gives none.", "", "Chad gives some."):
        part = EmailMessage()
        if text:
            part.set_content(text, subtype=kind)
        else:
            part.set_content(b"year,removals\n2024,12\n", "text", "csv", filename="a.csv")
        made.attach(part)
    found = documents(tmp_path, "a.eml", bytes(made))
    assert [each.text for each in found] == ["Somalia gives none.\n\nChad gives some.", "year: 2024; removals: 12."]


def test_a_message_in_html_is_read_without_its_markup(tmp_path: Path) -> None:
    made = message(text="")
    made.set_content("<p>Somalia gives <b>none</b>.</p><p>Iran neither.</p>", subtype="html")
    (found,) = documents(tmp_path, "a.eml", bytes(made))
    assert found.text == "Somalia gives none.\n\nIran neither."


def test_the_plain_text_goes_before_the_html(tmp_path: Path) -> None:
    made = message()
    made.add_alternative("<p>Somalia gives none, in HTML.</p>", subtype="html")
    (found,) = documents(tmp_path, "a.eml", bytes(made))
    assert found.text == "Somalia gives none."


def test_marks_of_quoted_lines_are_left_out(tmp_path: Path) -> None:
    (found,) = documents(tmp_path, "a.eml", bytes(message(text="Yes.\n\n> > Does Somalia\n> > give papers?\n> No.\n")))
    assert found.text == "Yes.\n\nDoes Somalia\ngive papers?\nNo."


def test_flowing_lines_are_joined(tmp_path: Path) -> None:
    data = b"Subject: A\nContent-Type: text/plain; format=flowed\n\nSomalia gives \nnone.\nIran neither.\n"
    (found,) = documents(tmp_path, "a.eml", data)
    assert found.text == "Somalia gives none.\nIran neither."


def test_a_word_of_an_unknown_encoding_does_not_stop_the_rest(tmp_path: Path) -> None:
    data = b"Subject: A\nContent-Type: text/plain; charset=x-none\n\nL'\xe9t\xe9 en Somalie et en Iran.\n"
    (found,) = documents(tmp_path, "a.eml", data)
    assert found.text == "L'été en Somalie et en Iran."


def test_attachments_are_documents_of_their_own(tmp_path: Path) -> None:
    made = message()
    word = "vnd.openxmlformats-officedocument.wordprocessingml.document"
    made.add_attachment(word_file("The brief."), maintype="application", subtype=word, filename="c:\\x/brief.docx")
    made.add_attachment("Country;Removals\nChad;12\n", subtype="csv", filename="table.csv")
    made.add_attachment("Country;Removals\nIran;3\n", subtype="csv", filename="table.csv")
    found = documents(tmp_path, "a.eml", bytes(made))
    assert [(each.info.id, each.text) for each in found] == [
        ("a.eml", "Somalia gives none."),
        ("a.eml/brief.docx", "The brief."),
        ("a.eml/table.csv", "Country: Chad; Removals: 12."),
        ("a.eml/table (2).csv", "Country: Iran; Removals: 3."),
    ]


def test_an_attached_message_is_a_message_with_attachments(tmp_path: Path) -> None:
    inner = message("Inner", "Inside.")
    inner.add_attachment("Notes.", filename="notes.txt")
    outer = message("Outer", "Outside.")
    outer.add_attachment(inner, filename="forwarded.eml")
    found = documents(tmp_path, "a.eml", bytes(outer))
    assert [(each.info.id, each.info.title, each.text.strip()) for each in found] == [
        ("a.eml", "Outer", "Outside."),
        ("a.eml/forwarded.eml", "Inner", "Inside."),
        ("a.eml/forwarded.eml/notes.txt", "Notes.", "Notes."),
    ]


def test_a_message_without_text_stands_for_itself_with_its_subject(tmp_path: Path) -> None:
    made = message(text="")
    made.add_attachment("Notes.", filename="notes.txt")
    assert [each.text.strip() for each in documents(tmp_path, "a.eml", bytes(made))] == ["Travel papers", "Notes."]


def test_a_picture_within_the_text_is_named_as_skipped(tmp_path: Path) -> None:
    made = message(text="")
    made.set_content("<p>Somalia gives none.</p><img src='cid:logo'>", subtype="html")
    made.add_related(b"\x89PNG", "image", "png", cid="<logo>", filename="logo.png")
    (error,) = failures(tmp_path, "a.eml", bytes(made))
    assert isinstance(error, UnknownFormat)
    assert str(error).startswith("a.eml/logo.png: a picture within the text of the message.")


def test_an_attachment_that_cannot_be_read_is_named_and_the_rest_is(tmp_path: Path) -> None:
    made = message()
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="bad.pdf")
    made.add_attachment("Notes.", filename="notes.txt")
    store = SQLiteStore(tmp_path / "index", writable=True)
    (tmp_path / "a.eml").write_bytes(bytes(made))
    summary = ingest([tmp_path / "a.eml"], store, WordHashEmbedder())
    assert summary.added == ["a.eml", "a.eml/notes.txt"]
    ((file, reason),) = summary.failed
    assert file == str(tmp_path / "a.eml/bad.pdf")
    assert reason.startswith("a.eml/bad.pdf: damaged")


def test_what_is_no_message_is_refused(tmp_path: Path) -> None:
    (error,) = failures(tmp_path, "a.eml", b"just words\n")
    assert str(error).startswith("a.eml: not an e-mail message.")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A mailbox of three messages, one with an attachment and one with a line that begins with From."""
    made = mailbox.mbox(tmp_path / "mail.mbox")
    second = message("Two", "From Iran nothing came.\n\nFrom Somalia neither.")
    second.add_attachment("From Iran: notes.", filename="notes.txt")
    for each in (message("One", "First."), second, message("Three", "Third.")):
        made.add(mailbox.mboxMessage(each))
    made.close()
    return tmp_path / "mail.mbox"


def test_each_message_of_a_mailbox_is_a_document(box: Path) -> None:
    found = [(each.info.id, each.info.title, each.text.strip()) for each in documents_in(box, "mail.mbox")]
    assert found == [
        ("mail.mbox/0001.eml", "One", "First."),
        ("mail.mbox/0002.eml", "Two", "From Iran nothing came.\n\nFrom Somalia neither."),
        ("mail.mbox/0002.eml/notes.txt", "From Iran: notes.", "From Iran: notes."),
        ("mail.mbox/0003.eml", "Three", "Third."),
    ]


def test_messages_of_a_mailbox_are_unchanged_one_by_one(box: Path, tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "index", writable=True)
    assert len(ingest([box], store, WordHashEmbedder()).added) == 4
    made = mailbox.mbox(box)
    made.add(mailbox.mboxMessage(message("Four", "Fourth.")))
    made.close()
    summary = ingest([box], store, WordHashEmbedder(), prune=True)
    assert (summary.added, len(summary.unchanged), summary.removed) == (["mail.mbox/0004.eml"], 4, [])


def test_what_is_no_mailbox_is_refused(tmp_path: Path) -> None:
    (error,) = failures(tmp_path, "a.mbox", b"just words\n")
    assert str(error).startswith("a.mbox: not a mailbox")


def outlook(**changed: object) -> bytes:
    stated = {
        "subject": "Papiers d'été", "sender": "Ann Roy <ann@example.org>", "body": "Somalia gives none.\r\n",
        "sent": datetime(2025, 2, 28, 12, tzinfo=UTC), "attachments": {},
    }  # fmt: skip
    return outlook_message(**(stated | changed))  # type: ignore[arg-type]


def test_an_outlook_message_is_read_with_what_it_states(tmp_path: Path) -> None:
    (found,) = documents(tmp_path, "a.msg", outlook())
    assert (found.info.title, found.info.date, found.text) == ("Papiers d'été", "2025-02-28", "Somalia gives none.")
    assert found.info.source == '"Ann Roy" <ann@example.org>'


def test_attachments_of_an_outlook_message_are_documents_of_their_own(tmp_path: Path) -> None:
    attachments = {"brief.docx": word_file("The brief."), "table.csv": b"Country;Removals\nChad;12\n"}
    found = documents(tmp_path, "a.msg", outlook(attachments=attachments))
    assert [(each.info.id, each.text) for each in found] == [
        ("a.msg", "Somalia gives none."),
        ("a.msg/brief.docx", "The brief."),
        ("a.msg/table.csv", "Country: Chad; Removals: 12."),
    ]


def test_an_outlook_message_in_html_is_read_without_its_markup(tmp_path: Path) -> None:
    data = outlook(body="", html="<p>Somalia gives <b>none</b> in été.</p><p>Iran neither.</p>".encode())
    (found,) = documents(tmp_path, "a.msg", data)
    assert found.text == "Somalia gives none in été.\n\nIran neither."


def test_what_is_no_outlook_message_is_refused(tmp_path: Path) -> None:
    (error,) = failures(tmp_path, "a.msg", b"just words\n")
    assert str(error).startswith("a.msg: damaged, or not an Outlook message.")

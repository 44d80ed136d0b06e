"""What the tab for the documents does with an event, without a browser."""

import time
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import gradio as gr
import pytest
from fakes import WordHashEmbedder, a_document, fill

from index.store import SQLiteStore
from index.types import Embedding, Text
from page.library import LibraryHandlers
from page.site import Site
from page.wording import LANGUAGES, Wording
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings

SESSION = gr.Request(session_hash="a")


def tab(store: SQLiteStore, embedder: WordHashEmbedder | None = None, language: str = "en") -> LibraryHandlers:
    pipeline = Pipeline(store, embedder or WordHashEmbedder(), Settings(rerank=RerankSettings(read=False)))
    return LibraryHandlers(Site(pipeline, store, store), Wording(language))


def uploads(store: SQLiteStore) -> Path:
    return store.folder.resolve().with_name(f"{store.folder.name}-uploads")


def a_file(folder: Path, name: str, content: str | bytes) -> str:
    """Writes a file as a visitor has it; returns its path."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return str(folder / name)


def said(tab: LibraryHandlers, *files: str) -> str:
    return list(tab.added(files, SESSION))[-1][0]


class Interrupted(WordHashEmbedder):
    """Begins another upload while it embeds the first."""

    other: Thread | None = None

    def embed_passages(self, texts: Sequence[Text]) -> list[Embedding]:
        if self.other and not self.other.ident:
            self.other.start()
            self.other.join(1)  # it waits for its turn, or is done by then
        return super().embed_passages(texts)


def test_two_visitors_who_add_files_of_one_name_at_once_lose_none(store: SQLiteStore, tmp_path: Path) -> None:
    embedder = Interrupted()
    pipeline = Pipeline(store, embedder, Settings(rerank=RerankSettings(read=False)))
    site = Site(pipeline, store, store)
    english, french = (LibraryHandlers(site, Wording(language)) for language in LANGUAGES)
    first = a_file(tmp_path / "first", "levy.txt", "The wombat levy is 5 dollars.")
    second = a_file(tmp_path / "second", "levy.txt", "The wombat levy is 6 dollars.")
    embedder.other = Thread(target=said, args=(french, second))
    said(english, first)
    embedder.other.join()
    kept = {each.name: each.read_text() for each in uploads(store).iterdir()}
    assert kept == {"levy.txt": "The wombat levy is 5 dollars.", "levy (2).txt": "The wombat levy is 6 dollars."}
    assert {name: store.document(name).text.strip() for name in kept} == kept


def test_what_was_added_is_told_and_every_part_that_was_not(store: SQLiteStore, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@b.example", "Papers"
    mail.set_content("Somalia gives no papers.")
    mail.add_alternative("<p>Somalia gives no papers.</p><img src='cid:logo'>", subtype="html")
    mail.get_payload()[1].add_related(b"no picture", "image", "png", cid="<logo>", filename="logo.png")  # type: ignore[index, union-attr]
    mail.add_attachment(b"\0", "application", "octet-stream", filename="tool.exe")
    messages = said(tab(store), a_file(tmp_path, "a.eml", mail.as_bytes()))
    lines = messages.removeprefix("<ul").split("<li>")[1:]
    assert [line.split(":")[0] for line in lines] == ["a.eml", "a.eml/logo.png", "a.eml/tool.exe"]
    assert "a.eml: added, 1 passage<" in lines[0]
    assert "a.eml/logo.png: a picture within the text" in lines[1]
    assert "a.eml/tool.exe: no reader for .exe" in lines[2]


def dated(store: SQLiteStore, day: str | None) -> SQLiteStore:
    return fill(store, WordHashEmbedder(), a_document("Somalia gives no papers.", title="Papers", day=day))


@pytest.mark.parametrize("own", [None, "2024-05-06"])
def test_a_cleared_correction_of_a_date_is_taken_back(store: SQLiteStore, own: str | None) -> None:
    shown = tab(dated(store, own))
    shown.saved("a.txt", "Papers of 2025", "2025-01-02", "", "en", "")
    assert store.info("a.txt").date == "2025-01-02"
    assert "Saved." in shown.saved("a.txt", "Papers of 2025", " ", "", "en", "")[0]
    assert (store.info("a.txt").date, store.info("a.txt").title) == (own, "Papers of 2025")


@pytest.mark.parametrize(("language", "told"), [("en", "cannot be cleared"), ("fr", "ne peut être effacée")])
def test_a_date_of_the_document_itself_is_not_said_to_be_cleared(store: SQLiteStore, language: str, told: str) -> None:
    messages, _ = tab(dated(store, "2024-05-06"), language=language).saved("a.txt", "Papers", "", "", "en", "")
    assert told in messages
    assert store.info("a.txt").date == "2024-05-06"


def test_what_could_not_be_brought_back_can_be_tried_again(store: SQLiteStore) -> None:
    shown = tab(dated(store, None))
    gone = shown.deleted("a.txt", [])[2]
    dated(store, None)
    messages, _, left, _ = shown.undone(gone)
    assert "a.txt" in messages
    assert left == gone
    store.remove("a.txt")
    assert "is back" in shown.undone(left)[0]


def test_a_file_that_could_not_be_added_is_not_kept(store: SQLiteStore, tmp_path: Path) -> None:
    assert "broken.pdf:" in said(tab(store), a_file(tmp_path / "given", "broken.pdf", b"no pdf at all"))
    assert list(uploads(store).iterdir()) == []


def test_the_file_of_a_deleted_document_goes_once_it_cannot_be_brought_back(store: SQLiteStore, tmp_path: Path) -> None:
    shown = tab(store)
    ids = ["kept.txt", *(f"{number}.txt" for number in range(21))]
    said(shown, *(a_file(tmp_path / "given", each, f"The levy of {each} is due.") for each in ids))
    gone: list[object] = []
    for each in ids[1:]:
        gone = shown.deleted(each, gone)[2]
    left = sorted(each for each in ids if each != "0.txt")  # twenty can be brought back
    for _ in range(1000):
        if len(list(uploads(store).iterdir())) == len(left):
            break
        time.sleep(0.01)
    assert sorted(each.name for each in uploads(store).iterdir()) == left

import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fakes import WordHashEmbedder

from documents.errors import ReadError
from documents.read import Entry, source_files
from documents.split import SplitSettings
from index.ahead import Ahead, Item, items_of
from index.ingest import ingest
from index.store import SQLiteStore
from index.types import Embedding, Text

LONG = 10  # seconds that a broken test waits


def everything(entry: Entry) -> bool:
    return True


def folder_of(place: Path, **texts: str) -> Path:
    """Writes a .txt file of each text; an empty one cannot be read."""
    place.mkdir()
    for name, text in texts.items():
        (place / f"{name}.txt").write_text(text, encoding="utf-8")
    return place


def told(items: Iterator[Item]) -> list[str]:
    """What comes of the items, in words."""
    return [f"{item.source.id}: {_said(item)}" for item in items]


def _said(item: Item) -> str:
    if not isinstance(item.what, Entry):
        return str(item.what)
    try:
        return item.what.document(None).text
    except ReadError as error:
        return str(error)


def ahead_of(folder: Path) -> Ahead:
    return Ahead(items_of(source_files(folder)), everything, None)


def test_the_next_files_are_read_while_work_is_done(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "docs", a="One.", b="Two.", c="Three.")
    over = threading.Event()

    def items() -> Iterator[Item]:
        yield from items_of(source_files(folder))
        over.set()

    ahead = Ahead(items(), everything, None)
    next(ahead)
    assert ahead.during(lambda: over.wait(LONG))
    for path in folder.iterdir():
        path.unlink()
    assert told(ahead) == ["a.txt: None", "b.txt: Two.", "b.txt: None", "c.txt: Three.", "c.txt: None"]


def test_what_comes_is_the_same_with_and_without_reading_ahead(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "docs", a="One.", b="", c="Three.", d="One.", e="...", f="Six.")
    plain = told(ahead_of(folder))
    ahead, found = ahead_of(folder), []
    for item in ahead:
        found += told(iter([item]))
        ahead.during(lambda: None)
    assert found == plain
    assert [line for line in plain if "empty" in line or "no visible text" in line] == [plain[2], plain[8]]


def test_reading_ahead_stops_at_a_document_that_may_not_be_needed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "docs", a="One.", b="Two.", c="Three.")
    pulled: list[str] = []

    def items() -> Iterator[Item]:
        for item in items_of(source_files(folder)):
            pulled.append(item.source.id)
            yield item

    asked = threading.Event()

    def is_new(entry: Entry) -> bool:
        if entry.id == "b.txt":
            asked.set()
        return entry.id != "b.txt"

    ahead = Ahead(items(), is_new, None)
    next(ahead)
    assert ahead.during(lambda: asked.wait(LONG))
    assert pulled == ["a.txt", "a.txt", "b.txt"]


def test_an_error_that_is_a_bug_comes_in_its_turn() -> None:
    def items() -> Iterator[Item]:
        yield Item(source_files(Path(__file__))[0], None)
        raise ZeroDivisionError

    ahead = Ahead(items(), everything, None)
    raised = threading.Event()
    ahead.during(lambda: raised.wait(0.1))
    assert next(ahead).what is None
    with pytest.raises(ZeroDivisionError):
        next(ahead)


def test_interrupted_work_does_not_wait_for_what_is_read(tmp_path: Path) -> None:
    release = threading.Event()

    def items() -> Iterator[Item]:
        release.wait(LONG)
        yield from ()

    def interrupted() -> None:
        raise KeyboardInterrupt

    ahead = Ahead(items(), everything, None)
    with pytest.raises(KeyboardInterrupt):
        ahead.during(interrupted)
    assert not release.is_set()
    release.set()


def test_after_the_end_nothing_is_read(tmp_path: Path) -> None:
    ahead = ahead_of(folder_of(tmp_path / "docs", a="One.", b="Two."))
    next(ahead)
    ahead.end()
    ahead.during(lambda: None)
    assert told(ahead) == []


class Writing(WordHashEmbedder):
    """Writes into a pipe when it first embeds, which can be done only while somebody reads it."""

    def __init__(self, pipe: Path) -> None:
        super().__init__()
        self.pipe = pipe

    def embed_passages(self, texts: Sequence[Text]) -> list[Embedding]:
        if not self.embedded:
            with os.fdopen(self._opened(), "w") as pipe:
                pipe.write("Somalia gives no papers.")
        return super().embed_passages(texts)

    def _opened(self) -> int:
        for _ in range(LONG * 100):
            try:
                return os.open(self.pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody reads it yet
                time.sleep(0.01)
        pytest.fail("nothing was read while a group was embedded")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_an_ingest_reads_on_while_it_embeds(tmp_path: Path, store: SQLiteStore) -> None:
    many = " ".join(f"The sentence {place} has eleven words in all so to speak." for place in range(700))
    folder = folder_of(tmp_path / "docs", a=many, b="Removal orders are stayed.")
    os.mkfifo(tmp_path / "pipe")
    (folder / "c.txt").symlink_to(tmp_path / "pipe")
    summary = ingest([folder], store, Writing(tmp_path / "pipe"), settings=SplitSettings(16, 0))
    assert (summary.added, summary.failed) == (["a.txt", "b.txt", "c.txt"], [])
    assert store.document("c.txt").text == "Somalia gives no papers."

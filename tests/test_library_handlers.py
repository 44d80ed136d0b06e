"""Documents that are added on the page, one by one: how far it is, what fails, and a reader who stops it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fakes import WordHashEmbedder, fill

from index.store import SQLiteStore
from page.library import LibraryHandlers
from page.site import Site
from page.wording import Wording
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings

SESSION = gr.Request(session_hash="a")


def handlers(store: SQLiteStore, language: str = "en", embedder: WordHashEmbedder | None = None) -> LibraryHandlers:
    pipeline = Pipeline(store, embedder or WordHashEmbedder(), Settings(rerank=RerankSettings(read=False)))
    return LibraryHandlers(Site(pipeline, store, store), Wording(language))


def files(folder: Path, *names: str) -> list[str]:
    (folder / "dropped").mkdir()
    for name in names:
        (folder / "dropped" / name).write_text(f"The levy of {name} is 41 dollars.\n", encoding="utf-8")
    return [str(folder / "dropped" / name) for name in names]


def said(steps: Iterator[tuple[Any, ...]]) -> list[str]:
    """Returns the messages of each step."""
    return [step[0] for step in steps]


@pytest.mark.parametrize(
    ("language", "reading", "added"),
    [
        ("en", "Reading b.txt: 2 of 3", "a.txt: added, 1 passage<"),
        ("fr", "Lecture de b.txt : 2 sur 3", "a.txt : ajouté, 1 passage<"),
    ],
)
def test_each_file_says_how_far_it_is(
    language: str, reading: str, added: str, store: SQLiteStore, tmp_path: Path
) -> None:
    steps = said(handlers(store, language).added(files(tmp_path, "a.txt", "b.txt", "c.txt"), SESSION))
    assert reading in steps[1]
    assert added in steps[1]
    assert "2" not in steps[-1].replace("41", "")
    assert sorted(each.id for each in store.documents()) == ["a.txt", "b.txt", "c.txt"]


def test_a_file_that_is_gone_never_ends_the_list(store: SQLiteStore, tmp_path: Path) -> None:
    dropped = files(tmp_path, "a.txt", "b.txt", "c.txt")
    Path(dropped[1]).unlink()
    last = said(handlers(store).added(dropped, SESSION))[-1]
    assert "b.txt: could not be read. The program’s log says why" in last
    assert "c.txt: added" in last
    assert sorted(each.id for each in store.documents()) == ["a.txt", "c.txt"]


def test_what_the_user_can_mend_is_told_for_each_file(store: SQLiteStore, tmp_path: Path) -> None:
    fill(store, WordHashEmbedder())
    made = handlers(store, embedder=WordHashEmbedder(revision="another"))
    last = said(made.added(files(tmp_path, "a.txt", "b.txt"), SESSION))[-1]
    assert last.count("the index was made with the model word-hash") == 2


def test_a_reader_who_stops_it_keeps_what_was_added(store: SQLiteStore, tmp_path: Path) -> None:
    made = handlers(store)
    steps = made.added(files(tmp_path, "a.txt", "b.txt", "c.txt"), SESSION)
    next(steps)
    next(steps)
    assert made.stop(SESSION)["value"] == "Stopping after this file"
    (last,) = list(steps)
    assert "Stopped after 2 of 3: what was added stays." in last[0]
    assert sorted(each.id for each in store.documents()) == ["a.txt", "b.txt"]
    assert last[3]["visible"] is False


def test_a_reader_stops_their_own_files_only(store: SQLiteStore, tmp_path: Path) -> None:
    made = handlers(store)
    made.stop(gr.Request(session_hash="b"))
    list(made.added(files(tmp_path, "a.txt", "b.txt"), SESSION))
    assert len(store.documents()) == 2


def test_files_can_be_added_after_others_were_stopped(store: SQLiteStore, tmp_path: Path) -> None:
    made = handlers(store)
    dropped = files(tmp_path, "a.txt", "b.txt")
    steps = made.added(dropped, SESSION)
    next(steps)
    made.stop(SESSION)
    list(steps)
    list(made.added(dropped, SESSION))
    assert len(store.documents()) == 2

"""Errors that a reader of the page meets are told in English and in French."""

import ast
import pickle
from pathlib import Path

import gradio as gr
import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadQuestion, ReadError, UserError, told
from documents.read import documents_in
from index.store import SQLiteStore
from page.address import Narrowing, asked
from page.ask import AskHandlers
from page.library import LibraryHandlers
from page.site import Site
from page.wording import Wording
from qa.pipeline import LONGEST_QUESTION, Pipeline, Settings

ROOT = Path(__file__).resolve().parent.parent
# Where a reader of the page gives something that may be wrong: a document, a file of questions.
GIVEN = sorted([*(ROOT / "documents" / "formats").glob("*.py"), *(ROOT / "qa" / "question_files").glob("*.py")])
ERRORS = {"ReadError", "UnknownFormat", "BadQuestion"}
FAKE = WordHashEmbedder()


def test_an_error_is_told_in_the_language_that_is_asked_for() -> None:
    error = BadQuestion("Empty.", french="Vide.")
    assert [told(error, language) for language in ("en", "fr")] == ["Empty.", "Vide."]
    assert str(error) == "Empty."


def test_an_error_without_french_is_told_in_english() -> None:
    assert told(UserError("Empty."), "fr") == "Empty."


def test_an_error_keeps_its_french_between_processes() -> None:
    assert told(pickle.loads(pickle.dumps(BadQuestion("Empty.", french="Vide."))), "fr") == "Vide."


@pytest.mark.parametrize("path", GIVEN, ids=lambda path: path.name)
def test_what_is_wrong_with_a_file_is_said_in_both_languages(path: Path) -> None:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ERRORS:
            assert "french" in [each.arg for each in call.keywords], f"{path.name}, line {call.lineno}"


@pytest.mark.parametrize(
    ("text", "limits", "said"),
    [
        (" ", {}, "La question est vide."),
        ("x" * (LONGEST_QUESTION + 1), {}, "on en lit au plus"),
        ("Who?", {"documents": ("b.txt",)}, "b.txt : aucun document de cet identifiant."),
        ("Who?", {"kinds": ("novel",)}, "« novel » n’est pas un genre de document."),
        ("Who?", {"languages": ("de",)}, "« de » n’est pas une langue lue."),
        ("Who?", {"collections": ("Acts",)}, "« Acts » n’est pas une collection"),
        ("Who?", {"as_of": "12 mai"}, "En date du : « 12 mai » n’est pas une date. Écrivez AAAA-MM-JJ."),
    ],
)
def test_what_is_wrong_with_a_question_is_said_in_french(
    store: SQLiteStore, text: str, limits: dict[str, tuple[str, ...]], said: str
) -> None:
    pipeline = Pipeline(fill(store, FAKE, a_document("Somalia gave no papers.", "a.txt")), FAKE, Settings())
    with pytest.raises(BadQuestion) as raised:
        pipeline.answer(asked(text, [], Narrowing(**limits)))
    assert said in told(raised.value, "fr")
    assert said not in told(raised.value, "en")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.exe", b"x", "a.exe : aucun lecteur pour .exe."),
        ("a.pdf", b"x", "a.pdf : endommagé, ou pas un PDF."),
        ("a.docx", b"x", "a.docx : endommagé, ou pas un document Word."),
        ("a.txt", b"", "a.txt : le fichier est vide."),
    ],
)
def test_what_is_wrong_with_a_document_is_said_in_french(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError) as raised:
        list(documents_in(tmp_path / name, name))
    assert said in told(raised.value, "fr")


@pytest.fixture
def site(store: SQLiteStore) -> Site:
    return Site(
        Pipeline(fill(store, FAKE, a_document("Somalia gave no papers.", "a.txt")), FAKE, Settings()), store, store
    )


@pytest.mark.parametrize(("language", "said"), [("en", "Write YYYY-MM-DD."), ("fr", "Écrivez AAAA-MM-JJ.")])
def test_the_page_says_in_its_language_what_is_wrong_with_a_question(site: Site, language: str, said: str) -> None:
    handlers = AskHandlers(site, Wording(language), lambda info: False)
    _, history, *_ = handlers.converse("Who?", [], "12 mai", [], [], [], [], "")
    assert said in history[-1]["content"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "x.pdf: damaged, or not a PDF. Download it again and ingest that."),
        ("fr", "x.pdf : endommagé, ou pas un PDF. Téléchargez-le de nouveau et ajoutez-le."),
    ],
)
def test_the_page_says_in_its_language_what_is_wrong_with_a_document(
    site: Site, tmp_path: Path, language: str, said: str
) -> None:
    (tmp_path / "x.pdf").write_bytes(b"x")
    session = gr.Request(session_hash="a")
    *_, (messages, *_) = LibraryHandlers(site, Wording(language)).added([str(tmp_path / "x.pdf")], session)
    assert f"<li>{said}</li>" in messages


@pytest.mark.parametrize(("language", "said"), [("en", "no document of this id"), ("fr", "aucun document de cet id")])
def test_the_library_says_in_its_language_that_a_document_is_gone(site: Site, language: str, said: str) -> None:
    *_, messages = LibraryHandlers(site, Wording(language)).chosen("gone.txt")
    assert said in messages

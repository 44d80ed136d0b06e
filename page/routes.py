"""What the page serves besides Gradio: documents, sources, page images, exports, and notes on answers."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from documents.errors import BadQuestion
from documents.types import Document, DocumentInfo
from index.source_file import source_file
from page.address import question_at
from page.document import document_page
from page.export import FORMS, exported
from page.origin import from_this_page
from page.page_image import page_image
from page.render import citation_text
from page.site import Site
from page.sources import around_html, source_card
from page.wording import Wording
from qa.types import Citation

FEEDBACK = "feedback.jsonl"  # in the index's folder
_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_BEFORE = 200  # characters by which a quote that stands twice on a page is told
_LONGEST_NOTE = 20_000  # characters
_TURNS = 500  # answers in one export
_FOLDER = Path(__file__).parent
_feedback_lock = Lock()


def add_routes(app: FastAPI, site: Site, prefix: str, wording: Wording) -> None:
    """Adds the routes of the page in one language, below `prefix`: "" or "/fr"."""
    style = (_FOLDER / "document.css").read_text(encoding="utf-8")

    @app.get(f"{prefix}/document", response_class=HTMLResponse)
    def document(id: str, start: int = 0, end: int = 0) -> str:
        return document_page(_document(site, id), start, end, style, wording)

    @app.get(f"{prefix}/around", response_class=HTMLResponse)
    def around(id: str, start: int, end: int) -> str:
        return around_html(_document(site, id), start, end)

    @app.get(f"{prefix}/source", response_class=HTMLResponse)
    def source(id: str, start: int, end: int, marker: int = 1) -> str:
        citation = _citation(site, id, start, end)
        card = source_card(citation, marker, wording, picture=pictured(site)(citation.passage.info))
        return f"<h2>{wording['earlier']}</h2>{card}"

    @app.get(f"{prefix}/page-image")
    def image(id: str, start: int, end: int) -> Response:
        document = _document(site, id)
        path, page = source_file(site.store, id), document.page_at(start)
        quote, before = document.text[start:end], document.text[max(0, start - _BEFORE) : start]
        drawn = page_image(path, page, quote, before=before) if path and page else None
        if drawn is None:
            raise HTTPException(404, f"{id}: the page cannot be drawn.")
        return Response(drawn, media_type="image/png")

    @app.get(f"{prefix}/ready")
    def ready() -> dict[str, bool]:
        return {"ready": site.is_ready}

    _add_keeping(app, site, prefix, wording)


def _add_keeping(app: FastAPI, site: Site, prefix: str, wording: Wording) -> None:
    """Adds the routes by which answers are taken away and judged."""

    @app.get(f"{prefix}/copy", response_class=PlainTextResponse)
    def copy(request: Request) -> str:
        question = question_at(request.url.query)
        if question is None:
            raise HTTPException(422, "The address asks no question.")
        return citation_text(site.pipeline.answer(question))

    @app.post(f"{prefix}/export/{{form}}")
    def export(form: str, addresses: list[str], request: Request) -> Response:
        if form not in FORMS or not 1 <= len(addresses) <= _TURNS:
            raise HTTPException(422, f"Export 1 to {_TURNS} answers as {', '.join(FORMS)}.")
        questions = [question_at(address) for address in addresses]
        answers = [site.pipeline.answer(each) for each in questions if each]
        content = exported(answers, form, wording.language, link_base=str(request.base_url).rstrip("/") + f"{prefix}/")
        return Response(content, media_type=_MEDIA[form])

    @app.post(f"{prefix}/feedback", status_code=204, dependencies=[Depends(from_this_page)])
    def feedback(note: dict[str, Any]) -> None:
        keep_feedback(site, note)


def keep_feedback(site: Site, note: dict[str, Any]) -> None:
    """Appends what a reader says of an answer to the index's feedback file, with the answer itself.

    `note` holds the answer's "address", a "vote" of "good" or "bad", and perhaps a "why".
    """
    question = question_at(str(note.get("address", "")))
    if question is None or note.get("vote") not in ("good", "bad"):
        raise HTTPException(422, "A note has the address of its answer, and a vote: good or bad.")
    answer = site.pipeline.answer(question)
    row = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "question": question.text,
        "address": str(note["address"]),
        "vote": note["vote"],
        "why": str(note.get("why", ""))[:_LONGEST_NOTE],
        "refused": answer.refused,
        "quotes": [
            {"document_id": each.passage.info.id, "start": each.start, "end": each.end, "quote": each.quote}
            for each in answer.citations
        ],
    }
    site.store.folder.mkdir(parents=True, exist_ok=True)
    with _feedback_lock, (site.store.folder / FEEDBACK).open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


@lru_cache(maxsize=8)
def pictured(site: Site) -> Callable[[DocumentInfo], bool]:
    """Returns a test whether pages of a document can be drawn: it is a PDF whose file is still there, unchanged."""

    @lru_cache(maxsize=2000)
    def there(document_id: str, digest: str) -> bool:
        return source_file(site.store, document_id) is not None

    return lambda info: info.id.lower().endswith(".pdf") and there(info.id, info.digest)


def _document(site: Site, document_id: str) -> Document:
    try:
        return site.store.document(document_id)
    except BadQuestion as error:
        raise HTTPException(404, str(error)) from error


def _citation(site: Site, document_id: str, start: int, end: int) -> Citation:
    passage = site.store.passage_at(document_id, start, end)
    if passage is None:
        raise HTTPException(404, f"{document_id}: no passage of this document holds characters {start} to {end}.")
    return Citation(passage, start, end, passage.text[start - passage.start : end - passage.start])

"""What the page serves besides Gradio: documents, sources, page images, exports, and notes on answers."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from documents.errors import BadQuestion, UserError, told
from documents.types import Document
from index.source_file import source_file
from page.address import address_of, question_at
from page.digest import differs
from page.document import document_page
from page.export import FORMS, exported
from page.origin import from_this_page
from page.page_image import page_image
from page.render import citation_text
from page.site import Site
from page.sources import Pictured, around_html, sources_html
from page.wording import Wording
from qa.types import Citation, Question

FEEDBACK = "feedback.jsonl"  # in the index's folder
_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}
_BEFORE = 200  # characters by which a quote that stands twice on a page is told
_LONGEST_NOTE, _LONGEST_ID = 20_000, 64  # characters
_CHANGED = "Documents-Changed"  # a header: the answer is not the one that was shown
_TURNS = 500  # answers in one export
_FOLDER = Path(__file__).parent
_feedback_lock = Lock()


def tell_errors(app: FastAPI) -> None:
    """Has errors that a reader can mend told as text, in the language of the page that asked."""

    @app.exception_handler(UserError)
    async def say_what_to_do(request: Request, error: UserError) -> Response:
        return PlainTextResponse(told(error, "fr" if request.url.path.startswith("/fr/") else "en"), 422)


def add_routes(app: FastAPI, site: Site, prefix: str, wording: Wording) -> None:
    """Adds the routes of the page in one language, below `prefix`: "" or "/fr"."""
    style = (_FOLDER / "document.css").read_text(encoding="utf-8")

    @app.get(f"{prefix}/document", response_class=HTMLResponse)
    def document(id: str, start: int = 0, end: int = 0) -> str:
        return document_page(_document(site, id, wording), start, end, style, wording)

    @app.get(f"{prefix}/around", response_class=HTMLResponse)
    def around(id: str, start: int, end: int) -> str:
        return around_html(_document(site, id, wording), start, end)

    @app.get(f"{prefix}/sources", response_class=HTMLResponse)
    def sources(request: Request) -> str:
        return sources_html(site.answer(_asked(request.url.query)), wording, pictured=pictured(site))

    @app.get(f"{prefix}/page-image")
    def image(id: str, start: int, end: int, page: int | None = None) -> Response:
        document = _document(site, id, wording)
        path, page = source_file(site.store, id), page or document.page_at(start)
        low, high = on_page(document, start, end, page) if page else (start, end)
        quote, before = document.text[low:high], document.text[max(0, low - _BEFORE) : low]
        drawn = page_image(path, page, quote, before=before) if path and page and quote else None
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
    def copy(request: Request) -> PlainTextResponse:
        address = request.url.query
        answer = site.answer(_asked(address))
        headers = {_CHANGED: "1"} if differs(address, answer) else {}
        return PlainTextResponse(citation_text(answer), headers=headers)

    @app.post(f"{prefix}/export/{{form}}")
    def export(form: str, addresses: list[str], request: Request) -> Response:
        if form not in FORMS or not 1 <= len(addresses) <= _TURNS:
            raise HTTPException(422, f"Export 1 to {_TURNS} answers as {', '.join(FORMS)}.")
        answers = [site.answer(_asked(address)) for address in addresses]
        content = exported(
            answers,
            form,
            wording.language,
            link_base=str(request.base_url).rstrip("/") + f"{prefix}/",
            day=datetime.now().astimezone().date(),
            changed={place for place, address in enumerate(addresses) if differs(address, answers[place])},
        )
        return Response(content, media_type=_MEDIA[form])

    @app.post(f"{prefix}/feedback", status_code=204, dependencies=[Depends(from_this_page)])
    def feedback(note: dict[str, Any]) -> None:
        keep_feedback(site, note)


def keep_feedback(site: Site, note: dict[str, Any]) -> None:
    """Appends what a reader says of an answer to the index's feedback file, with the answer itself.

    `note` holds the answer's "address", a "vote" of "good" or "bad", and perhaps a "why". Of the rows with one "id" the
    last holds: a reader changes the vote, or adds the reason to it. `as_shown` tells whether the quotes are those that
    the reader saw.
    """
    address = str(note.get("address", ""))
    question = question_at(address)
    if question is None or note.get("vote") not in ("good", "bad"):
        raise HTTPException(422, "A note has the address of its answer, and a vote: good or bad.")
    answer = site.answer(question)
    row = {
        "id": str(note.get("id", ""))[:_LONGEST_ID],
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "question": question.text,
        "address": address_of(question),
        "vote": note["vote"],
        "why": str(note.get("why", ""))[:_LONGEST_NOTE],
        "as_shown": not differs(address, answer),
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
def pictured(site: Site) -> Pictured:
    """Returns what tells the pages of a quote: of a PDF whose file is still there, unchanged; none of any other."""

    @lru_cache(maxsize=2000)
    def there(document_id: str, digest: str) -> bool:
        return source_file(site.store, document_id) is not None

    def pages(citation: Citation) -> Sequence[int]:
        passage = citation.passage
        first, info = passage.page, passage.info
        if first is None or not info.id.lower().endswith(".pdf") or not there(info.id, info.digest):
            return ()
        if citation.end < passage.end:
            return (first,)  # a passage begins anew with the page: only its last sentence may run over the end
        try:
            last = site.store.document(info.id).page_at(citation.end - 1)
        except BadQuestion:  # removed since it was found
            return ()
        return range(first, (last or first) + 1)

    return pages


def on_page(document: Document, start: int, end: int, page: int) -> tuple[int, int]:
    """Returns what of the span stands on the page, numbered from 1; an empty span where nothing does."""
    starts = (*document.page_starts, len(document.text))
    if not 1 <= page < len(starts):
        return start, start
    low = max(start, starts[page - 1])
    return low, max(low, min(end, starts[page]))


def _document(site: Site, document_id: str, wording: Wording) -> Document:
    try:
        return site.store.document(document_id)
    except BadQuestion as error:
        raise HTTPException(404, told(error, wording.language)) from error


def _asked(address: str) -> Question:
    question = question_at(address)
    if question is None:
        raise HTTPException(422, "The address asks no question.")
    return question

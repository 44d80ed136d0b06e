"""A document as HTML: the whole text, opened at a quote."""

from html import escape
from itertools import pairwise

from documents.types import Document, DocumentInfo
from page.places import place
from page.wording import ENGLISH, Wording


def document_html(document: Document, start: int, end: int, wording: Wording = ENGLISH) -> str:
    """Returns the whole document's text as HTML, the characters from `start` to `end` marked.

    Headings are set off, and a rule with its number stands where a page begins.
    """
    edges = {0, len(document.text), start, end, *document.page_starts}
    for heading in document.headings:
        edges.update((heading.start, heading.end))
    cuts = sorted(edge for edge in edges if 0 <= edge <= len(document.text))
    levels = {heading.start: heading for heading in document.headings}
    pages = {offset: number for number, offset in enumerate(document.page_starts, 1)}
    parts, anchored, heading_end = [], False, 0
    for low, high in pairwise(cuts):
        if low in pages:
            parts.append(
                f'<span class="page" id="page-{pages[low]}">{wording.say("page_break", page=pages[low])}</span>'
            )
        if low in levels:
            heading_end = levels[low].end
        piece = escape(document.text[low:high])
        if start <= low and high <= end:
            anchor = "" if anchored else ' id="quote"'
            piece = f"<mark{anchor}>{piece}</mark>"
            anchored = True
        parts.append(f'<strong class="heading">{piece}</strong>' if high <= heading_end else piece)
    return "".join(parts)


def reading_notes(info: DocumentInfo, wording: Wording = ENGLISH) -> list[str]:
    """Returns what is to be known of how a document was read: by OCR, its poor pages, empty cells of its tables."""
    notes = []
    if info.ocr:
        least = min(each.confidence for each in info.ocr)
        notes.append(wording.say("ocr_note", count=len(info.ocr), least=f"{least:.0f}"))
    if info.poor_pages:
        notes.append(wording.say("poor_note", pages=", ".join(map(str, info.poor_pages))))
    empty, cells = info.cells
    if empty:
        notes.append(wording.say("cells_note", count=wording.number(empty), all=wording.number(cells)))
    return notes


def document_page(document: Document, start: int, end: int, style: str, wording: Wording = ENGLISH) -> str:
    """Returns a complete HTML page that shows the document, opened at the quote."""
    info = document.info
    facts = [place(info, document.page_at(start) if end > start else None)]
    if info.dated and info.dated.reason:
        facts.append(wording.say("date_reason", reason=info.dated.reason))
    if info.dated and not info.dated.sure:
        facts.append(wording["date_unsure"])
    if info.source:
        facts.append(wording.say("from", source=info.source))
    if info.redactions:
        facts.append(wording.count("redactions", info.redactions))
    if info.unread_pages:
        facts.append(wording.say("unread", pages=", ".join(map(str, info.unread_pages))))
    facts += reading_notes(info, wording)
    described = "".join(f'<p class="quiet">{escape(fact)}</p>' for fact in facts)
    if info.url.startswith(("https://", "http://")):
        described += f'<p class="quiet">{escape(wording.say("address", url=info.url))}</p>'
    return (
        f'<!doctype html><html lang="{escape(info.language or "en")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info.title or info.id)}</title><style>{style}</style></head>"
        f'<body class="document"><main><h1>{escape(info.title or info.id)}</h1>{described}'
        f'<div class="text">{document_html(document, start, end, wording)}</div></main></body></html>'
    )

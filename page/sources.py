"""The sources of an answer as HTML: each quote marked inside its passage, and the ways to its document."""

from collections.abc import Callable, Sequence
from html import escape

from documents.kinds import kind_name
from documents.types import Document, DocumentInfo, Passage
from page.address import address_of
from page.digest import quotes_digest
from page.places import flat, in_marks, place, span_link
from page.render import copy_button
from page.wording import ENGLISH, Wording
from qa.link import document_link
from qa.types import Answer, Citation

_SHOWN_HITS = 3
_AROUND = 1500  # characters shown before and after a passage
Pictured = Callable[[Citation], Sequence[int]]  # the pages that a quote stands on, as far as they can be drawn


def _undrawn(citation: Citation) -> Sequence[int]:
    return ()


def no_sources(wording: Wording = ENGLISH) -> str:
    """Returns what stands where sources will."""
    return f'<p class="quiet">{escape(wording["no_sources"])}</p>'


def sources_html(answer: Answer, wording: Wording = ENGLISH, *, pictured: Pictured = _undrawn) -> str:
    """Returns the sources of an answer, or a refusal's closest passages; `pictured` tells which pages can be shown.

    They carry the address of their answer and the digest of its quotes. page.js shows the two notes below the heading:
    one where the answer is not the last, one where it is not the answer that was shown.
    """
    heading, note = "sources", ""
    cards = "".join(
        source_card(each, marker, wording, pictured=pictured) for marker, each in enumerate(answer.citations, 1)
    )
    if answer.refused:
        heading, note = "closest_heading", f'<p class="quiet">{escape(wording["closest_note"])}</p>'
        cards = "".join(passage_card(hit.passage, wording, pictured=pictured) for hit in answer.hits[:_SHOWN_HITS])
        if not cards:
            heading, note, cards = "sources", "", no_sources(wording)
    earlier = escape(wording.say("earlier", question=flat(answer.question.text)))
    return (
        f'<div class="of-answer" data-of="{escape(address_of(answer.question), quote=True)}" '
        f'data-digest="{quotes_digest(answer)}"><h2 tabindex="-1">{escape(wording[heading])}</h2>'
        f'<p class="quiet earlier" hidden>{earlier} '
        f'<button type="button" class="latest">{escape(wording["latest"])}</button></p>'
        f'<p class="changed" hidden>{escape(wording["changed"])}</p>{note}{cards}</div>'
    )


def source_card(citation: Citation, marker: int, wording: Wording = ENGLISH, *, pictured: Pictured = _undrawn) -> str:
    """Returns one source: title, date and page, the quote marked inside its passage, and the way to its document."""
    passage = citation.passage
    info = passage.info
    low, high = citation.start - passage.start, citation.end - passage.start
    text = f"{escape(passage.text[:low])}<mark>{escape(passage.text[low:high])}</mark>{escape(passage.text[high:])}"
    link = escape(document_link(info.id, citation.start, citation.end), quote=True)
    label = escape(wording.say("source", marker=marker), quote=True)
    return (
        f'<article class="source" data-place="{link}" tabindex="-1" aria-label="{label}">'
        f'<header><span class="marker">{marker}</span> {_described(info, citation.page, passage.headings, wording)}'
        f"{_told(citation, wording)}{_steps(wording)}</header><blockquote{_spoken(info)}>{text}</blockquote>"
        f"{_pictures(citation, pictured(citation), wording)}{_ways(citation, wording['open_quote'], wording)}</article>"
    )


def passage_card(passage: Passage, wording: Wording = ENGLISH, *, pictured: Pictured = _undrawn) -> str:
    """Returns a passage that was found, with the way to its document."""
    whole = Citation(passage, passage.start, passage.end, passage.text)
    return (
        f'<article class="source"><header>{_described(passage.info, passage.page, passage.headings, wording)}</header>'
        f"<blockquote{_spoken(passage.info)}>{escape(passage.text)}</blockquote>"
        f"{_pictures(whole, pictured(whole), wording)}{_ways(whole, wording['open_passage'], wording)}</article>"
    )


def gone_card(title: str, quote: str, marker: int, wording: Wording = ENGLISH) -> str:
    """Returns a source whose document does not hold the quote any more."""
    return (
        f'<article class="source" tabindex="-1"><header><span class="marker">{marker}</span> '
        f'<span class="title">{escape(title)}</span></header><blockquote>{escape(quote)}</blockquote>'
        f'<p class="quiet">{escape(wording["document_changed"])}</p></article>'
    )


def around_html(document: Document, start: int, end: int) -> str:
    """Returns the span marked, with what stands before and after it in its document."""
    low, high = max(0, start - _AROUND), min(len(document.text), end + _AROUND)
    before, quote, after = document.text[low:start], document.text[start:end], document.text[end:high]
    ellipses = ("… " if low else "", " …" if high < len(document.text) else "")
    return f"{ellipses[0]}{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}{ellipses[1]}"


def _told(citation: Citation, wording: Wording) -> str:
    """Returns what a reader must know of this quote: how its page was read, and older versions that say it."""
    notes = quality_notes(citation, wording)
    if citation.older:
        notes.append(wording.say("older", versions="; ".join(place(each, None) for each in citation.older)))
    return "".join(f'<span class="quiet note">{escape(note)}</span>' for note in notes)


def quality_notes(citation: Citation, wording: Wording = ENGLISH) -> list[str]:
    """Returns that the page was read by OCR or poorly, and that many cells of the quoted table are empty."""
    notes, spoilt, table = [], citation.spoilt, citation.table
    if spoilt is not None and spoilt.spoilt_characters:
        notes.append(
            wording.say("poor_letters", count=spoilt.odd + spoilt.garbled, all=wording.number(spoilt.characters))
        )
    elif spoilt is not None:
        notes.append(wording.say("poor_words", count=spoilt.unlike, all=wording.number(spoilt.words)))
    elif citation.poorly_read:
        notes.append(wording["poorly_read"])
    if citation.ocr is not None:
        notes.append(wording.say("by_ocr", confidence=f"{citation.ocr:.0f}"))
    if table is not None:
        notes.append(wording.say("sparse", count=table.empty, all=table.cells))
    return notes


def _ways(citation: Citation, opened: str, wording: Wording) -> str:
    """Returns the ways to the quote in its document, to the text around it, and to the clipboard."""
    info = citation.passage.info
    link = escape(document_link(info.id, citation.start, citation.end), quote=True)
    around = escape(span_link("around", info.id, citation.start, citation.end), quote=True)
    copied = f"{in_marks(flat(citation.quote), info.language)} ({place(info, citation.page)})"
    return (
        f'<footer><a href="{link}" target="_blank" rel="noopener">{escape(opened)}</a>'
        f'<button type="button" class="around" data-around="{around}">{escape(wording["around"])}</button>'
        f"{copy_button(copied, wording['copy_citation'])}</footer>"
    )


def _pictures(citation: Citation, pages: Sequence[int], wording: Wording) -> str:
    """Returns the pages that the quote stands on. Nothing is marked on a page that was read by OCR."""
    if not pages:
        return ""
    info = citation.passage.info
    address = span_link("page-image", info.id, citation.start, citation.end)
    scanned = {each.page for each in info.ocr}.intersection(pages)
    images = "".join(
        f'<img loading="lazy" src="{escape(f"{address}&page={page}", quote=True)}" '
        f'alt="{escape(wording.say("page_scan" if page in scanned else "page_image", page=page), quote=True)}">'
        for page in pages
    )
    note = f'<p class="quiet">{escape(wording["page_scan_note"])}</p>' if scanned else ""
    shown = escape(wording["show_page" if len(pages) == 1 else "show_pages"])
    return f'<details class="page-image"><summary>{shown}</summary>{note}{images}</details>'


def _spoken(info: DocumentInfo) -> str:
    """Returns the attribute that tells what language the document is read in."""
    return f' lang="{escape(info.language, quote=True)}"' if info.language else ""


def _steps(wording: Wording) -> str:
    return "".join(
        f'<button type="button" class="step" data-step="{step}" aria-label="{escape(wording[name], quote=True)}">'
        f"{mark}</button>"
        for step, name, mark in ((-1, "previous", "‹"), (1, "next", "›"))
    )


def _described(info: DocumentInfo, page: int | None, headings: tuple[str, ...], wording: Wording) -> str:
    above = " › ".join(heading for heading in headings if heading != info.title)
    dated = escape(place(info, page).removeprefix(info.title or info.id).removeprefix(", "))
    why = escape(wording["date_unsure_why"], quote=True)
    unsure = f' <span title="{why}">({escape(wording["date_unsure"])})</span>'
    notes = [wording.count("redactions", info.redactions)] if info.redactions else []
    if info.unread_pages:
        notes.append(wording.say("unread", pages=", ".join(map(str, info.unread_pages))))
    kind = kind_name(info.kind, wording.language) if info.kind else ""
    dated = ", ".join(filter(None, [dated, escape(kind)]))
    lines = [dated + (unsure if info.dated and not info.dated.sure else ""), escape(above), *map(escape, notes)]
    rest = "".join(f'<span class="quiet">{line}</span>' for line in lines if line)
    return f'<span class="title">{escape(info.title or info.id)}</span>{rest}'

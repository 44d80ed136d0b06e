"""Answers, sources and documents as HTML. Pure: every text from a document or a user is escaped here."""

import re
from html import escape
from itertools import pairwise

from documents.types import Document, DocumentInfo
from qa.disagree import told, verdict
from qa.link import document_link
from qa.types import Answer, Citation, Hit

NO_SOURCES = '<p class="quiet">The passages that an answer quotes appear here.</p>'
_CONFIDENCE = ((0.85, "high"), (0.6, "moderate"), (0.0, "low"))
_SHOWN_HITS = 3


def head_html(documents: int) -> str:
    """Returns the head of the page."""
    counted = "1 document" if documents == 1 else f"{documents:,} documents"
    return f"<h1>Removals Q&amp;A</h1><p>Answers quoted word for word from {counted}, on this machine only.</p>"


def answer_html(answer: Answer, *, quotes: int | None = None) -> str:
    """Returns the answer as one block of HTML without blank lines, so that Markdown leaves every character alone.

    With `quotes` only that many of the first quotes are shown: the answer while it is being written out.
    """
    if answer.refused:
        closest = " The closest passages are shown with it; they may not answer it." if answer.hits else ""
        return _line(f'<div class="answer refusal"><p><strong>{escape(answer.text)}</strong>{closest}</p></div>')
    shown = answer.quoted[:quotes]
    parts = [
        f'<p class="quote">{_leads(each)}“{_quoted(each)}” {_chip(each, marker)}</p>'
        for marker, each in enumerate(shown, 1)
    ]
    if quotes is None:
        parts.append(_disagreement(answer))
        word = _confidence_word(answer.confidence)
        parts.append(
            f'<p class="quiet confidence"><span title="The estimated chance that the documents answer this question: '
            f'{answer.confidence:.0%}">Confidence: {word}</span> '
            f"{_copy_button(citation_text(answer), 'Copy')}</p>"
        )
    return _line(f'<div class="answer">{"".join(parts)}</div>')


def notice_html(text: str) -> str:
    """Returns a message of the program itself, such as an error the user can fix."""
    return _line(f'<div class="answer refusal"><p>{escape(text)}</p></div>')


def sources_html(answer: Answer) -> str:
    """Returns the sources of an answer, each quote marked inside its passage; of a refusal, the closest passages."""
    if answer.refused:
        if not answer.hits:
            return NO_SOURCES
        cards = [_passage_card(hit) for hit in answer.hits[:_SHOWN_HITS]]
        return '<h2>Closest passages</h2><p class="quiet">None of them was found to answer the question.</p>' + "".join(
            cards
        )
    return "<h2>Sources</h2>" + "".join(source_card(each, marker) for marker, each in enumerate(answer.citations, 1))


def source_card(citation: Citation, marker: int) -> str:
    """Returns one source: title, date and page, the quote marked inside its passage, and the way to its document."""
    passage = citation.passage
    low, high = citation.start - passage.start, citation.end - passage.start
    text = f"{escape(passage.text[:low])}<mark>{escape(passage.text[low:high])}</mark>{escape(passage.text[high:])}"
    link = escape(document_link(passage.info.id, citation.start, citation.end), quote=True)
    described = _described(passage.info, citation.page, passage.headings)
    copied = f"“{_flat(citation.quote)}” ({place(passage.info, citation.page)})"
    return (
        f'<article class="source" data-place="{link}" tabindex="-1" aria-label="Source {marker}">'
        f'<header><span class="marker">{marker}</span> {described}</header><blockquote>{text}</blockquote>'
        f'<footer><a href="{link}" target="_blank" rel="noopener">Open the document at this quote</a>'
        f"{_copy_button(copied, 'Copy citation')}</footer></article>"
    )


def document_html(document: Document, start: int, end: int) -> str:
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
            parts.append(f'<span class="page" id="page-{pages[low]}">Page {pages[low]}</span>')
        if low in levels:
            heading_end = levels[low].end
        piece = escape(document.text[low:high])
        if start <= low and high <= end:
            anchor = "" if anchored else ' id="quote"'
            piece = f"<mark{anchor}>{piece}</mark>"
            anchored = True
        parts.append(f'<strong class="heading">{piece}</strong>' if high <= heading_end else piece)
    return "".join(parts)


def document_page(document: Document, start: int, end: int, style: str) -> str:
    """Returns a complete HTML page that shows the document, opened at the quote."""
    info = document.info
    facts = [place(info, document.page_at(start) if end > start else None)]
    if info.dated and info.dated.reason:
        facts.append(f"Date: {info.dated.reason}.")
    if info.dated and not info.dated.sure:
        facts.append("The date is not certain.")
    if info.source:
        facts.append(f"Source: {info.source}")
    described = "".join(f'<p class="quiet">{escape(fact)}</p>' for fact in facts)
    if info.url.startswith(("https://", "http://")):
        described += f'<p class="quiet">Address: {escape(info.url)}</p>'
    return (
        f'<!doctype html><html lang="{escape(info.language or "en")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info.title or info.id)}</title><style>{style}</style></head>"
        f'<body class="document"><main><h1>{escape(info.title or info.id)}</h1>{described}'
        f'<div class="text">{document_html(document, start, end)}</div></main></body></html>'
    )


def citation_text(answer: Answer) -> str:
    """Returns the answer as plain text to paste: the quotes with their markers, then the numbered sources."""
    quotes = [
        "".join(f"“{_flat(lead.text)}” … " for lead in each.lead_ins) + f"“{_flat(each.quote)}” [{marker}]"
        for marker, each in enumerate(answer.quoted, 1)
    ]
    if answer.disagreement:
        quotes.append(told(answer))
    notes = [f"[{marker}] {place(each.passage.info, each.page)}" for marker, each in enumerate(answer.citations, 1)]
    return "\n".join([*quotes, "", *notes])


def place(info: DocumentInfo, page: int | None) -> str:
    """Returns title, date and page in one line, leaving out what is not known."""
    return ", ".join(filter(None, [info.title or info.id, info.date, f"p. {page}" if page else ""]))


def _leads(citation: Citation) -> str:
    """Returns what leads up to an item of a list, outermost first, each as a quote of its own."""
    return "".join(f'<span class="lead">“{escape(_flat(lead.text))}” … </span>' for lead in citation.lead_ins)


def _quoted(citation: Citation) -> str:
    """Returns the quote with the words that answer in bold."""
    low, high = citation.words or (citation.start, citation.start)
    low, high = low - citation.start, high - citation.start
    parts = [citation.quote[:low], citation.quote[low:high], citation.quote[high:]]
    before, words, after = (escape(re.sub(r"\s+", " ", part)) for part in parts)
    return f"{before}<strong>{words}</strong>{after}" if words else before + after


def _disagreement(answer: Answer) -> str:
    """Returns what dated sources give where they differ, one line for each time; "" where they do not."""
    if not answer.disagreement:
        return ""
    lines: dict[str, list[str]] = {}
    for each in answer.disagreement:
        chips = " ".join(_chip(answer.citations[marker - 1], marker) for marker in answer.markers(each))
        lines.setdefault(each.said_of, []).append(f"<strong>{escape(_flat(each.value))}</strong> {chips}")
    rows = "".join(f"<dt>{escape(said_of)}</dt><dd>{'; '.join(values)}</dd>" for said_of, values in lines.items())
    sure = verdict(answer)
    heading = f"<p>{escape(sure)}</p>" if sure else ""
    return f'<div class="disagreement">{heading}<dl>{rows}</dl></div>'


def _chip(citation: Citation, marker: int) -> str:
    info = citation.passage.info
    link = escape(document_link(info.id, citation.start, citation.end), quote=True)
    title = escape(place(info, citation.page), quote=True)
    return f'<a class="chip" href="{link}" title="{title}" aria-label="Source {marker}: {title}">[{marker}]</a>'


def _passage_card(hit: Hit) -> str:
    passage = hit.passage
    link = escape(document_link(passage.info.id, passage.start, passage.end), quote=True)
    described = _described(passage.info, passage.page, passage.headings)
    return (
        f'<article class="source"><header>{described}</header><blockquote>{escape(passage.text)}</blockquote>'
        f'<footer><a href="{link}" target="_blank" rel="noopener">Open the document at this passage</a></footer>'
        "</article>"
    )


def _copy_button(text: str, label: str) -> str:
    return f'<button type="button" class="copy" data-copy="{escape(text, quote=True)}">{label}</button>'


def _described(info: DocumentInfo, page: int | None, headings: tuple[str, ...]) -> str:
    above = " › ".join(heading for heading in headings if heading != info.title)
    dated = escape(place(info, page).removeprefix(info.title or info.id).removeprefix(", "))
    unsure = ' <span title="The date reads two ways, or was taken from the file.">(date not certain)</span>'
    lines = [dated + (unsure if info.dated and not info.dated.sure else ""), escape(above)]
    rest = "".join(f'<span class="quiet">{line}</span>' for line in lines if line)
    return f'<span class="title">{escape(info.title or info.id)}</span>{rest}'


def _confidence_word(confidence: float) -> str:
    return next(word for least, word in _CONFIDENCE if confidence >= least)


def _flat(text: str) -> str:
    """A quote keeps its words and marks; its line breaks become spaces where it is shown in a line."""
    return " ".join(text.split())


def _line(html: str) -> str:
    return html.replace("\n", "&#10;")

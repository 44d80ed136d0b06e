"""Answers as HTML and as text to paste. Pure: every text from a document or a user is escaped here."""

import re
from collections.abc import Sequence
from html import escape

from documents.language import guess_language
from page.address import address_of
from page.confidence import confidence_level
from page.digest import quotes_digest
from page.export import FORMS
from page.places import flat, in_marks, one_line, place
from page.timeline import timeline_html
from page.wording import ENGLISH, Wording
from qa.cite import ALSO
from qa.disagree import told, verdict
from qa.link import document_link
from qa.types import Answer, Citation, Question
from qa.undated import undated_note


def head_html(documents: int, wording: Wording = ENGLISH) -> str:
    """Returns the head of the page, with the way to it in the other language."""
    counted = wording["document"] if documents == 1 else wording.say("documents", count=wording.number(documents))
    other = "fr" if wording.language == "en" else "en"
    return (
        f"<div><h1>{escape(wording['title'])}</h1><p>{escape(wording.say('head', documents=counted))}</p></div>"
        f'<nav aria-label="Language / Langue"><a class="language" hreflang="{other}" lang="{other}" '
        f'data-language="{other}" href="/{"fr/" if other == "fr" else ""}">{wording["other_language"]}</a></nav>'
    )


def loading_html(wording: Wording = ENGLISH) -> str:
    """Returns the line that page.js shows until the models are there."""
    return f'<p role="status">{escape(wording["loading"])}</p>'


def answer_html(answer: Answer, wording: Wording = ENGLISH) -> str:
    """Returns the answer as one block of HTML without blank lines, so that Markdown leaves every character alone.

    It carries, in a link, the address that asks it again, and in the buttons that export it, as their value, the digest
    of what it shows. The chat lets no data- and no aria- attributes pass.
    """
    if answer.refused:
        text = wording["refused"] if answer.hits else wording["nothing"]
        closest = f" {escape(wording['closest'])}" if answer.hits else ""
        return one_line(
            f'<div class="answer refusal"><p><strong>{escape(text)}</strong>{closest}</p>{_undated(answer, wording)}'
            f"{_keep(answer, wording)}</div>"
        )
    parts = [
        f'<p class="quote">{_leads(each)}{_quoted(each)} {_chip(each, marker, wording)}</p>'
        for marker, each in enumerate(answer.quoted, 1)
    ]
    if answer.further:
        parts.insert(-len(answer.further), f'<p class="also quiet">{escape(wording["also"])}</p>')
    parts += [_disagreement(answer, wording), _undated(answer, wording), _foot(answer, wording)]
    return one_line(f'<div class="answer">{"".join(parts)}</div>')


def notice_html(text: str) -> str:
    """Returns a message of the program itself, such as an error the user can fix."""
    return one_line(f'<div class="answer refusal"><p>{escape(text)}</p></div>')


def related_html(questions: Sequence[Question], refused: bool, wording: Wording = ENGLISH) -> str:
    """Returns questions that the documents answer, as links that ask them."""
    if not questions:
        return ""
    heading = wording["answerable" if refused else "related"]
    links = "".join(
        f'<li><a class="ask" href="?{escape(address_of(each), quote=True)}">{escape(each.text)}</a></li>'
        for each in questions
    )
    return one_line(f'<div class="related"><p class="quiet">{escape(heading)}</p><ul>{links}</ul></div>')


def citation_text(answer: Answer) -> str:
    """Returns the answer as plain text to paste: the quotes with their markers, then the numbered sources."""
    lines = [
        "".join(f"{_in_marks(each, lead.text)} … " for lead in each.lead_ins)
        + f"{_in_marks(each, each.quote)} [{marker}]"
        for marker, each in enumerate(answer.quoted, 1)
    ]
    if answer.further:
        lines.insert(-len(answer.further), ALSO["fr" if guess_language(answer.question.text) == "fr" else "en"])
    if answer.disagreement:
        lines.append(told(answer))
    notes = [f"[{marker}] {place(each.passage.info, each.page)}" for marker, each in enumerate(answer.citations, 1)]
    return "\n".join([*lines, "", *notes])


def copy_button(text: str, label: str) -> str:
    """Returns a button that puts the text on the clipboard."""
    return f'<button type="button" class="copy" data-copy="{escape(text, quote=True)}">{escape(label)}</button>'


def _undated(answer: Answer, wording: Wording) -> str:
    """Returns how many documents the question's day left out for want of a date of their own; "" for none."""
    if not answer.undated:
        return ""
    return f'<p class="undated quiet">{escape(undated_note(answer.undated, wording.language))}</p>'


def _foot(answer: Answer, wording: Wording) -> str:
    """Returns how sure the answer is, what that means, and what can be done with it."""
    word = confidence_level(answer.confidence)
    said = escape(wording.say("confidence", word=wording[word]))
    meant = escape(f"{wording[f'confidence_{word}']} ({wording.share(answer.confidence)})")
    return (
        f'<details class="confidence quiet"><summary>{said}</summary><p>{meant}</p></details>{_keep(answer, wording)}'
    )


def _keep(answer: Answer, wording: Wording) -> str:
    """Returns the buttons that copy an answer, that say whether it is any good, and that export it."""
    address = escape(address_of(answer.question), quote=True)
    buttons = "".join(
        f'<button type="button" class="{name}" title="{escape(wording[described], quote=True)}">{escape(wording[said])}'
        "</button>"
        for name, said, described in (("vote good", "helpful", "good"), ("vote bad", "unhelpful", "bad"))
    )
    copy = "" if answer.refused else f'<button type="button" class="copy-answer">{escape(wording["copy"])}</button>'
    return (
        f'<div class="keep">{copy}<a class="link" href="?{address}">{escape(wording["link"])}</a>{buttons}'
        f"{_exports(answer, wording)}</div>"
    )


def _exports(answer: Answer, wording: Wording) -> str:
    """Returns what opens the buttons that export this answer alone, one for each form."""
    digest = quotes_digest(answer)
    buttons = "".join(
        f'<button type="button" class="export-answer" name="{form}" value="{digest}">'
        f"{escape(wording[f'export_{form}'])}</button>"
        for form in FORMS
    )
    said, described = escape(wording["export"]), escape(wording["export_answer"], quote=True)
    return f'<details class="export-one"><summary title="{described}">{said}</summary> {buttons}</details>'


def _leads(citation: Citation) -> str:
    """Returns what leads up to an item of a list, outermost first, each as a quote of its own."""
    return "".join(
        f'<span class="lead">{escape(_in_marks(citation, lead.text))} … </span>' for lead in citation.lead_ins
    )


def _in_marks(citation: Citation, text: str) -> str:
    return in_marks(flat(text), citation.passage.info.language)


def _quoted(citation: Citation) -> str:
    """Returns the quote in its marks, with the words that answer in bold, and the language it is read in."""
    low, high = citation.words or (citation.start, citation.start)
    low, high = low - citation.start, high - citation.start
    parts = [citation.quote[:low], citation.quote[low:high], citation.quote[high:]]
    before, words, after = (escape(re.sub(r"\s+", " ", part)) for part in parts)
    language = citation.passage.info.language
    quoted = in_marks(f"{before}<strong>{words}</strong>{after}" if words else before + after, language)
    return f'<span lang="{escape(language, quote=True)}">{quoted}</span>' if language else quoted


def _disagreement(answer: Answer, wording: Wording) -> str:
    """Returns what dated sources give where they differ, one line for each time; "" where they do not."""
    if not answer.disagreement:
        return ""
    lines: dict[str, list[str]] = {}
    for each in answer.disagreement:
        chips = " ".join(_chip(answer.citations[marker - 1], marker, wording) for marker in answer.markers(each))
        lines.setdefault(each.said_of, []).append(f"<strong>{escape(flat(each.value))}</strong> {chips}")
    rows = "".join(f"<dt>{escape(said_of)}</dt><dd>{'; '.join(values)}</dd>" for said_of, values in lines.items())
    sure = verdict(answer)
    heading = f"<p>{escape(sure)}</p>" if sure else ""
    drawn = timeline_html(answer.disagreement, wording)
    return f'<div class="disagreement">{heading}{drawn}<dl>{rows}</dl></div>'


def _chip(citation: Citation, marker: int, wording: Wording) -> str:
    """Returns [n]; page.js shows a card with the quote and this title when it is hovered or focused."""
    info = citation.passage.info
    link = escape(document_link(info.id, citation.start, citation.end), quote=True)
    title = escape(f"{wording.say('source', marker=marker)}: {place(info, citation.page)}", quote=True)
    return f'<a class="chip" href="{link}" title="{title}">[{marker}]</a>'

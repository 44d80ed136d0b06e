"""The tab for files of questions: dropped, looked at, answered, with the proof of every answer. Pure HTML.

Jobs hold the state (jobs.py, tasks.py), job_routes.py serves what is made here, jobs.js puts it into the page.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import gradio as gr

from documents.errors import BadQuestion
from documents.types import Dated, DocumentInfo
from index.types import PassageStore
from page.confidence import confidence_level
from page.job_panel import tab_html
from page.places import flat, one_line
from page.sources import Pictured, gone_card, passage_card, source_card
from page.wording import Wording
from qa.batch import AnswerFile
from qa.link import document_link
from qa.question_files import SUFFIXES
from qa.types import Citation

PAGE = 50  # rows shown at once
STATUSES = ("answered", "refused", "error")
_SHOWN_PASSAGES = 3
_QUOTED = 3  # quotes shown where sources differ: the further ones stand beside their figures
COLUMNS = ("id", "question", "answer", "status")
Row = Mapping[str, Any]


def build_batch(wording: Wording) -> None:
    """Puts the tab's parts on the page that is being built."""
    more = (
        f'<div class="with-proof"><div class="job-rows"></div><aside class="proof-panel" aria-label='
        f'"{escape(wording["proof"], quote=True)}" hidden>{proof_none(wording)}</aside></div>'
    )
    gr.HTML(tab_html("batch", wording, SUFFIXES, more), elem_id="batch")


def proof_none(wording: Wording) -> str:
    """Returns what stands where the proof will."""
    return f'<p class="quiet">{escape(wording["proof_none"])}</p>'


def rows_html(answers: AnswerFile, identity: str, first: int, status: str, wording: Wording) -> str:
    """Returns a page of rows from the `first` of a status on, "" for all, with the ways to the other pages."""
    answers.refresh()
    places = answers.places(status)
    if not places and not status:
        return ""
    first = max(0, min(first, (len(places) - 1) // PAGE * PAGE))
    shown = places[first : first + PAGE]
    heads = "".join(f'<th scope="col">{escape(wording[f"column_{name}"])}</th>' for name in COLUMNS)
    rows = "".join(_row(answers.row(place), identity, place, wording) for place in shown)
    label = escape(wording["answers"], quote=True)
    table = (
        f'<div class="job-scroll" tabindex="0" role="region" aria-label="{label}"><table class="job-table answers">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        if rows
        else f"<p>{escape(wording['rows_none'])}</p>"
    )
    return f"<h2>{escape(wording['answers'])}</h2>{_tools(answers, places, first, status, wording)}{table}"


def _tools(answers: AnswerFile, places: Sequence[int], first: int, status: str, wording: Wording) -> str:
    """Returns the choice of a status, and the buttons that turn the page."""
    counts = {"": len(answers), **answers.tally.statuses}
    options = "".join(
        f'<option value="{name}"{" selected" if name == status else ""}>'
        f"{escape(wording[f'status_{name}' if name else 'show_all'])} ({wording.number(count)})</option>"
        for name, count in counts.items()
    )
    said = wording.say("rows_shown", first=first + 1, last=min(first + PAGE, len(places)), all=len(places))
    turns = ""
    if len(places) > PAGE:
        turns = _turn(first - PAGE, len(places), wording["earlier_rows"])
        turns += _turn(first + PAGE, len(places), wording["later_rows"])
    counted = f'<span class="quiet">{escape(said)}</span>' if places else ""
    return (
        f'<p class="row-tools"><label>{escape(wording["show_rows"])} '
        f'<select class="row-status">{options}</select></label>{counted}{turns}</p>'
    )


def _turn(first: int, count: int, label: str) -> str:
    disabled = "" if 0 <= first < count else " disabled"
    return f'<button type="button" class="act turn" data-first="{first}"{disabled}>{escape(label)}</button>'


def _row(row: Row, identity: str, place: int, wording: Wording) -> str:
    status = row["status"]
    sure = row["confidence"]
    level = ""
    if status == "answered" and sure is not None:
        said = wording.say("confidence", word=wording[confidence_level(sure)])
        level = f'<span class="quiet">{escape(said)}</span>'
    question = escape(flat(str(row["question"] or "–")))
    asked = f'<button type="button" class="row-open">{question}</button>' if status != "error" else question
    return one_line(
        f'<tr class="{status}" id="row-{place}" data-sources="jobs/{identity}/sources/{place}">'
        f"<td>{escape(str(row['id']))}</td><td>{asked}</td><td class='answer'>{_answer(row, wording)}</td>"
        f"<td>{escape(wording[f'status_{status}'])}{level}</td></tr>"
    )


def _answer(row: Row, wording: Wording) -> str:
    """Returns the quotes with their markers, or why there are none."""
    if row["status"] == "error":
        return escape(row["error"] or "")
    if row["status"] == "refused":
        return f'<span class="quiet">{escape(row["answer"])}</span>'
    cited: Sequence[Row] = row["citations"]
    differing: Sequence[Row] = row["disagreement"]
    quotes = cited[:_QUOTED] if differing else cited
    parts = [f'<p class="quote">{_quote(each)} {_chip(each, wording)}</p>' for each in quotes]
    lines = [
        f"<dt>{escape(each['said_of'])}</dt><dd><strong>{escape(flat(each['value']))}</strong> "
        f"{' '.join(_chip(cited[marker - 1], wording) for marker in each['markers'])}</dd>"
        for each in differing
    ]
    return "".join(parts) + (f"<dl>{''.join(lines)}</dl>" if lines else "")


def _quote(citation: Row) -> str:
    leads = "".join(f'<span class="lead">“{escape(flat(lead["quote"]))}” … </span>' for lead in citation["lead_ins"])
    quote, start = citation["quote"], citation["start"]
    words = citation["words"] or {"start": start, "end": start}
    low, high = words["start"] - start, words["end"] - start
    bold = f"<strong>{escape(quote[low:high])}</strong>" if high > low else ""
    return f"{leads}“{escape(quote[:low])}{bold}{escape(quote[high:])}”"


def _chip(citation: Row, wording: Wording) -> str:
    link = escape(document_link(citation["document_id"], citation["start"], citation["end"]), quote=True)
    page = wording.say("page", page=citation["page"]) if citation["page"] else ""
    where = ", ".join(filter(None, (citation["title"] or citation["document_id"], citation["date"], page)))
    title = escape(f"{wording.say('source', marker=citation['marker'])}: {where}", quote=True)
    return f'<a class="chip" href="{link}" title="{title}">[{citation["marker"]}]</a>'


def row_sources_html(row: Row, store: PassageStore, wording: Wording, pictured: Pictured, place: int) -> str:
    """Returns the sources of a row, or the closest passages of a refusal, below the question they belong to."""
    back = (
        f'<button type="button" class="act row-back" data-row="row-{place}">{escape(wording["back_to_row"])}</button>'
    )
    heading = f'<p class="quiet of">{escape(flat(str(row["question"] or "")))}</p>{back}'
    if row["status"] == "answered":
        cards = "".join(_card(each, store, wording, pictured) for each in row["citations"])
        return f"<h2>{escape(wording['sources'])}</h2>{heading}{cards}"
    found = (store.passage_at(each["document_id"], each["start"], each["end"]) for each in _passages(row, store))
    cards = "".join(passage_card(each, wording, pictured=pictured) for each in found if each)
    note = f'<p class="quiet">{escape(wording["closest_note"])}</p>' if cards else ""
    return f"<h2>{escape(wording['closest_heading'])}</h2>{heading}{note}{cards}"


def _passages(row: Row, store: PassageStore) -> Sequence[Row]:
    """Returns the closest passages whose text still stands where it stood."""
    return [each for each in row["passages"][:_SHOWN_PASSAGES] if _stands(each, each["text"], store)]


def _card(cited: Row, store: PassageStore, wording: Wording, pictured: Pictured) -> str:
    start, end, quote = cited["start"], cited["end"], cited["quote"]
    passage = store.passage_at(cited["document_id"], start, end)
    if passage is None or passage.text[start - passage.start : end - passage.start] != quote:
        return gone_card(cited["title"] or cited["document_id"], quote, cited["marker"], wording)
    citation = Citation(passage, start, end, quote, older=tuple(map(_older, cited.get("older", ()))))
    return source_card(citation, cited["marker"], wording, pictured=pictured)


def _older(told: Row) -> DocumentInfo:
    """Returns an older version that said the same when the row was answered."""
    dated = Dated(date.fromisoformat(told["date"]), "") if told["date"] else None
    return DocumentInfo(told["document_id"], told["title"] or "", "", dated)


def _stands(each: Row, text: str, store: PassageStore) -> bool:
    try:
        document = store.document(each["document_id"])
    except BadQuestion:
        return False
    return document.text[each["start"] : each["end"]] == text

"""The documents as a table: how each was read, and what page.js searches, filters and sorts it by."""

from collections import Counter
from collections.abc import Callable, Sequence
from html import escape

from documents.kinds import kind_name
from documents.types import DocumentInfo
from page.document import reading_notes
from page.wording import Wording
from qa.link import document_link

COLUMNS = ("title", "date", "kind", "language", "collection", "passages", "status", "notes")
READINGS = ("unread", "partly", "poorly", "scan", "full")  # how a document was read, the worst first
_ATTENTION = "attention"  # beside its reading, the status of a document that somebody should look at


def reading_of(info: DocumentInfo, passages: int) -> str:
    """Returns how a document was read: the first of READINGS that fits."""
    fits = (not passages, bool(info.unread_pages), bool(info.poor_pages), bool(info.ocr), True)
    return next(reading for reading, fit in zip(READINGS, fits, strict=True) if fit)


def needs_attention(info: DocumentInfo, passages: int) -> bool:
    """Returns whether something of it was not read, or poorly, or its date is not certain."""
    return reading_of(info, passages) in READINGS[:3] or (info.dated is not None and not info.dated.sure)


def table_html(documents: Sequence[DocumentInfo], counts: dict[str, int], wording: Wording, *, editable: bool) -> str:
    """Returns the documents as a table that page.js sorts, searches and filters; `editable`, each can be corrected."""
    heads = "".join(
        f'<th scope="col" aria-sort="none"><button type="button" class="sort">{escape(wording[f"column_{name}"])}'
        "</button></th>"
        for name in COLUMNS
    )
    rows = "".join(_row(info, counts.get(info.id, 0), wording, editable=editable) for info in documents)
    label = escape(wording["tab_library"], quote=True)
    return (
        f'<div class="library">{_tools(documents, counts, wording)}<div class="library-scroll" tabindex="0" '
        f'role="region" aria-label="{label}"><table><thead><tr>{heads}<th scope="col"></th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></div>"
    )


def _tools(documents: Sequence[DocumentInfo], counts: dict[str, int], wording: Wording) -> str:
    """Returns the search, a choice for each label and for how documents were read, and how many are shown."""
    search = escape(wording["library_search"], quote=True)
    there = wording.number(len(documents))
    readings = Counter(reading_of(info, counts.get(info.id, 0)) for info in documents)
    wanting = sum(needs_attention(info, counts.get(info.id, 0)) for info in documents)
    statuses = [(_ATTENTION, wording["attention"], wanting)]
    statuses += [(f"={each}", wording[f"read_{each}"], readings[each]) for each in READINGS if readings[each]]
    choices = [
        _labels(
            "kind", Counter(info.kind for info in documents), lambda kind: kind_name(kind, wording.language), wording
        ),
        _labels("language", Counter(info.language for info in documents), lambda each: _spoken(each, wording), wording),
        _labels("collection", Counter(info.collection for info in documents), str, wording),
        _choice("status", statuses, wording),
    ]
    return (
        f'<p class="library-tools"><input type="search" class="library-search" aria-label="{search}" '
        f'placeholder="{search}">{"".join(choices)}<span class="quiet library-count" role="status" '
        f'data-pattern="{escape(wording["library_count"], quote=True)}">'
        f"{escape(wording.say('library_count', shown=there, all=there))}</span></p>"
    )


def _labels(name: str, held: Counter[str], named: Callable[[str], str], wording: Wording) -> str:
    """Returns the choice of one of the labels that documents hold; what is not known comes last."""
    known = sorted(
        ((f"={each}", named(each), held[each]) for each in held if each), key=lambda each: each[1].casefold()
    )
    return _choice(name, [*known, *([("=", wording["unknown"], held[""])] if held[""] else [])], wording)


def _choice(name: str, options: Sequence[tuple[str, str, int]], wording: Wording) -> str:
    """Returns a list to choose from. A value begins with "=", so that "=", not known, is not "", all."""
    listed = "".join(
        f'<option value="{escape(value, quote=True)}">{escape(said)} ({wording.number(count)})</option>'
        for value, said, count in options
    )
    return (
        f'<label>{escape(wording[f"column_{name}"])} <select data-filter="{name}">'
        f'<option value="">{escape(wording["filter_all"])}</option>{listed}</select></label>'
    )


def _row(info: DocumentInfo, passages: int, wording: Wording, *, editable: bool) -> str:
    link = escape(document_link(info.id, 0, 0).removesuffix("#quote"), quote=True)
    kind = kind_name(info.kind, wording.language) if info.kind else ""
    reading = reading_of(info, passages)
    cells = [
        f'<td><a href="{link}" target="_blank" rel="noopener">{escape(info.title or info.id)}</a></td>',
        *(f"<td>{escape(each)}</td>" for each in (info.date or "", kind, _spoken(info.language, wording))),
        f"<td>{escape(info.collection)}</td>",
        f'<td data-key="{passages}">{wording.number(passages)}</td>',
        f'<td data-key="{READINGS.index(reading)}">{escape(wording[f"read_{reading}"])}</td>',
        f"<td>{escape(_notes(info, wording))}</td>",
        f"<td>{_edit(info, wording) if editable else ''}</td>",
    ]
    status = f"={reading}\n{_ATTENTION}" if needs_attention(info, passages) else f"={reading}"
    filters = {"kind": f"={info.kind}", "language": f"={info.language}", "collection": f"={info.collection}"}
    data = "".join(
        f' data-{name}="{escape(value, quote=True)}"' for name, value in (filters | {"status": status}).items()
    )
    return f'<tr title="{escape(info.id, quote=True)}"{data}>{"".join(cells)}</tr>'


def _edit(info: DocumentInfo, wording: Wording) -> str:
    named = escape(f"{wording['edit']} {info.title or info.id}", quote=True)
    return (
        f'<button type="button" class="edit" data-id="{escape(info.id, quote=True)}" aria-label="{named}">'
        f"{escape(wording['edit'])}</button>"
    )


def _spoken(language: str, wording: Wording) -> str:
    return {"en": wording["english"], "fr": wording["french"]}.get(language, language)


def _notes(info: DocumentInfo, wording: Wording) -> str:
    notes = [wording["unsure_note"]] if info.dated and not info.dated.sure else []
    if info.redactions:
        notes.append(wording.say("redacted_note", count=info.redactions))
    if info.unread_pages:
        notes.append(wording.say("unread_note", pages=", ".join(map(str, info.unread_pages))))
    return "; ".join([*notes, *reading_notes(info, wording)])

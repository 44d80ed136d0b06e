"""What the command line prints: answers, hits, documents and summaries as text or as JSON objects."""

import sys
from typing import Any

from documents.formats.ocr import INSTALL_OCR
from documents.kinds import kind_name
from documents.language import guess_language
from documents.types import DocumentInfo
from index.ingest import Summary
from qa.types import Answer, Citation, Hit
from qa.undated import undated_note


def readable_hit(hit: Hit) -> str:
    """Returns a passage on one line, with its title, date, kind and page."""
    return f"{place(hit.passage.info, hit.passage.page)}: {' '.join(hit.passage.text.split())}"


def readable_answer(answer: Answer) -> str:
    """Returns an answer as text for a terminal: the quotes, the confidence, the numbered sources."""
    lines = [answer.text, "", f"Confidence: {answer.confidence:.2f}"]
    if answer.undated:
        lines.append(undated_note(answer.undated, guess_language(answer.question.text)))
    for marker, each in enumerate(answer.citations, 1):
        info = each.passage.info
        lines.append(f"[{marker}] {place(info, each.page)}  {info.id}:{each.start}-{each.end}")
        if note := quality_note(each):
            lines.append(f"    {note}")
        if each.older:
            lines.append(f"    said also in: {'; '.join(older_place(other) for other in each.older)}")
    if answer.refused and answer.hits:
        lines.append("The closest passages, which may not answer:")
        lines += [f"  - {readable_hit(hit)[:240]}" for hit in answer.hits[:3]]
    return "\n".join(lines)


def place(info: DocumentInfo, page: int | None) -> str:
    """Returns where something stands: title, date, kind and collection as far as known, page."""
    kind = kind_name(info.kind) if info.kind else ""
    return ", ".join(filter(None, [info.title, info.date, kind, info.collection, f"p. {page}" if page else ""]))


def quality_note(citation: Citation) -> str:
    """Returns how the page was read where that is by OCR, poorly, or from a table with many empty cells; else ""."""
    table = citation.table
    gaps = f"{table.empty} of {table.cells} cells of its table are empty" if table else ""
    return "; ".join(filter(None, [_how_read(citation), gaps]))


def _how_read(citation: Citation) -> str:
    said = "" if citation.ocr is None else "read by OCR"
    if not citation.poorly_read:
        return said
    spoilt = citation.spoilt
    if citation.odd:
        count = "1 character is" if citation.odd == 1 else f"{citation.odd} characters are"
        why = f"{said or 'poorly read'}, {count} not legible"
    elif spoilt is None:
        why = f"{said}, poorly (confidence {citation.ocr:.0f} of 100)"
    elif spoilt.spoilt_characters:
        count = f"{spoilt.odd + spoilt.garbled} of {spoilt.characters:,} characters on its page"
        why = f"{said or 'poorly read'}, {count} are not legible"
    else:
        why = f"{said or 'poorly read'}, {spoilt.unlike} of {spoilt.words} words on its page are in no dictionary"
    return f"{why}: compare with the original"


def older_place(info: DocumentInfo) -> str:
    """Returns another document that says the same: its title, date and id."""
    return ", ".join(filter(None, [info.title, info.date, info.id]))


def info_object(info: DocumentInfo) -> dict[str, Any]:
    """Returns what is known of a document as the JSON contract has it."""
    dated = info.dated
    return {
        "id": info.id,
        "title": info.title,
        "date": info.date,
        "date_source": dated.source if dated else None,
        "date_reason": dated.reason if dated else None,
        "date_sure": dated.sure if dated else None,
        "language": info.language,
        "kind": info.kind,
        "collection": info.collection,
        "source": info.source,
        "url": info.url,
        "also": list(info.also),
        "redactions": info.redactions,
        "unread_pages": list(info.unread_pages),
        "ocr": [{"page": each.page, "confidence": each.confidence} for each in info.ocr],
        "poor_pages": list(info.poor_pages),
        "cells": info.cells[1],
        "empty_cells": info.cells[0],
    }


def summary_object(summary: Summary) -> dict[str, Any]:
    return {
        "added": summary.added,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "relabelled": summary.relabelled,
        "same": [{"name": name, "document_id": identity} for name, identity in summary.same],
        "removed": summary.removed,
        "skipped": [{"file": file, "reason": reason} for file, reason in summary.skipped],
        "failed": [{"file": file, "reason": reason} for file, reason in summary.failed],
        "unread_pages": [{"document_id": identity, "pages": list(pages)} for identity, pages in summary.unread_pages],
    }


def unread_line(document_id: str, pages: tuple[int, ...]) -> str:
    """Returns which pages of a document were left out, and what to do."""
    named = ", ".join(map(str, pages))
    which = f"page {named} has no text and was" if len(pages) == 1 else f"pages {named} have no text and were"
    return f"{document_id}: {which} not read; it looks scanned. {INSTALL_OCR} and ingest it again."


def summary_line(summary: Summary, documents: int, passages: int) -> str:
    counts = [
        f"{len(getattr(summary, name))} {'of the same content' if name == 'same' else name}"
        for name in ("added", "changed", "unchanged", "relabelled", "same", "removed", "skipped", "failed")
        if name in ("added", "unchanged") or getattr(summary, name)
    ]
    return f"{', '.join(counts)}; the index holds {documents} documents in {passages} passages"


class Progress:
    """A line on stderr with rate and remaining time, where stderr is a terminal; nothing elsewhere."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._bar: Any = None

    def __enter__(self) -> "Progress":
        return self

    def show(self, done: int, total: int, note: str) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            from tqdm import tqdm

            # What was done before, in a run that goes on, says nothing of the rate.
            self._bar = tqdm(total=total, initial=max(0, done - 1), unit=f" {self._unit}", file=sys.stderr, leave=False)
        self._bar.update(done - self._bar.n)
        self._bar.set_postfix_str(note)

    def write(self, line: str) -> None:
        """Writes a line of results to stdout at once; the line of progress stays below it."""
        if self._bar is not None:
            self._bar.clear()
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

"""What the command line prints: answers, hits, documents and summaries as text or as JSON objects."""

import sys
from typing import Any

from documents.formats.ocr import INSTALL_OCR
from documents.types import DocumentInfo
from index.ingest import Summary
from qa.types import Answer, Hit


def readable_hit(hit: Hit) -> str:
    """Returns a passage on one line, with its title, date and page."""
    info = hit.passage.info
    return f"{place(info.title, info.date, hit.passage.page)}: {' '.join(hit.passage.text.split())}"


def readable_answer(answer: Answer) -> str:
    lines = [answer.text, "", f"Confidence: {answer.confidence:.2f}"]
    for marker, each in enumerate(answer.citations, 1):
        info = each.passage.info
        lines.append(f"[{marker}] {place(info.title, info.date, each.page)}  {info.id}:{each.start}-{each.end}")
    if answer.refused and answer.hits:
        lines.append("The closest passages, which may not answer:")
        lines += [f"  - {readable_hit(hit)[:240]}" for hit in answer.hits[:3]]
    return "\n".join(lines)


def place(title: str, day: str | None, page: int | None) -> str:
    return ", ".join(filter(None, [title, day, f"p. {page}" if page else ""]))


def info_object(info: DocumentInfo) -> dict[str, Any]:
    dated = info.dated
    return {
        "id": info.id,
        "title": info.title,
        "date": info.date,
        "date_source": dated.source if dated else None,
        "date_reason": dated.reason if dated else None,
        "date_sure": dated.sure if dated else None,
        "language": info.language,
        "source": info.source,
        "url": info.url,
        "redactions": info.redactions,
        "unread_pages": list(info.unread_pages),
    }


def summary_object(summary: Summary) -> dict[str, Any]:
    return {
        "added": summary.added,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
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
        f"{len(getattr(summary, name))} {name}"
        for name in ("added", "changed", "unchanged", "removed", "skipped", "failed")
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

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

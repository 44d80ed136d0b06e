"""The values that reading and splitting produce: Document and Passage.

Offsets count characters of `Document.text`, half-open, everywhere in the project.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Dated:
    """The date a document speaks for, and why we believe it.

    `source` names where it stood ("front matter", "date line", "metadata"); `reason` is a sentence
    for the reader where the date had to be worked out, else empty. `sure` is False where the text
    leaves two readings open.
    """

    value: date
    source: str
    reason: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's span in `Document.text`; level 1 is the outermost."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is known of a document besides its text. `id` is unique within an index.

    `digest` is the SHA-256 of the source bytes, so (id, digest) tells whether it must be read again.
    `redactions` counts the marks "[redacted]" in its text. `unread_pages` are those, from 1, whose text is
    in images that could not be read.
    """

    id: str
    title: str
    digest: str
    dated: Dated | None = None
    language: str = ""  # "en", "fr" or "" when not known
    source: str = ""
    url: str = ""
    redactions: int = 0
    unread_pages: tuple[int, ...] = ()

    @property
    def date(self) -> str | None:
        """The date as YYYY-MM-DD, or None."""
        return self.dated.value.isoformat() if self.dated else None


@dataclass(frozen=True, slots=True)
class Document:
    info: DocumentInfo
    text: str
    headings: tuple[Heading, ...] = ()
    page_starts: tuple[int, ...] = ()  # offset at which each page begins; empty for formats without pages

    def page_at(self, offset: int) -> int | None:
        """Returns the number, from 1, of the page that holds the character, or None without pages."""
        return bisect_right(self.page_starts, offset) if self.page_starts else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document: `document.text[start:end] == text`, always.

    `sentences` are the spans, in `Document.text`, of the sentences it holds.
    """

    info: DocumentInfo
    start: int
    end: int
    text: str
    sentences: tuple[tuple[int, int], ...] = ()
    headings: tuple[str, ...] = ()  # the headings in force where the passage starts, outermost first
    page: int | None = None

    @property
    def context(self) -> str:
        """What a reader of the passage alone would miss: the title and the headings above it."""
        parts = [self.info.title, *self.headings]
        return " > ".join(part for position, part in enumerate(parts) if part and part not in parts[:position])

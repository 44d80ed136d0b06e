"""The values that reading and splitting produce: Document and Passage.

Offsets count characters of `Document.text`, half-open, everywhere in the project.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
_SURE_OCR = 80  # of 100, Tesseract's own figure; a choice, not measured
_SPOILT_CHARACTERS = 0.01  # of a page: more than these, and it is poor
_UNLIKE_WORDS = 0.4
_FEWEST_WORDS = 20  # a few terms and names say nothing of a page


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

    def in_words(self, language: str) -> str:
        """Returns the day as "4 June 2025", or "4 juin 2025" in French."""
        month = _MONTHS["fr" if language == "fr" else "en"][self.value.month - 1]
        return f"{self.value.day} {month} {self.value.year}"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's span in `Document.text`; level 1 is the outermost."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A page, from 1, whose text was read by OCR; `confidence` is the mean over its words, 0 to 100."""

    page: int
    confidence: float

    @property
    def poor(self) -> bool:
        return self.confidence < _SURE_OCR


@dataclass(frozen=True, slots=True)
class PageText:
    """How the text of a page, from 1, was read: how many of its `characters` are odd or garbled, and how many of its
    `words` are in no dictionary (documents/quality.py).
    """

    page: int
    characters: int
    odd: int
    garbled: int
    words: int
    unlike: int

    @property
    def poor(self) -> bool:
        """Did so much go wrong that a quote from the page may be wrong where it does not show?"""
        return self.spoilt_characters or (self.words >= _FEWEST_WORDS and self.unlike > _UNLIKE_WORDS * self.words)

    @property
    def spoilt_characters(self) -> bool:
        """Are more than one in a hundred characters odd or garbled?"""
        return self.odd + self.garbled > _SPOILT_CHARACTERS * self.characters


@dataclass(frozen=True, slots=True)
class Table:
    """A table's span in `Document.text`, and how many of its cells hold nothing; column names are no cells."""

    start: int
    end: int
    cells: int
    empty: int

    @property
    def sparse(self) -> bool:
        """Is half of it or more empty, so that what is quoted from it may lack figures?"""
        return 2 * self.empty >= self.cells

    def with_row(self, row: "Table") -> "Table":
        """Returns the table with a row that follows it."""
        return Table(self.start, row.end, self.cells + row.cells, self.empty + row.empty)


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is known of a document besides its text. `id` is unique within an index.

    `digest` is the SHA-256 of the source bytes, so (id, digest) tells whether it must be read again.
    `redactions` counts the marks "[redacted]" in its text. `unread_pages` are those, from 1, whose text is
    in images that could not be read. `kind` is a key of documents.kinds.KINDS, or "" when not known; `collection` is
    free text, "" for none.
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
    kind: str = ""
    collection: str = ""
    ocr: tuple[OcrPage, ...] = ()  # the pages read by OCR; a picture without pages is page 1
    spoilt: tuple[PageText, ...] = ()  # the pages on which something went wrong; a text without pages is page 1
    tables: tuple[Table, ...] = ()  # in order
    also: tuple[str, ...] = ()  # other ids under which the very same file was ingested

    @property
    def date(self) -> str | None:
        """The date as YYYY-MM-DD, or None."""
        return self.dated.value.isoformat() if self.dated else None

    @property
    def poor_pages(self) -> tuple[int, ...]:
        """The pages, from 1, on which a quote may be wrong: those of which OCR was not sure, and the spoilt ones."""
        unsure = {each.page for each in self.ocr if each.poor}
        return tuple(sorted(unsure | {each.page for each in self.spoilt if each.poor}))

    @property
    def cells(self) -> tuple[int, int]:
        """How many cells of its tables hold nothing, and how many there are."""
        return sum(each.empty for each in self.tables), sum(each.cells for each in self.tables)


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
class Extract:
    """A piece of a document outside the passage at hand: `document.text[start:end] == text`, always."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document: `document.text[start:end] == text`, always.

    `sentences` are the spans, in `Document.text`, of the sentences it holds. `lead_ins` follows it: what leads up to
    each that is an item of a list, outermost first ("a foreign national who"), and () for any other; it is empty
    where no sentence has any.
    """

    info: DocumentInfo
    start: int
    end: int
    text: str
    sentences: tuple[tuple[int, int], ...] = ()
    headings: tuple[str, ...] = ()  # the headings in force where the passage starts, outermost first
    page: int | None = None
    lead_ins: tuple[tuple[Extract, ...], ...] = ()

    @property
    def section(self) -> str:
        """The title with its date if that is sure, and the headings above the passage."""
        return self._joined()

    @property
    def context(self) -> str:
        """What a reader of the passage alone would miss: its section, and what leads up to its first sentence."""
        return self._joined(*(each.text for each in self.leads_of(0)))

    def _joined(self, *more: str) -> str:
        dated = self.info.dated
        day = dated.in_words(self.info.language) if dated and dated.sure else ""
        parts = [self.info.title, day, *self.headings, *more]
        return " > ".join(part for position, part in enumerate(parts) if part and part not in parts[:position])

    def leads_of(self, sentence: int) -> tuple[Extract, ...]:
        """Returns the lead-ins of the passage's sentence of that number, from 0."""
        return self.lead_ins[sentence] if self.lead_ins else ()

"""The values that flow from a question to an answer, and the protocols between the stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from documents.quality import garbled_characters, odd_characters
from documents.types import DocumentInfo, Extract, PageText, Passage, Table
from qa.several import asks_several

Span = tuple[int, int]
_QUOTED = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation; `role` is "user" or "agent"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """`history` is oldest first. `refuse` is careful, balanced, eager or never, or None for the pipeline's own setting.
    The others narrow the search, as index.types.Where says; None means no limit.
    """

    text: str
    history: tuple[Turn, ...] = ()
    as_of: date | None = None
    documents: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    collections: frozenset[str] | None = None
    refuse: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with the evidence it was found by.

    `score` is comparable within one ranking only. `similarity` is the cosine of question and passage;
    `sentence_similarities` follow `passage.sentences`. `older` are the passages that say the same in other versions of
    the document, newest first.
    """

    passage: Passage
    score: float
    similarity: float
    sentence_similarities: tuple[float, ...]
    older: tuple[Passage, ...] = ()

    @property
    def older_documents(self) -> tuple[DocumentInfo, ...]:
        return tuple(passage.info for passage in self.older)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a Reader makes of a hit: for each of its sentences how surely, and in which words, it answers.

    `logits` are natural logarithms of the odds against "the answer is not in this passage"; `words` are spans in the
    document. Both follow `hit.passage.sentences`.
    """

    hit: Hit
    logits: tuple[float, ...]
    words: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `document.text[start:end] == quote`. Marker [n] is `answer.citations[n-1]`.

    `lead_ins` lead up to a quote that is an item of a list. `words` is the span, in the document, of the words of the
    quote that answer, or None where none stand out. `older` are the other documents that say the same, newest first:
    versions of this one, and any that hold the very sentence.
    """

    passage: Passage
    start: int
    end: int
    quote: str
    lead_ins: tuple[Extract, ...] = ()
    words: Span | None = None
    older: tuple[DocumentInfo, ...] = ()

    @property
    def page(self) -> int | None:
        return self.passage.page

    @property
    def ocr(self) -> float | None:
        """How sure OCR was of the page, 0 to 100; None where the page was not read by OCR."""
        return next((each.confidence for each in self.passage.info.ocr if each.page == (self.page or 1)), None)

    @property
    def odd(self) -> int:
        """How many characters of the quote stand for none, or for wrong ones (documents/quality.py)."""
        return odd_characters(self.quote) + garbled_characters(self.quote)

    @property
    def spoilt(self) -> PageText | None:
        """What went wrong on the page, where that is much; else None."""
        page = self.page or 1
        return next((each for each in self.passage.info.spoilt if each.page == page and each.poor), None)

    @property
    def table(self) -> Table | None:
        """The table that the quote stands in, where half of its cells or more are empty; else None."""
        held = (each for each in self.passage.info.tables if each.start <= self.start < each.end and each.sparse)
        return next(held, None)

    @property
    def poorly_read(self) -> bool:
        """Was the page read poorly, or does the quote hold odd characters?"""
        return self.odd > 0 or (self.page or 1) in self.passage.info.poor_pages


@dataclass(frozen=True, slots=True)
class DatedFigure:
    """One of several figures that dated sources give for the thing asked.

    `value` stands word for word in the first citation's quote; the others say the same. `said_of` is "As of July 2020"
    or the like in the question's language, `day` the last day of that time. `span` is the period that the figure speaks
    of, where one is stated: two values for one span are a disagreement, for two spans a development.
    """

    value: str
    said_of: str
    day: date
    span: tuple[date, date] | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes with their markers, or a refusal: an answer without citations, whose text says why.

    `confidence` is the estimated probability, 0 to 1, that the answer stands in the documents.
    `hits` are the passages the answer was chosen from, best first; a refusal shows the closest of them as such.
    `disagreement` holds what dated sources give where they differ, newest first; all its quotes are citations.
    `undated` counts the documents without a date that the question's `as_of` left out.
    """

    question: Question
    standalone: str
    text: str
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    disagreement: tuple[DatedFigure, ...] = ()
    undated: int = 0

    @property
    def refused(self) -> bool:
        return not self.citations

    @property
    def quoted(self) -> tuple[Citation, ...]:
        """The citations whose quotes are shown; where sources differ, the further ones stand beside their figures."""
        return self.citations[:_QUOTED] if self.disagreement else self.citations

    @property
    def further(self) -> tuple[Citation, ...]:
        """The quoted citations beyond the answer: all but the first where one sentence is asked for, not a list."""
        earlier = [turn.text for turn in self.question.history if turn.role == "user"]
        return () if asks_several(self.question.text, *earlier[-1:]) else self.quoted[1:]

    def markers(self, reading: DatedFigure) -> list[int]:
        """Returns the markers, from 1, of the citations that say what the reading says."""
        places = [(each.passage.info.id, each.start) for each in self.citations]
        return [places.index((each.passage.info.id, each.start)) + 1 for each in reading.citations]


class Retriever(Protocol):
    def retrieve(self, question: Question, k: int) -> list[Hit]:
        """Returns distinct passages, best first; may be shorter than k."""
        ...


class Reader(Protocol):
    @property
    def name(self) -> str:
        """Names the weights that its readings are weighed by (qa/weights.json)."""
        ...

    def read(self, question: str, hits: Sequence[Hit], *, brief: bool = False) -> list[Reading]:
        """Returns the readings of the hits, in their order; `brief` allows a quicker, poorer reading."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with the score it was chosen by and the features the score sums up.

    `words` is the span, in the document, of those of its words that answer.
    """

    hit: Hit
    span: Span
    score: float
    similarity: float
    features: Mapping[str, float]
    words: Span
    lead_ins: tuple[Extract, ...] = ()

    @property
    def text(self) -> str:
        start, end = self.span
        return self.hit.passage.text[start - self.hit.passage.start : end - self.hit.passage.start]


class Answerer(Protocol):
    def candidates(self, question: Question, readings: Sequence[Reading]) -> list[Candidate]:
        """Returns the sentences that may answer, best first."""
        ...

    def citations(self, candidates: Sequence[Candidate]) -> list[Citation]:
        """Returns the quotes to answer with, chosen from the candidates."""
        ...

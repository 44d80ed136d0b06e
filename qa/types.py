"""The values that flow from a question to an answer, and the protocols between the stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from documents.types import Extract, Passage

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation; `role` is "user" or "agent"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """`history` is oldest first. `as_of` and `documents` narrow the search; None means no limit."""

    text: str
    history: tuple[Turn, ...] = ()
    as_of: date | None = None
    documents: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with the evidence it was found by.

    `score` is comparable within one ranking only. `similarity` is the cosine of question and passage;
    `sentence_similarities` follow `passage.sentences`.
    """

    passage: Passage
    score: float
    similarity: float
    sentence_similarities: tuple[float, ...]


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
    quote that answer; where none stand out, it is the whole quote.
    """

    passage: Passage
    start: int
    end: int
    quote: str
    lead_ins: tuple[Extract, ...] = ()
    words: Span = (0, 0)

    @property
    def page(self) -> int | None:
        return self.passage.page


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes with their markers, or a refusal: an answer without citations, whose text says why.

    `confidence` is the estimated probability, 0 to 1, that the answer stands in the documents.
    `hits` are the passages the answer was chosen from, best first; a refusal shows the closest of them as such.
    """

    question: Question
    standalone: str
    text: str
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]

    @property
    def refused(self) -> bool:
        return not self.citations


class Retriever(Protocol):
    def retrieve(self, question: Question, k: int) -> list[Hit]:
        """Returns distinct passages, best first; may be shorter than k."""
        ...


class Reader(Protocol):
    @property
    def name(self) -> str:
        """Names the weights that its readings are weighed by (qa/weights.json)."""
        ...

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Returns the readings of the hits, in their order."""
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

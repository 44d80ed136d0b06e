"""The values and protocols of the index: how passages become searchable."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from documents.types import Document, DocumentInfo, Passage
from index.vocabulary import Vocabulary

Vectors = NDArray[np.float32]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """What is embedded: a text, and the spans in it whose own vectors are wanted."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def digest(self) -> bytes:
        """Another one for another text or other spans."""
        said = self.text.encode("utf-8", "surrogatepass") + b"\0" + repr(self.spans).encode()
        return hashlib.sha256(said).digest()[:16]


@dataclass(frozen=True, slots=True)
class Embedding:
    """`whole` is (dimension,), `spans` is (number of spans, dimension); rows are float32 of length 1."""

    whole: Vectors
    spans: Vectors


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    passage: Passage
    embedding: Embedding  # `spans` follows `passage.sentences`
    digest: bytes = b""  # of the text that was embedded, with its spans; b"" where that is not known


@dataclass(frozen=True, slots=True)
class Placed:
    """What ranks a passage: where it stands, and its vectors; to read it takes longer."""

    document: str  # its id
    start: int
    embedding: Embedding


@dataclass(frozen=True, slots=True)
class Match:
    """A passage by its number in the store, with a score that is comparable within one ranking only."""

    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Where:
    """Narrows a search to documents that meet every condition. None means no limit; an empty set matches nothing.

    `as_of` keeps documents dated on or before that day; documents without a date stay out. `kinds` are keys of
    documents.kinds.KINDS, `languages` "en" and "fr", `collections` names as they are written; "" stands for documents
    without one.
    """

    documents: frozenset[str] | None = None
    as_of: date | None = None
    kinds: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    collections: frozenset[str] | None = None


EVERYWHERE = Where()


@dataclass(frozen=True, slots=True)
class Facets:
    """How many documents there are of each kind, language and collection, in order; "" for those without one."""

    kinds: Mapping[str, int]
    languages: Mapping[str, int]
    collections: Mapping[str, int]


class Embedder(Protocol):
    """Questions and passages differ: some models prefix them."""

    @property
    def name(self) -> str: ...
    @property
    def revision(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def max_tokens(self) -> int:
        """The longest text, in tokens without special ones, that is embedded whole."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> Sequence[int]: ...
    def embed_passages(self, texts: Sequence[Text]) -> list[Embedding]: ...
    def embed_question(self, text: str) -> Vectors: ...  # (dimension,)
    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """A row a question, in order. Its last bits may depend on the others: they are computed together."""
        ...


class PassageStore(Protocol):
    """Holds documents with their embedded passages. Matches come best first, ties by number."""

    def nearest(self, vector: Vectors, k: int, where: Where = EVERYWHERE) -> list[Match]: ...
    def matching(self, terms: Sequence[str], k: int, where: Where = EVERYWHERE) -> list[Match]:
        """A term with spaces is a phrase: terms one after the other."""
        ...

    def passages(self, numbers: Sequence[int]) -> Mapping[int, EmbeddedPassage]: ...
    def plain_passages(self, numbers: Sequence[int]) -> Mapping[int, Passage]:
        """The passages without their vectors, in the order asked for; numbers no longer there are left out."""
        ...

    def vectors_of(self, numbers: Sequence[int]) -> Mapping[int, Placed]:
        """What ranks the passages, in the order asked for; numbers no longer there are left out."""
        ...

    def term_counts(self, terms: Iterable[str]) -> Mapping[str, int]:
        """The number of passages each term occurs in."""
        ...

    def vocabulary(self) -> Vocabulary: ...
    def terms_of(self, numbers: Sequence[int]) -> Mapping[int, str]:
        """The terms of the passages, in order, with spaces between."""
        ...

    def passage_at(self, document_id: str, start: int, end: int) -> Passage | None: ...
    def passage_count(self) -> int: ...
    def undated_count(self, where: Where = EVERYWHERE) -> int:
        """How many documents without a date meet the conditions besides `as_of`, which leaves them all out."""
        ...

    def generation(self) -> str:
        """Changes with every change of a document."""
        ...

    def document(self, document_id: str) -> Document: ...
    def documents(self, where: Where = EVERYWHERE) -> list[DocumentInfo]: ...
    def facets(self) -> Facets: ...
    def version_groups(self, numbers: Sequence[int]) -> Mapping[int, int]:
        """The group of nearly equal documents of each passage; those of documents without such are left out."""
        ...

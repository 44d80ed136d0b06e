"""The one fake of the suite, and builders of documents and stores."""

import zlib
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

import numpy as np

from documents.errors import ModelError
from documents.split import SplitSettings, split
from documents.types import Dated, Document, DocumentInfo, Heading
from index.ingest import check_model, embedded_text
from index.types import EmbeddedPassage, Embedder, Embedding, Text, Vectors
from index.writable import WritableStore


class WordHashEmbedder:
    """Every word has an axis, CRC-32 of the word modulo 64; a text's vector is the unit sum of its words' axes.

    A token is a word between white space. `embedded` keeps the passages it was asked to embed, in order.
    """

    name = "word-hash"
    revision = "1234567890abcdef"
    dimension = 64

    def __init__(self, max_tokens: int = 256, revision: str = revision) -> None:
        self.max_tokens = max_tokens
        self.revision = revision
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[Text]) -> list[Embedding]:
        if any(count > self.max_tokens for count in self.count_tokens([each.text for each in texts])):
            raise ModelError("A text is too long.")
        self.embedded += [each.text for each in texts]
        return [self._embedding(each) for each in texts]

    def embed_question(self, text: str) -> Vectors:
        return _sum_of_axes(text, self.dimension)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_question(text) for text in texts])

    def _embedding(self, each: Text) -> Embedding:
        parts = [_sum_of_axes(each.text[start:end], self.dimension) for start, end in each.spans]
        spans = np.stack(parts) if parts else np.zeros((0, self.dimension), dtype=np.float32)
        return Embedding(_sum_of_axes(each.text, self.dimension), spans)


def axis_of(word: str, dimension: int = 64) -> int:
    return zlib.crc32(word.lower().encode("utf-8", "surrogatepass")) % dimension


def _sum_of_axes(text: str, dimension: int) -> Vectors:
    vector = np.zeros(dimension, dtype=np.float32)
    for word in text.split() or [""]:
        vector[axis_of(word, dimension)] += 1
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def a_document(
    text: str,
    identity: str = "a.txt",
    *,
    title: str = "",
    day: str | None = None,
    language: str = "en",
    headings: Sequence[str] = (),
    page_starts: Sequence[int] = (),
    kind: str = "",
    collection: str = "",
) -> Document:
    """Returns a document; `headings` are strings of its text, all of level 1 but those that begin with "#"."""
    spans = []
    for heading in headings:
        words = heading.lstrip("#")
        start = text.index(words)
        spans.append(Heading(start, start + len(words), 1 + len(heading) - len(words)))
    dated = Dated(date.fromisoformat(day), "document") if day else None
    digest = f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):064x}"
    info = DocumentInfo(identity, title, digest, dated, language, kind=kind, collection=collection)
    return Document(info, text, tuple(spans), tuple(page_starts))


def embedded(document: Document, embedder: Embedder, settings: SplitSettings | None = None) -> list[EmbeddedPassage]:
    """Returns the document's passages with their vectors, as an ingest would make them."""
    passages = split(document, embedder.count_tokens, settings or SplitSettings())
    vectors = embedder.embed_passages([embedded_text(passage, embedder) for passage in passages])
    return [EmbeddedPassage(passage, vector) for passage, vector in zip(passages, vectors, strict=True)]


Store = TypeVar("Store", bound=WritableStore)


def fill(store: Store, embedder: Embedder, *documents: Document, settings: SplitSettings | None = None) -> Store:
    """Puts the documents into the store, in order, under the embedder's name; returns the store."""
    check_model(store, embedder)
    for document in documents:
        store.put(document, embedded(document, embedder, settings), origin="a test")
    return store

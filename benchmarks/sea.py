"""An index as large as wanted, made of other people's text: the sea that questions are asked in.

The words are real: sentences of the evaluation sets and of the descriptions that installed packages carry, cut apart
and put together anew with a seed. A few hundred of the passages so made are embedded; the vectors of all others are
drawn around these: a weighted mean of two of them and noise, for passages and sentences alike.
"""

import json
import re
import time
from collections.abc import Iterator
from functools import cached_property
from importlib.metadata import distributions
from pathlib import Path

import numpy as np

from benchmarks.evalsets import set_names
from documents.types import Document, DocumentInfo, Passage
from index.ingest import check_model, embedded_text
from index.store import SQLiteStore
from index.types import EmbeddedPassage, Embedder, Embedding, Vectors

SEED = 7
IN_A_DOCUMENT = 20  # passages
_EMBEDDED = 400  # passages whose vectors are real
_RUN = 3  # sentences taken together, so that some order of the source is left
_RUNS = (1, 3)  # of them in a passage, at least and at most
_NOISE = 0.35  # length of what is added to a vector of length 1
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_LENGTHS = range(30, 400)  # characters of a sentence that is used
_YEARS = 25


class Seconds:
    """Adds up what is done within it: `processor` and `wall`."""

    def __init__(self) -> None:
        self.processor = self.wall = 0.0

    def __enter__(self) -> None:
        self._began = time.process_time(), time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.processor += time.process_time() - self._began[0]
        self.wall += time.perf_counter() - self._began[1]


class Sea:
    """Makes passages without end, the same ones for the same sources and seed."""

    def __init__(self, sets: Path, embedder: Embedder, seed: int = SEED) -> None:
        self._random = np.random.default_rng(seed)
        self._sentences = list(_sentences(sets))
        self._embedder = embedder
        self._made = 0
        self.embedded = 0

    def pour(self, store: SQLiteStore, passages: int, *, save: bool = True) -> Seconds:
        """Adds documents until the store has so many passages; returns how long storing them took.

        Neither making the text and drawing the vectors nor `save_vectors`, with which `save` ends, is counted.
        """
        check_model(store, self._embedder)
        there, taken = store.passage_count(), Seconds()
        while there < passages:
            _ = self._real  # before anything else is drawn
            count = min(IN_A_DOCUMENT, passages - there)
            document, parts = self._document(count)
            embedded = [EmbeddedPassage(part, self._embedding(part)) for part in parts]
            with taken:
                store.put(document, embedded, origin="the sea")
            there += count
        if save:
            store.save_vectors()
        return taken

    def _document(self, count: int) -> tuple[Document, list[Passage]]:
        self._made += 1
        info = DocumentInfo(f"sea/{self._made}", f"Document {self._made}", f"{self._made:064x}", language="en")
        text, spans = "", list[tuple[tuple[int, int], ...]]()
        for _ in range(count):
            sentences = list[tuple[int, int]]()
            for sentence in self._drawn():
                sentences.append((len(text), len(text) + len(sentence)))
                text += sentence + " "
            spans.append(tuple(sentences))
        parts = [Passage(info, held[0][0], held[-1][1], text[held[0][0] : held[-1][1]], held, ()) for held in spans]
        return Document(info, text), parts

    def _drawn(self) -> Iterator[str]:
        for _ in range(self._random.integers(_RUNS[0], _RUNS[1] + 1)):
            start = int(self._random.integers(len(self._sentences) - _RUN))
            yield from self._sentences[start : start + _RUN]

    def _embedding(self, passage: Passage) -> Embedding:
        rows = self._random.integers(len(self._real), size=2)
        share = self._random.uniform(0.5, 1.0)
        centre = share * self._real[rows[0]] + (1 - share) * self._real[rows[1]]
        noise = self._random.standard_normal((1 + len(passage.sentences), len(centre)), dtype=np.float32)
        vectors = _unit(_unit(centre[None]) + _NOISE * _unit(noise))
        return Embedding(vectors[0], vectors[1:])

    @cached_property
    def _real(self) -> Vectors:
        """The vectors that all others are drawn around."""
        embedder = self._embedder
        passages = [part for _ in range(_EMBEDDED // IN_A_DOCUMENT) for part in self._document(IN_A_DOCUMENT)[1]]
        room = embedder.max_tokens
        texts = [embedded_text(part, embedder) for part in passages if embedder.count_tokens([part.text])[0] < room]
        self.embedded = len(texts)
        return np.stack([each.whole for each in embedder.embed_passages(texts)])


def _sentences(sets: Path) -> Iterator[str]:
    for text in _texts(sets):
        for sentence in _SENTENCE.split(text):
            words = " ".join(sentence.split())
            if len(words) in _LENGTHS:
                yield words


def _texts(sets: Path) -> Iterator[str]:
    for name in set_names(sets):
        for line in (sets / name / "corpus" / "docs.jsonl").read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]
    packages = {each.metadata["Name"].lower(): each for each in distributions()}
    for name in sorted(packages):
        description = packages[name].metadata.get_payload()
        yield description if isinstance(description, str) else ""


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)

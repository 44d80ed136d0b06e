"""The questions that weights are fitted on: drawn from a folder of sets, put in one index, sentences marked right.

Every context becomes a document of one index, so that wrong sentences come from other documents too, as they do in
use. The cross-encoder learns from one part of the contexts; what is fitted on top of it, from the rest.
"""

import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from documents.formats import plain
from documents.language import guess_language
from documents.split import SplitSettings, split
from documents.types import Dated, Document, DocumentInfo, Passage
from index.ingest import check_model, embedded_text
from index.store import SQLiteStore
from index.types import EmbeddedPassage, Embedder
from qa.types import Question, Span, Turn

# Sets whose licence lets weights fitted on them be shipped, and how many questions of each are drawn at most. Of
# qed_nq the questions, paragraphs and short answers of Natural Questions are used, not the annotation.
SETS = {"nq_gold": 2400, "qed_nq": 5000, "squad_sent": 4500, "selqa": 2300, "covidqa": 1200}
_ANSWERS_ONLY = {"qed_nq"}
_HELD_OUT_OF = 8  # one context of so many is kept from the cross-encoder


@dataclass(frozen=True, slots=True)
class Record:
    """A question and the context that answers it; `right` are the gold spans in it, `answers` their short answers.

    One without either is not answered by its context. `date` is that of the context, YYYY-MM-DD, or ""; `history` the
    questions asked before, oldest first.
    """

    question: str
    title: str
    context: str
    right: tuple[Span, ...]
    answers: tuple[Span, ...]
    set: str
    date: str = ""
    history: tuple[str, ...] = ()

    @property
    def asked(self) -> Question:
        return Question(self.question, tuple(Turn("user", text) for text in self.history))

    @property
    def document_id(self) -> str:
        return hashlib.sha256(self.context.encode()).hexdigest()[:16]

    @property
    def held_out(self) -> bool:
        return int(self.document_id, 16) % _HELD_OUT_OF == 0


def read_sets(folder: Path, *, seed: int, sets: dict[str, int] | None = None) -> list[Record]:
    """Returns the drawn records of every set that have a gold span."""
    found = []
    for name, count in (SETS if sets is None else sets).items():
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = [row for row in map(json.loads, file) if row["answerable"] and not row.get("weak")]
        records = [record for row in rows if (record := _record(row, name)).right]
        random.Random(seed).shuffle(records)
        found += records[:count]
    return found


def build_store(folder: Path, records: Sequence[Record], embedder: Embedder, say: Callable[[str], None]) -> SQLiteStore:
    """Returns an index whose documents are the records' contexts; contexts that `folder` already holds are kept."""
    store = SQLiteStore(folder, writable=True)
    check_model(store, embedder)
    contexts = {record.document_id: record for record in records}
    held = {info.id for info in store.documents()}
    missing = [record for identity, record in contexts.items() if identity not in held]
    for done, record in enumerate(missing, 1):
        document = document_of(record)
        passages = split(document, embedder.count_tokens, SplitSettings())
        embeddings = embedder.embed_passages([embedded_text(passage, embedder) for passage in passages])
        pairs = zip(passages, embeddings, strict=True)
        store.put(document, [EmbeddedPassage(passage, embedding) for passage, embedding in pairs], origin="")
        if done % 500 == 0:
            say(f"{done:,} of {len(missing):,} contexts embedded")
    return store


def document_of(record: Record) -> Document:
    """Returns the context as plain text is read: with its headings."""
    identity = record.document_id
    dated = Dated(date.fromisoformat(record.date), "front matter") if record.date else None
    info = DocumentInfo(identity, record.title, identity, dated, guess_language(record.context))
    return Document(info, record.context, plain.headings(record.context))


def is_right(passage: Passage, sentence: Span, record: Record) -> bool:
    """Right is a sentence that shares at least half of itself, or of the gold span, with the gold span.

    The same words in another document are right too: contexts of one set can share sentences.
    """
    low, high = sentence
    if passage.info.id == record.document_id:
        return any(
            min(high, end) - max(low, start) >= 0.5 * min(high - low, end - start) for start, end in record.right
        )
    words = _words(passage.text[low - passage.start : high - passage.start])
    return any(words in _words(record.context[start:end]) for start, end in record.right) and len(words) > 20


def _words(text: str) -> str:
    return " ".join(text.lower().split())


def _record(row: dict[str, Any], name: str) -> Record:
    answers = tuple(_answer_spans(row))
    evidence = () if name in _ANSWERS_ONLY else tuple((span["start"], span["end"]) for span in row["evidence"])
    return Record(row["question"], row.get("title") or "", row["context"], evidence or answers, answers, name)


def _answer_spans(row: dict[str, Any]) -> Iterator[Span]:
    for answer in row["answers"]:
        if answer.get("start") is not None:
            text = answer["text"].strip()
            start = answer["start"] + answer["text"].index(text)
            yield start, start + len(text)

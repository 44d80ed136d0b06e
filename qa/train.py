"""Fits the weights of sentence choice and of confidence: python -m qa.train FOLDER

FOLDER holds question sets in the training format (`*.jsonl.gz`: question, title, context, answers, evidence). Every
context becomes a document of one index, so that wrong sentences come from other documents too, as they do in use.
Sentence choice is a conditional logit over the sentences that retrieval offers for a question. Confidence is a
logistic regression of questions with their document against the same questions with it taken away. Seeded: the same
folder and seed give the same weights.
"""

import argparse
import gzip
import hashlib
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from documents.language import guess_language
from documents.split import SplitSettings, split
from documents.types import Document, DocumentInfo
from index.embed import SentenceTransformerEmbedder
from index.ingest import check_model, embedded_text
from index.store import SQLiteStore
from index.types import EmbeddedPassage
from qa.extract import ExtractSettings
from qa.features import NAMES, Sentence, asked, matrix, sentences
from qa.retrieve import HybridRetriever
from qa.types import Question, Span

# Sets whose licence lets weights fitted on them be shipped, and how many questions of each are drawn.
SETS = {"nq_gold": 900, "squad_sent": 900, "selqa": 900, "covidqa": 500}
SELECTION = tuple(name for name in NAMES if name != "names")
CONFIDENCE = ("similarity", "context_coverage", "names")
_RIDGE = 1e-3  # on the weights of selection
_SPARE = 6  # more hits than are used, so that as many are left when one document's are taken away


@dataclass(frozen=True, slots=True)
class Example:
    """A question's sentences: features (n, len(NAMES)), cosines (n,), and which hold the evidence (n,)."""

    features: NDArray[np.float64]
    similarity: NDArray[np.float64]
    right: NDArray[np.bool_]
    answerable: bool


def read_sets(folder: Path, *, seed: int) -> list[dict[str, Any]]:
    """Returns the drawn records of every set, with their gold spans under "spans"."""
    records = []
    for name, count in SETS.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = [row for row in map(json.loads, file) if row["answerable"] and not row.get("weak")]
        for row in rows:
            row["spans"] = _gold_spans(row)
        rows = [row for row in rows if row["spans"]]
        random.Random(seed).shuffle(rows)
        records += rows[:count]
    return records


def examples(
    records: Sequence[dict[str, Any]], store: SQLiteStore, embedder: SentenceTransformerEmbedder
) -> Iterator[Example]:
    """Yields two examples a record: with its document, and with its document's passages taken away."""
    retriever = HybridRetriever(store, embedder)
    passages = ExtractSettings().passages
    for record in records:
        hits = retriever.retrieve(Question(record["question"]), passages + _SPARE)
        own = _document_id(record["context"])
        others = [hit for hit in hits if hit.passage.info.id != own]
        for kept, answerable in ((hits[:passages], True), (others[:passages], False)):
            rows = sentences(kept)
            if rows:
                right = np.array([_is_right(row, own, record["spans"]) for row in rows])
                similarity = np.array([row.similarity for row in rows])
                yield Example(matrix(asked(record["question"], store), rows), similarity, right, answerable)


def fit_selection(found: Sequence[Example]) -> dict[str, float]:
    """Returns the weights that make the right sentences of each question likeliest. Source: McFadden 1974."""
    from scipy.optimize import minimize

    columns = [NAMES.index(name) for name in SELECTION]
    usable = [(each.features[:, columns], each.right) for each in found if each.answerable and each.right.any()]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.0, np.zeros_like(weights)
        for features, right in usable:
            scores = features @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            of_right = chances * right
            total -= np.log(of_right.sum())
            gradient += features.T @ (chances - of_right / of_right.sum())
        return float(total / len(usable) + _RIDGE * weights @ weights), gradient / len(usable) + 2 * _RIDGE * weights

    fitted = minimize(loss, np.zeros(len(SELECTION)), jac=True, method="L-BFGS-B").x
    return {name: round(float(value), 4) for name, value in zip(SELECTION, fitted, strict=True)}


def fit_confidence(found: Sequence[Example]) -> dict[str, float]:
    """Returns the weights that tell questions with their document from those without it, and "bias"."""
    from sklearn.linear_model import LogisticRegression

    best = [
        [float(each.similarity.max()), *(float(each.features[:, NAMES.index(name)].max()) for name in CONFIDENCE[1:])]
        for each in found
    ]
    model = LogisticRegression(C=100.0, max_iter=1000).fit(best, [each.answerable for each in found])
    fitted = {name: round(float(value), 4) for name, value in zip(CONFIDENCE, model.coef_[0], strict=True)}
    return fitted | {"bias": round(float(model.intercept_[0]), 4)}


def build_store(folder: Path, records: Sequence[dict[str, Any]], embedder: SentenceTransformerEmbedder) -> SQLiteStore:
    """Returns an index whose documents are the records' contexts."""
    store = SQLiteStore(folder, writable=True)
    check_model(store, embedder)
    contexts = {_document_id(record["context"]): record for record in records}
    for done, (identity, record) in enumerate(contexts.items(), 1):
        text = record["context"]
        info = DocumentInfo(identity, record.get("title") or "", identity, language=guess_language(text))
        document = Document(info, text)
        passages = split(document, embedder.count_tokens, SplitSettings())
        embeddings = embedder.embed_passages([embedded_text(passage, embedder) for passage in passages])
        pairs = zip(passages, embeddings, strict=True)
        store.put(document, [EmbeddedPassage(passage, embedding) for passage, embedding in pairs], origin="")
        if done % 250 == 0:
            _say(f"{done} of {len(contexts)} contexts embedded")
    return store


def main() -> int:
    """Fits the weights and writes them; returns the exit status."""
    parser = argparse.ArgumentParser(description="Fit the weights of sentence choice and confidence.")
    parser.add_argument("folder", type=Path, help="the folder with the training sets")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "weights.json")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    records = read_sets(arguments.folder, seed=arguments.seed)
    embedder = SentenceTransformerEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        store = build_store(Path(folder), records, embedder)
        found = list(examples(records, store, embedder))
    usable = sum(each.answerable and bool(each.right.any()) for each in found)
    fitted = {
        "selection": fit_selection(found),
        "confidence": fit_confidence(found),
        "made": {"sets": SETS, "seed": arguments.seed, "questions": len(records), "with_evidence_retrieved": usable},
    }
    arguments.output.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
    _say(json.dumps(fitted, indent=1))
    return 0


def _gold_spans(row: dict[str, Any]) -> list[Span]:
    spans = [(span["start"], span["end"]) for span in row.get("evidence") or ()]
    placed = [answer for answer in row["answers"] if answer.get("start") is not None]
    return spans or [(answer["start"], answer["start"] + len(answer["text"])) for answer in placed]


def _is_right(row: Sentence, document_id: str, spans: Sequence[Span]) -> bool:
    """Right is a sentence that shares at least half of itself, or of the gold span, with the gold span."""
    if row.hit.passage.info.id != document_id:
        return False
    low, high = row.span
    return any(min(high, end) - max(low, start) >= 0.5 * min(high - low, end - start) for start, end in spans)


def _document_id(context: str) -> str:
    return hashlib.sha256(context.encode()).hexdigest()[:16]


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

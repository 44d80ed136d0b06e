"""Fits the weights of sentence choice and of confidence: python -m qa.train FOLDER

FOLDER holds question sets in the training format (qa/train_data.py). Only questions that the cross-encoders were not
trained on are used. Sentence choice is a conditional logit over the sentences that retrieval offers for a question.
Confidence is a logistic regression of questions with their document against the same questions with it taken away,
and against questions altered so that it no longer answers. Both are fitted for each Reader; with the cross-encoders
also on the project's own questions (qa/written_data.py). Training questions are close to what these learnt from; so
that they do not outweigh all else on other texts, their selection weights are the mean of both fits. Their confidence
is the mean of the fit and of their logit alone. Seeded: the same input gives the same weights.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embed import DEFAULT_MODEL
from index.models import embedder_named
from index.store import SQLiteStore
from qa.alter import altered, names_in
from qa.features import NAMES, asked, matrix, sentences
from qa.readers import Unread, cross_encoders, read_asked
from qa.refuse import EVIDENCE
from qa.rerank import RerankSettings
from qa.retrieve import HybridRetriever
from qa.train_data import SETS, Record, build_store, is_right, read_sets
from qa.types import Question, Reader, Reading
from qa.weights import FILES
from qa.written_data import LAW, read_written

SELECTION = {
    "none": tuple(name for name in NAMES if name not in ("names", "another_time", "reads", "reads_passage")),
    "cross-encoder": tuple(name for name in NAMES if name not in ("names", "another_time")),
}
CONFIDENCE = {"none": EVIDENCE[:-1], "cross-encoder": EVIDENCE}
_RIDGE = 1e-3  # on the weights of selection
# The reader's logit by itself as a judge of whether the documents answer: the cosine, fitted on questions whose
# document was taken away, believes near misses. Source: docs/answer-quality.md, "Two cross-encoders".
_READER_ALONE = {"reads": 0.7}
_SPARE = 6  # more hits than are used, so that as many are left when one document's are taken away


@dataclass(frozen=True, slots=True)
class Example:
    """A question's sentences: features (n, len(NAMES)), cosines (n,), and which hold the evidence (n,)."""

    features: NDArray[np.float64]
    similarity: NDArray[np.float64]
    right: NDArray[np.bool_]
    answerable: bool


def examples(
    records: Sequence[Record], store: SQLiteStore, retriever: HybridRetriever, reader: Reader, *, seed: int
) -> Iterator[Example]:
    """Yields up to three examples a record: with its document, without it, and the question altered.

    Of a question on law or one without an answer only the first: another law may answer it, and nothing is to be lost.
    """
    draw = random.Random(seed)
    names = [name for record in records for name in names_in(record.context)]
    passages = RerankSettings().passages
    for done, record in enumerate(records, 1):
        if done % 250 == 0:
            _say(f"{reader.name}: {done:,} of {len(records):,} questions")
        hits = retriever.retrieve(record.asked, passages + _SPARE)
        readings = read_asked(reader, record.asked, hits)
        asks = [(record.question, readings[:passages], bool(record.right))]
        if record.right and record.set != LAW:
            others = [each for each in readings if each.hit.passage.info.id != record.document_id]
            asks.append((record.question, others[:passages], False))
            other = altered(record.question, names_in(record.context), draw.sample(names, min(len(names), 20)), draw)
            if other:
                asks.append((other, reader.read(other, retriever.retrieve(Question(other), passages)), False))
        for question, kept, answerable in asks:
            example = _example(question, kept, record, store, answerable)
            if example:
                yield example


def _example(
    question: str, readings: Sequence[Reading], record: Record, store: SQLiteStore, answerable: bool
) -> Example | None:
    rows = sentences(readings)
    if not rows:
        return None
    right = np.array([is_right(row.hit.passage, row.span, record) for row in rows])
    similarity = np.array([row.similarity for row in rows])
    return Example(matrix(asked(question, store), rows), similarity, right, answerable)


def fit_selection(found: Sequence[Example], names: Sequence[str]) -> dict[str, float]:
    """Returns the weights that make the right sentences of each question likeliest. Source: McFadden 1974."""
    from scipy.optimize import minimize

    columns = [NAMES.index(name) for name in names]
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

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return {name: round(float(value), 4) for name, value in zip(names, fitted, strict=True)}


def fit_confidence(found: Sequence[Example], names: Sequence[str]) -> dict[str, float]:
    """Returns the weights that tell questions with their document from those that nothing answers, and "bias"."""
    from sklearn.linear_model import LogisticRegression

    best = [
        [float(each.similarity.max()), *(float(each.features[:, NAMES.index(name)].max()) for name in names[1:])]
        for each in found
    ]
    model = LogisticRegression(C=100.0, max_iter=1000).fit(best, [each.answerable for each in found])
    fitted = {name: round(float(value), 4) for name, value in zip(names, model.coef_[0], strict=True)}
    return fitted | {"bias": round(float(model.intercept_[0]), 4)}


def main() -> int:
    """Fits the weights and writes them; returns the exit status."""
    parser = argparse.ArgumentParser(description="Fit the weights of sentence choice and confidence.")
    parser.add_argument("folder", type=Path, help="the folder with the training sets")
    parser.add_argument(
        "--model", default=None, help="the embedder to fit for, such as bilingual (default: the default model)"
    )
    parser.add_argument("--output", type=Path, help="default: the model's file in the package")
    parser.add_argument("--work", type=Path, help="a folder that keeps the contexts' index, to begin from it again")
    parser.add_argument("--questions", type=int, default=800, help="of the sets, without the cross-encoder")
    parser.add_argument("--read", type=int, default=500, help="of them, for the cross-encoder, which takes its time")
    parser.add_argument("--own", type=int, default=900, help="of the project's own, for the cross-encoder")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    embedder = embedder_named(arguments.model)
    output = arguments.output or Path(__file__).parent / FILES.get(embedder.name, FILES[DEFAULT_MODEL])
    records = [record for record in read_sets(arguments.folder, seed=arguments.seed) if record.held_out]
    random.Random(arguments.seed).shuffle(records)
    del records[arguments.questions :]
    every = read_sets(arguments.folder, seed=arguments.seed, sets=dict.fromkeys(SETS, sys.maxsize))
    own = [record for record in read_written(every) if record.held_out]
    random.Random(arguments.seed).shuffle(own)
    del own[arguments.own :]
    written: dict[str, dict[str, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = build_store(arguments.work or Path(folder), records + own, embedder, _say)
        retriever = HybridRetriever(store, embedder)
        for reader, used in ((Unread(), records), (cross_encoders(), records[: arguments.read] + own)):
            found = list(examples(used, store, retriever, reader, seed=arguments.seed))
            written[reader.name] = {
                "selection": fit_selection(found, SELECTION[reader.name]),
                "confidence": fit_confidence(found, CONFIDENCE[reader.name]),
            }
            _say(json.dumps({reader.name: written[reader.name]}))
    for name, weight in written["cross-encoder"]["selection"].items():
        without = written["none"]["selection"].get(name, 0.0)
        written["cross-encoder"]["selection"][name] = round((weight + without) / 2, 4)
    for name, weight in written["cross-encoder"]["confidence"].items():
        written["cross-encoder"]["confidence"][name] = round((weight + _READER_ALONE.get(name, 0.0)) / 2, 4)
    made = {"questions": len(records), "read": min(arguments.read, len(records)) + len(own), "seed": arguments.seed}
    text = json.dumps(written | {"made": made}, indent=1) + "\n"
    output.write_text(text, encoding="utf-8")
    _say(text)
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

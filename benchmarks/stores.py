"""Compares a folder's index with a copy of it in Milvus Lite: the same passages, and the time to them.

    python -m benchmarks.stores [--questions FILE] [--count N]

Reads the shipped library, copies its index, and asks both in turn, in one process.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from index.copy_store import copy_store
from index.ingest import ingest
from index.models import embedder_named
from index.open import open_store
from qa.retrieve import HybridRetriever
from qa.types import Question

ROOT = Path(__file__).resolve().parent.parent
K = 10


def main() -> None:
    """Prints a row a store, and how many questions found the same passages with the same scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=ROOT / "tests" / "library_questions.jsonl", metavar="FILE")
    parser.add_argument("--count", type=int, default=40, metavar="N", help="questions (40)")
    arguments = parser.parse_args()
    rows = arguments.questions.read_text(encoding="utf-8").splitlines()[: arguments.count]
    questions = [Question(json.loads(row)["question"]) for row in rows]
    embedder = embedder_named()
    with tempfile.TemporaryDirectory() as folder:
        stores = [open_store(Path(folder) / "index", writable=True), open_store(f"milvus:{folder}/i.db", writable=True)]
        ingest([ROOT / "documents" / "library"], stores[0], embedder)
        began = time.perf_counter()
        copied = copy_store(stores[0], stores[1])
        print(f"copied {copied.documents} documents, {copied.passages} passages: {time.perf_counter() - began:.1f} s")
        measured = measure([HybridRetriever(store, embedder) for store in stores], questions)
        for name, seconds in zip(("SQLite", "Milvus Lite"), measured[0], strict=True):
            print(f"{name:12} p50 {1000 * statistics.median(seconds):6.0f} ms  max {1000 * max(seconds):6.0f} ms")
        print(f"the same {K} passages with the same scores: {measured[1]} of {len(questions)} questions")


def measure(retrievers: Sequence[HybridRetriever], questions: Sequence[Question]) -> tuple[list[list[float]], int]:
    """Returns the seconds to the ranked passages, a list a retriever, and how many questions were ranked alike."""
    seconds: list[list[float]] = [[] for _ in retrievers]
    alike = 0
    for retriever in retrievers:
        retriever.retrieve(questions[0], K)  # what is read once is read now
    for question in questions:
        found = []
        for place, retriever in enumerate(retrievers):
            began = time.perf_counter()
            hits = retriever.retrieve(question, K)
            seconds[place].append(time.perf_counter() - began)
            found.append([(hit.passage.info.id, hit.passage.start, round(hit.score, 4)) for hit in hits])
        alike += all(each == found[0] for each in found)
    return seconds, alike


if __name__ == "__main__":
    main()

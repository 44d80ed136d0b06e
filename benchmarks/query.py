"""Times a question's way to its ranked passages by stage, as the index grows: python -m benchmarks.query

The index is a sea of recombined text (benchmarks/sea.py); the questions are those of the evaluation sets, every one of
them asked once after a warm-up, at each size and for each kind of vector search. Times are those of the processor,
unless --wall says otherwise: other work on the machine then counts little. All in one process, with as many threads
as OMP_NUM_THREADS allows. A million passages take about 10 GB of disk, as their vectors are kept in float32;
benchmarks.growth is for those of few bytes.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.evalsets import add_folder, set_names
from benchmarks.sea import SEED, Sea
from index.embed import SentenceTransformerEmbedder
from index.lexicon import other_terms, sought
from index.store import SQLiteStore
from index.types import Embedder
from index.vectors import FLAT, KINDS
from index.words import question_terms
from qa.evaluation.gold import read_gold
from qa.retrieve import HybridRetriever, RetrieveSettings
from qa.types import Question

STAGES = ("embed", "dense", "lexical", "fetch", "total")
POOL = RetrieveSettings().pool
KEPT = 10  # hits of a question
T = TypeVar("T")
Time = TypeVar("Time", bound=Any)  # what a clock tells: seconds, or an array of them


def main() -> int:
    """Prints a table and a line of JSON; returns the exit status."""
    arguments = parsed()
    embedder = SentenceTransformerEmbedder()
    embedder.embed_question("load the model")
    sea = Sea(arguments.sets, embedder, arguments.seed)
    asked = questions(arguments.sets, arguments.questions, arguments.seed)
    clock = time.perf_counter if arguments.wall else time.process_time
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        store = SQLiteStore(folder, writable=True)
        for size in sorted(arguments.sizes):
            began = clock()
            sea.pour(store, size)
            poured = clock() - began
            for kind in arguments.kinds:
                rows += measured(folder, kind, asked, embedder, clock, arguments)
                print(json.dumps(rows[-len(STAGES) :]), file=sys.stderr)
            SQLiteStore(folder).dense.choose(FLAT)
            print(f"{size} passages: poured in {poured:.0f} s", file=sys.stderr)
    told = {"questions": len(asked), "embedded_passages": sea.embedded, "wall": arguments.wall, "rows": rows}
    show(rows)
    print(json.dumps(told))
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


def parsed() -> argparse.Namespace:
    """Returns what the command line says."""
    parser = argparse.ArgumentParser(description="Time questions by stage and size.")
    add_folder(parser)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000], metavar="PASSAGES")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), help="of vector search")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--folder", type=Path, help="where the index is made and stays (default: nowhere)")
    parser.add_argument("--wall", action="store_true", help="time by the clock on the wall, not the processor's")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser.parse_args()


def questions(sets: Path, count: int, seed: int) -> list[Question]:
    """Returns questions of all sets, drawn with the seed; none is narrowed, as the sea holds no document of theirs."""
    every = [gold.question for name in set_names(sets) for gold in read_gold(sets / name / "questions.jsonl")]
    drawn = np.random.default_rng(seed).choice(len(every), min(count, len(every)), replace=False)
    return [Question(every[place].text, every[place].history) for place in drawn.tolist()]


def measured(
    folder: Path,
    kind: str,
    asked: list[Question],
    embedder: Embedder,
    clock: Callable[[], float],
    arguments: argparse.Namespace,
) -> list[dict[str, Any]]:
    """Returns a row for each stage: the percentiles in milliseconds, and what is known of the index."""
    store = SQLiteStore(folder)
    store.dense.choose(kind)
    made, _ = timed(store.save_vectors, clock)
    store = SQLiteStore(folder)  # opened anew, as another process would
    opened, _ = timed(lambda: store.nearest(embedder.embed_question("warm up"), POOL), clock)
    retriever = warm_retriever(folder, embedder, arguments.sets, arguments.seed)
    taken = [stages(question, store, retriever, embedder, clock) for question in asked]
    about = store.dense.about()
    size = {
        "passages": store.passage_count(),
        "kind": kind,
        "recall_at_10": about.recall if about else None,
        "breadth": about.breadth if about else 0,
        "made_seconds": made,
        "opened_seconds": opened,
        "vectors_mb": (folder / "vectors.faiss").stat().st_size / 1e6,
        "database_mb": (folder / "passages.db").stat().st_size / 1e6,
        "most_resident_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }
    return [
        size
        | {"stage": stage}
        | {f"p{p}_ms": float(np.percentile([1e3 * each[stage] for each in taken], p)) for p in (50, 95, 99)}
        for stage in STAGES
    ]


def warm_retriever(folder: Path, embedder: Embedder, sets: Path, seed: int) -> HybridRetriever:
    """Returns a retriever that has answered questions, others than those of the seed.

    Its store is its own: lists that it keeps in memory would make what is measured after it too fast.
    """
    retriever = HybridRetriever(SQLiteStore(folder), embedder)
    for question in questions(sets, 5, seed + 1):
        retriever.retrieve(question, KEPT)
    return retriever


def stages(
    question: Question, store: SQLiteStore, retriever: HybridRetriever, embedder: Embedder, clock: Callable[[], Time]
) -> dict[str, Time]:
    """Returns the seconds of each stage of one question; the total is that of the whole retrieval, taken apart.

    The retriever has another store than `store`.
    """
    seconds: dict[str, Time] = {}
    seconds["total"], _ = timed(lambda: retriever.retrieve(question, KEPT), clock)
    seconds["embed"], vector = timed(lambda: embedder.embed_question(question.text), clock)
    seconds["dense"], near = timed(lambda: store.nearest(vector, POOL), clock)

    def lexical() -> list[int]:
        own = store.matching(question_terms(question.text), POOL)
        others = store.matching(other_terms(sought(question.text, store)), (POOL + 1) // 2)
        return [match.number for match in [*own, *others]]

    seconds["lexical"], matching = timed(lexical, clock)
    numbers = list(dict.fromkeys([*(match.number for match in near), *matching]))
    seconds["fetch"], _ = timed(lambda: (store.vectors_of(numbers), store.plain_passages(numbers[:KEPT])), clock)
    return seconds


def timed(work: Callable[[], T], clock: Callable[[], Time]) -> tuple[Time, T]:
    """Returns how many seconds the work took, and what it gave."""
    began = clock()
    given = work()
    return clock() - began, given


def show(rows: list[dict[str, Any]]) -> None:
    """Prints the table."""
    print("| passages | vectors | recall@10 | stage | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|---|---|")
    for row in rows:
        recall = "" if row["recall_at_10"] is None else f"{row['recall_at_10']:.3f}"
        times = " | ".join(f"{row[f'p{percent}_ms']:.1f}" for percent in (50, 95, 99))
        print(f"| {row['passages']:,} | {row['kind']} | {recall} | {row['stage']} | {times} |")


if __name__ == "__main__":
    sys.exit(main())

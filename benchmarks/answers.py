"""Times whole answers in a warm process: python -m benchmarks.answers

Each question of one set is asked once after a warm-up; the time is that of the whole path, from the question's text to
the checked answer.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.evalsets import add_folder, build
from index.embed import SentenceTransformerEmbedder
from qa.evaluation.gold import read_gold
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings


def main() -> int:
    """Prints the percentiles and a line of JSON; returns the exit status."""
    parser = argparse.ArgumentParser(description="Time answers.")
    add_folder(parser)
    parser.add_argument("--set", default="clapnq", help="whose documents and questions are used")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--no-rerank", dest="rerank", action="store_false", help="leave the cross-encoder out")
    arguments = parser.parse_args()
    embedder = SentenceTransformerEmbedder()
    golds = read_gold(arguments.sets / arguments.set / "questions.jsonl")[: arguments.questions]
    with tempfile.TemporaryDirectory() as folder:
        store = build(arguments.sets, arguments.set, Path(folder), embedder)
        pipeline = Pipeline(store, embedder, Settings(rerank=RerankSettings(read=arguments.rerank)))
        for gold in golds[:5]:
            pipeline.answer(gold.question)
        taken = []
        for gold in golds:
            began = time.perf_counter()
            pipeline.answer(gold.question)
            taken.append((time.perf_counter() - began) * 1000)
        passages = store.passage_count()
    result: dict[str, float] = {"passages": passages, "questions": len(taken)}
    result |= {f"p{percent}_ms": float(np.percentile(taken, percent)) for percent in (50, 95, 99)}
    for name, value in result.items():
        print(f"{name:12} {value:10.1f}")
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Asks questions of the shipped library after unrelated ones: python -m benchmarks.topic_change

A question that names its topic should get its answer whatever was asked before. Each answerable one is asked alone, and
after two others drawn by a seed. Shown is how often the right sentence is first and among the cited, and how often the
first quote is the one given to the question alone. Refusal is off.
"""

import argparse
import json
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.browser import LIBRARY
from benchmarks.page import QUESTIONS
from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.store import SQLiteStore
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.row import Judge, Row
from qa.pipeline import Pipeline, Settings
from qa.types import Turn

_BEFORE = 2  # unrelated questions


def main() -> int:
    """Prints a line of JSON; returns the exit status."""
    parser = argparse.ArgumentParser(description="Ask questions after unrelated ones.")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="ask every Nth question only")
    every = parser.parse_args().every
    golds = [gold for gold in read_gold(QUESTIONS) if gold.answerable and not gold.question.history][::every]
    draw = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        store, embedder = SQLiteStore(Path(folder), writable=True), SentenceTransformerEmbedder()
        ingest([LIBRARY], store, embedder)
        pipeline = Pipeline(store, embedder, Settings(refuse="never"))
        alone = [_row(pipeline, gold) for gold in golds]
        after = [_row(pipeline, _after_others(gold, golds, draw)) for gold in golds]
    same = sum(one.quotes[:1] == other.quotes[:1] for one, other in zip(alone, after, strict=True))
    shown = {"n": len(golds), "alone": _shares(alone), "after others": _shares(after), "same quote": same / len(golds)}
    print(json.dumps(shown, indent=1))
    return 0


def _after_others(gold: GoldQuestion, golds: list[GoldQuestion], draw: random.Random) -> GoldQuestion:
    others = draw.sample([each.question.text for each in golds if each is not gold], _BEFORE)
    return replace(gold, question=replace(gold.question, history=tuple(Turn("user", text) for text in others)))


def _row(pipeline: Pipeline, gold: GoldQuestion) -> Row:
    return Judge(pipeline, 0.0).row(gold, pipeline.answer(gold.question), 0.0)


def _shares(rows: list[Row]) -> dict[str, float]:
    return {
        "first": sum(row.first for row in rows) / len(rows),
        "among": sum(row.among for row in rows) / len(rows),
    }


if __name__ == "__main__":
    sys.exit(main())

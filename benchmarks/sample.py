"""The promised figures: a small fixed sample of every question set: python -m benchmarks.sample --write

Of each set every n-th question is taken, with the documents that answer it and as many others again; the figures that
tests/expected.toml promises are those of this run. The test suite measures the same sample and compares.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.evalsets import add_folder, set_names
from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.store import SQLiteStore
from qa.evaluation.gate import written
from qa.evaluation.gold import read_gold
from qa.evaluation.row import Row
from qa.evaluation.run import evaluate
from qa.evaluation.summary import summarise
from qa.pipeline import Pipeline

EXPECTED = Path(__file__).resolve().parents[1] / "tests" / "expected.toml"
QUESTIONS = 12  # of each set
TOLERANCE = 0.11  # one question more of a set may be lost, as on another processor; at least ten are answerable
HEAD = f"Figures of {QUESTIONS} fixed questions of every set. Made by: python -m benchmarks.sample --write"
FIGURES = ("evidence_recall@5", "sentence_hit@1", "sentence_hit@any", "auroc", "decision", "verbatim")
LEAST = 2  # questions of either kind, below which AUROC is promised nothing: one question would be all of it


def main() -> int:
    """Prints the figures as TOML; with --write puts them where the tests look; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure the sample whose figures are promised.")
    add_folder(parser)
    parser.add_argument("--write", action="store_true", help=f"write {EXPECTED.name}")
    arguments = parser.parse_args()
    found = measure(arguments.sets)
    if not found:
        print(f"{arguments.sets}: no question sets are here. Name their folder with --sets.", file=sys.stderr)
        return 1
    text = written(found, TOLERANCE, HEAD)
    print(text)
    if arguments.write:
        EXPECTED.write_text(text, encoding="utf-8")
    return 0


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Returns {set: {figure: value}} of the sample."""
    embedder = SentenceTransformerEmbedder()
    found = {}
    for name in set_names(folder):
        golds = read_gold(folder / name / "questions.jsonl")
        golds = golds[:: max(1, len(golds) // QUESTIONS)][:QUESTIONS]
        wanted = {document for gold in golds for document in gold.documents}
        with tempfile.TemporaryDirectory() as place:
            source = Path(place) / "docs.jsonl"
            source.write_text("".join(_rows(folder / name / "corpus" / "docs.jsonl", wanted)), encoding="utf-8")
            store = SQLiteStore(Path(place) / "index", writable=True)
            ingest([source], store, embedder)
            rows = evaluate(golds, Pipeline(store, embedder))
        found[name] = promised(rows)
    return found


def promised(rows: Sequence[Row]) -> dict[str, float]:
    """Returns the figures of the rows that are worth a promise."""
    summary = summarise(rows)
    answerable = sum(row.answerable for row in rows)
    enough = min(answerable, len(rows) - answerable) >= LEAST
    return {name: summary[name]["value"] for name in FIGURES if name in summary and (name != "auroc" or enough)}


def _rows(path: Path, wanted: set[str]) -> list[str]:
    """Returns the lines of the wanted documents and of as many others, in order."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    ids = [json.loads(line)["doc_id"] for line in lines]
    others = [place for place, identity in enumerate(ids) if identity not in wanted]
    kept = set(others[:: max(1, len(others) // max(1, len(wanted)))])
    return [line for place, line in enumerate(lines) if ids[place] in wanted or place in kept]


if __name__ == "__main__":
    sys.exit(main())

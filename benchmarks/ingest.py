"""Compares ingest with the bare model on the same passages: python -m benchmarks.ingest

The bare model is `SentenceTransformer.encode` with its default batch size. Both are run in turn, `--rounds` times, and
the ratio is that of the medians. The second ingest is of an unchanged folder of text files.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.evalsets import add_folder, set_names
from index.embed import SentenceTransformerEmbedder
from index.ingest import embedded_text, ingest
from index.store import SQLiteStore


def main() -> int:
    """Prints a table and a line of JSON; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure ingest.")
    add_folder(parser)
    parser.add_argument("--set", default="removals", help="whose documents are ingested for the ratio")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    embedder = SentenceTransformerEmbedder()
    embedder.embed_question("load the model")
    documents = arguments.sets / arguments.set / "corpus" / "docs.jsonl"
    texts = passages_of(documents, embedder)
    model = embedder._model  # the bare model is the very one that ingest uses
    ours, bare = [], []
    for _ in range(arguments.rounds):
        bare.append(seconds(lambda: model.encode(texts)))
        ours.append(seconds(lambda: ingest_new(documents, embedder)))
    unchanged, files = second_ingest(arguments.sets, embedder)
    result = {
        "passages": len(texts),
        "ingest_passages_per_second": len(texts) / statistics.median(ours),
        "bare_passages_per_second": len(texts) / statistics.median(bare),
        "ratio": statistics.median(bare) / statistics.median(ours),
        "unchanged_files": files,
        "unchanged_seconds": unchanged,
    }
    for name, value in result.items():
        print(f"{name:28} {value:10.3f}")
    print(json.dumps(result))
    return 0


def ingest_new(path: Path, embedder: SentenceTransformerEmbedder) -> None:
    """Ingests the file into a new index that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        ingest([path], SQLiteStore(Path(folder), writable=True), embedder)


def passages_of(path: Path, embedder: SentenceTransformerEmbedder) -> list[str]:
    """Returns the texts that ingesting the file embeds."""
    with tempfile.TemporaryDirectory() as folder:
        store = SQLiteStore(Path(folder), writable=True)
        ingest([path], store, embedder)
        numbers = range(1, store.passage_count() + 1)
        return [embedded_text(each.passage, embedder).text for each in store.passages(numbers).values()]


def second_ingest(sets: Path, embedder: SentenceTransformerEmbedder) -> tuple[float, int]:
    """Returns the seconds that a second ingest of every set's documents as files takes, and the number of files."""
    with tempfile.TemporaryDirectory() as folder:
        files, place = Path(folder) / "files", Path(folder) / "index"
        for name in set_names(sets):
            (files / name).mkdir(parents=True)
            for line in (sets / name / "corpus" / "docs.jsonl").read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                # Short texts: embedding them once is not what is measured here.
                text = f"{row.get('title') or row['doc_id']}\n\n{row['text'][:300]}\n"
                (files / name / (re.sub(r"[^\w.-]", "_", row["doc_id"]) + ".txt")).write_text(text, encoding="utf-8")
        store = SQLiteStore(place, writable=True)
        count = len(ingest([files], store, embedder).added)
        return seconds(lambda: ingest([files], store, embedder)), count


def seconds(work: Callable[[], object]) -> float:
    """Returns how long the work took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())

"""Times a second ingest, of nothing new and of one changed file: python -m benchmarks.again

The files are short texts of made-up words. Vectors are drawn, not computed: what is timed is finding out what is new,
storing it and making the vectors ready, in a process that runs already. Times are those of the processor.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.ingest import ingest
from index.store import SQLiteStore
from index.types import Embedding, Text, Vectors

_IN_A_FOLDER = 100


class Drawn:
    """An Embedder whose vectors mean nothing. A token is a word."""

    name, revision, dimension, max_tokens = "drawn", "1", 64, 256

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Returns the number of words of each text."""
        return [len(text.split()) for text in texts]

    def embed_passages(self, texts: Sequence[Text]) -> list[Embedding]:
        """Returns an embedding a text."""
        return [Embedding(self._rows(1)[0], self._rows(len(each.spans))) for each in texts]

    def embed_question(self, text: str) -> Vectors:
        """Returns a vector."""
        return self._rows(1)[0]

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Returns a vector a text."""
        return self._rows(len(texts))

    def _rows(self, count: int) -> Vectors:
        rows = self._random.standard_normal((count, self.dimension), dtype=np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def main() -> int:
    """Prints the seconds and a line of JSON; returns the exit status."""
    parser = argparse.ArgumentParser(description="Time a second ingest.")
    parser.add_argument("--files", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder, place = Path(scratch) / "files", Path(scratch) / "index"
        last = written(folder, arguments.files)
        result = {"files": arguments.files, "first": seconds(folder, place)}
        result["unchanged"] = seconds(folder, place)
        last.write_text(last.read_text(encoding="utf-8") + "One sentence more.\n", encoding="utf-8")
        result["one_changed"] = seconds(folder, place)
    for name, value in result.items():
        print(f"{name:12} {value:10.2f}")
    print(json.dumps(result))
    return 0


def written(folder: Path, count: int) -> Path:
    """Writes the files; returns the last."""
    random = np.random.default_rng(1)
    words = np.array([f"word{number}" for number in range(5000)])
    path = folder
    for number in range(count):
        path = folder / f"{number // _IN_A_FOLDER:04}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = words[random.integers(len(words), size=(15, 12))]
        sentences = " ".join(" ".join(row).capitalize() + "." for row in rows)
        path.write_text(f"Title {number}\n\n{sentences}\n", encoding="utf-8")
    return path


def seconds(folder: Path, place: Path) -> float:
    """Returns how long an ingest of the folder takes."""
    began = time.process_time()
    ingest([folder], SQLiteStore(place, writable=True), Drawn())
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())

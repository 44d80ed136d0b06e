"""The question sets of others, in a folder beside the project: where they lie and how they become an index."""

import argparse
from pathlib import Path

from index.ingest import ingest
from index.store import SQLiteStore
from index.types import Embedder

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "evalsets"


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Adds the option that says where the sets are."""
    parser.add_argument(
        "--sets", type=Path, default=DEFAULT_FOLDER, metavar="DIR", help="the folder of the question sets"
    )


def set_names(folder: Path) -> list[str]:
    """Returns the names of the sets, in order."""
    return sorted(path.parent.name for path in folder.glob("*/questions.jsonl"))


def build(folder: Path, name: str, place: Path, embedder: Embedder) -> SQLiteStore:
    """Returns a new index in `place` over the documents of one set."""
    store = SQLiteStore(place, writable=True)
    ingest([folder / name / "corpus" / "docs.jsonl"], store, embedder)
    return store

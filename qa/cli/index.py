"""The commands for the index itself: what it holds, and moving it to another machine."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.cli.options import (
    add_json,
    add_vectors,
    choose_vectors,
    command,
    embedder_of,
    location,
    open_store,
    print_json,
    token,
)

if TYPE_CHECKING:
    from index.transfer import Manifest
    from index.writable import WritableStore


def add(commands: Any) -> None:
    """Adds the commands."""
    add_json(command(commands, "status", run_status, "what the index holds"))
    vectors = command(commands, "vectors", run_vectors, "choose how vectors are searched, and measure it")
    add_vectors(vectors, "kind")
    add_json(vectors)
    export = command(commands, "export-index", run_export, "write the index to one file, to be carried elsewhere")
    export.add_argument("file", type=Path, metavar="FILE", help="a .zip")
    add_json(export)
    imported = command(commands, "import-index", run_import, "verify an exported index and put it in place")
    imported.add_argument("file", type=Path, metavar="FILE", help="written by export-index")
    imported.add_argument("--replace", action="store_true", help="replace the index that is there")
    add_json(imported)
    text = "copy an index from one place to another, between a folder and Milvus too"
    copy = commands.add_parser("copy-index", help=text, description=text.capitalize() + ".")
    copy.add_argument("source", type=location, metavar="FROM", help="as --index names it")
    copy.add_argument("target", type=location, metavar="TO", help="a new place, or one where a copy was stopped")
    add_json(copy)
    copy.set_defaults(run=run_copy)


def run_status(arguments: argparse.Namespace) -> int:
    """Tells what the index holds."""
    store = open_store(arguments)
    state = {
        "index": str(arguments.index),
        "documents": len(store.documents()),
        "passages": store.passage_count(),
        "model": store.setting("model"),
        "revision": store.setting("revision"),
        "vectors": store.vectors,
        **_measured(store),
        "bytes": store.bytes_on_disk(),
    }
    if arguments.json:
        print_json(state)
        return 0
    for name, value in state.items():
        print(f"{name}: {value}")
    return 0


def run_vectors(arguments: argparse.Namespace) -> int:
    """Sets the kind of vector search, makes its file, and tells its recall."""
    store = open_store(arguments)
    choose_vectors(store, arguments.kind)
    store.save_vectors()
    state = {"vectors": store.vectors, **_measured(store)}
    if arguments.json:
        print_json(state)
        return 0
    for name, value in state.items():
        print(f"{name}: {value}")
    return 0


def _measured(store: "WritableStore") -> dict[str, Any]:
    """Returns how far an approximate search looks and its recall; nothing for another, or where it lags."""
    from index.store import SQLiteStore

    if not isinstance(store, SQLiteStore):
        return {}
    about = store.dense.about()
    if about is None or not about.breadth:
        return {}
    return {"breadth": about.breadth, "recall_at_10": about.recall, "recall_questions": about.questions}


def run_export(arguments: argparse.Namespace) -> int:
    """Writes the index to one file."""
    from index.place import folder_of
    from index.store import SQLiteStore
    from index.transfer import export_index
    from qa.show import Progress

    store = SQLiteStore(folder_of(arguments.index, "export-index"))
    with Progress("MB") as progress:
        manifest = export_index(
            store, arguments.file, on_bytes=lambda done, of: progress.show(done >> 20, of >> 20, "")
        )
    _tell(arguments, manifest, "exported", arguments.file)
    return 0


def run_import(arguments: argparse.Namespace) -> int:
    """Verifies an exported index and puts it in place."""
    from index.place import folder_of
    from index.transfer import import_index
    from qa.show import Progress

    folder = folder_of(arguments.index, "import-index")
    with Progress("MB") as progress:
        manifest = import_index(
            arguments.file,
            folder,
            embedder_of(arguments),
            replace=arguments.replace,
            on_bytes=lambda done, of: progress.show(done >> 20, of >> 20, ""),
        )
    _tell(arguments, manifest, "imported", arguments.index)
    return 0


def run_copy(arguments: argparse.Namespace) -> int:
    """Copies an index and verifies what arrived."""
    from index.copy_store import copy_store
    from index.open import open_store
    from qa.show import Progress

    source = open_store(arguments.source, token=token())
    target = open_store(arguments.target, writable=True, token=token())
    with Progress("documents") as progress:
        copied = copy_store(source, target, on_document=lambda done, of: progress.show(done, of, ""))
    if arguments.json:
        print_json(asdict(copied))
    else:
        was = f", {copied.kept} of them were there already" if copied.kept else ""
        print(f"{copied.documents} documents in {copied.passages} passages copied into {target.location}{was}")
    return 0


def _tell(arguments: argparse.Namespace, manifest: "Manifest", done: str, place: Path) -> None:
    if arguments.json:
        print_json(asdict(manifest))
    else:
        print(f"{manifest.documents} documents in {manifest.passages} passages {done} into {place}")

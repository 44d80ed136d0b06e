"""The commands for the index itself: what it holds, and moving it to another machine."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.cli.options import add_json, command, embedder_of, open_store, print_json

if TYPE_CHECKING:
    from index.transfer import Manifest


def add(commands: Any) -> None:
    """Adds the commands."""
    add_json(command(commands, "status", run_status, "what the index holds"))
    export = command(commands, "export-index", run_export, "write the index to one file, to be carried elsewhere")
    export.add_argument("file", type=Path, metavar="FILE", help="a .zip")
    add_json(export)
    imported = command(commands, "import-index", run_import, "verify an exported index and put it in place")
    imported.add_argument("file", type=Path, metavar="FILE", help="written by export-index")
    imported.add_argument("--replace", action="store_true", help="replace the index that is there")
    add_json(imported)


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
        "bytes": store.bytes_on_disk(),
    }
    if arguments.json:
        print_json(state)
        return 0
    for name, value in state.items():
        print(f"{name}: {value}")
    return 0


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


def _tell(arguments: argparse.Namespace, manifest: "Manifest", done: str, place: Path) -> None:
    if arguments.json:
        print_json(asdict(manifest))
    else:
        print(f"{manifest.documents} documents in {manifest.passages} passages {done} into {place}")

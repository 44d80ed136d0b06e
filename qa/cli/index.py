"""The command that tells of the index itself."""

import argparse
from typing import Any

from qa.cli.options import add_json, command, open_store, print_json


def add(commands: Any) -> None:
    """Adds the command."""
    add_json(command(commands, "status", run_status, "what the index holds"))


def run_status(arguments: argparse.Namespace) -> int:
    store = open_store(arguments)
    state = {
        "index": str(arguments.index),
        "documents": len(store.documents()),
        "passages": store.passage_count(),
        "model": store.setting("model"),
        "revision": store.setting("revision"),
        "vectors": "exact",
        "bytes": sum(path.stat().st_size for path in arguments.index.iterdir() if path.is_file()),
    }
    if arguments.json:
        print_json(state)
        return 0
    for name, value in state.items():
        print(f"{name}: {value}")
    return 0

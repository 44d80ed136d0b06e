"""The commands for the documents of an index."""

import argparse
from typing import Any

from qa.cli.options import PROGRAM, add_json, command, open_store, print_json, say


def add(commands: Any) -> None:
    """Adds the commands."""
    documents = commands.add_parser("documents", help="list, show or remove documents").add_subparsers(
        required=True, metavar="ACTION"
    )
    add_json(command(documents, "list", run_documents_list, "list the documents"))
    show = command(documents, "show", run_documents_show, "show a document")
    show.add_argument("id")
    add_json(show)
    command(documents, "remove", run_documents_remove, "remove documents from the index").add_argument(
        "ids", nargs="+", metavar="ID"
    )


def run_documents_list(arguments: argparse.Namespace) -> int:
    from qa.show import info_object

    store = open_store(arguments)
    counts = store.passage_counts()
    if arguments.json:
        print_json([info_object(info) | {"passages": counts[info.id]} for info in store.documents()])
        return 0
    for info in store.documents():
        print(f"{info.date or '-':10}  {counts[info.id]:5} passages  {info.id}  {info.title}")
    return 0


def run_documents_show(arguments: argparse.Namespace) -> int:
    from qa.show import info_object

    document = open_store(arguments).document(arguments.id)
    info = info_object(document.info) | {"pages": len(document.page_starts) or None, "characters": len(document.text)}
    if arguments.json:
        print_json(info | {"text": document.text})
        return 0
    for name, value in info.items():
        if value not in (None, ""):
            print(f"{name}: {value}")
    print(f"\n{document.text}")
    return 0


def run_documents_remove(arguments: argparse.Namespace) -> int:
    store = open_store(arguments)
    missing = [document_id for document_id in arguments.ids if not store.remove(document_id)]
    store.save_vectors()
    for document_id in missing:
        say(f"{document_id}: no document of this id. List them: {PROGRAM} documents list")
    print(f"{len(arguments.ids) - len(missing)} removed")
    return 1 if missing else 0

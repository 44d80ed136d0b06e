"""The commands for the documents of an index."""

import argparse
from typing import Any

from qa.cli.options import PROGRAM, add_json, add_labels, command, labels_of, open_store, print_json, say


def add(commands: Any) -> None:
    """Adds the commands."""
    documents = commands.add_parser("documents", help="list, show, correct or remove documents").add_subparsers(
        required=True, metavar="ACTION"
    )
    listing = command(documents, "list", run_documents_list, "list the documents")
    add_labels(listing)
    add_json(listing)
    show = command(documents, "show", run_documents_show, "show a document")
    show.add_argument("id")
    add_json(show)
    _add_edit(command(documents, "edit", run_documents_edit, "correct what is known of documents"))
    command(documents, "remove", run_documents_remove, "remove documents from the index").add_argument(
        "ids", nargs="+", metavar="ID"
    )


def _add_edit(edit: argparse.ArgumentParser) -> None:
    edit.add_argument("ids", nargs="+", metavar="ID")
    edit.add_argument("--title")
    edit.add_argument("--date", metavar="YYYY-MM-DD")
    edit.add_argument("--kind", help='a kind, or "unknown"')
    edit.add_argument("--language", help='en, fr, or "unknown"')
    edit.add_argument("--collection", metavar="NAME", help='a name, or "" for none')
    edit.add_argument("--reset", action="store_true", help="take every earlier correction back first")
    add_json(edit)


def run_documents_list(arguments: argparse.Namespace) -> int:
    """Lists the documents."""
    from documents.kinds import kind_name
    from index.types import Where
    from qa.show import info_object

    store = open_store(arguments)
    kinds, languages, collections = labels_of(arguments)
    found = store.documents(Where(kinds=kinds, languages=languages, collections=collections))
    counts = store.passage_counts()
    if arguments.json:
        print_json([info_object(info) | {"passages": counts[info.id]} for info in found])
        return 0
    for info in found:
        also = f"also as {', '.join(info.also)}" if info.also else ""
        labels = ", ".join(filter(None, [kind_name(info.kind) if info.kind else "", info.collection, also]))
        told = f"  ({labels})" if labels else ""
        print(f"{info.date or '-':10}  {counts[info.id]:5} passages  {info.id}  {info.title}{told}")
    return 0


def run_documents_show(arguments: argparse.Namespace) -> int:
    """Shows a document with its text."""
    from qa.show import info_object
    from qa.show_reading import reading_lines, reading_object

    store = open_store(arguments)
    document = store.document(arguments.id)
    info = info_object(document.info) | {
        "corrected": store.corrections(document.info.id).said(),
        "versions": [{"id": each.id, "date": each.date} for each in store.versions(document.info.id)],
        "pages": len(document.page_starts) or None,
        "characters": len(document.text),
    }
    if arguments.json:
        print_json(info | reading_object(document) | {"text": document.text})
        return 0
    for name, value in info.items():
        if value not in (None, "", []):
            print(f"{name}: {', '.join(map(_plain, value)) if isinstance(value, list) else value}")
    for line in reading_lines(document):
        print(line)
    print(f"\n{document.text}")
    return 0


def _plain(value: Any) -> str:
    return " ".join(str(each) for each in value.values() if each) if isinstance(value, dict) else str(value)


def run_documents_edit(arguments: argparse.Namespace) -> int:
    """Corrects what is known of documents; returns 1 where one is not there."""
    from qa.show import info_object

    store = open_store(arguments)
    labels = _labels(arguments)
    if not labels.said() and not arguments.reset:
        say("Nothing to correct. Give --title, --date, --kind, --language, --collection or --reset.")
        return 1
    for document_id in arguments.ids:
        store.info(document_id)  # a wrong id is told before anything is changed
    found = [store.edit(each, labels, reset=arguments.reset) for each in arguments.ids]
    store.save_vectors(lazily=True)
    if arguments.json:
        print_json([info_object(info) for info in found])
        return 0
    for info in found:
        print(f"{info.id}: {', '.join(store.corrections(info.id).said()) or 'nothing'} corrected")
    return 0


def _labels(arguments: argparse.Namespace) -> Any:
    from documents.kinds import kind_of
    from documents.labels import Labels
    from documents.language import language_of
    from qa.questions import parse_day

    return Labels(
        title=arguments.title,
        day=parse_day(arguments.date, "--date"),
        language=None if arguments.language is None else language_of(arguments.language),
        kind=None if arguments.kind is None else kind_of(arguments.kind),
        collection=arguments.collection,
    )


def run_documents_remove(arguments: argparse.Namespace) -> int:
    """Removes documents; returns 1 where one is not there."""
    store = open_store(arguments)
    missing = [document_id for document_id in arguments.ids if not store.remove(document_id)]
    store.save_vectors(lazily=True)
    for document_id in missing:
        say(f"{document_id}: no document of this id. List them: {PROGRAM} documents list")
    print(f"{len(arguments.ids) - len(missing)} removed")
    return 1 if missing else 0

"""The command that reads documents into an index."""

import argparse
from pathlib import Path
from typing import Any

from qa.cli.options import add_json, command, embedder_of, print_json, say


def add(commands: Any) -> None:
    """Adds the command."""
    ingest = command(commands, "ingest", run_ingest, "read documents into an index")
    ingest.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
    ingest.add_argument("--prune", action="store_true", help="remove documents that are no longer under these paths")
    order = ingest.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first",
        dest="day_first",
        action="store_const",
        const=True,
        help="read 2/8/2025 as 2 August where the text leaves it open",
    )
    order.add_argument(
        "--month-first",
        dest="day_first",
        action="store_const",
        const=False,
        help="read 2/8/2025 as February 8 where the text leaves it open",
    )
    add_json(ingest)


def run_ingest(arguments: argparse.Namespace) -> int:
    from documents.read import source_files
    from index.ingest import ingest
    from index.store import SQLiteStore
    from qa.show import Progress, summary_line, summary_object, unread_line

    # A wrong path is told before an empty index is made for it.
    empty = [path for path in arguments.paths if not source_files(path)]
    for path in empty:
        say(f"{path}: there are no files in this folder.")
    store = SQLiteStore(arguments.index, writable=True)
    with Progress("files") as progress:
        summary = ingest(
            arguments.paths,
            store,
            embedder_of(arguments),
            prune=arguments.prune,
            day_first=arguments.day_first,
            on_progress=lambda now: progress.show(now.files, now.of_files, f"{now.passages} passages"),
        )
    for what, files in (("skipped", summary.skipped), ("failed", summary.failed)):
        for _, reason in files:
            say(f"{what}: {reason}")
    for document_id, pages in summary.unread_pages:
        say(f"in part: {unread_line(document_id, pages)}")
    if arguments.json:
        print_json(summary_object(summary))
    else:
        print(summary_line(summary, len(store.documents()), store.passage_count()))
    return 1 if summary.skipped or summary.failed or empty else 0

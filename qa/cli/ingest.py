"""The command that reads documents into an index, once or for as long as it runs."""

import argparse
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.cli.options import (
    add_json,
    add_vectors,
    choose_vectors,
    command,
    embedder_of,
    open_store,
    print_json,
    say,
    seconds,
)

if TYPE_CHECKING:
    from index.ingest import Summary
    from index.writable import WritableStore


def add(commands: Any) -> None:
    """Adds the command."""
    ingest = command(commands, "ingest", run_ingest, "read documents into an index")
    ingest.set_defaults(keeps=True)  # each document is a transaction of its own
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
    add_vectors(ingest, "--vectors")
    told = ingest.add_mutually_exclusive_group()
    told.add_argument(
        "--watch",
        action="store_true",
        help="go on until stopped: keep the index in step with added, changed and deleted files",
    )
    add_json(told)
    ingest.add_argument(
        "--settle",
        type=seconds,
        default=2.0,
        metavar="SECONDS",
        help="with --watch: read a file once it has stayed as it is for so long (2)",
    )
    ingest.add_argument(
        "--poll", action="store_true", help="with --watch: look regularly; for network drives, which give no notice"
    )


def run_ingest(arguments: argparse.Namespace) -> int:
    """Reads documents; returns 1 where a file was skipped or failed."""
    if arguments.watch:
        return run_watch(arguments)
    from documents.read import source_files
    from index.ingest import ingest
    from qa.show import Progress, summary_line, summary_object

    # A wrong path is told before an empty index is made for it.
    empty = [path for path in arguments.paths if not source_files(path)]
    for path in empty:
        kept = " What the index holds of it stays; to take it out: removals-qa documents remove." * arguments.prune
        say(f"{path}: there are no files in this folder.{kept}")
    store = open_store(arguments, writable=True)
    choose_vectors(store, arguments.vectors)
    with Progress("files") as progress:
        summary = ingest(
            [path for path in arguments.paths if path not in empty],  # whose disk may be away: nothing is pruned there
            store,
            embedder_of(arguments),
            prune=arguments.prune,
            day_first=arguments.day_first,
            on_progress=lambda now: progress.show(now.files, now.of_files, f"{now.passages} passages"),
        )
    _tell_unread(summary)
    if arguments.json:
        print_json(summary_object(summary))
    else:
        print(summary_line(summary, len(store.documents()), store.passage_count()))
    return 1 if summary.skipped or summary.failed or empty else 0


def run_watch(arguments: argparse.Namespace) -> int:
    """Keeps the index in step with its folders until it is stopped."""
    from documents.read import source_files
    from index.watch import watch
    from qa.show import Progress

    for path in arguments.paths:
        source_files(path)  # a wrong path is told before an empty index is made for it
    store = open_store(arguments, writable=True)
    choose_vectors(store, arguments.vectors)
    stop = _stopped_by_signals()
    with Progress("files") as progress:
        watch(
            arguments.paths,
            store,
            embedder_of(arguments),
            stop,
            settle=arguments.settle,
            poll=arguments.poll,
            day_first=arguments.day_first,
            on_change=lambda summary: _tell_changes(summary, store),
            on_note=say,
            on_progress=lambda now: progress.show(now.files, now.of_files, f"{now.passages} passages"),
        )
    say(f"Stopped; the index holds {len(store.documents())} documents in {store.passage_count()} passages.")
    return 0


def _stopped_by_signals() -> threading.Event:
    """Returns an event that the first Ctrl-C or SIGTERM sets; the second Ctrl-C ends the program at once."""
    stop = threading.Event()

    def ask(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop


def _tell_changes(summary: "Summary", store: "WritableStore") -> None:
    """Prints a line for each document and file of which something became, and the state of the index."""
    from qa.show import summary_line

    counts = store.passage_counts() if summary.added or summary.changed else {}
    for what, identities in (("added", summary.added), ("changed", summary.changed)):
        for identity in identities:
            held = counts.get(identity, 0)
            say(f"{what} {identity} ({held} passage{'' if held == 1 else 's'})")
    for name, identity in summary.same:
        say(f"added {name} (of the same content as {identity})")
    for what, identities in (("relabelled", summary.relabelled), ("removed", summary.removed)):
        for identity in identities:
            say(f"{what} {identity}")
    _tell_unread(summary)
    say(f"In step: {summary_line(summary, len(store.documents()), store.passage_count())}")


def _tell_unread(summary: "Summary") -> None:
    from qa.show import unread_line

    for what, files in (("skipped", summary.skipped), ("failed", summary.failed)):
        for _, reason in files:
            say(f"{what}: {reason}")
    for document_id, pages in summary.unread_pages:
        say(f"in part: {unread_line(document_id, pages)}")

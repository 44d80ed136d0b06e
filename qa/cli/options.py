"""What the commands share: their options, and opening an index."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.place import Location
    from index.types import Embedder
    from index.writable import WritableStore
    from qa.opening import Opening
    from qa.pipeline import Pipeline
    from qa.processes import Processes, Work
    from qa.types import Question

PROGRAM = "removals-qa"
DEFAULT_INDEX = Path(".removals-qa")
_VECTORS = ("flat", "hnsw", "ivf-sq8")
_FEW = 8  # questions: fewer are answered before processes have loaded the models
_REFUSE = ("careful", "balanced", "eager", "never")


def command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    """Adds a command with the options that every command has."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    parser.add_argument(
        "--index",
        type=location,
        default=DEFAULT_INDEX,
        metavar="DIR",
        help=f"the index's folder ({DEFAULT_INDEX}), or milvus:http://HOST:19530/COLLECTION, or milvus:FILE.db",
    )
    parser.add_argument(
        "--model",
        default=None,
        help="bilingual, or a sentence-transformers folder or hub name (default: the index's own)",
    )
    parser.set_defaults(run=run)
    return parser


def add_question(command: argparse.ArgumentParser) -> None:
    """Adds a question with what narrows it."""
    command.add_argument("question")
    command.add_argument("--as-of", metavar="YYYY-MM-DD", help="only documents dated on or before this day")
    command.add_argument("--document", action="append", metavar="ID", help="only this document; may be repeated")
    add_labels(command)


def output_file(text: str) -> Path:
    """Returns the file that a command writes at its end; a folder that is missing must not cost all its work.

    Raises:
        argparse.ArgumentTypeError: it cannot be written there.
    """
    path = Path(text)
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{path.parent} is no folder: make it first")
    return path


def add_labels(command: argparse.ArgumentParser) -> None:
    """Adds what narrows a command to documents of some kinds, languages and collections."""
    command.add_argument("--kind", action="append", metavar="KIND", help="only documents of this kind; may be repeated")
    command.add_argument("--language", action="append", metavar="LANGUAGE", help="only en or fr; may be repeated")
    command.add_argument("--collection", action="append", metavar="NAME", help="only this collection; may be repeated")


def add_refuse(command: argparse.ArgumentParser) -> None:
    """Adds how sure an answer must be, and what reads it."""
    command.add_argument("--refuse", choices=_REFUSE, default="balanced", help="how sure an answer must be (balanced)")
    add_rerank(command)


def add_rerank(command: argparse.ArgumentParser) -> None:
    """Adds the switch that leaves the cross-encoders out."""
    command.add_argument(
        "--no-rerank",
        dest="rerank",
        action="store_false",
        help="leave the cross-encoders out: faster, less often right",
    )


def add_report_language(command: argparse.ArgumentParser) -> None:
    """Adds the language of what is written to be read."""
    command.add_argument("--language", choices=("en", "fr"), default="en", help="of the page that is written (en)")


def add_workers(command: argparse.ArgumentParser) -> None:
    """Adds how many processes share the work; `workers_of` says how many where none are asked for."""
    command.add_argument(
        "--workers",
        type=positive,
        metavar="K",
        help="processes that answer, each on one core (as many as there are cores to use; one for a file of fewer than "
        f"{_FEW} questions, and for Milvus Lite, which lets in one process)",
    )


def add_json(command: "argparse.ArgumentParser | argparse._MutuallyExclusiveGroup") -> None:
    """Adds the switch to JSON."""
    command.add_argument("--json", action="store_true", help="print JSON")


def add_vectors(command: argparse.ArgumentParser, name: str) -> None:
    """Adds the kind of vector search, as an option or in its place."""
    command.add_argument(
        name,
        choices=_VECTORS,
        metavar="KIND",
        help=f"{', '.join(_VECTORS)}: compare every vector, or search a graph or lists of smaller ones (flat)",
    )


def choose_vectors(store: "WritableStore", kind: str | None) -> None:
    """Sets the kind of vector search, if one is given.

    Raises: BadSetting where the store has none to choose.
    """
    from documents.errors import BadSetting
    from index.store import SQLiteStore

    if kind is None:
        return
    if not isinstance(store, SQLiteStore):
        raise BadSetting(f"{store.location}: how vectors are searched there is set when the collection is made.")
    store.dense.choose(kind)


def positive(text: str) -> int:
    """Reads a whole number of 1 or more."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def seconds(text: str) -> float:
    """Reads a length of time of 0 or more."""
    number = float(text)
    if not 0 <= number < 86400:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 86400")
    return number


def location(text: str) -> "Location":
    """Reads where an index is."""
    from index.place import location_of

    return location_of(text)


def token() -> str:
    """Returns what a Milvus server asks for, "user:password" or a key: from the environment, never the command line."""
    return os.environ.get("MILVUS_TOKEN", "")


def open_store(arguments: argparse.Namespace, *, writable: bool = False) -> "WritableStore":
    """Returns the index; with `writable` a missing one is made."""
    from index.open import open_store as opened

    return opened(arguments.index, writable=writable, token=token())


def embedder_of(arguments: argparse.Namespace) -> Any:
    """Returns the embedder that is named, else that of the index, else the default one where there is no index yet."""
    from index.models import embedder_named
    from index.open import is_store

    there = is_store(arguments.index, token=token())
    return embedder_named(arguments.model or (open_store(arguments).setting("model") if there else None))


def pipeline_of(arguments: argparse.Namespace, embedder: "Embedder | None" = None) -> "Pipeline":
    """Returns the pipeline over the index, with its own model, or the embedder that is given."""
    from qa.pipeline import Settings, open_pipeline
    from qa.rerank import RerankSettings

    settings = Settings(
        passages=getattr(arguments, "passages", 10),
        refuse=getattr(arguments, "refuse", "balanced"),
        rerank=RerankSettings(read=arguments.rerank),
    )
    return open_pipeline(arguments.index, embedder or embedder_of(arguments), settings, token=token())


def cores() -> int:
    """Returns the number of cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workers_of(arguments: argparse.Namespace, questions: int) -> int:
    """Returns how many processes answer: as many as --workers says, else one a core for a file that is worth it."""
    from index.place import is_single_process
    from qa.processes import MOST

    if arguments.workers is not None:
        return int(arguments.workers)
    if questions < _FEW or is_single_process(arguments.index):
        return 1
    return min(cores(), MOST, questions // (_FEW // 2))


def processes_of(
    arguments: argparse.Namespace, pipeline: "Pipeline", work: "Callable[[Opening], Work]", workers: int
) -> "Processes":
    """Returns so many processes, each with the pipeline over the index.

    Raises: BadSetting where the index lets in one process at a time.
    """
    from documents.errors import BadSetting
    from index.place import is_single_process
    from qa.opening import Opening
    from qa.processes import Processes

    if is_single_process(arguments.index):
        raise BadSetting(
            f"{arguments.index}: Milvus Lite lets in one process at a time. Leave --workers out, or put the index into "
            "a folder or on a server: removals-qa copy-index"
        )
    opening = Opening(arguments.index, pipeline.embedder.name, pipeline.settings, token())
    return Processes(work(opening), workers)


def question_of(arguments: argparse.Namespace) -> "Question":
    """Returns the question of the command line."""
    from qa.questions import parse_day
    from qa.types import Question

    kinds, languages, collections = labels_of(arguments)
    return Question(
        arguments.question,
        as_of=parse_day(arguments.as_of, "--as-of"),
        documents=frozenset(arguments.document) if arguments.document else None,
        kinds=kinds,
        languages=languages,
        collections=collections,
    )


def labels_of(arguments: argparse.Namespace) -> tuple[frozenset[str] | None, ...]:
    """Returns the kinds, languages and collections that a command is narrowed to; None for no limit."""
    from documents.kinds import kind_of
    from documents.language import language_of

    return (
        frozenset(map(kind_of, arguments.kind)) if arguments.kind else None,
        frozenset(map(language_of, arguments.language)) if arguments.language else None,
        frozenset(arguments.collection) if arguments.collection else None,
    )


def print_json(value: object) -> None:
    """Prints a result."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def say(text: str) -> None:
    """Prints progress or a warning."""
    print(text, file=sys.stderr)

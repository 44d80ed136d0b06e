"""The command line: parse, call the library, print. Results go to stdout, progress and warnings to stderr.

Exit status: 0 done, 1 something the user can fix (also: a file was skipped, a row failed), 2 wrong usage.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents.errors import UserError

if TYPE_CHECKING:
    from index.store import SQLiteStore
    from qa.pipeline import Pipeline
    from qa.types import Question

PROGRAM = "removals-qa"
DEFAULT_INDEX = Path(".removals-qa")
_REFUSE = ("careful", "balanced", "eager", "never")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    parsed = build_parser().parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
        return status
    except UserError as error:
        _say(f"{PROGRAM}: {error}")
        return 1
    except KeyboardInterrupt:
        _say(f"\n{PROGRAM}: stopped. What was done is kept.")
        return 130
    except BrokenPipeError:
        # The reader of our output went away, as head does: not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run_ingest(arguments: argparse.Namespace) -> int:
    from documents.read import source_files
    from index.ingest import ingest
    from index.store import SQLiteStore
    from qa.show import Progress, summary_line, summary_object, unread_line

    # A wrong path is told before an empty index is made for it.
    empty = [path for path in arguments.paths if not source_files(path)]
    for path in empty:
        _say(f"{path}: there are no files in this folder.")
    store = SQLiteStore(arguments.index, writable=True)
    with Progress("files") as progress:
        summary = ingest(
            arguments.paths,
            store,
            _embedder(arguments),
            prune=arguments.prune,
            day_first=arguments.day_first,
            on_progress=lambda now: progress.show(now.files, now.of_files, f"{now.passages} passages"),
        )
    for what, files in (("skipped", summary.skipped), ("failed", summary.failed)):
        for _, reason in files:
            _say(f"{what}: {reason}")
    for document_id, pages in summary.unread_pages:
        _say(f"in part: {unread_line(document_id, pages)}")
    if arguments.json:
        _print_json(summary_object(summary))
    else:
        print(summary_line(summary, len(store.documents()), store.passage_count()))
    return 1 if summary.skipped or summary.failed or empty else 0


def run_ask(arguments: argparse.Namespace) -> int:
    from qa.batch import answer_object
    from qa.show import readable_answer

    answer = _pipeline(arguments).answer(_question(arguments))
    if arguments.json:
        _print_json({"question": answer.question.text} | answer_object(answer))
    else:
        print(readable_answer(answer))
    return 0


def run_search(arguments: argparse.Namespace) -> int:
    from qa.batch import passage_object
    from qa.show import readable_hit

    hits = _pipeline(arguments).search(_question(arguments), arguments.passages)
    if arguments.json:
        _print_json([passage_object(hit, rank) for rank, hit in enumerate(hits, 1)])
        return 0
    for rank, hit in enumerate(hits, 1):
        print(f"{rank}. {readable_hit(hit)}\n   {hit.passage.info.id}:{hit.passage.start}-{hit.passage.end}\n")
    return 0


def run_batch(arguments: argparse.Namespace) -> int:
    from qa.batch import run_batch as answer_file
    from qa.questions import rows_of
    from qa.show import Progress

    total = sum(1 for _ in rows_of(arguments.questions))
    pipeline = _pipeline(arguments)
    with Progress("questions") as progress:
        errors = answer_file(
            arguments.questions,
            arguments.output,
            pipeline,
            on_row=lambda done, failed: progress.show(done, total, f"{failed} errors" if failed else ""),
        )
    _say(
        f"{total} questions answered into {arguments.output}" + (f", {errors} of them with an error" if errors else "")
    )
    return 1 if errors else 0


def run_evaluate(arguments: argparse.Namespace) -> int:
    from qa.evaluate import evaluate, read_gold, summarise, written
    from qa.show import Progress

    golds = read_gold(arguments.questions)
    pipeline = _pipeline(arguments)
    with Progress("questions") as progress:
        rows = evaluate(
            golds, pipeline, refuse=arguments.refuse, on_row=lambda done: progress.show(done, len(golds), "")
        )
    summary = summarise(rows)
    if arguments.json:
        report = {"questions": str(arguments.questions), "refuse": arguments.refuse, "summary": summary}
        arguments.json.write_text(
            json.dumps(report | {"rows": [json.loads(row) for row in written(rows)]}, ensure_ascii=False, indent=1)
        )
    for name, figure in summary.items():
        limits = "" if figure["low"] is None else f"  [{figure['low']:.3f}, {figure['high']:.3f}]"
        print(f"{name:22} {figure['value']:8.3f}{limits}  n={figure['n']}")
    return 0


def run_documents_list(arguments: argparse.Namespace) -> int:
    from qa.show import info_object

    store = _store(arguments)
    counts = store.passage_counts()
    if arguments.json:
        _print_json([info_object(info) | {"passages": counts[info.id]} for info in store.documents()])
        return 0
    for info in store.documents():
        print(f"{info.date or '-':10}  {counts[info.id]:5} passages  {info.id}  {info.title}")
    return 0


def run_documents_show(arguments: argparse.Namespace) -> int:
    from qa.show import info_object

    document = _store(arguments).document(arguments.id)
    info = info_object(document.info) | {"pages": len(document.page_starts) or None, "characters": len(document.text)}
    if arguments.json:
        _print_json(info | {"text": document.text})
        return 0
    for name, value in info.items():
        if value not in (None, ""):
            print(f"{name}: {value}")
    print(f"\n{document.text}")
    return 0


def run_documents_remove(arguments: argparse.Namespace) -> int:
    store = _store(arguments)
    missing = [document_id for document_id in arguments.ids if not store.remove(document_id)]
    store.save_vectors()
    for document_id in missing:
        _say(f"{document_id}: no document of this id. List them: {PROGRAM} documents list")
    print(f"{len(arguments.ids) - len(missing)} removed")
    return 1 if missing else 0


def run_status(arguments: argparse.Namespace) -> int:
    store = _store(arguments)
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
        _print_json(state)
        return 0
    for name, value in state.items():
        print(f"{name}: {value}")
    return 0


def run_chat(arguments: argparse.Namespace) -> int:
    from app import serve

    serve(_pipeline(arguments), host=arguments.host, port=arguments.port)
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Returns the parser of every command; nothing heavy is imported for it."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="Answers quoted word for word from your own documents, with citations."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_ingest(commands)
    _add_questions(commands)
    _add_documents(commands)
    _add_json(_command(commands, "status", run_status, "what the index holds"))
    chat = _command(commands, "chat", run_chat, "open the page")
    chat.add_argument("--host", default="127.0.0.1")
    chat.add_argument("--port", type=_positive, default=7860)
    _add_refuse(chat)
    return parser


def _add_ingest(commands: Any) -> None:
    ingest = _command(commands, "ingest", run_ingest, "read documents into an index")
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
    _add_json(ingest)


def _add_questions(commands: Any) -> None:
    ask = _command(commands, "ask", run_ask, "answer one question")
    _add_question(ask)
    _add_refuse(ask)
    _add_json(ask)

    search = _command(commands, "search", run_search, "show the passages for a question, without an answer")
    _add_question(search)
    search.add_argument("--passages", type=_positive, default=10, metavar="K", help="how many (10)")
    _add_rerank(search)
    _add_json(search)

    batch = _command(commands, "batch", run_batch, "answer a file of questions")
    batch.add_argument("questions", type=Path, metavar="QUESTIONS", help=".jsonl or .csv")
    batch.add_argument("-o", "--output", type=Path, required=True, metavar="ANSWERS", help=".jsonl or .csv")
    batch.add_argument(
        "--passages", type=_positive, default=10, metavar="K", help="passages kept with each answer (10)"
    )
    _add_refuse(batch)

    evaluate = _command(commands, "evaluate", run_evaluate, "measure accuracy on questions with known answers")
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS")
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write every figure and every question's row there")
    _add_refuse(evaluate)


def _add_documents(commands: Any) -> None:
    documents = commands.add_parser("documents", help="list, show or remove documents").add_subparsers(
        required=True, metavar="ACTION"
    )
    _add_json(_command(documents, "list", run_documents_list, "list the documents"))
    show = _command(documents, "show", run_documents_show, "show a document")
    show.add_argument("id")
    _add_json(show)
    _command(documents, "remove", run_documents_remove, "remove documents from the index").add_argument(
        "ids", nargs="+", metavar="ID"
    )


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    command.add_argument(
        "--index", type=Path, default=DEFAULT_INDEX, metavar="DIR", help=f"the index's folder ({DEFAULT_INDEX})"
    )
    command.add_argument(
        "--model", default=None, help="a sentence-transformers model: a folder or a hub name (default: the index's own)"
    )
    command.set_defaults(run=run)
    return command


def _add_question(command: argparse.ArgumentParser) -> None:
    command.add_argument("question")
    command.add_argument("--as-of", metavar="YYYY-MM-DD", help="only documents dated on or before this day")
    command.add_argument("--document", action="append", metavar="ID", help="only this document; may be repeated")


def _add_refuse(command: argparse.ArgumentParser) -> None:
    command.add_argument("--refuse", choices=_REFUSE, default="balanced", help="how sure an answer must be (balanced)")
    _add_rerank(command)


def _add_rerank(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-rerank", dest="rerank", action="store_false", help="leave the cross-encoder out: faster, less often right"
    )


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _store(arguments: argparse.Namespace) -> "SQLiteStore":
    from index.store import SQLiteStore

    return SQLiteStore(arguments.index)


def _embedder(arguments: argparse.Namespace) -> Any:
    from index.embed import DEFAULT_MODEL, SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(arguments.model or DEFAULT_MODEL)


def _pipeline(arguments: argparse.Namespace) -> "Pipeline":
    from index.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
    from qa.pipeline import Settings, open_pipeline
    from qa.rerank import RerankSettings

    settings = Settings(
        passages=getattr(arguments, "passages", 10),
        refuse=getattr(arguments, "refuse", "balanced"),
        rerank=RerankSettings(read=arguments.rerank),
    )
    model = arguments.model or _store(arguments).setting("model") or DEFAULT_MODEL
    return open_pipeline(arguments.index, SentenceTransformerEmbedder(model), settings)


def _question(arguments: argparse.Namespace) -> "Question":
    from qa.questions import parse_day
    from qa.types import Question

    documents = frozenset(arguments.document) if arguments.document else None
    return Question(arguments.question, as_of=parse_day(arguments.as_of, "--as-of"), documents=documents)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _say(text: str) -> None:
    print(text, file=sys.stderr)

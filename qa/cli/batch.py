"""The command for a file of questions."""

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.cli.options import add_refuse, add_workers, command, pipeline_of, positive, processes_of, say, workers_of

if TYPE_CHECKING:
    from qa.pipeline import Pipeline
    from qa.processes import Processes

_GO_ON = "Go on with the same command and --resume."
_CHANGED_BEFORE = "Documents have changed since it began, so it cannot go on. Remove {0}.partial and run it again."
_CHANGED_WITHIN = (
    "documents changed while it ran, so that some answers are of the earlier documents and some of the later. "
    "Run it again to have all of them from the same."
)


def add(commands: Any) -> None:
    """Adds the command."""
    batch = command(commands, "batch", run_batch, "answer a file of questions")
    batch.add_argument(
        "questions", type=Path, metavar="QUESTIONS", help=".xlsx, .csv, .tsv, .jsonl, or .txt with a question a line"
    )
    batch.add_argument(
        "-o", "--output", type=Path, required=True, metavar="ANSWERS", help=".xlsx, .docx, .csv or .jsonl"
    )
    batch.add_argument("--question-column", metavar="NAME", help="the column of the questions, if it has another name")
    batch.add_argument("--resume", action="store_true", help="go on with a run that was stopped, if there is one")
    add_workers(batch)
    batch.add_argument("--link-base", metavar="URL", help="where the page is served; citations link to it")
    batch.add_argument(
        "--language", choices=("en", "fr"), default="en", help="of headings and explanations in .xlsx and .docx (en)"
    )
    batch.add_argument("--passages", type=positive, default=10, metavar="K", help="passages kept with each answer (10)")
    add_refuse(batch)


def run_batch(arguments: argparse.Namespace) -> int:
    """Answers a file of questions; returns 1 where a row failed."""
    from qa.batch import DEFAULT_LINK_BASE, BatchSettings, survey
    from qa.batch import run_batch as answer_file
    from qa.show import Progress

    link_base = DEFAULT_LINK_BASE if arguments.link_base is None else arguments.link_base
    settings = BatchSettings(arguments.question_column, arguments.resume, link_base, arguments.language)
    surveyed = survey(arguments.questions, arguments.question_column)
    pipeline = pipeline_of(arguments)
    with ExitStack() as stack:
        progress = stack.enter_context(Progress("questions"))
        workers = _workers(arguments, pipeline, surveyed.rows)
        changed: list[bool] = []
        try:
            errors = answer_file(
                arguments.questions,
                arguments.output,
                pipeline,
                settings=settings,
                surveyed=surveyed,
                workers=stack.enter_context(workers) if workers else None,
                on_row=lambda done, failed: progress.show(done, surveyed.rows, f"{failed} errors" if failed else ""),
                on_change=lambda: changed.append(True),
            )
        except KeyboardInterrupt:
            say(
                f"\n{arguments.output}: not finished. {_CHANGED_BEFORE.format(arguments.output) if changed else _GO_ON}"
            )
            raise
    failed = f", {errors} of them with an error" if errors else ""
    say(f"{surveyed.rows} questions answered into {arguments.output}{failed}")
    if changed:
        say(f"{arguments.output}: {_CHANGED_WITHIN}")
    return 1 if errors else 0


def _workers(arguments: argparse.Namespace, pipeline: "Pipeline", questions: int) -> "Processes | None":
    """Returns the processes that answer; one worker is this process itself."""
    from qa.batch import Answering

    workers = workers_of(arguments, questions)
    if workers == 1:
        return None
    return processes_of(arguments, pipeline, lambda opening: Answering(opening, arguments.language), workers)

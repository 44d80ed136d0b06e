"""The command for a file of questions."""

import argparse
from pathlib import Path
from typing import Any

from qa.cli.options import add_refuse, command, pipeline_of, positive, say


def add(commands: Any) -> None:
    """Adds the command."""
    batch = command(commands, "batch", run_batch, "answer a file of questions")
    batch.add_argument("questions", type=Path, metavar="QUESTIONS", help=".jsonl or .csv")
    batch.add_argument("-o", "--output", type=Path, required=True, metavar="ANSWERS", help=".jsonl or .csv")
    batch.add_argument("--passages", type=positive, default=10, metavar="K", help="passages kept with each answer (10)")
    add_refuse(batch)


def run_batch(arguments: argparse.Namespace) -> int:
    from qa.batch import run_batch as answer_file
    from qa.questions import rows_of
    from qa.show import Progress

    total = sum(1 for _ in rows_of(arguments.questions))
    pipeline = pipeline_of(arguments)
    with Progress("questions") as progress:
        errors = answer_file(
            arguments.questions,
            arguments.output,
            pipeline,
            on_row=lambda done, failed: progress.show(done, total, f"{failed} errors" if failed else ""),
        )
    say(f"{total} questions answered into {arguments.output}" + (f", {errors} of them with an error" if errors else ""))
    return 1 if errors else 0

"""The command that measures accuracy."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.cli.options import (
    add_refuse,
    add_report_language,
    add_workers,
    command,
    output_file,
    pipeline_of,
    processes_of,
    say,
    workers_of,
)

if TYPE_CHECKING:
    from qa.evaluation.folder import Run
    from qa.evaluation.gate import Promise
    from qa.evaluation.gold import GoldQuestion
    from qa.evaluation.row import Row
    from qa.evaluation.run import Ask
    from qa.evaluation.summary import Summary
    from qa.pipeline import Pipeline


def add(commands: Any) -> None:
    """Adds the command."""
    evaluate = command(commands, "evaluate", run_evaluate, "measure accuracy on questions with known answers")
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS", help=".jsonl, .csv or .xlsx")
    evaluate.add_argument("--report", type=Path, metavar="OUT", help="a new folder for report.html and every result")
    evaluate.add_argument("--resume", action="store_true", help="go on with the evaluation that was stopped in OUT")
    evaluate.add_argument("--gate", type=Path, metavar="FILE", help="exit with 1 where a figure it promises is missed")
    evaluate.add_argument(
        "--json", type=output_file, metavar="FILE", help="write every figure and every question's row there"
    )
    add_report_language(evaluate)
    add_workers(evaluate)
    add_refuse(evaluate)


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Measures answers; returns 1 where a promise is missed or a question could not be asked."""
    from qa.evaluation.gate import misses
    from qa.evaluation.gold import read_gold
    from qa.evaluation.summary import summarise

    golds = read_gold(arguments.questions)
    promises = _promises(arguments)
    rows, run = _asked(arguments, golds)
    errors = [row for row in rows if row.error]
    for row in errors:
        say(f"{row.id}: {row.error}")
    summary = _reported(arguments, run, rows) if run else summarise(rows)
    _print(arguments, summary, rows)
    values = {name: figure["value"] for name, figure in summary.items()}
    missed = misses({promise.set: values for promise in promises}, promises)
    for line in missed:
        say(f"missed: {line}")
    return 1 if errors or missed else 0


def _promises(arguments: argparse.Namespace) -> "list[Promise]":
    """Reads the gate before anything is asked: a mistake in it must not cost an evaluation."""
    from qa.evaluation.gate import promises_for, read_gate

    if arguments.gate is None:
        return []
    questions = arguments.questions.resolve()
    return promises_for(read_gate(arguments.gate), [questions.stem, questions.parent.name], arguments.gate)


def _asked(arguments: argparse.Namespace, golds: "list[GoldQuestion]") -> "tuple[list[Row], Run | None]":
    """Returns the rows, and the run they were recorded as where there is a folder to record in."""
    from documents.errors import BadSetting
    from qa.evaluation.folder import RESULTS, record_rows, run_of
    from qa.evaluation.run import kept
    from qa.show import Progress

    if arguments.resume and arguments.report is None:
        raise BadSetting("--resume goes on with an evaluation in a folder. Name the folder with --report.")
    pipeline = pipeline_of(arguments)
    with Progress("questions") as progress, _asking(arguments, pipeline, len(golds)) as ask:

        def show(done: int) -> None:
            progress.show(done, len(golds), "")

        if arguments.report is None:
            return kept(ask(golds), show), None
        run = run_of(
            arguments.questions,
            len(golds),
            pipeline,
            refuse=arguments.refuse,
            index=arguments.index,
            now=datetime.now(UTC),
        )
        try:
            return record_rows(golds, ask, run, arguments.report, resume=arguments.resume, on_row=show), run
        except KeyboardInterrupt:
            say(f"\nEvery answer so far is in {arguments.report / RESULTS}. Go on: the same command with --resume.")
            raise


@contextmanager
def _asking(arguments: argparse.Namespace, pipeline: "Pipeline", questions: int) -> "Iterator[Ask]":
    """Gives what asks questions: this process, or the workers; rows come in the order of the questions."""
    from qa.evaluation.run import Evaluating, each_row

    workers = workers_of(arguments, questions)
    if workers == 1:
        yield lambda golds: each_row(golds, pipeline, refuse=arguments.refuse)
        return
    refuse = arguments.refuse
    with processes_of(arguments, pipeline, lambda opening: Evaluating(opening, refuse), workers) as processes:
        yield processes.in_order


def _reported(arguments: argparse.Namespace, run: "Run", rows: "list[Row]") -> "Summary":
    """Writes summary.json and report.html; returns the figures."""
    from qa.evaluation.folder import REPORT
    from qa.evaluation.publish import publish
    from qa.evaluation.wording import Words

    found = publish(run, rows, arguments.report, Words(arguments.language))
    say(f"Report: {arguments.report / REPORT}")
    return found.figures


def _print(arguments: argparse.Namespace, summary: "Summary", rows: "list[Row]") -> None:
    from qa.evaluation.row import written

    if arguments.json:
        report = {"questions": str(arguments.questions), "refuse": arguments.refuse, "summary": summary}
        arguments.json.write_text(
            json.dumps(report | {"rows": [json.loads(row) for row in written(rows)]}, ensure_ascii=False, indent=1)
        )
    for name, figure in summary.items():
        limits = "" if figure["low"] is None else f"  [{figure['low']:.3f}, {figure['high']:.3f}]"
        print(f"{name:22} {figure['value']:8.3f}{limits}  n={figure['n']}")

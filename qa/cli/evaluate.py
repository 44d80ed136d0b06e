"""The command that measures accuracy."""

import argparse
import json
from pathlib import Path
from typing import Any

from qa.cli.options import add_refuse, command, pipeline_of


def add(commands: Any) -> None:
    """Adds the command."""
    evaluate = command(commands, "evaluate", run_evaluate, "measure accuracy on questions with known answers")
    evaluate.add_argument("questions", type=Path, metavar="QUESTIONS")
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write every figure and every question's row there")
    add_refuse(evaluate)


def run_evaluate(arguments: argparse.Namespace) -> int:
    from qa.evaluate import evaluate, read_gold, summarise, written
    from qa.show import Progress

    golds = read_gold(arguments.questions)
    pipeline = pipeline_of(arguments)
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

"""The commands on evaluations that are done, or not yet begun: compare, check-questions."""

import argparse
from pathlib import Path
from typing import Any

from qa.cli.options import add_json, add_report_language, command, open_store, output_file, print_json, say


def add(commands: Any) -> None:
    """Adds the commands."""
    text = "show what changed between two evaluations"
    compare = commands.add_parser("compare", help=text, description=text.capitalize() + ".")
    compare.add_argument("first", type=Path, metavar="RUN_A", help="the folder that evaluate --report wrote")
    compare.add_argument("second", type=Path, metavar="RUN_B")
    compare.add_argument("--html", type=output_file, metavar="FILE", help="write the comparison as a page, too")
    add_report_language(compare)
    compare.set_defaults(run=run_compare)
    check = command(commands, "check-questions", run_check, "find the mistakes in a file of questions with answers")
    check.add_argument("questions", type=Path, metavar="QUESTIONS", help=".jsonl, .csv or .xlsx")
    add_json(check)


def run_compare(arguments: argparse.Namespace) -> int:
    """Sets two evaluations side by side."""
    from qa.evaluation.compare import compare
    from qa.evaluation.compare_report import comparison_html, comparison_lines
    from qa.evaluation.folder import read_run
    from qa.evaluation.wording import Words

    first, second = read_run(arguments.first), read_run(arguments.second)
    for folder, recorded in ((arguments.first, first), (arguments.second, second)):
        if len(recorded.rows) < recorded.run.count:
            say(f"{folder}: was stopped after {len(recorded.rows)} of {recorded.run.count} questions")
    found = compare(first, second)
    for line in comparison_lines(found):
        print(line)
    if arguments.html:
        arguments.html.write_text(comparison_html(found, Words(arguments.language)), encoding="utf-8")
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    """Tells the mistakes of a question file; returns 1 where there are any."""
    from qa.evaluation.check import problems
    from qa.evaluation.problem import Problem, problem_object
    from qa.show import Progress

    found: list[Problem] = []
    rows = ""
    with Progress("rows") as progress:

        def show(done: int, total: int) -> None:
            nonlocal rows
            rows = f"{done} of {total} rows"
            progress.show(done, total, "")

        try:
            for each in problems(arguments.questions, open_store(arguments), on_row=show):
                found.append(each)
                if not arguments.json:
                    progress.write(
                        f"{each.place}: {each.message}" + (f"\n  nearest: {each.nearest}" * bool(each.nearest))
                    )
        except KeyboardInterrupt:
            say(f"\n{arguments.questions}: {rows or 'no row'} checked, {len(found)} problems so far")
            raise
    if arguments.json:
        print_json([problem_object(each) for each in found])
    else:
        say(f"{len(found)} problems" if found else f"{arguments.questions}: nothing is wrong")
    return 1 if found else 0

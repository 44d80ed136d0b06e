"""The commands for one question: ask and search."""

import argparse
from typing import Any

from qa.cli.options import (
    add_json,
    add_question,
    add_refuse,
    add_rerank,
    command,
    pipeline_of,
    positive,
    print_json,
    question_of,
)


def add(commands: Any) -> None:
    """Adds the commands."""
    ask = command(commands, "ask", run_ask, "answer one question")
    add_question(ask)
    add_refuse(ask)
    add_json(ask)

    search = command(commands, "search", run_search, "show the passages for a question, without an answer")
    add_question(search)
    search.add_argument("--passages", type=positive, default=10, metavar="K", help="how many (10)")
    add_rerank(search)
    add_json(search)


def run_ask(arguments: argparse.Namespace) -> int:
    """Answers one question."""
    from qa.batch import answer_object
    from qa.show import readable_answer

    answer = pipeline_of(arguments).answer(question_of(arguments))
    if arguments.json:
        print_json({"question": answer.question.text} | answer_object(answer))
    else:
        print(readable_answer(answer))
    return 0


def run_search(arguments: argparse.Namespace) -> int:
    """Shows the passages for a question."""
    from qa.batch import passage_object
    from qa.show import readable_hit

    hits = pipeline_of(arguments).search(question_of(arguments), arguments.passages)
    if arguments.json:
        print_json([passage_object(hit, rank) for rank, hit in enumerate(hits, 1)])
        return 0
    for rank, hit in enumerate(hits, 1):
        print(f"{rank}. {readable_hit(hit)}\n   {hit.passage.info.id}:{hit.passage.start}-{hit.passage.end}\n")
    return 0

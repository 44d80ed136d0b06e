"""Many people asking the page at once, without pause: python -m benchmarks.serve [--users 32] [--seconds 60]

The page runs as `removals-qa chat` does and is asked over HTTP, as programs ask it (/ask of Gradio's API). Each user
sends the next question when the last is answered. The fair share is what each would wait if all were served in turn:
users divided by answers a second.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.browser import LIBRARY, ROOT, ingested, serving

QUESTIONS = ROOT / "tests" / "library_questions.jsonl"
_TICKS = 100  # of the processor's clock, a second, in /proc


@dataclass(slots=True)
class Told:
    """What came back: seconds of each answer, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> int:
    """Prints a table and a line of JSON; returns the exit status."""
    arguments = parsed()
    rows = [json.loads(line) for line in arguments.questions.read_text(encoding="utf-8").splitlines()]
    questions = [str(row["question"]) for row in rows if not row.get("history")]
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.index or ingested(Path(scratch) / "index", LIBRARY)
        results = [measured(arguments, folder, questions, read=read) for read in arguments.read]
    show(results)
    print(json.dumps(results))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


def parsed() -> argparse.Namespace:
    """Returns what the command line says."""
    parser = argparse.ArgumentParser(description="Ask the page from many places at once.")
    parser.add_argument("--index", type=Path, help="an index folder (default: the shipped library, ingested)")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, metavar="FILE", help="a row of JSON a question")
    parser.add_argument("--users", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=60, help="of asking, after each user's first answer")
    parser.add_argument("--only", choices=("rerank", "no-rerank"), help="with the cross-encoder, or without it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    arguments = parser.parse_args()
    arguments.read = [read for read in (False, True) if arguments.only in (None, "rerank" if read else "no-rerank")]
    return arguments


def measured(arguments: argparse.Namespace, folder: Path, questions: Sequence[str], *, read: bool) -> dict[str, Any]:
    """Returns the figures of one server, with the cross-encoder if `read`."""
    with serving(folder, *(() if read else ("--no-rerank",))) as (address, process):
        asyncio.run(ask_all(address, questions, 1, count(), 0.0))  # the models are loaded now
        asyncio.run(ask_all(address, questions, arguments.users, count(), 0.0))
        before, began = processor_seconds(process), time.perf_counter()
        told = asyncio.run(ask_all(address, questions, arguments.users, count(), arguments.seconds))
        seconds, taken = time.perf_counter() - began, processor_seconds(process) - before
    rate = len(told.seconds) / seconds
    share = arguments.users / rate if rate else float("inf")
    p50, p95 = (float(np.percentile(told.seconds or [0.0], percent)) for percent in (50, 95))
    return {
        "rerank": read,
        "users": arguments.users,
        "seconds": seconds,
        "answers": len(told.seconds),
        "errors": len(told.errors),
        "first_error": told.errors[0] if told.errors else "",
        "answers_per_second": rate,
        "answers_per_processor_second": len(told.seconds) / taken,
        "fair_share_s": share,
        "p50_s": p50,
        "p95_s": p95,
        "p95_of_fair_share": p95 / share,
    }


async def ask_all(address: str, questions: Sequence[str], users: int, turn: "count[int]", seconds: float) -> Told:
    """Has so many users ask for so long, one question each at least; every answer is waited for."""
    told, until = Told(), time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=600, limits=limits) as client:

        async def user() -> None:
            while True:
                began = time.perf_counter()
                wrong = await answer_error(client, questions[next(turn) % len(questions)])
                if wrong:
                    told.errors.append(wrong)
                else:
                    told.seconds.append(time.perf_counter() - began)
                if time.perf_counter() >= until:
                    return

        await asyncio.gather(*(user() for _ in range(users)))
    return told


async def answer_error(client: httpx.AsyncClient, question: str) -> str:
    """Asks and waits for the answer; returns what went wrong, or nothing."""
    try:
        sent = await client.post("gradio_api/call/ask", json={"data": [question, "", None]})
        event = sent.raise_for_status().json()["event_id"]
        kind = ""
        async with client.stream("GET", f"gradio_api/call/ask/{event}") as answer:
            async for line in answer.aiter_lines():
                kind = line.removeprefix("event: ") if line.startswith("event: ") else kind
                if line.startswith("data: ") and kind == "complete":
                    return "" if json.loads(line.removeprefix("data: "))[0]["status"] != "error" else line
                if kind == "error" and line.startswith("data: "):
                    return line
        return "no answer came"
    except (httpx.HTTPError, KeyError, ValueError) as error:
        return repr(error)


def processor_seconds(process: int) -> float:
    """Returns what a process has taken of the processor so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def show(results: Sequence[dict[str, Any]]) -> None:
    """Prints the table."""
    print(
        "| cross-encoder | users | answers | errors | answers/s | answers/processor s | fair share s | p50 s | p95 s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for row in results:
        figures = ("answers_per_second", "answers_per_processor_second", "fair_share_s", "p50_s", "p95_s")
        cells = " | ".join(f"{row[name]:.2f}" for name in figures)
        read = "yes" if row["rerank"] else "no"
        print(f"| {read} | {row['users']} | {row['answers']} | {row['errors']} | {cells} |")


if __name__ == "__main__":
    sys.exit(main())

"""Answers a large file of questions: memory over time, speed against a loop, kills: python -m benchmarks.batch

Memory: the file is answered by the command in one run, while the proportional set size of all its processes is added
up. Speed: a sample of its questions, none asked twice, is answered by the command and one by one in a loop of this
process; rates are taken from the first answer to the last, so that loading the models counts for neither. The rate of
rows of the whole file counts repeated ones too, which a batch asks once and a loop each time. Kills: a sample, one row
in five a repeat, is answered undisturbed, and again by a command whose whole process group is killed at random moments,
as it starts, as it answers and as it writes, and gone on with; the two answer files are compared.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.batch_kills import killed
from benchmarks.batch_runs import BatchRun
from benchmarks.evalsets import add_folder
from benchmarks.question_file import Asked, build_all, question_file, spread, with_repeats, write_questions

PARTS = ("memory", "speed", "kills")


def main() -> int:
    """Prints every figure and a line of JSON; returns 1 where a file that was gone on with is another one."""
    arguments = _arguments()
    asked = question_file(arguments.sets, arguments.questions, arguments.repeats)
    distinct = len({each.asks for each in asked})
    print(f"{len(asked)} rows: {distinct} different questions, {len(asked) - distinct} rows repeat an earlier one")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        location = arguments.index or folder / "index"
        build_all(arguments.sets, location)
        run = BatchRun(folder, location, arguments.workers, arguments.output, rerank=arguments.rerank)
        result: dict[str, Any] = {"rows": len(asked), "different": distinct, "workers": arguments.workers}
        if "memory" in arguments.parts:
            result["memory"] = _memory(run, asked, distinct)
        if "speed" in arguments.parts:
            result["speed"] = _speed(run, spread(asked, arguments.speed))
        if {"memory", "speed"} <= result.keys():
            result["rows_times_the_loop"] = result["memory"]["rows_per_second"] / result["speed"]["loop_rate"]
            print(f"rows of the whole file a second: {result['rows_times_the_loop']:.2f} times the loop")
        if "kills" in arguments.parts:
            result["kills"] = killed(run, with_repeats(asked, arguments.kill_rows), arguments.kills, arguments.seed)
    text = json.dumps(result)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0 if result.get("kills", {}).get("same", True) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a large batch.")
    add_folder(parser)
    parser.add_argument("--questions", type=int, default=10_000, help="rows of the file (10000)")
    parser.add_argument("--repeats", type=float, default=1.0, help="share, beyond the sets' own, of true repeats (1)")
    parser.add_argument("--speed", type=int, default=150, help="questions asked by a batch and by loops (150)")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--kill-rows", type=int, default=300, help="rows of the file that is killed (300)")
    parser.add_argument("--seed", type=int, default=6, help="of the moments of the kills (6)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--output", default=".xlsx", help="the suffix of the answer file (.xlsx)")
    parser.add_argument("--no-rerank", dest="rerank", action="store_false", help="leave the cross-encoder out")
    parser.add_argument("--index", type=Path, metavar="DIR", help="keep the index of all sets there, or use that one")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there too")
    return parser.parse_args()


def _memory(run: BatchRun, asked: list[Asked], distinct: int) -> dict[str, Any]:
    """Answers the whole file once, watched."""
    done = run.watched(write_questions(run.folder / "questions.jsonl", asked))
    early, late = done.watch.growth(distinct)  # repeated rows are written at the end, all at once
    watch = done.watch
    print(f"memory: peak {watch.peak:.0f} MB, {watch.unfiled:.0f} of no file; median {early:.0f} in the second tenth,")
    print(f"  {late:.0f} in the last")
    for name, held in done.watch.most.items():
        print(f"  {held:6.0f} MB  {name}")
    rate = (len(asked) - 1) / done.answering
    new = rate * distinct / len(asked)
    print(f"  {done.seconds:.0f} s in all; {rate:.1f} rows a second, {new:.1f} of them asked anew")
    return {
        "seconds": done.seconds,
        "rows_per_second": rate,
        "asked_per_second": new,
        "peak_mb": done.watch.peak,
        "peak_unfiled_mb": done.watch.unfiled,
        "second_tenth_mb": early,
        "last_tenth_mb": late,
        "answers_mb": done.answers.stat().st_size / 1e6,
        "samples": [(round(seconds, 1), rows, round(held, 1)) for seconds, rows, held in done.watch.samples],
    }


def _speed(run: BatchRun, asked: list[Asked]) -> dict[str, Any]:
    """Asks the same questions in a batch and, half before it and half after it, in loops of one and of all threads.

    The loop that is faster counts: with other programs on the machine, threads of one loop wait for one another.
    """
    half = len(asked) // 2
    numbers = sorted({1, run.workers})
    loops = {threads: run.loop(asked[:half], threads) for threads in numbers}
    done = run.undisturbed(write_questions(run.folder / "speed.jsonl", asked))
    for threads in numbers:
        loops[threads] = len(asked) / (loops[threads] + run.loop(asked[half:], threads))
    loop = max(loops.values())
    rate = (len(asked) - 1) / done.answering
    told = ", ".join(f"{each:.2f} with {threads} threads" for threads, each in loops.items())
    print(
        f"speed: {rate:.2f} a second with {run.workers} workers; in a loop {told}: {rate / loop:.2f} times the faster"
    )
    return {
        "questions": len(asked),
        "rate": rate,
        "loop_rates": loops,
        "loop_rate": loop,
        "times_the_loop": rate / loop,
    }


if __name__ == "__main__":
    sys.exit(main())

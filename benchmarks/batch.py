"""Answers a large file of questions and times it against asking one by one: python -m benchmarks.batch

The questions of one set are repeated with fresh ids and a word more until there are enough, so that none is answered by
an earlier one. Both rates are taken from the first answer to the last, so that loading the models counts for neither;
`seconds` is the whole run. The peak is summed over all processes of the run.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from benchmarks.evalsets import add_folder, build
from index.embed import SentenceTransformerEmbedder
from qa.batch import Opening, Processes, run_batch
from qa.pipeline import Pipeline, Settings
from qa.questions import rows_of
from qa.rerank import RerankSettings
from qa.types import Question

_WORDINGS = ("{}", "{} Please.", "Tell me: {}", "I would like to know: {}", "{} And where does it say so?")


def main() -> int:
    """Prints the rates and a line of JSON; returns the exit status."""
    arguments = _arguments()
    asked = wordings([row["question"] for _, row in rows_of(arguments.sets / arguments.set / "questions.jsonl")])
    questions = [next(asked) for _ in range(arguments.questions)]
    settings = Settings(rerank=RerankSettings(read=arguments.rerank))
    embedder = SentenceTransformerEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        store = build(arguments.sets, arguments.set, Path(folder) / "index", embedder)
        path = Path(folder) / "questions.jsonl"
        rows = (json.dumps({"id": f"b{number}", "question": text}) for number, text in enumerate(questions))
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        pipeline = Pipeline(store, embedder, settings)
        result = _batch(path, path.with_suffix(arguments.output), pipeline, Path(folder) / "index", arguments.workers)
        loop = _loop(questions[: arguments.loop], pipeline)
    result |= {"loop_questions": arguments.loop, "loop_rate": loop, "times_the_loop": result["rate"] / loop}
    for name, value in result.items():
        print(f"{name:16} {value:10.2f}")
    print(json.dumps(result))
    return 0


def wordings(texts: list[str]) -> Iterator[str]:
    """Yields the texts over and over, each time in words of its own."""
    for number, text in enumerate(cycle(texts)):
        turn = number // len(texts)
        wording = _WORDINGS[turn % len(_WORDINGS)].format(text)
        yield wording if turn < len(_WORDINGS) else f"{wording} ({turn})"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time a batch against a loop.")
    add_folder(parser)
    parser.add_argument("--set", default="xquad_en", help="whose documents and questions are used")
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--loop", type=int, default=300, help="how many are asked one by one (300)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--output", default=".xlsx", help="the suffix of the answer file (.xlsx)")
    parser.add_argument("--no-rerank", dest="rerank", action="store_false", help="leave the cross-encoder out")
    return parser.parse_args()


def _batch(questions: Path, answers: Path, pipeline: Pipeline, index: Path, workers: int) -> dict[str, float]:
    answers = answers.with_stem("answers")
    moments: list[float] = []
    peak = 0.0

    def on_row(done: int, errors: int) -> None:
        nonlocal peak
        moments.append(time.perf_counter())
        if done % 20 == 0:
            peak = max(peak, _peak())

    began = time.perf_counter()
    if workers == 1:
        run_batch(questions, answers, pipeline, on_row=on_row)
    else:
        with Processes(Opening(index, pipeline.embedder.name, pipeline.settings), workers) as processes:
            run_batch(questions, answers, pipeline, workers=processes, on_row=on_row)
            peak = max(peak, _peak())
    seconds = time.perf_counter() - began
    rate = (len(moments) - 1) / (moments[-1] - moments[0])
    return {
        "questions": len(moments),
        "workers": workers,
        "seconds": seconds,
        "rate": rate,
        "peak_mb": max(peak, _peak()),
        "answers_mb": answers.stat().st_size / 1e6,
    }


def _loop(questions: list[str], pipeline: Pipeline) -> float:
    for text in questions[:5]:
        pipeline.answer(Question(text))
    began = time.perf_counter()
    for text in questions:
        pipeline.answer(Question(text))
    return len(questions) / (time.perf_counter() - began)


def _peak() -> float:
    """Returns the largest resident memory, in MB, that this process and each it started have had, added up."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if not children.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return sum(map(_high_water, ["self", *children.read_text().split()]))


def _high_water(process: str) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0  # it has ended meanwhile
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1e3


if __name__ == "__main__":
    sys.exit(main())

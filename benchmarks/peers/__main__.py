"""Other programs side by side with this one: python -m benchmarks.peers --work DIR

Every system gets the same documents, questions and model files, and does with them what its own documentation shows,
in an environment of its own that is made below --work with pinned versions. They run one after the other, --rounds
times over, each in a new process with the same threads and without network. A passage counts when it holds the gold
evidence by the rule of the evaluation (docs/metrics.md). Asked are the questions that have evidence and are no part of
a dialogue.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.evalsets import add_folder
from benchmarks.peers.environments import PEERS, NotInstalled, Peer, python_of, run_peer
from benchmarks.peers.judge import CLOCKS, figures
from index.embed import default_model_folder
from qa.evaluation.gold import GoldQuestion, read_gold


def main() -> int:
    """Prints a table of each set and a line of JSON; returns the exit status."""
    arguments = parsed()
    missing = [name for name in arguments.set if not (arguments.sets / name / "questions.jsonl").exists()]
    if missing:
        print(f"{arguments.sets}: no set {missing[0]} is here. Name the sets' folder with --sets.", file=sys.stderr)
        return 1
    pythons, left_out = environments(arguments.only, arguments.work)
    rows: list[dict[str, Any]] = []
    for name in arguments.set:
        golds = asked(arguments.sets / name / "questions.jsonl", arguments.questions)
        runs: dict[str, list[dict[str, Any]]] = {}
        for _ in range(arguments.rounds):
            for peer, python in pythons.items():
                result = measured(peer, python, arguments, name, golds)
                if isinstance(result, str):
                    left_out[f"{peer.name} on {name}"] = result
                else:
                    runs.setdefault(peer.name, []).append(result)
        rows += rows_of(runs, name, golds, arguments.clock)
    told = {"machine": platform.processor() or platform.machine(), "threads": arguments.threads, "left_out": left_out}
    show(rows, arguments.set)
    for peer_name, reason in left_out.items():
        print(f"left out: {peer_name}: {reason}")
    print(json.dumps(told | {"rounds": arguments.rounds, "clock": arguments.clock, "rows": rows}))
    return 0


def parsed() -> argparse.Namespace:
    """Returns the arguments of the command line."""
    parser = argparse.ArgumentParser(description="Compare with other programs.")
    add_folder(parser)
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="where the environments are kept")
    parser.add_argument("--set", nargs="+", default=["squad2_en", "removals"], metavar="SET")
    parser.add_argument("--only", nargs="+", metavar="NAME", help=", ".join(peer.name for peer in PEERS))
    parser.add_argument("--questions", type=int, default=1000, help="of each set, at most")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--clock", choices=CLOCKS, default="processor", help="what seconds are told: of the processor")
    return parser.parse_args()


def environments(only: list[str] | None, work: Path) -> tuple[dict[Peer, Path], dict[str, str]]:
    """Returns the interpreter of each system, and why the others have none."""
    pythons, left_out = {}, {}
    for peer in PEERS:
        if only and peer.name not in only:
            continue
        try:
            pythons[peer] = python_of(peer, work)
        except NotInstalled as error:
            left_out[peer.name] = str(error)
    return pythons, left_out


def asked(path: Path, count: int) -> list[GoldQuestion]:
    """Returns the first `count` of the questions that can be judged and stand by themselves."""
    golds = [gold for gold in read_gold(path) if gold.answerable and gold.evidence]
    return [gold for gold in golds if not gold.question.history and not gold.question.documents][:count]


def measured(
    peer: Peer, python: Path, arguments: argparse.Namespace, name: str, golds: list[GoldQuestion]
) -> dict[str, Any] | str:
    """Returns the result of one run, or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        request, result, place = Path(folder, "request.json"), Path(folder, "result.json"), Path(folder, "index")
        place.mkdir()
        wanted = {
            "documents": str((arguments.sets / name / "corpus" / "docs.jsonl").resolve()),
            "questions": [gold.question.text for gold in golds],
            "model": str(default_model_folder()),
            "folder": str(place),
        }
        request.write_text(json.dumps(wanted), encoding="utf-8")
        print(f"{peer.name} on {name}", file=sys.stderr)
        failure = run_peer(peer, python, request, result, threads=arguments.threads, environment=dict(os.environ))
        return failure or dict(json.loads(result.read_text(encoding="utf-8")))


def rows_of(
    runs: dict[str, list[dict[str, Any]]], name: str, golds: list[GoldQuestion], clock: str
) -> list[dict[str, Any]]:
    """Returns a row for each way of asking each system; ratios are to this program's ingest of the same run."""
    rows: list[dict[str, Any]] = []
    for peer in PEERS:
        for way in runs[peer.name][0]["ways"] if peer.name in runs else ():
            row = {"set": name, "system": peer.name, "versions": runs[peer.name][0]["versions"]}
            row["splitter"] = peer.splitter
            rows.append(row | figures(runs[peer.name], way, golds, CLOCKS[clock]))
    own = next((row["ingest_seconds"] for row in rows if row["system"] == PEERS[0].name), None)
    return [row | {"ingest_times_ours": own and row["ingest_seconds"] / own} for row in rows]


def show(rows: list[dict[str, Any]], sets: list[str]) -> None:
    """Prints a Markdown table of each set."""
    for name in sets:
        own = [row for row in rows if row["set"] == name]
        if not own:
            continue
        print(f"\n{name}: {own[0]['questions']} questions\n")
        print(
            "| system, way | passages | ingest s (times ours) | peak MB | p50, p95 ms | recall@5 | sentence hit, any |"
        )
        print("|---|---|---|---|---|---|---|")
        for row in own:
            times = "" if row["ingest_times_ours"] is None else f" ({row['ingest_times_ours']:.2f})"
            quoted = (
                "-" if row["sentence_hit@1"] is None else f"{row['sentence_hit@1']:.3f}, {row['sentence_hit@any']:.3f}"
            )
            print(
                f"| {row['system']}, {row['way']} | {row['passages']} of {row['words_a_passage']:.0f} words"
                f" | {row['ingest_seconds']:.1f}{times} | {row['ingest_peak_mb']:.0f}, {row['peak_mb']:.0f}"
                f" | {row['p50_ms']:.1f}, {row['p95_ms']:.1f} | {row['evidence_recall@5']:.3f} | {quoted} |"
            )


if __name__ == "__main__":
    sys.exit(main())

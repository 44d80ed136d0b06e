"""Measures every question set and writes the README's table: python -m benchmarks.accuracy

Each set is ingested by itself with the default settings and its questions are answered with refusal off; whether
an answer would have been given is judged by its confidence at the balanced setting. Processes with one thread each
share the work, so that the figures are the same whatever their number.
"""

import argparse
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.evalsets import add_folder, set_names
from benchmarks.set_work import REFUSE, SetWork
from documents.errors import UserError
from index.lexicon import OFF, LexiconSettings
from index.models import embedder_named
from qa.evaluation.folder import RUN, Run, record_rows
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.publish import publish, publish_whole
from qa.evaluation.row import Row, row_from, written
from qa.evaluation.summary import summarise
from qa.extract import ExtractSettings
from qa.pipeline import Settings
from qa.processes import Processes
from qa.retrieve import RetrieveSettings
from qa.show import Progress

README = Path(__file__).resolve().parent.parent / "README.md"
COLUMNS = {
    "document_recall@5": "document in top 5",
    "evidence_recall@5": "evidence in top 5",
    "sentence_hit@1": "right sentence first",
    "sentence_hit@any": "among the cited",
    "auroc": "AUROC answerable",
    "decision": "right decision",
    "verbatim": "verbatim quotes",
}
_INDEXES = "indexes"  # a folder within that of the run, until the run is over
_BEGIN, _END = "<!-- accuracy -->", "<!-- /accuracy -->"


def main() -> int:
    """Prints the table; with --readme writes it there; returns the exit status."""
    arguments = _arguments()
    names = arguments.only or (written_in(arguments.told) if arguments.told else set_names(arguments.sets))
    if not names:
        print(f"{arguments.sets}: no question sets are here. Name their folder with --sets.", file=sys.stderr)
        return 1
    try:
        every = _told(arguments, names) if arguments.told else _asked(arguments, names)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        if arguments.report:
            print(f"\n{arguments.report}: go on with the same command and --resume.", file=sys.stderr)
        return 130
    if arguments.rows:
        _write_rows(arguments.rows, every)
    summaries = {name: summarise([row for row in every if row.set == name]) for name in names}
    lines = table(summaries)
    print("\n".join(lines))
    return _write_readme(arguments.readme, lines, names, every) if arguments.readme else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure accuracy on every question set.")
    add_folder(parser)
    parser.add_argument("--only", nargs="*", metavar="SET", help="these sets only")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes, each with one thread")
    parser.add_argument("--report", type=Path, metavar="DIR", help="write one report of all sets there")
    parser.add_argument("--resume", action="store_true", help="go on with the run that was stopped in the report's DIR")
    parser.add_argument(
        "--readme",
        nargs="?",
        const=README,
        type=Path,
        metavar="FILE",
        help="write the table into README.md, or FILE, where the run was whole: every set, default settings",
    )
    parser.add_argument("--rows", type=Path, metavar="DIR", help="write every question's row into DIR/SET.jsonl")
    parser.add_argument("--told", type=Path, metavar="DIR", help="ask nothing: read the rows that --rows wrote there")
    parser.add_argument("--model", help="the embedder, such as bilingual")
    parser.add_argument("--no-lexicon", action="store_true", help="without equivalents and corrected words")
    arguments = parser.parse_args()
    if arguments.resume and not arguments.report:
        parser.error("--resume goes on with a run in a folder: name it with --report")
    if arguments.readme and (arguments.only or arguments.model or arguments.no_lexicon):
        parser.error("--readme takes whole runs with default settings: leave out --only, --model and --no-lexicon")
    return arguments


def _write_readme(readme: Path, lines: Sequence[str], names: Sequence[str], rows: Sequence[Row]) -> int:
    """Puts the table between its marks, where it has every set that stands there and every question was asked."""
    text = readme.read_text(encoding="utf-8")
    marked = re.search(f"{_BEGIN}\n(.*?){_END}", text, flags=re.DOTALL)
    if not marked:
        print(f"{readme}: not written; it has no {_BEGIN} and {_END} to write between.", file=sys.stderr)
        return 1
    before = [line.split("|")[1].strip() for line in marked[1].splitlines()[2:]]
    missing = sorted(set(before) - set(names))
    errors = sum(bool(row.error) for row in rows)
    if missing or errors:
        why = f"{', '.join(missing)} not measured" if missing else f"{errors} questions could not be asked"
        print(f"{readme}: not written; {why}.", file=sys.stderr)
        return 1
    start, end = marked.span(1)
    readme.write_text(text[:start] + "\n".join(lines) + "\n" + text[end:], encoding="utf-8")
    return 0


def _told(arguments: argparse.Namespace, names: Sequence[str]) -> list[Row]:
    """Returns the rows that --rows wrote; with --report their report is written."""
    every = [replace(row, set=name) for name in names for row in read_rows(arguments.told / f"{name}.jsonl")]
    if arguments.report:
        publish_whole(_run(arguments, "", len(every)), every, arguments.report)
    return every


def _asked(arguments: argparse.Namespace, names: Sequence[str]) -> list[Row]:
    """Returns the rows of every set, asked now by several processes; with --report each is kept there as it comes."""
    golds = [replace(gold, set=name) for name in names for gold in read_gold(arguments.sets / name / "questions.jsonl")]
    run = _run(arguments, _digest(arguments.sets, names), len(golds))
    with ExitStack() as stack:
        folder = arguments.report or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place = folder / _INDEXES

        def ask(left: Sequence[GoldQuestion]) -> Iterator[Row]:
            return ask_sets(left, arguments, place)

        with Progress("questions") as progress:

            def show(done: int) -> None:
                progress.show(done, len(golds), "")
                if done % 250 == 0 and not sys.stderr.isatty():
                    print(f"{done} of {len(golds)} questions", file=sys.stderr)

            resume = arguments.resume and (folder / RUN).exists()
            rows = record_rows(golds, ask, run, folder, resume=resume, on_row=show)
        shutil.rmtree(place, ignore_errors=True)
        if arguments.report:
            publish(run, rows, folder)
    return rows


def ask_sets(golds: Sequence[GoldQuestion], arguments: argparse.Namespace, place: Path) -> Iterator[Row]:
    """Yields the rows of the questions in their order; the indexes of their sets are made first, in `place`."""
    names = sorted({gold.set for gold in golds}, key=lambda name: -_size(arguments.sets, name))
    model = embedder_named(arguments.model).name
    lexicon = OFF if arguments.no_lexicon else LexiconSettings()
    settings = Settings(retrieve=RetrieveSettings(lexicon=lexicon), extract=ExtractSettings(lexicon=lexicon))
    with Processes(SetWork(arguments.sets, place, model, settings), arguments.workers) as processes:
        with Progress("indexes") as progress:
            for done, _ in enumerate(processes.in_order(names), 1):
                progress.show(done, len(names), "")
        yield from processes.in_order(golds)


def _size(sets: Path, name: str) -> int:
    return (sets / name / "corpus" / "docs.jsonl").stat().st_size


def _digest(sets: Path, names: Sequence[str]) -> str:
    """Returns the SHA-256 of the files of the sets, questions and documents."""
    digest = hashlib.sha256()
    for name in names:
        for path in (sets / name / "questions.jsonl", sets / name / "corpus" / "docs.jsonl"):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _run(arguments: argparse.Namespace, digest: str, count: int) -> Run:
    embedder = embedder_named(arguments.model)
    return Run(
        questions="all question sets" if not arguments.only else ", ".join(arguments.only),
        digest=digest,
        count=count,
        refuse=REFUSE,
        rerank=True,
        model=f"{embedder.name} {embedder.revision[:12]}",
        index="of each set by itself",
        index_generation="no lexicon" if arguments.no_lexicon else "",
        began=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    )


def _write_rows(folder: Path, rows: Sequence[Row]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in dict.fromkeys(row.set for row in rows):
        lines = written(row for row in rows if row.set == name)
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_rows(path: Path) -> list[Row]:
    """Returns the rows that --rows wrote."""
    return [row_from(line) for line in path.read_text(encoding="utf-8").splitlines()]


def written_in(folder: Path) -> list[str]:
    """Returns the names of the sets whose rows are in the folder."""
    return sorted(path.stem for path in folder.glob("*.jsonl"))


def table(summaries: dict[str, dict[str, Any]]) -> Sequence[str]:
    """Returns the lines of a Markdown table, each figure with its 95% interval."""
    lines = [
        "| set | questions | answerable | " + " | ".join(COLUMNS.values()) + " | median ms |",
        "|---" * (len(COLUMNS) + 4) + "|",
    ]
    for name, summary in summaries.items():
        cells = [_cell(summary.get(column)) for column in COLUMNS]
        counts = f"{summary['seconds']['n']} | {summary['sentence_hit@1']['n']}"
        lines.append(f"| {name} | {counts} | {' | '.join(cells)} | {summary['seconds']['median'] * 1000:.0f} |")
    return lines


def _cell(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "-"
    if figure["low"] == figure["high"]:
        return f"{figure['value']:.3f}"
    return f"{figure['value']:.3f} ({figure['low']:.2f}-{figure['high']:.2f})"


if __name__ == "__main__":
    sys.exit(main())

"""Measures every question set and writes the README's table: python -m benchmarks.accuracy

Each set is ingested by itself with the default settings and its questions are answered with refusal off; whether
an answer would have been given is judged by its confidence at the balanced setting.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.evalsets import add_folder, build, set_names
from index.lexicon import OFF, LexiconSettings
from index.models import embedder_named
from index.types import Embedder
from qa.evaluation.folder import Run
from qa.evaluation.gold import read_gold
from qa.evaluation.publish import publish_whole
from qa.evaluation.row import Row, row_from, written
from qa.evaluation.run import evaluate
from qa.evaluation.summary import summarise
from qa.extract import ExtractSettings
from qa.pipeline import Pipeline, Settings
from qa.retrieve import RetrieveSettings

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
_BEGIN, _END = "<!-- accuracy -->", "<!-- /accuracy -->"


def main() -> int:
    """Prints the table; with --readme writes it there; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure accuracy on every question set.")
    add_folder(parser)
    parser.add_argument("--only", nargs="*", metavar="SET", help="these sets only")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    parser.add_argument("--rows", type=Path, metavar="DIR", help="write every question's row into DIR/SET.jsonl")
    parser.add_argument("--told", type=Path, metavar="DIR", help="ask nothing: read the rows that --rows wrote there")
    parser.add_argument("--report", type=Path, metavar="DIR", help="write one report of all sets there")
    parser.add_argument("--model", help="the embedder, such as bilingual")
    parser.add_argument("--no-lexicon", action="store_true", help="without equivalents and corrected words")
    arguments = parser.parse_args()
    names = arguments.only or (written_in(arguments.told) if arguments.told else set_names(arguments.sets))
    if not names:
        print(f"{arguments.sets}: no question sets are here. Name their folder with --sets.", file=sys.stderr)
        return 1
    embedder = embedder_named(arguments.model)
    summaries = {}
    every: list[Row] = []
    for name in names:
        rows = read_rows(arguments.told / f"{name}.jsonl") if arguments.told else ask(name, arguments, embedder)
        summaries[name] = summarise(rows)
        every += [replace(row, set=name) for row in rows]
        print(f"{name}: {json.dumps({key: round(value['value'], 3) for key, value in summaries[name].items()})}")
    if arguments.report:
        model = f"{embedder.name} {embedder.revision[:12]}"
        began = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        run = Run("all question sets", "", len(every), "balanced", True, model, "of each set by itself", "", began)
        publish_whole(run, every, arguments.report)
    lines = table(summaries)
    print("\n".join(lines))
    if arguments.readme:
        text = README.read_text(encoding="utf-8")
        block = f"{_BEGIN}\n" + "\n".join(lines) + f"\n{_END}"
        README.write_text(re.sub(f"{_BEGIN}.*?{_END}", lambda _: block, text, flags=re.DOTALL), encoding="utf-8")
    return 0


def ask(name: str, arguments: argparse.Namespace, embedder: Embedder) -> list[Row]:
    """Returns the rows of a set, asked now; with --rows they are written too."""
    lexicon = OFF if arguments.no_lexicon else LexiconSettings()
    settings = Settings(retrieve=RetrieveSettings(lexicon=lexicon), extract=ExtractSettings(lexicon=lexicon))
    with tempfile.TemporaryDirectory() as folder:
        pipeline = Pipeline(build(arguments.sets, name, Path(folder), embedder), embedder, settings)
        rows = evaluate(read_gold(arguments.sets / name / "questions.jsonl"), pipeline)
    if arguments.rows:
        arguments.rows.mkdir(parents=True, exist_ok=True)
        (arguments.rows / f"{name}.jsonl").write_text("\n".join(written(rows)) + "\n", encoding="utf-8")
    return rows


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

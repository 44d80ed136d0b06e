"""Writes what an evaluation came to into its folder: summary.json and report.html, beside the rows."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from documents.errors import BadSetting
from qa.evaluation.folder import REPORT, RESULTS, RUN, SUMMARY, Run, read_run, write_json
from qa.evaluation.overview import Overview, overview, overview_object, overview_of
from qa.evaluation.report import report_html
from qa.evaluation.row import Row, written
from qa.evaluation.wording import ENGLISH, Words


def publish(run: Run, rows: Sequence[Row], folder: Path, words: Words = ENGLISH) -> Overview:
    """Writes the summary and the report of rows that are in the folder already; returns what they say."""
    found = overview(run, rows)
    write_json(folder / SUMMARY, overview_object(found))
    (folder / REPORT).write_text(report_html(found, rows, words), encoding="utf-8")
    return found


def publish_whole(run: Run, rows: Sequence[Row], folder: Path) -> Overview:
    """Writes a run that was made elsewhere, of several question sets perhaps, as if it had been recorded here."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / RUN, asdict(run))
    (folder / RESULTS).write_text("".join(f"{line}\n" for line in written(rows)), encoding="utf-8", newline="")
    return publish(run, rows, folder)


def told_again(folder: Path, words: Words) -> str:
    """Returns the report of a published run in these words; as it was written where it is of another version."""
    try:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        return report_html(overview_of(summary), read_run(folder).rows, words)
    except (BadSetting, ValueError, KeyError, TypeError):
        return (folder / REPORT).read_text(encoding="utf-8")

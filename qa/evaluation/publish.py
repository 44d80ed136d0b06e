"""Writes what an evaluation came to into its folder: summary.json and report.html, beside the rows."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from qa.evaluation.folder import REPORT, RESULTS, RUN, SUMMARY, Run, write_json
from qa.evaluation.overview import Overview, overview, overview_object
from qa.evaluation.report import report_html
from qa.evaluation.row import Row, written


def publish(run: Run, rows: Sequence[Row], folder: Path) -> Overview:
    """Writes the summary and the report of rows that are in the folder already; returns what they say."""
    found = overview(run, rows)
    write_json(folder / SUMMARY, overview_object(found))
    (folder / REPORT).write_text(report_html(found, rows), encoding="utf-8")
    return found


def publish_whole(run: Run, rows: Sequence[Row], folder: Path) -> Overview:
    """Writes a run that was made elsewhere, of several question sets perhaps, as if it had been recorded here."""
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / RUN, asdict(run))
    (folder / RESULTS).write_text("".join(f"{line}\n" for line in written(rows)), encoding="utf-8", newline="")
    return publish(run, rows, folder)

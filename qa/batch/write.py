"""The answer file, of the kind its suffix says."""

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from documents.errors import BadQuestion
from qa.batch.answer_file import AnswerFile
from qa.batch.cells import csv_cell
from qa.batch.objects import KEYS
from qa.batch.report import Report, Rows

OUTPUTS = (".jsonl", ".csv", ".xlsx", ".docx")
Write = Callable[[Rows, int], None]  # writes the row at a place


@contextmanager
def stream(answers: Path, report: Report) -> Iterator[Write]:
    """Opens an answer file that is written row by row, each flushed; for other kinds nothing is written yet."""
    start = {".jsonl": _jsonl, ".csv": _csv}.get(answers.suffix.lower())
    if start is None:
        yield lambda rows, place: None
        return
    # Excel takes a .csv without the mark for one of its own code page, and spoils every accent.
    encoding = "utf-8-sig" if answers.suffix.lower() == ".csv" else "utf-8"
    try:
        file = answers.open("w", encoding=encoding, errors="replace", newline="")
    except OSError as error:
        raise _unwritable(answers, error) from error
    with file:
        yield start(file, report)


def write_again(answers: AnswerFile, target: Path, report: Report) -> None:
    """Writes the rows of an answer file as another one, of the kind that the suffix of `target` says.

    The .xlsx and the .docx are those that a run into such a file writes, byte for byte.
    """
    if target.suffix.lower() not in OUTPUTS:
        raise BadQuestion(f"{target}: answer files are .jsonl, .csv, .xlsx or .docx.")
    with stream(target, report) as write:
        for place in range(len(answers)):
            write(answers, place)
    write_whole(target, report)


def write_whole(answers: Path, report: Report) -> None:
    """Writes an answer file that is written at the end; what was there before stays until the new one is whole."""
    suffix = answers.suffix.lower()
    if suffix == ".xlsx":
        from qa.batch.write_xlsx import write_xlsx as write
    elif suffix == ".docx":
        from qa.batch.write_docx import write_docx as write
    else:
        return
    unfinished = answers.with_name(f"{answers.name}.unfinished")
    try:
        write(unfinished, report)
        os.replace(unfinished, answers)
    except OSError as error:
        # The answers are kept, in a journal that bears this file's name.
        raise _unwritable(answers, error, "Make room, or close it elsewhere; then go on with --resume.") from error


def _unwritable(
    answers: Path, error: OSError, advice: str = "Name another file, or close it elsewhere."
) -> BadQuestion:
    return BadQuestion(f"{answers}: cannot be written ({error.strerror}). {advice}")


def _jsonl(file: TextIO, report: Report) -> Write:
    def write(rows: Rows, place: int) -> None:
        file.write(json.dumps(rows.row(place), ensure_ascii=False) + "\n")
        file.flush()

    return write


def _csv(file: TextIO, report: Report) -> Write:
    writer = csv.writer(file)
    writer.writerow([*KEYS, *(csv_cell(name) for name in report.carried())])

    def write(rows: Rows, place: int) -> None:
        row = rows.row(place)
        extra = row.get("extra", {})
        writer.writerow([csv_cell(row.get(key)) for key in KEYS] + [csv_cell(extra.get(name)) for name in report.extra])
        file.flush()

    return write

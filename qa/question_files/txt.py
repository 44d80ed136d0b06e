"""Question files as plain text: a question a line."""

from collections.abc import Iterator
from pathlib import Path

from qa.question_files.lines import text_lines
from qa.question_files.row import Row


def read_txt(path: Path) -> Iterator[Row]:
    """Yields a row for each line that is not blank."""
    for number, line in enumerate(text_lines(path), 1):
        if line.strip():
            yield Row(number, f"line {number}", {"question": line.strip()}, {})

"""An answer file of JSON lines, read back row by row, also while it is still being written."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from qa.batch.journal import Tally


class AnswerFile:
    """Rows by their place, from 0; memory holds a few numbers a row. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._empty()

    def __len__(self) -> int:
        return len(self._statuses)

    def refresh(self) -> None:
        """Takes up the rows that were added since; a file that was begun anew is read anew."""
        with self._lock:
            size = self.path.stat().st_size if self.path.exists() else 0
            if size < self._end:
                self._empty()
            if size > self._end:
                self._take_up()

    def remove(self) -> None:
        """Removes the file; one that is begun in its place may be as long before anybody looks, so all is forgotten."""
        with self._lock:
            self.path.unlink(missing_ok=True)
            self._empty()

    def row(self, place: int) -> dict[str, Any]:
        """Returns the row at a place that is there."""
        with self.path.open("rb") as file:
            file.seek(self._offsets[place])
            row: dict[str, Any] = json.loads(file.readline())
        return row

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yields the rows in their order."""
        for place in range(len(self)):
            yield self.row(place)

    def places(self, status: str = "") -> Sequence[int]:
        """Returns the places of the rows of a status, of all where it is ""."""
        return [place for place, each in enumerate(self._statuses) if status in ("", each)]

    def _empty(self) -> None:
        self.tally = Tally()
        self._offsets: list[int] = []
        self._statuses: list[str] = []
        self._end = 0

    def _take_up(self) -> None:
        with self.path.open("rb") as file:
            file.seek(self._end)
            for line in file:
                if not line.endswith(b"\n"):
                    return  # it is being written
                row = json.loads(line)
                self._offsets.append(self._end)
                self._statuses.append(row["status"])
                self.tally.add(row["status"], len(row["citations"]))
                self._end += len(line)

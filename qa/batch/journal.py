"""The journal of a run: every finished row, kept until the answer file is whole, so that a stopped run can go on.

The file is JSON lines. The first line says what the run is; each further one is a finished row, in the order of
finishing: {"row": place from 0, "id", "question", "extra", and "answer", or "same": the row that it repeats}.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion
from qa.batch.rows import Task


@dataclass(slots=True)
class Tally:
    """Counts what came of the rows, by status; `citations` is the largest number that one of them has."""

    statuses: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("answered", "refused", "error"), 0))
    citations: int = 0

    def add(self, status: str, citations: int) -> None:
        self.statuses[status] += 1
        self.citations = max(self.citations, citations)

    @property
    def errors(self) -> int:
        return self.statuses["error"]


class AnotherRun(BadQuestion):
    """The journal that is there is of another run; `differs` is the key of what differs first, "" where unknown."""

    def __init__(self, message: str, differs: str = "") -> None:
        super().__init__(message)
        self.differs = differs


class Journal:
    """Rows are kept by their place in the question file, from 0, and read back one by one: memory stays flat."""

    def __init__(self, path: Path, run: Mapping[str, Any], *, resume: bool) -> None:
        """Begins a journal, or with `resume` goes on with the one that is there. A last line cut short is dropped.

        Raises:
            AnotherRun: with `resume`, it is of another run.
            BadQuestion: it cannot be written; or without `resume` one with answers is there.
        """
        self.path = path
        self.tally = Tally()
        self._offsets: dict[int, int] = {}
        self._outcomes: dict[int, tuple[str, int]] = {}
        header = json.dumps({"run": run}).encode() + b"\n"
        whole = self._load(header, run, resume=resume) if path.exists() else 0
        try:
            self._file = path.open("r+b" if whole else "w+b")
            self._file.truncate(whole)
            self._end = self._file.seek(whole)
            if not whole:
                self._append(header)
        except OSError as error:
            raise BadQuestion(f"{path}: cannot be written ({error.strerror}). Name another answer file.") from error

    def __len__(self) -> int:
        return len(self._offsets)

    def __contains__(self, place: int) -> bool:
        return place in self._offsets

    def put(self, place: int, task: Task, answer: Mapping[str, Any]) -> None:
        """Keeps a row with its answer."""
        self._count(place, self._end, (answer["status"], len(answer["citations"])))
        self._append(_line(place, task, {"answer": answer}))

    def repeat(self, place: int, task: Task, same: int) -> None:
        """Keeps a row that has the answer of an earlier one."""
        self._count(place, self._end, self._outcomes[same])
        self._append(_line(place, task, {"same": same}))

    def row(self, place: int) -> dict[str, Any]:
        """Returns an output row; "extra" stands at its end where there is any."""
        entry = self._read(place)
        same = entry.get("same")
        answer = entry["answer"] if same is None else self._read(same)["answer"] | {"seconds": 0.0}
        extra = {"extra": entry["extra"]} if entry["extra"] else {}
        row: dict[str, Any] = {"id": entry["id"], "question": entry["question"]} | answer | extra
        return row

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yields the output rows in the order of the question file."""
        for place in sorted(self._offsets):
            yield self.row(place)

    def close(self) -> None:
        """Leaves the journal for a run that goes on; one without a row is removed."""
        if not self._file.closed:
            self._file.close()
            if not self._offsets:
                self.path.unlink()

    def remove(self) -> None:
        """Ends the journal: the answer file is whole."""
        self._file.close()
        self.path.unlink()

    def _load(self, header: bytes, run: Mapping[str, Any], *, resume: bool) -> int:
        """Takes up the rows of the journal that is there; returns the number of its bytes that are whole."""
        with self.path.open("rb") as file:
            first = file.readline()
            if not first.endswith(b"\n"):
                return 0  # stopped before anything was asked
            if resume and first != header and (_entry(file.readline()) or not first.startswith(b'{"run": {')):
                name, said = _difference(first, run)
                raise AnotherRun(f"{self.path}: {said} Remove the file to begin anew.", name)
            at = file.seek(len(first))
            for line in file:
                entry = _entry(line)
                if entry is None or ("same" in entry and entry["same"] not in self._offsets):
                    break
                self._take_up(entry, at)
                at += len(line)
        if self._offsets and not resume:
            raise BadQuestion(
                f"{self.path}: an earlier run stopped after {len(self)} rows. Go on with it: --resume. "
                "Or remove the file to begin anew."
            )
        return at if first == header else 0  # without a row it is of no run: its header may be of another one

    def _take_up(self, entry: Mapping[str, Any], at: int) -> None:
        answer = entry.get("answer")
        outcome = (answer["status"], len(answer["citations"])) if answer else self._outcomes[entry["same"]]
        self._count(entry["row"], at, outcome)

    def _count(self, place: int, at: int, outcome: tuple[str, int]) -> None:
        self._offsets[place], self._outcomes[place] = at, outcome
        self.tally.add(*outcome)

    def _append(self, line: bytes) -> None:
        self._file.seek(self._end)
        self._file.write(line)
        self._file.flush()
        self._end += len(line)

    def _read(self, place: int) -> dict[str, Any]:
        self._file.seek(self._offsets[place])
        entry: dict[str, Any] = json.loads(self._file.readline())
        return entry


def _line(place: int, task: Task, more: Mapping[str, Any]) -> bytes:
    # ASCII: half a character, which JSON can hold and UTF-8 cannot, comes back as it was.
    return (
        json.dumps(
            {"row": place, "id": task.identity, "question": task.text, "extra": task.extra} | dict(more)
        ).encode()
        + b"\n"
    )


def _entry(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and "row" in entry else None


_TOLD = {
    "questions": "the question file has changed since",
    "question_column": "the run took another column for the questions",
    "index": "the index has changed since",
    "model": "the run used another model",
    "settings": "the run had other settings",
}


def _difference(first: bytes, run: Mapping[str, Any]) -> tuple[str, str]:
    """Returns what tells the run of the journal from this one: its key, and in words."""
    entry = _entry(b'{"row": 0, ' + first[1:])
    kept = entry.get("run") if entry else None
    if not isinstance(kept, dict) or set(kept) != set(run):
        return "", "not the journal of a run of this version."
    name = next(name for name in run if kept[name] != run[name])
    more = f" ({_changed(kept[name], run[name])})" if name == "settings" else ""
    return name, f"{_TOLD[name]}{more}."


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {before.get(name)}, now {now[name]}" for name in now if before.get(name) != now[name])

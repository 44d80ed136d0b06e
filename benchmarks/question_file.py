"""A large file of questions made of the evaluation sets', and one index over the documents of all of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.evalsets import set_names
from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.store import SQLiteStore
from qa.questions import rows_of

_WORDINGS = ("{} Please.", "Tell me: {}", "I would like to know: {}", "{} And where does it say so?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of the file: its id is its own, its question perhaps that of an earlier row."""

    id: str
    text: str
    history: Sequence[Any]

    @property
    def asks(self) -> str:
        """What two rows share that ask the same."""
        return json.dumps([self.text, self.history])


def question_file(sets: Path, count: int, repeats: float) -> list[Asked]:
    """Returns `count` rows: the sets' questions, then those again, the share `repeats` of them word for word and the
    others in further wordings. Ids are never repeated."""
    rows = [row for name in set_names(sets) for _, row in rows_of(sets / name / "questions.jsonl")]
    own = [Asked(f"a-{place}", row["question"], row.get("history") or ()) for place, row in enumerate(rows)]
    return list(islice(_on_and_on(own, repeats), count))


def _on_and_on(own: Sequence[Asked], repeats: float) -> Iterator[Asked]:
    yield from own
    due = 0.0
    for number, each in enumerate(cycle(own)):
        due += repeats
        if due >= 1:
            due -= 1
            text = each.text
        else:
            text = _worded(each.text, number // len(own))
        yield Asked(f"b-{number}", text, each.history)


def _worded(text: str, turn: int) -> str:
    wording = _WORDINGS[turn % len(_WORDINGS)].format(text)
    return wording if turn < len(_WORDINGS) else f"{wording} ({turn})"


def write_questions(path: Path, asked: Sequence[Asked]) -> Path:
    """Writes the rows as JSON lines; returns the path."""
    lines = (json.dumps({"id": each.id, "question": each.text, "history": list(each.history)}) for each in asked)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def build_all(sets: Path, place: Path) -> None:
    """Makes an index over the documents of every set in `place`, or brings the one that is there up to date."""
    documents = [sets / name / "corpus" / "docs.jsonl" for name in set_names(sets)]
    ingest(documents, SQLiteStore(place, writable=True), SentenceTransformerEmbedder())


def spread(asked: Sequence[Asked], count: int) -> list[Asked]:
    """Returns so many of the rows that ask something new, taken at even distances."""
    new = list({each.asks: each for each in reversed(asked)}.values())[::-1]
    return new[:: max(1, len(new) // count)][:count]


def with_repeats(asked: Sequence[Asked], count: int) -> list[Asked]:
    """Returns so many rows at even distances, the last fifth of which repeats the first."""
    new = spread(asked, count - count // 5)
    return new + [replace(each, id=f"c-{each.id}") for each in new[: count // 5]]

"""The project's own training questions, in qa/training/: some that their text answers, and near misses.

`law.jsonl` holds texts written for the purpose - invented statutes, orders, reports, guidance, agreements - each with
its questions; `french.jsonl` the same in French, with articles of an encyclopaedia and news besides. `near.jsonl` and
`pairs.jsonl` hold questions about contexts of the training sets, named by their document id: those of the second come
in twos, one answered and one that differs in a small thing and is not. In all of them a question without evidence is
one that its text does not answer, though it speaks of the very matter.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qa.train_data import Record

FOLDER = Path(__file__).with_name("training")
LAW, FRENCH, NEAR, PAIRS = OWN = "law", "french", "near", "pairs"


def read_written(others: Sequence[Record], folder: Path = FOLDER) -> list[Record]:
    """Returns the records of both files, without those of contexts that are not among the `others`' own."""
    contexts = {record.document_id: record for record in others}
    found = []
    for name in (LAW, FRENCH):
        for row in _rows(folder / f"{name}.jsonl"):
            found += [_record(each, row["context"], row["title"], row["date"], name) for each in row["questions"]]
    for name in (NEAR, PAIRS):
        for row in _rows(folder / f"{name}.jsonl"):
            if context := contexts.get(row["document_id"]):
                found += [_record(each, context.context, context.title, "", name) for each in row["questions"]]
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _record(row: dict[str, Any], context: str, title: str, date: str, name: str) -> Record:
    right = tuple((start, end) for start, end in row["evidence"])
    answers = tuple((start, end) for start, end in row["answers"])
    return Record(row["question"], title, context, right, answers, name, date, tuple(row.get("history", ())))

"""The passages that the cross-encoder learns from: for each question one that answers it, and near ones that do not.

Wrong passages are what the project's own retriever finds in other documents and in the same one. Two kinds of near miss
are made besides: the right passage under a question altered so that it no longer answers (qa/alter.py), and the right
passage without the sentences that answer. Of the project's own questions (qa/written_data.py) some are near misses as
they stand, so none of them is altered.
"""

import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from documents.split import SplitSettings, split
from documents.types import Passage
from index.embed import SentenceTransformerEmbedder
from index.store import SQLiteStore
from qa.alter import altered, names_in
from qa.conversation import read_together
from qa.rerank import Row, row_of
from qa.retrieve import HybridRetriever
from qa.train_data import SETS, Record, build_store, document_of, is_right, read_sets
from qa.types import Span
from qa.written_data import LAW, OWN, read_written


@dataclass(frozen=True, slots=True)
class Example:
    """A row with which of its sentences are right, and the span of the answer's words in its text if known."""

    row: Row
    right: tuple[bool, ...]
    answer: Span | None = None


Group = list[Example]  # what is read for one question
_MINED = 8  # hits that wrong passages are drawn from
_ALTERED = 0.45  # share of the questions that can be altered that are
_CUT = 0.3  # share of the right passages that are read once more without what answers


def mine(
    records: Sequence[Record],
    store: SQLiteStore,
    embedder: SentenceTransformerEmbedder,
    seed: int,
    say: Callable[[str], None] = print,
) -> Iterator[Group]:
    """Yields the groups of the records, in order; a record whose right passage cannot be told yields none."""
    retriever = HybridRetriever(store, embedder)
    draw = random.Random(seed)
    names = [
        name for record in draw.sample(list(records), min(len(records), 3000)) for name in names_in(record.context)
    ]
    for done, record in enumerate(records, 1):
        if done % 1000 == 0:
            say(f"{done:,} of {len(records):,} questions mined")
        own = split(document_of(record), embedder.count_tokens, SplitSettings())
        examples = [_example(passage, record) for passage in own]
        right = [each for each in examples if any(each.right)]
        if not record.right and not record.answers:
            yield draw.sample(examples, min(2, len(examples)))
        if not right:
            continue
        found = [hit.passage for hit in retriever.retrieve(record.asked, _MINED)]
        # Two invented laws may answer the same question: of those only other passages of the same one are wrong.
        far = [] if record.set == LAW else [each for each in found if each.info.id != record.document_id]
        foreign = [_example(each, record) for each in far]
        wrong = [each for each in foreign if not any(each.right) and not _tells(each, record)]
        inside = [each for each in examples if not any(each.right) and not _tells(each, record)]
        yield [right[0], *_drawn(wrong, inside, draw)]
        other = altered(record.question, names_in(record.context), draw.sample(names, min(len(names), 20)), draw)
        if other and record.set not in OWN and draw.random() < _ALTERED:
            row = right[0].row
            other = read_together(replace(record.asked, text=other))
            yield [Example(Row(other, row.context, row.text, row.sentences), (False,) * len(row.sentences))]
        without = _without_answer(right[0])
        if without and not _tells(without, record) and draw.random() < _CUT:
            yield [without]


def _drawn(wrong: Sequence[Example], inside: Sequence[Example], draw: random.Random) -> Group:
    """One or two wrong passages: mostly of other documents, the nearest most often; else of the same, where any is."""
    if not wrong:
        return draw.sample(inside, min(2, len(inside)))
    chosen = list(wrong[: 1 + (draw.random() < 0.5) * 3])
    draw.shuffle(chosen)
    if inside and draw.random() < 0.6:
        chosen.insert(draw.randint(0, 1), draw.choice(inside))
    return chosen[: 1 + (draw.random() < 0.35)]


def _without_answer(example: Example) -> Example | None:
    """The passage without its right sentences, or None where fewer than two others are left."""
    row = example.row
    kept = [span for span, right in zip(row.sentences, example.right, strict=True) if not right]
    if len(kept) < 2:
        return None
    text, spans = "", []
    for start, end in kept:
        text += " " if text else ""
        spans.append((len(text), len(text) + end - start))
        text += row.text[start:end]
    return Example(Row(row.question, row.context, text, tuple(spans)), (False,) * len(spans))


def _tells(example: Example, record: Record) -> bool:
    """True where a passage that is not marked right holds the short answer: it may answer too."""
    low = example.row.text.lower()
    return any(record.context[start:end].lower() in low for start, end in record.answers)


def _example(passage: Passage, record: Record) -> Example:
    right = tuple(is_right(passage, sentence, record) for sentence in passage.sentences)
    answer = None
    if any(right) and passage.info.id == record.document_id:
        within = [span for span in record.answers if passage.start <= span[0] and span[1] <= passage.end]
        if within and within[0][1] - within[0][0] <= 150:
            answer = (within[0][0] - passage.start, within[0][1] - passage.start)
    return Example(row_of(read_together(record.asked), passage), right, answer)


def mined(
    folder: Path, work: Path, seed: int, say: Callable[[str], None] = print, *, own: str = ""
) -> tuple[list[Group], list[Group]]:
    """Returns the groups to train on and those held out; read from `work` where they were mined before.

    They are of the sets in `folder`, or of the project's `own` questions, such as "law".
    """
    path = work / f"mined{'-' * bool(own)}{own}.jsonl.gz"
    if not path.exists():
        if own:
            every = read_sets(folder, seed=seed, sets=dict.fromkeys(SETS, sys.maxsize))
            records = [record for record in read_written(every) if record.set == own]
        else:
            records = read_sets(folder, seed=seed)
        embedder = SentenceTransformerEmbedder()
        store = build_store(work / "store", records, embedder, say)
        parts = defaultdict(list)
        for record in records:
            parts[record.held_out].append(record)
        unfinished = path.with_suffix(".part")  # a run that is stopped here leaves no half of a file behind
        with gzip.open(unfinished, "wt", encoding="utf-8") as file:
            for held_out, part in parts.items():
                for group in mine(part, store, embedder, seed, say):
                    file.write(json.dumps([held_out, [asdict(each) for each in group]]) + "\n")
        unfinished.rename(path)
    groups: dict[bool, list[Group]] = {True: [], False: []}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for held_out, group in map(json.loads, file):
            groups[held_out].append([_from_json(each) for each in group])
    return groups[False], groups[True]


def _from_json(each: dict[str, Any]) -> Example:
    row = each["row"]
    sentences = tuple((start, end) for start, end in row["sentences"])
    answer = tuple(each["answer"]) if each["answer"] else None
    return Example(Row(row["question"], row["context"], row["text"], sentences), tuple(each["right"]), answer)

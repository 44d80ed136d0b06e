"""Fine-tunes the cross-encoder from the bundled embedding model: python -m qa.train_reranker FOLDER

FOLDER holds question sets in the training format. For each question the model reads the passage that answers it, and
passages that do not: what the project's own retriever finds for it in other documents and in the same one, and the
right passage again for a question altered so that it no longer answers (qa/alter.py). Each passage is a choice among
its sentences and "not here"; each question, besides, a choice among the sentences of all its passages. Seeded; about
an hour on one core. --work keeps the index of the contexts and the mined passages, so that a second run starts at once.
"""

import argparse
import gzip
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from documents.split import SplitSettings, split
from documents.types import Passage
from index.embed import SentenceTransformerEmbedder, default_model_folder
from index.store import SQLiteStore
from qa.alter import altered, names_in
from qa.rerank import WEIGHTS, Encoding, Row, build_model, load_tokenizer, row_of, trained_part
from qa.retrieve import HybridRetriever
from qa.train_data import SETS, Record, build_store, document_of, is_right, read_sets
from qa.types import Question, Span


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """`tokens` in a batch; `rate` is the peak learning rate of the encoder, `head_rate` of the new layers."""

    seed: int = 0
    epochs: float = 1.0
    tokens: int = 3000
    rate: float = 7e-5
    head_rate: float = 5e-4
    warm_up: float = 0.06
    span_weight: float = 0.5
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A row with which of its sentences are right, and the span of the answer's words in its text if known."""

    row: Row
    right: tuple[bool, ...]
    answer: Span | None = None


Group = list[Example]  # what is read for one question
_MINED = 8  # hits that wrong passages are drawn from


def mine(
    records: Sequence[Record], store: SQLiteStore, embedder: SentenceTransformerEmbedder, seed: int
) -> Iterator[Group]:
    """Yields the groups of the records, in order; a record whose right passage cannot be told yields none."""
    retriever = HybridRetriever(store, embedder)
    draw = random.Random(seed)
    names = [
        name for record in draw.sample(list(records), min(len(records), 3000)) for name in names_in(record.context)
    ]
    for done, record in enumerate(records, 1):
        if done % 1000 == 0:
            _say(f"{done:,} of {len(records):,} questions mined")
        own = split(document_of(record), embedder.count_tokens, SplitSettings())
        examples = [_example(record.question, passage, record) for passage in own]
        right = [each for each in examples if any(each.right)]
        if not right:
            continue
        found = [hit.passage for hit in retriever.retrieve(Question(record.question), _MINED)]
        foreign = [_example(record.question, each, record) for each in found if each.info.id != record.document_id]
        wrong = [each for each in foreign if not any(each.right) and not _tells(each, record)]
        inside = [each for each in examples if not any(each.right) and not _tells(each, record)]
        yield [right[0], *_drawn(wrong, inside, draw)]
        other = altered(record.question, names_in(record.context), draw.sample(names, min(len(names), 20)), draw)
        if other and draw.random() < 0.45:
            row = right[0].row
            yield [Example(Row(other, row.context, row.text, row.sentences), (False,) * len(row.sentences))]


def _drawn(wrong: Sequence[Example], inside: Sequence[Example], draw: random.Random) -> Group:
    """One or two wrong passages: mostly of other documents, the nearest most often."""
    chosen = list(wrong[: 1 + (draw.random() < 0.5) * 3])
    draw.shuffle(chosen)
    if inside and draw.random() < 0.6:
        chosen.insert(draw.randint(0, 1), draw.choice(inside))
    return chosen[: 1 + (draw.random() < 0.35)]


def _tells(example: Example, record: Record) -> bool:
    """True where a passage that is not marked right holds the short answer: it may answer too."""
    low = example.row.text.lower()
    return any(record.context[start:end].lower() in low for start, end in record.answers)


def _example(question: str, passage: Passage, record: Record) -> Example:
    right = tuple(is_right(passage, sentence, record) for sentence in passage.sentences)
    answer = None
    if any(right) and passage.info.id == record.document_id:
        within = [span for span in record.answers if passage.start <= span[0] and span[1] <= passage.end]
        if within and within[0][1] - within[0][0] <= 150:
            answer = (within[0][0] - passage.start, within[0][1] - passage.start)
    return Example(row_of(question, passage), right, answer)


def batches(groups: Sequence[Group], lengths: Sequence[int], limit: int, draw: random.Random) -> list[list[Group]]:
    """Returns the groups in batches of at most `limit` tokens once padded, alike in length, in random order."""
    order = sorted(range(len(groups)), key=lambda place: lengths[place] * draw.uniform(0.9, 1.1))
    found: list[list[Group]] = []
    batch: list[Group] = []
    rows = longest = 0
    for place in order:
        group = groups[place]
        longest = max(longest, lengths[place])
        if batch and (rows + len(group)) * longest > limit:
            found.append(batch)
            batch, rows, longest = [], 0, lengths[place]
        batch.append(group)
        rows += len(group)
    if batch:
        found.append(batch)
    draw.shuffle(found)
    return found


def loss_of(model: Any, tokenizer: Any, batch: Sequence[Group], span_weight: float) -> Any:
    """Returns the loss a passage: of its own choice, of its question's, and of the answer's first and last token."""
    import torch

    examples = [each for group in batch for each in group]
    encoding = Encoding(tokenizer, [each.row for each in examples])
    logits, tokens = model(encoding)
    right = torch.zeros_like(logits, dtype=torch.bool)
    for place, each in enumerate(examples):
        right[place, : len(each.right)] = torch.tensor(each.right)
    right &= logits > float("-inf")  # a sentence cut off has no logit
    absent = torch.zeros(len(examples), 1)
    every = torch.cat([absent, logits], 1)
    wanted = torch.cat([~right.any(1, keepdim=True), right], 1)
    total = (every.logsumexp(1) - every.masked_fill(~wanted, float("-inf")).logsumexp(1)).sum()
    place = 0
    for group in batch:
        rows = slice(place, place + len(group))
        place += len(group)
        if len(group) > 1 and right[rows].any():
            scores = logits[rows].flatten()
            total = total + scores.logsumexp(0) - scores[right[rows].flatten()].logsumexp(0)
    return (total + span_weight * _span_loss(examples, encoding, tokens)) / len(examples)


def _span_loss(examples: Sequence[Example], encoding: Encoding, tokens: Any) -> Any:
    import torch

    total = torch.zeros(())
    for place, each in enumerate(examples):
        offsets = encoding.offsets[place]
        if each.answer is None or each.answer[1] > offsets[-1][2]:
            continue
        first = next(at for at, (_, _, end) in enumerate(offsets) if end > each.answer[0])
        last = max(at for at, (_, start, _) in enumerate(offsets) if start < each.answer[1])
        scores = tokens[place, offsets[0][0] : offsets[-1][0] + 1]
        total = total - scores[:, 0].log_softmax(0)[first] - scores[:, 1].log_softmax(0)[last]
    return total


def train(groups: Sequence[Group], held: Sequence[Group], settings: TrainSettings, output: Path) -> dict[str, Any]:
    """Trains, saves every 400 steps and at the end, and returns the scores on the held-out groups."""
    import torch

    torch.set_num_threads(settings.threads)
    tokenizer, model = load_tokenizer(), fresh_model(settings.seed)
    heads = [parameter for name, parameter in model.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [
            {"params": [each for each in model.encoder.parameters() if each.requires_grad], "lr": settings.rate},
            {"params": heads, "lr": settings.head_rate},
        ],
        weight_decay=0.01,
    )
    plan = _plan(groups, tokenizer, settings)
    steps = len(plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / max(1.0, settings.warm_up * steps), max(0.02, 1 - step / steps))
    )
    began, recent = time.monotonic(), []
    for step, batch in enumerate(plan, 1):
        model.train()
        loss = loss_of(model, tokenizer, batch, settings.span_weight)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(float(loss.detach()))
        if step % 50 == 0:
            left = (time.monotonic() - began) / step * (steps - step) / 60
            _say(f"step {step:,} of {steps:,}, loss {np.mean(recent):.3f}, {left:.0f} minutes left")
            recent = []
        if step % 400 == 0:
            save(model, output)
            _say(json.dumps(scores(model, tokenizer, held[:300])))
    save(model, output)
    return scores(model, tokenizer, held)


def fresh_model(seed: int) -> Any:
    """Returns the model before training: without dropout, its word embeddings frozen, its heads drawn by the seed."""
    import torch

    torch.manual_seed(seed)
    model: Any = build_model(str(default_model_folder()))
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    model.encoder.embeddings.requires_grad_(False)
    return model


def _plan(groups: Sequence[Group], tokenizer: Any, settings: TrainSettings) -> list[list[Group]]:
    draw = random.Random(settings.seed)
    lengths = [max(_length(tokenizer, each.row) for each in group) for group in groups]
    plan: list[list[Group]] = []
    for _ in range(int(np.ceil(settings.epochs))):
        plan += batches(groups, lengths, settings.tokens, draw)
    return plan[: int(len(plan) * settings.epochs / np.ceil(settings.epochs))]


def _length(tokenizer: Any, row: Row) -> int:
    return int(Encoding(tokenizer, [row]).ids.shape[1])


def scores(model: Any, tokenizer: Any, held: Sequence[Group]) -> dict[str, Any]:
    """Returns how often the best sentence of a question's passages is right, and the AUROC of passages that answer."""
    import torch
    from sklearn.metrics import roc_auc_score

    model.eval()
    first, best, answers, near = [], [], [], []
    with torch.inference_mode():
        for group in held:
            logits, _ = model(Encoding(tokenizer, [each.row for each in group]))
            tops = logits.max(1).values.tolist()
            best += tops
            answers += [any(each.right) for each in group]
            near += [len(group) == 1] * len(group)
            if any(group[0].right):
                row, column = divmod(int(logits.argmax()), logits.shape[1])
                first.append(group[row].right[column])
    kept = [place for place, each in enumerate(answers) if each or near[place]]
    return {
        "questions": len(first),
        "right_sentence_first": round(float(np.mean(first)), 4),
        "auroc_passages": round(float(roc_auc_score(answers, best)), 4),
        "auroc_altered": round(float(roc_auc_score([answers[at] for at in kept], [best[at] for at in kept])), 4),
    }


def save(model: Any, output: Path) -> None:
    """Saves what was trained, in half precision."""
    import torch
    from safetensors.torch import save_file

    kept = trained_part(model)
    save_file({name: value.to(torch.float16).contiguous() for name, value in kept.items()}, output)


def mined(folder: Path, work: Path, seed: int) -> tuple[list[Group], list[Group]]:
    """Returns the groups to train on and those held out; read from `work` where they were mined before."""
    path = work / "mined.jsonl.gz"
    if not path.exists():
        records = read_sets(folder, seed=seed)
        embedder = SentenceTransformerEmbedder()
        store = build_store(work / "store", records, embedder, _say)
        parts = defaultdict(list)
        for record in records:
            parts[record.held_out].append(record)
        unfinished = path.with_suffix(".part")  # a run that is stopped here leaves no half of a file behind
        with gzip.open(unfinished, "wt", encoding="utf-8") as file:
            for held_out, part in parts.items():
                for group in mine(part, store, embedder, seed):
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


def main() -> int:
    """Trains and writes the weights; returns the exit status."""
    parser = argparse.ArgumentParser(description="Fine-tune the cross-encoder.")
    parser.add_argument("folder", type=Path, help="the folder with the training sets")
    parser.add_argument("--work", type=Path, required=True, help="a folder for the index and the mined passages")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    for name, value in asdict(TrainSettings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    arguments = vars(parser.parse_args())
    folder, work, output = (arguments.pop(name) for name in ("folder", "work", "output"))
    settings = TrainSettings(**arguments)
    work.mkdir(parents=True, exist_ok=True)
    groups, held = mined(folder, work, settings.seed)
    _say(f"{len(groups):,} groups to train on, {len(held):,} held out")
    found = train(groups, held, settings, output)
    _say(json.dumps({"sets": SETS, **asdict(settings), "groups": len(groups), "held_out": found}, indent=1))
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

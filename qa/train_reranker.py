"""Fine-tunes a cross-encoder from an embedding model: python -m qa.train_reranker FOLDER

FOLDER holds question sets in the training format; the project's own questions are in qa/training. For each question
the model reads the passage that answers it, and passages that do not (qa/mine.py). Each passage is a choice among its
sentences and "not here"; each question, besides, a choice among the sentences of all its passages. Seeded; about an
hour on one core. --work keeps the index of the contexts and the mined passages, so that a second run starts at once;
--start goes on from an earlier run's weights; --shares says how much of each part is read, such as
sets=0.2,near=0.5,law=1,french=1; --model bilingual makes the one that reads both languages.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.models import embedder_named
from qa.bases import Base, base_of, weights_of
from qa.mine import Example, Group, mined
from qa.rerank import Encoding, Row, build_model, trained_part
from qa.train_data import SETS
from qa.written_data import OWN

_SETS = "sets"
_DTYPES = ("float32", "bfloat16")


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """`tokens` in a batch; `rate` is the peak learning rate of the encoder, `head_rate` of the new layers.

    `dtype` is float32, or bfloat16 for mixed precision: 0.6 of the time where the processor multiplies it.
    """

    seed: int = 0
    epochs: float = 1.0
    tokens: int = 3000
    rate: float = 7e-5
    head_rate: float = 5e-4
    warm_up: float = 0.06
    span_weight: float = 0.5
    threads: int = 1
    dtype: str = "float32"


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


def loss_of(model: Any, base: Base, batch: Sequence[Group], span_weight: float) -> Any:
    """Returns the loss a passage: of its own choice, of its question's, and of the answer's first and last token."""
    import torch

    examples = [each for group in batch for each in group]
    encoding = Encoding(base, [each.row for each in examples])
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


def train(
    groups: Sequence[Group],
    held: Mapping[str, Sequence[Group]],
    settings: TrainSettings,
    output: Path,
    base: Base,
    start: Path | None = None,
) -> dict[str, Any]:
    """Trains on from the weights `start`, or from the base; returns the scores on the held-out groups.

    Saves every 400 steps and at the end.
    """
    import torch
    from safetensors.torch import load_file

    torch.set_num_threads(settings.threads)
    model = fresh_model(base, settings.seed)
    if start:
        weights = {name: value.float() for name, value in load_file(start).items()}
        missing = set(trained_part(model, base)) ^ set(weights)
        if missing:
            raise ValueError(f"{start} does not hold this model's weights: {sorted(missing)[:3]}")
        model.load_state_dict(weights, strict=False)
    heads = [parameter for name, parameter in model.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [
            {"params": [each for each in model.encoder.parameters() if each.requires_grad], "lr": settings.rate},
            {"params": heads, "lr": settings.head_rate},
        ],
        weight_decay=0.01,
    )
    plan = _plan(groups, base, settings)
    steps = len(plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / max(1.0, settings.warm_up * steps), max(0.02, 1 - step / steps))
    )
    began, recent = time.monotonic(), []
    for step, batch in enumerate(plan, 1):
        model.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=settings.dtype == "bfloat16"):
            loss = loss_of(model, base, batch, settings.span_weight)
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
            save(model, base, output)
            _say(json.dumps({name: scores(model, base, part[:300]) for name, part in held.items()}))
    save(model, base, output)
    return {name: scores(model, base, part) for name, part in held.items()}


def fresh_model(base: Base, seed: int) -> Any:
    """Returns the model before training: without dropout, what is not trained frozen, its heads drawn by the seed."""
    import torch

    torch.manual_seed(seed)
    model: Any = build_model(base)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(base.untrained))
    return model


def _plan(groups: Sequence[Group], base: Base, settings: TrainSettings) -> list[list[Group]]:
    draw = random.Random(settings.seed)
    lengths = [max(_length(base, each.row) for each in group) for group in groups]
    plan: list[list[Group]] = []
    for _ in range(int(np.ceil(settings.epochs))):
        plan += batches(groups, lengths, settings.tokens, draw)
    return plan[: int(len(plan) * settings.epochs / np.ceil(settings.epochs))]


def _length(base: Base, row: Row) -> int:
    return int(Encoding(base, [row]).ids.shape[1])


def scores(model: Any, base: Base, held: Sequence[Group]) -> dict[str, Any]:
    """Returns how often the best sentence of a question's passages is right, and the AUROC of passages that answer."""
    import torch
    from sklearn.metrics import roc_auc_score

    model.eval()
    first, best, answers, near = [], [], [], []
    with torch.inference_mode():
        for group in held:
            logits, _ = model(Encoding(base, [each.row for each in group]))
            tops = logits.max(1).values.tolist()
            best += tops
            answers += [any(each.right) for each in group]
            near += [not any(any(each.right) for each in group)] * len(group)
            if any(group[0].right):
                row, column = divmod(int(logits.argmax()), logits.shape[1])
                first.append(group[row].right[column])
    kept = [place for place, each in enumerate(answers) if each or near[place]]
    return {
        "questions": len(first),
        "right_sentence_first": round(float(np.mean(first)), 4),
        "auroc_passages": round(float(roc_auc_score(answers, best)), 4),
        "auroc_near_misses": round(float(roc_auc_score([answers[at] for at in kept], [best[at] for at in kept])), 4),
    }


def save(model: Any, base: Base, output: Path) -> None:
    """Saves what was trained, in half precision."""
    import torch
    from safetensors.torch import save_file

    kept = trained_part(model, base)
    save_file({name: value.to(torch.float16).contiguous() for name, value in kept.items()}, output)


def main() -> int:
    """Trains and writes the weights; returns the exit status."""
    parser = argparse.ArgumentParser(description="Fine-tune a cross-encoder.")
    parser.add_argument("folder", type=Path, help="the folder with the training sets")
    parser.add_argument("--work", type=Path, required=True, help="a folder for the index and the mined passages")
    parser.add_argument("--start", type=Path, help="weights of an earlier run to go on from")
    parser.add_argument("--model", help="the embedder that it is made from, such as bilingual")
    parser.add_argument("--output", type=Path, help="default: the file in the package")
    parser.add_argument("--shares", type=_shares, default=dict.fromkeys((_SETS, *OWN), 1.0))
    for name, value in asdict(TrainSettings()).items():
        choices = _DTYPES if name == "dtype" else None
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value, choices=choices)
    arguments = vars(parser.parse_args())
    folder, work, start, output, shares = (
        arguments.pop(name) for name in ("folder", "work", "start", "output", "shares")
    )
    model = embedder_named(arguments.pop("model")).name
    settings = TrainSettings(**arguments)
    work.mkdir(parents=True, exist_ok=True)
    groups: list[Group] = []
    held: dict[str, list[Group]] = {}
    for name, share in shares.items():
        part, held[name] = mined(folder, work, settings.seed, _say, own="" if name == _SETS else name)
        groups += random.Random(settings.seed).sample(part, round(share * len(part)))
    _say(f"{len(groups):,} groups to train on")
    found = train(groups, held, settings, output or weights_of(model), base_of(model), start)
    _say(
        json.dumps(
            {"sets": SETS, "shares": shares, **asdict(settings), "groups": len(groups), "held_out": found}, indent=1
        )
    )
    return 0


def _shares(text: str) -> dict[str, float]:
    """Reads "sets=0.2,law=1": a share between 0 and 1 by the name of a part; parts not named are left out."""
    found = {}
    for name, _, share in (each.partition("=") for each in text.split(",")):
        if name not in (_SETS, *OWN) or not share or not 0 <= float(share) <= 1:
            raise argparse.ArgumentTypeError(f"{name}={share}: give {_SETS}, {', '.join(OWN)} each a share from 0 to 1")
        found[name] = float(share)
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

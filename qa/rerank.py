"""A cross-encoder: reads a question and a passage together and says which of its sentences answer.

One pass over "question, title and headings, passage" gives each sentence a logit against "the answer is not here",
whose logit is 0, and each token the logits of being the first and the last of the words that answer. The encoder is
an embedding model (qa/bases.py), fine-tuned by `python -m qa.train_reranker` and read in int8; what of it was trained
is in a file beside this one (qa/reranker.md is the card). qa/readers.py says which cross-encoder reads what.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from documents.errors import BadSetting, ModelError
from documents.types import Passage
from index.compute import computing
from index.embed import DEFAULT_MODEL
from index.int8 import to_int8
from qa.bases import Base, base_of, weights_of
from qa.retrieve import z_scores
from qa.types import Hit, Reading, Span

if TYPE_CHECKING:
    import torch

MAX_QUESTION = 64  # tokens
MAX_CONTEXT = 40  # tokens of title and headings; the innermost heading is kept
MAX_PASSAGE = 300  # tokens; sentences beyond get no logit of their own but the least of the passage
_BATCH = 4  # passages; larger batches pad more and run slower on two cores


@dataclass(frozen=True, slots=True)
class RerankSettings:
    """The best `passages` are searched for sentences, and with `read` read by the cross-encoders first.

    `weight` is that of what a passage's best sentence got, beside the passage's own score. Without `read` answers come
    faster and are less often right.
    """

    read: bool = True
    passages: int = 8
    weight: float = 0.5

    def __post_init__(self) -> None:
        if not 1 <= self.passages <= 1000:
            raise BadSetting(f"passages is {self.passages}: choose between 1 and 1000.")


@dataclass(frozen=True, slots=True)
class Row:
    """What the model reads at once; `sentences` are spans of `text`."""

    question: str
    context: str
    text: str
    sentences: tuple[Span, ...]


def row_of(question: str, passage: Passage) -> Row:
    spans = tuple((start - passage.start, end - passage.start) for start, end in passage.sentences)
    return Row(question, passage.context, passage.text, spans)


class Encoding:
    """Rows as tensors, for training and for use: ids, types, mask (n, length) and `member` (n, sentences, length).

    `offsets` holds for each row the (token, start, end) of the passage's tokens, in characters of its text.
    """

    def __init__(self, base: Base, rows: Sequence[Row]) -> None:
        import torch

        encoded = [_encode(base, row) for row in rows]
        length = max(len(ids) for ids, _, _ in encoded)
        most = max(len(row.sentences) for row in rows)
        self.ids = torch.zeros(len(rows), length, dtype=torch.long)
        self.types = torch.zeros(len(rows), length, dtype=torch.long)
        self.mask = torch.zeros(len(rows), length, dtype=torch.long)
        self.member = torch.zeros(len(rows), most, length, dtype=torch.bool)
        self.offsets = [offsets for _, _, offsets in encoded]
        for place, (row, (ids, second, offsets)) in enumerate(zip(rows, encoded, strict=True)):
            self.ids[place, : len(ids)] = torch.tensor(ids)
            self.types[place, second : len(ids)] = 1
            self.mask[place, : len(ids)] = 1
            for number, (low, high) in enumerate(row.sentences):
                inside = [token for token, start, _ in offsets if low <= start < high]
                if inside:
                    self.member[place, number, inside[0] : inside[-1] + 1] = True


def _encode(base: Base, row: Row) -> tuple[list[int], int, list[tuple[int, int, int]]]:
    """Returns the ids, where the second segment begins, and the passage's tokens with their characters."""
    asked = base.tokens(row.question).ids[:MAX_QUESTION]
    above = base.tokens(row.context).ids[-MAX_CONTEXT:] if row.context else []
    passage = base.tokens(row.text)
    taken = passage.ids[:MAX_PASSAGE]
    first = [base.start, *asked, *base.between]
    lead = [*first, *above, base.end] if above else first
    offsets = [(len(lead) + at, *passage.spans[at]) for at in range(len(taken))]
    return [*lead, *taken, base.end], len(first), offsets


def build_model(base: Base) -> "torch.nn.Module":
    """Returns the network with the encoder of the base and fresh heads."""
    import torch

    class SentenceReader(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = base.encoder()
            size: int = self.encoder.config.hidden_size
            self.attend = torch.nn.Linear(size, 1)
            self.mix = torch.nn.Linear(2 * size, size)
            self.score = torch.nn.Linear(size, 1)
            self.span = torch.nn.Linear(size, 2)

        def forward(self, batch: Encoding) -> tuple[torch.Tensor, torch.Tensor]:
            """Returns logits of sentences (n, sentences), -inf where there is none, and of tokens (n, length, 2)."""
            states = base.states(self.encoder, batch.ids, batch.types, batch.mask)
            attention = self.attend(states).transpose(1, 2).masked_fill(~batch.member, -1e4)
            pooled = attention.softmax(-1) @ states
            whole = states[:, :1].expand_as(pooled)
            mixed = torch.nn.functional.gelu(self.mix(torch.cat([pooled, whole], -1)))
            logits = self.score(mixed).squeeze(-1).masked_fill(~batch.member.any(-1), float("-inf"))
            return logits, self.span(states)

    return SentenceReader()


def trained_part(model: "torch.nn.Module", base: Base) -> dict[str, "torch.Tensor"]:
    """Returns what the weights file holds."""
    return {name: value for name, value in model.state_dict().items() if not name.startswith(base.untrained)}


class CrossEncoder:
    """Loaded on first use. Deterministic, and safe to share between threads: one question is read at a time."""

    def __init__(self, weights: Path | None = None, model: str = DEFAULT_MODEL) -> None:
        """`model` names the embedder that it is made from; `weights` are those made for it by default."""
        self._embedder, self._weights = model, weights or weights_of(model)
        self._model: Any = None
        self._base: Any = None

    @computing
    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Returns the readings of the hits, in their order.

        Raises:
            ModelError: the weights are missing or damaged.
        """
        if not hits:
            return []
        rows = [row_of(question, hit.passage) for hit in hits]
        order = sorted(range(len(rows)), key=lambda place: len(rows[place].text))
        found: dict[int, Reading] = {}
        self.load()
        for at in range(0, len(order), _BATCH):
            places = order[at : at + _BATCH]
            found.update(zip(places, self._batch([hits[i] for i in places], [rows[i] for i in places]), strict=True))
        return [found[place] for place in range(len(hits))]

    def _batch(self, hits: Sequence[Hit], rows: Sequence[Row]) -> list[Reading]:
        import torch

        batch = Encoding(self._base, rows)
        with torch.inference_mode():
            logits, tokens = self._model(batch)
        return [
            _reading(hit, row, logits[place].tolist(), tokens[place], batch.offsets[place])
            for place, (hit, row) in enumerate(zip(hits, rows, strict=True))
        ]

    @computing
    def load(self) -> None:
        """Loads the model, if that was not done.

        Raises:
            ModelError: the weights are missing or damaged.
        """
        if self._model is None:
            base = base_of(self._embedder)
            self._model, self._base = self._loaded(base), base

    def _loaded(self, base: Base) -> Any:
        from safetensors import SafetensorError
        from safetensors.torch import load

        path = self._weights
        model: Any = build_model(base)
        try:
            held = load(path.read_bytes())
        except (OSError, SafetensorError) as error:
            raise ModelError(f"{path}: the cross-encoder's weights cannot be read ({error}). Reinstall.") from error
        wanted = {name: value.shape for name, value in trained_part(model, base).items()}
        if {name: value.shape for name, value in held.items()} != wanted:
            raise ModelError(f"{path}: these are not the weights of the cross-encoder. Reinstall.")
        model.load_state_dict({name: value.float() for name, value in held.items()}, strict=False)
        to_int8(model.encoder)
        return model.eval()


def reranked(hits: Sequence[Hit], readings: Sequence[Reading], weight: float) -> list[Hit]:
    """Returns the hits with those that were read in a new order: by their score and by what their best sentence got.

    Both are standardised over the read hits; hits beyond them keep their places below.
    """
    read = len(readings)
    scores = z_scores(np.array([hit.score for hit in hits[:read]]))
    scores += weight * z_scores(np.array([max(each.logits, default=0.0) for each in readings]))
    order = sorted(range(read), key=lambda place: (-scores[place], place))
    return [hits[place] for place in order] + list(hits[read:])


def _reading(
    hit: Hit, row: Row, logits: Sequence[float], tokens: "torch.Tensor", offsets: Sequence[tuple[int, int, int]]
) -> Reading:
    kept = list(logits[: len(row.sentences)])
    floor = min((value for value in kept if value > float("-inf")), default=0.0)
    start = hit.passage.start
    words = [_whole(row.text, _words(span, tokens, offsets), span) for span in row.sentences]
    return Reading(
        hit,
        tuple(round(value if value > float("-inf") else floor, 4) for value in kept),
        tuple((low + start, high + start) for low, high in words),
    )


_LONGEST_ANSWER = 24  # tokens


def _words(sentence: Span, tokens: "torch.Tensor", offsets: Sequence[tuple[int, int, int]]) -> Span:
    """Returns the likeliest answer of at most 24 tokens within the sentence; the sentence itself where it has none.

    A token across the end of the sentence, which long words cut in two have, is taken up to there.
    """
    import torch

    inside = [each for each in offsets if sentence[0] <= each[1] < sentence[1]]
    if not inside:
        return sentence
    first, last = inside[0][0], inside[-1][0] + 1
    sums = tokens[first:last, 0][:, None] + tokens[first:last, 1][None, :]
    allowed = torch.ones_like(sums, dtype=torch.bool).triu().tril(_LONGEST_ANSWER - 1)
    best = int(sums.masked_fill(~allowed, float("-inf")).argmax())
    low, high = divmod(best, last - first)
    return inside[low][1], min(inside[high][2], sentence[1])


_WHOLE = re.compile(r"[$€£]?\d+(?:[.,]\d+)*%?|\w+")


def _whole(text: str, words: Span, sentence: Span) -> Span:
    """Returns the words with those at the edges taken whole: tokens cut "17,357" in three."""
    cut = [
        each.span() for each in _WHOLE.finditer(text, *sentence) if each.start() < words[1] and words[0] < each.end()
    ]
    return (min(words[0], cut[0][0]), max(words[1], cut[-1][1])) if cut else words

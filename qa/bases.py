"""The models that the cross-encoders are made from: how each cuts a text into tokens, and its network.

What of a network is not trained is read from the package of the default embedder, or from a file beside this one that
`python -m qa.cut_base` makes; the rest is in the weights files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from documents.errors import ModelError
from index.e5 import BILINGUAL_MODEL, load_packed
from index.embed import default_model_folder
from qa.types import Span

if TYPE_CHECKING:
    import torch

BASE_FILE = Path(__file__).with_name("reranker-base.bin")
_SHA256 = "6014416072f19c07754d376c6c044f2ddaeb4217fb44c25ae3eaf1e932da9f0a"
_KEPT_LAYERS = 4  # of the bilingual model, the lowest, as they are: what languages share is learnt there


@dataclass(frozen=True, slots=True)
class Tokens:
    """The ids of a text's tokens, without marks, and the span of each in the text."""

    ids: Sequence[int]
    spans: Sequence[Span]


class Base(Protocol):
    """`start`, `between` and `end` are the ids of marks: before the question, after it, and after every other part.

    `untrained` are beginnings of the names of parameters that stay as they are.
    """

    start: int
    between: tuple[int, ...]
    end: int
    untrained: tuple[str, ...]

    def tokens(self, text: str) -> Tokens: ...

    def encoder(self) -> Any:
        """Returns the network as the model has it."""
        ...

    def states(self, encoder: Any, ids: "torch.Tensor", types: "torch.Tensor", mask: "torch.Tensor") -> "torch.Tensor":
        """Returns what the encoder makes of the tokens, (n, length, width); its arguments are (n, length)."""
        ...


class MiniLM:
    """The default embedding model. Its word embeddings are not trained."""

    untrained: tuple[str, ...] = ("encoder.embeddings.",)

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(default_model_folder() / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.start, self.end = (cast(int, self._tokenizer.token_to_id(mark)) for mark in ("[CLS]", "[SEP]"))
        self.between: tuple[int, ...] = (self.end,)

    def tokens(self, text: str) -> Tokens:
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return Tokens(encoded.ids, encoded.offsets)

    def encoder(self) -> Any:
        from transformers import BertModel
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        encoder = BertModel.from_pretrained(str(default_model_folder()), local_files_only=True)
        encoder.pooler = None  # taken off only now: loading a model without it warns of the weights left over
        return encoder

    def states(self, encoder: Any, ids: "torch.Tensor", types: "torch.Tensor", mask: "torch.Tensor") -> "torch.Tensor":
        found: torch.Tensor = encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        return found


class E5:
    """The bilingual embedding model, cut down to the words of English and French.

    Its word embeddings and its lowest layers are not trained.

    Raises:
        ModelError: the file is missing or damaged.
    """

    untrained: tuple[str, ...] = (
        "encoder.embeddings.",
        *(f"encoder.encoder.layer.{number}." for number in range(_KEPT_LAYERS)),
    )

    def __init__(self) -> None:
        try:
            self._model = load_packed(BASE_FILE, _SHA256)
        except (OSError, ValueError) as error:
            raise ModelError(f"{BASE_FILE}: the cross-encoder's base cannot be read ({error}). Reinstall.") from error
        self._tokenizer = self._model.tokenizer
        self.start, self.end = self._tokenizer.start, self._tokenizer.end
        self.between: tuple[int, ...] = (self.end, self.end)

    def tokens(self, text: str) -> Tokens:
        (tokens,) = self._tokenizer.encode([text])
        return Tokens(tokens.ids, tokens.spans)

    def encoder(self) -> Any:
        return self._model.encoder()

    def states(self, encoder: Any, ids: "torch.Tensor", types: "torch.Tensor", mask: "torch.Tensor") -> "torch.Tensor":
        found: torch.Tensor = self._model.states(encoder, ids, mask)
        return found


def base_of(model: str) -> Base:
    """Returns the base of that name."""
    return E5() if model == BILINGUAL_MODEL else MiniLM()


def weights_of(model: str) -> Path:
    """Returns the file with the trained part of the cross-encoder made from that base."""
    return Path(__file__).with_name(
        "reranker-bilingual.safetensors" if model == BILINGUAL_MODEL else "reranker.safetensors"
    )

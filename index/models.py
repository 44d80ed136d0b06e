"""The Embedder for a model's name."""

from index.e5 import BILINGUAL_MODEL, E5Embedder
from index.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
from index.types import Embedder

_BILINGUAL_NAMES = ("bilingual", BILINGUAL_MODEL)


def embedder_named(model: str | None = None) -> Embedder:
    """Returns the embedder, the default one for None.

    "bilingual" and "multilingual-e5-small" are the model of the extra `bilingual`; every other name is that of a
    sentence-transformers model: a folder or a hub name.
    """
    return E5Embedder() if model in _BILINGUAL_NAMES else SentenceTransformerEmbedder(model or DEFAULT_MODEL)

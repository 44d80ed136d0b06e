"""What processes need to open a pipeline for themselves, with the models that they share (qa/processes.py)."""

from dataclasses import dataclass
from functools import cache

from index.models import embedder_named
from index.place import Location
from index.types import Embedder
from index.vocabulary import load_words
from qa.pipeline import Pipeline, Settings, open_pipeline
from qa.readers import cross_encoders


@cache
def shared_embedder(model: str) -> Embedder:
    """Returns the one embedder of this process, and of those that are forked from it, for a model's name."""
    return embedder_named(model)


def load_shared(model: str, *, reader: bool) -> None:
    """Loads the embedder and the words of both languages, and the cross-encoders where they are to read."""
    load_words()
    load_models(shared_embedder(model), reader=reader)


def load_models(embedder: Embedder, *, reader: bool) -> None:
    """Loads an embedder, and the cross-encoders where they are to read."""
    _ = embedder.revision, embedder.dimension, embedder.max_tokens
    if reader:
        cross_encoders().load()


@dataclass(frozen=True, slots=True)
class Opening:
    """Which index, with which model and settings; `token` is for a server that asks for it."""

    location: Location
    model: str
    settings: Settings
    token: str = ""

    def load(self) -> None:
        """Loads what processes share."""
        load_shared(self.model, reader=self.settings.rerank.read)

    def pipeline(self) -> Pipeline:
        """Returns the pipeline over the index, opened in this process."""
        return open_pipeline(self.location, shared_embedder(self.model), self.settings, token=self.token)

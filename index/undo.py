"""Taking a document out of an index so that it can be put back as it was."""

from dataclasses import dataclass

from documents.labels import Labels
from documents.types import Document
from index.store import SQLiteStore
from index.types import EmbeddedPassage


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A document that is no longer in the index, with all that puts it back."""

    document: Document
    passages: tuple[EmbeddedPassage, ...]
    origin: str
    corrections: Labels

"""The protocol of a store that documents are put into, and what it keeps of a document besides its passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from documents.labels import NOTHING_SAID, Labels
from documents.types import Document, DocumentInfo
from index.types import EmbeddedPassage, Embedding, PassageStore


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """`origin` is the path it was ingested from; a date is open that a setting of the date order may change.

    `folder` is what its folder says of it. `same_as` is the document that a further name of the same bytes belongs to.
    """

    digest: str
    origin: str
    date_open: bool
    unread_pages: tuple[int, ...]
    folder: Labels
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A further id of a document: that of a file of the same bytes."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """All that a store keeps of a document. `document` is as it was read: nothing else is laid over it."""

    document: Document
    passages: Sequence[EmbeddedPassage]
    origin: str
    folder: Labels
    corrections: Labels
    names: tuple[Name, ...]  # by id
    shown: str = ""  # the title as it is shown, corrections included

    @property
    def id(self) -> str:
        return self.document.info.id

    @property
    def title(self) -> str:
        return self.shown or self.id


class TakenDocument(Protocol):
    """A document that was taken out of a store, for that store to put back."""

    @property
    def id(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def title(self) -> str:
        """The title, or the id of one without."""
        ...


class WritableStore(PassageStore, Protocol):
    """A PassageStore that ingest fills and people correct. Every change is seen by whoever has the store open.

    Where a document is named and there is none of that id, BadQuestion is raised.
    """

    @property
    def location(self) -> str:
        """Where it is, as --index names it."""
        ...

    @property
    def folder(self) -> Path:
        """A folder of this machine for what is kept beside the documents; it need not exist."""
        ...

    @property
    def vectors(self) -> str:
        """How the nearest are found: "exact", or the name of an approximation."""
        ...

    def setting(self, key: str) -> str | None: ...
    def set_setting(self, key: str, value: str) -> None: ...

    def put(
        self, document: Document, passages: Sequence[EmbeddedPassage], *, origin: str, folder: Labels = NOTHING_SAID
    ) -> None:
        """Stores a document as it was read; an earlier one of the same id is replaced."""
        ...

    def remove(self, document_id: str) -> bool:
        """Returns whether it was there. Of a document with several names only this one goes."""
        ...

    def take_out(self, document_id: str) -> TakenDocument:
        """Removes a document, with all its names, in such a way that `put_back` brings it back as it was."""
        ...

    def put_back(self, taken: TakenDocument) -> None: ...
    def add_name(self, document_id: str, digest: str, *, origin: str) -> bool:
        """Gives the document of that digest a further id; returns whether there is such a document."""
        ...

    def edit(self, document_id: str, labels: Labels, *, reset: bool = False) -> DocumentInfo:
        """Corrects what is known of a document; returns what is known now. What `labels` leave out stays."""
        ...

    def set_folder(self, document_id: str, folder: Labels) -> DocumentInfo:
        """Sets what its folder says of a document; returns what is known of it now."""
        ...

    def set_origin(self, document_id: str, origin: str) -> None:
        """Notes that a document, or a further name of one, which stays as it is, now comes from elsewhere."""
        ...

    def group_versions(self) -> None:
        """Finds the nearly equal documents of those that are new since it was last called (index/versions.py)."""
        ...

    def save_vectors(self, *, lazily: bool = False) -> None:
        """Makes ready what is derived from the passages, so that the next search need not.

        With `lazily`, not where little changed and a search copes with it.
        """
        ...

    def info(self, document_id: str) -> DocumentInfo: ...
    def versions(self, document_id: str) -> list[DocumentInfo]:
        """The documents nearly equal to a document, itself left out: undated first, then by date, id."""
        ...

    def corrections(self, document_id: str) -> Labels:
        """What was corrected of a document, and nothing for one that is not there."""
        ...

    def embeddings(self, digests: Sequence[bytes]) -> Mapping[bytes, Embedding]:
        """The vectors of texts that a passage was made of already, by their digest; nothing where none are kept."""
        ...

    def passage_counts(self) -> dict[str, int]: ...
    def known(self) -> dict[str, KnownDocument]:
        """What ingest must know of every document, by id; further names of the same bytes too."""
        ...

    def known_document(self, document_id: str) -> KnownDocument | None: ...
    def stored(self, document_id: str) -> StoredDocument:
        """All that is kept of a document, under its own id; its passages in order."""
        ...

    def bytes_on_disk(self) -> int | None:
        """What the index takes on this machine; None where it lies elsewhere."""
        ...

"""The PassageStore on Milvus: for more passages than one machine searches, and for several that ingest or serve."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from documents.dates import AS_SET
from documents.errors import BadQuestion, IndexMismatch, IndexMissing
from documents.labels import NOTHING_SAID, Labels
from documents.types import Document, DocumentInfo, Passage
from index.milvus import Milvus, Row, is_any, quoted
from index.milvus_documents import Documents, no_document
from index.milvus_records import Records, name_of
from index.milvus_rows import (
    CORRECTION,
    NAME,
    PASSAGE_FIELDS,
    PLACED_FIELDS,
    Record,
    embedding_of,
    meets,
    narrowed,
    passage_of,
)
from index.milvus_search import Search
from index.milvus_versions import group_versions, kin_of
from index.place import MilvusPlace
from index.types import EVERYWHERE, EmbeddedPassage, Embedding, Facets, Match, Placed, Vectors, Where
from index.vocabulary import Vocabulary
from index.writable import KnownDocument, Name, StoredDocument, TakenDocument

_VERSION = "1"
_AT_ONCE = 200  # numbers in one condition
T = TypeVar("T")


class MilvusStore:
    """Safe to share between threads."""

    def __init__(self, place: MilvusPlace, *, writable: bool = False) -> None:
        """Opens the index at the place; with `writable` a missing one is made.

        Raises:
            IndexMissing: there is none.
            IndexMismatch: it was made by another version.
            StoreUnreachable: the server does not answer, or another process holds the file.
        """
        self._place = place
        if place.in_process and not writable and not Path(place.address).exists():
            raise _missing(place)
        self._milvus = Milvus(place)
        self._records = Records(self._milvus)
        self._documents = Documents(self._milvus, self._records)
        self._search = Search(self._milvus, self.generation, self._lengths)
        self._undated: tuple[str, int] | None = None  # the generation it was counted of
        there = self._milvus.has(self._milvus.records)
        version = self.setting("version") if there else None
        if version is None:
            if not writable:
                raise _missing(place)
            self._begin()
        elif version != _VERSION:
            raise IndexMismatch(
                f"{self.location}: the index has format {version}, this program reads {_VERSION}. "
                "Choose another collection and ingest again."
            )

    def _begin(self) -> None:
        """Makes an empty index; another process may do the same at this moment."""
        self._milvus.make_records()
        self._records.set_setting("version", _VERSION)
        self._records.move_on()

    @staticmethod
    def is_at(place: MilvusPlace) -> bool:
        """Returns whether there is an index at the place, sound or not."""
        if place.in_process and not Path(place.address).exists():
            return False
        milvus = Milvus(place)
        return milvus.has(milvus.records)

    @property
    def location(self) -> str:
        return self._place.location

    @property
    def folder(self) -> Path:
        """The file of Milvus Lite; for a server a folder in the present one, as nothing else lies on this machine."""
        if self._place.in_process:
            return Path(self._place.address)
        return Path(f".removals-qa-{self._place.collection}")

    @property
    def vectors(self) -> str:
        return self._milvus.vectors_index()

    def bytes_on_disk(self) -> int | None:
        return self._milvus.bytes_on_disk()

    # -- settings

    def setting(self, key: str) -> str | None:
        return self._records.setting(key)

    def set_setting(self, key: str, value: str) -> None:
        self._records.set_setting(key, value)

    def generation(self) -> str:
        return self._records.generation

    # -- writing

    def put(
        self, document: Document, passages: Sequence[EmbeddedPassage], *, origin: str, folder: Labels = NOTHING_SAID
    ) -> None:
        """Stores a document as it was read, with its passages; an earlier one of the same id is replaced."""
        info = document.info
        held = self._records.held(info)
        if held.record and held.record.info.digest != info.digest and self._documents.hand_over(held.record):
            held = self._records.held(info)
        if held.is_name:
            self._records.forget(NAME, info.id)
        self._documents.write(document, passages, held, origin=origin, folder=folder)

    def remove(self, document_id: str) -> bool:
        """Removes a document with what was corrected of it; returns whether it was there.

        Of a document with several names only this one goes.
        """
        if self._records.is_name(document_id):
            self._records.forget(NAME, document_id)
            return True
        found = self._records.record(document_id)
        if found is None:
            return False
        self._documents.delete(found)
        self._records.forget(CORRECTION, document_id)
        self._records.move_on()
        return True

    def take_out(self, document_id: str) -> TakenDocument:
        """Removes a document, with all its names, in such a way that `put_back` brings it back as it was.

        Raises: BadQuestion where there is no document of that id.
        """
        record = self._records.record(document_id)
        if record is None:
            raise no_document(document_id)
        taken = self.stored(document_id)
        self._records.forget(NAME, *(name.id for name in taken.names))
        self._documents.erase(record)
        self._records.forget(CORRECTION, document_id)
        self._records.move_on()
        return taken

    def put_back(self, taken: TakenDocument) -> None:
        """Puts a document back that was taken out.

        Raises: BadQuestion where there is one of that id again.
        """
        if not isinstance(taken, StoredDocument):
            raise TypeError(f"{taken.id} was taken out of another store")
        for identity in (taken.id, *(name.id for name in taken.names)):
            if self._records.record(identity):
                raise BadQuestion(
                    f"{identity}: there is a document of this id again. Remove it first.",
                    french=f"{identity} : il y a de nouveau un document de cet identifiant. Supprimez-le d’abord.",
                )
        if taken.corrections.said():
            self._records.correct(taken.id, taken.corrections)
        held = self._records.held(taken.document.info)
        record = self._documents.write(taken.document, taken.passages, held, origin=taken.origin, folder=taken.folder)
        for name in taken.names:
            self._records.add_name(name, record)
        self._records.move_on()
        self.group_versions()

    def add_name(self, document_id: str, digest: str, *, origin: str) -> bool:
        """Gives the document of that digest a further id, that of a file of the same bytes.

        Returns whether there is such a document. What was stored under the id before is gone.
        """
        record = self._records.of_digest(digest)
        if record is None:
            return False
        if record.id != document_id:
            if before := self._records.record(document_id):
                self._documents.delete(before)
            self._records.add_name(Name(document_id, origin), record)
            self._records.move_on()
        return True

    def set_origin(self, document_id: str, origin: str) -> None:
        """Notes that a document, or a further name of one, which stays as it is, now comes from elsewhere."""
        if record := self._records.record(document_id):
            self._records.keep(replace(record, origin=origin))
        self._records.set_origin(document_id, origin)

    def save_vectors(self, *, lazily: bool = False) -> None:
        """Milvus keeps its own; what Milvus Lite has in memory is written."""
        self._milvus.flush()

    def group_versions(self) -> None:
        """Finds the nearly equal documents of those that are new since it was last called (index/versions.py)."""
        group_versions(self._records)

    # -- labels

    def edit(self, document_id: str, labels: Labels, *, reset: bool = False) -> DocumentInfo:
        """Corrects what is known of a document; returns what is known now. What `labels` leave out stays.

        Raises: BadQuestion where there is no document of that id.
        """
        record = self._documents.named(document_id)
        kept = labels if reset else labels.over(self._records.corrections(record.id))
        self._records.correct(record.id, kept)
        self._documents.relabel(record)
        return self.info(record.id)

    def set_folder(self, document_id: str, folder: Labels) -> DocumentInfo:
        """Sets what its folder says of a document; returns what is known of it now."""
        record = replace(self._documents.named(document_id), folder=folder)
        self._records.keep(record)
        self._documents.relabel(record)
        return self.info(record.id)

    def corrections(self, document_id: str) -> Labels:
        return self._records.corrections(document_id)

    def facets(self) -> Facets:
        """Returns how many documents are of each kind, language and collection."""
        held = [record.info for record in self._records.every()]
        kinds, languages, collections = (
            {value: values.count(value) for value in sorted(set(values))}
            for values in (
                [info.kind for info in held],
                [info.language for info in held],
                [info.collection for info in held],
            )
        )
        return Facets(kinds, languages, collections)

    # -- searching

    def nearest(self, vector: Vectors, k: int, where: Where = EVERYWHERE) -> list[Match]:
        """Returns the k passages of highest cosine similarity, best first: exactly, unless made with vectors=hnsw."""
        condition = self._condition(where)
        return [] if condition is None else self._search.nearest(vector, k, condition)

    def matching(self, terms: Sequence[str], k: int, where: Where = EVERYWHERE) -> list[Match]:
        """Returns the k passages of highest BM25 score among those that hold any of the terms, best first.

        A term with spaces is a phrase: its terms one after the other. The ranking is SQLite's (index/bm25.py).
        """
        condition = self._condition(where)
        return [] if condition is None else self._search.matching(terms, k, condition)

    def term_counts(self, terms: Iterable[str]) -> dict[str, int]:
        return self._search.term_counts(terms)

    def vocabulary(self) -> Vocabulary:
        return self._search.vocabulary()

    def terms_of(self, numbers: Sequence[int]) -> dict[int, str]:
        return self._search.terms_of(numbers)

    def passages(self, numbers: Sequence[int]) -> dict[int, EmbeddedPassage]:
        """Returns the passages by number, in the order asked for; numbers that no longer exist are left out."""
        rows = self._rows(numbers, PASSAGE_FIELDS)
        records = self._records.of(row["document"] for row in rows)
        infos = dict(zip((record.key for record in records), self._records.shown(records), strict=True))
        found = {
            int(row["number"]): passage_of(row, infos[row["document"]]) for row in rows if row["document"] in infos
        }
        return {number: found[number] for number in numbers if number in found}

    def plain_passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        return {number: each.passage for number, each in self.passages(numbers).items()}

    def vectors_of(self, numbers: Sequence[int]) -> dict[int, Placed]:
        """Returns what ranks the passages, in the order asked for; numbers that no longer exist are left out."""
        rows = self._rows(numbers, PLACED_FIELDS)
        ids = {record.key: record.id for record in self._records.of(row["document"] for row in rows)}
        found = {
            int(row["number"]): Placed(ids[row["document"]], int(row["first"]), embedding_of(row))
            for row in rows
            if row["document"] in ids
        }
        return {number: found[number] for number in numbers if number in found}

    def passage_at(self, document_id: str, start: int, end: int) -> Passage | None:
        """Returns the passage that holds the whole span, or None."""
        record = self._records.record(document_id)
        if record is None or start >= end:
            return None
        condition = f"document == {quoted(record.key)} and first <= {start} and last >= {end}"
        rows = self._milvus.rows(self._milvus.passages, condition, PASSAGE_FIELDS)
        row = min(rows, key=lambda row: int(row["number"]), default=None)
        return passage_of(row, self._records.shown([record])[0]).passage if row else None

    def passage_count(self) -> int:
        return self._milvus.count(self._milvus.passages)

    def undated_count(self, where: Where = EVERYWHERE) -> int:
        """Returns how many documents without a date meet the conditions besides `as_of`; of all it is kept a state."""
        where = replace(where, as_of=None)
        if where != EVERYWHERE:
            return sum(info.dated is None for info in self.documents(where))
        generation = self.generation()
        if self._undated is None or self._undated[0] != generation:
            self._undated = generation, sum(record.info.dated is None for record in self._records.every())
        return self._undated[1]

    # -- documents

    def documents(self, where: Where = EVERYWHERE) -> list[DocumentInfo]:
        """Returns what is known of every document that meets the conditions, by id."""
        return [info for info in self._records.shown(self._records.every()) if meets(info, where)]

    def info(self, document_id: str) -> DocumentInfo:
        """Raises BadQuestion when there is none of that id."""
        return self._records.shown([self._documents.named(document_id)])[0]

    def document(self, document_id: str) -> Document:
        """Raises BadQuestion when there is none of that id."""
        record = self._documents.named(document_id)
        return self._records.text(record, self._records.shown([record])[0])

    def versions(self, document_id: str) -> list[DocumentInfo]:
        """Returns the documents that are nearly equal to a document, itself left out: undated first, then by date, id.

        Raises: BadQuestion where there is no document of that id.
        """
        own = self._documents.named(document_id)
        kin = [each for each in kin_of(self._records, own.kin) if each.id != own.id]
        return sorted(self._records.shown(kin), key=lambda info: (info.date or "", info.id))

    def version_groups(self, numbers: Sequence[int]) -> dict[int, int]:
        """Returns the group of nearly equal documents of each passage; those of documents without such are left out."""
        rows = self._rows(numbers, ["number", "document"])
        kins = {record.key: record.kin for record in self._records.of(row["document"] for row in rows) if record.kin}
        groups = {kin: place for place, kin in enumerate(self._records.shared(kins.values()))}
        return {
            int(row["number"]): groups[kins[row["document"]]] for row in rows if kins.get(row["document"], "") in groups
        }

    def embeddings(self, digests: Sequence[bytes]) -> dict[bytes, Embedding]:
        """Returns nothing: a collection keeps no digests, so that every text is embedded anew."""
        return {}

    def passage_counts(self) -> dict[str, int]:
        """Returns the number of passages of each document."""
        return {record.id: record.passages for record in self._records.every()}

    def known(self) -> dict[str, KnownDocument]:
        """Returns what ingest must know of every document, by id."""
        records = self._records.every()
        found = {record.id: _known(record) for record in records}
        ids = {record.key: record.id for record in records}
        for row in self._records.every_name():
            if row["owner"] in ids:
                name, same = name_of(row), ids[row["owner"]]
                found[name.id] = replace(found[same], digest=row["digest"], origin=name.origin, same_as=same)
        return found

    def known_document(self, document_id: str) -> KnownDocument | None:
        """Returns what ingest must know of one document, or None where there is none of that id."""
        record = self._records.record(document_id)
        return _known(record) if record else None

    def stored(self, document_id: str) -> StoredDocument:
        """Returns all that is kept of a document, under its own id.

        Raises: BadQuestion where there is none of that id.
        """
        return self._documents.stored(self._documents.named(document_id))

    # -- inside

    def _rows(self, numbers: Sequence[int], fields: Sequence[str]) -> list[Row]:
        return [
            row
            for part in _parts(numbers)
            for row in self._milvus.rows(self._milvus.passages, is_any("number", part), fields)
        ]

    def _lengths(self) -> tuple[int, int]:
        passages = terms = 0
        for row in self._records.lengths():
            passages, terms = passages + row["passages"], terms + row["terms"]
        return passages, terms

    def _condition(self, where: Where) -> str | None:
        """Returns the condition on passages; None where none can meet it."""
        if frozenset() in (where.documents, where.kinds, where.languages, where.collections):
            return None
        keys = None
        if where.documents is not None:
            named = (self._records.named(identity) for identity in sorted(where.documents))
            keys = sorted({record.key for record in named if record})
            if not keys:
                return None
        return narrowed(where, keys)


def _known(record: Record) -> KnownDocument:
    dated = record.info.dated
    date_open = dated is not None and (not dated.sure or dated.reason.endswith(AS_SET))
    return KnownDocument(record.info.digest, record.origin, date_open, record.info.unread_pages, record.folder)


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def _missing(place: MilvusPlace) -> IndexMissing:
    return IndexMissing(
        f"{place.location}: there is no index here. Make one: removals-qa ingest FOLDER --index {place.location}"
    )

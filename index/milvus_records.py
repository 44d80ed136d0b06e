"""What an index in Milvus holds besides its passages: settings, documents, their further names and corrections."""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from documents.labels import NOTHING_SAID, Labels
from documents.types import Document, DocumentInfo, Heading
from index.milvus import Milvus, Row, is_any, quoted
from index.milvus_rows import (
    CORRECTION,
    DOCUMENT,
    NAME,
    PIECE,
    SETTING,
    Record,
    new_keys,
    piece_key,
    piece_rows,
    record_key,
    record_of,
    record_row,
    text_of,
)
from index.writable import Name

_RECORD = ("key", "kind", "owner", "kin", "passages", "terms", "bands", "value", "digest")
_AT_ONCE = 500  # keys in one condition
_GENERATION = "generation"


@dataclass(frozen=True, slots=True)
class Held:
    """What is there of a document that is about to be put. `free_key` is the one to put it under."""

    record: Record | None
    is_name: bool
    corrections: Labels
    free_key: str
    is_littered: bool  # something was put under the free key, and never shown


class Records:
    """Reads and writes the rows of one index that are not searched."""

    def __init__(self, milvus: Milvus) -> None:
        self._milvus = milvus

    # -- settings

    def setting(self, key: str) -> str | None:
        row = self._row(SETTING, key)
        return None if row is None else str(row["value"])

    def set_setting(self, key: str, value: str) -> None:
        self._milvus.keep([_setting_row(key, value)])

    @property
    def generation(self) -> str:
        return self.setting(_GENERATION) or ""

    def move_on(self) -> None:
        """Marks what is searched as changed: after the change is written, so that no reader keeps the state before."""
        self._milvus.keep([_new_generation()])

    def keep_and_move_on(self, record: Record) -> None:
        """Writes a document's record and marks what is searched as changed, in one write."""
        self._milvus.keep([record_row(record), _new_generation()])

    # -- documents

    def record(self, document_id: str) -> Record | None:
        """Returns the record of the document of that very id."""
        row = self._row(DOCUMENT, document_id)
        return record_of(row) if row else None

    def held(self, info: DocumentInfo) -> Held:
        """Returns what is there under the document's id, in one look."""
        own = [record_key(kind, info.id) for kind in (DOCUMENT, NAME, CORRECTION)]
        keys = new_keys(info)
        wanted = [*own, *(piece_key(key, 0) for key in keys)]
        rows = {row["key"]: row for row in self._milvus.rows(self._milvus.records, is_any("key", wanted), _RECORD)}
        record = record_of(rows[own[0]]) if own[0] in rows else None
        free = keys[1] if record and record.key == keys[0] else keys[0]
        is_littered = piece_key(free, 0) in rows
        if is_littered and self.of([free]):  # it was put so under this id, and given to another name
            free, is_littered = uuid.uuid4().hex, False
        corrections = Labels.read(rows[own[2]]["value"]) if own[2] in rows else NOTHING_SAID
        return Held(record, own[1] in rows, corrections, free, is_littered)

    def named(self, identity: str) -> Record | None:
        """Returns the record of the document that has the id, or a further name of it."""
        found = self.record(identity)
        if found is None and (name := self._row(NAME, identity)):
            found = next(iter(self.of([name["owner"]])), None)
        return found

    def of(self, keys: Iterable[str]) -> list[Record]:
        """Returns the records of the documents of those keys."""
        return [record_of(row) for row in self._owned(DOCUMENT, keys)]

    def every(self) -> list[Record]:
        """Returns the records of all documents, by id."""
        rows = self._milvus.every(self._milvus.records, f"kind == {quoted(DOCUMENT)}", _RECORD)
        return sorted(map(record_of, rows), key=lambda record: record.id)

    def lengths(self) -> Iterable[Row]:
        """Yields the passages and terms of all documents, and their keys, as rows."""
        fields = ("owner", "passages", "terms")
        return self._milvus.every(self._milvus.records, f"kind == {quoted(DOCUMENT)}", fields)

    def of_digest(self, digest: str) -> Record | None:
        """Returns the first document, by id, of those bytes."""
        condition = f"kind == {quoted(DOCUMENT)} and digest == {quoted(digest)}"
        found = [record_of(row) for row in self._milvus.rows(self._milvus.records, condition, _RECORD)]
        return min(found, key=lambda record: record.id, default=None)

    def of_bands(self, bands: Sequence[int]) -> list[Record]:
        """Returns the documents whose signature has one of those bands."""
        condition = f"kind == {quoted(DOCUMENT)} and array_contains_any(bands, {json.dumps(list(bands))})"
        return [record_of(row) for row in self._milvus.rows(self._milvus.records, condition, _RECORD)]

    def of_kin(self, kin: str) -> list[Record]:
        """Returns the documents of a group of nearly equal ones."""
        condition = f"kind == {quoted(DOCUMENT)} and kin == {quoted(kin)}"
        return [record_of(row) for row in self._milvus.rows(self._milvus.records, condition, _RECORD)]

    def shared(self, kins: Iterable[str]) -> list[str]:
        """Returns those of the groups that have several documents, in order."""
        wanted, counts = sorted(set(kins)), Counter[str]()
        for start in range(0, len(wanted), _AT_ONCE):
            condition = f"kind == {quoted(DOCUMENT)} and {is_any('kin', wanted[start : start + _AT_ONCE])}"
            counts.update(row["kin"] for row in self._milvus.rows(self._milvus.records, condition, ("kin",)))
        return [kin for kin in wanted if counts[kin] > 1]

    def shown(self, records: Sequence[Record]) -> list[DocumentInfo]:
        """Returns what is known of documents, with their other names."""
        names = self.names(record.key for record in records)
        return [_with_names(record.info, names.get(record.key, ())) for record in records]

    def keep(self, *records: Record) -> None:
        """Writes the records of documents."""
        self._milvus.keep([record_row(record) for record in records])

    def rename(self, record: Record, identity: str, origin: str) -> Record:
        """Gives a document another id; what it was called before is gone."""
        moved = replace(record, info=replace(record.info, id=identity), origin=origin)
        self.keep(moved)
        self.forget(DOCUMENT, record.id)
        return moved

    # -- texts

    def text(self, record: Record, info: DocumentInfo) -> Document:
        """Returns the document itself."""
        text, headings, page_starts = text_of(self._owned(PIECE, [record.key]))
        spans = tuple(Heading(*each) for each in json.loads(headings))
        return Document(info, text, spans, tuple(json.loads(page_starts)))

    def keep_text(self, document: Document, key: str) -> None:
        self._milvus.keep(piece_rows(document, key))

    def forget_text(self, key: str) -> None:
        condition = f"owner == {quoted(key)} and kind == {quoted(PIECE)}"
        self._milvus.delete(self._milvus.records, condition)

    # -- names and corrections

    def names(self, keys: Iterable[str]) -> dict[str, list[Row]]:
        """Returns the rows of the further names of documents, by the document's key; by name within it."""
        found: dict[str, list[Row]] = {}
        for row in sorted(self._owned(NAME, keys), key=lambda row: str(row["key"])):
            found.setdefault(row["owner"], []).append(row)
        return found

    def every_name(self) -> list[Row]:
        """Returns the rows of all further names."""
        return list(self._milvus.every(self._milvus.records, f"kind == {quoted(NAME)}", _RECORD))

    def add_name(self, name: Name, record: Record) -> None:
        self._milvus.keep(
            [
                {
                    "key": record_key(NAME, name.id),
                    "kind": NAME,
                    "owner": record.key,
                    "digest": record.info.digest,
                    "value": name.origin,
                }
            ]
        )

    def set_origin(self, name: str, origin: str) -> None:
        """Notes that a further name now comes from elsewhere, if there is such a name."""
        if row := self._row(NAME, name):
            self._milvus.keep([row | {"value": origin}])

    def move_names(self, before: str, key: str) -> None:
        """Gives all names of a document to what was put in its place."""
        if rows := self.names([before]).get(before):
            self._milvus.keep([row | {"owner": key} for row in rows])

    def is_name(self, identity: str) -> bool:
        return self._row(NAME, identity) is not None

    def corrections(self, document_id: str) -> Labels:
        row = self._row(CORRECTION, document_id)
        return Labels.read(row["value"]) if row else NOTHING_SAID

    def is_corrected(self, document_id: str) -> bool:
        return self._row(CORRECTION, document_id) is not None

    def correct(self, document_id: str, labels: Labels) -> None:
        row = {"key": record_key(CORRECTION, document_id), "kind": CORRECTION, "value": labels.written()}
        self._milvus.keep([row])

    def forget(self, kind: str, *identities: str) -> None:
        """Deletes records of one kind."""
        if identities:
            keys = (record_key(kind, identity) for identity in identities)
            self._milvus.delete(self._milvus.records, is_any("key", keys))

    # -- inside

    def _row(self, kind: str, identity: str) -> Row | None:
        condition = is_any("key", [record_key(kind, identity)])
        return next(iter(self._milvus.rows(self._milvus.records, condition, _RECORD)), None)

    def _owned(self, kind: str, keys: Iterable[str]) -> list[Row]:
        wanted, found = sorted(set(keys)), list[Row]()
        for start in range(0, len(wanted), _AT_ONCE):
            condition = f"{is_any('owner', wanted[start : start + _AT_ONCE])} and kind == {quoted(kind)}"
            found += self._milvus.rows(self._milvus.records, condition, _RECORD)
        return found


def _setting_row(key: str, value: str) -> Row:
    return {"key": record_key(SETTING, key), "kind": SETTING, "value": value}


def _new_generation() -> Row:
    return _setting_row(_GENERATION, uuid.uuid4().hex)


def name_of(row: Row) -> Name:
    """Returns the name of a row of one."""
    return Name(row["key"].removeprefix(record_key(NAME, "")), row["value"])


def _with_names(info: DocumentInfo, rows: Sequence[Row]) -> DocumentInfo:
    return replace(info, also=tuple(sorted(name_of(row).id for row in rows)))

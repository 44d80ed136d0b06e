"""Whole documents in an index in Milvus: put, replaced, given to another name, labelled anew, deleted.

A document is put in this order: its text and its passages under a new key, then its record, which names that key, then
what the record named before is deleted. So a reader sees the document as it was or as it is, and a put that was cut off
leaves nothing that is shown; the same put again replaces what it left.
"""

from collections.abc import Sequence
from dataclasses import replace

from documents.errors import BadQuestion
from documents.labels import Labels, labelled
from documents.types import Document
from index.milvus import Milvus, quoted
from index.milvus_records import Held, Records, name_of
from index.milvus_rows import DOCUMENT, NAME, PASSAGE_FIELDS, Record, new_record, passage_of, passage_rows
from index.types import EmbeddedPassage
from index.writable import StoredDocument


class Documents:
    """Changes the documents of one index."""

    def __init__(self, milvus: Milvus, records: Records) -> None:
        self._milvus, self._records = milvus, records

    def named(self, identity: str) -> Record:
        """Returns the record of the document that has the id, or a further name of it.

        Raises: BadQuestion where there is none.
        """
        record = self._records.named(identity)
        if record is None:
            raise no_document(identity)
        return record

    def stored(self, record: Record) -> StoredDocument:
        """Returns all that is kept of a document, under its own id."""
        return StoredDocument(
            document=self._records.text(record, record.own),
            passages=self._passages_of(record),
            origin=record.origin,
            folder=record.folder,
            corrections=self._records.corrections(record.id),
            names=tuple(map(name_of, self._records.names([record.key]).get(record.key, ()))),
            shown=record.info.title,
        )

    def write(
        self, document: Document, passages: Sequence[EmbeddedPassage], held: Held, *, origin: str, folder: Labels
    ) -> Record:
        """Puts a document in the place of the one of its id; names and corrections stay."""
        own, before = document.info, held.record
        info = replace(labelled(own, folder, held.corrections), also=())
        rows = passage_rows(info, passages, held.free_key)
        if held.is_littered:  # by a put that was cut off
            self._forget(held.free_key)
        self._records.keep_text(document, held.free_key)
        if rows:
            if not self._milvus.has(self._milvus.passages):
                self._milvus.make_passages(len(passages[0].embedding.whole))
            self._milvus.insert_passages(rows)
        record = new_record(document, info, held.free_key, rows, origin=origin, folder=folder)
        if before and before.signature == record.signature:
            record = replace(record, kin=before.kin)
        self._records.keep_and_move_on(record)
        if before:
            self._records.move_names(before.key, record.key)
            self._forget(before.key)
            self._records.move_on()
        return record

    def delete(self, record: Record) -> None:
        """Deletes a document, or gives it to the first of its other names."""
        if not self.hand_over(record):
            self.erase(record)

    def hand_over(self, record: Record) -> bool:
        """Gives a document to the first of its other names; returns whether there is one."""
        names = self._records.names([record.key]).get(record.key, [])
        if not names:
            return False
        heir = name_of(names[0])
        if self._records.is_corrected(record.id) and not self._records.is_corrected(heir.id):
            self._records.correct(heir.id, self._records.corrections(record.id))
        moved = self._records.rename(record, heir.id, heir.origin)
        self._records.forget(NAME, heir.id)
        self.relabel(moved)
        return True

    def erase(self, record: Record) -> None:
        self._records.forget(DOCUMENT, record.id)
        self._forget(record.key)

    def _forget(self, key: str) -> None:
        """Deletes what was put under a key."""
        self._milvus.delete(self._milvus.passages, f"document == {quoted(key)}")
        self._records.forget_text(key)

    def relabel(self, record: Record) -> None:
        """Lays the labels over what the document itself says, anew; where that changes it, its passages are put again.

        Their vectors hold the title and the date that they were made with until the document is read again.
        """
        now = replace(labelled(record.own, record.folder, self._records.corrections(record.id)), also=())
        if now != record.info:
            stored = self.stored(record)
            held = self._records.held(stored.document.info)
            self.write(stored.document, stored.passages, held, origin=stored.origin, folder=stored.folder)

    def _passages_of(self, record: Record) -> list[EmbeddedPassage]:
        rows = self._milvus.every(self._milvus.passages, f"document == {quoted(record.key)}", PASSAGE_FIELDS)
        info = self._records.shown([record])[0]
        return [passage_of(row, info) for row in sorted(rows, key=lambda row: int(row["number"]))]


def no_document(document_id: str) -> BadQuestion:
    """Returns the error for an id that no document has."""
    return BadQuestion(
        f"{document_id}: no document of this id. List them: removals-qa documents list",
        french=f"{document_id} : aucun document de cet identifiant. La bibliothèque les montre tous.",
    )

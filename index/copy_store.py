"""Copies an index from one store to another, document by document, and checks what arrived."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from documents.errors import TransferError
from index.dense import SETTING
from index.rows import labels_row, passage_rows
from index.vectors import IVF
from index.writable import StoredDocument, WritableStore

_SETTINGS = ("dimension", "revision", "model")  # the model last: a store that has one is complete enough to go on with

OnDocument = Callable[[int, int], None]  # documents copied, of documents in all


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: documents and passages that are there now, and how many documents were there before."""

    documents: int
    passages: int
    kept: int


def copy_store(
    source: WritableStore, target: WritableStore, *, on_document: OnDocument = lambda done, total: None
) -> Copied:
    """Copies every document with its passages, vectors, names, corrections and origin; returns what is there now.

    A document that is there already as it is in the source is left; so a copy that was stopped goes on.

    Raises: TransferError where the target holds other documents or another model, or what arrived is not what was sent.
    """
    infos = source.documents()
    _check_target(source, target, {info.id for info in infos})
    compact = target.setting(SETTING) == IVF
    for key in _SETTINGS:
        if (value := source.setting(key)) is not None:
            target.set_setting(key, value)
    there, kept = {info.id: info for info in target.documents()}, 0
    for done, info in enumerate(infos, 1):
        sent = source.stored(info.id)
        if info.id in there and digest(target.stored(info.id), compact=compact) == digest(sent, compact=compact):
            kept += 1
        else:
            put_stored(target, sent)
            _check_document(sent, target.stored(info.id), target, compact=compact)
        on_document(done, len(infos))
    target.group_versions()
    target.save_vectors()
    _check_counts(source, target)
    return Copied(len(infos), target.passage_count(), kept)


def put_stored(store: WritableStore, sent: StoredDocument) -> None:
    """Puts a document into a store as another store kept it."""
    store.put(sent.document, sent.passages, origin=sent.origin, folder=sent.folder)
    for name in sent.names:
        store.add_name(name.id, sent.document.info.digest, origin=name.origin)
    if sent.corrections.said() or store.corrections(sent.id).said():
        store.edit(sent.id, sent.corrections, reset=True)


def digest(stored: StoredDocument, *, compact: bool = False) -> str:
    """Returns a SHA-256 over everything that a store keeps of a document, its vectors too, as codes where `compact`."""
    document = stored.document
    found = hashlib.sha256()
    for part in (
        document.info.id,
        document.info.digest,
        sorted(labels_row(document.info).items()),
        (document.info.source, document.info.url, document.info.redactions, document.info.unread_pages),
        document.info.ocr,
        document.text,
        document.headings,
        document.page_starts,
        (stored.origin, stored.folder.written(), stored.corrections.written(), stored.names),
        *(tuple(row.items()) for row in passage_rows(stored.passages, compact=compact)),
    ):
        found.update(repr(part).encode("utf-8", "surrogatepass") + b"\0")
    return found.hexdigest()


def _check_target(source: WritableStore, target: WritableStore, sent: set[str]) -> None:
    models = [(store.setting("model"), store.setting("revision")) for store in (source, target)]
    if models[1][0] is not None and models[0] != models[1]:
        raise TransferError(
            f"{target.location}: was made with the model {models[1][0]}, {source.location} with {models[0][0]}. "
            "Copy into a new index."
        )
    strange = sorted({info.id for info in target.documents()} - sent)
    if strange:
        raise TransferError(
            f"{target.location}: holds documents that {source.location} does not ({strange[0]}). Copy into a new index."
        )


def _check_document(sent: StoredDocument, arrived: StoredDocument, target: WritableStore, *, compact: bool) -> None:
    if digest(sent, compact=compact) != digest(arrived, compact=compact):
        raise TransferError(
            f"{sent.id}: what arrived in {target.location} is not what was sent. Copy again; if it stays so, remove "
            f"the document there and ingest it: removals-qa documents remove {sent.id} --index {target.location}"
        )


def _check_counts(source: WritableStore, target: WritableStore) -> None:
    counts = [(store.passage_counts(), store.passage_count()) for store in (source, target)]
    if counts[0] != counts[1]:
        raise TransferError(
            f"{target.location}: holds {counts[1][1]} passages of {len(counts[1][0])} documents, {source.location} "
            f"{counts[0][1]} of {len(counts[0][0])}. Something else writes one of them; copy again when it is done."
        )

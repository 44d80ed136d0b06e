"""Between rows of Milvus and the values that they hold."""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from documents.errors import UserError
from documents.labels import Labels
from documents.types import Document, DocumentInfo, Passage
from index.milvus import LONGEST_TEXT, Row, is_any
from index.rows import document_row, extracts_of, info_of, labels_row, leads_row, with_labels
from index.types import EmbeddedPassage, Embedding, Vectors, Where
from index.versions import bands, signature
from index.words import terms

PASSAGE_FIELDS = ("number", "document", "vector", "body", "spans")
PLACED_FIELDS = ("number", "document", "first", "vector", "spans")
DOCUMENT, PIECE, NAME, CORRECTION, SETTING = "document", "piece", "name", "correction", "setting"
_PIECE = 16_000  # characters; at most 64,000 bytes
_INFO = (
    "id title digest date date_source date_reason date_sure language source url redactions unread_pages kind"
    " collection ocr spoilt tables".split()
)


@dataclass(frozen=True, slots=True)
class Record:
    """A document's record. `key` names what was put: another one at every put, so that readers see old or new."""

    key: str
    info: DocumentInfo  # as it is shown, other names left out
    as_read: Row
    folder: Labels
    origin: str
    passages: int
    terms: int
    kin: str
    bands: tuple[int, ...]
    signature: str

    @property
    def id(self) -> str:
        return self.info.id

    @property
    def own(self) -> DocumentInfo:
        """The document as it was read."""
        return with_labels(self.info, self.as_read)


def record_key(kind: str, identity: str) -> str:
    """Returns the key of a record."""
    return f"{kind}:{identity}"


def new_keys(info: DocumentInfo) -> tuple[str, str]:
    """Returns the two keys under which a document may be put; one of them is free.

    Putting the same document again after a put that was cut off gives the same key: what that one left is replaced.
    """
    digest = hashlib.sha256(f"{info.id}\0{info.digest}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return digest + "a", digest + "b"


def new_record(
    document: Document, info: DocumentInfo, key: str, passages: Sequence[Row], *, origin: str, folder: Labels
) -> Record:
    """Returns the record of a document that is put: `document` as it was read, `info` as it is shown."""
    sign = signature(document.text)
    return Record(
        key=key,
        info=info,
        as_read=labels_row(document.info),
        folder=folder,
        origin=origin,
        passages=len(passages),
        terms=sum(len(row["terms"].split()) for row in passages),
        kin="",
        bands=() if sign is None else tuple(bands(sign)),
        signature="" if sign is None else base64.b64encode(sign.astype("<u4").tobytes()).decode(),
    )


def record_row(record: Record) -> Row:
    """Returns the row of a document's record."""
    shown = document_row(Document(record.info, ""))
    value = {
        "info": [shown[name] for name in _INFO],
        "as_read": record.as_read,
        "folder": record.folder.written(),
        "origin": record.origin,
        "signature": record.signature,
    }
    return {
        "key": record_key(DOCUMENT, record.id),
        "kind": DOCUMENT,
        "owner": record.key,
        "digest": record.info.digest,
        "kin": record.kin,
        "passages": record.passages,
        "terms": record.terms,
        "bands": list(record.bands),
        "value": packed(value, record.id),
    }


def record_of(row: Row) -> Record:
    """Returns the record of a row."""
    value = unpacked(row["value"])
    return Record(
        key=row["owner"],
        info=info_of([*value["info"], "[]"]),
        as_read=value["as_read"],
        folder=Labels.read(value["folder"]),
        origin=value["origin"],
        passages=row["passages"],
        terms=row["terms"],
        kin=row["kin"],
        bands=tuple(row["bands"] or ()),
        signature=value["signature"],
    )


def piece_key(key: str, place: int) -> str:
    """Returns the key of a piece of a document's text; every document has one in place 0."""
    return record_key(PIECE, f"{key}:{place:08}")


def piece_rows(document: Document, key: str) -> list[Row]:
    """Returns the rows that hold a document's text, headings and page starts."""
    row = document_row(document)
    text = json.dumps([document.text, row["headings"], row["page_starts"]], ensure_ascii=False)
    return [
        {
            "key": piece_key(key, start // _PIECE),
            "kind": PIECE,
            "owner": key,
            "value": text[start : start + _PIECE],
        }
        for start in range(0, len(text), _PIECE)
    ]


def text_of(pieces: Iterable[Row]) -> list[str]:
    """Returns the text, headings and page starts of the rows that hold them."""
    found: list[str] = json.loads("".join(row["value"] for row in sorted(pieces, key=lambda row: str(row["key"]))))
    return found


def passage_rows(info: DocumentInfo, passages: Sequence[EmbeddedPassage], key: str) -> list[Row]:
    """Returns the rows of a document's passages, with its labels."""
    narrowing = {
        "document": key,
        "kind": info.kind,
        "language": info.language,
        "collection": info.collection,
        "day": info.dated.value.toordinal() if info.dated else 0,
    }
    return [narrowing | _passage_row(replace(each.passage, info=info), each.embedding) for each in passages]


def _passage_row(passage: Passage, embedding: Embedding) -> Row:
    held = " ".join(terms(f"{passage.context}\n{passage.text}", passage.info.language))
    if len(held.encode()) > LONGEST_TEXT - 2:
        raise _too_long(passage.info.id)
    return {
        "first": passage.start,
        "last": passage.end,
        "terms": f" {written_terms(held)} ",  # so that a phrase stands between spaces, wherever it stands
        "body": packed(_body(passage), passage.info.id),
        "spans": [base64.b64encode(span.tobytes()).decode() for span in embedding.spans.astype("<f2")],
        "vector": embedding.whole.astype(np.float32),
    }


def _body(passage: Passage) -> list[Any]:
    where = [passage.start, passage.end, passage.page, passage.headings]
    return [*where, leads_row(passage), passage.text, passage.sentences]


def passage_of(row: Row, info: DocumentInfo) -> EmbeddedPassage:
    """Returns the passage of a row of PASSAGE_FIELDS."""
    start, end, page, headings, leads, text, sentences = unpacked(row["body"])
    passage = Passage(
        info=info,
        start=start,
        end=end,
        text=text,
        sentences=tuple((low, high) for low, high in sentences),
        headings=tuple(headings),
        page=page,
        lead_ins=extracts_of(leads),
    )
    return EmbeddedPassage(passage, embedding_of(row))


def embedding_of(row: Row) -> Embedding:
    """Returns the vectors of a row of PASSAGE_FIELDS or PLACED_FIELDS."""
    whole: Vectors = np.asarray(row["vector"], dtype=np.float32)
    data = b"".join(base64.b64decode(span) for span in row["spans"] or ())
    spans: Vectors = np.frombuffer(data, dtype="<f2").astype(np.float32).reshape(-1, len(whole))
    return Embedding(whole, spans)


def written_terms(text: str) -> str:
    """Returns terms as they are searched: every tokenizer of Milvus leaves "12_3" whole, and no term holds "_"."""
    return text.replace(".", "_")


def read_terms(text: str) -> str:
    """Returns the terms that `written_terms` wrote."""
    return text.strip().replace("_", ".")


def narrowed(where: Where, keys: Iterable[str] | None) -> str:
    """Returns the condition on passages; `keys` are those of `where.documents`."""
    conditions = [] if keys is None else [is_any("document", keys)]
    for field, allowed in (("kind", where.kinds), ("language", where.languages), ("collection", where.collections)):
        if allowed is not None:
            conditions.append(is_any(field, sorted(allowed)))
    if where.as_of is not None:
        conditions.append(f"day > 0 and day <= {where.as_of.toordinal()}")
    return " and ".join(conditions)


def meets(info: DocumentInfo, where: Where) -> bool:
    """Returns whether a document meets the conditions."""
    if where.as_of is not None and (info.dated is None or info.dated.value > where.as_of):
        return False
    if where.documents is not None and where.documents.isdisjoint((info.id, *info.also)):
        return False
    of = ((info.kind, where.kinds), (info.language, where.languages), (info.collection, where.collections))
    return all(allowed is None or value in allowed for value, allowed in of)


def packed(value: Any, document_id: str) -> str:
    """Returns a value as JSON, compressed where it is too long for a field.

    Raises: UserError where it is too long even so.
    """
    text = json.dumps(value, ensure_ascii=False)
    if len(text.encode()) > LONGEST_TEXT:
        text = "z" + base64.b64encode(zlib.compress(text.encode())).decode()
    if len(text) > LONGEST_TEXT:
        raise _too_long(document_id)
    return text


def unpacked(text: str) -> Any:
    """Returns the value that `packed` wrote."""
    return json.loads(zlib.decompress(base64.b64decode(text[1:])) if text.startswith("z") else text)


def _too_long(document_id: str) -> UserError:
    return UserError(
        f"{document_id}: holds a passage of more text than Milvus takes in a field ({LONGEST_TEXT:,} bytes). "
        "Keep it in an index of its own, in a folder."
    )

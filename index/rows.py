"""Between rows of the database and the values that they hold."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from datetime import date
from typing import Any

import numpy as np

from documents.types import Dated, Document, DocumentInfo, Extract, Heading, OcrPage, PageText, Passage, Table
from index.codes import coded_embeddings, decoded_embeddings
from index.types import EmbeddedPassage, Embedding, Placed, Vectors, Where

INFO = (
    "d.id, d.title, d.digest, d.date, d.date_source, d.date_reason, d.date_sure, d.language, d.source, d.url,"
    " d.redactions, d.unread_pages, d.kind, d.collection, d.ocr, d.spoilt, d.tables,"
    " (SELECT json_group_array(n.id) FROM names n WHERE n.document = d.number)"
)
PLAIN = f'p.number, p.document, p.start, p."end", p.page, p.headings, p.lead_ins, p.sentences, {INFO}'
PASSAGE = f"{PLAIN}, p.vector, p.sentence_vectors, p.compact"
PLACED = "p.number, d.id, p.start, p.vector, p.sentence_vectors, p.compact"
_VECTORS = 3  # columns, the last ones


def info_of(row: Sequence[Any]) -> DocumentInfo:
    """Returns what a row of INFO tells of a document."""
    identity, title, digest, day, date_source, reason, sure, language, source, url, redactions, unread = row[:12]
    kind, collection, ocr, spoilt, tables, also = row[12:]
    return DocumentInfo(
        id=identity,
        title=title,
        digest=digest,
        dated=_dated(day, date_source, reason, sure),
        language=language,
        source=source,
        url=url,
        redactions=redactions,
        unread_pages=tuple(_listed(unread)),
        kind=kind,
        collection=collection,
        ocr=tuple(OcrPage(*each) for each in _listed(ocr)),
        spoilt=tuple(PageText(*each) for each in _listed(spoilt)),
        tables=tuple(Table(*each) for each in _listed(tables)),
        also=tuple(sorted(_listed(also))),
    )


def labels_row(info: DocumentInfo) -> dict[str, Any]:
    """Returns, by column, what people and folders may say otherwise of a document."""
    dated = info.dated
    return {
        "title": info.title,
        "date": info.date,
        "date_source": dated.source if dated else None,
        "date_reason": dated.reason if dated else None,
        "date_sure": int(dated.sure) if dated else None,
        "language": info.language,
        "kind": info.kind,
        "collection": info.collection,
    }


def with_labels(info: DocumentInfo, row: Mapping[str, Any]) -> DocumentInfo:
    """Returns the document with what a row of labels says."""
    return replace(
        info,
        title=row["title"],
        dated=_dated(row["date"], row["date_source"], row["date_reason"], row["date_sure"]),
        language=row["language"],
        kind=row["kind"],
        collection=row["collection"],
    )


def document_row(document: Document) -> dict[str, Any]:
    """Returns, by column, what is stored of a document besides its origin and what others say of it."""
    info = document.info
    return labels_row(info) | {
        "id": info.id,
        "digest": info.digest,
        "source": info.source,
        "url": info.url,
        "headings": json.dumps([(heading.start, heading.end, heading.level) for heading in document.headings]),
        "page_starts": json.dumps(document.page_starts),
        "redactions": info.redactions,
        "unread_pages": json.dumps(info.unread_pages),
        "ocr": json.dumps([(each.page, each.confidence) for each in info.ocr]),
        "spoilt": json.dumps([astuple(each) for each in info.spoilt]),
        "tables": json.dumps([astuple(each) for each in info.tables]),
    }


def document_of(row: Sequence[Any], text: str) -> Document:
    """Returns the document of a row: headings, page starts, INFO."""
    headings = tuple(Heading(*each) for each in json.loads(row[0]))
    return Document(info_of(row[2:]), text, headings, tuple(json.loads(row[1])))


def passage_rows(passages: Sequence[EmbeddedPassage], *, compact: bool = False) -> list[dict[str, Any]]:
    """Returns, by column, what is stored of each passage besides its document's number and its terms.

    With `compact`, vectors are stored as codes.
    """
    embeddings = [each.embedding for each in passages]
    vectors = coded_embeddings(embeddings) if compact else [_written_embedding(each) for each in embeddings]
    return [
        {
            "start": each.passage.start,
            '"end"': each.passage.end,
            "page": each.passage.page,
            "headings": json.dumps(each.passage.headings, ensure_ascii=False),
            "lead_ins": json.dumps(leads_row(each.passage), ensure_ascii=False),
            "sentences": np.asarray(each.passage.sentences, dtype="<i4").tobytes(),
            "embedded": each.digest or None,
            "vector": whole,
            "sentence_vectors": spans,
            "compact": int(compact),
        }
        for each, (whole, spans) in zip(passages, vectors, strict=True)
    ]


def _written_embedding(embedding: Embedding) -> tuple[bytes, bytes]:
    return embedding.whole.astype("<f4").tobytes(), embedding.spans.astype("<f2").tobytes()


def leads_row(passage: Passage) -> list[list[list[Any]]]:
    """Returns what leads up to each sentence, for JSON."""
    return [[[one.start, one.end, one.text] for one in leads] for leads in passage.lead_ins]


def extracts_of(leads: Sequence[Sequence[Sequence[Any]]]) -> tuple[tuple[Extract, ...], ...]:
    """Returns what leads up to each sentence, from JSON."""
    return tuple(tuple(Extract(*lead) for lead in each) for each in leads)


def passages_of(rows: Sequence[Sequence[Any]], texts: Sequence[str]) -> list[EmbeddedPassage]:
    """Returns the passages of rows of PASSAGE, each with its text."""
    passages = plain_of([row[:-_VECTORS] for row in rows], texts)
    embeddings = embeddings_of([row[-_VECTORS:] for row in rows])
    return [EmbeddedPassage(*both) for both in zip(passages, embeddings, strict=True)]


def plain_of(rows: Sequence[Sequence[Any]], texts: Sequence[str]) -> list[Passage]:
    """Returns the passages of rows of PLAIN, each with its text, without their vectors."""
    infos: dict[int, DocumentInfo] = {}
    for row in rows:
        if row[1] not in infos:
            infos[row[1]] = info_of(row[8:])
    return [_passage_of(row, text, infos[row[1]]) for row, text in zip(rows, texts, strict=True)]


def placed_of(rows: Sequence[Sequence[Any]]) -> dict[int, Placed]:
    """Returns what rows of PLACED tell, by number."""
    embeddings = embeddings_of([row[-_VECTORS:] for row in rows])
    return {row[0]: Placed(row[1], row[2], embedding) for row, embedding in zip(rows, embeddings, strict=True)}


def _passage_of(row: Sequence[Any], text: str, info: DocumentInfo) -> Passage:
    _, _, start, end, page, headings, leads, sentences = row[:8]
    places = np.frombuffer(sentences, dtype="<i4").tolist()
    return Passage(
        info=info,
        start=start,
        end=end,
        text=text,
        sentences=tuple(zip(places[::2], places[1::2], strict=True)),
        headings=tuple(_listed(headings)),
        page=page,
        lead_ins=extracts_of(_listed(leads)),
    )


def embeddings_of(rows: Sequence[Sequence[Any]]) -> list[Embedding]:
    """Returns the vectors of passages from what is stored of them: vectors, those of sentences, whether as codes."""
    compact = [(vector, spans) for vector, spans, codes in rows if codes]
    decoded = iter(decoded_embeddings(compact))
    return [next(decoded) if codes else _read_embedding(vector, spans) for vector, spans, codes in rows]


def _read_embedding(vector: bytes, sentence_vectors: bytes) -> Embedding:
    whole: Vectors = np.frombuffer(vector, dtype="<f4")
    return Embedding(whole, np.frombuffer(sentence_vectors, dtype="<f2").astype(np.float32).reshape(-1, len(whole)))


def _listed(text: str) -> list[Any]:
    """Returns a list from JSON; most are empty, and reading none takes no time."""
    return [] if text == "[]" else json.loads(text)


def condition(where: Where) -> tuple[str, list[str]]:
    """Returns an SQL condition on documents d, with its parameters."""
    conditions, parameters = ["1"], list[str]()
    if where.documents is not None:
        wanted = "(SELECT value FROM json_each(?))"
        conditions.append(f"(d.id IN {wanted} OR d.number IN (SELECT document FROM names WHERE id IN {wanted}))")
        parameters += [json.dumps(sorted(where.documents))] * 2
    for column, allowed in (
        ("kind", where.kinds),
        ("language", where.languages),
        ("collection", where.collections),
    ):
        if allowed is not None:
            conditions.append(f"d.{column} IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(sorted(allowed)))
    if where.as_of is not None:
        conditions.append("d.date <= ?")
        parameters.append(where.as_of.isoformat())
    return " AND ".join(conditions), parameters


def _dated(day: str | None, source: str, reason: str, sure: int) -> Dated | None:
    return Dated(date.fromisoformat(day), source, reason, bool(sure)) if day else None

"""Answers as the JSON contract has them: the objects that ask, search and batch write."""

from typing import Any

from qa.types import Answer, Citation, DatedFigure, Hit

KEYS = (
    "id",
    "question",
    "standalone_question",
    "status",
    "answer",
    "confidence",
    "citations",
    "disagreement",
    "passages",
    "further",
    "undated",
    "seconds",
    "error",
)
UNANSWERED: dict[str, Any] = {
    "standalone_question": None,
    "status": "error",
    "answer": "",
    "confidence": None,
    "citations": [],
    "disagreement": [],
    "passages": [],
    "further": [],
    "undated": 0,
}


def answer_object(answer: Answer) -> dict[str, Any]:
    """Returns an answer as the JSON contract has it."""
    return {
        "standalone_question": answer.standalone,
        "status": "refused" if answer.refused else "answered",
        "answer": answer.text,
        "confidence": answer.confidence,
        "citations": [citation_object(each, marker) for marker, each in enumerate(answer.citations, 1)],
        "disagreement": [figure_object(each, answer) for each in answer.disagreement],
        "passages": [passage_object(hit, rank) for rank, hit in enumerate(answer.hits, 1)],
        "further": [answer.citations.index(each) + 1 for each in answer.further],
        "undated": answer.undated,
    }


def citation_object(citation: Citation, marker: int) -> dict[str, Any]:
    """Returns a citation as the JSON contract has it."""
    info = citation.passage.info
    return {
        "marker": marker,
        "document_id": info.id,
        "title": info.title,
        "date": info.date,
        "page": citation.page,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "lead_ins": [{"start": each.start, "end": each.end, "quote": each.text} for each in citation.lead_ins],
        "words": dict(zip(("start", "end"), citation.words, strict=True)) if citation.words else None,
        "kind": info.kind,
        "language": info.language,
        "collection": info.collection,
        "older": [{"document_id": each.id, "title": each.title, "date": each.date} for each in citation.older],
        "ocr": citation.ocr,
        "poorly_read": citation.poorly_read,
    }


def figure_object(reading: DatedFigure, answer: Answer) -> dict[str, Any]:
    """Returns one of several figures that differ, with the markers of the citations that say it."""
    return {
        "said_of": reading.said_of,
        "date": reading.day.isoformat(),
        "value": reading.value,
        "markers": answer.markers(reading),
    }


def passage_object(hit: Hit, rank: int) -> dict[str, Any]:
    """Returns a passage that was found as the JSON contract has it."""
    passage = hit.passage
    return {
        "rank": rank,
        "document_id": passage.info.id,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "score": hit.score,
    }

"""Quotes as they are said, and the check that each stands in its document, word for word, where it says."""

from collections.abc import Sequence

from documents.errors import BadQuestion
from documents.types import Extract
from index.types import PassageStore
from qa.types import Citation


def stands(citation: Citation, text: str) -> bool:
    """Returns whether `text`, the document's, holds the quote and its lead-ins at exactly the cited places."""
    pieces = [Extract(citation.start, citation.end, citation.quote), *citation.lead_ins]
    return all(piece.text and text[piece.start : piece.end] == piece.text for piece in pieces)


def verified(citations: Sequence[Citation], store: PassageStore) -> list[Citation]:
    """Returns the citations whose quote stands in the stored document; the others are never shown."""
    texts = {document_id: _text(document_id, store) for document_id in {each.passage.info.id for each in citations}}
    return [each for each in citations if stands(each, texts[each.passage.info.id])]


def said(citations: Sequence[Citation]) -> str:
    """Returns the quotes with their markers as one text. Items of one list share their lead-ins, said once."""
    parts: list[str] = []
    before: tuple[Extract, ...] = ()
    for marker, each in enumerate(citations, 1):
        leads = [] if each.lead_ins == before else [f"{lead.text} …" for lead in each.lead_ins]
        parts.append(" ".join([*leads, f"{each.quote} [{marker}]"]))
        before = each.lead_ins
    return " ".join(parts)


def _text(document_id: str, store: PassageStore) -> str:
    try:
        return store.document(document_id).text
    except BadQuestion:
        return ""  # removed since it was found

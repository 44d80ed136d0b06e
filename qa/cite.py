"""Quotes as they are said, and the check that each stands in its document, word for word, where it says."""

from collections.abc import Sequence
from dataclasses import replace

from documents.errors import BadQuestion
from documents.language import guess_language
from documents.types import DocumentInfo, Extract
from index.types import PassageStore
from qa.types import Answer, Citation

ALSO = {"en": "Also in the documents:", "fr": "Aussi dans les documents :"}


def stands(citation: Citation, text: str) -> bool:
    """Returns whether `text`, the document's, holds the quote and its lead-ins at exactly the cited places."""
    pieces = [Extract(citation.start, citation.end, citation.quote), *citation.lead_ins]
    return all(piece.text and text[piece.start : piece.end] == piece.text for piece in pieces)


def verified(citations: Sequence[Citation], store: PassageStore) -> list[Citation]:
    """Returns the citations whose quote stands in the stored document; the others are never shown."""
    texts = {document_id: _text(document_id, store) for document_id in {each.passage.info.id for each in citations}}
    return [each for each in citations if stands(each, texts[each.passage.info.id])]


def together(citations: Sequence[Citation]) -> list[Citation]:
    """Returns the citations with one for each sentence that several documents hold: the newest's, naming the others.

    It stands at the place of the first of them. Undated documents count as oldest; of one day the first leads.
    """
    same: dict[tuple[str, ...], list[Citation]] = {}
    for each in citations:
        same.setdefault(words_of(each), []).append(each)
    newest = [(max(group, key=lambda each: each.passage.info.date or ""), group) for group in same.values()]
    return [joined(lead, group) for lead, group in newest]


def joined(lead: Citation, others: Sequence[Citation]) -> Citation:
    """Returns the lead with the documents of the others beside its `older` ones, newest first, itself left out."""
    infos: dict[str, DocumentInfo] = {}
    for each in (lead, *others):
        infos |= {info.id: info for info in (each.passage.info, *each.older)}
    infos.pop(lead.passage.info.id)
    ordered = sorted(infos.values(), key=lambda info: info.id)
    return replace(lead, older=tuple(sorted(ordered, key=lambda info: info.date or "", reverse=True)))


def words_of(citation: Citation) -> tuple[str, ...]:
    """Returns what is equal for two citations that say the same word for word: lead-ins and quote, in small letters."""
    return tuple(" ".join(each.lower().split()) for each in (*(e.text for e in citation.lead_ins), citation.quote))


def quoted(answer: Answer) -> str:
    """Returns the quotes with their markers; those beyond the answer below it, and named as such."""
    count = len(answer.quoted) - len(answer.further)
    if not answer.further:
        return said(answer.quoted)
    also = ALSO["fr" if guess_language(answer.question.text) == "fr" else "en"]
    return f"{said(answer.quoted[:count])}\n{also} {said(answer.further, count + 1)}"


def said(citations: Sequence[Citation], first: int = 1) -> str:
    """Returns the quotes with their markers, from `first`, as one text. Items of one list share their lead-ins."""
    parts: list[str] = []
    before: tuple[Extract, ...] = ()
    for marker, each in enumerate(citations, first):
        leads = [] if each.lead_ins == before else [f"{lead.text} …" for lead in each.lead_ins]
        parts.append(" ".join([*leads, f"{each.quote} [{marker}]"]))
        before = each.lead_ins
    return " ".join(parts)


def _text(document_id: str, store: PassageStore) -> str:
    try:
        return store.document(document_id).text
    except BadQuestion:
        return ""  # removed since it was found

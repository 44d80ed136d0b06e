"""Checks that a quote stands in its document, word for word, where its citation says."""

from collections.abc import Sequence

from documents.errors import BadQuestion
from index.types import PassageStore
from qa.types import Citation


def stands(citation: Citation, text: str) -> bool:
    """Returns whether `text`, the document's, holds the quote at exactly the cited place."""
    return bool(citation.quote) and text[citation.start : citation.end] == citation.quote


def verified(citations: Sequence[Citation], store: PassageStore) -> list[Citation]:
    """Returns the citations whose quote stands in the stored document; the others are never shown."""
    texts = {document_id: _text(document_id, store) for document_id in {each.passage.info.id for each in citations}}
    return [each for each in citations if stands(each, texts[each.passage.info.id])]


def _text(document_id: str, store: PassageStore) -> str:
    try:
        return store.document(document_id).text
    except BadQuestion:
        return ""  # removed since it was found

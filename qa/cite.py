"""Checks that a quote stands in its document, word for word, where its citation says."""

from collections.abc import Sequence

from index.types import PassageStore
from qa.types import Citation


def stands(citation: Citation, text: str) -> bool:
    """Returns whether `text`, the document's, holds the quote at exactly the cited place."""
    return bool(citation.quote) and text[citation.start : citation.end] == citation.quote


def verified(citations: Sequence[Citation], store: PassageStore) -> list[Citation]:
    """Returns the citations whose quote stands in the stored document; the others are never shown."""
    texts = {each.passage.info.id: "" for each in citations}
    for document_id in texts:
        texts[document_id] = store.document(document_id).text
    return [each for each in citations if stands(each, texts[each.passage.info.id])]

"""Where a quote can be opened: the address of its document in the page."""

from urllib.parse import urlencode


def document_link(document_id: str, start: int, end: int, base: str = "") -> str:
    """Returns the document's address, opened at the characters; below `base`, else relative to the page."""
    # Not "/document": the page may stand below a path.
    query = urlencode({"id": document_id, "start": start, "end": end})
    return f"{base.rstrip('/')}/document?{query}#quote" if base else f"document?{query}#quote"

"""Where a quote stands, in words and as an address; and text that goes into a line."""

from urllib.parse import urlencode

from documents.types import DocumentInfo


def place(info: DocumentInfo, page: int | None) -> str:
    """Returns title, date and page in one line, leaving out what is not known."""
    return ", ".join(filter(None, [info.title or info.id, info.date, f"p. {page}" if page else ""]))


def span_link(view: str, document_id: str, start: int, end: int) -> str:
    """Returns the relative address of another view of a span: "around" or "page-image"."""
    return f"{view}?{urlencode({'id': document_id, 'start': start, 'end': end})}"


def in_marks(text: str, language: str) -> str:
    """Returns a quote, or HTML of one, in the quotation marks of its document's language."""
    return f"«\u00a0{text}\u00a0»" if language == "fr" else f"“{text}”"


def flat(text: str) -> str:
    """A quote keeps its words and marks; its line breaks become spaces where it is shown in a line."""
    return " ".join(text.split())


def one_line(html: str) -> str:
    """Returns the HTML in one line, so that Markdown leaves it alone."""
    return html.replace("\n", "&#10;")

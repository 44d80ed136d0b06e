"""Many documents in one file, a JSON object a line: doc_id, title, text.

Also date, language, source, url, kind and collection, where they are known.
The document's id is `doc_id` itself, and its digest is that of its line.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from documents.errors import ReadError
from documents.formats import plain
from documents.formats.content import Content, Own
from documents.formats.text import encodable

_FIELDS = ("title", "date", "language", "source", "url", "kind", "collection")


def parts(data: bytes, name: str) -> Iterator[Own]:
    """Yields the document of each line; blank lines are passed over.

    Raises:
        ReadError: a line is not a JSON object with doc_id and text; the lines before it have been yielded.
    """
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        row = _object(line, f"{name}, line {number}")
        content = plain.read(row["text"].encode(errors="replace"), f"{name}, line {number}")
        fields = {key: str(row[key]) for key in _FIELDS if row.get(key)}
        content = Content(content.text, content.headings, (), fields)
        yield Own(encodable(row["doc_id"]), hashlib.sha256(line).hexdigest(), content)


def _object(line: bytes, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ReadError(
            f"{place}: not JSON ({error}). Write one JSON object a line.",
            french=f"{place} : pas du JSON ({error}). Écrivez un objet JSON par ligne.",
        ) from error
    if not isinstance(row, dict) or not isinstance(row.get("doc_id"), str) or not isinstance(row.get("text"), str):
        raise ReadError(
            f'{place}: a document needs the strings "doc_id" and "text".',
            french=f"{place} : un document a besoin des chaînes « doc_id » et « text ».",
        )
    return row

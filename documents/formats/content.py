"""What every format reader returns: the text of a file, before it becomes a Document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from documents.errors import ReadError
from documents.types import Heading, OcrPage, Table


@dataclass(frozen=True, slots=True)
class Content:
    """The readable text of one file.

    Line ends are "\\n". Plain text is otherwise as written; other formats yield NFC with plain spaces and
    nothing invisible. `fields` holds what the file
    states about itself under the keys title, date, created, language, source, url, kind, collection (strings as
    written; absent keys are absent). `headings` are spans of `text`, in order. `page_starts` holds the offset
    at which each page begins, empty where the format has no pages. `redactions` counts the marks of
    redaction in the text; `unread_pages` are those, from 1, whose text is in images that could not be read; `ocr` tells
    those that were read by OCR. `tables` are in order.
    """

    text: str
    headings: tuple[Heading, ...] = ()
    page_starts: tuple[int, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    redactions: int = 0
    unread_pages: tuple[int, ...] = ()
    ocr: tuple[OcrPage, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Own:
    """One of the documents of a file that holds many, already read; `digest` is that of its bytes."""

    id: str
    digest: str
    content: Content


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file within a file, to be read by the reader for the suffix of its id."""

    id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unread:
    """A file within a file that cannot be taken out of it, and why."""

    id: str
    error: ReadError


Part = Own | Enclosed | Unread


def distinct(names: Iterable[str]) -> list[str]:
    """Returns the names in order; one that stood before is numbered: "a.txt", "a (2).txt"."""
    taken: set[str] = set()
    found = []
    for name in names:
        path, number, chosen = PurePosixPath(name), 1, name
        while chosen in taken:
            number += 1
            chosen = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        taken.add(chosen)
        found.append(chosen)
    return found

"""What every format reader returns: the text of a file, before it becomes a Document."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from documents.types import Heading


@dataclass(frozen=True, slots=True)
class Content:
    """The readable text of one file.

    Line ends are "\\n". Plain text is otherwise as written; other formats yield NFC with plain spaces and
    nothing invisible. `fields` holds what the file
    states about itself under the keys title, date, created, language, source, url (strings as written;
    absent keys are absent). `headings` are spans of `text`, in order. `page_starts` holds the offset
    at which each page begins, empty where the format has no pages.
    """

    text: str
    headings: tuple[Heading, ...] = ()
    page_starts: tuple[int, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)

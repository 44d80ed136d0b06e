"""Mailboxes (.mbox): each message is a document of its own, named by its place."""

import re
from collections.abc import Iterator

from documents.errors import ReadError
from documents.formats.content import Enclosed

_FROM = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]*\r?\n")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def parts(data: bytes, name: str) -> Iterator[Enclosed]:
    """Yields each message as a file: mail.mbox/0001.eml, mail.mbox/0002.eml, ...

    Raises: ReadError where the file does not begin as a mailbox does.
    """
    starts = list(_FROM.finditer(data))
    if not starts:
        raise ReadError(
            f"{name}: not a mailbox: its first line does not begin with 'From '. Export it again.",
            french=f"{name} : pas une boîte aux lettres : sa première ligne ne commence pas par « From ». "
            "Exportez-la de nouveau.",
        )
    ends = [match.start() for match in starts[1:]] + [len(data)]
    for number, (match, end) in enumerate(zip(starts, ends, strict=True), 1):
        yield Enclosed(f"{name}/{number:04}.eml", _ESCAPED.sub(rb"\1", data[match.end() : end]).rstrip(b"\r\n") + b"\n")

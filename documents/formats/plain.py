"""Plain text: kept as written, with the headings that people mark in it."""

import re

from documents.formats.content import Content
from documents.formats.text import decode, written
from documents.types import Heading

_SIGNED_LINE = re.compile(r"^ {0,3}(?P<signs>#{1,6})[ \t]+(?P<words>\S.*)$", re.MULTILINE)
_CLOSING_SIGNS = re.compile(r"[ \t]#+$")
_BOLD_LINE = re.compile(r"^[ \t]*\*\*(?P<words>[^*\s](?:[^*\n]*[^*\s])?)\*\*[ \t]*$", re.MULTILINE)
_BOLD_LEVEL = 6


def read(data: bytes, name: str) -> Content:
    """Returns the text as written, with its headings."""
    text = written(decode(data, name))
    return Content(text, headings(text))


def headings(text: str) -> tuple[Heading, ...]:
    """Returns the headings: lines such as "## Words" and lines wholly in **bold**.

    A heading's span covers its words alone.
    """
    signed = [_signed(match) for match in _SIGNED_LINE.finditer(text)]
    bold = [Heading(*match.span("words"), _BOLD_LEVEL) for match in _BOLD_LINE.finditer(text)]
    return tuple(sorted(signed + bold, key=lambda heading: heading.start))


def _signed(match: re.Match[str]) -> Heading:
    words = _CLOSING_SIGNS.sub("", match["words"].rstrip()).rstrip()
    return Heading(match.start("words"), match.start("words") + len(words), len(match["signs"]))

"""Plain text: kept as written, with the headings that people mark in it."""

import re

from documents.formats.content import Content
from documents.formats.text import decode, normal
from documents.types import Heading

_SIGNED_LINE = re.compile(r"^ {0,3}(?P<signs>#{1,6})[ \t]+(?P<words>\S.*?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)
_BOLD_LINE = re.compile(r"^[ \t]*\*\*(?P<words>[^*\s](?:[^*\n]*[^*\s])?)\*\*[ \t]*$", re.MULTILINE)
_BOLD_LEVEL = 6


def read(data: bytes, name: str) -> Content:
    """Returns the text as written; headings are lines such as "## Words" and lines wholly in **bold**.

    A heading's span covers its words alone.
    """
    text = normal(decode(data, name))
    signed = [Heading(*match.span("words"), len(match["signs"])) for match in _SIGNED_LINE.finditer(text)]
    bold = [Heading(*match.span("words"), _BOLD_LEVEL) for match in _BOLD_LINE.finditer(text)]
    return Content(text, tuple(sorted(signed + bold, key=lambda heading: heading.start)))

"""The lines of a text file, whatever it is encoded in, read as they are needed."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from documents.errors import BadQuestion

_LOOKED_AT = 4096  # bytes
_NUL_SHARE_OF_UTF16 = 0.2  # Latin text in UTF-16 has a zero in nearly every second byte
_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # not splitlines(): U+2028 ends no line of a table
_MARKS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")


def text_lines(path: Path) -> Iterator[str]:
    """Yields the lines with their ends.

    UTF-16 is known by its mark or its zeros. Else each line is UTF-8, with or without mark, or Windows-1252 where it is
    not: a file put together from both is read right.

    Raises: BadQuestion where the file is missing or no text.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
            if start.startswith(_MARKS):
                raise BadQuestion(
                    f"{path}: not text, but a workbook or another binary file. Give it its own suffix.",
                    french=f"{path} : ce n’est pas du texte, mais un classeur ou un autre fichier binaire. "
                    "Donnez-lui sa propre extension.",
                )
            encoding = _utf16(start)
            file.seek(0)
            if not encoding:
                for number, line in enumerate(file):
                    yield from _LINE.findall(_decoded(line if number else line.removeprefix(codecs.BOM_UTF8)))
                return
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            yield from text
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> BadQuestion:
    """Returns the error for a file that the system does not give."""
    return BadQuestion(
        f"{path}: cannot be read ({error.strerror}).", french=f"{path} : ne peut pas être lu ({error.strerror})."
    )


def _utf16(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    low, high = start[0::2].count(0), start[1::2].count(0)
    if max(low, high) < _NUL_SHARE_OF_UTF16 * len(start) or not start:
        return ""
    return "utf-16-be" if low > high else "utf-16-le"


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")

"""From bytes to text that can be quoted: decoding, and the normalisation that every format goes through."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

from documents.errors import ReadError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # subtle: the UTF-32 mark begins with the UTF-16 one
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# Control characters, soft hyphens, zero-width and direction marks: unseen, they hide words from a search.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe]"
)
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NUL_SHARE_OF_UTF16 = 0.3  # Latin text in UTF-16 has a zero in nearly every second byte
_BINARY_SHARE = 0.03


def decode(data: bytes, name: str, declared: str = "") -> str:
    """Returns the text of a file, with its byte order mark removed and nothing else changed.

    `declared` is the encoding that the file states for itself, tried after the byte order mark.

    Raises: ReadError where the bytes are no text, or text in an encoding that cannot be told.
    """
    text = _decoded(data, name, declared)
    if len(_BINARY.findall(text)) > _BINARY_SHARE * len(text):
        raise ReadError(
            f"{name}: holds binary data, not text. Export it as text and ingest that.",
            french=f"{name} : contient des données binaires, pas du texte. Exportez-le en texte et ajoutez celui-ci.",
        )
    return text


def normal(text: str) -> str:
    """Returns NFC text with "\\n" line ends, plain spaces, and no control characters but "\\n" and "\\t"."""
    text = _SPACES.sub(" ", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    return unicodedata.normalize("NFC", encodable(text))


def encodable(text: str) -> str:
    """Returns text that can be stored: halves of characters joined (emoji in RTF are two), U+FFFD for one alone."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def written(text: str) -> str:
    """Returns the text as its author wrote it, spaces and accents untouched, so that a quote can be found in the file.

    Only line ends become "\\n", and control characters that no one writes are dropped.
    """
    return encodable(_BINARY.sub("", re.sub("\r\n?", "\n", text)))


def _decoded(data: bytes, name: str, declared: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for encoding in (_known(declared), "utf-8", _utf16_without_mark(data)):
        text = _strictly(data, encoding) if encoding else None
        if text is not None:
            return text
    return _damaged_utf8(data) or _single_byte(data, name)


def _known(declared: str) -> str:
    """Returns Python's name of a declared encoding, or "" where it is unknown or cannot be right."""
    try:
        encoding = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return ""
    if encoding.startswith(("utf-16", "utf-32")):
        return ""  # the declaration was legible as single bytes
    # As browsers do: files that say Latin-1 or ASCII use the Windows characters.
    return "cp1252" if encoding in ("iso8859-1", "ascii") else encoding


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    # Bytes of UTF-16 are also valid UTF-8 where the text is English.
    return None if encoding == "utf-8" and _utf16_without_mark(data) else text


def _utf16_without_mark(data: bytes) -> str:
    low, high = data[0::2].count(0), data[1::2].count(0)
    if max(low, high) < _NUL_SHARE_OF_UTF16 * len(data) or min(low, high) * 10 > max(low, high):
        return ""
    return "utf-16-be" if low > high else "utf-16-le"


def _damaged_utf8(data: bytes) -> str:
    """Returns UTF-8 text that a few broken bytes spoil, with U+FFFD in their places, or ""."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    legible = sum(not character.isascii() for character in text) - broken
    return text if legible > 10 * broken else ""


def _single_byte(data: bytes, name: str) -> str:
    best = from_bytes(data, cp_isolation=["cp1252", "latin_1"]).best()
    if best is None:
        raise ReadError(
            f"{name}: neither UTF-8 nor Windows-1252 text. Save it as UTF-8 and ingest that.",
            french=f"{name} : ni UTF-8 ni Windows-1252. Enregistrez-le en UTF-8 et ajoutez-le.",
        )
    return str(best)

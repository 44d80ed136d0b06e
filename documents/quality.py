"""How well a text was read: characters that stand for none, letters in a wrong encoding, words that are none."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from documents.dictionary import dictionary
from documents.types import PageText

_ODD = {"Co", "Cn", "Cs", "Cc"}  # private use, unassigned, half a character, control
_PLAIN = "\n\t\f\r"
# Bytes 80 to BF as Windows-1252 shows them; those that it leaves out stand for themselves.
_FOLLOWING = "".join(bytes([each]).decode("cp1252", "ignore") or chr(each) for each in range(0x80, 0xC0))
# "Ã©" for é, "â€™" for ’: UTF-8 taken for Windows-1252. A space that does not break became a plain one ("Ã " for à).
_GARBLED = re.compile(rf"[ÂÃÄÅ][{re.escape(_FOLLOWING)}]|Ã(?= )|â[€‚„][{re.escape(_FOLLOWING)}]?|ï»¿")
_WORD = re.compile(r"(?<![^\W\d_])[a-zß-öø-ÿœ]{3,}(?![^\W\d_])")  # without a capital: names are in no dictionary


def odd_characters(text: str) -> int:
    """Returns how many characters are replacement marks, of private use, unassigned or of control."""
    return sum(
        each == "\ufffd" or (not each.isalnum() and each not in _PLAIN and unicodedata.category(each) in _ODD)
        for each in text
        if not each.isascii() or each < " "
    )


def garbled_characters(text: str) -> int:
    """Returns how many characters are letters of a wrong encoding, as in "dÃ©tention"."""
    return 0 if text.isascii() else sum(len(each) for each in _GARBLED.findall(text))


def pages_read(text: str, page_starts: Sequence[int]) -> list[PageText]:
    """Returns how each page was read; a text without pages is page 1."""
    edges = [*(page_starts or (0,)), len(text)]
    return [_page(number, text[start:end]) for number, (start, end) in enumerate(pairwise(edges), 1)]


def spoilt_pages(text: str, page_starts: Sequence[int]) -> tuple[PageText, ...]:
    """Returns the pages with an odd or a garbled character, and those of which many words are none."""
    return tuple(each for each in pages_read(text, page_starts) if each.odd or each.garbled or each.poor)


def _page(number: int, text: str) -> PageText:
    words = _WORD.findall(text)
    unlike = sum(word not in dictionary("en") and word not in dictionary("fr") for word in words)
    return PageText(number, len(text), odd_characters(text), garbled_characters(text), len(words), unlike)

"""Text as files of other programs can hold it."""

import json
import re
from collections.abc import Mapping
from typing import Any

from qa.batch.words import ENGLISH, Words

LONGEST_CELL = 32_767  # characters of a cell in Excel, counted as UTF-16 has them
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# What XML 1.0 has no way to write.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads "_x0041_" in a cell as "A"; an underscore written so is one.
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def csv_cell(value: Any) -> Any:
    """A list becomes JSON; text that a spreadsheet would run as a formula is made harmless with an apostrophe."""
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return "" if value is None else value


def shown(value: Any) -> str:
    """Returns any value of JSON as text to read."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def described(document: Mapping[str, Any], page: str = "") -> str:
    """Returns a citation, or another document that says the same, in words: title, date, page as far as known."""
    return ", ".join(filter(None, [document["title"] or document["document_id"], document["date"], page]))


def xml_text(text: str) -> str:
    """Returns the text with one kind of line end, and U+FFFD in the place of characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", re.sub("\r\n?", "\n", text))


def excel_text(text: str, words: Words = ENGLISH) -> str:
    """Returns the text as a cell of Excel holds it; what is too long is cut, and says so."""
    return cut(_ESCAPED.sub("_x005F_", xml_text(text)), LONGEST_CELL, words)


def cut(text: str, most: int, words: Words = ENGLISH) -> str:
    """Returns the text, or its beginning with a note where it has more than `most` characters in UTF-16."""
    if len(text) <= most // 2 or _units(text) <= most:
        return text
    note = words["cut"].format(count=words.number(len(text)))
    kept = text.encode("utf-16-le")[: 2 * (most - len(note))].decode("utf-16-le", "ignore")
    return kept + note


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)

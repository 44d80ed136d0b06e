"""How well a text was read: characters that stand for none."""

import unicodedata

_ODD = {"Co", "Cn", "Cs", "Cc"}  # private use, unassigned, half a character, control
_PLAIN = "\n\t\f\r"


def odd_characters(text: str) -> int:
    """Returns how many characters are replacement marks, of private use, unassigned or of control."""
    return sum(
        each == "\ufffd" or (not each.isalnum() and each not in _PLAIN and unicodedata.category(each) in _ODD)
        for each in text
        if not each.isascii() or each < " "
    )

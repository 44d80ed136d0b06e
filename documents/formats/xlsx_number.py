"""A number as Excel displays it, by the cell's number format."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext
from itertools import takewhile
from math import isfinite

LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|_.|\*.|\[[^\]]*\]', re.DOTALL)
_SECTION = re.compile(rf"(?:{LITERAL.pattern}|[^;])+|(?:^|(?<=;))(?=;|$)", re.DOTALL)
_CONDITION = re.compile(r"\[\s*[<>=]")
_SIGNIFICANT = 11  # digits that Excel shows of a number without format
_WHOLE = 1e11  # from here on they are not enough for the figures before the point
_LONGEST, _LEAST = 1e21, 1e-10  # of numbers that are written without an exponent
_PRECISION = 1000  # digits: more than any number and any format have


@dataclass(frozen=True, slots=True)
class _Token:
    """A character of a format, or a literal with what is shown of it."""

    text: str
    literal: bool = False

    @property
    def is_place(self) -> bool:
        return not self.literal and self.text in "0#?"

    def shows(self, character: str) -> bool:
        return not self.literal and self.text == character


def plain(value: float, significant: int = _SIGNIFICANT) -> str:
    """Returns the number without format, with an exponent only where it would be hard to read without."""
    if not _is_finite(value) or isinstance(value, int):
        return str(value)
    text = f"{value:.{max(significant, 15) if abs(value) >= _WHOLE else significant}g}"
    return format(Decimal(text), "f") if "e" in text and _LEAST <= abs(value) < _LONGEST else text


def number(value: float, number_format: str) -> str:
    """Returns the number in its format; plain where the format has conditions, fractions or exponents."""
    sections = [match[0] for match in _SECTION.finditer(number_format)] or [""]
    if _CONDITION.search(number_format) or not _is_finite(value):
        return plain(value)
    own = value < 0 and len(sections) > 1  # negative numbers have a section of their own, with its own sign
    tokens = _tokens(sections[1 if own else 0])
    free = "".join(token.text for token in tokens if not token.literal)
    if not any(token.is_place for token in tokens) or re.search(r"general|[/e]", free, re.IGNORECASE):
        return plain(value)
    try:
        text = _filled(tokens, Decimal(repr(value)))
    except InvalidOperation:  # more digits than Excel allows
        return plain(value)
    return text.strip() if own or value >= 0 else f"-{text.strip()}"


def _is_finite(value: float) -> bool:
    return isinstance(value, int) or isfinite(value)  # a long integer is no float


def _tokens(section: str) -> list[_Token]:
    tokens: list[_Token] = []
    end = 0
    for match in LITERAL.finditer(section):
        tokens += map(_Token, section[end : match.start()])
        tokens.append(_Token(match[1] or match[2] or match[3] or "", literal=True))
        end = match.end()
    return [*tokens, *map(_Token, section[end:])]


def _filled(tokens: Sequence[_Token], value: Decimal) -> str:
    """Returns the format with the digits of the number, without its sign, in their places."""
    point = next((place for place, token in enumerate(tokens) if token.shows(".")), len(tokens))
    whole = [place for place, token in enumerate(tokens[:point]) if token.is_place]
    decimals = [place for place, token in enumerate(tokens) if place > point and token.is_place]
    scaling = [place for places in (whole, decimals) if places for place in _commas(tokens, places[-1] + 1)]
    with localcontext() as context:
        context.prec = _PRECISION
        scaled = abs(value).scaleb(-3 * len(scaling) + 2 * any(token.shows("%") for token in tokens))
        digits, _, rest = f"{scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP):f}".partition(".")
    shown = [token.text for token in tokens]
    for place in scaling:
        shown[place] = ""
    _fill_whole(shown, tokens, whole, digits)
    for place, digit in zip(decimals, rest, strict=True):
        shown[place] = digit
    for place in reversed(decimals):
        if tokens[place].text == "0" or shown[place] != "0":
            break
        shown[place] = ""
    if point < len(tokens):
        before = "" if whole else digits
        shown[point] = before + "." * any(shown[place] for place in decimals)
    return "".join(shown)


def _commas(tokens: Sequence[_Token], start: int) -> range:
    """Returns the places of the commas that directly follow the last digit: each divides by a thousand."""
    return range(start, start + sum(1 for _ in takewhile(lambda token: token.shows(","), tokens[start:])))


def _fill_whole(shown: list[str], tokens: Sequence[_Token], places: Sequence[int], digits: str) -> None:
    """Puts the digits before the point into their places, from the right; the first one takes all that are left."""
    if not places:
        return
    first, last = places[0], places[-1]
    padded = next((len(places) - number for number, place in enumerate(places) if tokens[place].text == "0"), 1)
    digits = digits.zfill(padded)
    between = range(first + 1, last)
    if all(place in places or tokens[place].shows(",") for place in between):
        grouped = any(tokens[place].shows(",") for place in between)
        shown[first : last + 1] = [_grouped(digits) if grouped else digits, *[""] * (last - first)]
        return
    for place in reversed(places[1:]):
        digits, shown[place] = digits[:-1], digits[-1:]
    shown[first] = digits


def _grouped(digits: str) -> str:
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", digits)

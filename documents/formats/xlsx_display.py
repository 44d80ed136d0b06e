"""The value of a cell as Excel displays it, by the cell's number format."""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|_.|\*.|\[[^\]]*\]')
_DATE_PART = re.compile(r"y+|m+|d+|h+|s+(?:\.0+)?|AM/PM|A/P", re.IGNORECASE)
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SIGNIFICANT = 11  # digits that Excel shows of a number without format


def displayed(value: Any, number_format: str) -> str:
    """Returns the value as text; nothing for an empty cell and for an error such as #N/A."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return _date(value, number_format)
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, int | float):
        return _number(value, number_format)
    text = str(value)
    return "" if re.fullmatch(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)", text) else text


def _number(value: float, number_format: str) -> str:
    sections = number_format.split(";")
    negative = value < 0 and len(sections) > 1
    section = sections[1] if negative else sections[0]
    pattern = _LITERAL.sub("", section)
    if "general" in pattern.lower() or not re.search(r"[0#?]", pattern) or "/" in pattern or "E" in pattern.upper():
        return f"{value:.{_SIGNIFICANT}g}" if isinstance(value, float) and abs(value) < 1e11 else str(value)
    shown = Decimal(repr(abs(value) if negative else value)) * (100 if "%" in pattern else 1)
    decimals = len(re.sub(r"[^0#?]", "", pattern.partition(".")[2]))
    rounded = shown.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:,f}" if re.search(r"[#0],[#0]", pattern) else f"{rounded:f}"
    whole = re.sub(r"[^0]", "", pattern.partition(".")[0])
    if len(whole) > 1 and "," not in pattern:  # 00123
        text = text.zfill(len(whole) + len(text) - len(text.partition(".")[0]))
    place = re.search(r"[#0?][#0?,.]*", _kept(section))
    before, after = (_kept(section)[: place.start()], _kept(section)[place.end() :]) if place else ("", "")
    return f"{before}{text}{after}".strip()


def _kept(section: str) -> str:
    """Returns the format with its literals as they are shown."""
    return _LITERAL.sub(lambda match: match[1] or match[2] or match[3] or "", section)


def _date(value: date | time, number_format: str) -> str:
    pattern = number_format.split(";")[0]
    if pattern.lower() in ("general", "@") or not _DATE_PART.search(_LITERAL.sub("", pattern)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    pattern = _kept(pattern)
    halves = "am/pm" in pattern.lower() or "a/p" in pattern.lower()
    parts: list[str] = []
    before = ""  # the letter of the part before: m after h is minutes
    end = 0
    for match in _DATE_PART.finditer(pattern):
        following = _DATE_PART.search(pattern, match.end())
        minutes = match[0][0] in "mM" and (before == "h" or (following is not None and following[0][0] in "sS"))
        parts += [pattern[end : match.start()], _part(value, match[0].lower(), minutes=minutes, halves=halves)]
        before, end = match[0][0].lower(), match.end()
    return "".join([*parts, pattern[end:]]).strip()


def _part(value: date | time, code: str, *, minutes: bool, halves: bool) -> str:
    width = len(code)
    letter = "n" if minutes else code[0]
    if isinstance(value, time):
        value = datetime.combine(date(1900, 1, 1), value)
    if letter in "ymd":
        return _day_part(value, letter, width)
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    hour = (moment.hour % 12 or 12) if halves else moment.hour
    if letter == "a":
        return "AM" if moment.hour < 12 else "PM"
    number = {"h": hour, "n": moment.minute, "s": moment.second}[letter]
    return f"{number:02}" if width > 1 else str(number)


def _day_part(value: date, letter: str, width: int) -> str:
    if letter == "y":
        return f"{value.year:04}" if width > 2 else f"{value.year % 100:02}"
    if letter == "m" and width > 2:
        return _MONTHS[value.month - 1][: 3 if width == 3 else 1 if width == 5 else None]
    if letter == "d" and width > 2:
        return _DAYS[value.weekday()][: 3 if width == 3 else None]
    number = value.month if letter == "m" else value.day
    return f"{number:02}" if width > 1 else str(number)

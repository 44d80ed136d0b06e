"""The value of a cell as Excel displays it, by the cell's number format."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from documents.formats.xlsx_number import LITERAL, number

_DATE_PART = re.compile(r"y+|m+|d+|h+|s+(?:\.0+)?|AM/PM|A/P", re.IGNORECASE)
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def displayed(value: Any, number_format: str) -> str:
    """Returns the value as text; nothing for an empty cell and for an error such as #N/A."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return _date(value, number_format)
    if isinstance(value, timedelta):
        return _duration(value, number_format)
    if isinstance(value, int | float):
        return number(value, number_format)
    text = str(value)
    return "" if re.fullmatch(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)", text) else text


def _duration(value: timedelta, number_format: str) -> str:
    """Returns hours, however many, minutes, and seconds where the format has them."""
    minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
    sign = "-" if value < timedelta() else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if "s" in number_format.lower() else "")


def _date(value: date | time, number_format: str) -> str:
    pattern = number_format.split(";")[0]
    free = LITERAL.sub(lambda match: " " * len(match[0]), pattern)  # of letters that are not codes: d "de" mmmm
    if pattern.lower() in ("general", "@") or not _DATE_PART.search(free):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    halves = "am/pm" in free.lower() or "a/p" in free.lower()
    parts: list[str] = []
    before = ""  # the letter of the part before: m after h is minutes
    end = 0
    for match in _DATE_PART.finditer(free):
        following = _DATE_PART.search(free, match.end())
        minutes = match[0][0] in "mM" and (before == "h" or (following is not None and following[0][0] in "sS"))
        parts += [_kept(pattern[end : match.start()]), _part(value, match[0].lower(), minutes=minutes, halves=halves)]
        before, end = match[0][0].lower(), match.end()
    return "".join([*parts, _kept(pattern[end:])]).strip()


def _kept(text: str) -> str:
    """Returns a part of a format with its literals as they are shown."""
    return LITERAL.sub(lambda match: match[1] or match[2] or match[3] or "", text)


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

"""The date a document speaks for: where it stands, how it reads, and how sure that is.

Looked for in this order: what the file states (front matter, a `date` field), then a date line among the
first lines of the text. A numeric date that reads two ways (2/8/2025) is settled by the text itself where
it can be: months that the text speaks of as past cannot lie after the day it was written.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from documents.types import Dated

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv",
            "february feb février fevrier févr",
            "march mar mars",
            "april apr avril avr",
            "may mai",
            "june jun juin",
            "july jul juillet juil",
            "august aug août aout",
            "september sept sep septembre",
            "october oct octobre",
            "november nov novembre",
            "december dec décembre decembre déc",
        ),
        1,
    )
    for name in names.split()
}
_NAME = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_ISO = re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)(?:-(?P<d>\d\d))?(?!\d)")
_DAY_MONTH = re.compile(rf"\b(?P<d>\d\d?)(?:st|nd|rd|th|er)?\s+{_NAME},?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b{_NAME}\s+(?P<d>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"\b{_NAME}\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE)
_NUMERIC = re.compile(r"\b(?P<a>\d\d?)[/.-](?P<b>\d\d?)[/.-](?P<y>(?:19|20)\d\d)\b")

# A month by its full English name, with a day beside it where one stands there; "May" and "March" alone are
# left out where they may be a verb (lower case) and counted only after a preposition.
_MENTION = re.compile(
    r"\b(?:in|since|of|last|a|on|until|by|from)\s+"
    r"(January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?:\s+(\d\d?)\b)?(?!\s+\d{4})"
)
AS_SET = ", as set"  # ends the reason of a date that only the user's setting decided
_DATE_LINES = 6  # a headline, a byline, a place: the date line is not further down


def find_date(fields: Mapping[str, str], text: str, *, day_first: bool | None = None) -> Dated | None:
    """Returns the date the document speaks for, or None when neither its fields nor its first lines say.

    `day_first` settles numeric dates that the text leaves open: True reads 2/8/2025 as 2 August.
    """
    for key in ("date", "created"):
        if stated := fields.get(key, "").strip():
            found = _read(stated, text, day_first)
            if found:
                value, reason, sure = found
                return Dated(value, "document" if key == "date" else "file properties", reason, sure and key == "date")
    for line in _first_lines(text):
        if found := _read_line(line, text, day_first):
            value, reason, sure = found
            return Dated(value, "date line", reason, sure)
    return None


def _first_lines(text: str) -> list[str]:
    return [line.strip() for line in text[:2000].split("\n") if line.strip()][:_DATE_LINES]


def _read_line(line: str, text: str, day_first: bool | None) -> tuple[date, str, bool] | None:
    """A date line is mostly date: a sentence that mentions one is not a date line."""
    for pattern in (_ISO, _DAY_MONTH, _MONTH_DAY, _NUMERIC):
        match = pattern.search(line)
        if match and pattern is _ISO and not match["d"]:
            continue  # 2011-12 on a line of its own is a fiscal year as likely as a month
        if match and (len(match.group()) * 2 >= len(line) or re.match(r"(?i)consolidation current to|à jour au", line)):
            return _read(match.group(), text, day_first)
    return None


def _read(stated: str, text: str, day_first: bool | None) -> tuple[date, str, bool] | None:
    """Returns (date, reason, sure) for the first date in `stated`."""
    if match := _ISO.search(stated):
        day = int(match["d"] or 1)
        reason = "" if match["d"] else "only the month is stated; its first day stands for it"
        return _checked(int(match["y"]), int(match["m"]), day, reason)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        if match := pattern.search(stated):
            return _checked(int(match["y"]), _MONTHS[match["month"].lower()], int(match["d"]), "")
    if match := _MONTH_YEAR.search(stated):
        reason = "only the month is stated; its first day stands for it"
        return _checked(int(match["y"]), _MONTHS[match["month"].lower()], 1, reason)
    if match := _NUMERIC.search(stated):
        return _read_numeric(match, text, day_first)
    return None


def _checked(year: int, month: int, day: int, reason: str) -> tuple[date, str, bool] | None:
    try:
        return date(year, month, day), reason, True
    except ValueError:
        return None


def _read_numeric(match: re.Match[str], text: str, day_first: bool | None) -> tuple[date, str, bool] | None:
    year, first, second = int(match["y"]), int(match["a"]), int(match["b"])
    as_day_first = _checked(year, second, first, "")
    as_month_first = _checked(year, first, second, "")
    if not as_day_first or not as_month_first or first == second:
        return as_day_first or as_month_first
    written = match.group()
    against_day = list(_later_mentions(text, as_day_first[0]))
    against_month = list(_later_mentions(text, as_month_first[0]))
    if bool(against_day) != bool(against_month):
        chosen, refuted = (as_day_first[0], against_month) if against_month else (as_month_first[0], against_day)
        order, other = ("day", "month") if against_month else ("month", "day")
        reason = (
            f"{written} is read {order} first: read {other} first it would come before "
            f"{', '.join(dict.fromkeys(refuted))}, of which the text already speaks"
        )
        return chosen, reason, True
    if day_first is not None:
        chosen = as_day_first[0] if day_first else as_month_first[0]
        return chosen, f"{written} is read {'day' if day_first else 'month'} first{AS_SET}", True
    reason = f"{written} reads two ways and the text does not settle it; it is read day first. Set the order to be sure"
    return as_day_first[0], reason, False


def _later_mentions(text: str, day: date) -> Iterator[str]:
    """Yields the months and days named without a year that, taken in the same year, lie after `day`.

    A text speaks mostly of what has happened, so a date that many of its months would follow is wrong.
    """
    for match in _MENTION.finditer(text):
        month, stated = _MONTHS[match[1].lower()], int(match[2] or 0)
        if (month, stated) > (day.month, day.day if stated else 0) and (stated or month > day.month):
            yield f"{match[1]} {stated}" if stated else match[1]

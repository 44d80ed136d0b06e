"""How dates are written, and what day each one is.

A numeric date that reads two ways (2/8/2025) is settled by the text itself where it can be: by a day of the week beside
it, by the same date in full, by dates of the same kind that read one way only, by months that the text speaks of as
past, which cannot lie after the day it was written, or by its being French.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from documents.language import guess_language

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
_DAY = r"(?P<d>\d\d?)(?:st|nd|rd|th|er)?"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_ISO = re.compile(rf"(?<![\d/.-]){_YEAR}-(?P<m>\d\d)(?:-(?P<d>\d\d))?(?!\d)")
_ISO_SLASHED = re.compile(rf"(?<![\d/.-]){_YEAR}[/.](?P<m>\d\d)[/.](?P<d>\d\d)(?!\d)")
_DAY_MONTH = re.compile(rf"\b{_DAY}\s+(?:day\s+of\s+|of\s+)?{_NAME},?\s+{_YEAR}\b", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b{_NAME}\s+{_DAY},?\s+{_YEAR}\b", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"\b{_NAME}\s+{_YEAR}\b", re.IGNORECASE)
_NUMERIC = re.compile(rf"(?<![\d/.-])(?P<a>\d\d?)(?P<sign>[/.-])(?P<b>\d\d?)(?P=sign){_YEAR}\b")
_FULL = (_ISO_SLASHED, _DAY_MONTH, _MONTH_DAY, _NUMERIC)

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_CARDINALS = {name: number for number, name in enumerate(_UNITS)} | _TENS
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12, "twentieth": 20,
    "thirtieth": 30,
} | {f"{name}th": number for name, number in _CARDINALS.items()}  # fmt: skip
_WORD = "(?:" + "|".join(sorted({*_CARDINALS, *_ORDINALS, "hundred", "thousand", "and"}, key=len, reverse=True)) + ")"
_WORDS = rf"{_WORD}(?:[\s\u2010\u2011-]+{_WORD})*"
_IN_WORDS = re.compile(
    rf"\b(?P<day>{_WORDS}|\d\d?(?:st|nd|rd|th))\s+day\s+of\s+{_NAME},?\s+"
    rf"(?:in\s+the\s+year\s+of\s+our\s+Lord,?\s+)?(?P<year>{_WORDS}|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday mon lundi", "tuesday tue tues mardi", "wednesday wed mercredi", "thursday thu thurs jeudi",
         "friday fri vendredi", "saturday sat samedi", "sunday sun dimanche")
    )
    for name in names.split()
}  # fmt: skip
WEEKDAY = r"(?:" + "|".join(sorted(_WEEKDAYS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY_BEFORE = re.compile(rf"\b({WEEKDAY}),?\s+(?:(?:the|le)\s+)?$", re.IGNORECASE)

# A month by its full English name, with a day beside it where one stands there; "May" and "March" alone are
# left out where they may be a verb (lower case) and counted only after a preposition.
_MENTION = re.compile(
    r"\b(?:in|since|of|last|a|on|until|by|from)\s+"
    r"(January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?:\s+(\d\d?)\b)?(?!\s+\d{4})"
)
AS_SET = ", as set"  # ends the reason of a date that only the user's setting decided
_ONLY_MONTH = "only the month is stated; its first day stands for it"


@dataclass(frozen=True, slots=True)
class Reading:
    """A written date as a day; `reason` where it had to be worked out, `sure` unless two readings are open."""

    value: date
    reason: str = ""
    sure: bool = True


def full_dates(text: str) -> list[re.Match[str]]:
    """Returns where dates with a day, a month and a year stand, in order; of two that overlap, the longer."""
    found = [match for match in _ISO.finditer(text) if match["d"]]
    found += chain.from_iterable(pattern.finditer(text) for pattern in (*_FULL, _IN_WORDS))
    apart: list[re.Match[str]] = []
    for match in sorted(found, key=lambda match: (match.start(), -match.end())):
        if not apart or match.start() >= apart[-1].end():
            apart.append(match)
    return apart


def read_date(stated: str, text: str, day_first: bool | None, *, before: str = "") -> Reading | None:
    """Returns the first date in `stated`, or None; what stands before it, and the text, help to read it."""
    if match := _ISO.search(stated) or _ISO_SLASHED.search(stated):
        reason = "" if match["d"] else _ONLY_MONTH
        return _checked(int(match["y"]), int(match["m"]), int(match["d"] or 1), reason)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        if match := pattern.search(stated):
            return _checked(int(match["y"]), _MONTHS[match["month"].lower()], int(match["d"]))
    if match := _IN_WORDS.search(stated):
        return _read_words(match)
    if match := _MONTH_YEAR.search(stated):
        return _checked(int(match["y"]), _MONTHS[match["month"].lower()], 1, _ONLY_MONTH)
    if match := _NUMERIC.search(stated):
        return _read_numeric(match, before + stated[: match.start()], text, day_first)
    return None


def _checked(year: int, month: int, day: int, reason: str = "") -> Reading | None:
    try:
        return Reading(date(year, month, day), reason)
    except ValueError:
        return None


def _read_words(match: re.Match[str]) -> Reading | None:
    day = re.match(r"\d+", match["day"])
    month = _MONTHS[match["month"].lower()]
    return _checked(_number(match["year"]), month, int(day[0]) if day else _number(match["day"]))


def _number(words: str) -> int:
    """Returns what "twenty-first" or "two thousand and twenty-five" or "nineteen ninety-nine" says."""
    if words.isdigit():
        return int(words)
    whole, part = 0, 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "thousand":
            whole, part = part * 1000, 0
        elif word == "hundred":
            part *= 100
        elif word != "and":
            value = _CARDINALS.get(word) or _ORDINALS.get(word, 0)
            part = part * 100 + value if part in range(18, 21) and value >= 10 else part + value
    return whole + part


# -- dates that read two ways


def _read_numeric(match: re.Match[str], before: str, text: str, day_first: bool | None) -> Reading | None:
    year, first, second = int(match["y"]), int(match["a"]), int(match["b"])
    by_day, by_month = _checked(year, second, first), _checked(year, first, second)
    if not by_day or not by_month or first == second:
        return by_day or by_month
    written = match.group()
    for is_day_first, why in _evidence(match, before, text, by_day.value, by_month.value):
        if is_day_first is not None:
            return Reading(
                (by_day if is_day_first else by_month).value,
                f"{written} is read {'day' if is_day_first else 'month'} first: {why}",
            )
    if day_first is not None:
        chosen = by_day if day_first else by_month
        return Reading(chosen.value, f"{written} is read {'day' if day_first else 'month'} first{AS_SET}")
    reason = f"{written} reads two ways and the text does not settle it; it is read day first. Set the order to be sure"
    return Reading(by_day.value, reason, sure=False)


def _evidence(
    match: re.Match[str], before: str, text: str, by_day: date, by_month: date
) -> Iterator[tuple[bool | None, str]]:
    """Yields, the strongest first, whether the date is day first (None: does not tell), and why."""
    if weekday := _WEEKDAY_BEFORE.search(before):
        number = _WEEKDAYS[weekday[1].lower().rstrip(".")]
        yield _one_of(by_day.weekday() == number, by_month.weekday() == number), f"it was a {weekday[1]}"
    in_full = {reading.value for each in full_dates(text) if (reading := _in_full(each))}
    yield _one_of(by_day in in_full, by_month in in_full), "the text has that date in full"
    kinds = {_order(other) for other in _NUMERIC.finditer(text) if other["sign"] == match["sign"]} - {None}
    yield (kinds.pop() if len(kinds) == 1 else None), "other dates of the text read that way only"
    after_day, after_month = list(_later_mentions(text, by_day)), list(_later_mentions(text, by_month))
    refuted = ", ".join(dict.fromkeys(after_month or after_day))
    other = "month" if after_month else "day"
    why = f"read {other} first it would come before {refuted}, of which the text already speaks"
    yield _one_of(bool(after_month), bool(after_day)), why
    yield (True if guess_language(text) == "fr" else None), "the text is French"


def _one_of(day_first: bool, month_first: bool) -> bool | None:
    return day_first if day_first != month_first else None


def _in_full(match: re.Match[str]) -> Reading | None:
    return None if match.re is _NUMERIC else read_date(match.group(), "", None)


def _order(match: re.Match[str]) -> bool | None:
    """Returns whether a numeric date is day first; None where it reads both ways."""
    first, second = int(match["a"]), int(match["b"])
    return None if (first > 12) == (second > 12) else first > 12


def _later_mentions(text: str, day: date) -> Iterator[str]:
    """Yields the months and days named without a year that, taken in the same year, lie after `day`.

    A text speaks mostly of what has happened, so a date that many of its months would follow is wrong.
    """
    for match in _MENTION.finditer(text):
        month, stated = _MONTHS[match[1].lower()], int(match[2] or 0)
        if (month, stated) > (day.month, day.day if stated else 0) and (stated or month > day.month):
            yield f"{match[1]} {stated}" if stated else match[1]

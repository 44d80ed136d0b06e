"""The date a document speaks for: where it stands, and how sure that is.

Looked for in this order: what the file states (front matter, a `date` field); a date line among the first lines; a date
with a label ("Last updated:", "Current to") near the beginning or the end; a date line or the words "this fourth day
of June" at the end, as laws and orders have them; the headline; the name of the file; the day the file was made.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from documents.types import Dated
from documents.written_dates import AS_SET, WEEKDAY, Reading, full_dates, read_date

__all__ = ["AS_SET", "find_date"]

_DATE_LINES = 6  # a headline, a byline, a place: the date line is not further down
_LAST_LINES = 6
_BEGINNING, _END = 2000, 1500  # characters
_LONGEST = 80  # characters of a line with a place or a name beside its date
_MOST_WORDS = 6  # beside the date
_SET_OFF = re.compile(r"(?:^|[,:;|(\u2013\u2014·•-]|\b[lL]e)\s*$")
_AROUND = re.compile(rf"\b{WEEKDAY},?|\b\d\d?[:h]\d\d\b|\b[ap]\.?m\.?\b|[^\w]", re.IGNORECASE)
_CURRENT = (
    r"(?:page |date )?(?:last )?(?:updated|modified|revised|reviewed|amended)"
    r"|(?:consolidation )?current (?:to|as of)|as of"
    r"|(?:date de )?(?:la )?dernière (?:mise à jour|modification|révision)|mise? à jour|à jour au|en date du|modifiée?"
)
_ISSUED = (
    r"date(?: of issue| of publication| issued| published| posted| de publication)?|dated|published|posted|issued"
    r"|released|signed|effective(?: date)?|publiée?|émise?|signée?|en vigueur"
)
_LABELLED = re.compile(
    rf"(?:^|[(|•·\u2013\u2014]|[.;] )[ \t*_]*(?:(?P<current>{_CURRENT})|(?P<issued>{_ISSUED}))\b[*_]*"
    rf"[ \t]*(?:on|le|du|au|depuis le|:|-|\u2013|=)?[ \t*_]*:?[ \t*_]*(?:{WEEKDAY},?[ \t]+)?$",
    re.IGNORECASE | re.MULTILINE,
)
_THIS_DAY = re.compile(r"\b(?:this|the|dated|signed)\s*$", re.IGNORECASE)
_MAY_BE_TOLD = re.compile(rf"^[^:]*\b(?:as of|{_ISSUED})\b[^:]*$", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[ \t*_]*(?:[.;)|\n]|$)")
_LABEL = 60  # characters before a date among which its label is looked for


def find_date(fields: Mapping[str, str], text: str, *, day_first: bool | None = None) -> Dated | None:
    """Returns the date the document speaks for, or None when nothing says.

    `fields` may hold date, title, name (of the file) and created. `day_first` settles numeric dates that the text
    leaves open: True reads 2/8/2025 as 2 August.
    """
    for source, reading in _readings(fields, text, day_first):
        if reading is not None:
            return Dated(reading.value, source, reading.reason, reading.sure)
    return None


def _readings(fields: Mapping[str, str], text: str, day_first: bool | None) -> Iterator[tuple[str, Reading | None]]:
    """Yields where a date may stand, the best place first, and what stands there."""
    yield "document", _stated(fields, "date", text, day_first)
    yield "date line", _of_lines(_first_lines(text), text, day_first)
    yield "label", _labelled(text, day_first)
    yield "closing line", _closing(text, day_first)
    yield "headline", _headline(fields.get("title", ""), text, day_first)
    yield "file name", _unsure(_of_name(fields.get("name", "")), "")
    yield "file properties", _unsure(_stated(fields, "created", text, day_first), "")


def _stated(fields: Mapping[str, str], key: str, text: str, day_first: bool | None) -> Reading | None:
    stated = fields.get(key, "").strip()
    return read_date(stated, text, day_first) if stated else None


def _unsure(reading: Reading | None, reason: str) -> Reading | None:
    return reading and replace(reading, sure=False, reason=reading.reason or reason)


def _first_lines(text: str) -> list[str]:
    return [line.strip() for line in text[:_BEGINNING].split("\n") if line.strip()][:_DATE_LINES]


def _of_lines(lines: list[str], text: str, day_first: bool | None) -> Reading | None:
    for line in lines:
        for match in full_dates(line):
            if _is_date_line(line, match):
                return read_date(match.group(), text, day_first, before=line[: match.start()])
    return None


def _is_date_line(line: str, match: re.Match[str]) -> bool:
    """A date line is mostly date, or short with the date set off at its end: a sentence that mentions one is not."""
    if len(match.group()) * 2 >= len(line):
        return True
    before, after = line[: match.start()], line[match.end() :]
    words = _AROUND.sub(" ", before).split()
    return (
        len(line) <= _LONGEST
        and len(words) <= _MOST_WORDS
        and bool(_SET_OFF.search(re.sub(rf"{WEEKDAY},?\s*$", "", before, flags=re.IGNORECASE)))
        and not _AROUND.sub(" ", after).split()
    )


def _labelled(text: str, day_first: bool | None) -> Reading | None:
    """Returns the date that a label names; one of being current goes before one of issue, if unsure of it."""
    found: dict[str, Reading] = {}
    for part in (text[:_BEGINNING], text[max(len(text) - _END, _BEGINNING) :]):
        for match in full_dates(part):
            before = part[max(match.start() - _LABEL, 0) : match.start()]
            label = _LABELLED.search(before)
            if label and _MAY_BE_TOLD.search(label.group()) and not _CLAUSE_END.match(part, match.end()):
                continue  # "As of March 31, 2023, cards are no longer accepted" tells what happened then
            reading = read_date(match.group(), text, day_first, before=before) if label else None
            if label and reading:
                found.setdefault("current" if label["current"] else "issued", reading)
    if not found:
        return None
    chosen = found.get("current") or found["issued"]
    others = [each for each in found.values() if each.value != chosen.value]
    return _unsure(chosen, f"the text also states {others[0].value}") if others else chosen


def _closing(text: str, day_first: bool | None) -> Reading | None:
    end = text[-_END:]
    for match in reversed(full_dates(end)):
        # this fourth day of June, in the year of our Lord two thousand twenty-five
        if " day of " in match.group().lower() and _THIS_DAY.search(end[: match.start()]):
            return read_date(match.group(), text, day_first)
    lines = [line.strip(" *_") for line in end.split("\n") if line.strip()][-_LAST_LINES:]
    return _of_lines(lines[::-1], text, day_first)


def _headline(title: str, text: str, day_first: bool | None) -> Reading | None:
    """Returns the date in the title: a label makes it sure, else it may be that of what is told."""
    for match in full_dates(title):
        before = title[: match.start()]
        reading = read_date(match.group(), text, day_first, before=before)
        return reading if _LABELLED.search(before) else _unsure(reading, "it stands in the title")
    return None


def _of_name(name: str) -> Reading | None:
    """Returns the date in a file's name: 2024-03-05, 2024_03_05 or 20240305."""
    match = re.search(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)", name)
    return read_date("-".join(match.group(1, 3, 4)), "", None) if match else None

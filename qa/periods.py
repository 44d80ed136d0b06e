"""The dates and periods that a sentence states, English and French, and whether something was so then or was said then.

"Canada removed 17,357 people in 2024, according to a note of 3 March 2025" holds two: 2024 is what the figure speaks
of, 3 March 2025 is when it was said.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

_MONTHS = (
    ("january", "janvier"),
    ("february", "février"),
    ("march", "mars"),
    ("april", "avril"),
    ("may", "mai"),
    ("june", "juin"),
    ("july", "juillet"),
    ("august", "août"),
    ("september", "septembre"),
    ("october", "octobre"),
    ("november", "novembre"),
    ("december", "décembre"),
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_SEASONS = {  # the months, first and last, of a part of a year
    "early": (1, 4), "début": (1, 4), "mid": (5, 8), "mi": (5, 8), "late": (9, 12), "end": (12, 12), "fin": (9, 12),
    "spring": (3, 6), "printemps": (3, 6), "summer": (6, 9), "été": (6, 9), "autumn": (9, 12), "fall": (9, 12),
    "automne": (9, 12), "winter": (1, 3), "hiver": (1, 3),
}  # fmt: skip
_MONTH = "(?:" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_YEAR = r"(?<![\d.,$€£/-])(?:19|20)\d\d(?![\d/%]|[.,-]\d|-[A-Za-z])"
_PART = (
    r"(?:early|début|mid|mi|late|(?:the )?end|(?:la )?fin|spring|summer|autumn|fall|winter|printemps|été|automne|hiver)"
)
_ATOM = re.compile(
    rf"""(?P<iso>\b(?:19|20)\d\d-\d\d-\d\d\b)
    |(?P<fiscal>\b(?:(?:fiscal|financial)\ (?:years?\ )?|FY\ ?|(?:l[’'])?exercice\ (?:financier\ )?)
        (?:19|20)\d\d(?:[-–/](?:\d{{4}}|\d\d))?\b)
    |(?P<span>(?<![\d-])(?:19|20)\d\d[-–](?:(?:19|20)\d\d|\d\d)(?![\d-]))
    |(?P<part>\b{_PART}(?:\ (?:or|ou)\ {_PART})?[ -](?:of\ |de\ |d[’'])?(?:{_MONTH}\ )?{_YEAR})
    |(?P<day>\b\d\d?(?:er|st|nd|rd|th)?\ {_MONTH},?\ {_YEAR})
    |(?P<us_day>\b{_MONTH}\ \d\d?(?:st|nd|rd|th)?,\ {_YEAR})
    |(?P<month>\b{_MONTH}\ {_YEAR})
    |(?P<year>{_YEAR})
    |(?P<bare_day>\b\d\d?(?:er|st|nd|rd|th)?\ {_MONTH}\b|\b{_MONTH}\ \d\d?\b(?!,?\d))
    |(?P<bare_month>\b{_MONTH}\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_JOINED = re.compile(r"\s*(?:to|until|through|till|–|-|au|à|jusqu[’']au?|and)\s+(?:the\s+)?|\s*[–-]\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|entre)\s+(?:le\s+)?$", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?P<word>before|since|until|after|from|avant|depuis|jusqu[’']|après|dès)\s*(?:the |le |la |en |au |à )?"
    r"(?:(?:amendments?|reforms?|changes?) (?:of|in) )?$",
    re.IGNORECASE,
)
_REFORM = re.compile(r"\s+(?:amendments?|reforms?|rules?|changes?)\b", re.IGNORECASE)
_REFORM_OF = re.compile(r"\b(\d{4}) (?:amendments?|reforms?|rules?|changes?)\b", re.IGNORECASE)
_LAST_MONTHS = re.compile(
    r"\b(?:the )?(?:\w+ months|year|douze mois|12 mois)\s+(?:to|ending(?: in)?|up to|se terminant en)\s+$", re.I
)
_SAYING = (
    r"captur\w*|report\w*|sa(?:id|ys?)|wrote|writes|t(?:old|ells)(?: \w+){0,3}|publish\w*|notes?|releases?|"
    r"cop(?:y|ies)|texts?|consolidation|announced?|announcement|page|memo\w*|letter|e-?mail|summary|answer|stated?|sources?|article|brief\w*|"
    r"according to[^.;:\d]{0,60}?|selon[^.;:\d]{0,60}?|d[’']après[^.;:\d]{0,60}?|rapport\w*|publiée?|annoncée?|déclaré|"
    r"texte|copie|lettre|courriel|communiqué|source"
)
_SAID_BEFORE = re.compile(
    rf"\b(?:{_SAYING})(?:\s*\([^)\d]{{0,40}}\))?,?\s*"
    r"(?:\(|in |on |of |to |from |dated |as of |du |de |le |en |au |dès )*(?:a |the |l[’'])?$",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    r"^\s+(?:\w+\s)?(?:captures?|notes?|reports?|releases?|readings?|cop(?:y|ies)|texts?|memos?|articles?)\b", re.I
)
_NAMED = re.compile(r"\b[A-ZÀ-Ý]\w+\)? \($")
_NO_DATE = re.compile(
    r"(?:\b(?:section|article|order|proclamation|bill|budget|chapter|number|canada|court|no\.|statutes of \w+|loi|"
    r"décret|u\.s\.c?\.)\s)$",
    re.IGNORECASE,
)
_CASE = re.compile(r"^\s(?:FC|SCC|FCA|CSC|CF|CanLII|U\.S\.)\b")
ENDING = ("before", "until", "avant", "jusqu’", "jusqu'")  # bounds of a period that ends there
_BEFORE_MONTH = re.compile(
    r"(?:\b(?:in|since|by|of|from|to|until|and|or|early|late|last|en|de|depuis|à|et|ou)\s|\()$", re.IGNORECASE
)
_TO_A_DAY = re.compile(r"\b(avant|depuis|après) (?=\d\d?(?:er)? )")
_TO_THE_DAY = re.compile(r"\bà (?=\d\d?(?:er)? )")
_FIRST = re.compile(r"\b1(?= (?:janv|fév|mars|avr|mai|jui|ao|sep|oct|nov|déc))")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; `start` and `end` are characters of the sentence.

    `words` name it as the sentence does, with "before" or "since" where one stands there. `said` is True where it is
    when something was said, reported or written down, and not what is spoken of. `fiscal` years are not calendar years.
    """

    start: int
    end: int
    first: date
    last: date
    words: str
    said: bool = False
    fiscal: bool = False
    bound: str = ""  # "before", "since", ...: the period is open to one side

    @property
    def single_year(self) -> int | None:
        """The year of "2025", of "fiscal year 2025" and of a part of 2025; None for a fiscal year over two."""
        years = {int(year) for year in re.findall(r"(?:19|20)\d\d", self.words)}
        return years.pop() if len(years) == 1 and not re.search(r"\d\d[-–/]\d\d", self.words) else None

    @property
    def reach(self) -> tuple[date, date]:
        """The first and last day it reaches to: "before 2026" from the beginning of time to the end of 2025."""
        if self.bound in ENDING:
            return date.min, self.first - timedelta(days=1)
        return self.first, date.max if self.bound else self.last

    def holds(self, other: "Period") -> bool:
        """Returns whether the other lies within this one; a fiscal year lies in no calendar year."""
        if other.fiscal and not self.fiscal:
            return False
        return self.first <= other.first and other.last <= self.last


def periods(text: str) -> list[Period]:
    """Returns the periods stated in a sentence, in order. A month without a year takes the sentence's next year."""
    return list(_periods(text))


@lru_cache(maxsize=10_000)  # the same sentences come again with other questions, and reading them takes a while
def _periods(text: str) -> tuple[Period, ...]:
    found = [match for match in _ATOM.finditer(text) if not _is_no_date(match, text)]
    spoken: list[Period] = []
    for position, match in enumerate(found):
        year = _year_beside(found, position)
        days = _days(match, year)
        if days:
            bare = bool(match["bare_day"] or match["bare_month"])
            words = f"{match.group()} {days[0].year}" if bare else match.group()
            spoken.append(Period(match.start(), match.end(), *days, words, fiscal=_is_fiscal(match)))
    return tuple(_in_its_sentence(each, text) for each in _ranges(spoken, text))


def label(period: Period, language: str) -> str:
    """Returns the period's words, in French or English where they are in the other."""
    words = period.words
    for pattern, other in _TO_FRENCH if language == "fr" else _TO_ENGLISH:
        words = pattern.sub(other, words)
    if language == "fr":
        words = _REFORM_OF.sub(r"les modifications de \1", words)
        words = _TO_THE_DAY.sub("au ", _TO_A_DAY.sub(r"\1 le ", _FIRST.sub("1er", words)))
    return " ".join(words.split())


def day_label(day: date, language: str) -> str:
    name = _MONTHS[day.month - 1][language == "fr"]
    if language == "fr":
        return f"{day.day}{'er' if day.day == 1 else ''} {name} {day.year}"
    return f"{day.day} {name.title()} {day.year}"


def _is_no_date(match: re.Match[str], text: str) -> bool:
    before = text[: match.start()]
    if match["bare_month"]:
        return not _BEFORE_MONTH.search(before)
    return bool(match["year"] and (_NO_DATE.search(before) or _CASE.match(text[match.end() :])))


def _is_fiscal(match: re.Match[str]) -> bool:
    years = re.findall(r"\d+", match.group())
    return bool(match["fiscal"]) or bool(match["span"] and (int(years[0]) + 1) % 100 == int(years[1]) % 100)


def _year_beside(found: Sequence[re.Match[str]], position: int) -> int | None:
    """Returns the year that follows in the sentence, else the last one before."""
    for match in [*found[position + 1 :], *reversed(found[:position])]:
        year = re.search(r"(?:19|20)\d\d", match.group())
        if year and not _is_fiscal(match):
            return int(year.group())
    return None


def _days(match: re.Match[str], beside: int | None) -> tuple[date, date] | None:
    """Returns the first and last day; None where a day does not exist or its year is not known."""
    text = match.group().lower()
    years = [int(year) for year in re.findall(r"(?:19|20)\d\d", text)]
    try:
        if match["iso"]:
            day = date.fromisoformat(match.group())
            return day, day
        if match["fiscal"] or match["span"]:
            return _years(text, fiscal=_is_fiscal(match))
        if not years and beside is None:
            return None
        year = years[0] if years else int(beside or 0)
        months = [_NUMBERS[name] for name in re.findall(_MONTH, text)]
        if match["part"]:
            return _part(text, year, months)
        if match["day"] or match["us_day"] or match["bare_day"]:
            number = re.search(r"(?<!\d)\d\d?(?!\d)", text)
            day = date(year, months[0], int(number.group()) if number else 1)
            return day, day
    except ValueError:
        return None
    return _months(year, months[0], months[0]) if months else _months(year, 1, 12)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _part(text: str, year: int, months: Sequence[int]) -> tuple[date, date]:
    if months:
        return _months(year, months[0], months[0])
    parts = [_SEASONS[word] for word in re.findall(r"\w+", text) if word in _SEASONS]
    return _months(year, min(first for first, _ in parts), max(last for _, last in parts))


def _years(text: str, *, fiscal: bool) -> tuple[date, date]:
    """A fiscal year of two years is Canada's, April to March; one of a single year that of the US, to September."""
    numbers = re.findall(r"\d+", text)
    first = int(numbers[0])
    last = int(numbers[0][: 4 - len(numbers[1])] + numbers[1]) if len(numbers) > 1 else first
    if last < first:  # 1999-00
        last += 10 ** len(numbers[1])
    if not fiscal:
        return date(first, 1, 1), date(max(first, last), 12, 31)
    return (date(first, 4, 1), date(first + 1, 3, 31)) if last > first else (date(first - 1, 10, 1), date(first, 9, 30))


def _ranges(found: Sequence[Period], text: str) -> list[Period]:
    """Joins "January" and "September 2025" where "to" stands between them."""
    joined: list[Period] = []
    for each in found:
        before = joined[-1] if joined else None
        gap = text[before.end : each.start] if before else ""
        if (
            before
            and _JOINED.fullmatch(gap)
            and before.first <= each.last
            and (not re.search(r"\band\b|\bet\b", gap) or _BETWEEN.search(text[: before.start]))
        ):
            words = text[before.start : each.start] + each.words
            joined[-1] = Period(before.start, each.end, before.first, each.last, words, fiscal=each.fiscal)
        else:
            joined.append(each)
    return joined


def _in_its_sentence(period: Period, text: str) -> Period:
    """Returns the period with what the words around it say of it."""
    before, after = text[: period.start], text[period.end :]
    if long := _LAST_MONTHS.search(before):
        period = replace(period, start=long.start(), words=long.group() + period.words)
    elif bound := _BOUND.search(before):
        word = bound["word"].lower()
        end = period.end + (len(reform.group()) if (reform := _REFORM.match(after)) else 0)
        ranged = word in ("from", "dès") and period.first != period.last
        if not ranged:
            words = bound.group() + period.words + text[period.end : end]
            period = replace(period, start=bound.start(), end=end, words=words, bound=word)
    beside_a_name = period.first == period.last and _NAMED.search(before)  # "CRS (10 July 2020) calls ..."
    said = bool(_SAID_BEFORE.search(before) or _SAID_AFTER.match(after) or beside_a_name)
    return replace(period, words=" ".join(period.words.split()), said=said)


def _translations(to_french: bool) -> list[tuple[re.Pattern[str], str]]:
    pairs = [*_MONTHS, *_PHRASES]
    ordered = [(english, french) if to_french else (french, english) for english, french in pairs]
    ordered.sort(key=lambda pair: -len(pair[0]))
    return [
        (
            re.compile(rf"\b{re.escape(own)}\b", re.IGNORECASE),
            other.title() if other in _NUMBERS and not to_french else other,
        )
        for own, other in ordered
    ]


_PHRASES = (
    ("fiscal year", "exercice"),
    ("the end of", "fin"),
    ("end of", "fin"),
    ("early", "début"),
    ("mid", "mi"),
    ("late", "fin"),
    ("spring", "printemps"),
    ("summer", "été"),
    ("autumn", "automne"),
    ("winter", "hiver"),
    ("before", "avant"),
    ("since", "depuis"),
    ("since the", "depuis"),
    ("after", "après"),
    ("months", "mois"),
    ("or", "ou"),
    ("to", "à"),
    ("from", "de"),
)
_TO_FRENCH = _translations(True)
_TO_ENGLISH = _translations(False)

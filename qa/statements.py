"""What a sentence states: each figure of the kind asked for, the period it speaks of, and the one it was said in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.words import terms
from qa.asked import GENERIC, Asked, Word, folded, places_in
from qa.features import Sentence
from qa.periods import Period, periods
from qa.quantities import COUNT, TIME, Quantity, agree, quantities, unit_of
from qa.types import Span

_OPENING = 6  # characters before a period that opens its sentence
_FAR = 40
_TARGET = re.compile(
    r"\b(?:target\w*|goals?|aims?|a planned|objecti\w+|cibles?|forecast\w*|expects?|expected|prévo\w+|prévu\w*)\b"
    r"[^.;]{0,60}$|\bplan(?:s|ned) (?:to|for)?\s?\D{0,12}\d[\d,]*[^.;]{0,30}$",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"\b(?:of which|of whom|of them|includ\w+|among (?:them|which|whom)|dont|parmi|notamment)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"^\s(?:of (?:the|these|those|them|whom|which|all)\b|d[’']entre|des\b)", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:(?:up|down) from|instead of|rather than|against|compared (?:with|to)|contre|au lieu de)\s$", re.IGNORECASE
)
_PENDING = re.compile(r"^\W*(?:[\w-]+\W+){0,4}(?:in progress|pending|under way|en cours)\b", re.IGNORECASE)
_RANGE_OPENS = re.compile(r"\b(?:from|between|de|entre)\s$", re.IGNORECASE)
_RANGE_JOINS = re.compile(r"\s(?:to|and|à|et)\s", re.IGNORECASE)
_PLACE = re.compile(
    r"^,?\s(?:from|to|in|at|for|of|de|du|des|en|au|aux|à)\s(?:the\s|la\s|le\s|les\s)?"
    r"(?P<name>[A-ZÀ-Ý][\w’'-]+(?:\s[A-ZÀ-Ý]\w+)*)"
)
_COMPOUND = re.compile(
    r"\b(?P<word>removal|deportation)s?\s(?P<head>orders?|inventory|backlog|period|program\w*)\b", re.IGNORECASE
)
_COMPOUNDED = re.compile(r"\b(?:remov|deport)\w+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure in a sentence, with the period it speaks of and the one it was said in.

    `held` are the words of the question's subject in the sentence, `around` is the weighted share of them in it and in
    what leads up to it.
    """

    sentence: Sentence
    figure: Quantity
    spoken_of: Period | None
    said: Period | None
    held: frozenset[Word]
    around: float

    @property
    def place(self) -> tuple[str, Span]:
        return self.sentence.hit.passage.info.id, self.sentence.span


def statements(row: Sentence, asked: Asked) -> list[Statement]:
    """Returns the figures of the sentence that are of the kind, unit, place and period asked for."""
    if not _in_places(row, asked):
        return []
    dates = periods(row.text)
    figures = quantities(row.text, dates)
    held = folded(row.held) - _in_compounds(row.text, asked)
    around = asked.coverage(held | folded(row.above))
    if not asked.own <= asked.holds(held | folded(row.above)):
        return []
    found = []
    for figure in figures:
        if figure.kind != asked.kind or not _fits(figure, figures, dates, row.text, asked):
            continue
        spoken_of, said = _times(figure, figures, dates, row.text)
        if (asked.subject and is_named(figure, asked)) or _in_period(spoken_of, said, asked.period):
            found.append(Statement(row, figure, spoken_of, said, asked.holds(held), around))
    return _plainest(found, figures, asked)


def _plainest(found: Sequence[Statement], figures: Sequence[Quantity], asked: Asked) -> list[Statement]:
    """Leaves out, of several figures for one time, those beside which less of the question's subject stands.

    "13 recalcitrant countries and 17 at risk": asked for the recalcitrant ones, the second is of something else.
    """
    beside = {}
    for each in found:
        text = each.sentence.text
        end = min((other.start for other in figures if other.start > each.figure.start), default=len(text))
        near = re.split(r"[,;:(]|\band\b", text[each.figure.end : end], maxsplit=1)[0]
        held = folded(terms(each.figure.text + near, each.sentence.hit.passage.info.language))
        beside[each.figure] = asked.coverage(held)
    return [
        each
        for each in found
        if all(beside[each.figure] >= beside[other.figure] or not overlap(each, other) for other in found)
    ]


def places_of(row: Sentence) -> set[str]:
    """Returns the places of a sentence: of its own place it speaks alone; without one it is where its headings are."""
    return places_in(row.text) or places_in(row.hit.passage.context)


def is_named(figure: Quantity, asked: Asked) -> bool:
    """Returns whether the figure is one that the question itself names: "34 million or 51 million?"."""
    return any(agree(figure, each) for each in asked.figures)


def overlap(one: Statement, other: Statement) -> bool:
    """Returns whether both may speak of the same time."""
    if one.spoken_of is None or other.spoken_of is None:
        return True
    (first, last), (other_first, other_last) = one.spoken_of.reach, other.spoken_of.reach
    return first <= other_last and other_first <= last


def described(one: Statement, asked: Asked) -> bool:
    """Returns whether what stands between a number and its noun is nothing, or is of the question's subject."""
    if one.figure.kind != COUNT:
        return True
    after_number = re.sub(r"^.*\d[\d.,\s]*", "", one.figure.text)
    *words, _ = terms(after_number, one.sentence.hit.passage.info.language) or [""]
    said = folded(words) - GENERIC
    return not said or any(not said.isdisjoint(word) for word in asked.subject)


def contrasts(one: Statement, compared: Statement, asked: Asked) -> bool:
    """Returns whether another word has the place of one of the subject's: a claim abandoned, not withdrawn."""
    words = list(asked.subject)
    known = GENERIC.union(*words, terms(one.figure.text, "en"))
    clauses = [terms(part, one.sentence.hit.passage.info.language) for part in re.split("[,;:()]", one.sentence.text)]
    pairs = [pair for clause in clauses for pair in pairwise(next(iter(folded([term]))) for term in clause)]
    followed = [(first, second) for first, second in pairs if second.isalpha() and second not in known]
    missing = [place for place, word in enumerate(words) if word in compared.held - one.held and place]
    return any(first in words[place - 1] for place in missing for first, _ in followed)


def _in_compounds(text: str, asked: Asked) -> frozenset[str]:
    """Returns the terms that stand in the sentence only in a compound that the question has not: removal order."""
    heads = [match for match in _COMPOUND.finditer(text) if not _holds(asked, match["head"])]
    if not heads or len(heads) < len(_COMPOUNDED.findall(text)):
        return frozenset()
    return folded(terms(" ".join(match["word"] for match in heads), "en"))


def _holds(asked: Asked, word: str) -> bool:
    stems = set(terms(word, "en"))
    return unit_of(word) == asked.unit or any(not stems.isdisjoint(held) for held in asked.subject)


def _in_places(row: Sentence, asked: Asked) -> bool:
    return not asked.places or bool(places_of(row) & asked.places)


def _fits(figure: Quantity, figures: Sequence[Quantity], dates: Sequence[Period], text: str, asked: Asked) -> bool:
    """Returns whether a figure is of the unit asked for, and no aim, part of another, end of a range or former one."""
    before, after = text[: figure.start], text[figure.end :]
    if _TARGET.search(before[-80:] + figure.text) or _PART_OF.search(before[-80:]) or _OF_THEM.match(after):
        return False
    if _PAST.search(before) or _PENDING.match(after) or _in_range(figure, figures, text):
        return False
    if figure.kind == TIME and "-" in figure.text:  # "the 14-day rule" names it; it does not say what it is
        return False
    if figure.kind == COUNT and _elsewhere(figure, dates, after, asked):
        return False
    if figure.kind != COUNT or not asked.unit or figure.unit == asked.unit:
        return True
    if figure.unit:
        return asked.unit == "order" and figure.unit == "people"
    return any(unit_of(word) == asked.unit for word in re.findall(r"[^\W\d_]+", text))


def _in_range(figure: Quantity, figures: Sequence[Quantity], text: str) -> bool:
    """Returns whether the figure is one end of "from 15,000 to 217,000", or the second of "7 votes to 2"."""
    pairs = [(one, two) for one, two in pairwise(figures) if figure in (one, two)]
    return any(
        (_RANGE_JOINS.fullmatch(text[one.end : two.start]) and _RANGE_OPENS.search(text[: one.start]))
        or (figure is two and one.unit and not two.unit and text[one.end : two.start].strip() in ("to", "à", "contre"))
        for one, two in pairs
    )


def _elsewhere(figure: Quantity, dates: Sequence[Period], after: str, asked: Asked) -> bool:
    """Returns whether a place follows the figure that the question does not name: 6,947 removals from Quebec."""
    match = _PLACE.match(after)
    if match is None or any(each.start == figure.end + match.start("name") for each in dates):
        return False
    if known := places_in(match["name"]):
        return bool(asked.places) and known.isdisjoint(asked.places)
    return not folded(terms(match["name"], "en")) <= frozenset(term for word in asked.subject for term in word)


def _times(
    figure: Quantity, figures: Sequence[Quantity], dates: Sequence[Period], text: str
) -> tuple[Period | None, Period | None]:
    """Returns the period a figure speaks of and the one it was said in."""
    stated = [each for each in dates if not each.said]
    alike = [each for each in figures if each.kind == figure.kind]
    said = min(
        (each for each in dates if each.said and not _beside_another(each, figure, alike, text)),
        key=lambda each: abs(each.start - figure.start),
        default=None,
    )
    following = min((each.start for each in alike if each.start > figure.start), default=len(text))
    between = [each for each in stated if figure.end <= each.start < following]
    aside = next((each for each in between if re.fullmatch(r"\s?\(", text[figure.end : each.start])), None)
    years = [each for each in stated if each.fiscal and not text[: each.start].endswith("(")]
    leading = [each for each in stated if each.start < alike[0].start]
    later = [each for each in stated if each.start >= figure.end]
    opening = [each for each in leading if each.start <= _OPENING]
    if opening and between and between[0].start - figure.end > _FAR:
        between = []  # "In June 2025 it was still 15 days, the rule replaced in 2026"
    near = ([aside] if aside else []) or between or leading[-1:] or later[:1]
    if near and len(years) == 1 and (near[0].last - near[0].first).days <= 31:
        return years[0], near[0]  # "in fiscal year 2018-19: 9,669 (March 2020)"
    if len(near) > 1 and near[0].first < near[0].last and near[1].first == near[1].last:
        return near[0], near[1]  # "in fiscal year 2019-20 as of 20 March 2020"
    return (near[0] if near else None), said


def _beside_another(period: Period, figure: Quantity, alike: Sequence[Quantity], text: str) -> bool:
    """Returns whether the period stands in brackets after another figure, of which alone it says when."""
    before = [each for each in alike if each.end <= period.start]
    return bool(before) and before[-1] is not figure and text[before[-1].end : period.start].lstrip().startswith("(")


def _in_period(spoken_of: Period | None, said: Period | None, asked: Period | None) -> bool:
    if asked is None:
        return True
    time = spoken_of or said
    if time is None:
        return False
    return asked.holds(time) or (time.fiscal != asked.fiscal and time.single_year == asked.single_year is not None)


def of_asked(each: Statement, asked: Asked) -> bool:
    """Returns whether the figure speaks of exactly the period that the question names."""
    spoken_of, named = each.spoken_of, asked.period
    if spoken_of is None or named is None:
        return False
    return (spoken_of.first, spoken_of.last) == (named.first, named.last)

"""Where dated sources give different figures for the thing asked: what each gives, and as of when.

Only a question that asks for a figure is looked at. The best sentences with a figure of the kind asked for are what the
others are compared with: a sentence speaks of the same thing when it holds as much of the question's subject, is about
as near to the question in meaning, and counts the same unit over the same span. Nothing is shown unless two values
differ and the dates given for them differ too.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise

from documents.language import guess_language
from index.words import question_words, terms
from qa.features import Sentence, sentences
from qa.periods import Period, day_label, label, periods
from qa.quantities import COUNT, MONEY, SHARE, TIME, Quantity, counted, quantities, unit_of
from qa.types import Candidate, Citation, Hit, Question, Reading, Span

_MOST = 8  # readings shown
_BEST = 8  # candidates among which the sentence to compare with is looked for
_LEAST_COVERAGE = 0.5
_SHARE_OF_COVERAGE = 0.75
_SHARE_HELD = 0.6  # of what the sentence compared with holds itself
_NEAR_MOST = 0.8
_SIMILARITY_BELOW = 0.15
_TIMES_AS_MUCH = 100  # what is so much more or less is something else
_OPENING = 6  # characters before a period that opens its sentence
_FAR = 40
_AGREEING = 3  # citations shown with one value

_ASKS_SHARE = re.compile(r"\b(?:percent(?:age)?|per cent|share|proportion|pourcentage|quelle part)\b", re.IGNORECASE)
_ASKS_TIME = re.compile(
    r"\bhow (?:long|soon|quickly|many (?:\w+ )?(?:days|weeks|months|years|hours))\b|\b(?:time limit|deadline|délai)\b|"
    r"\bcombien (?:de temps|de jours|de mois|d[’']années|d[’']heures)\b|"
    r"\b(?:when|from when|from what day|quand)\b.*\b(?:effect|force|enforceable|vigueur|effet)\b",
    re.IGNORECASE,
)
_ASKS_MONEY = re.compile(
    r"\bhow much\b.*\b(?:costs?|pay|paid|owes?|spen[dt]|money|worth|charged?|fees?|price|budget(?:ed)?|funding|fund|repay)\b|"
    r"\b(?:what|which|quel(?:le)?s?)\b.*\b(?:costs?|fees?|price|charges?|budget|spending|repayment|coûts?|frais|prix|montant)\b|"
    r"\bhow much (?:do|does|did|is|was|will|must|has|have)\b|\bcombien\b.*\b(?:coûte\w*|coûté|pay\w*|dépens\w*|doit|rembours\w*)\b",
    re.IGNORECASE,
)
_ASKS_COUNT = re.compile(r"\b(?:how many|(?:the|what|which) (?:total )?number of|combien d[e’']|(?:le )?nombre d[e’'])\s*", re.IGNORECASE)
_TARGET = re.compile(
    r"\b(?:target\w*|goals?|aims?|a planned|objecti\w+|cibles?|forecast\w*|expects?|expected|prévo\w+|prévu\w*)\b[^.;]{0,60}$|\bplan(?:s|ned) (?:to|for)?\s?\D{0,12}\d[\d,]*[^.;]{0,30}$",
    re.IGNORECASE,
)
_PART_OF = re.compile(r"\b(?:of which|of whom|of them|includ\w+|among (?:them|which|whom)|dont|parmi|notamment)\b[^.;]{0,60}$", re.I)
_OF_THEM = re.compile(r"^\s(?:of (?:the|these|those|them|whom|which|all)\b|d[’']entre|des\b)", re.IGNORECASE)
_PAST = re.compile(r"\b(?:up|down) from\s$|\b(?:instead of|rather than|against|compared (?:with|to)|contre|au lieu de)\s$", re.I)
_PENDING = re.compile(r"^\W*(?:[\w-]+\W+){0,4}(?:in progress|pending|under way|en cours)\b", re.IGNORECASE)
_RANGE_OPENS = re.compile(r"\b(?:from|between|de|entre)\s$", re.IGNORECASE)
_RANGE_JOINS = re.compile(r"\s(?:to|and|à|et)\s", re.IGNORECASE)
_PLACE = re.compile(r"^,?\s(?:from|to|in|at|for|of|de|du|des|en|au|aux|à)\s(?:the\s|la\s|le\s|les\s)?(?P<name>[A-ZÀ-Ý][\w’'-]+(?:\s[A-ZÀ-Ý]\w+)*)")
_SAME_TERM = {  # stems that stand for one another
    "canadian": "canada", "canadien": "canada", "deport": "remov", "remov": "remov", "removal": "remov",
    "renvoi": "remov", "renvoy": "remov", "expuls": "remov", "uncoop": "recalcitr", "uncooper": "recalcitr",
    "spent": "cost", "spend": "cost", "cout": "cost", "repay": "owe", "repaid": "owe", "pay": "owe", "charg": "owe",
    "american": "unit", "takes": "take", "took": "take",
}  # fmt: skip
_PLACES = {
    "canada": re.compile(r"\bCana(?:da|dian|dien)\w*|\bCBSA\b|\bASFC\b", re.IGNORECASE),
    "us": re.compile(r"\bUS\b|\bU\.S\.|\bUnited States\b|\bAmerican?s?\b|\bICE\b|\bDHS\b|[ÉE]tats-Unis|\baméricain\w*"),
}


_ENDING = ("before", "until", "avant", "jusqu’", "jusqu'")
_COMPOUND = re.compile(
    r"\b(?P<word>removal|deportation)s?\s(?P<head>orders?|inventory|backlog|period|program\w*)\b", re.IGNORECASE
)
_COMPOUNDED = re.compile(r"\b(?:remov|deport)\w+", re.IGNORECASE)
_GENERIC = frozenset(
    "people person persons individual individuals country countries day days week weeks month months year years "
    "dollar dollars number total figure figures fiscal calendar time make makes made count counts personnes pays jours "
    "mois annee annees exercice nombre total last past previous recent latest current now today ever so far dernier "
    "derniere passe actuel cover covers include includes contain hold apply money argent much given give gives".split()
)
_GENERIC_STEMS = frozenset(term for language in ("en", "fr") for term in terms(" ".join(_GENERIC), language))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question asks for: kind and unit of the figure, its subject's words with weights, and the period named."""

    kind: str
    unit: str
    subject: dict[tuple[str, ...], float]
    period: Period | None
    places: frozenset[str]
    language: str


@dataclass(frozen=True, slots=True)
class _Statement:
    """A figure in a sentence, with the period it speaks of and the one it was said in.

    `held` are the words of the question's subject in the sentence, `around` is the weighted share of them in it and in
    what leads up to it.
    """

    sentence: Sentence
    figure: Quantity
    spoken_of: Period | None
    said: Period | None
    held: frozenset[tuple[str, ...]]
    around: float

    @property
    def place(self) -> tuple[str, Span]:
        return self.sentence.hit.passage.info.id, self.sentence.span


def disagreement(question: Question, candidates: Sequence[Candidate], hits: Sequence[Hit]) -> tuple[Reading, ...]:
    """Returns the differing figures, newest first; nothing where the sources agree or cannot be told to differ.

    `candidates` are the sentences that may answer, best first; `hits` are searched for others on the same thing.
    """
    kind, unit = _kind(question.text)
    if not kind:
        return ()
    rows = sentences(hits)
    asked = _asked(question.text, kind, unit, rows)
    found = [each for row in rows for each in _statements(row, asked)]
    compared = _compared(found, candidates if asked.period else candidates[:_BEST], asked)
    if compared is None:
        return ()
    best = {(each.hit.passage.info.id, each.span) for each in candidates[:_BEST]}
    return _readings([each for each in found if _same_thing(each, compared, best, asked)], asked)


def _kind(text: str) -> tuple[str, str]:
    """Returns the kind and unit of the figure that the question asks for; ("", "") where it asks for none."""
    for kind, pattern in ((SHARE, _ASKS_SHARE), (TIME, _ASKS_TIME), (MONEY, _ASKS_MONEY)):
        if pattern.search(text):
            return kind, ""
    match = _ASKS_COUNT.search(text)
    return (COUNT, counted(text, match.end() - 1)[1]) if match else ("", "")


def _asked(text: str, kind: str, unit: str, rows: Sequence[Sentence]) -> _Asked:
    named = periods(text)
    bare = "".join(" " if any(p.start <= at < p.end for p in named) else mark for at, mark in enumerate(text))
    places = frozenset(name for name, pattern in _PLACES.items() if pattern.search(text))
    for pattern in _PLACES.values():
        bare = pattern.sub(" ", bare)
    words = [
        tuple(_folded(word))
        for word in question_words(bare)
        if not any(term.isdigit() or term in _GENERIC_STEMS for term in word)
    ]
    held = [_folded(row.held) for row in rows]
    counts = {word: sum(not each.isdisjoint(word) for each in held) for word in words}
    weights = {word: 1 + math.log(1 + len(rows) / (1 + count)) for word, count in counts.items() if count}
    period = next((each for each in named if not each.bound and not each.said), None)
    return _Asked(kind, unit, weights, period, places, guess_language(text) or "en")


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_SAME_TERM.get(word, word) for word in words)


def _statements(row: Sentence, asked: _Asked) -> list[_Statement]:
    """Returns the figures of the sentence that are of the kind, unit, place and period asked for."""
    if not _in_places(row, asked):
        return []
    dates = periods(row.text)
    figures = quantities(row.text, dates)
    held = _folded(row.held) - _in_compounds(row.text, asked)
    covered = frozenset(word for word in asked.subject if not held.isdisjoint(word))
    around = _coverage(asked, held | _folded(row.above))
    found = []
    for figure in figures:
        if figure.kind != asked.kind or not _fits(figure, figures, dates, row.text, asked):
            continue
        spoken_of, said = _times(figure, figures, dates, row.text)
        if _in_period(spoken_of, said, asked.period):
            found.append(_Statement(row, figure, spoken_of, said, covered, around))
    return _plainest(found, figures, asked)


def _plainest(found: Sequence[_Statement], figures: Sequence[Quantity], asked: _Asked) -> list[_Statement]:
    """Leaves out, of several figures for one time, those beside which less of the question's subject stands.

    "13 recalcitrant countries and 17 at risk": asked for the recalcitrant ones, the second is of something else.
    """
    beside = {}
    for each in found:
        text = each.sentence.text
        end = min((other.start for other in figures if other.start > each.figure.start), default=len(text))
        near = re.split(r"[,;:(]|\band\b", text[each.figure.end : end], maxsplit=1)[0]
        held = _folded(terms(each.figure.text + near, each.sentence.hit.passage.info.language))
        beside[each.figure] = _coverage(asked, held)
    return [
        each
        for each in found
        if all(beside[each.figure] >= beside[other.figure] or not _overlap(each, other) for other in found)
    ]


def _in_compounds(text: str, asked: _Asked) -> frozenset[str]:
    """Returns the terms that stand in the sentence only in a compound that the question has not: removal order."""
    heads = [match for match in _COMPOUND.finditer(text) if not _holds(asked, match["head"])]
    if not heads or len(heads) < len(_COMPOUNDED.findall(text)):
        return frozenset()
    return _folded(terms(" ".join(match["word"] for match in heads), "en"))


def _holds(asked: _Asked, word: str) -> bool:
    stems = set(terms(word, "en"))
    return unit_of(word) == asked.unit or any(not stems.isdisjoint(held) for held in asked.subject)


def _coverage(asked: _Asked, held: frozenset[str]) -> float:
    total = sum(asked.subject.values())
    return sum(weight for word, weight in asked.subject.items() if not held.isdisjoint(word)) / total if total else 0.0


def _in_places(row: Sentence, asked: _Asked) -> bool:
    """A sentence of its own place speaks of no other; one without is where its title and headings are."""
    own = {name for name, pattern in _PLACES.items() if pattern.search(row.text)}
    named = own or {name for name, pattern in _PLACES.items() if pattern.search(row.hit.passage.context)}
    return not asked.places or bool(named & asked.places)


def _fits(
    figure: Quantity, figures: Sequence[Quantity], dates: Sequence[Period], text: str, asked: _Asked
) -> bool:
    """Returns whether a figure is of the unit asked for, and neither aimed at, nor a part, an end of a range, or past."""
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
    """Returns whether the figure is one end of "from 15,000 to 217,000"."""
    pairs = [(one, two) for one, two in pairwise(figures) if figure in (one, two)]
    return any(
        _RANGE_OPENS.search(text[: one.start]) and _RANGE_JOINS.fullmatch(text[one.end : two.start])
        for one, two in pairs
    )


def _elsewhere(figure: Quantity, dates: Sequence[Period], after: str, asked: _Asked) -> bool:
    """Returns whether a place follows the figure that the question does not name: 6,947 removals from Quebec."""
    match = _PLACE.match(after)
    if match is None or any(each.start == figure.end + match.start("name") for each in dates):
        return False
    known = [name for name, pattern in _PLACES.items() if pattern.search(match["name"])]
    if known:
        return bool(asked.places) and known[0] not in asked.places
    return not _folded(terms(match["name"], "en")) <= frozenset(term for word in asked.subject for term in word)


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


def _compared(found: Sequence[_Statement], candidates: Sequence[Candidate], asked: _Asked) -> _Statement | None:
    """Returns the first statement, in the candidates' order, that holds about as much of the question's subject as any.

    Where the question names a period, whose statements are found by it, every candidate is looked at.
    """
    order = {(each.hit.passage.info.id, each.span): rank for rank, each in enumerate(candidates)}
    able = [each for each in found if each.place in order and each.around >= _LEAST_COVERAGE]
    most = max((_weight(asked, each.held) for each in able), default=0.0)
    able = [each for each in able if _weight(asked, each.held) >= _NEAR_MOST * most]
    return min(able, key=lambda each: order[each.place], default=None)


def _weight(asked: _Asked, words: Iterable[tuple[str, ...]]) -> float:
    return sum(asked.subject[word] for word in words)


def _same_thing(one: _Statement, compared: _Statement, best: Set[tuple[str, Span]], asked: _Asked) -> bool:
    """Returns whether both count the same of the question's subject; `best` are the places of the best candidates."""
    figure, other = one.figure, compared.figure
    if figure.rate != other.rate or (figure.kind == MONEY and figure.unit != other.unit):
        return False
    if figure.kind != TIME and not 1 / _TIMES_AS_MUCH <= (figure.amount or 1) / (other.amount or 1) <= _TIMES_AS_MUCH:
        return False
    below = compared.sentence.similarity - one.sentence.similarity
    own_unit = figure.kind == COUNT and figure.unit == other.unit and figure.unit not in ("", "people", "country")
    if _weight(asked, one.held & compared.held) < _SHARE_HELD * _weight(asked, compared.held) and not own_unit:
        return False
    near = below <= _SIMILARITY_BELOW or one.place in best
    return near and one.around >= _SHARE_OF_COVERAGE * compared.around and _described(one, asked)


def _described(one: _Statement, asked: _Asked) -> bool:
    """Returns whether what stands between a number and its noun is nothing, or is of the question's subject."""
    if one.figure.kind != COUNT:
        return True
    after_number = re.sub(r"^.*\d[\d.,\s]*", "", one.figure.text)
    *words, _ = terms(after_number, one.sentence.hit.passage.info.language) or [""]
    said = _folded(words) - _GENERIC_STEMS
    return not said or any(not said.isdisjoint(word) for word in asked.subject)


def _readings(found: Sequence[_Statement], asked: _Asked) -> tuple[Reading, ...]:
    groups: list[list[_Statement]] = []
    for each in sorted(found, key=lambda each: _standing(each, asked)):
        if _shown(each, asked) is None:
            continue
        for group in groups:
            if _agrees(each.figure, group[0].figure) and (asked.period is not None or _overlap(each, group[0])):
                group.append(each)
                break
        else:
            groups.append([each])
    for place, group in enumerate(groups):
        _put_first(group, {_shown(other[0], asked) for other in groups[:place]}, asked)
    shown = Counter(_shown(group[0], asked) for group in groups)
    readings = [_reading(group, asked, alone=shown[_shown(group[0], asked)] == 1) for group in groups]
    readings = sorted(readings, key=lambda each: each.day, reverse=True)[:_MOST]
    return tuple(readings) if len({each.said_of for each in readings}) > 1 else ()


def _put_first(group: list[_Statement], shown: Set[tuple[str, date] | None], asked: _Asked) -> None:
    """Moves to the front, among equals, a statement whose time no other reading shows."""
    for each in group:
        if _agrees_exactly(each, group[0]) and _time_shown(each, asked) and _shown(each, asked) not in shown:
            group.remove(each)
            group.insert(0, each)
            return


def _agrees_exactly(one: _Statement, other: _Statement) -> bool:
    return (one.figure.amount, one.figure.strict) == (other.figure.amount, other.figure.strict)


def _standing(each: _Statement, asked: _Asked) -> tuple[object, ...]:
    """Sorts the most precise first, then those that state their own time, then the nearest to the question."""
    explicit = _time_shown(each, asked) is not None
    return -_digits(each.figure.amount), not explicit, not each.figure.unit, -each.around, -each.sentence.similarity, each.place


def _time_shown(each: _Statement, asked: _Asked) -> Period | None:
    """Returns what the sentence itself says to tell it from others in time."""
    spoken_of = each.spoken_of
    if spoken_of and asked.period and (spoken_of.first, spoken_of.last) == (asked.period.first, asked.period.last):
        spoken_of = None
    return spoken_of or each.said


def _shown(each: _Statement, asked: _Asked) -> tuple[str, date] | None:
    """Returns the time of a statement as words and a day to sort by: its own, else its document's."""
    language = asked.language
    if time := _time_shown(each, asked):
        day = time.first - timedelta(days=1) if time.bound in _ENDING else time.last
        return _phrase(label(time, language), language, bound=bool(time.bound)), day
    dated = each.sentence.hit.passage.info.dated
    return (_phrase(day_label(dated.value, language), language), dated.value) if dated else None


def _phrase(words: str, language: str, *, bound: bool = False) -> str:
    if bound:
        return words[0].upper() + words[1:]
    if language != "fr":
        return f"As of {words}"
    if re.match(r"\d\d?(?:er)? \D", words):
        return f"En date du {words}"
    return f"En date d’{words}" if words[0] in "aeéio" else f"En date de {words}"


def _agrees(one: Quantity, other: Quantity) -> bool:
    """Returns whether the figures are the same, or one is the other rounded to its own two or more digits."""
    if one.strict != other.strict:
        return False
    if one.amount == other.amount:
        return True
    rough, exact = sorted((one.amount, other.amount), key=_digits)
    digits = _digits(rough)
    return digits >= 2 and digits < _digits(exact) and float(f"{exact:.{digits - 1}e}") == rough


def _digits(amount: float) -> int:
    """Returns the number of significant digits, trailing zeros left out."""
    return len(f"{amount:.9e}".split("e")[0].replace(".", "").rstrip("0")) or 1


def _overlap(one: _Statement, other: _Statement) -> bool:
    """Returns whether both may speak of the same time."""
    if one.spoken_of is None or other.spoken_of is None:
        return True
    if {one.spoken_of.bound in _ENDING, other.spoken_of.bound in _ENDING} == {True, False}:
        return False
    return one.spoken_of.first <= other.spoken_of.last and other.spoken_of.first <= one.spoken_of.last


def _reading(group: Sequence[_Statement], asked: _Asked, *, alone: bool) -> Reading:
    """Returns what the group says; where another says something else of the same time, with when each was said."""
    first = group[0]
    said_of, day = _shown(first, asked) or ("", date.min)
    time = _time_shown(first, asked)
    if not alone and first.said and time and not time.bound and time is first.spoken_of:
        words = _phrase(label(first.said, asked.language), asked.language)
        said_of = f"{words}, {'pour' if asked.language == 'fr' else 'for'} {label(time, asked.language)}"
    span = (first.spoken_of.first, first.spoken_of.last) if first.spoken_of else None
    quotes: dict[str, Citation] = {}
    for each in group:
        passage, (start, end) = each.sentence.hit.passage, each.sentence.span
        quotes.setdefault(" ".join(each.sentence.text.lower().split()), Citation(passage, start, end, each.sentence.text))
    return Reading(first.figure.text, said_of, day, span, tuple(quotes.values())[:_AGREEING])


def verdict(readings: Sequence[Reading], language: str) -> str:
    """Returns whether the sources differ or the thing changed over time, in words; "" where that is not sure."""
    spans = [each.span for each in readings]
    if any(count > 1 for span, count in Counter(spans).items() if span):
        return "Les sources diffèrent." if language == "fr" else "Sources differ."
    if all(spans) and all(one[1] < two[0] or two[1] < one[0] for one, two in combinations(filter(None, spans), 2)):
        return "Cela a changé avec le temps." if language == "fr" else "It changed over time."
    return ""

"""Where dated sources give different figures for the thing asked: what each gives, and as of when.

Only a question that asks for a figure is looked at. The best sentences with a figure of the kind asked for are what the
others are compared with: a sentence speaks of the same thing when it holds as much of the question's subject, is about
as near to the question in meaning, and counts the same unit over the same span. Nothing is shown unless two values
differ and the dates given for them differ too, or the question itself sets two against each other.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import combinations

from documents.language import guess_language
from qa.asked import Asked, asked_of, asks_figure
from qa.cite import joined, words_of
from qa.features import sentences
from qa.periods import ENDING, Period, day_label, label, periods
from qa.quantities import COUNT, MONEY, TIME, Quantity, agree, digits
from qa.readers import Unread
from qa.statements import Statement, contrasts, described, is_named, of_asked, overlap, places_of, statements
from qa.types import Answer, Candidate, Citation, DatedFigure, Hit, Question, Span

WINDOW = 60  # passages searched: a source that differs is mostly in another document
_MOST = 8  # readings shown
_BEST = 8  # candidates among which the sentence to compare with is looked for
_LEAST_COVERAGE = 0.5
_SHARE_OF_COVERAGE = 0.75
_SHARE_HELD = 0.75  # of what the sentence compared with holds itself
_NEAR_MOST = 0.8
_AS_NEAR = 0.06  # a sentence as near to the question, all of whose subject stands in it or above it
_ALL_AROUND = 0.95
_SIMILARITY_BELOW = 0.15
_TIMES_AS_MUCH = 100  # what is so much more or less is something else
_AGREEING = 2  # citations shown with one value


def disagreement(question: Question, candidates: Sequence[Candidate], hits: Sequence[Hit]) -> tuple[DatedFigure, ...]:
    """Returns the differing figures, newest first; nothing where the sources agree or cannot be told to differ.

    `candidates` are the sentences that may answer, best first; `hits` are searched for others on the same thing.
    """
    if not asks_figure(question):
        return ()  # before the sentences are looked at, which takes time
    rows = sentences(Unread().read("", hits))
    asked = asked_of(question, [row.held for row in rows])
    if asked is None:
        return ()
    found = [each for row in rows for each in statements(row, asked)]
    compared = _compared(found, candidates if asked.period else candidates[:_BEST], asked)
    if compared is None:
        return ()
    best = {(each.hit.passage.info.id, each.span) for each in candidates[:_BEST]}
    return _readings([each for each in found if _same_thing(each, compared, best, asked)], asked)


def _compared(found: Sequence[Statement], candidates: Sequence[Candidate], asked: Asked) -> Statement | None:
    """Returns the first statement, in the candidates' order, that holds about as much of the question's subject as any.

    Where the question names a period, whose statements are found by it, every candidate is looked at, and where none
    is able the nearest statement of that very period. Where it names figures itself, one of them is compared with.
    """
    order = {(each.hit.passage.info.id, each.span): rank for rank, each in enumerate(candidates)}
    able = [each for each in found if each.place in order and (each.around >= _LEAST_COVERAGE or not asked.subject)]
    if not able and asked.subject:
        able = [each for each in found if each.around >= _ALL_AROUND and of_asked(each, asked)]
        order |= {each.place: -round(1e6 * each.sentence.similarity) for each in able}
    named = [each for each in able if is_named(each.figure, asked)]
    if not (asked.subject or named):
        return None
    able = named or able
    most = max((asked.weight(each.held) for each in able), default=0.0)
    able = [each for each in able if asked.weight(each.held) >= _NEAR_MOST * most]
    return min(able, key=lambda each: (not of_asked(each, asked), order[each.place]), default=None)


def _same_thing(one: Statement, compared: Statement, best: Set[tuple[str, Span]], asked: Asked) -> bool:
    """Returns whether both count the same of the question's subject; `best` are the places of the best candidates."""
    figure, other = one.figure, compared.figure
    if figure.rate != other.rate or (figure.kind == MONEY and figure.unit != other.unit):
        return False
    if figure.kind != TIME and not 1 / _TIMES_AS_MUCH <= (figure.amount or 1) / (other.amount or 1) <= _TIMES_AS_MUCH:
        return False
    one_length = figure.kind == TIME and figure.amount == other.amount  # "within" and "less than": of one limit, mostly
    if not (asked.places or one_length) and _of_two_places(one, compared):
        return False
    below = _below(one, compared, asked)
    own_unit = figure.kind == COUNT and figure.unit == other.unit and figure.unit not in ("", "people", "country")
    if is_named(figure, asked) and (one.around >= _LEAST_COVERAGE or not asked.subject):
        return True
    if contrasts(one, compared, asked) or not described(one, asked):
        return False
    around = one.around / compared.around if compared.around else 0.0
    least = _NEAR_MOST if figure.kind == TIME else _SHARE_HELD  # lengths of time are many, and of many things
    shares = one_length or asked.weight(one.held & compared.held) >= least * asked.weight(compared.held)
    loose = asked.figures or (asked.kind == COUNT and not asked.unit)  # nothing but the words tells what is counted
    if loose and not (shares and around >= _ALL_AROUND):
        return False
    if one.held and below <= _AS_NEAR and around >= _ALL_AROUND and (shares or figure.kind != TIME):
        return True
    near = below <= _SIMILARITY_BELOW or one.place in best
    return near and around >= _SHARE_OF_COVERAGE and (shares or own_unit)


def _below(one: Statement, compared: Statement, asked: Asked) -> float:
    """Returns by how much the one is less near to the question; 0 in another language, which may be farther anyway.

    Across languages it must speak of the period that the question names.
    """
    languages = [each.sentence.hit.passage.info.language for each in (one, compared)]
    if languages[0] != languages[1] and of_asked(one, asked):
        return 0.0
    return compared.sentence.similarity - one.sentence.similarity


def _of_two_places(one: Statement, other: Statement) -> bool:
    """Returns whether one speaks of Canada alone and the other of the United States alone."""
    places = [places_of(each.sentence) for each in (one, other)]
    return all(places) and places[0].isdisjoint(places[1])


def _readings(found: Sequence[Statement], asked: Asked) -> tuple[DatedFigure, ...]:
    groups: list[list[Statement]] = []
    for each in sorted(found, key=lambda each: _standing(each, asked)):
        if _shown(each, asked) is None:
            continue
        for group in groups:
            if _agrees(each.figure, group[0].figure) and (asked.period is not None or overlap(each, group[0])):
                group.append(each)
                break
        else:
            groups.append([each])
    groups.sort(key=lambda group: (group[0].place, group[0].figure.start))
    for place, group in enumerate(groups):
        _put_first(group, {_shown(other[0], asked) for other in groups[:place]}, asked)
    shown = Counter(_shown(group[0], asked) for group in groups)
    readings = [_reading(group, asked, alone=shown[_shown(group[0], asked)] == 1) for group in groups]
    readings = sorted(readings, key=lambda each: each.day, reverse=True)[:_MOST]
    differ = len({each.said_of for each in readings}) > 1 or _set_against(groups, asked)
    return tuple(readings) if differ else ()


def _set_against(groups: Sequence[Sequence[Statement]], asked: Asked) -> bool:
    """Returns whether two figures that the question itself sets against each other are both stated, if of one date."""
    stated = [each for each in asked.figures if any(agree(group[0].figure, each) for group in groups)]
    return len(groups) > 1 and len({each.amount for each in stated}) > 1


def _put_first(group: list[Statement], shown: Set[tuple[str, date] | None], asked: Asked) -> None:
    """Moves to the front, among equals, a statement whose time no other reading shows, its own if any."""
    equal = [each for each in group if _agrees_exactly(each, group[0]) and _shown(each, asked) not in shown]
    for each in sorted(equal, key=lambda each: _time_shown(each, asked) is None)[:1]:
        group.remove(each)
        group.insert(0, each)


def _agrees_exactly(one: Statement, other: Statement) -> bool:
    return (one.figure.amount, one.figure.strict) == (other.figure.amount, other.figure.strict)


def _standing(each: Statement, asked: Asked) -> tuple[object, ...]:
    """Sorts the most precise first, then those that state their own time, then the nearest to the question."""
    explicit = _time_shown(each, asked) is not None
    return (
        -digits(each.figure.amount),
        not explicit,
        not each.figure.unit,
        -each.around,
        -each.sentence.similarity,
        -_published(each),
        each.place,
    )


def _published(each: Statement) -> int:
    """Returns the day of its document as a number: of documents that hold one sentence the newest is cited."""
    dated = each.sentence.hit.passage.info.dated
    return dated.value.toordinal() if dated else 0


def _time_shown(each: Statement, asked: Asked) -> Period | None:
    """Returns what the sentence itself says to tell it from others in time."""
    return each.said if of_asked(each, asked) else each.spoken_of or each.said


def _shown(each: Statement, asked: Asked) -> tuple[str, date] | None:
    """Returns the time of a statement as words and a day to sort by: its own, else its document's."""
    language = asked.language
    if time := _time_shown(each, asked):
        day = time.reach[1] if time.bound in ENDING else time.last
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
    return one.strict == other.strict and agree(one, other)


def _reading(group: Sequence[Statement], asked: Asked, *, alone: bool) -> DatedFigure:
    """Returns what the group says; where another says something else of the same time, with when each was said."""
    first = group[0]
    said_of, day = _shown(first, asked) or ("", date.min)
    time = _time_shown(first, asked)
    if not alone and first.said and time and not time.bound and time is first.spoken_of:
        words = _phrase(label(first.said, asked.language), asked.language)
        said_of = f"{words}, {'pour' if asked.language == 'fr' else 'for'} {label(time, asked.language)}"
    span = first.spoken_of.reach if first.spoken_of else None
    quotes: dict[tuple[str, ...], Citation] = {}
    for each in group:
        passage, (start, end) = each.sentence.hit.passage, each.sentence.span
        leads = passage.leads_of(each.sentence.place)
        low = start + each.figure.start
        place = (low, low + len(each.figure.text))
        quote = Citation(passage, start, end, each.sentence.text, leads, place, each.sentence.hit.older_documents)
        same = quotes.setdefault(words_of(quote), quote)
        quotes[words_of(quote)] = joined(same, [quote])
    return DatedFigure(first.figure.text, said_of, day, span, tuple(quotes.values())[:_AGREEING])


def verdict(answer: Answer) -> str:
    """Returns whether the sources differ or the thing changed over time, in words; "" where that is not sure."""
    spans = [each.span for each in answer.disagreement]
    if not spans:
        return ""
    language = guess_language(answer.question.text)
    places = {(each.span, each.citations[0].passage.info.id, each.citations[0].start) for each in answer.disagreement}
    if any(count > 1 for span, count in Counter(span for span, *_ in places).items() if span):
        return "Les sources diffèrent." if language == "fr" else "Sources differ."
    if all(spans) and all(one[1] < two[0] or two[1] < one[0] for one, two in combinations(filter(None, spans), 2)):
        return "Cela a changé avec le temps." if language == "fr" else "It changed over time."
    return ""


def told(answer: Answer) -> str:
    """Returns the readings, those of one time in one sentence: "As of July 2020: 13 countries [1][2]." """
    said: dict[str, list[str]] = {}
    for each in answer.disagreement:
        marks = "".join(f"[{marker}]" for marker in answer.markers(each))
        said.setdefault(each.said_of, []).append(f"{each.value} {marks}")
    french = guess_language(answer.question.text) == "fr"
    sentences_ = [f"{said_of}{' :' if french else ':'} {'; '.join(values)}." for said_of, values in said.items()]
    return " ".join(filter(None, [verdict(answer), *sentences_]))


def ordered(citations: Sequence[Citation], readings: Sequence[DatedFigure], question: Question) -> tuple[Citation, ...]:
    """Returns the citations without repeats, the newest first where the question names no time, further ones last."""
    timeless = not any(not each.said for each in periods(question.text))
    newest = [each for reading in readings[:1] for each in reading.citations[:1]] if timeless else []
    further = [each for reading in readings for each in reading.citations]
    marked = {(each.passage.info.id, each.start): each for each in reversed(further)}  # the figure is what answers
    beside = {(words_of(each), info.id): each for each in further for info in each.older}
    places: dict[tuple[str, int], Citation] = {}
    for each in [*newest, *citations, *further]:
        same = marked.get((each.passage.info.id, each.start)) or beside.get((words_of(each), each.passage.info.id))
        lead = each if same is None or (same.start == each.start and same.passage == each.passage) else same
        place = (lead.passage.info.id, lead.start)
        places.setdefault(place, joined(replace(lead, words=same.words), [same, each]) if same else each)
    return tuple(places.values())

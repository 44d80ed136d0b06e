"""What a question asks a figure of: its kind and unit, the words of its subject, the period and the places it names."""

import math
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from documents.language import guess_language
from index.words import question_words, terms
from qa.periods import Period, periods
from qa.quantities import COUNT, MONEY, Quantity, quantities
from qa.types import Question, Span
from qa.wanted import has_words_that_ask, wanted

Word = tuple[str, ...]  # the terms that one word of the question may stand as

_SAME_TERM = {  # stems that stand for one another
    "deport": "remov", "removal": "remov", "renvoi": "remov", "renvoy": "remov", "renvoye": "remov", "expuls": "remov",
    "uncoop": "recalcitr", "uncooper": "recalcitr", "spent": "cost", "spend": "cost", "cout": "cost",
    "repay": "owe", "repaid": "owe", "pay": "owe", "charg": "owe", "took": "take",
}  # fmt: skip
_PLACES = {
    "canada": re.compile(r"\bCana(?:da|dian|dien)\w*|\bCBSA\b|\bASFC\b", re.IGNORECASE),
    "us": re.compile(
        r"\b(?:US|[Tt]he us)\b|\bU\.S\.|\bUnited States\b|\b[Aa]mericans?\b|\bICE\b|\bDHS\b|[ÉE]tats-Unis|"
        r"\b[Aa]méricain\w*"
    ),
}
_GENERIC_WORDS = (
    "people person persons individual individuals country countries day days week weeks month months year years "
    "dollar dollars number total figure figures fiscal calendar time make makes made count counts list lists cover "
    "covers include includes contain hold apply money argent much given give gives last past previous recent latest "
    "current now today ever so far personnes pays jours mois annee annees exercice within soon nombre dernier "
    "derniere passe actuel million millions billion thousand milliard mille numbers totals tally statistics stats big "
    "large size really right correct true exactly which different chiffre chiffres bilan vraiment combien taille one "
    "two three four un deux trois quatre another other others both around about say says said tell tells know need "
    "please want report reports paper papers article articles read reads source sources official version autre autres "
    "dit disent selon rapport journal mean means same differ differs contradict contradicts conflict match agree side "
    "sides wording limit limits deadline delay wait duration length délai délais durée call calls called "
    "budget funding amount amounts pareil contredit diffère"
)
GENERIC = frozenset(term for language in ("en", "fr") for term in terms(_GENERIC_WORDS, language))
_ANOTHER_TIME = re.compile(  # told by what was asked before, and not worked out
    r"\b(?:(?:year|month|week|one)s? (?:after|before|earlier|later)|(?:next|previous|following|preceding) (?:year|one)|"
    r"(?:an|année|mois) (?:d[’'](?:après|avant)|suivante?|précédente?)|(?:since|by|until) then|depuis lors|"
    r"(?:at|by|on|in|of) that (?:time|year|month|day|point|date)|à ce moment|cette (?:année|date)-là|à l[’']époque)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^?!]+?(?:[?!]+|\.(?=\s)|$)")
_BARE = re.compile(r"\d+(?:\.\d+)?")
_ONE_SCALE = re.compile(
    r"(?P<numbers>\b\d+(?:\.\d+)?(?:(?:,? (?:or|and|ou|et|vs) |, )\d+(?:\.\d+)?)+) "
    r"(?P<scale>(?:m|b)illions?|milliards?)\b",
    re.IGNORECASE,
)
_LEAST_STEM = 6  # letters of which one stem begins with another: withdraw, withdrawn


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for: kind and unit of the figure, its subject's words with weights, and the period named."""

    kind: str
    unit: str
    subject: dict[Word, float]
    period: Period | None
    places: frozenset[str]
    language: str
    own: frozenset[Word] = frozenset()  # of a follow-up that says something itself: every figure is of these
    figures: tuple[Quantity, ...] = ()  # that the question itself names

    def holds(self, held: Set[str]) -> frozenset[Word]:
        """Returns the words of the subject that stand among the terms."""
        return frozenset(word for word in self.subject if not held.isdisjoint(word) or _begins(held, word))

    def weight(self, words: Iterable[Word]) -> float:
        return sum(self.subject[word] for word in words)

    def coverage(self, held: Set[str]) -> float:
        """Returns the share, 0 to 1, of the weighted subject that stands among the terms."""
        total = sum(self.subject.values())
        return self.weight(self.holds(held)) / total if total else 0.0


def asks_figure(question: Question) -> bool:
    """Returns whether a figure is asked for, of a time that is not told by an earlier answer alone."""
    told = question.history and _ANOTHER_TIME.search(question.text)
    return not told and bool(wanted(asking(question))[0])


def asking(question: Question) -> str:
    """Returns the question; one without words that ask, after the last earlier one, which asks for the same.

    What it names itself, a time or a place, takes the place of what the earlier one named: "and in 2021?".
    """
    text = question.text
    earlier = [turn.text for turn in question.history if turn.role == "user" and turn.text.strip()]
    if not earlier or has_words_that_ask(text):
        return text
    before = earlier[-1]
    if periods(text):
        before = _without(before, [(each.start, each.end) for each in periods(before)])
    if places_in(text):
        before = _without(before, [each.span() for pattern in _PLACES.values() for each in pattern.finditer(before)])
    return f"{before} {text}"


def _without(text: str, spans: Iterable[Span]) -> str:
    taken = {at for start, end in spans for at in range(start, end)}
    return "".join(" " if at in taken else mark for at, mark in enumerate(text))


def asked_of(question: Question, rows: Sequence[Iterable[str]]) -> Asked | None:
    """Returns what the question asks for, None where it asks for no figure; `rows` are the terms of the sentences.

    A word weighs more the fewer sentences hold it; one that none holds does not count.
    """
    text = asking(question)
    kind, unit = wanted(text)
    if not kind:
        return None
    held = [folded(row) for row in rows]
    words = _subject(text)
    counts = {word: sum(not each.isdisjoint(word) or _begins(each, word) for each in held) for word in words}
    weights = {word: 1 + math.log(1 + len(rows) / (1 + count)) for word, count in counts.items() if count}
    period = next((each for each in periods(text) if not each.bound and not each.said), None)
    own = frozenset(_subject(question.text)) if text != question.text else frozenset()
    places = frozenset(places_in(text))
    return Asked(kind, unit, weights, period, places, guess_language(text) or "en", own, _figures(text, kind))


def _figures(text: str, kind: str) -> tuple[Quantity, ...]:
    """Returns the figures that a question names; a bare "34 million" may be money, and "30 or 34 million" are both."""
    text = _ONE_SCALE.sub(lambda match: _BARE.sub(rf"\g<0> {match['scale']}", match["numbers"]), text)
    figures = quantities(text, periods(text))
    return tuple(each for each in figures if kind in (each.kind, MONEY if each.kind == COUNT else each.kind))


def _subject(text: str) -> list[Word]:
    """Returns the words of what is asked about, without its times, places and figures.

    Of several sentences those count that ask for the figure: "How many were removed? Every paper has another number."
    """
    asks = [each for each in _SENTENCE.findall(text) if wanted(each)[0]]
    text = " ".join(asks) or text
    bare = _without(text, [(each.start, each.end) for each in periods(text)])
    for pattern in _PLACES.values():
        bare = pattern.sub(" ", bare)
    return [
        tuple(folded(word))
        for word in question_words(bare)
        if not any(term[0].isdigit() or term in GENERIC for term in word)
    ]


def _begins(held: Set[str], word: Word) -> bool:
    long = [term for term in word if len(term) >= _LEAST_STEM]
    return any(
        each.startswith(term) or (len(each) >= _LEAST_STEM and term.startswith(each)) for term in long for each in held
    )


def folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_SAME_TERM.get(word, word) for word in words)


def places_in(text: str) -> set[str]:
    return {name for name, pattern in _PLACES.items() if pattern.search(text)}

"""What speaks for a sentence as the answer to a question: one row of numbers a sentence, computed by fixed rules."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from documents.types import Passage
from index.lexicon import LexiconSettings, best_saturated, share_held, sought
from index.types import PassageStore
from index.words import Word, terms
from qa.periods import Period, periods
from qa.quantities import numbers
from qa.retrieve import z_scores
from qa.types import Hit, Reading, Span

NAMES = (
    "similarity",  # cosine of question and sentence, standardised over the candidates
    "words",  # BM25 of the sentence, standardised
    "passage",  # score of its passage, standardised over the candidates
    "coverage",  # share of the question's weighted words in the sentence
    "context_coverage",  # the same with title, headings and sentence before
    "pairs",  # share of the question's neighbouring words that are neighbours here
    "figures",  # share of the question's numbers in the sentence, half for above it; 1 where it has none
    "another_time",  # the question names a time and the sentence speaks of others only; not fitted (qa/extract.py)
    "names",  # share of the question's names in the sentence or above it, else 1; for confidence
    "number",  # a number is asked for and the sentence has one that the question has not
    "day",  # a time is asked for and the sentence has a year, month or day
    "name",  # a person, body or place is asked for and the sentence has a name that the question has not
    "reason",  # a why or how is asked and the sentence has a word such as because
    "asks",  # 1 where the sentence is itself a question
    "reads",  # logit of the sentence by the reader
    "reads_passage",  # logit that any sentence of its passage answers, by the reader
)

_FEWEST_WORDS = 3  # a shorter "sentence" is a heading, a number or a stray mark
_HEADING_WORDS = 12
_BOLD_LINE = re.compile(r"\*\*[^*]*[^*.:;!?]\*\*")
_SECTION = re.compile(  # "Sec. 13. Recalcitrant Countries.", "8 U.S.C. § 1231."
    r"(?:sec(?:tion|s)?\.?|art(?:icle)?s?\.?|part(?:ie)?|chap(?:ter|itre)?\.?|subchapter|titre|title|§+|"
    r"\d+ U\.?S\.?C\.?|\d+ C\.?F\.?R\.?)(?=[\s§\d])[\s§]*[\dIVXLC]+[\w.()–-]*",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_SMALL_WORDS = frozenset(
    "of the and or to in on for from with by a an de la le les des du et ou à aux au en sur".split()
)
_WORD = re.compile(r"\S*\w\S*")
_LENGTH_NORM = 0.3  # BM25's b for sentences: short ones are not much better for being short
_NUMBER_WORD = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"hundreds?|thousands?|millions?|billions?|half|deux|trois|quatre|cinq|sept|huit|neuf|dix|douze|quinze|vingt|trente|"
    r"quarante|cinquante|soixante|cents?|mille|milliards?)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(1[5-9]\d\d|20\d\d|january|february|march|april|june|july|august|september|october|november|december|janvier|"
    r"février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|centur(?:y|ies)|siècle)\b|(?-i:\bMay\b)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?:»”\"] )(?<!^)\b[A-ZÀ-Ý][\w’'-]+")
_REASON = re.compile(
    r"\b(because|since|due to|owing|so that|in order to|therefore|as a result|caus\w+|reason\w*|by \w+ing|parce que|"
    r"car|afin|en raison|grâce|donc|puisque)\b",
    re.IGNORECASE,
)
_ASKS_NUMBER = re.compile(
    r"\bhow (many|much|long|old|far|often|large|big|high|tall|fast)\b|\bcombien\b|\b(number|percentage|percent|rate|"
    r"amount|cost|price|fee|fine|total|age|term|maximum|minimum|deadline|nombre|taux|montant|coût|durée|délai)\b",
    re.IGNORECASE,
)
_ASKS_DAY = re.compile(
    r"\bwhen\b|\b(what|which|in what) (year|date|day|month|century)\b|\bquand\b|\bdate\b|\bannée\b", re.I
)
_ASKS_NAME = re.compile(
    r"\b(who|whom|whose|where|qui|où)\b|\b(which|what|quel\w*) (country|city|state|person|agency|pays|ville)", re.I
)
_ASKS_REASON = re.compile(r"\b(why|how|pourquoi|comment)\b(?! (many|much|long|old|far|often))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the features see it."""

    text: str
    words: Mapping[Word, float]  # with their inverse document frequencies
    figures: frozenset[str]
    names: frozenset[str]
    times: tuple[Period, ...] = ()  # that are asked about
    others: Mapping[Word, Mapping[str, float]] = field(default_factory=dict)  # equivalents of a word, by weight

    @property
    def total(self) -> float:
        return sum(self.words.values())


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit that may answer. `held` are its own terms, `above` those of what leads up to it."""

    reading: Reading
    place: int  # among the sentences of its passage
    text: str
    held: tuple[str, ...]
    above: frozenset[str]

    @property
    def hit(self) -> Hit:
        return self.reading.hit

    @property
    def span(self) -> Span:
        return self.hit.passage.sentences[self.place]

    @property
    def similarity(self) -> float:
        return self.hit.sentence_similarities[self.place]


def asked(text: str, store: PassageStore, lexicon: LexiconSettings | None = None) -> Asked:
    """Returns the question's words with their weights and their equivalents."""
    words = sought(text, store, lexicon)
    weights = {each.word: each.idf for each in words}
    others = {each.word: each.others for each in words if each.others}
    return Asked(text, weights, numbers(text), frozenset(_names(text)), _times(text), others)


def sentences(readings: Sequence[Reading]) -> list[Sentence]:
    """Returns the sentences of what was read, without headings, numbers and stray marks."""
    found = []
    for reading in readings:
        passage = reading.hit.passage
        language = passage.info.language
        above = frozenset(terms(passage.section, language))
        before: frozenset[str] = frozenset()
        for place, (start, end) in enumerate(passage.sentences):
            text = passage.text[start - passage.start : end - passage.start]
            held = tuple(terms(text, language))
            if len(_WORD.findall(text)) >= _FEWEST_WORDS and not _is_heading(text, passage, end):
                leads = frozenset(terms(" ".join(lead.text for lead in passage.leads_of(place)), language))
                found.append(Sentence(reading, place, text, held, above | before | leads))
            before = frozenset(held)
    return found


def matrix(question: Asked, rows: Sequence[Sentence]) -> NDArray[np.float64]:
    """Returns the features, (sentences, len(NAMES)). Standardised ones compare the given sentences alone."""
    similarity = np.array([row.similarity for row in rows])
    passage = np.array([row.hit.score for row in rows])
    shared = {
        "similarity": z_scores(similarity),
        "words": z_scores(words_scores([row.held for row in rows], question.words, question.others)),
        "passage": z_scores(passage),
    }
    alone = [_alone(question, row) for row in rows]
    return np.column_stack([shared[name] if name in shared else [each[name] for each in alone] for name in NAMES])


def _is_heading(text: str, passage: Passage, end: int) -> bool:
    """True for the title, for a short line without a full stop that stands alone above a blank line, and the like.

    A line wholly in bold is one, and the number of a section with at most its name: all its words begin with a capital.
    """
    if text == passage.info.title or _BOLD_LINE.fullmatch(text) or _is_section_name(text):
        return True
    stands_alone = passage.text[end - passage.start :].startswith("\n\n")
    return stands_alone and len(text.split()) <= _HEADING_WORDS and text[-1].isalnum()


def _is_section_name(text: str) -> bool:
    label = _SECTION.match(text)
    if not label or len(text.split()) > _HEADING_WORDS:
        return False
    words = _LETTERS.findall(text, label.end())
    return all(word[0].isupper() or word in _SMALL_WORDS for word in words)


def coverage(question: Asked, held: set[str] | frozenset[str]) -> float:
    """Returns the share, 0 to 1, of the question's weighted words among the terms; an equivalent is a part of one."""
    total = question.total
    others = question.others
    present = sum(weight * share_held(held, word, others.get(word, {})) for word, weight in question.words.items())
    return present / total if total else 0.0


def words_scores(
    rows: Sequence[Sequence[str]],
    weights: Mapping[Word, float],
    others: Mapping[Word, Mapping[str, float]] | None = None,
) -> NDArray[np.float64]:
    """Returns the BM25 score of each row of terms among the given; of a word and its equivalents the best counts.

    Source: Robertson and Zaragoza 2009, eq. 3.15.
    """
    average = sum(map(len, rows)) / len(rows) or 1.0
    said = [(word, weight, (others or {}).get(word, {})) for word, weight in weights.items()]
    scores = []
    for held in rows:
        norm = 1.2 * (1 - _LENGTH_NORM + _LENGTH_NORM * len(held) / average)
        scores.append(sum(weight * best_saturated(held, word, equal, norm) for word, weight, equal in said))
    return np.array(scores)


def _alone(question: Asked, row: Sentence) -> dict[str, float]:
    text = row.text
    held = frozenset(row.held)
    around = held | row.above
    figures = numbers(text)
    leads = " ".join(lead.text for lead in row.hit.passage.leads_of(row.place))
    context = f"{row.hit.passage.section} {leads} {text}".lower()
    above = numbers(context)
    names = [name for name in _names(text) if name.lower() not in question.text.lower()]
    numbered = bool(figures - question.figures) or bool(_NUMBER_WORD.search(text))
    return {
        "coverage": coverage(question, held),
        "context_coverage": coverage(question, around),
        "pairs": _pairs(question, row.held),
        "figures": _share(question.figures, lambda figure: 1.0 if figure in figures else 0.5 * (figure in above)),
        "another_time": _another_time(question.times, text),
        "names": _share(question.names, lambda name: float(name.lower() in context)),
        "number": float(bool(_ASKS_NUMBER.search(question.text)) and numbered),
        "day": float(bool(_ASKS_DAY.search(question.text)) and bool(_DAY.search(text))),
        "name": float(bool(_ASKS_NAME.search(question.text)) and bool(names)),
        "reason": float(bool(_ASKS_REASON.search(question.text)) and bool(_REASON.search(text))),
        "asks": float(text.rstrip().endswith("?")),
        "reads": row.reading.logits[row.place],
        "reads_passage": _any(row.reading.logits),
    }


def _times(text: str) -> tuple[Period, ...]:
    """The times spoken of; when something was said or written down is none of them."""
    return tuple(each for each in periods(text) if not each.said)


def _another_time(asked_times: Sequence[Period], text: str) -> float:
    if not asked_times:
        return 0.0
    spoken = [each.reach for each in _times(text)]
    wanted = [each.reach for each in asked_times]
    meets = any(first <= end and start <= last for first, last in spoken for start, end in wanted)
    return float(bool(spoken) and not meets)


def _any(logits: Sequence[float]) -> float:
    """Returns the logit that any of the sentences answers: the odds of several against one "not here" add up."""
    return float(np.logaddexp.reduce(logits))


def _share(wanted: frozenset[str], present: Callable[[str], float]) -> float:
    return sum(map(present, wanted)) / len(wanted) if wanted else 1.0


def _pairs(question: Asked, held: Sequence[str]) -> float:
    words = list(question.words)
    neighbours = list(pairwise(words))
    if not neighbours:
        return 0.0
    here = set(pairwise(held))
    return sum(any((one, two) in here for one in first for two in second) for first, second in neighbours) / len(
        neighbours
    )


def _names(text: str) -> list[str]:
    return _NAME.findall(text)

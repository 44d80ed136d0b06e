"""What is searched for beside the words of a question: equivalents of the field, and words read as mistyped ones.

A word and its equivalents are one: they have one inverse document frequency, that of the most frequent among them,
and a passage that holds several has the best of them. So a rare word of the law does not outweigh the question. Each
time that an equivalent occurs counts as its weight of a time.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from documents.errors import BadSetting
from index.spelling import corrections
from index.thesaurus import NEAR, SAME, thesaurus
from index.types import PassageStore
from index.words import Word, question_words

_SATURATION, _LENGTH_NORM = 1.2, 0.75  # BM25's k1 and b, as the store's own


@dataclass(frozen=True, slots=True)
class LexiconSettings:
    """What an equivalent counts beside the word itself, 1; 0 leaves it out. `corrected` is for mistyped words."""

    same: float = 0.8
    near: float = 0.5
    corrected: float = 0.5

    def __post_init__(self) -> None:
        for name, value in (("same", self.same), ("near", self.near), ("corrected", self.corrected)):
            if not 0 <= value <= 1:
                raise BadSetting(f"{name} is {value}: choose between 0 and 1.")


OFF = LexiconSettings(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Sought:
    """A word of a question: its inverse document frequency and its equivalents in the index, by weight.

    An equivalent is a term, or a phrase of terms with spaces between.
    """

    word: Word
    idf: float
    others: Mapping[str, float] = field(default_factory=dict)


def sought(text: str, store: PassageStore, settings: LexiconSettings | None = None) -> list[Sought]:
    """Returns the distinct words of a question in order. Source of the idf: Robertson and Sparck Jones, as in BM25."""
    words = question_words(text)
    others = _others(text, store, settings or LexiconSettings())
    counts = store.term_counts([*(term for word in words for term in word), *_all(others.values())])
    total = store.passage_count()
    found = []
    for word in words:
        held = {term: weight for term, weight in others.get(word, {}).items() if counts[term]}
        most = max([*(counts[term] for term in word), *(weight * counts[term] for term, weight in held.items())])
        found.append(Sought(word, math.log(1 + (total - most + 0.5) / (most + 0.5)), held))
    return found


def other_terms(words: Iterable[Sought]) -> list[str]:
    """Returns the distinct equivalents to search for."""
    return list(dict.fromkeys(_all(word.others for word in words)))


def other_scores(words: Iterable[Sought], texts: Sequence[str]) -> NDArray[np.float64]:
    """Returns what the equivalents add to the BM25 score of each text of terms, beside what the words themselves give.

    Length is compared with the average of the given texts.
    """
    having = [word for word in words if word.others]
    scores = np.zeros(len(texts))
    lengths = [text.count(" ") + 1 for text in texts]
    average = sum(lengths) / len(lengths) if lengths else 1.0
    for place, (text, length) in enumerate(zip(texts, lengths, strict=True)):
        padded = f" {text} ".replace(" ", "  ")  # so that neighbours share no space
        norm = _SATURATION * (1 - _LENGTH_NORM + _LENGTH_NORM * length / average)
        for word in having:
            own = sum(_count(term, padded) for term in word.word)
            best = max(weight * _count(term, padded) for term, weight in word.others.items())
            if best > own:
                scores[place] += word.idf * (_saturated(best, norm) - _saturated(own, norm))
    return scores


def share_held(held: frozenset[str] | set[str], word: Word, others: Mapping[str, float]) -> float:
    """Returns how far a set of terms holds the word: 1 for the word itself, an equivalent's weight, or 0.

    A phrase is held where all of its terms are.
    """
    if not held.isdisjoint(word):
        return 1.0
    return max((weight for term, weight in others.items() if held.issuperset(term.split(" "))), default=0.0)


def held_count(held: Sequence[str], word: Word, others: Mapping[str, float]) -> float:
    """Returns how often a row of terms holds the word; its best equivalent's number by weight where that is more.

    A phrase counts as often as its rarest term, wherever in the row its terms stand.
    """
    own = sum(map(held.count, word))
    return max([own, *(weight * min(map(held.count, term.split(" "))) for term, weight in others.items())])


def _others(text: str, store: PassageStore, settings: LexiconSettings) -> dict[Word, dict[str, float]]:
    weights = {SAME: settings.same, NEAR: settings.near}
    listed = thesaurus().equivalents(text) if settings.same or settings.near else {}
    found = {
        word: {term: weights[kind] for term, kind in means.items() if weights[kind]} for word, means in listed.items()
    }
    if settings.corrected:
        for word, each in corrections(text, store, listed).items():
            found[word] = {each.term: settings.corrected}
    return found


def _all(groups: Iterable[Mapping[str, float]]) -> Iterable[str]:
    return (term for group in groups for term in group)


def _count(term: str, padded: str) -> int:
    return padded.count(f" {term.replace(' ', '  ')} ")


def _saturated(count: float, norm: float) -> float:
    return count * (_SATURATION + 1) / (count + norm)

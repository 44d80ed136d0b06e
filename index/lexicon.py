"""What is searched for beside the words of a question: equivalents of the field, and words read as mistyped ones.

A word that the documents use keeps the weight it has without equivalents. An equivalent counts for less: for its
setting's share of the word, and for no more than its own inverse document frequency allows, so that neither a common
word nor a rare one of the law outweighs the question. A passage that holds several forms has the best of them.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from documents.errors import BadSetting
from index.spelling import corrected
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

    An equivalent is a term, or a phrase of terms with spaces between; its weight, 0 to 1, is a share of the word's.
    A word that is in no passage has the frequency of its most frequent equivalent.
    """

    word: Word
    idf: float
    others: Mapping[str, float] = field(default_factory=dict)


def sought(text: str, store: PassageStore, settings: LexiconSettings | None = None) -> list[Sought]:
    """Returns the distinct words of a question in order. Source of the idf: Robertson and Sparck Jones, as in BM25."""
    words = question_words(text)
    counts = dict(store.term_counts([term for word in words for term in word]))
    unknown = [word for word in words if not any(counts[term] for term in word)]
    others = _others(text, unknown, store, settings or LexiconSettings())
    counts.update(store.term_counts([part for term in _all(others.values()) for part in term.split(" ")]))
    total = store.passage_count()
    found = []
    for word in words:
        # A phrase is at most in the passages that hold its rarest term.
        most = {term: min(counts[part] for part in term.split(" ")) for term in others.get(word, {})}
        own = max(counts[term] for term in word) or max(most.values(), default=0)
        idf = _idf(own, total)
        shares = {term: min(1.0, _idf(count, total) / idf) for term, count in most.items() if count}
        found.append(Sought(word, idf, {term: others[word][term] * share for term, share in shares.items()}))
    return found


def other_terms(words: Iterable[Sought]) -> list[str]:
    """Returns the distinct equivalents to search for."""
    return list(dict.fromkeys(_all(word.others for word in words)))


def other_scores(questions: Iterable[tuple[Iterable[Sought], float]], texts: Sequence[str]) -> NDArray[np.float64]:
    """Returns what the equivalents add to the BM25 score of each text of terms, beside what the words themselves give.

    `questions` are the words of each with its weight. Length is compared with the average of the given texts.
    """
    lengths = [text.count(" ") + 1 for text in texts]
    average = sum(lengths) / len(lengths) if lengths else 1.0
    norms = [_SATURATION * (1 - _LENGTH_NORM + _LENGTH_NORM * length / average) for length in lengths]
    padded = [f" {text} ".replace(" ", "  ") for text in texts]  # so that neighbours share no space
    total = np.zeros(len(texts))
    of_word: dict[tuple[Word, tuple[tuple[str, float], ...]], NDArray[np.float64]] = {}  # questions share words
    for words, weight in questions:
        scores = np.zeros(len(texts))
        for word in words:
            if word.others:
                key = word.word, tuple(word.others.items())
                if key not in of_word:
                    of_word[key] = _added(*key, padded, norms)
                scores += word.idf * of_word[key]
        total += weight * scores
    return total


def _added(
    word: Word, others: Iterable[tuple[str, float]], padded: Sequence[str], norms: Sequence[float]
) -> NDArray[np.float64]:
    """Returns by how much the best equivalent of a word counts for more than the word itself, in each text."""
    itself, needles = [_needle(term) for term in word], [(_needle(term), weight) for term, weight in others]
    added = np.zeros(len(padded))
    for place, (text, norm) in enumerate(zip(padded, norms, strict=True)):
        counts = [(count, weight) for needle, weight in needles if (count := text.count(needle))]
        if counts:
            best = max(weight * saturated(count, norm) for count, weight in counts)
            added[place] = max(0.0, best - saturated(sum(map(text.count, itself)), norm))
    return added


def best_saturated(held: Sequence[str], word: Word, others: Mapping[str, float], norm: float) -> float:
    """Returns the part of the frequency of a word, or of its best equivalent by weight, in a row of terms.

    A phrase counts as often as its rarest term, wherever in the row its terms stand.
    """
    own = saturated(sum(map(held.count, word)), norm)
    counts = ((weight, min(map(held.count, term.split(" ")))) for term, weight in others.items())
    return max([own, *(weight * saturated(count, norm) for weight, count in counts)])


def share_held(held: frozenset[str] | set[str], word: Word, others: Mapping[str, float]) -> float:
    """Returns how far a set of terms holds the word: 1 for the word itself, an equivalent's weight, or 0.

    A phrase is held where all of its terms are.
    """
    if not held.isdisjoint(word):
        return 1.0
    return max((weight for term, weight in others.items() if held.issuperset(term.split(" "))), default=0.0)


def _others(
    text: str, unknown: Sequence[Word], store: PassageStore, settings: LexiconSettings
) -> dict[Word, dict[str, float]]:
    weights = {SAME: settings.same, NEAR: settings.near}
    listed = thesaurus().equivalents(text) if settings.same or settings.near else {}
    found = {
        word: {term: weights[kind] for term, kind in means.items() if weights[kind]} for word, means in listed.items()
    }
    if settings.corrected:
        for word, each in corrected(text, [word for word in unknown if word not in listed], store).items():
            found[word] = {each.term: settings.corrected}
    return found


def _all(groups: Iterable[Mapping[str, float]]) -> Iterable[str]:
    return (term for group in groups for term in group)


def _needle(term: str) -> str:
    return f" {term.replace(' ', '  ')} "


def saturated(count: int, norm: float) -> float:
    """Returns BM25's part of the frequency of a word. Source: Robertson and Zaragoza 2009, eq. 3.15, k1 = 1.2."""
    return count * (_SATURATION + 1) / (count + norm)


def _idf(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))

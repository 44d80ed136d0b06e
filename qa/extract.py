"""The default Answerer: chooses the sentences that answer and quotes them word for word. No language model.

Every sentence of the best passages is scored by three standardised values added up: the cosine of question and
sentence, how much of the question's weighted words the sentence holds, and the score of its passage.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from documents.errors import BadSetting
from index.types import PassageStore
from index.words import question_words, terms
from qa.retrieve import z_scores
from qa.types import Candidate, Citation, Hit, Question

Word = tuple[str, ...]  # the terms that one word of the question may stand as

_FEWEST_WORDS = 3  # a shorter "sentence" is a heading, a number or a stray mark
_LENGTH_NORM = 0.3  # BM25's b for sentences: short ones are not much better for being short


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """`passages` are searched for sentences; up to `quotes` are cited, none more than `gap` below the best."""

    passages: int = 8
    quotes: int = 3
    gap: float = 1.5
    similarity_weight: float = 1.25
    words_weight: float = 0.75
    passage_weight: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.quotes <= 20:
            raise BadSetting(f"quotes is {self.quotes}: choose between 1 and 20.")
        if not 1 <= self.passages <= 1000:
            raise BadSetting(f"passages is {self.passages}: choose between 1 and 1000.")


class ExtractiveAnswerer:
    def __init__(self, store: PassageStore, settings: ExtractSettings | None = None) -> None:
        self._store = store
        self.settings = settings or ExtractSettings()

    def candidates(self, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
        """Returns the sentences of the best passages, best first; ties go by (document id, start)."""
        weights = self._weights(question_words(question.text))
        rows = [row for hit in hits[: self.settings.passages] for row in self._sentences(hit, weights)]
        if not rows:
            return []
        similarity = np.array([row.similarity for row in rows])
        words = _words_scores([terms(row.text, row.hit.passage.info.language) for row in rows], weights)
        passage = np.array([row.hit.score for row in rows])
        settings = self.settings
        scores = (
            settings.similarity_weight * z_scores(similarity)
            + settings.words_weight * z_scores(words)
            + settings.passage_weight * z_scores(passage)
        )
        scored = [
            Candidate(row.hit, row.span, round(float(score), 6), row.similarity, row.coverage)
            for row, score in zip(rows, scores, strict=True)
        ]
        return sorted(scored, key=lambda each: (-each.score, each.hit.passage.info.id, each.span))

    def citations(self, candidates: Sequence[Candidate]) -> list[Citation]:
        """Returns the quotes of the best candidates, without repeating one that says the same words."""
        chosen: list[Citation] = []
        said: set[str] = set()
        for each in candidates:
            if len(chosen) == self.settings.quotes or each.score < candidates[0].score - self.settings.gap:
                break
            words = " ".join(each.text.lower().split())
            if words not in said:
                said.add(words)
                chosen.append(Citation(each.hit.passage, each.span[0], each.span[1], each.text))
        return chosen

    def _weights(self, words: Sequence[Word]) -> dict[Word, float]:
        """Returns the inverse document frequency of each word. Source: Robertson and Sparck Jones, as BM25 uses it."""
        total = self._store.passage_count()
        counts = self._store.term_counts([term for word in words for term in word])
        held = {word: max(counts[term] for term in word) for word in words}
        return {word: math.log(1 + (total - held[word] + 0.5) / (held[word] + 0.5)) for word in words}

    def _sentences(self, hit: Hit, weights: Mapping[Word, float]) -> list[Candidate]:
        language = hit.passage.info.language
        above = set(terms(hit.passage.context, language))
        rows = []
        for span, similarity in zip(hit.passage.sentences, hit.sentence_similarities, strict=True):
            row = Candidate(hit, span, 0.0, similarity, 0.0)
            words = row.text.split()
            if sum(any(mark.isalnum() for mark in word) for word in words) < _FEWEST_WORDS:
                continue
            held = above | set(terms(row.text, language))
            rows.append(Candidate(hit, span, 0.0, similarity, _coverage(held, weights)))
        return rows


def _coverage(held: set[str], weights: Mapping[Word, float]) -> float:
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if not held.isdisjoint(word)) / total if total else 0.0


def _words_scores(sentences: Sequence[Sequence[str]], weights: Mapping[Word, float]) -> NDArray[np.float64]:
    """Returns the BM25 score of each sentence among the given ones. Source: Robertson and Zaragoza 2009, eq. 3.15."""
    average = sum(map(len, sentences)) / len(sentences) or 1.0
    scores = []
    for words in sentences:
        norm = 1.2 * (1 - _LENGTH_NORM + _LENGTH_NORM * len(words) / average)
        counts = {word: sum(map(words.count, word)) for word in weights}
        scores.append(sum(weights[word] * count * 2.2 / (count + norm) for word, count in counts.items()))
    return np.array(scores)

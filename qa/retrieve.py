"""Finds the passages for a question: by meaning and by words, the two rankings fused.

The candidates are the nearest passages by vector and the best by BM25. Each gets three scores: the cosine of the
passage, its BM25, and the cosine of its best sentence. Each score is standardised over the candidates (z-score)
and the three are added. What other words say the same (index/lexicon.py) brings candidates too, and adds to the BM25.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from documents.errors import BadSetting
from documents.types import Passage
from index.lexicon import LexiconSettings, Sought, other_scores, other_terms, sought
from index.types import Embedder, Match, PassageStore, Placed, Vectors, Where
from index.words import question_terms
from qa.conversation import weighted_questions
from qa.languages import embeds
from qa.types import Hit, Question
from qa.versions import collapsed

_LONGEST_QUESTION = 2000  # characters that are searched for; what follows adds noise, and time


@dataclass(frozen=True, slots=True)
class RetrieveSettings:
    """`pool` candidates from each leg, half as many from equivalents; weights of the three standardised scores.

    `foreign_words_weight` is that of the words where the embedder does not read the question's language.
    """

    pool: int = 50
    similarity_weight: float = 1.0
    words_weight: float = 1.0
    foreign_words_weight: float = 2.0
    sentence_weight: float = 1.0
    lexicon: LexiconSettings = field(default_factory=LexiconSettings)

    def __post_init__(self) -> None:
        if not 1 <= self.pool <= 10_000:
            raise BadSetting(f"pool is {self.pool}: choose between 1 and 10000.")


@dataclass(frozen=True, slots=True)
class _Scored:
    """A candidate that was scored and not read."""

    number: int
    document: str
    start: int
    score: float
    similarity: float
    sentences: Vectors

    def is_of(self, passage: Passage | None) -> bool:
        """Returns whether this is the passage that was scored: one that is replaced may leave its number to another."""
        return passage is not None and (
            (passage.info.id, passage.start, len(passage.sentences)) == (self.document, self.start, len(self.sentences))
        )

    def hit(self, passage: Passage) -> Hit:
        return Hit(passage, self.score, self.similarity, tuple(self.sentences.tolist()))


class HybridRetriever:
    """Dense and lexical retrieval fused. Deterministic: ties go by (document id, start)."""

    def __init__(self, store: PassageStore, embedder: Embedder, settings: RetrieveSettings | None = None) -> None:
        self._store, self._embedder = store, embedder
        self._settings = settings or RetrieveSettings()

    def retrieve(self, question: Question, k: int) -> list[Hit]:
        """Returns at most k hits, best first. Earlier questions of the conversation count with their weight."""
        where = where_of(question)
        asked = [(text[:_LONGEST_QUESTION], weight) for text, weight in weighted_questions(question)]
        vector = self._vector(asked)
        legs = [
            (weight, self._store.matching(question_terms(text), self._settings.pool, where)) for text, weight in asked
        ]
        others = [(sought(text, self._store, self._settings.lexicon), weight) for text, weight in asked]
        half = (self._settings.pool + 1) // 2  # equivalents count for less than the words themselves
        matches = [
            *self._store.nearest(vector, self._settings.pool, where),
            *(match for _, leg in legs for match in leg),
            *(match for words, _ in others for match in self._store.matching(other_terms(words), half, where)),
        ]
        found = self._store.vectors_of(list(dict.fromkeys(match.number for match in matches)))
        if not found:
            return []
        words = sum((weight * self._words(list(found), leg) for weight, leg in legs), start=np.zeros(len(found)))
        words += self._others(list(found), others)
        scored = self._fuse(found, vector, words, self._words_weight(question.text))
        return self._read(sorted(scored, key=lambda each: (-each.score, each.document, each.start)), k)

    def _read(self, ranked: Sequence[_Scored], k: int) -> list[Hit]:
        """Returns the k best with their texts, those that stand in several versions of a document collapsed."""
        numbers = [each.number for each in ranked]
        groups = self._store.version_groups(numbers)
        # One that may stand for others is read wherever it is placed; of the rest the first k are all that can be kept.
        alone = [number for number in numbers if number not in groups][:k]
        passages = self._store.plain_passages([*alone, *groups])
        kept = [each for each in ranked if each.is_of(passages.get(each.number))]
        hits = [each.hit(passages[each.number]) for each in kept]
        return collapsed(hits, groups, [each.number for each in kept])[:k]

    def _vector(self, asked: Sequence[tuple[str, float]]) -> Vectors:
        vectors = self._embedder.embed_questions([text for text, _ in asked])
        mixed = sum(weight * vector for vector, (_, weight) in zip(vectors, asked, strict=True))
        return np.asarray(mixed / np.linalg.norm(mixed), dtype=np.float32)

    def _words(self, numbers: Sequence[int], leg: Sequence[Match]) -> NDArray[np.float64]:
        """Returns the BM25 score of each passage; one that the leg cut off scores at most what its last match does."""
        scores = {match.number: match.score for match in leg}
        floor = leg[-1].score if len(leg) == self._settings.pool else 0.0
        return np.array([scores.get(number, floor) for number in numbers])

    def _others(self, numbers: Sequence[int], others: Sequence[tuple[list[Sought], float]]) -> NDArray[np.float64]:
        """Returns what equivalents of the questions' words add to the BM25 score of each passage."""
        if not any(each.others for words, _ in others for each in words):
            return np.zeros(len(numbers))
        held = self._store.terms_of(numbers)
        return other_scores(others, [held.get(number, "") for number in numbers])

    def _words_weight(self, question: str) -> float:
        settings = self._settings
        return settings.words_weight if embeds(self._embedder.name, question) else settings.foreign_words_weight

    def _fuse(
        self, found: Mapping[int, Placed], vector: Vectors, words: NDArray[np.float64], weight: float
    ) -> list[_Scored]:
        sentences = [each.embedding.spans @ vector for each in found.values()]
        similarity = np.array([float(each.embedding.whole @ vector) for each in found.values()])
        best = np.array(
            [float(scores.max()) if len(scores) else own for scores, own in zip(sentences, similarity, strict=True)]
        )
        settings = self._settings
        fused = (
            settings.similarity_weight * z_scores(similarity)
            + weight * z_scores(words)
            + settings.sentence_weight * z_scores(best)
        )
        return [
            _Scored(number, each.document, each.start, round(score, 6), own, scores)
            for (number, each), score, own, scores in zip(
                found.items(), fused.tolist(), similarity.tolist(), sentences, strict=True
            )
        ]


def where_of(question: Question) -> Where:
    """Returns the conditions that a question sets on documents."""
    return Where(question.documents, question.as_of, question.kinds, question.languages, question.collections)


def z_scores(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns (values - mean) / standard deviation; zeros where all values are equal, and nothing for nothing."""
    deviation = values.std() if len(values) else 0.0
    return (values - values.mean()) / deviation if deviation > 1e-12 else np.zeros_like(values)

"""The default Answerer: chooses the sentences that answer and quotes them word for word. No language model.

Every sentence of the best passages is scored by the weighted sum of its features (qa/features.py); the weights are
fitted on questions with known answers (qa/train.py) and are part of the package.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from documents.errors import BadSetting
from documents.language import guess_language
from index.lexicon import LexiconSettings
from index.types import PassageStore
from qa.cite import together, words_of
from qa.features import NAMES, Sentence, asked, matrix, sentences
from qa.types import Candidate, Citation, Question, Reading
from qa.weights import Weights

_OTHER_LANGUAGE = 0.5  # what a sentence in another language than the question's loses: less than a better answer gains

# What a sentence loses that speaks of other times than the question asks about. A rule and not a fitted weight: the
# training questions hardly name times. On the questions of the shipped library it puts 0.713 right first for 0.694.
_ANOTHER_TIME = 2.0


@dataclass(frozen=True, slots=True)
class ExtractSettings:
    """Up to `quotes` are cited, none more than `gap` below the best."""

    quotes: int = 4
    gap: float = 2.5
    lexicon: LexiconSettings = field(default_factory=LexiconSettings)

    def __post_init__(self) -> None:
        if not 1 <= self.quotes <= 20:
            raise BadSetting(f"quotes is {self.quotes}: choose between 1 and 20.")
        if self.gap < 0:
            raise BadSetting(f"gap is {self.gap}: choose 0 or more.")


class ExtractiveAnswerer:
    def __init__(self, store: PassageStore, weights: Weights, settings: ExtractSettings | None = None) -> None:
        self._store, self._weights = store, weights
        self.settings = settings or ExtractSettings()

    def candidates(self, question: Question, readings: Sequence[Reading]) -> list[Candidate]:
        """Returns the sentences of what was read, best first; ties go by (document id, start)."""
        rows = sentences(readings)
        if not rows:
            return []
        features = matrix(asked(question.text, self._store, self.settings.lexicon), rows)
        scores = features @ np.array([self._weights.selection.get(name, 0.0) for name in NAMES])
        scores -= _OTHER_LANGUAGE * _in_other_language(question, rows)
        scores -= _ANOTHER_TIME * features[:, NAMES.index("another_time")]
        scored = [
            Candidate(
                hit=row.hit,
                span=row.span,
                score=round(float(score), 6),
                similarity=row.similarity,
                features=dict(zip(NAMES, values, strict=True)),
                words=row.reading.words[row.place],
                lead_ins=row.hit.passage.leads_of(row.place),
            )
            for row, score, values in zip(rows, scores, features.tolist(), strict=True)
        ]
        return sorted(scored, key=lambda each: (-each.score, each.hit.passage.info.id, each.span))

    def citations(self, candidates: Sequence[Candidate]) -> list[Citation]:
        """Returns the quotes of the best candidates, each sentence once however many documents hold it.

        A further quote holds as many of the question's figures as the best: for 2023 no sentence about 2021 follows.
        What leads up to a list is quoted with the items that stand in its passage, and neither is quoted again. Where
        another document holds a quoted sentence, that is told however its passage was ranked.
        """
        if not candidates:
            return []
        figures, least = candidates[0].features["figures"], candidates[0].score - self.settings.gap
        able = [each for each in candidates if each.features["figures"] >= figures]
        quotes: list[Citation] = []
        for each in able:
            if each.score >= least and not any(_shows(quote, each) for quote in quotes):
                quotes.append(_quote(each))
        words = {words_of(quote) for quote in quotes}
        same = [quote for each in able if each.score < least and words_of(quote := _quote(each)) in words]
        return together([*quotes, *same])[: self.settings.quotes]


def _quote(candidate: Candidate) -> Citation:
    """Returns the candidate's sentence, with its items where it leads up to some: without them it says nothing."""
    passage, (start, end) = candidate.hit.passage, candidate.span
    led = zip(passage.sentences, passage.lead_ins, strict=False)
    end = max([end, *(item[1] for item, leads in led if any((lead.start, lead.end) == (start, end) for lead in leads))])
    text = passage.text[start - passage.start : end - passage.start]
    words = candidate.words if candidate.words != candidate.span else None
    return Citation(passage, start, end, text, candidate.lead_ins, words, candidate.hit.older_documents)


def _shows(quote: Citation, candidate: Candidate) -> bool:
    """Returns whether the quote or its lead-ins hold all of the candidate's sentence."""
    if quote.passage.info.id != candidate.hit.passage.info.id:
        return False
    spans = [(quote.start, quote.end), *((lead.start, lead.end) for lead in quote.lead_ins)]
    return any(start <= candidate.span[0] and candidate.span[1] <= end for start, end in spans)


def _in_other_language(question: Question, rows: Sequence[Sentence]) -> NDArray[np.bool_]:
    own = guess_language(question.text)
    return np.array([bool(own) and row.hit.passage.info.language not in (own, "") for row in rows])

"""Who reads a question's passages: two cross-encoders, or none.

The English one is fast and reads all passages; the bilingual one, twice as large, then reads the best few of them, and
the logits of both are mixed, since each mistakes other sentences for the answer. What is not English the bilingual one
reads alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from documents.language import guess_language
from index.e5 import BILINGUAL_MODEL
from qa.conversation import read_together
from qa.rerank import CrossEncoder
from qa.types import Hit, Question, Reader, Reading

# Passages that both read. Source: docs/answer-quality.md, "Two cross-encoders".
_BOTH = 4
_BILINGUAL_SHARE = 0.5
# Of doc2dial_gov and mtrag_chat (129 questions each) right first: 0.310 and 0.631 with 0, 0.349 and 0.656 with 0.3,
# 0.357 and 0.639 with 1; among the cited 0.605 and 0.803, 0.612 and 0.795, 0.581 and 0.770.
_TOGETHER = 0.4


class CrossEncoders:
    """Loaded on first use. Deterministic, and safe to share between threads."""

    name = "cross-encoder"

    def __init__(self) -> None:
        self._english, self._bilingual = CrossEncoder(), CrossEncoder(model=BILINGUAL_MODEL)

    def load(self) -> None:
        """Loads the models, if that was not done.

        Raises:
            ModelError: the weights are missing or damaged.
        """
        self._english.load()
        self._bilingual.load()

    def read(self, question: str, hits: Sequence[Hit], *, brief: bool = False) -> list[Reading]:
        """Returns the readings of the hits, in their order; `brief` reads English by the English one alone.

        Raises:
            ModelError: the weights are missing or damaged.
        """
        found: dict[int, Reading] = {}
        if guess_language(question) != "fr":
            english = [place for place, hit in enumerate(hits) if hit.passage.info.language != "fr"]
            found = dict(zip(english, self._english.read(question, [hits[place] for place in english]), strict=True))
        best = sorted(found, key=lambda place: -max(found[place].logits, default=0.0))
        again = sorted(set(range(len(hits))) - set(best[0 if brief else _BOTH :]))
        for place, reading in zip(again, self._bilingual.read(question, [hits[i] for i in again]), strict=True):
            found[place] = _mixed(found.get(place), reading, _BILINGUAL_SHARE)
        return [found[place] for place in range(len(hits))]


@cache
def cross_encoders() -> CrossEncoders:
    """Returns those that the pipelines of a process share."""
    return CrossEncoders()


class Unread:
    """The Reader that reads nothing: every sentence has logit 0, and answers with all its words."""

    name = "none"

    def read(self, question: str, hits: Sequence[Hit], *, brief: bool = False) -> list[Reading]:
        return [Reading(hit, (0.0,) * len(hit.passage.sentences), hit.passage.sentences) for hit in hits]


def read_asked(reader: Reader, question: Question, hits: Sequence[Hit]) -> list[Reading]:
    """Returns the readings of the hits; a follow-up is read twice, by its own words and together with what was asked.

    Each of the two knows what the other misses: their logits are mixed. The words that answer are of the second; the
    first is brief (docs/answer-quality.md, "Two cross-encoders").
    """
    whole = read_together(question)
    joint = reader.read(whole, hits)
    if whole == question.text:
        return joint
    both = zip(reader.read(question.text, hits, brief=True), joint, strict=True)
    return [_mixed(own, together, _TOGETHER) for own, together in both]


def _mixed(one: Reading | None, other: Reading, share: float) -> Reading:
    """Returns the other with its logits mixed with those of the one, if there is one."""
    if one is None:
        return other
    both = zip(one.logits, other.logits, strict=True)
    return replace(other, logits=tuple(round((1 - share) * first + share * second, 4) for first, second in both))

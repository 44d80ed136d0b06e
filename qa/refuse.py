"""How likely it is that the documents answer, and when to say that they do not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from documents.errors import BadSetting
from qa.types import Candidate, Hit

# The least confidence at which each setting answers.
THRESHOLDS = {"careful": 0.7, "balanced": 0.5, "eager": 0.3, "never": 0.0}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What confidence is judged by, each 0 to 1 or a cosine."""

    passage: float  # cosine of question and best passage
    sentence: float  # cosine of question and best sentence among the best passages
    coverage: float  # of the question's weighted words by the chosen sentence with its title and headings
    passage_coverage: float


def evidence(hits: Sequence[Hit], candidates: Sequence[Candidate]) -> Evidence:
    """Returns the evidence of a ranking; all zeros when nothing was found."""
    if not hits or not candidates:
        return Evidence(0.0, 0.0, 0.0, 0.0)
    return Evidence(
        passage=max(hit.similarity for hit in hits),
        sentence=max(each.similarity for each in candidates),
        coverage=candidates[0].coverage,
        passage_coverage=max(each.coverage for each in candidates),
    )


def confidence(found: Evidence) -> float:
    """Returns the probability, 0 to 1, that the documents answer."""
    logit = -6.0 + 6.0 * found.passage + 4.0 * found.sentence + 2.0 * found.coverage
    return 1 / (1 + math.exp(-logit))


def threshold(setting: str) -> float:
    """Returns the least confidence at which the setting answers.

    Raises:
        BadSetting: there is no such setting.
    """
    if setting not in THRESHOLDS:
        raise BadSetting(f"refuse is {setting!r}: choose one of {', '.join(THRESHOLDS)}.")
    return THRESHOLDS[setting]

"""How likely it is that the documents answer, and when to say that they do not."""

import math
from collections.abc import Mapping, Sequence

from documents.errors import BadSetting
from qa.types import Candidate

# The least confidence at which each setting answers.
THRESHOLDS = {"careful": 0.7, "balanced": 0.5, "eager": 0.3, "never": 0.0}

# What came of each: the share of answerable questions that are refused, and of unanswerable ones that are answered.
# Source: docs/answer-quality.md, from benchmarks/calibration.py, on so many answerable and unanswerable questions.
MEASURED = {"careful": (0.20, 0.28), "balanced": (0.10, 0.37), "eager": (0.04, 0.54)}
MEASURED_ON = (903, 246)

EVIDENCE = ("similarity", "context_coverage", "names", "reads")

# The weights are fitted on questions of which half have no answer. People ask mostly what their documents answer:
# the shift, on the logit, that best fits half of the questions of the evaluation sets (benchmarks/calibration.py).
_PRIOR = 1.8


def evidence(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Returns what confidence is judged by: the best among the candidates of features that need not agree.

    `similarity` is the cosine of question and sentence, `context_coverage` the share of the question's weighted words
    in a sentence and what leads up to it, `names` the share of its names there, `reads` the reader's logit.
    """
    best = {name: _best(candidates, name) for name in EVIDENCE[1:]}
    return {"similarity": max((each.similarity for each in candidates), default=0.0), **best}


def confidence(found: Mapping[str, float], fitted: Mapping[str, float]) -> float:
    """Returns the estimated probability, 0 to 1, that the documents answer. `fitted` are weights, with "bias"."""
    logit = fitted["bias"] + _PRIOR + sum(weight * found[name] for name, weight in fitted.items() if name != "bias")
    return 1 / (1 + math.exp(-logit))


def _best(candidates: Sequence[Candidate], name: str) -> float:
    return max((each.features[name] for each in candidates), default=0.0)


def threshold(setting: str) -> float:
    """Returns the least confidence at which the setting answers.

    Raises:
        BadSetting: there is no such setting.
    """
    if setting not in THRESHOLDS:
        raise BadSetting(f"refuse is {setting!r}: choose one of {', '.join(THRESHOLDS)}.")
    return THRESHOLDS[setting]

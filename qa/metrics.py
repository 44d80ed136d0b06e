"""Pure functions from rankings and answers to numbers."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(r"\w+")
_ARTICLES = re.compile(r"\b(the|an|a|le|la|les|un|une|des|du|de|l'|d')\b|\b[ld]'")
_MARKS = str.maketrans(dict.fromkeys(string.punctuation + "«»“”…–—", " "))
_RUN = 3  # tokens; a shorter run in common is chance
_CONTAINED = 15  # characters; a shorter quote is found in any evidence


def evidence_hit(quote: str, document_id: str, evidence: Sequence[str], gold_documents: Sequence[str]) -> bool:
    """Returns whether the quote is the evidence or a fair part of it.

    It is when it contains a gold evidence, or is contained in one (more than 15 characters), or stands in a gold
    document and at least half of the shorter one's tokens lie in runs of three or more that both have.
    """
    spaced = " ".join(quote.split())
    for gold in (" ".join(each.split()) for each in evidence):
        if gold and (gold in spaced or (len(spaced) > _CONTAINED and spaced in gold)):
            return True
        if same_document(document_id, gold_documents) and share_in_runs(spaced, gold) >= 0.5:
            return True
    return False


def share_in_runs(one: str, other: str) -> float:
    """Returns the share, 0 to 1, of the shorter text's tokens that lie in runs of three or more of the other's."""
    shorter, longer = sorted((_TOKEN.findall(one.lower()), _TOKEN.findall(other.lower())), key=len)
    inside = _count_in_runs(shorter, longer)
    if len(shorter) == len(longer):
        inside = max(inside, _count_in_runs(longer, shorter))
    return inside / len(shorter) if shorter else 0.0


def _count_in_runs(shorter: Sequence[str], longer: Sequence[str]) -> int:
    runs = {tuple(longer[at : at + _RUN]) for at in range(len(longer) - _RUN + 1)}
    inside: set[int] = set()
    for at in range(len(shorter) - _RUN + 1):
        if tuple(shorter[at : at + _RUN]) in runs:
            inside.update(range(at, at + _RUN))
    return len(inside)


def same_document(document_id: str, gold: Sequence[str]) -> bool:
    """Returns whether the id is a gold id, as it stands or as the file that the gold id was exported to."""
    bare = re.sub(r"\.\w{1,5}$", "", document_id.rsplit("/", 1)[-1])
    return document_id in gold or any(re.sub(r"[^\w.-]", "_", each) == bare for each in gold)


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """Returns the best token F1 of the answer against the gold answers, articles and punctuation aside.

    Source: Rajpurkar et al. 2016, SQuAD's evaluation, with French articles added.
    """
    given = Counter(_normal_tokens(answer))
    best = 0.0
    for gold in golds:
        wanted = Counter(_normal_tokens(gold))
        common = (given & wanted).total()
        best = max(best, 2 * common / (given.total() + wanted.total()) if common else float(given == wanted))
    return best


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Returns the probability that a positive scores above a negative, ties counting half; None without both.

    Source: Mann and Whitney 1947; Hanley and McNeil 1982.
    """
    if not len(positives) or not len(negatives):
        return None
    order = np.sort(np.asarray(negatives, dtype=np.float64))
    below = np.searchsorted(order, positives, side="left")
    not_above = np.searchsorted(order, positives, side="right")
    return float((below + not_above).sum() / 2 / len(positives) / len(negatives))


def mean(values: Sequence[float] | NDArray[np.float64]) -> float | None:
    """Returns the mean, None of nothing."""
    return float(np.mean(values)) if len(values) else None


def interval(
    count: int, statistic: Callable[[NDArray[np.int64]], float | None], *, seed: int, resamples: int = 1000
) -> tuple[float, float] | None:
    """Returns the 95% percentile bootstrap interval of a statistic of row numbers 0..count-1; None where undefined.

    Source: Efron and Tibshirani 1993, chapter 13.
    """
    random = np.random.default_rng(seed)
    drawn = (statistic(random.integers(0, count, count)) for _ in range(resamples)) if count else ()
    values = [value for value in drawn if value is not None]
    return (float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))) if values else None


def _normal_tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return _ARTICLES.sub(" ", plain).translate(_MARKS).split()

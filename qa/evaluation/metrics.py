"""Pure functions from quotes, answers and confidences to numbers. Each is worked out in docs/metrics.md."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_TOKEN = re.compile(r"\w+")
_ARTICLES = re.compile(r"\b(the|an|a|le|la|les|un|une|des|du|de|l'|d')\b|\b[ld]'")
_MARKS = str.maketrans(dict.fromkeys(string.punctuation + "«»“”…–—", " "))
_SQUAD_ARTICLES = re.compile(r"\b(a|an|the)\b")
_SQUAD_MARKS = str.maketrans(dict.fromkeys(string.punctuation))
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


def holds_answer(text: str, answers: Sequence[str]) -> bool:
    """Returns whether the tokens of one of the answers, articles aside, stand in the text, one after the other."""
    inside = f" {' '.join(_normal_tokens(text))} "
    tokens = [_normal_tokens(answer) for answer in answers]
    return any(f" {' '.join(each)} " in inside for each in tokens if each)


def share_in_runs(one: str, other: str) -> float:
    """Returns the share, 0 to 1, of the shorter text's tokens that lie in runs of three or more of the other's."""
    shorter, longer = sorted((_TOKEN.findall(one.lower()), _TOKEN.findall(other.lower())), key=len)
    inside = _count_in_runs(shorter, longer)
    if len(shorter) == len(longer):
        inside = max(inside, _count_in_runs(longer, shorter))
    return inside / len(shorter) if shorter else 0.0


def _count_in_runs(shorter: Sequence[str], longer: Sequence[str]) -> int:
    wanted = set(_runs(longer))
    inside: set[int] = set()
    for at, run in enumerate(_runs(shorter)):
        if run in wanted:
            inside.update(range(at, at + _RUN))
    return len(inside)


def runs(text: str) -> set[tuple[str, ...]]:
    """Returns the runs of three tokens in the text: two texts without one in common share nothing in runs."""
    return set(_runs(_TOKEN.findall(text.lower())))


def _runs(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(tokens[at : at + _RUN]) for at in range(len(tokens) - _RUN + 1)]


def same_document(document_id: str, gold: Sequence[str]) -> bool:
    """Returns whether the id is a gold id, as it stands or as the file that the gold id was exported to."""
    bare = bare_id(document_id)
    return document_id in gold or any(exported_id(each) == bare for each in gold)


def bare_id(document_id: str) -> str:
    """Returns the name of the file without its folder and suffix."""
    return re.sub(r"\.\w{1,5}$", "", document_id.rsplit("/", 1)[-1])


def exported_id(gold: str) -> str:
    """Returns the gold id as the name of a file that it is exported to."""
    return re.sub(r"[^\w.-]", "_", gold)


def token_f1(answer: str, golds: Sequence[str]) -> float:
    """Returns the best token F1 of the answer against the gold answers, articles and punctuation aside.

    Source: Rajpurkar et al. 2016, SQuAD's evaluation, with French articles added.
    """
    given = Counter(_normal_tokens(answer))
    best = 0.0
    for gold in golds:
        best = max(best, _overlap(given, Counter(_normal_tokens(gold))))
    return best


def auroc(
    positives: Sequence[float] | NDArray[np.float64], negatives: Sequence[float] | NDArray[np.float64]
) -> float | None:
    """Returns the probability that a positive scores above a negative, ties counting half; None without both.

    Source: Mann and Whitney 1947; Hanley and McNeil 1982.
    """
    if not len(positives) or not len(negatives):
        return None
    order = np.sort(np.asarray(negatives, dtype=np.float64))
    below = np.searchsorted(order, positives, side="left")
    not_above = np.searchsorted(order, positives, side="right")
    return float((below + not_above).sum() / 2 / len(positives) / len(negatives))


def exact_match(answer: str, golds: Sequence[str]) -> float:
    """Returns 1.0 where the answer is one of the gold answers as SQuAD normalises both, else 0.0.

    Without gold answers only an empty answer is right.
    Source: Rajpurkar et al. 2016, and SQuAD 2.0's evaluation script (2018).
    """
    given = squad_tokens(answer)
    return float(any(given == squad_tokens(gold) for gold in _golds(golds)))


def squad_f1(answer: str, golds: Sequence[str]) -> float:
    """Returns the best token F1 against the gold answers; of two texts of which one is empty, whether both are.

    Without gold answers only an empty answer is right.
    Source: Rajpurkar et al. 2016, and SQuAD 2.0's evaluation script (2018).
    """
    given = Counter(squad_tokens(answer))
    return max(_overlap(given, Counter(squad_tokens(gold))) for gold in _golds(golds))


def squad_tokens(text: str) -> list[str]:
    """Returns the tokens as SQuAD compares them: lower case, without ASCII punctuation and English articles."""
    return _SQUAD_ARTICLES.sub(" ", text.lower().translate(_SQUAD_MARKS)).split()


def _golds(golds: Sequence[str]) -> Sequence[str]:
    """As SQuAD 2.0 does it: gold answers of which nothing is left are left out; none at all is the empty answer."""
    return [gold for gold in golds if squad_tokens(gold)] or [""]


def _overlap(given: Counter[str], wanted: Counter[str]) -> float:
    common = (given & wanted).total()
    return 2 * common / (given.total() + wanted.total()) if common else float(given == wanted)


def _normal_tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return _ARTICLES.sub(" ", plain).translate(_MARKS).split()

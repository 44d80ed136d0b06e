"""Passages that stand in several versions of a document: the newest is kept, and names the older ones.

Only passages that are nearly the same are taken together. A passage with another figure says something else: it stays,
so that qa/disagree.py can tell what changed.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa.quantities import NUMBER_WORDS
from qa.types import Hit

_SAME = 0.8  # Jaccard similarity of the runs of words
_RUN = 3  # words
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_TURNS = frozenset("not no never nor without except unless ne ni pas non jamais sans sauf aucun aucune".split())


def collapsed(hits: Sequence[Hit], groups: Mapping[int, int], numbers: Sequence[int]) -> list[Hit]:
    """Returns the hits, best first, with one for those that are nearly the same in versions of one document.

    `numbers` are those of the hits' passages, and `groups` the version group of each that has one. The newest stays,
    at the place and with the score of the best of them; undated ones count as oldest, and of one day the better
    placed stays.
    """
    kept: list[Hit] = []
    places: dict[int, list[int]] = {}  # group -> places in `kept`
    for hit, number in zip(hits, numbers, strict=True):
        same = places.setdefault(groups[number], []) if number in groups else []
        twin = next((place for place in same if nearly_same(kept[place].passage.text, hit.passage.text)), None)
        if twin is not None:
            kept[twin] = _joined(kept[twin], hit)
            continue
        same.append(len(kept))
        kept.append(hit)
    return kept


def nearly_same(one: str, other: str) -> bool:
    """Returns whether two passages say the same: few words differ, and among them no figure and no negation."""
    words = [[word.casefold() for word in _WORD.findall(text)] for text in (one, other)]
    if words[0] == words[1]:
        return True
    first, second = (Counter(each) for each in words)
    if any(_weighty(word) for word in ((first - second) + (second - first))):
        return False
    runs = [{tuple(each[start : start + _RUN]) for start in range(len(each) - _RUN + 1)} for each in words]
    either = runs[0] | runs[1]
    return bool(either) and len(runs[0] & runs[1]) / len(either) >= _SAME


def _weighty(word: str) -> bool:
    return any(character.isdigit() for character in word) or word in NUMBER_WORDS or word in _TURNS


def _joined(best: Hit, other: Hit) -> Hit:
    newer = (other.passage.info.date or "") > (best.passage.info.date or "")
    newest, older = (other, best) if newer else (best, other)
    passages = {each.info.id: each for each in (older.passage, *best.older) if each.info.id != newest.passage.info.id}
    ordered = sorted(passages.values(), key=lambda each: each.info.id)
    ordered.sort(key=lambda each: each.info.date or "", reverse=True)
    return replace(newest, score=best.score, older=tuple(ordered))

"""Which passages of an index are relevant to a gold question: what a ranking is judged by."""

from collections import defaultdict
from functools import lru_cache

import numpy as np

from index.types import PassageStore, Where
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.metrics import bare_id, evidence_hit, exported_id, runs

Place = tuple[str, int]  # document and start
_Run = tuple[str, ...]


class Relevant:
    """Finds the passages of gold documents that hold evidence."""

    def __init__(self, store: PassageStore, dimension: int) -> None:
        self._store, self._dimension = store, dimension
        self._ids: dict[str, list[str]] = defaultdict(list)
        for info in store.documents():
            for name in {info.id, bare_id(info.id)}:
                self._ids[name].append(info.id)
        self._of_document = lru_cache(maxsize=64)(self._read)

    def places(self, gold: GoldQuestion) -> set[Place]:
        """Returns where the passages of the gold documents that hold evidence begin."""
        wanted = set().union(*(runs(each) for each in gold.evidence))
        return {
            (identity, start)
            for identity in self.documents(gold.documents)
            for start, text, held in self._of_document(identity)
            if (not wanted.isdisjoint(held) or _contains(text, gold.evidence))
            and evidence_hit(text, identity, gold.evidence, gold.documents)
        }

    def documents(self, golds: tuple[str, ...]) -> list[str]:
        """Returns the ids, in the index, of documents named in a gold file (see `same_document`), in order."""
        found = {identity for each in golds for identity in self._named(each)}
        return sorted(found)

    def _named(self, gold: str) -> list[str]:
        exact = [identity for identity in self._ids.get(gold, ()) if identity == gold]
        exported = exported_id(gold)
        return exact + [identity for identity in self._ids.get(exported, ()) if bare_id(identity) == exported]

    def _read(self, identity: str) -> list[tuple[int, str, set[_Run]]]:
        anywhere = np.full(self._dimension, self._dimension**-0.5, dtype=np.float32)
        found = self._store.nearest(anywhere, self._store.passage_count(), Where(documents=frozenset([identity])))
        passages = self._store.passages([match.number for match in found])
        return [(each.passage.start, each.passage.text, runs(each.passage.text)) for each in passages.values()]


def _contains(text: str, evidence: tuple[str, ...]) -> bool:
    """Returns whether one holds the other, which is a hit even for texts too short for a run."""
    spaced = " ".join(text.split())
    return any(gold in spaced or spaced in gold for gold in (" ".join(each.split()) for each in evidence))

"""Search in an index in Milvus.

Words: Milvus finds candidates by its own BM25 over the terms that index/words.py makes; they are ranked by the same
BM25 as in SQLite (index/bm25.py), so that both stores rank alike. Milvus' own differs: its idf is log(1 + ...), and its
counts are those of a shard or a segment. A phrase is a condition on the candidates, and counts as a term of its own.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.bm25 import Collection, scores
from index.milvus import MOST_FOUND, Milvus, is_any, quoted
from index.milvus_rows import read_terms, written_terms
from index.types import Match, Vectors
from index.vocabulary import Asked, Vocabulary

_CANDIDATES = 4  # times as many as are asked for are ranked anew
_FEWEST = 200
_READ_WHOLE = 20_000  # passages up to which the terms of an index on a server are counted here
_READ_WHOLE_LITE = 2_000_000  # Milvus Lite has no index of terms to ask
_LARGE = 100_000  # passages from which a change of a thousandth leaves the average length as it is
_AT_ONCE = 500  # numbers in one condition


@dataclass(frozen=True, slots=True)
class _State:
    """What is counted of one generation. `counts` of all terms, or of those asked for so far where not `whole`."""

    generation: str
    collection: Collection
    counts: dict[str, int]
    whole: bool


class Search:
    """Searches one index. `generation` and `lengths` (passages, terms in all) tell its present state."""

    def __init__(
        self,
        milvus: Milvus,
        generation: Callable[[], str],
        lengths: Callable[[], tuple[int, int]],
        *,
        read_whole: int | None = None,
    ) -> None:
        self._milvus, self._generation, self._lengths = milvus, generation, lengths
        self._read_whole = (_READ_WHOLE_LITE if milvus.is_lite else _READ_WHOLE) if read_whole is None else read_whole
        self._lock = threading.Lock()
        self._state: _State | None = None

    def nearest(self, vector: Vectors, k: int, condition: str) -> list[Match]:
        """Returns the k nearest passages, best first, ties by number; 16,384 at most."""
        if k <= 0:
            return []
        # Any of those tied at the k-th place may come: look on until the tie is over, then sort and cut.
        wanted = k + 1
        found = self._milvus.nearest(vector, wanted, condition)
        while len(found) == wanted < MOST_FOUND and found[-1][1] == found[k - 1][1]:
            wanted = min(2 * wanted, MOST_FOUND)
            found = self._milvus.nearest(vector, wanted, condition)
        matches = [Match(number, score) for number, score in found]
        return sorted(matches, key=lambda match: (-match.score, match.number))[:k]

    def matching(self, terms: Sequence[str], k: int, condition: str) -> list[Match]:
        """Returns the k passages of highest BM25 among those that hold any of the terms, best first."""
        if not terms or k <= 0:
            return []
        state = self._counted(terms)
        candidates = self._candidates(terms, max(_CANDIDATES * k, _FEWEST), condition)
        rows = [read_terms(text) for text in candidates.values()]
        ranked = scores(rows, terms, state.counts, state.collection)
        matches = [Match(number, score) for number, score in zip(candidates, ranked, strict=True) if score > 0]
        return sorted(matches, key=lambda match: (-match.score, match.number))[:k]

    def term_counts(self, terms: Iterable[str]) -> dict[str, int]:
        """Returns the number of passages that each term occurs in."""
        wanted = list(dict.fromkeys(terms))
        counts = self._counted(wanted).counts
        return {term: counts.get(term, 0) for term in wanted}

    def vocabulary(self) -> Vocabulary:
        """Returns the terms of the present state; Milvus is asked for each as it is looked up, where it holds many."""
        state = self._counted([])
        if not state.whole:
            return Vocabulary(Asked(self.term_counts))
        counts = dict(state.counts)  # a copy: another question may be adding to it
        return Vocabulary({term: count for term, count in counts.items() if count and " " not in term})

    def terms_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Returns the terms of the passages, in order, with spaces between."""
        found: dict[int, str] = {}
        for start in range(0, len(numbers), _AT_ONCE):
            condition = is_any("number", numbers[start : start + _AT_ONCE])
            rows = self._milvus.rows(self._milvus.passages, condition, ["number", "terms"])
            found.update({int(row["number"]): read_terms(row["terms"]) for row in rows})
        return found

    # -- inside

    def _candidates(self, terms: Sequence[str], limit: int, condition: str) -> dict[int, str]:
        """Returns the terms of passages that may rank high, by number."""
        single = [term for term in terms if " " not in term]
        phrases = [term for term in terms if " " in term]
        found = self._milvus.by_words(written_terms(" ".join(single)), limit, condition) if single else {}
        if phrases:
            held = " or ".join(map(self._holds, phrases))
            both = f"({condition}) and ({held})" if condition else held
            found |= self._milvus.by_words(written_terms(" ".join(phrases)), limit, both)
        return found

    def _holds(self, term: str) -> str:
        """Returns the condition that a passage holds a term or a phrase."""
        text = written_terms(term)
        if " " not in term:
            return f"text_match(terms, {quoted(text)})"
        if self._milvus.is_lite:
            return f"terms like {quoted(f'% {text} %')}"
        return f"phrase_match(terms, {quoted(text)})"

    def _counted(self, terms: Sequence[str]) -> _State:
        """Returns the present state, in which all of these are counted; 0 for terms that no passage holds."""
        generation = self._generation()
        with self._lock:
            if self._state is None or self._state.generation != generation:
                self._state = self._read(generation, self._state)
            state = self._state
        for term in terms:
            if term not in state.counts:
                whole = state.whole and " " not in term
                state.counts[term] = 0 if whole else self._milvus.count(self._milvus.passages, self._holds(term))
        return state

    def _read(self, generation: str, before: _State | None) -> _State:
        passages = self._milvus.count(self._milvus.passages)
        if before and passages > _LARGE and abs(passages - before.collection.passages) < passages / 1000:
            average = before.collection.average
        else:
            counted, held = self._lengths()
            average = held / counted if counted else 0.0
        counts: Counter[str] = Counter()
        whole = passages <= self._read_whole
        if whole:
            for row in self._milvus.every(self._milvus.passages, "", ["terms"]):
                counts.update(set(read_terms(row["terms"]).split()))
        return _State(generation, Collection(passages, average), dict(counts), whole)

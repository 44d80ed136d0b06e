"""Lists of the passages that hold a term, kept in memory, and the BM25 ranking of what they hold together.

FTS5 looks up the length of every passage that holds a word of the question, and goes through each list twice. Here a
list is read once for each state of the index, and a length is looked up only where the passage may be among the best:
no score is above what its counts would give in the shortest of passages. The scores are those of FTS5, to the last bit.

Source: SQLite's fts5_aux.c, fts5Bm25Function, whose order of operations is kept.
"""

import json
import math
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.bm25 import occurrences
from index.database import Database
from index.texts import spread
from index.types import Match

K1, B, LEAST_IDF = 1.2, 0.75, 1e-6  # of FTS5's bm25()
_MOST_KEPT = 2_000_000  # entries of lists
_LOOKED_AT = 4  # times as many as are wanted are weighed first, then those that may still be better
_ROUNDING = 1e-9
_MOST_TEXTS = 5_000  # passages whose terms are kept
_WIDEST = 500  # passages of a phrase whose terms are read for where it stands in them
_PLAIN = re.compile("[a-z0-9.]+(?: [a-z0-9.]+)*")  # FTS5 takes these terms as they are, whatever its version of Unicode
_MOST_PARAMETERS = 500

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _List:
    passages: Numbers  # ascending
    counts: NDArray[np.int32]

    def of(self, numbers: Numbers) -> NDArray[np.int32]:
        """Returns the count of each passage, 0 for those that are not in the list."""
        if not len(self.passages):
            return np.zeros(len(numbers), dtype=np.int32)
        places = np.minimum(np.searchsorted(self.passages, numbers), len(self.passages) - 1)
        return np.where(self.passages[places] == numbers, self.counts[places], 0)


@dataclass(slots=True)
class _State:
    """What was read of one state of the index."""

    generation: str
    passages: int
    average: float
    lists: dict[str, _List | None] = field(default_factory=dict)  # None: of a phrase in too many passages
    entries: int = 0
    texts: dict[int, str] = field(default_factory=dict)  # the terms of passages
    lengths: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))  # by passage; 0: not known


class Postings:
    """Ranks by words over one database. Safe to share between threads."""

    def __init__(self, database: Database, *, most_kept: int = _MOST_KEPT) -> None:
        self._database, self._most_kept = database, most_kept
        self._lock = threading.Lock()
        self._state = _State("", 0, 1.0)

    def best(self, terms: Sequence[str], k: int) -> list[Match] | None:
        """Returns the k passages of highest BM25 among those that hold any of the terms, best first, ties by number.

        A term with spaces is a phrase; one that is given twice counts twice. None where FTS5 alone can tell: a term is
        not written in plain letters and figures, or a phrase stands in many passages.
        """
        if not all(map(_PLAIN.fullmatch, terms)):
            return None
        with self._database.snapshot(), self._lock:
            state = self._present()
            found = [self._list(state, term) for term in terms]
            lists = [each for each in found if each is not None]
            if len(lists) < len(found):
                return None
            numbers, scores = self._ranked(state, lists, k)
        order = np.lexsort((numbers, -scores))[:k]
        ranked = zip(numbers[order].tolist(), scores[order].tolist(), strict=True)
        return [Match(number, score) for number, score in ranked]

    def texts(self, numbers: Sequence[int]) -> dict[int, str]:
        """Returns the terms of the passages, in order, with spaces between; numbers no longer there are left out."""
        with self._database.snapshot(), self._lock:
            return self._texts(self._present(), numbers)

    def _ranked(self, state: _State, lists: Sequence[_List], k: int) -> tuple[Numbers, Scores]:
        """Returns passages with their scores: the best k are among them."""
        idfs = [_idf(state.passages, len(each.passages)) for each in lists]
        numbers, bounds = _bounded(lists, idfs, state.average)
        first = _LOOKED_AT * k
        if len(numbers) <= first:
            return numbers, self._weighed(state, lists, idfs, numbers)
        places = np.argpartition(-bounds, first)[:first]
        scores = self._weighed(state, lists, idfs, numbers[places])
        bounds[places] = -1
        others = np.flatnonzero(bounds >= np.partition(scores, first - k)[first - k])
        more = self._weighed(state, lists, idfs, numbers[others])
        return np.concatenate([numbers[places], numbers[others]]), np.concatenate([scores, more])

    def _weighed(self, state: _State, lists: Sequence[_List], idfs: Sequence[float], numbers: Numbers) -> Scores:
        norm = _norm(self._lengths(state, numbers), state.average)
        total = np.zeros(len(numbers))
        for each, idf in zip(lists, idfs, strict=True):
            total += _part(idf, each.of(numbers), norm)
        return total

    def _present(self) -> _State:
        """Returns what is known of the present state; what was read of an earlier one is forgotten."""
        generation = self._database.generation
        if self._state.generation != generation:
            self._state = _State(generation, *size(self._database))
        return self._state

    def _list(self, state: _State, term: str) -> _List | None:
        if term not in state.lists:
            found = self._of_phrase(state, term) if " " in term else self._of_term(term)
            entries = len(found.passages) if found else 0
            if state.entries + entries > self._most_kept:
                state.lists, state.entries = {}, 0
            if entries > self._most_kept:
                return found
            state.lists[term] = found
            state.entries += entries
        return state.lists[term]

    def _of_term(self, term: str) -> _List:
        row = self._database.read("SELECT group_concat(doc) FROM temp.term_places WHERE term = ?", (term,)).fetchone()
        places = np.sort(_read(row[0]), kind="stable")
        first = _firsts(places)
        return _List(places[first], np.diff(first, append=len(places)).astype(np.int32))

    def _of_phrase(self, state: _State, phrase: str) -> _List | None:
        """Returns None where it stands in too many passages."""
        sql = "SELECT group_concat(rowid) FROM terms WHERE terms MATCH ?"
        passages = np.sort(_read(self._database.read(sql, (f'"{phrase}"',)).fetchone()[0]))
        if len(passages) > _WIDEST:
            return None
        texts = self._texts(state, passages.tolist())
        counts = [occurrences(texts[number].split(), phrase) for number in passages.tolist()]
        return _List(passages, np.array(counts, dtype=np.int32))

    def _texts(self, state: _State, numbers: Sequence[int]) -> dict[int, str]:
        if len(state.texts) + len(numbers) > _MOST_TEXTS:
            state.texts = {}
        missing = [number for number in numbers if number not in state.texts]
        for start in range(0, len(missing), _MOST_PARAMETERS):
            part = missing[start : start + _MOST_PARAMETERS]
            rows = self._database.read(
                f"SELECT number, searched FROM passages WHERE number IN ({', '.join('?' * len(part))})", part
            )
            state.texts.update((number, spread(data)) for number, data in rows)
        return {number: state.texts[number] for number in numbers if number in state.texts}

    def _lengths(self, state: _State, numbers: Numbers) -> NDArray[np.int32]:
        """Returns how many terms each passage has, from FTS5's own record of them: a variable-length integer."""
        most = int(numbers.max(initial=0))
        if most >= len(state.lengths):
            state.lengths = np.concatenate([state.lengths, np.zeros(most + 1 - len(state.lengths), dtype=np.int32)])
        unknown = numbers[state.lengths[numbers] == 0]
        if len(unknown):
            rows = self._database.read(
                "SELECT id, sz FROM terms_docsize WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(unknown.tolist()),),
            ).fetchall()
            lengths = [integers(written)[0] if len(written) > 1 else written[0] for _, written in rows]
            state.lengths[[number for number, _ in rows]] = lengths
        return np.asarray(state.lengths[numbers], dtype=np.int32)


def size(database: Database) -> tuple[int, float]:
    """Returns the number of passages and the mean number of their terms, from FTS5's own record of both.

    Source: SQLite's fts5_index.c, "averages record": variable-length integers, the rows first, then a sum a column.
    """
    row = database.read("SELECT block FROM terms_data WHERE id = 1").fetchone()
    passages, terms, *_ = [*integers(row[0] if row else b""), 0, 0]
    return passages, terms / passages if passages and terms else 1.0


def integers(written: bytes) -> list[int]:
    """Returns the variable-length integers that SQLite wrote one after the other, of at most eight bytes each."""
    found, value = [], 0
    for byte in written:
        value = value << 7 | byte & 127
        if byte < 128:
            found.append(value)
            value = 0
    return found


def _read(written: str | None) -> Numbers:
    return np.fromstring(written or "", dtype=np.int64, sep=",")


def _firsts(numbers: Numbers) -> Numbers:
    """Returns the places, in numbers above 0 that ascend, of the first of each that are equal."""
    return np.flatnonzero(np.diff(numbers, prepend=0))


def _bounded(lists: Sequence[_List], idfs: Sequence[float], average: float) -> tuple[Numbers, Scores]:
    """Returns the passages of the lists, ascending, and for each a score that its own is not above."""
    every = np.concatenate([each.passages for each in lists])
    if not len(every):
        return every, np.zeros(0)
    shortest = _norm(np.ones(1), average)
    parts = [_part(idf, each.counts, shortest) for each, idf in zip(lists, idfs, strict=True)]
    order = np.argsort(every, kind="stable")  # which takes rows that ascend, one after the other, as they are
    numbers = every[order]
    first = _firsts(numbers)
    return numbers[first], np.add.reduceat(np.concatenate(parts)[order], first) * (1 + _ROUNDING)


def _norm(lengths: NDArray[Any], average: float) -> Scores:
    return np.asarray(K1 * (1 - B + B * lengths / average))


def _part(idf: float, counts: NDArray[np.int32], norm: Scores) -> Scores:
    return np.asarray(idf * ((counts * (K1 + 1.0)) / (counts + norm)))


def _idf(passages: int, holding: int) -> float:
    idf = math.log((passages - holding + 0.5) / (holding + 0.5))
    return idf if idf > 0 else LEAST_IDF

"""Lists of the passages that hold a term, kept in memory, and the BM25 ranking of what they hold together.

FTS5 looks up the length of every passage that holds a word of the question, and goes through each list twice. Here the
lengths, and each list that is asked for, are read once for each state of the index. Scores are added up in one pass,
and those that may be among the best once more as FTS5 does it: they are its own to the last bit.

Source: SQLite's fts5_aux.c, fts5Bm25Function, whose order of operations is kept.
"""

import math
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.database import Database
from index.texts import spread
from index.types import Match

K1, B, LEAST_IDF = 1.2, 0.75, 1e-6  # of FTS5's bm25()
_MOST_KEPT = 2_000_000  # entries of lists
_BYTES = 3  # of a length at most: below two million
_ROUNDING = 1e-9  # more than the order in which a score is added up does to it
_MOST_TEXTS = 5_000  # passages whose terms are kept
_PLAIN = re.compile("[a-z0-9.]+(?: [a-z0-9.]+)*")  # FTS5 takes these terms as they are, whatever its version of Unicode
_MOST_PARAMETERS = 500

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _List:
    """The passages that hold a term, ascending, with its counts in them; with FTS5's scores where it is a phrase."""

    passages: Numbers
    values: NDArray[np.float64]
    scored: bool = False

    def of(self, numbers: Numbers) -> Scores:
        """Returns the value of each passage, 0 for those that are not in the list."""
        if not len(self.passages):
            return np.zeros(len(numbers))
        places = np.minimum(np.searchsorted(self.passages, numbers), len(self.passages) - 1)
        return np.where(self.passages[places] == numbers, self.values[places], 0.0)

    def scores(self, values: Scores, norms: Scores, passages: int) -> Scores:
        """Returns what the term adds to the scores of passages where it has these values."""
        if self.scored:
            return values
        idf = math.log((passages - len(self.passages) + 0.5) / (len(self.passages) + 0.5))
        return np.asarray((idf if idf > 0 else LEAST_IDF) * ((values * (K1 + 1.0)) / (values + norms)))


@dataclass(slots=True)
class _State:
    """What was read of one state of the index."""

    generation: str
    passages: int
    average: float
    lists: dict[str, _List] = field(default_factory=dict)
    entries: int = 0
    texts: dict[int, str] = field(default_factory=dict)  # the terms of passages
    norms: Scores | None = None  # what BM25 makes of the length of each passage, by passage


class Postings:
    """Ranks by words over one database. Safe to share between threads."""

    def __init__(self, database: Database, *, most_kept: int = _MOST_KEPT) -> None:
        self._database, self._most_kept = database, most_kept
        self._lock = threading.Lock()
        self._state = _State("", 0, 1.0)

    def best(self, terms: Sequence[str], k: int, allowed: Numbers | None = None) -> list[Match] | None:
        """Returns the k passages of highest BM25 among those that hold any of the terms, best first, ties by number.

        A term with spaces is a phrase; one that is given twice counts twice. Only passages in `allowed` are returned
        where it is given; that changes no score. None where a term is not written in plain letters and figures: FTS5
        may read it otherwise.
        """
        if not all(map(_PLAIN.fullmatch, terms)):
            return None
        with self._database.snapshot(), self._lock:
            state = self._present()
            lists = [self._list(state, term) for term in terms]
            numbers, scores = self._ranked(state, lists, k, allowed)
        order = np.lexsort((numbers, -scores))[:k]
        ranked = zip(numbers[order].tolist(), scores[order].tolist(), strict=True)
        return [Match(number, score) for number, score in ranked]

    def texts(self, numbers: Sequence[int]) -> dict[int, str]:
        """Returns the terms of the passages, in order, with spaces between; numbers no longer there are left out."""
        with self._database.snapshot(), self._lock:
            return self._texts(self._present(), numbers)

    def _ranked(self, state: _State, lists: Sequence[_List], k: int, allowed: Numbers | None) -> tuple[Numbers, Scores]:
        """Returns passages with their scores: the best k are among them."""
        norms = self._norms(state)
        is_allowed = None if allowed is None else _bits(allowed, len(norms))
        numbers, scores = _added_up(lists, norms, state.passages, is_allowed)
        if len(numbers) > k:
            least = np.partition(scores, len(scores) - k)[len(scores) - k]
            numbers = numbers[scores >= least * (1 - _ROUNDING)]
        total = np.zeros(len(numbers))
        for each in lists:
            total += each.scores(each.of(numbers), norms[numbers], state.passages)
        return numbers, total

    def _present(self) -> _State:
        """Returns what is known of the present state; what was read of an earlier one is forgotten."""
        generation = self._database.generation
        if self._state.generation != generation:
            self._state = _State(generation, *size(self._database))
        return self._state

    def _list(self, state: _State, term: str) -> _List:
        found = state.lists.get(term)
        if found is None:
            found = self._of_phrase(term) if " " in term else self._of_term(term)
            if state.entries + len(found.passages) > self._most_kept:
                state.lists, state.entries = {}, 0
            if len(found.passages) <= self._most_kept:
                state.lists[term] = found
                state.entries += len(found.passages)
        return found

    def _of_term(self, term: str) -> _List:
        row = self._database.read("SELECT group_concat(doc) FROM temp.term_places WHERE term = ?", (term,)).fetchone()
        places = np.sort(_read(row[0]), kind="stable")
        first = np.flatnonzero(np.diff(places, prepend=0))
        return _List(places[first], np.diff(first, append=len(places)).astype(np.float64))

    def _of_phrase(self, phrase: str) -> _List:
        rows = self._database.read(
            "SELECT rowid, -bm25(terms) FROM terms WHERE terms MATCH ? ORDER BY rowid", (f'"{phrase}"',)
        ).fetchall()
        both = np.array(rows, dtype=np.float64).reshape(-1, 2)
        return _List(both[:, 0].astype(np.int64), both[:, 1].copy(), scored=True)

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

    def _norms(self, state: _State) -> Scores:
        """Reads the lengths from FTS5's own record of them: a variable-length integer each."""
        if state.norms is None:
            row = self._database.read(
                f"SELECT group_concat(id), group_concat(substr('{'00' * _BYTES}' || hex(sz), -{2 * _BYTES}), '')"
                " FROM terms_docsize"
            ).fetchone()
            numbers = _read(row[0])
            written = np.frombuffer(bytes.fromhex(row[1] or ""), dtype=np.uint8).reshape(-1, _BYTES)
            lengths = np.zeros(int(numbers.max(initial=0)) + 1)
            lengths[numbers] = (written & 127) @ (1 << 7 * np.arange(_BYTES)[::-1])
            state.norms = np.asarray(K1 * (1 - B + B * lengths / state.average))
        return state.norms


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


def _bits(numbers: Numbers, length: int) -> NDArray[np.bool_]:
    """Returns which numbers below `length` are given."""
    bits = np.zeros(length, dtype=bool)
    bits[numbers[numbers < length]] = True
    return bits


def _added_up(
    lists: Sequence[_List], norms: Scores, passages: int, is_allowed: NDArray[np.bool_] | None
) -> tuple[Numbers, Scores]:
    """Returns the passages of the lists, ascending, with their scores as far as the order of adding up leaves them.

    Of those that are not allowed nothing is added up.
    """
    kept = [np.s_[:] if is_allowed is None else is_allowed[each.passages] for each in lists]
    parts = [(each, each.passages[places], each.values[places]) for each, places in zip(lists, kept, strict=True)]
    every = np.concatenate([numbers for _, numbers, _ in parts])
    if not len(every):
        return every, np.zeros(0)
    scores = np.concatenate([each.scores(values, norms[numbers], passages) for each, numbers, values in parts])
    order = np.argsort(every, kind="stable")  # which takes rows that ascend, one after the other, as they are
    numbers = every[order]
    first = np.flatnonzero(np.diff(numbers, prepend=0))
    return numbers[first], np.add.reduceat(scores[order], first)

"""Which passages a narrowed search may find: those of the documents that meet its conditions."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.database import Database
from index.numbering import Made, made_of
from index.rows import condition
from index.types import Where

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _State:
    """Every passage, by number, and the document of each. Those that are gone since it was first read may be there."""

    made: Made
    generation: str
    passages: Numbers
    documents: Numbers


class Allowed:
    """Tells the passages over one database. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._state: _State | None = None

    def of(self, where: Where) -> Numbers:
        """Returns the passages of the documents that meet the conditions, in order; perhaps some that are gone."""
        narrowed, parameters = condition(where)
        rows = self._database.read(f"SELECT d.number FROM documents d WHERE {narrowed}", parameters)
        wanted = np.fromiter((row[0] for row in rows), dtype=np.int64)
        state = self._present()
        is_wanted = np.zeros(1 + max(wanted.max(initial=0), state.documents.max(initial=0)), dtype=bool)
        is_wanted[wanted] = True
        return np.asarray(state.passages[is_wanted[state.documents]])

    def _present(self) -> _State:
        """Returns the present state; of one that was read before only the passages that came since are read."""
        with self._lock:
            # The rows may be of a later state than the generation: then they are looked for again at the next search.
            made, generation = made_of(self._database), self._database.generation
            if self._state is None or self._state.made != made:
                self._state = self._read(made, generation)
            elif self._state.generation != generation:
                self._state = self._with_later(self._state, generation)
            return self._state

    def _read(self, made: Made, generation: str) -> _State:
        # In this order an index of the table has both, and the passages themselves need not be read.
        both = _pairs(self._database.read("SELECT number, document FROM passages ORDER BY document").fetchall())
        both = both[np.argsort(both[:, 0])]
        return _State(made, generation, both[:, 0].copy(), both[:, 1].copy())

    def _with_later(self, state: _State, generation: str) -> _State:
        later = _pairs(
            self._database.read(
                "SELECT number, document FROM passages WHERE number > ? ORDER BY number",
                (int(state.passages.max(initial=0)),),
            ).fetchall()
        )
        passages = np.concatenate([state.passages, later[:, 0]])
        return _State(state.made, generation, passages, np.concatenate([state.documents, later[:, 1]]))


def _pairs(rows: Sequence[tuple[int, int]]) -> Numbers:
    return np.array(rows, dtype=np.int64).reshape(-1, 2)

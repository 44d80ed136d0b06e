"""How many passages there are and hold a term, and how many documents have no date: counted once for each state.

SQLite counts rows by reading an index, and FTS5 the passages of a term by reading its list: with a million passages
either takes as long as the rest of a search.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace

from index.database import Database
from index.rows import condition
from index.types import EVERYWHERE, Where
from index.vocabulary import Asked, Vocabulary

_MOST_KEPT = 100_000  # terms; what is asked for has no end
_MOST_PARAMETERS = 500
_READ_WHOLE = 50_000  # passages up to which all terms are read at once


class Counts:
    """Counts over one database. Safe to share between threads."""

    def __init__(self, database: Database, *, read_whole: int = _READ_WHOLE) -> None:
        """`read_whole` is the number of passages up to which a vocabulary is read at once."""
        self._database, self._read_whole = database, read_whole
        self._lock = threading.Lock()
        self._generation = ""
        self._passages: int | None = None
        self._undated: int | None = None
        self._terms: dict[str, int] = {}
        self._vocabulary: Vocabulary | None = None

    def passages(self) -> int:
        """Returns the number of passages."""
        with self._lock:
            self._look()
            if self._passages is None:
                self._passages = int(self._database.read("SELECT count(*) FROM passages").fetchone()[0])
            return self._passages

    def undated(self, where: Where) -> int:
        """Returns how many documents without a date meet the conditions besides `as_of`.

        Labels other than dates may change within a state, so only the number of all undated documents is kept.
        """
        where = replace(where, as_of=None)
        with self._lock:
            self._look()
            if where != EVERYWHERE:
                return self._count_undated(where)
            if self._undated is None:
                self._undated = self._count_undated(where)
            return self._undated

    def _count_undated(self, where: Where) -> int:
        narrowed, parameters = condition(where)
        sql = f"SELECT count(*) FROM documents d WHERE d.date IS NULL AND {narrowed}"
        return int(self._database.read(sql, parameters).fetchone()[0])

    def of(self, terms: Iterable[str]) -> dict[str, int]:
        """Returns the number of passages that each term occurs in."""
        wanted = list(dict.fromkeys(terms))
        with self._lock:
            self._look()
            missing = [term for term in wanted if term not in self._terms]
            if len(self._terms) + len(missing) > _MOST_KEPT:
                self._terms, missing = {}, wanted
            for start in range(0, len(missing), _MOST_PARAMETERS):
                part = missing[start : start + _MOST_PARAMETERS]
                marks = ", ".join("?" * len(part))
                rows = self._database.read(f"SELECT term, doc FROM term_counts WHERE term IN ({marks})", part)
                self._terms |= dict.fromkeys(part, 0) | dict(rows)
            return {term: self._terms[term] for term in wanted}

    def vocabulary(self) -> Vocabulary:
        """Returns every term with the number of passages it occurs in; of many passages each as it is looked up."""
        many = self.passages() > self._read_whole
        with self._lock:
            self._look()
            if self._vocabulary is None:
                counts: Mapping[str, int] = Asked(self.of)
                if not many:
                    counts = dict(self._database.read("SELECT term, doc FROM term_counts"))
                self._vocabulary = Vocabulary(counts)
            return self._vocabulary

    def _look(self) -> None:
        """Forgets what was counted of an earlier state."""
        generation = self._database.generation
        if generation != self._generation:
            self._generation, self._passages, self._undated = generation, None, None
            self._terms, self._vocabulary = {}, None

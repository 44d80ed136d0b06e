"""The vectors of the database, ready to search: kept in a file of the same state, made again when that lags.

An exact index is made from the database in seconds, by whoever needs it. An approximate one takes longer and is made
when vectors are saved; until then the search is exact.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from documents.errors import BadSetting
from index import vector_file
from index.codes import decoded_wholes
from index.database import Database
from index.recall import GOOD, QUESTIONS, Probes, drawn, probes, recall
from index.rows import condition, embeddings_of
from index.types import EVERYWHERE, Match, Vectors, Where
from index.vector_file import About
from index.vectors import (
    BREADTHS,
    FLAT,
    IVF,
    KINDS,
    ApproximateVectors,
    Block,
    FlatVectors,
    Numbers,
    VectorIndex,
    approximate,
    sample_size,
)

SETTING = "vectors"
_BLOCK = 8192  # passages read together
_MOST_PARAMETERS = 500
_Held = tuple[str, str, VectorIndex]  # generation, kind, vectors


class Dense:
    """Dense search over one database. Safe to share between threads."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database, self._path = database, path
        self._lock = threading.Lock()
        self._saving = threading.Lock()  # apart, so that searches go on while an approximate index is made
        self._held: _Held | None = None
        self._of_documents: tuple[str, Numbers, Numbers] | None = None  # generation, passages, their documents

    @property
    def kind(self) -> str:
        return self._database.setting(SETTING) or FLAT

    @property
    def is_compact(self) -> bool:
        """Whether passages that are put from now on keep their vectors as codes (index/codes.py)."""
        return self.kind == IVF

    def choose(self, kind: str) -> None:
        """Sets the kind; its file is made when vectors are saved.

        Raises: BadSetting for one that is unknown.
        """
        if kind not in KINDS:
            raise BadSetting(f"{kind!r} is no kind of vector search. Known are {', '.join(KINDS)}.")
        self._database.set_setting(SETTING, kind)

    def about(self) -> About | None:
        """Returns what the file says of itself where it is of the present state and kind."""
        about = vector_file.read_about(self._path)
        return about if about and (about.generation, about.kind) == (self._database.generation, self.kind) else None

    def nearest(self, vector: Vectors, k: int, where: Where) -> list[Match]:
        """Returns the k passages of highest cosine similarity, best first, ties by number."""
        allowed = None if where == EVERYWHERE else self._allowed(where)
        return self._current().search(vector, k, allowed)

    def save(self) -> None:
        """Makes the file of the present state, unless it is there and whole."""
        with self._saving:
            generation, kind = self._database.generation, self.kind
            loaded = self._loaded(generation, kind)
            made = (generation, kind, loaded) if loaded is not None else self._make(kind)
            with self._lock:
                self._held = made

    def _current(self) -> VectorIndex:
        generation, kind = self._database.generation, self.kind
        with self._lock:
            if self._held is None or self._held[:2] != (generation, kind):
                loaded = self._loaded(generation, kind)
                if loaded is not None:
                    self._held = (generation, kind, loaded)
                elif self._held is None or self._held[0] != generation:
                    made_of, flat = self._flat()
                    self._held = (made_of, FLAT, flat)
            return self._held[2]

    def _loaded(self, generation: str, kind: str) -> VectorIndex | None:
        if kind == FLAT:
            return FlatVectors.load(self._path, generation)
        return ApproximateVectors.load(self._path, generation, kind, self._exact)

    def _flat(self) -> tuple[str, FlatVectors]:
        with self._database.snapshot():  # the generation and the rows it stands for are read as one
            generation = self._database.generation
            blocks = list(self._blocks())
        numbers = np.concatenate([block[0] for block in blocks]) if blocks else np.zeros(0, dtype=np.int64)
        empty = np.zeros((0, int(self._database.setting("dimension") or 1)), dtype=np.float32)
        return generation, FlatVectors(numbers, np.concatenate([block[1] for block in blocks]) if blocks else empty)

    def _make(self, kind: str) -> _Held:
        """Makes the vectors of that kind from the database, and their file. Those of no passages are flat."""
        with self._database.snapshot():
            generation = self._database.generation
            numbers = self._numbers()
            if kind != FLAT and len(numbers):
                made, about = self._approximate(generation, kind, numbers)
                made.save(self._path, about)
                return generation, kind, made
        generation, flat = self._flat()
        flat.save(self._path, generation)
        return generation, FLAT, flat

    def _approximate(self, generation: str, kind: str, numbers: Numbers) -> tuple[ApproximateVectors, About]:
        """Returns an approximate index that looks as far as good recall takes, and what was measured."""
        sample = self._exact(drawn(numbers, sample_size(kind, len(numbers))))[1]
        made = approximate(kind, sample, len(numbers), self._blocks(), self._exact)
        asked = self._probes(numbers)
        found = None
        for breadth in BREADTHS[kind]:
            made.breadth = breadth
            found = recall(made.search, asked, len(numbers))
            if found is None or found >= GOOD:
                break
        return made, About(generation, kind, len(numbers), made.breadth, found, len(asked.own))

    def _probes(self, numbers: Numbers) -> Probes:
        """Returns a sentence's vector of each of the passages drawn; of one without sentences its own."""
        vectors = []
        own = drawn(numbers, QUESTIONS)
        random = np.random.default_rng(0)
        for number in own.tolist():
            row = self._database.read(
                "SELECT vector, sentence_vectors, compact FROM passages WHERE number = ?", (number,)
            ).fetchone()
            held = embeddings_of([row])[0]
            vectors.append(held.spans[random.integers(len(held.spans))] if len(held.spans) else held.whole)
        return probes(np.stack(vectors), own, self._blocks())

    def _blocks(self) -> Iterator[Block]:
        rows = self._database.read("SELECT number, vector, compact FROM passages ORDER BY number")
        while part := rows.fetchmany(_BLOCK):
            yield _block(part)

    def _numbers(self) -> Numbers:
        return np.array([row[0] for row in self._database.read("SELECT number FROM passages ORDER BY number")])

    def _exact(self, numbers: Numbers) -> Block:
        """Returns the passages that are there, with their vectors."""
        rows: list[tuple[int, bytes, int]] = []
        for start in range(0, len(numbers), _MOST_PARAMETERS):
            part = numbers[start : start + _MOST_PARAMETERS].tolist()
            marks = ", ".join("?" * len(part))
            rows += self._database.read(f"SELECT number, vector, compact FROM passages WHERE number IN ({marks})", part)
        if not rows:
            return np.zeros(0, dtype=np.int64), np.zeros((0, 1), dtype=np.float32)
        return _block(rows)

    def _allowed(self, where: Where) -> Numbers:
        """Returns the passages of the documents that meet the conditions, in order."""
        narrowed, parameters = condition(where)
        rows = self._database.read(f"SELECT d.number FROM documents d WHERE {narrowed}", parameters)
        wanted = np.fromiter((row[0] for row in rows), dtype=np.int64)
        passages, documents = self._passages_of_documents()
        return np.sort(passages[np.isin(documents, wanted)])

    def _passages_of_documents(self) -> tuple[Numbers, Numbers]:
        """Returns every passage and the document of each, read once for each state of the index."""
        generation = self._database.generation
        if self._of_documents is None or self._of_documents[0] != generation:
            # The rows may be of a later state than the generation: then they are read again at the next search.
            rows = self._database.read("SELECT number, document FROM passages ORDER BY document, number").fetchall()
            both = np.array(rows, dtype=np.int64).reshape(-1, 2)
            self._of_documents = (generation, both[:, 0], both[:, 1])
        return self._of_documents[1:]


def _block(rows: list[tuple[int, bytes, int]]) -> Block:
    numbers = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    coded = np.fromiter((row[2] for row in rows), dtype=bool, count=len(rows))
    data = [b"".join(row[1] for row in rows if bool(row[2]) is compact) for compact in (False, True)]
    if not coded.any():
        return numbers, np.frombuffer(data[0], dtype="<f4").reshape(len(rows), -1)
    decoded = decoded_wholes(data[1], int(coded.sum()))
    vectors = np.empty((len(rows), decoded.shape[1]), dtype=np.float32)
    vectors[coded] = decoded
    vectors[~coded] = np.frombuffer(data[0], dtype="<f4").reshape(-1, decoded.shape[1])
    return numbers, vectors

"""The vectors of the database, ready to search: those of a file, and those of the passages that came after it.

The file is made when vectors are saved. While documents come and go it is searched on, what came after it is compared
exactly, and what is gone is left out; it is made again once more than a twentieth of the passages changed. Without a
file of the chosen kind, and until there is one, the search is exact.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from documents.errors import BadSetting
from index import vector_file
from index.allowed import Allowed
from index.codes import decoded_wholes
from index.database import Database
from index.grown import Grown
from index.numbering import Made, last_number, made_of, set_made
from index.recall import GOOD, QUESTIONS, Probes, drawn, probes, recall
from index.rows import embeddings_of
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
_LITTLE = 0.05  # share of a file's passages that may have changed before it is made again
_BLOCK = 8192  # passages read together
_MOST_PARAMETERS = 500
_Row = tuple[int, bytes, int]  # number, vector, whether that is stored as codes


@dataclass(frozen=True, slots=True)
class _State:
    """What tells whether the vectors that are held are those to search."""

    generation: str
    kind: str
    made: Made


@dataclass(frozen=True, slots=True)
class _Held:
    state: _State
    vectors: Grown


class Dense:
    """Dense search over one database. Safe to share between threads."""

    def __init__(self, database: Database, path: Path, allowed: Allowed) -> None:
        self._database, self._path, self._allowed = database, path, allowed
        self._lock = threading.Lock()
        self._saving = threading.Lock()  # apart, so that searches go on while an approximate index is made
        self._held: _Held | None = None

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
        """Returns what the file says of itself where it is of the chosen kind, and searched."""
        found = self._file(self._state())
        return found[0] if found and found[0].kind == self.kind else None

    def later(self) -> int:
        """Returns how many passages came after the file that is searched, and are compared exactly."""
        found = self._file(self._state())
        return self._later_than(found[1]) if found else 0

    def nearest(self, vector: Vectors, k: int, where: Where) -> list[Match]:
        """Returns the k passages of highest cosine similarity, best first, ties by number."""
        allowed = None if where == EVERYWHERE else self._allowed.of(where)
        return self._current().search(vector, k, allowed, self._there)

    def save(self, *, lazily: bool = False) -> None:
        """Makes the file of the present state, unless it is there and whole.

        With `lazily` a whole file stays from which at most a twentieth of the passages differ.
        """
        with self._saving:
            state = self._state()
            if lazily and self._lacks_little(state):
                return
            about = vector_file.read_about(self._path)
            if (
                about
                and (about.generation, about.kind) == (state.generation, state.kind)
                and (held := self._opened(state))
            ):
                self._keep(held.state.generation, held.vectors)
            else:
                self._keep(*self._make(state.kind))

    def _keep(self, generation: str, vectors: Grown) -> None:
        """Notes what the file was made of, and holds its vectors."""
        made = Made(generation, vectors.after)
        if made != made_of(self._database):
            with self._database.transaction() as writer:
                about = vector_file.read_about(self._path)
                if about and about.generation == generation:  # another process may have made one since
                    set_made(writer, made)
        with self._lock:
            self._held = _Held(_State(generation, self.kind, made), vectors)

    def _lacks_little(self, state: _State) -> bool:
        found = self._file(state)
        if found is None or found[0].kind != state.kind:
            return False
        (about, after), most = found, _LITTLE * found[0].passages
        came = last_number(self._database.read) - after  # those that are gone again count too
        if came > most:
            return False
        (count,) = self._database.read("SELECT count(*) FROM passages").fetchone()
        gone = about.passages - (count - self._later_than(after))
        return came + gone <= most and vector_file.is_whole(self._path)

    def _later_than(self, number: int) -> int:
        return int(self._database.read("SELECT count(*) FROM passages WHERE number > ?", (number,)).fetchone()[0])

    def _state(self) -> _State:
        return _State(self._database.generation, self.kind, made_of(self._database))

    def _current(self) -> Grown:
        held = self._held
        if held is not None and held.state == self._state():
            return held.vectors
        with self._lock, self._database.snapshot():  # the state and the rows it stands for are read as one
            state, held = self._state(), self._held
            if held is None or (held.state.kind, held.state.made) != (state.kind, state.made):
                held = self._opened(state) or _Held(_State("", state.kind, state.made), Grown())
            if held.state != state:
                later = [_block(rows) for rows in self._rows(held.vectors.last)]
                held = _Held(state, held.vectors.with_later(later, is_whole=held.state.generation == ""))
            self._held = held
            return held.vectors

    def _file(self, state: _State) -> tuple[About, int] | None:
        """Returns what the file says of itself, and the greatest number it may hold; None where it is of no use."""
        about = vector_file.read_about(self._path)
        if about is None or about.kind not in (state.kind, FLAT):
            return None
        if about.generation == state.made.generation:
            return about, state.made.last
        return (about, last_number(self._database.read)) if about.generation == state.generation else None

    def _opened(self, state: _State) -> _Held | None:
        """Returns the vectors of the file, in the state that it was made of."""
        found = self._file(state)
        if found is None:
            return None
        about, after = found
        base: VectorIndex | None
        if about.kind == FLAT:
            base = FlatVectors.load(self._path, about.generation)
        else:
            base = ApproximateVectors.load(self._path, about.generation, about.kind, self._exact)
        if base is None:
            return None
        return _Held(_State(about.generation, state.kind, state.made), Grown(base, after, after))

    def _make(self, kind: str) -> tuple[str, Grown]:
        """Makes the vectors of that kind from the database, and their file. Those of no passages are flat."""
        with self._database.snapshot():
            generation, last = self._database.generation, last_number(self._database.read)
            numbers = self._numbers()
            made: VectorIndex
            if kind != FLAT and len(numbers):
                made, about = self._approximate(generation, kind, numbers)
                made.save(self._path, about)
            else:
                made = self._flat()
                made.save(self._path, generation)
        return generation, Grown(made, last, last)

    def _flat(self) -> FlatVectors:
        blocks = [_block(rows) for rows in self._rows()]
        if not blocks:
            return FlatVectors([], np.zeros((0, int(self._database.setting("dimension") or 1)), dtype=np.float32))
        return FlatVectors(
            np.concatenate([block[0] for block in blocks]), np.concatenate([block[1] for block in blocks])
        )

    def _approximate(self, generation: str, kind: str, numbers: Numbers) -> tuple[ApproximateVectors, About]:
        """Returns an approximate index that looks as far as good recall takes, and what was measured."""
        sample = self._exact(drawn(numbers, sample_size(kind, len(numbers))))[1]
        coded = 0

        def blocks() -> Iterator[Block]:
            nonlocal coded
            for rows in self._rows():
                coded += sum(row[2] for row in rows)
                yield _block(rows)

        made = approximate(kind, sample, len(numbers), blocks(), self._exact)
        asked = self._probes(numbers)
        found = None
        for breadth in BREADTHS[kind]:
            made.breadth = breadth
            found = recall(made.search, asked, len(numbers))
            if found is None or found >= GOOD:
                break
        return made, About(generation, kind, len(numbers), made.breadth, found, len(asked.own), coded)

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
        return probes(np.stack(vectors), own, map(_block, self._rows()))

    def _rows(self, after: int = 0) -> Iterator[list[_Row]]:
        """Yields the passages of greater numbers, in order."""
        rows = self._database.read(
            "SELECT number, vector, compact FROM passages WHERE number > ? ORDER BY number", (after,)
        )
        while part := rows.fetchmany(_BLOCK):
            yield part

    def _numbers(self) -> Numbers:
        return np.array([row[0] for row in self._database.read("SELECT number FROM passages ORDER BY number")])

    def _exact(self, numbers: Numbers) -> Block:
        """Returns the passages that are there, with their vectors."""
        rows: list[_Row] = []
        for start in range(0, len(numbers), _MOST_PARAMETERS):
            part = numbers[start : start + _MOST_PARAMETERS].tolist()
            marks = ", ".join("?" * len(part))
            rows += self._database.read(f"SELECT number, vector, compact FROM passages WHERE number IN ({marks})", part)
        if not rows:
            return np.zeros(0, dtype=np.int64), np.zeros((0, 1), dtype=np.float32)
        return _block(rows)

    def _there(self, numbers: Sequence[int]) -> set[int]:
        """Returns those of the passages that are there."""
        found = set[int]()
        for start in range(0, len(numbers), _MOST_PARAMETERS):
            part = numbers[start : start + _MOST_PARAMETERS]
            marks = ", ".join("?" * len(part))
            found.update(
                row[0] for row in self._database.read(f"SELECT number FROM passages WHERE number IN ({marks})", part)
            )
        return found


def _block(rows: Sequence[_Row]) -> Block:
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

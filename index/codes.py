"""Vectors in few bytes, for an index that would fill the disk with exact ones.

A passage's vector is a float32, its greatest absolute number, and a byte a dimension: 127ths of that number. A
sentence's vector is told by what it differs by from its passage's: a bfloat16, the scale of the difference, and two
bits a dimension, which name one of four levels. These are the best four for numbers that are normally distributed. The
scale is the one with which the decoded difference is neither nearer to other vectors nor farther from them, in the
mean, than the difference itself; that of least squares would bring all sentences nearer to their passage.

Coding what was decoded gives the same bytes again, so copies of an index stay as they are.

Sources: of the levels Max, "Quantizing for Minimum Distortion", 1960, table I, N = 4; of the scale Gao and Long,
"RaBitQ", 2024.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.types import Embedding, Vectors

_MOST = 127
_SCALE, _SHORT = 4, 2  # bytes of the number that a row of codes begins with: a passage's, a sentence's
_LEVELS = np.array([-1.51, -0.4528, 0.4528, 1.51], dtype=np.float32)
_EDGE = (_LEVELS[2] + _LEVELS[3]) / 2  # between the inner and the outer level
_BITS, _IN_A_BYTE = 2, 4
_SHIFTS = np.arange(0, 8, _BITS, dtype=np.uint8)
_OF_BYTE = _LEVELS[(np.arange(256, dtype=np.uint8)[:, None] >> _SHIFTS) & 3]  # byte -> its four levels
_FOUR = _OF_BYTE.view(np.complex128).ravel()  # the four as one number of 16 bytes, which is taken faster
_LEAST = np.float32(1e-30)  # what would be 0 is divided by it
# Below this scale a sentence has its passage's vector: both are of length 1, so that rounding is near.
_SAME = np.float32(1e-4)
_SLACK = 2e-3  # of a scale: more than rounding does to a level

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
    # What was decoded has levels of one scale, which its greatest number tells: that scale is kept.
    found = np.abs(difference).max(axis=1, keepdims=True, initial=0) / _LEVELS[-1]
    codes = _nearest(difference, found)
    decoded = np.abs(difference - _LEVELS[codes] * found).max(axis=1, keepdims=True, initial=0) <= _SLACK * found
    squares = (difference**2).sum(axis=1, keepdims=True)
    codes = np.where(decoded, codes, _nearest(difference, np.sqrt(squares / max(1, spans.shape[1]))))
    along = np.maximum((difference * _LEVELS[codes]).sum(axis=1, keepdims=True), _LEAST)
    scale = np.where(decoded, found, squares / along).astype("<f4")
    same = scale < _SAME
    scale, codes = np.where(same, np.float32(0), scale), np.where(same, np.uint8(0), codes)
    short = ((scale.view("<u4") + 0x8000) >> 16).astype("<u2")  # as bfloat16
    return np.concatenate([short.view(np.uint8), _packed(codes)], axis=1)


def _decoded_spans(data: bytes, wholes: Vectors) -> Vectors:
    """Returns sentences' vectors from their codes; `wholes` has a row a sentence, as the result."""
    rows = np.frombuffer(data, dtype=np.uint8).reshape(len(wholes), _bytes_of_span(wholes.shape[1]))
    scale = (np.ascontiguousarray(rows[:, :_SHORT]).view("<u2").astype("<u4") << 16).view("<f4")
    levels = np.take(_FOUR, rows[:, _SHORT:]).view(np.float32)[:, : wholes.shape[1]]
    levels *= scale
    return np.asarray(wholes + levels, dtype=np.float32)


def _bytes_of_span(dimension: int) -> int:
    return _SHORT + -(-dimension // _IN_A_BYTE)


def _nearest(difference: Vectors, scale: Vectors) -> _Bytes:
    edge = scale * _EDGE
    above = [np.greater(difference, least).view(np.uint8) for least in (-edge, 0, edge)]
    return np.asarray(above[0] + above[1] + above[2], dtype=np.uint8)


def _packed(codes: _Bytes) -> _Bytes:
    count, dimension = codes.shape
    held = np.zeros((count, -(-dimension // _IN_A_BYTE), _IN_A_BYTE), dtype=np.uint8)
    held.reshape(count, held.shape[1] * _IN_A_BYTE)[:, :dimension] = codes
    held <<= _SHIFTS
    return np.asarray(held[:, :, 0] | held[:, :, 1] | held[:, :, 2] | held[:, :, 3], dtype=np.uint8)

"""How many of the nearest passages an approximate search finds, measured on the passages of the index itself.

The questions are sentences of passages drawn with a seed: a sentence's own vector, which is no passage's. The passage
that it stands in is left out of both rankings, as finding that one would prove little. A passage found counts if it is
as near as the tenth of the exact ranking, so that ties cost nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.types import Match, Vectors

QUESTIONS = 200
PLACES = 10
GOOD = 0.98  # an index looks no further once it has this recall
_SLACK = 1e-6  # of a cosine: sums in another order
SEED = 20

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Probes:
    """Questions as vectors, the passage each was drawn from, and the cosine of its tenth nearest other passage."""

    vectors: Vectors
    own: Numbers
    tenth: Vectors


def drawn(numbers: Numbers, count: int, seed: int = SEED) -> Numbers:
    """Returns `count` distinct numbers at most, in order, the same ones for the same numbers and seed."""
    if len(numbers) <= count:
        return numbers
    return np.sort(np.random.default_rng(seed).choice(numbers, count, replace=False))


def probes(vectors: Vectors, own: Numbers, blocks: Iterable[tuple[Numbers, Vectors]]) -> Probes:
    """Returns the questions with their exact tenth places; `blocks` are all passages, each once.

    Where there are fewer than ten other passages, the last of them takes the place of the tenth.
    """
    best = np.full((len(vectors), PLACES), -np.inf, dtype=np.float32)
    for numbers, block in blocks:
        cosines = vectors @ block.T
        cosines[own[:, None] == numbers[None, :]] = -np.inf
        best = -np.sort(-np.concatenate([best, cosines], axis=1), axis=1)[:, :PLACES]
    tenth = np.where(np.isfinite(best), best, np.inf).min(axis=1, initial=np.inf)
    return Probes(vectors, own, tenth.astype(np.float32))


def recall(search: Callable[[Vectors, int], list[Match]], asked: Probes, passages: int) -> float | None:
    """Returns the share of the ten nearest other passages that a search finds; None where there are none to find."""
    places = min(PLACES, passages - 1)
    if places <= 0 or not len(asked.own):
        return None
    found = 0
    for vector, own, tenth in zip(asked.vectors, asked.own, asked.tenth, strict=True):
        others = [match for match in search(vector, places + 1) if match.number != own][:places]
        found += sum(match.score >= tenth - _SLACK for match in others)
    return found / (places * len(asked.own))

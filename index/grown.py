"""The vectors of a file and those of the passages that came after it, searched as one.

The later ones are compared one by one. Passages that are gone stay among the vectors, so who searches says which are
there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.types import Match, Vectors
from index.vectors import Block, FlatVectors, Numbers, VectorIndex

There = Callable[[Sequence[int]], set[int]]  # numbers -> those of passages that are there


@dataclass(frozen=True, slots=True)
class Grown:
    """`base` holds passages up to the number `after`, `later` those from there up to `last`, as far as they are held.

    `is_whole` says that no passage that is held is gone. Nothing in it changes: `with_later` returns another one.
    """

    base: VectorIndex | None = None
    after: int = 0
    last: int = 0
    later: tuple[FlatVectors, ...] = ()
    is_whole: bool = True

    def with_later(self, blocks: Sequence[Block], *, is_whole: bool) -> "Grown":
        """Returns these with passages of greater numbers."""
        if not blocks:
            return replace(self, is_whole=is_whole)
        last = int(blocks[-1][0].max())
        later = list(self.later)
        added = _together(blocks)
        # As large as what is added or smaller: so there are few, and a vector is copied a few times only.
        while later and len(later[-1]) <= len(added):
            added = _together([later.pop().block(), added.block()])
        return replace(self, last=last, later=(*later, added), is_whole=is_whole)

    def search(self, vector: Vectors, k: int, allowed: Numbers | None, there: There) -> list[Match]:
        """Returns at most k matches, best first, ties by number; only passages in `allowed` where it is given."""
        older = newer = allowed
        if allowed is not None:
            place = int(np.searchsorted(allowed, self.after, side="right"))
            older, newer = allowed[:place], allowed[place:]
        parts: list[tuple[VectorIndex, Numbers | None]] = [(self.base, older)] if self.base is not None else []
        parts += [(part, newer) for part in self.later]
        found = [part.search(vector, k, among) for part, among in parts]
        if not self.is_whole:
            present = there([match.number for matches in found for match in matches])
            for place, (part, among) in enumerate(parts):
                if any(match.number not in present for match in found[place]):
                    found[place] = _present(part, vector, k, among, there)
        return sorted((match for each in found for match in each), key=lambda each: (-each.score, each.number))[:k]


def _present(part: VectorIndex, vector: Vectors, k: int, among: Numbers | None, there: There) -> list[Match]:
    """Returns the k best that are there, as far as there are so many."""
    wanted = 2 * k
    while True:
        found = part.search(vector, wanted, among)
        present = there([match.number for match in found])
        kept = [match for match in found if match.number in present]
        if len(kept) >= k or len(found) < wanted:
            return kept[:k]
        wanted *= 2


def _together(blocks: Sequence[Block]) -> FlatVectors:
    return FlatVectors(np.concatenate([block[0] for block in blocks]), np.concatenate([block[1] for block in blocks]))

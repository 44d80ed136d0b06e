"""How well a ranking has what is relevant at its head. Gains are the ranked items' relevance, best first."""

import math
from collections.abc import Sequence


def first_rank(gains: Sequence[bool]) -> int | None:
    """Returns the rank, from 1, of the first relevant item; None where there is none."""
    return gains.index(True) + 1 if True in gains else None


def success(rank: int | None, k: int) -> float:
    """Returns 1.0 where the first relevant item, at `rank`, is among the first k, else 0.0: success@k, or Hit@k."""
    return float(rank is not None and rank <= k)


def reciprocal_rank(gains: Sequence[bool]) -> float:
    """Returns 1 over the rank of the first relevant item, 0.0 where there is none.

    Source: Voorhees 1999, the TREC-8 question answering track.
    """
    rank = first_rank(gains)
    return 1 / rank if rank else 0.0


def recall(gains: Sequence[bool], relevant: int, k: int) -> float:
    """Returns the share of the relevant items, of which there are `relevant` (1 or more), among the first k."""
    return sum(gains[:k]) / relevant


def ndcg(gains: Sequence[bool], relevant: int, k: int) -> float:
    """Returns the discounted gain of the first k over that of the best ranking of `relevant` items (1 or more).

    Source: Järvelin and Kekäläinen 2002, with gains of 0 and 1 and the discount 1/log2(rank + 1).
    """
    found = sum(_discount(rank) for rank, gain in enumerate(gains[:k], 1) if gain)
    return found / sum(_discount(rank) for rank in range(1, min(relevant, k) + 1))


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)

"""BM25 as SQLite's FTS5 computes it, over rows of terms: so that every store ranks alike.

Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009; k1, b, the least weight of a term and the
idf without "1 +" as in FTS5's bm25() (https://www.sqlite.org/fts5.html#the_bm25_function).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

K1, B = 1.2, 0.75
_LEAST = 1e-6  # the weight of a term that more than half of the passages hold


@dataclass(frozen=True, slots=True)
class Collection:
    """What BM25 must know of all passages: how many there are, and their terms on average."""

    passages: int
    average: float


def scores(rows: Sequence[str], wanted: Sequence[str], held: Mapping[str, int], collection: Collection) -> list[float]:
    """Returns the score of each row of terms; 0 for one that holds none of the wanted.

    A wanted term with spaces is a phrase; `held` says how many passages of the collection hold each of the wanted.
    """
    weights = {term: _weight(held[term], collection.passages) for term in wanted}
    return [_score(row.split(), wanted, weights, collection.average) for row in rows]


def occurrences(terms: Sequence[str], wanted: str) -> int:
    """Returns how often a term, or a phrase of terms, stands in a row of terms."""
    phrase = wanted.split()
    if len(phrase) == 1:
        return terms.count(wanted)
    return sum(list(terms[start : start + len(phrase)]) == phrase for start in range(len(terms) - len(phrase) + 1))


def _score(terms: Sequence[str], wanted: Sequence[str], weights: Mapping[str, float], average: float) -> float:
    norm = K1 * (1 - B + B * len(terms) / average) if average else K1
    counts = ((term, occurrences(terms, term)) for term in wanted)
    return sum(weights[term] * count * (K1 + 1) / (count + norm) for term, count in counts if count)


def _weight(held: int, passages: int) -> float:
    return max(math.log(max(passages - held + 0.5, 0.5) / (held + 0.5)), _LEAST)

"""Lexical search over one database: BM25 by SQLite's FTS5, bounded where a question's words are common.

FTS5 weighs every passage that holds any word. In a large index a word such as "document" is in a tenth of them and
tells little. Where the words of a question are in more than MOST passages, added up, only the rarer ones are searched
for, as many as stay below that, and the commoner ones are added to the score of what these find.
"""

import math
from collections.abc import Mapping, Sequence

from index.allowed import Allowed
from index.counts import Counts
from index.database import Database
from index.postings import K1, LEAST_IDF, B, Postings, size
from index.rows import condition
from index.types import EVERYWHERE, Match, Where

MOST = 10_000  # passages weighed for a question; below it nothing is left out
_DEEPER = 4  # times as many are found by the rarer words as are wanted, as the others may change their order


def matching(
    database: Database,
    counts: Counts,
    postings: Postings,
    allowed: Allowed,
    terms: Sequence[str],
    k: int,
    where: Where,
    most: int = MOST,
) -> list[Match]:
    """Returns the k passages of highest BM25 score among those that hold any of the terms, best first, ties by number.

    A term with spaces is a phrase. Nothing is left out where the search is narrowed or would find too few.
    """
    if not terms or k <= 0:
        return []
    if where != EVERYWHERE:
        return _narrowed(database, postings, allowed, terms, k, where)
    held = counts.of([term for term in terms if " " not in term])
    searched = rarest(held, most)
    if len(searched) == len(held):
        return _everywhere(database, postings, terms, k)
    kept = [term for term in terms if term not in held or term in searched]
    found = _everywhere(database, postings, kept, _DEEPER * k)
    if len(found) < k:
        return _everywhere(database, postings, terms, k)
    left = {term: count for term, count in held.items() if term not in searched}
    return _with_common(size(database), postings, found, left, k)


def rarest(counts: Mapping[str, int], most: int) -> set[str]:
    """Returns the rarest terms that are in no more than `most` passages together, one at least that is in any."""
    kept, total = set[str](), 0
    for term in sorted(counts, key=lambda each: (counts[each], each)):
        if total and total + counts[term] > most:
            break
        kept.add(term)
        total += counts[term]
    return kept


def _everywhere(database: Database, postings: Postings, terms: Sequence[str], k: int) -> list[Match]:
    found = postings.best(terms, k)
    if found is not None:
        return found
    # Without a join: SQLite would look up both other tables for every passage that holds a word.
    rows = database.read(
        "SELECT rowid, -bm25(terms) AS score FROM terms WHERE terms MATCH ? ORDER BY score DESC, rowid LIMIT ?",
        (_expression(terms), k),
    )
    return [Match(int(number), float(score)) for number, score in rows]


def _narrowed(
    database: Database, postings: Postings, allowed: Allowed, terms: Sequence[str], k: int, where: Where
) -> list[Match]:
    found = postings.best(terms, k, allowed.of(where))
    if found is not None:
        return found
    narrowed, parameters = condition(where)
    rows = database.read(
        "SELECT terms.rowid, -bm25(terms) AS score FROM terms JOIN passages p ON p.number = terms.rowid"
        f" JOIN documents d ON d.number = p.document WHERE terms MATCH ? AND {narrowed}"
        " ORDER BY score DESC, terms.rowid LIMIT ?",
        (_expression(terms), *parameters, k),
    )
    return [Match(int(number), float(score)) for number, score in rows]


def _with_common(
    size: tuple[int, float], postings: Postings, found: Sequence[Match], left: Mapping[str, int], k: int
) -> list[Match]:
    """Returns the k best of the matches, with what the terms that were left out add to their scores.

    The terms of a match are read only while one further down may still come up.
    """
    passages, average = size
    weights = {f" {term} ": max(LEAST_IDF, math.log((passages - n + 0.5) / (n + 0.5))) for term, n in left.items()}
    most = (K1 + 1) * sum(weights.values())  # that can be added
    best: list[Match] = []
    for start in range(0, len(found), k):
        if len(best) == k and found[start].score + most < best[-1].score:
            break
        part = _added(postings, found[start : start + k], weights, average)
        best = sorted([*best, *part], key=lambda match: (-match.score, match.number))[:k]
    return best


def _added(postings: Postings, found: Sequence[Match], weights: Mapping[str, float], average: float) -> list[Match]:
    """Returns the matches with what the terms add to their scores."""
    texts = postings.texts([match.number for match in found])
    scored = []
    for match in found:
        text = texts.get(match.number, "")
        padded = f" {text} ".replace(" ", "  ")  # so that neighbours share no space
        norm = K1 * (1 - B + B * (text.count(" ") + 1) / average)
        counts = {term: padded.count(term) for term in weights}
        more = sum(weights[term] * n * (K1 + 1) / (n + norm) for term, n in counts.items() if n)
        scored.append(Match(match.number, match.score + more))
    return scored


def _expression(terms: Sequence[str]) -> str:
    return " OR ".join(f'"{term}"' for term in terms)

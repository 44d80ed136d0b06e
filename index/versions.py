"""Documents that are nearly the same: wire copies of one story, consolidations of one Act at two dates.

Each document has a MinHash signature of its runs of five words: the share of places at which two signatures agree
estimates the Jaccard similarity of the two sets of runs. Documents that agree in one of 32 bands of four places are
compared, and those at 0.6 or above are of one group, as are those near to any of the group. With 128 places the
estimate's standard error is at most 0.044; a pair at 0.6 meets in a band with probability 0.99, one at 0.2 with 0.05.

Source: Broder, "On the resemblance and containment of documents", 1997; banding as in Leskovec, Rajaraman, Ullman,
"Mining of Massive Datasets", chapter 3.
"""

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.database import Database, Writer
from index.texts import text_of

LEAST = 0.6  # similarity within a group
_RUN = 5  # words
_PLACES, _BANDS = 128, 32
_FEWEST_WORDS = 20  # of a document that can have versions: shorter ones are alike by chance
_PRIME = np.uint64(4294967311)  # the first above 2**32
_AT_ONCE = 4096  # runs
_WORD = re.compile(r"\w+")
_random = np.random.default_rng(1997)
_FACTORS = _random.integers(1, 2**31, _PLACES, dtype=np.uint64)
_SHIFTS = _random.integers(0, 2**31, _PLACES, dtype=np.uint64)

Signature = NDArray[np.uint32]


def signature(text: str) -> Signature | None:
    """Returns the (128,) signature of a text; None where it has fewer than 20 words."""
    words = _WORD.findall(text.casefold())
    if len(words) < _FEWEST_WORDS:
        return None
    runs = {zlib.crc32(" ".join(words[start : start + _RUN]).encode()) for start in range(len(words) - _RUN + 1)}
    hashes = np.fromiter(sorted(runs), dtype=np.uint64)
    least = np.full(_PLACES, _PRIME, dtype=np.uint64)
    for start in range(0, len(hashes), _AT_ONCE):
        part = hashes[start : start + _AT_ONCE, None]
        least = np.minimum(least, ((part * _FACTORS + _SHIFTS) % _PRIME).min(axis=0))
    return least.astype(np.uint32)


def similarity(one: Signature, other: Signature) -> float:
    """Returns the estimated Jaccard similarity, 0 to 1."""
    return float((one == other).mean())


def group_versions(database: Database) -> None:
    """Finds the group of every document that has not been looked at, a transaction each."""
    missing = database.read("SELECT number FROM documents WHERE number NOT IN (SELECT document FROM versions)")
    for (number,) in missing.fetchall():
        with database.transaction() as writer:
            row = writer.execute("SELECT 1 FROM documents WHERE number = ?", (number,)).fetchone()
            if row is not None:  # another process may have removed it
                _place(writer, number, signature(text_of(writer.execute, number)))


def forget(writer: Writer, document: int) -> None:
    """Takes a document out of its group."""
    writer.execute("DELETE FROM versions WHERE document = ?", (document,))
    writer.execute("DELETE FROM bands WHERE document = ?", (document,))


def _place(writer: Writer, document: int, own: Signature | None) -> None:
    forget(writer, document)
    groups: set[int] = set()
    if own is not None:
        keys = bands(own)
        near = writer.execute(
            "SELECT DISTINCT v.kin, v.signature FROM bands b JOIN versions v ON v.document = b.document"
            f" WHERE b.hash IN ({', '.join('?' * len(keys))})",
            keys,
        )
        groups = {kin for kin, other in near if similarity(own, np.frombuffer(other, dtype="<u4")) >= LEAST}
        for key in keys:
            writer.insert("bands", {"hash": key, "document": document})
    # subtle: a group bears the least number of its documents; numbers only grow, so it is never given anew.
    kin = min(groups, default=document)
    for group in groups - {kin}:
        writer.execute("UPDATE versions SET kin = ? WHERE kin = ?", (kin, group))
    kept = b"" if own is None else own.astype("<u4").tobytes()
    writer.insert("versions", {"document": document, "signature": kept, "kin": kin})


def bands(own: Signature) -> Sequence[int]:
    """Returns a hash of each band, with its place in it: bands of different places never meet."""
    rows = own.reshape(_BANDS, -1).astype("<u4")
    return [zlib.crc32(row.tobytes(), place) * _BANDS + place for place, row in enumerate(rows)]

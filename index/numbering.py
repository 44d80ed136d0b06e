"""The numbers of passages: each is given once, so that the passages of a later state are those of greater numbers.

SQLite gives the greatest number again once its passage is gone. What was read of an index up to a number would then
not be what has that number now: in a file of vectors, or in the memory of a process that has the index open.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from index.database import Database, Writer

_LAST, _MADE = "last_passage", "vectors_made"  # settings
Read = Callable[[str, Sequence[Any]], Iterable[tuple[Any, ...]]]  # an SQL statement with its parameters -> rows


@dataclass(frozen=True, slots=True)
class Made:
    """The state that the file of vectors was made of, and the greatest number that had been given by then."""

    generation: str = ""
    last: int = 0


def new_numbers(writer: Writer, count: int) -> range:
    """Returns numbers for passages that are to be inserted; none of them was ever that of another."""
    first = last_number(writer.execute) + 1
    _set(writer, _LAST, str(first + count - 1))
    return range(first, first + count)


def keep_numbers(writer: Writer) -> None:
    """Sees to it that no number given so far is given again. To be called before passages are deleted."""
    _set(writer, _LAST, str(last_number(writer.execute)))


def last_number(read: Read) -> int:
    """Returns the greatest number that was given, 0 where there was none."""
    ((given, greatest),) = read(
        "SELECT (SELECT value FROM settings WHERE key = ?), (SELECT max(number) FROM passages)", (_LAST,)
    )
    return max(int(given or 0), int(greatest or 0))


def made_of(database: Database) -> Made:
    """Returns what the file of vectors was last made of; nothing where none was made."""
    generation, _, last = (database.setting(_MADE) or "").partition(" ")
    return Made(generation, int(last or 0))


def set_made(writer: Writer, made: Made) -> None:
    """Notes what the file of vectors was made of."""
    _set(writer, _MADE, f"{made.generation} {made.last}")


def forget_made(writer: Writer) -> None:
    """Notes that no file of vectors is of this database, and that what was read of it by number may not be so now."""
    set_made(writer, Made(uuid.uuid4().hex))


def _set(writer: Writer, key: str, value: str) -> None:
    writer.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))

"""Copies of a whole database, in and out, while other processes read and write it."""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

PAGE_BYTES = 16_384  # rows of vectors fill pages of 4,096 badly: a fifth of these stayed empty
_STEP = 256  # pages copied at a time: between two steps the user may stop it

OnPages = Callable[[int, int], None]  # bytes copied, of bytes in all


def write_snapshot(database: sqlite3.Connection, path: Path, on_pages: OnPages) -> None:
    """Writes the database as it stands to a new file: the same content gives the same bytes.

    What was removed earlier leaves nothing in it, neither in free pages nor in the search terms.
    """
    copy = sqlite3.connect(path, isolation_level=None)
    try:
        database.execute("BEGIN")
        try:
            # subtle: this read holds the snapshot, so that another process's write does not start the copy anew.
            database.execute("SELECT count(*) FROM settings").fetchone()
            _copied(database, copy, on_pages)
        finally:
            database.execute("COMMIT")
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("INSERT INTO terms (terms) VALUES ('optimize')")
        copy.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        copy.execute("VACUUM")
    finally:
        copy.close()


def restore_snapshot(path: Path, database: sqlite3.Connection, on_pages: OnPages) -> None:
    """Replaces everything in the database by what the file at `path` holds, in one transaction.

    Raises: sqlite3.DatabaseError where that is damaged, or holds what no index holds: a trigger, say, would be run.
    """
    source = sqlite3.connect(path, isolation_level=None)
    try:
        strange = _parts(source) - _parts(database)
        if strange:
            raise sqlite3.DatabaseError(f"it holds {sorted(strange)}")
        size = int(database.execute("PRAGMA page_size").fetchone()[0])
        if size != int(source.execute("PRAGMA page_size").fetchone()[0]):
            source.execute("PRAGMA journal_mode = DELETE")
            source.execute(f"PRAGMA page_size = {size}")
            source.execute("VACUUM")
        _copied(source, database, on_pages)
    finally:
        source.close()


def _parts(database: sqlite3.Connection) -> set[tuple[str, str]]:
    return set(database.execute("SELECT type, name FROM sqlite_master"))


def _copied(source: sqlite3.Connection, target: sqlite3.Connection, on_pages: OnPages) -> None:
    """Raises: OSError where the disk is full, or the like."""
    size = int(source.execute("PRAGMA page_size").fetchone()[0])

    def report(_: int, left: int, pages: int) -> None:
        on_pages((pages - left) * size, pages * size)

    try:
        source.backup(target, pages=_STEP, progress=report, sleep=0.05)
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error)) from error

"""The SQLite database of an index: connections, transactions, settings, versions, copies.

sqlite3 is imported here and in snapshot.py, which copies whole databases; nowhere else.
"""

import sqlite3
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from documents.errors import IndexMismatch, IndexMissing, StoreUnreachable
from index.schema import FUNCTIONS, STATEMENTS, UPGRADES, VERSION
from index.snapshot import PAGE_BYTES, OnPages, restore_snapshot, write_snapshot

_NAME = "passages.db"


class Database:
    """Safe to share between threads: each has its own connection."""

    def __init__(self, folder: Path, *, writable: bool) -> None:
        """Opens the database in `folder` and brings it up to date; with `writable` a missing one is made.

        Raises:
            IndexMissing: there is none.
            StoreUnreachable: it may not be opened, or another process holds it.
            IndexMismatch: it was made by another version, or is damaged.
        """
        self._folder = folder
        self._local = threading.local()
        if not self.is_at(folder):
            if not writable:
                raise IndexMissing(
                    f"{folder}: there is no index here. Make one: removals-qa ingest FOLDER --index {folder}"
                )
            folder.mkdir(parents=True, exist_ok=True)
            self._create()
        self._check_version()

    @staticmethod
    def is_at(folder: Path) -> bool:
        """Returns whether there is a database in `folder`, sound or not."""
        return (folder / _NAME).exists()

    @property
    def generation(self) -> str:
        """Names the present state of what is searched; another one after every change of it."""
        return self.setting("generation") or ""

    def setting(self, key: str) -> str | None:
        row = self.read("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, key: str, value: str) -> None:
        with self.transaction() as writer:
            writer.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._connection().execute(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator["Writer"]:
        """All that is written in it is kept, or nothing when it ends by an exception."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield Writer(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read in it is of one state; within a transaction, of that."""
        connection = self._connection()
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("COMMIT")

    def write_copy(self, path: Path, on_pages: OnPages) -> None:
        """Writes the database as it stands to a new file, whoever else may be writing it."""
        write_snapshot(self._connection(), path, on_pages)

    def replace_by(self, path: Path, on_pages: OnPages) -> None:
        """Replaces all of the database by the copy at `path`, in one transaction, and brings that up to date.

        Raises: IndexMismatch where the copy is no index that this version reads.
        """
        try:
            restore_snapshot(path, self._connection(), on_pages)
        except sqlite3.DatabaseError as error:
            raise IndexMismatch(f"{path.name} is damaged or not an index ({error}).") from error
        self._check_version()

    def close(self) -> None:
        """Closes this thread's connection; the next use opens it again."""
        self._connection().close()
        self._local.connection = None

    def _create(self) -> None:
        with self.transaction() as writer:
            for statement in STATEMENTS:
                writer.execute(statement)
            writer.insert("settings", {"key": "version", "value": str(VERSION)})
            writer.move_on()

    def _check_version(self) -> None:
        try:
            version = self.setting("version")
        except sqlite3.DatabaseError as error:
            path = self._folder / _NAME
            # Any operational error but a missing table is of the file's surroundings: what is stored may be sound.
            if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                raise StoreUnreachable(
                    f"{path} cannot be opened ({error}). Check that you may read and write the folder, or try again: "
                    "another program may hold the index."
                ) from error
            raise IndexMismatch(
                f"{path} is damaged or not an index ({error}). If another program is making it just now, try again; "
                "otherwise remove the folder and ingest again."
            ) from error
        while version in UPGRADES:
            version = self._upgrade(version)
        if version != str(VERSION):
            raise IndexMismatch(
                f"{self._folder}: the index has format {version}, this program reads {VERSION}. "
                "Remove the folder and ingest again."
            )

    def _upgrade(self, version: str) -> str:
        """Brings an index of an earlier version to the next; returns that."""
        following = str(int(version) + 1)
        for name, function in FUNCTIONS.items():
            self._connection().create_function(name, -1, function)
        with self.transaction() as writer:
            present = writer.execute("SELECT value FROM settings WHERE key = 'version'").fetchone()[0]
            if present == version:  # another process may have been faster
                for statement in UPGRADES[version]:
                    writer.execute(statement)
                writer.execute("INSERT OR REPLACE INTO settings VALUES ('version', ?)", (following,))
        return following

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # Connections are closed by whichever thread drops the store, hence no check of the thread.
            connection = sqlite3.connect(
                self._folder / _NAME, timeout=60, isolation_level=None, check_same_thread=False
            )
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of a new one; the others keep theirs
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            # Each place of each term; of this connection alone, so that it is no part of the format.
            connection.execute("CREATE VIRTUAL TABLE temp.term_places USING fts5vocab (main, terms, instance)")
            self._local.connection = connection
        return connection


class Writer:
    """Writes within a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Returns the rows that a query finds, by column."""
        cursor = self.execute(sql, parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def insert(self, table: str, row: Mapping[str, Any]) -> int:
        """Inserts a row given by column; returns its number."""
        marks = ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
        return self._connection.execute(sql, tuple(row.values())).lastrowid or 0

    def update(self, table: str, number: int, row: Mapping[str, Any]) -> None:
        """Sets columns of the row of that number."""
        columns = ", ".join(f"{name} = ?" for name in row)
        self._connection.execute(f"UPDATE {table} SET {columns} WHERE number = ?", (*row.values(), number))

    def move_on(self) -> None:
        """Marks what is searched as changed."""
        self.execute("INSERT OR REPLACE INTO settings VALUES ('generation', ?)", (uuid.uuid4().hex,))

"""The embedded PassageStore: one SQLite database is the truth, the FAISS file is derived from it.

An index is a folder:

    passages.db     documents, passages, vectors, search terms, settings
    vectors.faiss   the passage vectors, ready to search; carries the database's generation and is made again
                    when it is missing, damaged or of another generation

Every change of a document is one transaction that also moves the generation on, so a process that has the index
open sees the change at its next search.
"""

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from documents.dates import AS_SET
from documents.errors import BadQuestion, IndexMismatch, IndexMissing
from documents.types import Dated, Document, DocumentInfo, Extract, Heading, Passage
from index.snapshot import OnPages, restore_snapshot, write_snapshot
from index.types import EVERYWHERE, EmbeddedPassage, Embedding, Match, Vectors, Where
from index.vectors import FlatVectors
from index.vocabulary import Vocabulary
from index.words import terms

VERSION = 3
_DATABASE = "passages.db"
_VECTORS = "vectors.faiss"
_SCHEMA = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, origin TEXT NOT NULL,
    title TEXT NOT NULL, date TEXT, date_source TEXT, date_reason TEXT, date_sure INTEGER,
    language TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL,
    text TEXT NOT NULL, headings TEXT NOT NULL, page_starts TEXT NOT NULL,
    redactions INTEGER NOT NULL DEFAULT 0, unread_pages TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents (number),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER, headings TEXT NOT NULL,
    lead_ins TEXT NOT NULL,          -- JSON: [start, end, text] of the lead-ins of each sentence, or nothing
    vector BLOB NOT NULL,            -- float32
    sentences BLOB NOT NULL,         -- int32 pairs: start, end in the document
    sentence_vectors BLOB NOT NULL   -- float16 rows, one a sentence
);
CREATE INDEX passages_of_document ON passages (document);
CREATE VIRTUAL TABLE terms USING fts5 (text, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'");
CREATE VIRTUAL TABLE term_counts USING fts5vocab (terms, row);
"""
_UPGRADES = {  # version -> what makes the next one of it
    "1": (
        "ALTER TABLE documents ADD COLUMN redactions INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE documents ADD COLUMN unread_pages TEXT NOT NULL DEFAULT '[]'",
    ),
    "2": ("ALTER TABLE passages ADD COLUMN lead_ins TEXT NOT NULL DEFAULT '[]'",),  # none until ingested anew
}
_INFO = (
    "d.id, d.title, d.digest, d.date, d.date_source, d.date_reason, d.date_sure, d.language, d.source, d.url,"
    " d.redactions, d.unread_pages"
)
_MOST_PARAMETERS = 500  # SQLite bounds the parameters of one statement

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """`origin` is the path it was ingested from; a date is open that a setting of the date order may change."""

    digest: str
    origin: str
    date_open: bool
    unread_pages: tuple[int, ...]


class SQLiteStore:
    """Safe to share between threads: each has its own connection."""

    def __init__(self, folder: Path, *, writable: bool = False) -> None:
        """Opens the index in `folder`; with `writable` a missing one is made.

        Raises:
            IndexMissing: there is none.
            IndexMismatch: it was made by another version, or the database is damaged.
        """
        self.folder = folder
        self._local = threading.local()
        self._lock = threading.Lock()
        self._vectors: tuple[str, FlatVectors] | None = None
        self._vocabulary: tuple[str, Vocabulary] | None = None
        path = folder / _DATABASE
        if not path.exists():
            if not writable:
                raise IndexMissing(
                    f"{folder}: there is no index here. Make one: removals-qa ingest FOLDER --index {folder}"
                )
            folder.mkdir(parents=True, exist_ok=True)
            self._create()
        self._check_version()

    @staticmethod
    def is_at(folder: Path) -> bool:
        """Returns whether there is an index in `folder`, sound or not."""
        return (folder / _DATABASE).exists()

    # -- settings

    def setting(self, key: str) -> str | None:
        row = self._read("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, key: str, value: str) -> None:
        with self._transaction() as database:
            database.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, value))

    # -- writing

    def put(self, document: Document, passages: Sequence[EmbeddedPassage], *, origin: str) -> None:
        """Stores a document with its passages in one transaction; an earlier one of the same id is replaced.

        `origin` tells where the document came from: pruning looks only at documents of the same origin.
        """
        info = document.info
        dated = info.dated
        with self._transaction() as database:
            self._delete(database, info.id)
            number = database.execute(
                "INSERT INTO documents (id, digest, origin, title, date, date_source, date_reason, date_sure, language,"
                " source, url, text, headings, page_starts, redactions, unread_pages)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    info.id,
                    info.digest,
                    origin,
                    info.title,
                    info.date,
                    dated.source if dated else None,
                    dated.reason if dated else None,
                    dated.sure if dated else None,
                    info.language,
                    info.source,
                    info.url,
                    document.text,
                    json.dumps([(heading.start, heading.end, heading.level) for heading in document.headings]),
                    json.dumps(document.page_starts),
                    info.redactions,
                    json.dumps(info.unread_pages),
                ),
            ).lastrowid
            for each in passages:
                self._insert_passage(database, int(number or 0), each)
            self._move_on(database)

    def remove(self, document_id: str) -> bool:
        """Removes a document; returns whether it was there."""
        with self._transaction() as database:
            found = self._delete(database, document_id)
            if found:
                self._move_on(database)
            return found

    def set_origin(self, document_id: str, origin: str) -> None:
        """Notes that a document, which stays as it is, now comes from elsewhere."""
        with self._transaction() as database:
            database.execute("UPDATE documents SET origin = ? WHERE id = ?", (origin, document_id))

    def save_vectors(self) -> None:
        """Writes the FAISS file of the present generation."""
        generation, vectors = self._current_vectors()
        vectors.save(self.folder / _VECTORS, generation)

    # -- searching

    def nearest(self, vector: Vectors, k: int, where: Where = EVERYWHERE) -> list[Match]:
        """Returns the k passages of highest cosine similarity, exactly, best first."""
        allowed = None if where == EVERYWHERE else self._numbers(where)
        return self._current_vectors()[1].search(vector, k, allowed)

    def matching(self, terms: Sequence[str], k: int, where: Where = EVERYWHERE) -> list[Match]:
        """Returns the k passages of highest BM25 score among those that hold any of the terms, best first.

        A term with spaces is a phrase: its terms one after the other.

        Source: SQLite's FTS5 bm25(), k1 = 1.2, b = 0.75, with its sign turned so that higher is better.
        """
        if not terms or k <= 0:
            return []
        condition, parameters = _condition(where)
        rows = self._read(
            "SELECT terms.rowid, -bm25(terms) AS score FROM terms JOIN passages p ON p.number = terms.rowid"
            f" JOIN documents d ON d.number = p.document WHERE terms MATCH ? AND {condition}"
            " ORDER BY score DESC, terms.rowid LIMIT ?",
            (" OR ".join(f'"{term}"' for term in terms), *parameters, k),
        )
        return [Match(int(number), float(score)) for number, score in rows]

    def term_counts(self, terms: Iterable[str]) -> dict[str, int]:
        """Returns the number of passages that each term occurs in."""
        wanted = list(dict.fromkeys(terms))
        counts = dict.fromkeys(wanted, 0)
        for part in _parts(wanted):
            marks = ", ".join("?" * len(part))
            counts.update(self._read(f"SELECT term, doc FROM term_counts WHERE term IN ({marks})", part))
        return counts

    def vocabulary(self) -> Vocabulary:
        """Returns every term with the number of passages it occurs in, read once for each state of the index."""
        generation = self.setting("generation") or ""
        with self._lock:
            if self._vocabulary is None or self._vocabulary[0] != generation:
                counts = dict(self._read("SELECT term, doc FROM term_counts"))
                self._vocabulary = (generation, Vocabulary(counts))
            return self._vocabulary[1]

    def terms_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Returns the terms of the passages, in order, with spaces between; numbers no longer there are left out."""
        found: dict[int, str] = {}
        for part in _parts(numbers):
            found.update(
                self._read(f"SELECT rowid, text FROM terms WHERE rowid IN ({', '.join('?' * len(part))})", part)
            )
        return found

    def passages(self, numbers: Sequence[int]) -> dict[int, EmbeddedPassage]:
        """Returns the passages by number, in the order asked for; numbers that no longer exist are left out."""
        found: dict[int, EmbeddedPassage] = {}
        for part in _parts(numbers):
            rows = self._read(
                'SELECT p.number, p.start, p."end", p.page, p.headings, p.lead_ins, p.vector, p.sentences,'
                f' p.sentence_vectors, substr(d.text, p.start + 1, p."end" - p.start), {_INFO} FROM passages p'
                f" JOIN documents d ON d.number = p.document WHERE p.number IN ({', '.join('?' * len(part))})",
                part,
            )
            found.update({int(row[0]): _embedded_passage(row) for row in rows})
        return {number: found[number] for number in numbers if number in found}

    def passage_at(self, document_id: str, start: int, end: int) -> Passage | None:
        """Returns the passage that holds the whole span, or None."""
        row = self._read(
            "SELECT p.number FROM passages p JOIN documents d ON d.number = p.document"
            ' WHERE d.id = ? AND p.start <= ? AND p."end" >= ? AND ? < ?',
            (document_id, start, end, start, end),
        ).fetchone()
        return self.passages([row[0]])[row[0]].passage if row else None

    def passage_count(self) -> int:
        return int(self._read("SELECT count(*) FROM passages").fetchone()[0])

    # -- documents

    def documents(self) -> list[DocumentInfo]:
        """Returns what is known of every document, by id."""
        return [_info(row) for row in self._read(f"SELECT {_INFO} FROM documents d ORDER BY d.id")]

    def document(self, document_id: str) -> Document:
        """Raises BadQuestion when there is none of that id."""
        row = self._read(
            f"SELECT d.text, d.headings, d.page_starts, {_INFO} FROM documents d WHERE d.id = ?", (document_id,)
        ).fetchone()
        if row is None:
            raise BadQuestion(f"{document_id}: no document of this id. List them: removals-qa documents list")
        headings = tuple(Heading(*each) for each in json.loads(row[1]))
        return Document(_info(row[3:]), row[0], headings, tuple(json.loads(row[2])))

    def passage_counts(self) -> dict[str, int]:
        """Returns the number of passages of each document."""
        return dict(
            self._read(
                "SELECT d.id, count(p.number) FROM documents d LEFT JOIN passages p ON p.document = d.number"
                " GROUP BY d.id"
            )
        )

    def known(self) -> dict[str, KnownDocument]:
        """Returns what ingest must know of every document, by id."""
        rows = self._read("SELECT id, digest, origin, date_sure, date_reason, unread_pages FROM documents")
        return {
            identity: KnownDocument(
                digest, origin, sure == 0 or (reason or "").endswith(AS_SET), tuple(json.loads(unread))
            )
            for identity, digest, origin, sure, reason, unread in rows
        }

    # -- moving

    def snapshot(self, path: Path, on_pages: OnPages = lambda done, total: None) -> None:
        """Writes the database as it stands to a new file, whoever else may be writing it."""
        write_snapshot(self._connection(), path, on_pages)

    def restore(self, path: Path, on_pages: OnPages = lambda done, total: None) -> None:
        """Replaces all that the index holds by the snapshot at `path`, in one transaction: whoever has it open sees it.

        Raises: IndexMismatch where the snapshot is no index that this version reads.
        """
        try:
            restore_snapshot(path, self._connection(), on_pages)
        except sqlite3.DatabaseError as error:
            raise IndexMismatch(f"{path.name} is damaged or not an index ({error}).") from error
        self._check_version()

    def close(self) -> None:
        """Closes this thread's connection, so that the folder can be moved; the next use opens it again."""
        self._connection().close()
        self._local.connection = None

    # -- inside

    def _create(self) -> None:
        with self._transaction() as database:
            for statement in _SCHEMA.split(";\n"):
                if statement.strip():
                    database.execute(statement)
            database.execute("INSERT INTO settings VALUES ('version', ?)", (str(VERSION),))
            self._move_on(database)

    def _check_version(self) -> None:
        try:
            version = self.setting("version")
        except sqlite3.DatabaseError as error:
            raise IndexMismatch(
                f"{self.folder / _DATABASE} is damaged or not an index ({error}). Remove the folder and ingest again."
            ) from error
        while version in _UPGRADES:
            version = self._upgrade(version)
        if version != str(VERSION):
            raise IndexMismatch(
                f"{self.folder}: the index has format {version}, this program reads {VERSION}. "
                "Remove the folder and ingest again."
            )

    def _upgrade(self, version: str) -> str:
        """Brings an index of an earlier version to the next; returns that."""
        following = str(int(version) + 1)
        with self._transaction() as database:
            present = database.execute("SELECT value FROM settings WHERE key = 'version'").fetchone()[0]
            if present == version:  # another process may have been faster
                for statement in _UPGRADES[version]:
                    database.execute(statement)
                database.execute("INSERT OR REPLACE INTO settings VALUES ('version', ?)", (following,))
        return following

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            # Connections are closed by whichever thread drops the store, hence no check of the thread.
            connection = sqlite3.connect(
                self.folder / _DATABASE, timeout=60, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            self._local.connection = connection
        return connection

    def _read(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._connection().execute(sql, parameters)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        database = self._connection()
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")

    def _move_on(self, database: sqlite3.Connection) -> None:
        database.execute("INSERT OR REPLACE INTO settings VALUES ('generation', ?)", (uuid.uuid4().hex,))

    def _delete(self, database: sqlite3.Connection, document_id: str) -> bool:
        row = database.execute("SELECT number FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is None:
            return False
        database.execute("DELETE FROM terms WHERE rowid IN (SELECT number FROM passages WHERE document = ?)", row)
        database.execute("DELETE FROM passages WHERE document = ?", row)
        database.execute("DELETE FROM documents WHERE number = ?", row)
        return True

    def _insert_passage(self, database: sqlite3.Connection, document: int, each: EmbeddedPassage) -> None:
        passage = each.passage
        number = database.execute(
            'INSERT INTO passages (document, start, "end", page, headings, lead_ins, vector, sentences,'
            " sentence_vectors) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document,
                passage.start,
                passage.end,
                passage.page,
                json.dumps(passage.headings, ensure_ascii=False),
                _written(passage.lead_ins),
                each.embedding.whole.astype("<f4").tobytes(),
                np.asarray(passage.sentences, dtype="<i4").tobytes(),
                each.embedding.spans.astype("<f2").tobytes(),
            ),
        ).lastrowid
        words = terms(f"{passage.context}\n{passage.text}", passage.info.language)
        database.execute("INSERT INTO terms (rowid, text) VALUES (?, ?)", (number, " ".join(words)))

    def _current_vectors(self) -> tuple[str, FlatVectors]:
        generation = self.setting("generation") or ""
        with self._lock:
            if self._vectors is None or self._vectors[0] != generation:
                loaded = FlatVectors.load(self.folder / _VECTORS, generation)
                self._vectors = (generation, loaded) if loaded is not None else self._build_vectors()
            return self._vectors

    def _build_vectors(self) -> tuple[str, FlatVectors]:
        database = self._connection()
        database.execute("BEGIN")  # the generation and the rows it stands for are read as one
        try:
            generation = self.setting("generation") or ""
            rows = database.execute("SELECT number, vector FROM passages ORDER BY number").fetchall()
        finally:
            database.execute("COMMIT")
        dimension = int(self.setting("dimension") or (len(rows[0][1]) // 4 if rows else 1))
        data = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4").reshape(len(rows), dimension)
        return generation, FlatVectors([row[0] for row in rows], data)

    def _numbers(self, where: Where) -> NDArray[np.int64]:
        condition, parameters = _condition(where)
        rows = self._read(
            "SELECT p.number FROM passages p JOIN documents d ON d.number = p.document"
            f" WHERE {condition} ORDER BY p.number",
            parameters,
        )
        return np.fromiter((row[0] for row in rows), dtype=np.int64)


def _condition(where: Where) -> tuple[str, list[str]]:
    """Returns an SQL condition on documents d, with its parameters."""
    conditions, parameters = ["1"], list[str]()
    if where.documents is not None:
        conditions.append("d.id IN (SELECT value FROM json_each(?))")
        parameters.append(json.dumps(sorted(where.documents)))
    if where.as_of is not None:
        conditions.append("d.date <= ?")
        parameters.append(where.as_of.isoformat())
    return " AND ".join(conditions), parameters


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _MOST_PARAMETERS):
        yield items[start : start + _MOST_PARAMETERS]


def _info(row: Sequence[Any]) -> DocumentInfo:
    identity, title, digest, day, source, reason, sure, language, publisher, url, redactions, unread = row
    dated = Dated(date.fromisoformat(day), source, reason, bool(sure)) if day else None
    pages = tuple(json.loads(unread))
    return DocumentInfo(identity, title, digest, dated, language, publisher, url, redactions, pages)


def _embedded_passage(row: Sequence[Any]) -> EmbeddedPassage:
    _, start, end, page, headings, leads, vector, sentences, sentence_vectors, text = row[:10]
    spans = np.frombuffer(sentences, dtype="<i4").reshape(-1, 2)
    whole: Vectors = np.frombuffer(vector, dtype="<f4")
    parts: Vectors = np.frombuffer(sentence_vectors, dtype="<f2").astype(np.float32).reshape(len(spans), len(whole))
    passage = Passage(
        info=_info(row[10:]),
        start=start,
        end=end,
        text=text,
        sentences=tuple((int(low), int(high)) for low, high in spans),
        headings=tuple(json.loads(headings)),
        page=page,
        lead_ins=tuple(tuple(Extract(*lead) for lead in each) for each in json.loads(leads)),
    )
    return EmbeddedPassage(passage, Embedding(whole, parts))


def _written(leads: Sequence[Sequence[Extract]]) -> str:
    return json.dumps([[[one.start, one.end, one.text] for one in each] for each in leads], ensure_ascii=False)

"""The embedded PassageStore: one SQLite database is the truth, the FAISS file is derived from it.

An index is a folder:

    passages.db     documents, passages, vectors, search terms, settings
    vectors.faiss   the passage vectors, ready to search; carries the generation of the database that it was made of,
                    and is made again when it is missing, damaged, or lacks more than a few of the passages

Every change of a document is one transaction that also moves the generation on, so a process that has the index
open sees the change at its next search.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from documents.dates import AS_SET
from documents.errors import BadQuestion
from documents.labels import NOTHING_SAID, Labels, labelled
from documents.types import Document, DocumentInfo, Passage
from index.allowed import Allowed
from index.counts import Counts
from index.database import Database, Writer
from index.dense import Dense
from index.lexical import matching
from index.numbering import forget_made, keep_numbers, new_numbers
from index.postings import Postings
from index.rows import (
    INFO,
    PASSAGE,
    PLACED,
    PLAIN,
    condition,
    document_of,
    document_row,
    embeddings_of,
    info_of,
    labels_row,
    passage_rows,
    passages_of,
    placed_of,
    plain_of,
    with_labels,
)
from index.snapshot import OnPages
from index.taken import TakenOut, insert_rows, rows_of
from index.texts import delete_text, spread, squeezed, text_of, texts_of, write_text
from index.types import EVERYWHERE, EmbeddedPassage, Embedding, Facets, Match, Placed, Vectors, Where
from index.vectors import FLAT
from index.versions import forget, group_versions
from index.vocabulary import Vocabulary
from index.words import terms
from index.writable import KnownDocument, Name, StoredDocument, TakenDocument

_NAMED = "d.id = ? OR d.number = (SELECT document FROM names WHERE id = ?)"
_VECTORS = "vectors.faiss"
_MOST_PARAMETERS = 500  # SQLite bounds the parameters of one statement

_KNOWN = "id, digest, origin, date_sure, date_reason, unread_pages, folder"
T = TypeVar("T")


class SQLiteStore:
    """Safe to share between threads: each has its own connection."""

    def __init__(self, folder: Path, *, writable: bool = False) -> None:
        """Opens the index in `folder`; with `writable` a missing one is made.

        Raises:
            IndexMissing: there is none.
            IndexMismatch: it was made by another version, or the database is damaged.
        """
        self.folder = folder
        self._database = Database(folder, writable=writable)
        self._allowed = Allowed(self._database)
        self.dense = Dense(self._database, folder / _VECTORS, self._allowed)
        self._counts = Counts(self._database)
        self._postings = Postings(self._database)

    @staticmethod
    def is_at(folder: Path) -> bool:
        """Returns whether there is an index in `folder`, sound or not."""
        return Database.is_at(folder)

    @property
    def location(self) -> str:
        return str(self.folder)

    @property
    def vectors(self) -> str:
        kind = self.dense.kind
        if kind == FLAT:
            return "exact"
        return (
            kind if self.dense.about() else f"{kind}, not made yet: exact until then. Run: removals-qa vectors {kind}"
        )

    def bytes_on_disk(self) -> int | None:
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())

    # -- settings

    def setting(self, key: str) -> str | None:
        return self._database.setting(key)

    def set_setting(self, key: str, value: str) -> None:
        self._database.set_setting(key, value)

    # -- writing

    def put(
        self, document: Document, passages: Sequence[EmbeddedPassage], *, origin: str, folder: Labels = NOTHING_SAID
    ) -> None:
        """Stores a document with its passages in one transaction; an earlier one of the same id is replaced.

        `document` is as it was read: what its folder says of it, and what was corrected, is laid over it. `origin`
        tells where it came from: pruning looks only at documents of the same origin.
        """
        with self._database.transaction() as writer:
            writer.execute(  # names of the same bytes stay with them
                "UPDATE names SET document = -1"
                " WHERE document = (SELECT number FROM documents WHERE id = ? AND digest = ?)",
                (document.info.id, document.info.digest),
            )
            self._delete(writer, document.info.id)
            writer.execute("DELETE FROM names WHERE id = ?", (document.info.id,))
            info = labelled(document.info, folder, self.corrections(document.info.id))
            number = writer.insert(
                "documents",
                document_row(replace(document, info=info))
                | {"origin": origin, "as_read": _json(labels_row(document.info)), "folder": folder.written()},
            )
            write_text(writer.execute, number, document.text)
            writer.execute("UPDATE names SET document = ? WHERE document = -1", (number,))
            rows = passage_rows(passages, compact=self.dense.is_compact)
            for passage, each, row in zip(new_numbers(writer, len(passages)), passages, rows, strict=True):
                text = _terms(replace(each.passage, info=info))
                writer.insert("passages", row | {"number": passage, "document": number, "searched": squeezed(text)})
                writer.insert("terms", {"rowid": passage, "text": text})
            writer.move_on()

    def remove(self, document_id: str) -> bool:
        """Removes a document with what was corrected of it; returns whether it was there.

        Of a document with several names only this one goes.
        """
        with self._database.transaction() as writer:
            if writer.execute("DELETE FROM names WHERE id = ?", (document_id,)).rowcount:
                return True
            found = self._delete(writer, document_id)
            if found:
                writer.execute("DELETE FROM corrections WHERE id = ?", (document_id,))
                writer.move_on()
            return found

    def take_out(self, document_id: str) -> TakenOut:
        """Removes a document, with all its names, in such a way that `put_back` brings it back as it was.

        Raises: BadQuestion where there is no document of that id.
        """
        with self._database.transaction() as writer:
            found = writer.rows("SELECT * FROM documents WHERE id = ?", (document_id,))
            if not found:
                raise _no_document(document_id)
            taken = rows_of(writer, found[0])
            self._erase(writer, found[0]["number"])
            writer.execute("DELETE FROM names WHERE document = ?", (found[0]["number"],))
            writer.execute("DELETE FROM corrections WHERE id = ?", (document_id,))
            writer.move_on()
        return taken

    def put_back(self, taken: TakenDocument) -> None:
        """Puts a document back that was taken out.

        Raises: BadQuestion where there is one of that id again.
        """
        if not isinstance(taken, TakenOut):
            raise TypeError(f"{taken.id} was taken out of another store")
        with self._database.transaction() as writer:
            insert_rows(writer, taken)
            writer.move_on()
        self.group_versions()

    def add_name(self, document_id: str, digest: str, *, origin: str) -> bool:
        """Gives the document of that digest a further id, that of a file of the same bytes.

        Returns whether there is such a document. What was stored under the id before is gone.
        """
        with self._database.transaction() as writer:
            row = writer.execute("SELECT number, id FROM documents WHERE digest = ? ORDER BY id", (digest,)).fetchone()
            if row is None:
                return False
            if row[1] != document_id:
                if self._delete(writer, document_id):
                    writer.move_on()
                name = {"id": document_id, "document": row[0], "digest": digest, "origin": origin}
                writer.execute("DELETE FROM names WHERE id = ?", (document_id,))
                writer.insert("names", name)
            return True

    def group_versions(self) -> None:
        """Finds the nearly equal documents of those that are new since it was last called (index/versions.py)."""
        group_versions(self._database)

    # -- labels

    def edit(self, document_id: str, labels: Labels, *, reset: bool = False) -> DocumentInfo:
        """Corrects what is known of a document; returns what is known now. What `labels` leave out stays.

        With `reset` every earlier correction is taken back first. Corrections stand above what the document and its
        folder say, also when it is ingested again. Its search terms follow at once; its vectors hold the title and
        the date that they were made with until it is read again.

        Raises: BadQuestion where there is no document of that id.
        """
        with self._database.transaction() as writer:
            document_id = self.info(document_id).id
            kept = labels if reset else labels.over(self.corrections(document_id))
            writer.execute("INSERT OR REPLACE INTO corrections VALUES (?, ?)", (document_id, kept.written()))
            return self._relabel(writer, document_id)

    def corrections(self, document_id: str) -> Labels:
        """Returns what was corrected of a document, and nothing for one that is not there."""
        row = self._database.read("SELECT labels FROM corrections WHERE id = ?", (document_id,)).fetchone()
        return Labels.read(row[0]) if row else NOTHING_SAID

    def set_folder(self, document_id: str, folder: Labels) -> DocumentInfo:
        """Sets what its folder says of a document; returns what is known of it now.

        Raises: BadQuestion where there is no document of that id.
        """
        with self._database.transaction() as writer:
            writer.execute("UPDATE documents SET folder = ? WHERE id = ?", (folder.written(), document_id))
            return self._relabel(writer, document_id)

    def facets(self) -> Facets:
        """Returns how many documents are of each kind, language and collection."""
        kinds, languages, collections = (
            dict(self._database.read(f"SELECT {name}, count(*) FROM documents GROUP BY {name} ORDER BY {name}"))
            for name in ("kind", "language", "collection")
        )
        return Facets(kinds, languages, collections)

    def set_origin(self, document_id: str, origin: str) -> None:
        """Notes that a document, or a further name of one, which stays as it is, now comes from elsewhere."""
        with self._database.transaction() as writer:
            for table in ("documents", "names"):
                writer.execute(f"UPDATE {table} SET origin = ? WHERE id = ?", (origin, document_id))

    def save_vectors(self, *, lazily: bool = False) -> None:
        """Writes the FAISS file of the present generation, unless it is there and whole.

        With `lazily` a whole file stays from which at most a twentieth of the passages differ.
        """
        self.dense.save(lazily=lazily)

    # -- searching

    def nearest(self, vector: Vectors, k: int, where: Where = EVERYWHERE) -> list[Match]:
        """Returns the k passages of highest cosine similarity, best first; exactly, unless another kind was chosen."""
        return self.dense.nearest(vector, k, where)

    def matching(self, terms: Sequence[str], k: int, where: Where = EVERYWHERE) -> list[Match]:
        """Returns the k passages of highest BM25 score among those that hold any of the terms, best first.

        A term with spaces is a phrase: its terms one after the other. Of common words the rarest find them.

        Source: SQLite's FTS5 bm25(), k1 = 1.2, b = 0.75, with its sign turned so that higher is better.
        """
        return matching(self._database, self._counts, self._postings, self._allowed, terms, k, where)

    def term_counts(self, terms: Iterable[str]) -> dict[str, int]:
        """Returns the number of passages that each term occurs in."""
        return self._counts.of(terms)

    def vocabulary(self) -> Vocabulary:
        """Returns the terms with the number of passages each occurs in, in the present state of the index."""
        return self._counts.vocabulary()

    def terms_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Returns the terms of the passages, in order, with spaces between; numbers no longer there are left out."""
        return self._postings.texts(numbers)

    def passages(self, numbers: Sequence[int]) -> dict[int, EmbeddedPassage]:
        """Returns the passages by number, in the order asked for; numbers that no longer exist are left out."""
        return self._read_passages(numbers, PASSAGE, passages_of)

    def plain_passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Returns the passages without their vectors, in the order asked for; those no longer there are left out."""
        return self._read_passages(numbers, PLAIN, plain_of)

    def vectors_of(self, numbers: Sequence[int]) -> dict[int, Placed]:
        """Returns what ranks the passages, in the order asked for; numbers that no longer exist are left out."""
        rows = [row for part in _parts(numbers) for row in self._rows(part, PLACED)]
        found = placed_of(rows)
        return {number: found[number] for number in numbers if number in found}

    def embeddings(self, digests: Sequence[bytes]) -> dict[bytes, Embedding]:
        """Returns the vectors of texts that a passage was made of already, by their digest; the others are left out."""
        found: dict[bytes, Embedding] = {}
        for part in _parts(digests):
            rows = self._database.read(
                "SELECT embedded, vector, sentence_vectors, compact FROM passages"
                f" WHERE embedded IN ({', '.join('?' * len(part))})",
                part,
            )
            stored = rows.fetchall()
            found.update(zip((row[0] for row in stored), embeddings_of([row[1:] for row in stored]), strict=True))
        return found

    def passage_at(self, document_id: str, start: int, end: int) -> Passage | None:
        """Returns the passage that holds the whole span, or None."""
        row = self._database.read(
            "SELECT p.number FROM passages p JOIN documents d ON d.number = p.document"
            ' WHERE d.id = ? AND p.start <= ? AND p."end" >= ? AND ? < ?',
            (document_id, start, end, start, end),
        ).fetchone()
        return self.plain_passages([row[0]])[row[0]] if row else None

    def passage_count(self) -> int:
        return self._counts.passages()

    def undated_count(self, where: Where = EVERYWHERE) -> int:
        """Returns how many documents without a date meet the conditions besides `as_of`."""
        return self._counts.undated(where)

    def generation(self) -> str:
        """Returns what changes with every change of a document."""
        return self._database.generation

    # -- documents

    def documents(self, where: Where = EVERYWHERE) -> list[DocumentInfo]:
        """Returns what is known of every document that meets the conditions, by id."""
        narrowed, parameters = condition(where)
        rows = self._database.read(f"SELECT {INFO} FROM documents d WHERE {narrowed} ORDER BY d.id", parameters)
        return [info_of(row) for row in rows]

    def info(self, document_id: str) -> DocumentInfo:
        """Raises BadQuestion when there is none of that id."""
        row = self._database.read(f"SELECT {INFO} FROM documents d WHERE {_NAMED}", [document_id] * 2).fetchone()
        if row is None:
            raise _no_document(document_id)
        return info_of(row)

    def document(self, document_id: str) -> Document:
        """Raises BadQuestion when there is none of that id."""
        with self._database.snapshot():
            row = self._database.read(
                f"SELECT d.number, d.headings, d.page_starts, {INFO} FROM documents d WHERE {_NAMED}", [document_id] * 2
            ).fetchone()
            if row is None:
                raise _no_document(document_id)
            return document_of(row[1:], text_of(self._database.read, row[0]))

    def versions(self, document_id: str) -> list[DocumentInfo]:
        """Returns the documents that are nearly equal to a document, itself left out: undated first, then by date, id.

        Raises: BadQuestion where there is no document of that id.
        """
        own = self.info(document_id).id
        rows = self._database.read(
            f"SELECT {INFO} FROM documents d JOIN versions v ON v.document = d.number WHERE d.id <> ? AND v.kin ="
            " (SELECT kin FROM versions JOIN documents ON number = document WHERE id = ?) ORDER BY d.date, d.id",
            (own, own),
        )
        return [info_of(row) for row in rows]

    def version_groups(self, numbers: Sequence[int]) -> dict[int, int]:
        """Returns the group of nearly equal documents of each passage; those of documents without such are left out."""
        found: dict[int, int] = {}
        for part in _parts(numbers):
            found.update(
                self._database.read(
                    "SELECT p.number, v.kin FROM passages p JOIN versions v ON v.document = p.document"
                    f" WHERE p.number IN ({', '.join('?' * len(part))}) AND EXISTS"
                    " (SELECT 1 FROM versions o WHERE o.kin = v.kin AND o.document <> v.document)",
                    part,
                )
            )
        return found

    def passage_counts(self) -> dict[str, int]:
        """Returns the number of passages of each document."""
        return dict(
            self._database.read(
                "SELECT d.id, count(p.number) FROM documents d LEFT JOIN passages p ON p.document = d.number"
                " GROUP BY d.id"
            )
        )

    def known(self) -> dict[str, KnownDocument]:
        """Returns what ingest must know of every document, by id."""
        known = {row[0]: _known_document(row) for row in self._database.read(f"SELECT {_KNOWN} FROM documents")}
        names = self._database.read(
            "SELECT n.id, n.digest, n.origin, d.id FROM names n JOIN documents d ON d.number = n.document"
        )
        return known | {
            identity: replace(known[same], digest=digest, origin=origin, same_as=same)
            for identity, digest, origin, same in names
        }

    def known_document(self, document_id: str) -> KnownDocument | None:
        """Returns what ingest must know of one document, or None where there is none of that id."""
        row = self._database.read(f"SELECT {_KNOWN} FROM documents WHERE id = ?", (document_id,)).fetchone()
        return _known_document(row) if row else None

    # -- moving

    def stored(self, document_id: str) -> StoredDocument:
        """Returns all that is kept of a document, under its own id.

        Raises: BadQuestion where there is none of that id.
        """
        document = self.document(document_id)
        info = document.info
        number, origin, as_read, folder = self._database.read(
            "SELECT number, origin, as_read, folder FROM documents WHERE id = ?", (info.id,)
        ).fetchone()
        rows = self._database.read("SELECT number FROM passages WHERE document = ? ORDER BY number", (number,))
        names = self._database.read("SELECT id, origin FROM names WHERE document = ? ORDER BY id", (number,))
        return StoredDocument(
            document=replace(document, info=replace(with_labels(info, json.loads(as_read)), also=())),
            passages=list(self.passages([row[0] for row in rows]).values()),
            origin=origin,
            folder=Labels.read(folder),
            corrections=self.corrections(info.id),
            names=tuple(Name(*row) for row in names),
            shown=info.title,
        )

    def snapshot(self, path: Path, on_pages: OnPages = lambda done, total: None) -> None:
        """Writes the database as it stands to a new file, whoever else may be writing it."""
        self._database.write_copy(path, on_pages)

    def restore(self, path: Path, on_pages: OnPages = lambda done, total: None) -> None:
        """Replaces all that the index holds by the snapshot at `path`, in one transaction: whoever has it open sees it.

        Raises: IndexMismatch where the snapshot is no index that this version reads.
        """
        self._database.replace_by(path, on_pages)
        with self._database.transaction() as writer:
            forget_made(writer)

    def close(self) -> None:
        """Closes this thread's connection, so that the folder can be moved; the next use opens it again."""
        self._database.close()

    # -- inside

    def _read_passages(
        self, numbers: Sequence[int], columns: str, made: Callable[[Sequence[Sequence[Any]], Sequence[str]], list[T]]
    ) -> dict[int, T]:
        found: dict[int, T] = {}
        with self._database.snapshot():
            for part in _parts(numbers):
                rows = self._rows(part, columns)
                texts = texts_of(self._database.read, [row[1:4] for row in rows])
                found.update(zip((int(row[0]) for row in rows), made(rows, texts), strict=True))
        return {number: found[number] for number in numbers if number in found}

    def _rows(self, numbers: Sequence[int], columns: str) -> list[tuple[Any, ...]]:
        """Returns columns of passages p of documents d."""
        return self._database.read(
            f"SELECT {columns} FROM passages p JOIN documents d ON d.number = p.document"
            f" WHERE p.number IN ({', '.join('?' * len(numbers))})",
            numbers,
        ).fetchall()

    def _delete(self, writer: Writer, document_id: str) -> bool:
        """Deletes a document, or gives it to the first of its other names; returns whether it was there."""
        row = writer.execute("SELECT number FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row is None:
            return False
        heir = writer.execute("SELECT id, origin FROM names WHERE document = ? ORDER BY id", row).fetchone()
        if heir is not None:
            writer.execute("DELETE FROM names WHERE id = ?", heir[:1])
            writer.execute("UPDATE documents SET id = ?, origin = ? WHERE number = ?", (*heir, *row))
            writer.execute(
                "INSERT OR IGNORE INTO corrections SELECT ?, labels FROM corrections WHERE id = ?",
                (heir[0], document_id),
            )
            self._relabel(writer, heir[0])
        else:
            self._erase(writer, row[0])
        return True

    def _erase(self, writer: Writer, number: int) -> None:
        keep_numbers(writer)
        forget(writer, number)
        delete_text(writer.execute, number)
        for passage, searched in writer.execute(
            "SELECT number, searched FROM passages WHERE document = ?", (number,)
        ).fetchall():
            _forget_terms(writer, passage, searched)
        writer.execute("DELETE FROM passages WHERE document = ?", (number,))
        writer.execute("DELETE FROM documents WHERE number = ?", (number,))

    def _relabel(self, writer: Writer, document_id: str) -> DocumentInfo:
        """Lays the labels over what the document itself says, anew, and makes its search terms again."""
        before = self.info(document_id)
        number, as_read, folder = writer.execute(
            "SELECT number, as_read, folder FROM documents WHERE id = ?", (document_id,)
        ).fetchone()
        own = with_labels(before, json.loads(as_read))
        now = labelled(own, Labels.read(folder), self.corrections(document_id))
        writer.update("documents", number, labels_row(now))
        if (now.title, now.dated, now.language) != (before.title, before.dated, before.language):
            for passage, text in self._terms_of_document(number):
                row = writer.execute("SELECT searched FROM passages WHERE number = ?", (passage,)).fetchone()
                _forget_terms(writer, passage, row[0])
                writer.insert("terms", {"rowid": passage, "text": text})
                writer.update("passages", passage, {"searched": squeezed(text)})
            writer.move_on()
        return now

    def _terms_of_document(self, document: int) -> list[tuple[int, str]]:
        numbers = [row[0] for row in self._database.read("SELECT number FROM passages WHERE document = ?", (document,))]
        return [(number, _terms(each)) for number, each in self.plain_passages(numbers).items()]


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _MOST_PARAMETERS):
        yield items[start : start + _MOST_PARAMETERS]


def _known_document(row: Sequence[Any]) -> KnownDocument:
    _, digest, origin, sure, reason, unread, folder = row
    date_open = sure == 0 or (reason or "").endswith(AS_SET)
    return KnownDocument(digest, origin, date_open, tuple(json.loads(unread)), Labels.read(folder))


def _no_document(document_id: str) -> BadQuestion:
    return BadQuestion(
        f"{document_id}: no document of this id. List them: removals-qa documents list",
        french=f"{document_id} : aucun document de cet identifiant. La bibliothèque les montre tous.",
    )


def _forget_terms(writer: Writer, passage: int, searched: bytes) -> None:
    # FTS5 keeps no copy of the terms: it must be told which ones to take out.
    writer.execute("INSERT INTO terms (terms, rowid, text) VALUES ('delete', ?, ?)", (passage, spread(searched)))


def _terms(passage: Passage) -> str:
    return " ".join(terms(f"{passage.context}\n{passage.text}", passage.info.language))


def _json(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False)

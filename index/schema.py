"""The tables of the database, and what brings those of an earlier version up to date."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import astuple

from documents.quality import spoilt_pages
from index.texts import pieces_of, spread, squeezed

VERSION = 7
SCHEMA = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, origin TEXT NOT NULL,
    title TEXT NOT NULL, date TEXT, date_source TEXT, date_reason TEXT, date_sure INTEGER,
    language TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL,
    headings TEXT NOT NULL, page_starts TEXT NOT NULL,
    redactions INTEGER NOT NULL DEFAULT 0, unread_pages TEXT NOT NULL DEFAULT '[]',
    ocr TEXT NOT NULL DEFAULT '[]',      -- JSON: [page, confidence] of the pages read by OCR
    spoilt TEXT NOT NULL DEFAULT '[]',   -- JSON: the fields of PageText, of the pages on which something went wrong
    tables TEXT NOT NULL DEFAULT '[]',   -- JSON: [start, end, cells, empty]
    kind TEXT NOT NULL DEFAULT '', collection TEXT NOT NULL DEFAULT '',
    as_read TEXT NOT NULL DEFAULT '{}',  -- JSON: the labels that the document itself has, which others may cover
    folder TEXT NOT NULL DEFAULT '{}'    -- JSON: the labels that its folder gave it
);
CREATE TABLE pieces (                    -- of documents' texts: index/texts.py
    number INTEGER PRIMARY KEY, text BLOB NOT NULL
);
CREATE TABLE corrections (id TEXT PRIMARY KEY, labels TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE names (                     -- further ids of a document: files of the same bytes
    id TEXT PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents (number),
    digest TEXT NOT NULL, origin TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX names_of_document ON names (document);
CREATE TABLE versions (                  -- index/versions.py: signature, and the group of near-duplicates
    document INTEGER PRIMARY KEY REFERENCES documents (number), signature BLOB NOT NULL, kin INTEGER NOT NULL
);
CREATE INDEX versions_of_kin ON versions (kin);
CREATE TABLE bands (hash INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (hash, document)) WITHOUT ROWID;
CREATE INDEX bands_of_document ON bands (document);
CREATE INDEX documents_of_digest ON documents (digest);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents (number),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER, headings TEXT NOT NULL,
    embedded BLOB,                   -- digest of what was embedded; NULL where that is not known
    lead_ins TEXT NOT NULL,          -- JSON: [start, end, text] of the lead-ins of each sentence, or nothing
    searched BLOB NOT NULL DEFAULT x'',  -- the search terms in order, with spaces between, compressed
    compact INTEGER NOT NULL DEFAULT 0,  -- whether the vectors are codes: index/codes.py
    vector BLOB NOT NULL,            -- float32, or as codes
    sentences BLOB NOT NULL,         -- int32 pairs: start, end in the document
    sentence_vectors BLOB NOT NULL   -- float16 rows, one a sentence, or as codes
);
CREATE INDEX passages_of_document ON passages (document);
CREATE INDEX passages_of_embedded ON passages (embedded);
CREATE VIRTUAL TABLE terms USING fts5 (text, content = '', tokenize = "unicode61 remove_diacritics 0 tokenchars '.'");
CREATE VIRTUAL TABLE term_counts USING fts5vocab (terms, row);
INSERT INTO terms (terms, rank) VALUES ('pgsz', 4000);
"""
_NAME = re.compile(r"(?:TABLE|INDEX) (\w+)")
STATEMENTS = tuple(statement for statement in SCHEMA.split(";\n") if statement.strip())


def _made(*names: str) -> list[str]:
    """Returns the statements that make these tables and indexes, in order."""
    made = {found[1]: statement for statement in STATEMENTS if (found := _NAME.search(statement))}
    return [made[name] for name in names]


_AS_READ = (
    "json_object('title', title, 'date', date, 'date_source', date_source, 'date_reason', date_reason,"
    " 'date_sure', date_sure, 'language', language, 'kind', '', 'collection', '')"
)


def _spoilt_pages(text: str, page_starts: str) -> str:
    return json.dumps([astuple(each) for each in spoilt_pages(text, json.loads(page_starts))])


def _pieces(text: str) -> str:
    return json.dumps(pieces_of(text))


FUNCTIONS: Mapping[str, Callable[..., str | bytes]] = {  # that upgrades call
    "spoilt_pages": _spoilt_pages,
    "pieces": _pieces,
    "squeezed": squeezed,
    "spread": spread,
}
UPGRADES = {  # version -> what makes the next one of it
    "1": (
        "ALTER TABLE documents ADD COLUMN redactions INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE documents ADD COLUMN unread_pages TEXT NOT NULL DEFAULT '[]'",
    ),
    "2": ("ALTER TABLE passages ADD COLUMN lead_ins TEXT NOT NULL DEFAULT '[]'",),  # none until ingested anew
    "3": (  # kinds and collections that documents state themselves come when they are read anew
        "ALTER TABLE documents ADD COLUMN kind TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE documents ADD COLUMN collection TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE documents ADD COLUMN as_read TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE documents ADD COLUMN folder TEXT NOT NULL DEFAULT '{}'",
        f"UPDATE documents SET as_read = {_AS_READ}",
        "CREATE TABLE corrections (id TEXT PRIMARY KEY, labels TEXT NOT NULL) WITHOUT ROWID",
    ),
    "4": (
        "ALTER TABLE documents ADD COLUMN ocr TEXT NOT NULL DEFAULT '[]'",
        *_made("names", "names_of_document", "versions", "versions_of_kin"),
        *_made("bands", "bands_of_document", "documents_of_digest"),
    ),
    "5": (  # empty cells are counted when a document is read anew
        "ALTER TABLE passages ADD COLUMN embedded BLOB",
        *_made("passages_of_embedded"),
        "ALTER TABLE documents ADD COLUMN spoilt TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE documents ADD COLUMN tables TEXT NOT NULL DEFAULT '[]'",
        "UPDATE documents SET spoilt = spoilt_pages(text, page_starts)",
    ),
    "6": (  # what this frees stays in the file for what is put next; an exported index is without it
        *_made("pieces"),
        "INSERT INTO pieces SELECT (d.number << 20) + piece.key, squeezed(piece.value)"
        " FROM documents d, json_each(pieces(d.text)) piece",
        "ALTER TABLE documents DROP COLUMN text",
        "ALTER TABLE passages ADD COLUMN compact INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE passages ADD COLUMN searched BLOB NOT NULL DEFAULT x''",
        "UPDATE passages SET searched = squeezed((SELECT text FROM terms WHERE rowid = passages.number))",
        "DROP TABLE term_counts",
        "DROP TABLE terms",
        *_made("terms", "term_counts"),
        "INSERT INTO terms (rowid, text) SELECT number, spread(searched) FROM passages",
    ),
}

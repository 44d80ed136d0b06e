"""Questions with answers from a spreadsheet: its columns, named in English or French, become the names of .jsonl rows.

Several answers, documents or pieces of evidence stand in one cell with " | " between them.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion
from qa.question_files import read_questions

# The name in a .jsonl row, and what a column may be called: lower case, without accents.
_NAMES = {
    "id": "id identifier identifiant number numero no n°",
    "question": "question questions",
    "answers": "answer answers expected_answer reponse reponses reponse_attendue",
    "doc_ids": "document documents doc_ids document_id source fichier",
    "evidence": "evidence quote passage preuve preuves extrait citation",
    "category": "category type categorie",
    "lang": "language lang langue",
    "kind": "kind document_kind genre genre_de_document",
    "answerable": "answerable repondable",
    "as_of": "as_of date_limite",
    "scope_doc": "scope scope_doc only_document seulement_document",
}
_COLUMNS = {name: field for field, names in _NAMES.items() for name in names.split()}
_LISTS = ("answers", "doc_ids", "evidence")
_BOOLEANS = dict.fromkeys("true yes 1 vrai oui".split(), True) | dict.fromkeys("false no 0 faux non".split(), False)
SEPARATOR = " | "


def table_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (number of row or line, row). Empty rows are left out, unknown columns too.

    A row that cannot be used is {"error": why}, as in `rows_of`.

    Raises:
        BadQuestion: the file cannot be read, or no column is a question.
    """
    file = read_questions(path)
    fields = {name: _COLUMNS[_plain(name)] for name in (*file.recognised, *file.extra) if _plain(name) in _COLUMNS}
    meant = list(fields.values())
    for field in meant:
        if meant.count(field) > 1:
            raise BadQuestion(
                f"{path}: two columns mean {field}. Rename or remove one.",
                french=f"{path} : deux colonnes veulent dire {field}. Renommez-en ou supprimez-en une.",
            )
    for row in file.rows:
        if row.error:
            yield row.number, {"error": row.error}
            continue
        cells = {**row.extra, **row.fields}
        texts = {field: _text(cells.get(name)) for name, field in fields.items()}
        yield row.number, _typed({field: text for field, text in texts.items() if text})


def _text(cell: Any) -> str:
    return SEPARATOR.join(cell) if isinstance(cell, list) else str("" if cell is None else cell).strip()


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """Returns the row with its lists as lists and what is answerable as a boolean, where it says so."""
    typed: dict[str, Any] = dict(row)
    for field in _LISTS:
        parts = re.split(r"\s\|\s", row.get(field, ""))
        typed[field] = [part.strip() for part in parts if part.strip()]
    if said := row.get("answerable", "").lower():
        typed["answerable"] = _BOOLEANS.get(said, said)
    return typed


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[\W_]+", "_", bare).strip("_")

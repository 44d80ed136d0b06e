"""Questions with answers from a spreadsheet: its columns, named in English or French, become the names of .jsonl rows.

Several answers, documents or pieces of evidence stand in one cell with " | " between them.
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from documents.errors import BadQuestion

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
    """Yields (row number as the spreadsheet shows it, row). Empty rows are left out, unknown columns too.

    Raises:
        BadQuestion: the file cannot be read, or no column of it is named question.
    """
    rows = (_xlsx_cells if path.suffix.lower() == ".xlsx" else _csv_cells)(path)
    number, head = next(rows, (0, []))
    fields = [_COLUMNS.get(_plain(name)) for name in head]
    if "question" not in fields:
        shown = ", ".join(filter(None, head)) or "none"
        raise BadQuestion(f"{path}: no column is named question; its columns are {shown}. Name it in the first row.")
    twice = {field for field in fields if field and fields.count(field) > 1}
    if twice:
        raise BadQuestion(f"{path}: two columns mean {sorted(twice)[0]}. Rename or remove one.")
    for number, cells in rows:
        row = {field: cell.strip() for field, cell in zip(fields, cells, strict=False) if field and cell.strip()}
        if any(cell.strip() for cell in cells):
            yield number, _typed(row)


def _typed(row: dict[str, str]) -> dict[str, Any]:
    """Returns the row with its lists as lists and what is answerable as a boolean, where it says so.

    A row that does not say is answerable when it gives an answer, a document or evidence.
    """
    typed: dict[str, Any] = dict(row)
    for field in _LISTS:
        parts = re.split(r"\s\|\s", row.get(field, ""))
        typed[field] = [part.strip() for part in parts if part.strip()]
    said = row.get("answerable", "").lower()
    typed["answerable"] = _BOOLEANS.get(said, said) if said else any(typed[field] for field in _LISTS)
    return typed


def _csv_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadQuestion(f"{path}: cannot be read ({error.strerror}).") from error
    text = _decoded(data)
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=head.count)
    try:
        yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1)
    except csv.Error as error:
        raise BadQuestion(f"{path}: cannot be read as a table ({error}). Save it as .xlsx.") from error


def _xlsx_cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except OSError as error:
        raise BadQuestion(f"{path}: cannot be read ({error.strerror}).") from error
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BadQuestion(f"{path}: not a spreadsheet that can be read ({error}). Save it as .xlsx again.") from error
    try:
        for number, cells in enumerate(workbook.worksheets[0].iter_rows(values_only=True), 1):
            yield number, [_text(cell) for cell in cells]
    finally:
        workbook.close()


def _decoded(data: bytes) -> str:
    """UTF-8, or what spreadsheets write on Windows; UTF-16 where its mark says so."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _text(cell: Sequence[Any] | Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.date().isoformat() if hasattr(cell, "date") else str(cell)


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[\W_]+", "_", bare).strip("_")

"""Reads files into Documents: finds them, picks the reader for the suffix, and names what it read."""

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from documents.dates import find_date
from documents.errors import BadSetting, ReadError, UnknownFormat, UserError
from documents.formats.content import Content, Enclosed, Own, Part, Unread
from documents.formats.ocr import available as can_read_images
from documents.formats.text import normal
from documents.kinds import kind_of
from documents.language import guess_language, stated_language
from documents.quality import spoilt_pages
from documents.types import Document, DocumentInfo

__all__ = ["OWN_IDS", "READERS", "Entry", "SourceFile", "can_read_images", "documents_in", "entries_in", "source_files"]

_LOG = logging.getLogger(__name__)

# suffix -> module of documents.formats; imported when the first such file is read
READERS = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".epub": "epub",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".csv": "csv",
    ".tsv": "csv",
    ".eml": "eml",
    ".msg": "msg",
    ".mbox": "mbox",
    ".zip": "zip",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
    ".jsonl": "jsonl",
}

# suffixes whose files hold many documents: their readers yield parts
HOLDS_MANY = frozenset({".jsonl", ".eml", ".msg", ".mbox", ".zip"})
OWN_IDS = frozenset({".jsonl"})  # of these, the ones whose documents have ids that are not below the file's

FOLDER_FILE = "collection.toml"  # says something of the documents beside it (documents/folders.py)
_NOT_DOCUMENTS = re.compile(
    rf"\..*|~\$.*|~WRL.*|.*~|#.*#|.*\.tmp|Thumbs\.db|desktop\.ini|{re.escape(FOLDER_FILE)}", re.IGNORECASE
)
_MOST_BYTES = 2**30  # that one file may hold, in files within it
_SAID = 200  # characters of an error that was not foreseen
_TITLE_LINE = 200  # characters at most
_DATE_LINE = 60


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, and the id that its document will have."""

    path: Path
    id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a file, before it is read.

    `document` takes whether numeric dates are read day first, and raises ReadError where it cannot be read.
    """

    id: str
    digest: str
    document: Callable[[bool | None], Document]


def source_files(path: Path) -> list[SourceFile]:
    """Returns the file, or the folder's files at any depth ordered by id, whatever their suffix.

    A file's id is its name; in a folder it is the path below the folder, with forward slashes. Hidden files and
    folders, the temporary files of editors and the folders' own collection.toml are left out. A folder without files
    gives an empty list.

    Raises: ReadError where nothing is at `path`, or a folder cannot be opened.
    """
    if path.is_file():
        return [SourceFile(path, _id(path.name))]
    if not path.is_dir():
        raise ReadError(f"{path}: there is no such file or folder. Check the path.")
    found = [
        SourceFile(Path(folder, name), _id(Path(folder, name).relative_to(path).as_posix()))
        for folder, names in _folders(path)
        for name in names
        # A broken link is listed, so that it is named when reading fails; pipes and devices are not.
        if Path(folder, name).is_file() or Path(folder, name).is_symlink()
    ]
    return sorted(found, key=lambda file: file.id)


def entries_in(path: Path, id: str) -> Iterator[Entry]:
    """Yields what the file holds: most files one document, some many, with ids of their own or below `id`.

    Raises: ReadError where the file cannot be opened or is empty.
    """
    return _entries(Enclosed(id, _bytes(path, id)), _Bounds(_MOST_BYTES))


def documents_in(path: Path, id: str, *, day_first: bool | None = None) -> Iterator[Document]:
    """Yields the file's documents.

    Raises:
        UnknownFormat: no reader is known for the suffix.
        ReadError: the file cannot be opened, is damaged, or holds no text. The documents before the bad one
            have been yielded.
    """
    for entry in entries_in(path, id):
        yield entry.document(day_first)


@dataclass(slots=True)
class _Bounds:
    """How much may still be taken out of one file, however deep it lies: an archive may be a bomb."""

    bytes: int
    depth: int = 5


def _entries(file: Enclosed, bounds: _Bounds, depth: int = 0) -> Iterator[Entry]:
    digest = hashlib.sha256(file.data).hexdigest()
    suffix = PurePosixPath(file.id).suffix.lower()
    if suffix not in HOLDS_MANY:
        yield Entry(file.id, digest, _guarded(file.id, partial(_document_of, file, digest, suffix)))
        return
    try:
        parts: Iterator[Part] = _reader(suffix).parts(file.data, file.id)
        for part in parts:
            if isinstance(part, Enclosed):
                part = _within(part, bounds, depth)
            match part:
                case Own():
                    document = partial(_document, part.id, part.digest, part.content, suffix)
                    yield Entry(part.id, part.digest, _guarded(part.id, document))
                case Enclosed():
                    yield from _entries(part, bounds, depth + 1)
                case Unread():
                    yield Entry(part.id, "", partial(_raise, part.error))
    except ReadError as error:
        yield Entry(file.id, "", partial(_raise, error))
    except Exception as error:
        yield Entry(file.id, "", partial(_raise, _unforeseen(file.id, error)))


def _guarded(id: str, read: Callable[[bool | None], Document]) -> Callable[[bool | None], Document]:
    """Returns a reader of the document whose every error is a ReadError: one bad file must not end an ingest."""

    def document(day_first: bool | None) -> Document:
        try:
            return read(day_first)
        except UserError:
            raise
        except Exception as error:
            raise _unforeseen(id, error) from error

    return document


def _unforeseen(id: str, error: Exception) -> ReadError:
    _LOG.debug("%s: reading it failed", id, exc_info=error)
    said = " ".join(f"{type(error).__name__}: {error}".split())[:_SAID].rstrip(" :")
    return ReadError(f"{id}: reading it failed ({said}). Save it again, or in another format, and ingest that.")


def _within(part: Enclosed, bounds: _Bounds, depth: int) -> Enclosed | Unread:
    """Returns the part while the bounds allow it, and counts it against them."""
    bounds.bytes -= len(part.data)
    if bounds.bytes < 0:
        return Unread(
            part.id,
            ReadError(
                f"{part.id}: the file around it holds over {_MOST_BYTES} bytes. Unpack it.",
                french=f"{part.id} : le fichier qui l’entoure contient plus de {_MOST_BYTES} octets. Décompressez-le.",
            ),
        )
    if depth >= bounds.depth:
        return Unread(
            part.id,
            ReadError(
                f"{part.id}: lies in more than {depth} files. Unpack them and ingest that.",
                french=f"{part.id} : se trouve dans plus de {depth} fichiers emboîtés. Décompressez-les.",
            ),
        )
    if not part.data:
        return Unread(part.id, ReadError(f"{part.id}: the file is empty.", french=f"{part.id} : le fichier est vide."))
    return part


def _raise(error: ReadError, day_first: bool | None) -> Document:
    raise error


def _reader(suffix: str) -> Any:
    return import_module(f"documents.formats.{READERS[suffix]}")


def _document_of(file: Enclosed, digest: str, suffix: str, day_first: bool | None) -> Document:
    if suffix not in READERS:
        known = ", ".join(READERS)
        raise UnknownFormat(
            f"{file.id}: no reader for {suffix or 'files without suffix'}. Readable are {known}.",
            french=f"{file.id} : aucun lecteur pour {suffix or 'les fichiers sans extension'}. Lisibles : {known}.",
        )
    return _document(file.id, digest, _reader(suffix).read(file.data, file.id), suffix, day_first)


def _id(name: str) -> str:
    # File names need not be UTF-8; ids are stored as text.
    return os.fsencode(name).decode("utf-8", "replace")


def _folders(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yields each folder with the names of its files, both without those that are not documents."""

    def refuse(error: OSError) -> None:
        raise ReadError(f"{error.filename}: the folder cannot be opened ({error.strerror}).") from error

    for folder, below, names in os.walk(path, onerror=refuse):
        below[:] = [name for name in below if not _NOT_DOCUMENTS.fullmatch(name)]
        yield folder, [name for name in names if not _NOT_DOCUMENTS.fullmatch(name)]


def _bytes(path: Path, id: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"{id}: cannot be opened ({error.strerror}).", french=f"{id} : ne peut pas être ouvert ({error.strerror})."
        ) from error
    if not data:
        raise ReadError(f"{id}: the file is empty.", french=f"{id} : le fichier est vide.")
    return data


def _document(id: str, digest: str, content: Content, suffix: str, day_first: bool | None) -> Document:
    if not any(character.isalnum() for character in content.text):
        raise ReadError(
            f"{id}: no visible text. If its text is in images, run OCR on it and ingest the result.",
            french=f"{id} : aucun texte visible. Si son texte est dans des images, passez-le à l’OCR.",
        )
    fields = {key: normal(value).strip() for key, value in content.fields.items()}
    info = DocumentInfo(
        id=id,
        title=fields.get("title") or _title(id, content, plain=READERS[suffix] in ("plain", "jsonl")),
        digest=digest,
        dated=find_date(fields | {"name": PurePosixPath(id).name}, content.text, day_first=day_first),
        language=_language(fields.get("language", ""), content.text),
        source=fields.get("source", ""),
        url=fields.get("url", ""),
        redactions=content.redactions,
        unread_pages=content.unread_pages,
        ocr=content.ocr,
        spoilt=spoilt_pages(content.text, content.page_starts),
        tables=content.tables,
        kind=_kind(fields.get("kind", "")),
        collection=fields.get("collection", ""),
    )
    return Document(info, content.text, content.headings, content.page_starts)


def _title(id: str, content: Content, *, plain: bool) -> str:
    """Returns the title line of a plain text, else the first heading, else the name in `id` made readable."""
    opening = _title_line(content) if plain else ""
    if opening:
        return opening
    if content.headings:
        first = content.headings[0]
        return content.text[first.start : first.end]
    stem = Path(id).stem
    words = re.sub(r"(?<!\d)-|-(?!\d)", " ", stem.replace("_", " ")).split()
    return " ".join(words)[:1].upper() + " ".join(words)[1:] or id


def _title_line(content: Content) -> str:
    """Returns the first line where it is short and stands above a blank line or a date line, else ""."""
    lines = [line.strip() for line in content.text.lstrip("\n").split("\n", 2)]
    if len(lines) < 2 or not 0 < len(lines[0]) <= _TITLE_LINE:
        return ""
    start = content.text.index(lines[0])
    if content.headings and content.headings[0].start < start + len(lines[0]):
        return ""  # the line is a heading, whose words are the title
    dated = len(lines[1]) <= _DATE_LINE and find_date({}, lines[1], day_first=None) is not None
    return lines[0] if dated or not lines[1] else ""


def _language(stated: str, text: str) -> str:
    """Returns "en" or "fr", as stated or else as guessed; "" for other languages and where it is unclear."""
    if stated.strip():
        return stated_language(stated)
    return guess_language(text)


def _kind(stated: str) -> str:
    """Returns the kind; "" for a word that is none of ours: files come with kinds of other people's making."""
    try:
        return kind_of(stated)
    except BadSetting:
        return ""

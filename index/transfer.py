"""An index as one file, to be carried to another machine: exported, verified, imported.

The file is a zip archive of two members:

    manifest.json   first: formats, program, model, counts, and the size and SHA-256 of the other
    passages.db     a snapshot of the database; the FAISS file is made from it on import

The same index gives the same bytes. The checksums tell a damaged file, not a forged one.
"""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from documents.errors import IndexMismatch, TransferError
from index.schema import VERSION
from index.store import SQLiteStore
from index.types import Embedder

FORMAT = 1
_MANIFEST = "manifest.json"
_DATABASE = "passages.db"
_LONGEST_MANIFEST = 2**20  # bytes
_BLOCK = 2**20
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_CARRY_AGAIN = "Copy it again from where it was exported, or export it again."

OnBytes = Callable[[int, int], None]  # bytes done, of bytes in all


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an exported index says of itself. `bytes` and `sha256` are those of the database."""

    format: int
    program: str
    index_format: int
    model: str | None
    revision: str | None
    documents: int
    passages: int
    bytes: int
    sha256: str


def export_index(store: SQLiteStore, file: Path, *, on_bytes: OnBytes = lambda done, total: None) -> Manifest:
    """Writes the index to `file`, whole or not at all; returns its manifest.

    Raises: TransferError where the file cannot be written.
    """
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise TransferError(f"{file}: is a folder or lies in none. Name a file in a folder that exists.")
    with _told(file, "written"), _folder_beside(file) as work:
        store.snapshot(work / _DATABASE, lambda done, total: on_bytes(done, 2 * total))
        manifest = _manifest_of(store, work / _DATABASE)
        with zipfile.ZipFile(work / "index.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(_member(_MANIFEST), json.dumps(asdict(manifest), indent=1) + "\n")
            target = archive.open(_member(_DATABASE, manifest.bytes), "w")
            with (work / _DATABASE).open("rb") as source, target:
                for done in _copied(source, target):
                    on_bytes(manifest.bytes + done, 2 * manifest.bytes)
        _kept(work / "index.zip")
        os.replace(work / "index.zip", file)
    return manifest


def import_index(
    file: Path,
    folder: Path,
    embedder: Embedder,
    *,
    replace: bool = False,
    on_bytes: OnBytes = lambda done, total: None,
) -> Manifest:
    """Puts an exported index into `folder` once all of it is verified; returns its manifest.

    With `replace`, an index in `folder` is replaced in one transaction: processes that have it open go on with the new
    one. Until then, and whenever anything is wrong, it stays as it is.

    Raises:
        TransferError: the file is no exported index, is damaged, or may not go there.
        IndexMismatch: the index was made with another model or has a format that this version does not read.
    """
    folder = folder.resolve()
    present = _has_index(folder, replace)
    with _told(file, "read"), _opened(file) as archive:
        manifest = _checked_manifest(archive, file)
        _check_model(manifest, embedder, file)
        with _told(folder, "written"), _folder_beside(folder) as work:
            _extract(archive, manifest, work / _DATABASE, file, on_bytes)
            made = _made(work / "index", work / _DATABASE, manifest, file)
            if present:
                SQLiteStore(folder).restore(work / _DATABASE)
                SQLiteStore(folder).save_vectors()
            else:
                made.close()
                if folder.exists():
                    folder.rmdir()
                os.rename(work / "index", folder)
    return manifest


# -- exporting


def _manifest_of(store: SQLiteStore, snapshot: Path) -> Manifest:
    with tempfile.TemporaryDirectory(dir=snapshot.parent) as folder:
        taken = SQLiteStore(Path(folder), writable=True)  # the store itself may have changed since
        taken.restore(snapshot)
        counted = (taken.setting("model"), taken.setting("revision"), len(taken.documents()), taken.passage_count())
        taken.close()
    with snapshot.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    return Manifest(FORMAT, version("removals-qa"), VERSION, *counted, snapshot.stat().st_size, digest)


def _member(name: str, size: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))  # the same bytes every day
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system, info.external_attr = 3, 0o644 << 16
    info.file_size = size
    return info


def _copied(source: IO[bytes], target: IO[bytes]) -> Iterator[int]:
    """Copies block by block; yields the bytes copied so far."""
    done = 0
    while block := source.read(_BLOCK):
        target.write(block)
        done += len(block)
        yield done


def _kept(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


# -- importing


def _has_index(folder: Path, replace: bool) -> bool:
    """Returns whether `folder` holds an index, which may be replaced; anything else there may not."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    if not SQLiteStore.is_at(folder):
        raise TransferError(f"{folder}: holds other files and no index. Choose an empty or a new folder.")
    if not replace:
        raise TransferError(f"{folder}: there is an index here. Replace it with --replace, or choose another --index.")
    return True


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except _UNREADABLE as error:
        raise TransferError(f"{file}: is no exported index, or its end is missing ({error}). {_CARRY_AGAIN}") from error
    with archive:
        yield archive


def _checked_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    names = archive.namelist()
    if not names or names[0] != _MANIFEST or archive.infolist()[0].file_size > _LONGEST_MANIFEST:
        raise TransferError(f"{file}: does not begin with a {_MANIFEST}: it is no exported index. {_CARRY_AGAIN}")
    try:
        stated = json.loads(archive.read(_MANIFEST))
    except (*_UNREADABLE, ValueError) as error:
        raise TransferError(f"{file}: its {_MANIFEST} cannot be read ({error}). {_CARRY_AGAIN}") from error
    manifest = _manifest(stated, file)
    if _DATABASE not in names:
        raise TransferError(f"{file}: {_DATABASE} is missing in it. {_CARRY_AGAIN}")
    if sorted(names) != sorted((_MANIFEST, _DATABASE)):
        strange = sorted(name for name in names if name not in (_MANIFEST, _DATABASE)) or "a member twice"
        raise TransferError(
            f"{file}: holds what an exported index does not: {strange}. Do not trust it; ask for another."
        )
    return manifest


def _manifest(stated: Any, file: Path) -> Manifest:
    found = stated.get("format") if isinstance(stated, dict) else None
    if found != FORMAT:
        raise TransferError(
            f"{file}: has the export format {found}, this program reads {FORMAT}. "
            "Use the same version on both machines."
        )
    types = {field.name: field.type for field in fields(Manifest)}
    if stated.keys() != types.keys() or not all(_fits(stated[name], type_) for name, type_ in types.items()):
        raise TransferError(f"{file}: its {_MANIFEST} is not complete. {_CARRY_AGAIN}")
    manifest = Manifest(**stated)
    if manifest.index_format > VERSION:
        raise IndexMismatch(
            f"{file}: the index in it has format {manifest.index_format}, this program reads {VERSION} at most. "
            f"Bring this program to version {manifest.program} first."
        )
    return manifest


def _fits(value: Any, type_: Any) -> bool:
    if type_ is int:
        return type(value) is int and value >= 0
    return isinstance(value, str) or (value is None and type_ is not str)


def _check_model(manifest: Manifest, embedder: Embedder, file: Path) -> None:
    if manifest.model is None and not manifest.documents:
        return
    if (manifest.model, manifest.revision) != (embedder.name, embedder.revision):
        raise IndexMismatch(
            f"{file}: the index in it was made with the model {manifest.model} ({str(manifest.revision)[:12]}), not "
            f"with {embedder.name} ({embedder.revision[:12]}). Name that model with --model, or ingest "
            "the documents here."
        )


def _extract(archive: zipfile.ZipFile, manifest: Manifest, path: Path, file: Path, on_bytes: OnBytes) -> None:
    """Writes the database to `path`, no more of it than the manifest says, and checks it."""
    wrong = TransferError(f"{file}: {_DATABASE} in it is damaged. {_CARRY_AGAIN}")
    if archive.getinfo(_DATABASE).file_size != manifest.bytes:
        raise wrong
    try:
        with archive.open(_DATABASE) as source, path.open("wb") as target:
            for done in _copied(source, target):
                on_bytes(done, manifest.bytes)
    except _UNREADABLE as error:
        raise wrong from error
    with path.open("rb") as data:
        if hashlib.file_digest(data, "sha256").hexdigest() != manifest.sha256:
            raise wrong


def _made(folder: Path, snapshot: Path, manifest: Manifest, file: Path) -> SQLiteStore:
    """Returns a new index of the snapshot, with its vectors, once it is what the manifest says."""
    made = SQLiteStore(folder, writable=True)
    try:
        made.restore(snapshot)
    except IndexMismatch as error:
        raise IndexMismatch(f"{file}: {_DATABASE} in it is no index that this version reads. {_CARRY_AGAIN}") from error
    told = (manifest.model, manifest.revision, manifest.documents, manifest.passages)
    held = (made.setting("model"), made.setting("revision"), len(made.documents()), made.passage_count())
    if held != told:
        raise TransferError(f"{file}: {_DATABASE} in it is not what its {_MANIFEST} says. {_CARRY_AGAIN}")
    made.save_vectors()
    return made


# -- both


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """Gives a folder on the same disk as `path`, so that a rename puts things in place; it goes away at the end."""
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.absolute().parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TransferError(
            f"{path}: cannot be {what} ({error.strerror or error}). Check the path and the disk."
        ) from error

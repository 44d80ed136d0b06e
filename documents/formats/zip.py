"""Zip archives: each file in one is a document of its own."""

import re
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from zipfile import BadZipFile, ZipFile, ZipInfo

from documents.errors import ReadError
from documents.formats.archive import opened
from documents.formats.content import Enclosed, Unread, distinct

_DAMAGE = (BadZipFile, LZMAError, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
_ENCRYPTED = 0x1  # the flag of a member with a password
_HIDDEN = re.compile(r"(?:^|/)(?:\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini|~\$[^/]*)(?:/|$)", re.IGNORECASE)


def parts(data: bytes, name: str) -> Iterator[Enclosed | Unread]:
    """Yields the files in order; hidden ones and those that systems and editors leave behind are left out.

    Their names become ids below that of the archive, and nothing else: nothing is written to a disk.

    Raises: ReadError where the archive is damaged, or a bomb.
    """
    archive = opened(data, name, "a zip archive")
    members = [
        (member, path)
        for member in archive.infolist()
        if not member.is_dir() and (path := _path(member.filename)) and not _HIDDEN.search(path)
    ]
    if not members:
        raise ReadError(f"{name}: the archive is empty.", french=f"{name} : l’archive est vide.")
    for (member, _), path in zip(members, distinct(path for _, path in members), strict=True):
        yield _taken(archive, member, f"{name}/{path}")


def _path(name: str) -> str:
    """Returns the name with forward slashes, without a root and without steps up."""
    steps = re.split(r"[/\\]+", name)
    return "/".join(step for step in steps if step not in ("", ".", "..") and not re.fullmatch(r"[A-Za-z]:", step))


def _taken(archive: ZipFile, member: ZipInfo, identity: str) -> Enclosed | Unread:
    if member.flag_bits & _ENCRYPTED:
        return Unread(
            identity,
            ReadError(
                f"{identity}: is encrypted. Unpack the archive and ingest the folder.",
                french=f"{identity} : est chiffré. Décompressez l’archive et ajoutez les fichiers.",
            ),
        )
    try:
        return Enclosed(identity, archive.read(member))
    except _DAMAGE as error:
        return Unread(
            identity,
            ReadError(
                f"{identity}: damaged ({error}). Make the archive again.",
                french=f"{identity} : endommagé ({error}). Refaites l’archive.",
            ),
        )

"""The file of the vectors: a FAISS index as FAISS writes it, so that it can be mapped, and a foot that vouches for it.

FAISS's bytes | the foot, JSON | length of the foot, CRC-32 of all before | a mark
"""

import json
import os
import struct
import time
import uuid
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import BinaryIO

_MARK = b"removals-qa vectors 2\n"
_TAIL = struct.Struct("<II")
_LONGEST_FOOT = 2**16  # bytes
_BLOCK = 2**20
_ABANDONED = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class About:
    """What a file of vectors says of itself.

    `breadth` is how far a search of an approximate index looks: neighbours kept in mind (hnsw), lists read (ivf-sq8).
    `recall` is the share of the 10 nearest passages that it finds, measured with `questions` (index/recall.py); None
    where nothing was measured, as search is exact or there are no passages. `coded` is how many of the passages had
    their vectors stored as codes (index/codes.py), so that the recall is against what these say; None in older files.
    """

    generation: str
    kind: str
    passages: int
    breadth: int = 0
    recall: float | None = None
    questions: int = 0
    coded: int | None = None


_KNOWN = {field.name for field in fields(About)}
_NEEDED = _KNOWN - {"coded"}


def write(path: Path, about: About, write_vectors: Callable[[str], None]) -> None:
    """Writes the file whole or not at all; `write_vectors` writes FAISS's part to the path that it is given."""
    for old in path.parent.glob(f"{path.stem}.*.part"):  # of a process that was killed
        if time.time() - old.stat().st_mtime > _ABANDONED:
            old.unlink(missing_ok=True)
    part = path.with_name(f"{path.stem}.{uuid.uuid4().hex}.part")  # another process may be writing too
    try:
        write_vectors(str(part))
        foot = json.dumps(asdict(about)).encode()
        with part.open("r+b") as file:
            checksum = zlib.crc32(foot, _checksum(file, part.stat().st_size))
            file.write(foot + _TAIL.pack(len(foot), checksum) + _MARK)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_about(path: Path) -> About | None:
    """Returns what the file says of itself; None where it is missing or its foot is none. The rest is not checked."""
    try:
        with path.open("rb") as file:
            return _foot(file)[0]
    except (OSError, ValueError, TypeError):
        return None


def is_whole(path: Path) -> bool:
    """Returns whether the file is there and every byte of it is as it was written."""
    try:
        with path.open("rb") as file:
            _, foot, checksum = _foot(file)
            length = path.stat().st_size - len(foot) - _TAIL.size - len(_MARK)
            file.seek(0)
            return zlib.crc32(foot, _checksum(file, length)) == checksum
    except (OSError, ValueError, TypeError):
        return False


def _foot(file: BinaryIO) -> tuple[About, bytes, int]:
    """Raises ValueError or TypeError where there is none."""
    size = file.seek(0, os.SEEK_END)
    end = _TAIL.size + len(_MARK)
    file.seek(max(0, size - end))
    tail = file.read()
    if len(tail) != end or not tail.endswith(_MARK):
        raise ValueError("there is no mark at the end")
    length, checksum = _TAIL.unpack(tail[: _TAIL.size])
    if length > min(_LONGEST_FOOT, size - end):
        raise ValueError("the foot is too long")
    file.seek(size - end - length)
    foot = file.read(length)
    stated = json.loads(foot)
    if not isinstance(stated, dict) or not _NEEDED <= stated.keys() <= _KNOWN:
        raise ValueError("the foot is of another version")
    return About(**stated), foot, checksum


def _checksum(file: BinaryIO, length: int) -> int:
    """Returns the CRC-32 of the next `length` bytes."""
    checksum = 0
    while length and (block := file.read(min(_BLOCK, length))):
        checksum = zlib.crc32(block, checksum)
        length -= len(block)
    return checksum

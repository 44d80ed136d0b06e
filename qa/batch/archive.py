"""Zip archives, which .xlsx and .docx are, whose bytes depend on what they hold and not on when they were written."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

DAY = "1980-01-01T00:00:00Z"  # the first that an archive can state


def rewritten(source: Path | BinaryIO, target: Path, parts: Mapping[str, Iterable[bytes]]) -> None:
    """Copies an archive to `target`, each part dated 1 January 1980 and those of `parts` holding these bytes."""
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = ZipInfo(name)
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 0, 0
            with old.open(name) as read, new.open(info, "w", force_zip64=True) as write:
                if name in parts:
                    write.writelines(parts[name])
                else:
                    copyfileobj(read, write)

"""The file that a stored document was read from, if it is still there as it was."""

import hashlib
from pathlib import Path, PurePosixPath

from index.writable import WritableStore


def source_file(store: WritableStore, document_id: str) -> Path | None:
    """Returns the file whose bytes are those the document was read from.

    None where it was moved, changed or removed, where the document is within another file (an archive's, an
    attachment, a line of .jsonl), and where there is no such document.
    """
    known = store.known_document(document_id)
    within = PurePosixPath(document_id)
    if known is None or within.is_absolute() or ".." in within.parts:  # files of .jsonl give what ids they like
        return None
    origin = Path(known.origin)
    path = origin / within if origin.is_dir() else origin
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # subtle: an id may hold a NUL, which no path may
        return None
    return path if digest == known.digest else None

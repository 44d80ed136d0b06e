"""Which files hold a document now: of its own id, around it, or of many documents that have ids of their own."""

from pathlib import Path

from documents.errors import ReadError
from documents.read import OWN_IDS, SourceFile, entries_in, source_files

MAY_HOLD_OWN_IDS = OWN_IDS | {".zip"}  # suffixes: an archive may hold such a file


class Holders:
    """Reads the files below each origin that give their documents ids once."""

    def __init__(self) -> None:
        self._own: dict[str, dict[str, set[Path]]] = {}  # origin -> id -> files that give their documents ids

    def of(self, document_id: str, origin: str) -> set[Path]:
        """Returns the files at or below `origin` that hold the document: its own, one around it, or a .jsonl."""
        place, within = Path(origin), Path(document_id)
        if place.is_file() and place.suffix.lower() not in MAY_HOLD_OWN_IDS:
            return {place.resolve()}
        own = {(place / path).resolve() for path in (within, *within.parents[:-1]) if (place / path).is_file()}
        if origin not in self._own:
            self._own[origin] = self._read(place)
        return own | self._own[origin].get(document_id, set())

    def _read(self, place: Path) -> dict[str, set[Path]]:
        found: dict[str, set[Path]] = {}
        for source in source_files(place) if place.exists() else []:
            if source.path.suffix.lower() in MAY_HOLD_OWN_IDS:
                for document_id in _ids_in(source):
                    found.setdefault(document_id, set()).add(source.path.resolve())
        return found


def _ids_in(source: SourceFile) -> list[str]:
    try:
        return [entry.id for entry in entries_in(source.path, source.id)]
    except ReadError:
        return []  # it is told when the file itself is ingested

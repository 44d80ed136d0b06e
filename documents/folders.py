"""What folders say of the documents in them.

The first folder below the path that is read names the collection: staff keep what belongs together in one folder, and
nothing need be written for it. Where that is not enough, a file `collection.toml` in a folder says the collection and
the kind of all that lies in it, at any depth; it stays with the folder, so every later reading agrees. The nearest
folder is believed:

    collection = "Acts and regulations"
    kind = "statute"
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from documents.errors import BadSetting, ReadError
from documents.kinds import kind_of
from documents.labels import NOTHING_SAID, Labels
from documents.read import FOLDER_FILE, SourceFile

_KEYS = ("collection", "kind")


class Folders:
    """Reads each folder's file once. `failed` holds the files that could not be read, with the reason, in order."""

    def __init__(self) -> None:
        self.failed: list[tuple[str, str]] = []
        self._read: dict[Path, Labels] = {}

    def labels(self, source: SourceFile) -> Labels:
        """Returns what the folders of a file say of it; a folder whose file cannot be read says nothing."""
        below = PurePosixPath(source.id).parts[:-1]
        said = Labels(collection=below[0]) if below else NOTHING_SAID
        for file in reversed(list(folder_files(source))):
            said = self._of(file.path.parent).over(said)
        return said

    def _of(self, folder: Path) -> Labels:
        if folder not in self._read:
            try:
                self._read[folder] = folder_labels(folder)
            except ReadError as error:
                self._read[folder] = NOTHING_SAID
                self.failed.append((str(folder / FOLDER_FILE), str(error)))
        return self._read[folder]


def folder_files(source: SourceFile) -> Iterator[SourceFile]:
    """Yields the files that may say something of a file, there or not, that of the nearest folder first."""
    below = PurePosixPath(source.id).parent
    for folder, place in zip(source.path.parents, (below, *below.parents), strict=False):
        yield SourceFile(folder / FOLDER_FILE, (place / FOLDER_FILE).as_posix())


def folder_labels(folder: Path) -> Labels:
    """Returns what the folder's own file says; nothing where it has none.

    Raises: ReadError where the file is no TOML, or says something else than a collection and a known kind.
    """
    path = folder / FOLDER_FILE
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return NOTHING_SAID
    except OSError as error:
        raise ReadError(f"{path}: cannot be opened ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReadError(f'{path}: not TOML ({error}). Write lines such as collection = "Statutes".') from error
    for key, value in stated.items():
        if key not in _KEYS or not isinstance(value, str):
            raise ReadError(f'{path}: {key} = {value!r} is not read. Write {" and ".join(_KEYS)}, each as "text".')
    try:
        return Labels(collection=stated.get("collection"), kind=kind_of(stated["kind"]) if "kind" in stated else None)
    except BadSetting as error:
        raise ReadError(f"{path}: {error}") from error

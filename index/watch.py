"""Keeps an index in step with files and folders: added, changed and deleted files, for as long as it runs.

A folder's collection.toml counts as well: where it has changed, the documents below it get what it says now.

The system's notices only say when to look; what changed is found by comparing the list of files with the last one. So
a notice that is lost, or never comes (network drives), delays a change and loses nothing.
"""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from documents.errors import ReadError
from documents.folders import folder_files
from documents.read import FOLDER_FILE, HOLDS_MANY, SourceFile
from index.holders import MAY_HOLD_OWN_IDS
from index.ingest import Progress, Summary, files_under, ingest_files, origin_of
from index.types import Embedder
from index.writable import WritableStore

_LOOK_AGAIN = 30.0  # seconds, when no notice comes
_LONGEST = 3  # times the settling time that files which have settled wait for others of their burst

_State = tuple[int, int, int, int] | None  # size, mtime, ctime and inode; None where there is no file
_File = tuple[Path, str]  # the path watched, and the file's id below it


@dataclass(slots=True)
class _Waiting:
    state: _State
    since: float  # seconds


@dataclass(slots=True)
class Changes:
    """Files that have settled: those to read, and which documents stand or fall with them."""

    files: list[tuple[Path, SourceFile]] = field(default_factory=list)
    touched: dict[_File, _State] = field(default_factory=dict)
    unsettled: set[tuple[str, str]] = field(default_factory=set)  # (origin, id)
    present: set[tuple[str, str]] = field(default_factory=set)  # (origin, id) of every file there is
    whole: set[str] = field(default_factory=set)  # origins of which every document must be in a file that is there

    def covers(self, origin: str, document_id: str) -> bool:
        """Returns whether a document that none of the files held is gone."""
        within = Path(document_id)
        around = {(origin, place.as_posix()) for place in (within, *within.parents)}
        if around & self.unsettled:
            return False
        if around & {(origin_of(path), identity) for path, identity in self.touched}:
            return True
        return origin in self.whole and not around & self.present and not self._may_be_unsettled(origin)

    def _may_be_unsettled(self, origin: str) -> bool:
        return any(place == origin and _may_hold_own_ids(identity) for place, identity in self.unsettled)


class Watched:
    """The files below the paths, and which of them the index is in step with."""

    def __init__(
        self, paths: Sequence[Path], store: WritableStore, settle: float, on_note: Callable[[str], None]
    ) -> None:
        self._paths, self._store, self._settle, self._on_note = paths, store, settle, on_note
        self._done: dict[_File, _State] = {}
        self._waiting: dict[_File, _Waiting] = {}
        self._sources: dict[_File, tuple[Path, SourceFile]] = {}
        self._devices = {path: path.stat().st_dev for path in paths if path.exists()}
        self._new = set(paths)  # paths of which nothing was taken yet
        self._noted: dict[Path, str] = {}

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def due(self, now: float, wall: float) -> Changes | None:
        """Returns what has settled by `now`, or None; `wall` is the time that files' times are compared with."""
        listed = {path: states for path in self._paths if (states := self._listed(path)) is not None}
        for path, states in listed.items():
            self._compare(path, states, now, wall)
        if any(path in self._new for path in listed) or self._burst_is_over(now):
            return self._changes(set(listed), now)
        return None

    def took(self, changes: Changes) -> None:
        """Notes that the index is in step with these files."""
        for file, state in changes.touched.items():
            if state is None:
                self._done.pop(file, None)
            else:
                self._done[file] = state
            waiting = self._waiting.get(file)
            if waiting and waiting.state == state:
                del self._waiting[file]

    def _compare(self, path: Path, states: dict[str, _State], now: float, wall: float) -> None:
        known = {identity for place, identity in (*self._done, *self._waiting) if place == path}
        for identity in known | states.keys():
            file, state = (path, identity), states.get(identity)
            if state == self._done.get(file):
                self._waiting.pop(file, None)
            elif file not in self._waiting or self._waiting[file].state != state:
                # On the first look a file's own time tells how long it has been as it is.
                age = wall - state[1] / 1e9 if path in self._new and state else 0.0
                self._waiting[file] = _Waiting(state, now - max(age, 0.0))

    def _burst_is_over(self, now: float) -> bool:
        settled = [each for each in self._waiting.values() if now - each.since >= self._settle]
        oldest = min((each.since for each in settled), default=now)
        return bool(settled) and (len(settled) == len(self._waiting) or now - oldest >= _LONGEST * self._settle)

    def _changes(self, paths: set[Path], now: float) -> Changes:
        changes = Changes()
        for (path, identity), each in self._waiting.items():
            if now - each.since < self._settle:
                changes.unsettled.add((origin_of(path), identity))
            else:
                changes.touched[path, identity] = each.state
        # What lies in such a file has ids of its own: only all of them together tell that a document is gone.
        own = {path for path, identity in changes.touched if _may_hold_own_ids(identity)}
        changes.whole = {origin_of(path) for path in own | (self._new & paths)}
        changes.files = [source for file, source in sorted(self._sources.items()) if self._is_read(file, changes, own)]
        changes.present = {(origin_of(path), identity) for path, identity in self._sources}
        self._new -= paths
        return changes

    def _is_read(self, file: _File, changes: Changes, own: set[Path]) -> bool:
        path, identity = file
        if (origin_of(path), identity) in changes.unsettled:
            return False
        labels = ((path, each.id) for each in folder_files(self._sources[file][1]))
        return (
            file in changes.touched
            or (path in own and Path(identity).suffix.lower() in HOLDS_MANY)
            or any(each in changes.touched for each in labels)
        )

    def _listed(self, path: Path) -> dict[str, _State] | None:
        """Returns the files below the path; None where they cannot be told, so that nothing is taken for deleted."""
        try:
            files = self._found(path)
        except (ReadError, OSError) as error:
            self._note(path, f"{error} What the index holds of it stays.")
            return None
        if not files and path in self._new:
            self._note(path, f"{path}: there are no files here. What the index holds of it stays until there are.")
            return None
        try:
            states = self._states(path, files)
        except OSError as error:
            self._note(path, f"{error} What the index holds of it stays.")
            return None
        self._noted.pop(path, None)
        return states

    def _states(self, path: Path, files: Sequence[tuple[Path, SourceFile]]) -> dict[str, _State]:
        self._sources = {file: each for file, each in self._sources.items() if file[0] != path}
        states: dict[str, _State] = {}
        labels: dict[str, Path] = {}
        for each, source in files:
            state = _state(source.path)
            if state is None:
                continue  # deleted just now, or a link to nothing
            states[source.id] = state
            self._sources[path, source.id] = (each, source)
            labels |= {one.id: one.path for one in folder_files(source) if one.id not in labels}
        states |= {identity: state for identity, place in labels.items() if (state := _state(place)) is not None}
        return states

    def _found(self, path: Path) -> list[tuple[Path, SourceFile]]:
        if not path.exists() and (path, path.name) in self._done:
            return []  # a single file, deleted
        files = files_under([path], self._store)
        device = path.stat().st_dev
        if not files and device != self._devices.get(path, device):
            raise ReadError(f"{path}: is empty and lies on another disk than before; it looks unmounted.")
        self._devices[path] = device
        return files

    def _note(self, path: Path, text: str) -> None:
        if self._noted.get(path) != text:
            self._noted[path] = text
            self._on_note(text)


def _state(path: Path) -> _State:
    """Returns None for a file that is gone, or a link that leads nowhere.

    Raises: OSError where the file cannot be asked about, as on a network drive that is away.
    """
    try:
        now = path.stat()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return None
        raise
    return now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino


def watch(
    paths: Sequence[Path],
    store: WritableStore,
    embedder: Embedder,
    stop: threading.Event,
    *,
    settle: float = 2.0,
    poll: bool = False,
    day_first: bool | None = None,
    on_change: Callable[[Summary], None],
    on_note: Callable[[str], None] = lambda text: None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> None:
    """Brings the index in step with the paths, then keeps it there until `stop` is set.

    A file is read once it has stayed as it is for `settle` seconds. `poll` looks every `settle` seconds and asks the
    system for no notices: network drives give none. `on_change` gets what became of the files that changed.

    Raises:
        ReadError: one of `paths` does not exist.
        IndexMismatch: the index was made with another model.
    """
    files_under(paths, store)
    watched = Watched(paths, store, settle, on_note)
    with _notices([] if poll else paths, store.folder, stop, on_note) as notices:
        while not stop.is_set():
            notices.came.clear()
            changes = watched.due(time.monotonic(), time.time())
            if changes is not None:
                summary = ingest_files(
                    changes.files,
                    store,
                    embedder,
                    gone=changes.covers,
                    day_first=day_first,
                    stopped=stop.is_set,
                    on_progress=on_progress,
                )
                watched.took(changes)
                on_change(of_touched(summary, changes))
                continue
            pause = settle / 4 if watched.waiting else (_LOOK_AGAIN if notices.alive else settle)
            notices.came.wait(max(pause, 0.05))


def of_touched(summary: Summary, changes: Changes) -> Summary:
    """Leaves out what was told before: files that are read again only to see which documents they still hold."""
    labels = [(path, identity) for path, identity in changes.touched if Path(identity).name == FOLDER_FILE]
    touched = [str((path.parent if path.is_file() else path) / identity) for path, identity in labels]
    touched += [str(source.path) for path, source in changes.files if (path, source.id) in changes.touched]
    new = {*summary.added, *summary.changed}

    def is_new(file: str) -> bool:
        return any(file == each or file.startswith(each + "/") for each in touched)

    summary.failed = [each for each in summary.failed if is_new(each[0])]
    summary.skipped = [each for each in summary.skipped if is_new(each[0])]
    summary.unread_pages = [each for each in summary.unread_pages if each[0] in new]
    return summary


def _may_hold_own_ids(identity: str) -> bool:
    return Path(identity).suffix.lower() in MAY_HOLD_OWN_IDS


class _Notices:
    """`came` is set at every notice of the system; `alive` while all threads that take them run."""

    def __init__(self) -> None:
        self.came = threading.Event()
        self.threads: list[threading.Thread] = []

    @property
    def alive(self) -> bool:
        return bool(self.threads) and all(thread.is_alive() for thread in self.threads)


@contextmanager
def _notices(
    paths: Sequence[Path], own: Path, stop: threading.Event, on_note: Callable[[str], None]
) -> Iterator[_Notices]:
    """Takes the system's notices of the paths until `stop` is set. A single file is seen from its folder."""
    notices = _Notices()
    folders = [path for path in paths if path.is_dir()]
    around = list({path.resolve().parent for path in paths if not path.is_dir()})
    for places, below in ((folders, True), (around, False)):
        if places:
            run = threading.Thread(target=_take, args=(places, below, own, stop, notices.came, on_note), daemon=True)
            notices.threads.append(run)
            run.start()
    try:
        yield notices
    finally:
        if stop.is_set():
            for thread in notices.threads:
                thread.join(5)


def _take(
    places: list[Path],
    below: bool,
    own: Path,
    stop: threading.Event,
    came: threading.Event,
    on_note: Callable[[str], None],
) -> None:
    from watchfiles import watch as notices_of

    beside = str(own.resolve()) + os.sep
    try:
        for _ in notices_of(
            *places,
            watch_filter=lambda _, path: not path.startswith(beside),
            stop_event=stop,
            debounce=400,
            rust_timeout=1000,
            recursive=below,
            ignore_permission_denied=True,
            raise_interrupt=False,
        ):
            came.set()
    except (OSError, RuntimeError) as error:
        on_note(
            f"The system gives no notice of changes ({error}). Files are looked at regularly instead, as with --poll."
        )
    finally:
        came.set()

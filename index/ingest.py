"""Brings an index in step with files: reads what is new or changed, embeds it, stores it.

A document is unchanged when its id and the digest of its bytes both are. Documents are embedded together, in
groups of passages, and stored one transaction each, so stopping at any moment loses at most the group in hand.
While a group is embedded, the next files are read (ahead.py).
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from documents.errors import IndexMismatch, ReadError, UnknownFormat
from documents.folders import Folders
from documents.labels import Labels, labelled
from documents.read import Entry, SourceFile, can_read_images, source_files
from documents.split import SplitSettings, split
from documents.types import Document, Passage
from index.ahead import Ahead, Item, items_of
from index.holders import MAY_HOLD_OWN_IDS, Holders
from index.types import EmbeddedPassage, Embedder, Text
from index.writable import KnownDocument, WritableStore

_GROUP = 512  # passages embedded together: enough to sort by length, little enough to show progress
_CONTEXT_TOKENS = 64  # of the title and headings that are embedded with a passage


@dataclass(slots=True)
class Summary:
    """What became of every file, by name. Nothing is skipped silently."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    relabelled: list[str] = field(default_factory=list)  # unchanged, but their folder says something else of them
    same: list[tuple[str, str]] = field(default_factory=list)  # (new name, document of the very same bytes)
    removed: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # (file, reason): of a format that has no reader
    failed: list[tuple[str, str]] = field(default_factory=list)  # (file, reason)
    errors: list[ReadError] = field(default_factory=list)  # those behind `skipped` and `failed`, of files
    unread_pages: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)  # (document, pages left out)
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is: files looked at of all files, and passages embedded so far."""

    files: int
    of_files: int
    passages: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    document: Document  # as it was read
    origin: str
    folder: Labels
    passages: Sequence[Passage]


def ingest(
    paths: Sequence[Path],
    store: WritableStore,
    embedder: Embedder,
    *,
    settings: SplitSettings | None = None,
    prune: bool = False,
    day_first: bool | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Summary:
    """Ingests files and folders; returns what became of every file.

    With `prune`, documents that came from one of `paths` and are no longer there are removed.

    Raises:
        ReadError: one of `paths` does not exist.
        IndexMismatch: the index was made with another model.
    """
    origins = {origin_of(path) for path in paths} if prune else set()
    return ingest_files(
        files_under(paths, store),
        store,
        embedder,
        settings=settings,
        gone=lambda origin, _: origin in origins,
        day_first=day_first,
        on_progress=on_progress,
    )


def files_under(paths: Sequence[Path], store: WritableStore) -> list[tuple[Path, SourceFile]]:
    """Returns each file with the one of `paths` it lies under; a file under two of them once.

    An index kept inside the folder of its documents is not one of them.

    Raises: ReadError where one of `paths` does not exist or cannot be opened.
    """
    real = _RealPaths()
    files = {real.of(source.path): (path, source) for path in paths for source in source_files(path)}
    own = os.path.join(os.path.realpath(store.folder), "")
    return [file for place, file in files.items() if not place.startswith(own)]


def ingest_files(
    files: Sequence[tuple[Path, SourceFile]],
    store: WritableStore,
    embedder: Embedder,
    *,
    gone: Callable[[str, str], bool],
    settings: SplitSettings | None = None,
    day_first: bool | None = None,
    stopped: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> Summary:
    """Ingests files, each with the path it lies under; returns what became of every one.

    `gone` takes the origin and the id of a stored document that none of the files held, and returns whether it is to be
    removed. Once `stopped`, nothing more is read or removed; what was read is stored.

    Raises: IndexMismatch where the index was made with another model.
    """
    return _Ingest(store, embedder, settings or SplitSettings(), day_first, on_progress).run(files, gone, stopped)


def check_model(store: WritableStore, embedder: Embedder) -> None:
    """Raises IndexMismatch unless the index was made with this very model; a new index takes it."""
    made_with = (store.setting("model"), store.setting("revision"))
    if made_with[0] is None:
        store.set_setting("dimension", str(embedder.dimension))
        store.set_setting("revision", embedder.revision)
        store.set_setting("model", embedder.name)
    elif made_with != (embedder.name, embedder.revision):
        raise IndexMismatch(
            f"{store.location}: the index was made with the model {made_with[0]} ({str(made_with[1])[:12]}), not with "
            f"{embedder.name} ({embedder.revision[:12]}). Use --model {made_with[0]}, or ingest into another --index."
        )


def embedded_text(passage: Passage, embedder: Embedder) -> Text:
    """Returns what is embedded of a passage: its title and headings, as far as they fit, then its text."""
    room = min(_CONTEXT_TOKENS, embedder.max_tokens - embedder.count_tokens([passage.text])[0])
    parts = passage.context.split(" > ") if passage.context else []
    while parts and embedder.count_tokens([" > ".join(parts) + "\n"])[0] > room:
        parts.pop(0)  # the innermost heading says most
    lead = " > ".join(parts) + "\n" if parts else ""
    shift = len(lead) - passage.start
    return Text(lead + passage.text, tuple((start + shift, end + shift) for start, end in passage.sentences))


class _Ingest:
    def __init__(
        self,
        store: WritableStore,
        embedder: Embedder,
        settings: SplitSettings,
        day_first: bool | None,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.store, self.embedder, self.settings = store, embedder, settings
        self.day_first, self.on_progress = day_first, on_progress
        self.known = store.known()
        self.summary = Summary()
        self.waiting: list[_Waiting] = []
        self.seen: dict[str, str] = {}  # document id -> file
        self.unread: set[tuple[str, str]] = set()  # (origin, id) of files that failed: what they hold stays
        self.folders = Folders()
        self.holders = Holders()
        self.digests = {known.digest: id for id, known in self.known.items() if not known.same_as}
        self.names: list[tuple[str, str, str]] = []  # (id, digest, origin) of further names of documents that wait
        self.files, self.of_files = 0, 0
        self.ahead = Ahead(iter(()), self._is_new, day_first)

    def run(
        self,
        files: Sequence[tuple[Path, SourceFile]],
        gone: Callable[[str, str], bool],
        stopped: Callable[[], bool],
    ) -> Summary:
        """Takes in the files, each with the path it was named by; removes the stored documents that are `gone`."""
        check_model(self.store, self.embedder)
        self.of_files = len(files)
        roots = {path: origin_of(path) for path in dict(files)}
        origins = {source: roots[path] for path, source in files}
        self.ahead = Ahead(items_of([source for _, source in files]), self._is_new, self.day_first)
        try:
            self._take_all(origins, stopped)
            self._embed_waiting()
            self.summary.failed += self.folders.failed
            if not stopped():
                self._prune(gone)
            self.store.group_versions()
        finally:
            self.store.save_vectors(lazily=True)
        return self.summary

    def _take_all(self, origins: Mapping[SourceFile, str], stopped: Callable[[], bool]) -> None:
        if stopped():
            self.ahead.end()
        for item in self.ahead:
            self._take(item, origins[item.source])
            if item.what is None:
                self.files += 1
                self._report()
                if stopped():
                    self.ahead.end()

    def _take(self, item: Item, origin: str) -> None:
        match item.what:
            case Entry():
                self._take_entry(item.what, item.source, origin)
            case ReadError():
                self._fail(item.source.id, item.source, origin, item.what)

    def _is_new(self, entry: Entry) -> bool:
        """True where nothing of these bytes is known, so that they will have to be read."""
        known = self.known.get(entry.id)
        return entry.digest not in self.digests and (known is None or known.digest != entry.digest)

    def _take_entry(self, entry: Entry, source: SourceFile, origin: str) -> None:
        try:
            if not self._is_unchanged(entry, source, origin) and not self._is_same(entry, source, origin):
                self._take_document(entry.document(self.day_first), source, origin)
        except ReadError as error:
            self._fail(entry.id, source, origin, error)

    def _fail(self, identity: str, source: SourceFile, origin: str, error: ReadError) -> None:
        below = identity.removeprefix(source.id) if identity.startswith(source.id + "/") else ""
        reasons = self.summary.skipped if isinstance(error, UnknownFormat) else self.summary.failed
        reasons.append((str(source.path) + below, str(error)))
        self.summary.errors.append(error)
        self.unread.add((origin, identity))

    def _is_unchanged(self, entry: Entry, source: SourceFile, origin: str) -> bool:
        """True when the document is stored already, so that it need not be parsed."""
        known = self.known.get(entry.id)
        if known is None or known.digest != entry.digest:
            return False
        if not known.same_as and (self._date_to_settle(known) or (known.unread_pages and can_read_images())):
            return False
        self._claim(entry.id, source)
        if known.origin != origin and not self.holders.of(entry.id, known.origin):
            self.store.set_origin(entry.id, origin)  # it was moved here: pruning this path is what may remove it
        if known.same_as:
            self.summary.unchanged.append(entry.id)
            return True
        folder = self.folders.labels(source)
        if folder != known.folder:
            self.store.set_folder(entry.id, folder)
            self.summary.relabelled.append(entry.id)
        else:
            self.summary.unchanged.append(entry.id)
        self._note_unread(entry.id, known.unread_pages)
        return True

    def _is_same(self, entry: Entry, source: SourceFile, origin: str) -> bool:
        """True when a document of the very same bytes is stored or waits, so that this is a further name of it."""
        other = self.digests.get(entry.digest)
        if other is None or other == entry.id:
            return False
        self._claim(entry.id, source)
        origin = self._rightful(entry.id, source, origin)
        if not self.store.add_name(entry.id, entry.digest, origin=origin):
            if all(each.document.info.digest != entry.digest for each in self.waiting):
                return False  # it has changed since
            self.names.append((entry.id, entry.digest, origin))
        self.summary.same.append((entry.id, other))
        return True

    def _note_unread(self, document_id: str, pages: tuple[int, ...]) -> None:
        if pages:
            self.summary.unread_pages.append((document_id, pages))

    def _date_to_settle(self, known: KnownDocument) -> bool:
        return self.day_first is not None and known.date_open

    def _take_document(self, document: Document, source: SourceFile, origin: str) -> None:
        info = document.info
        self._claim(info.id, source)
        origin = self._rightful(info.id, source, origin)
        limit = min(self.settings.max_tokens, self.embedder.max_tokens)
        settings = SplitSettings(limit, min(self.settings.min_tokens, limit))
        folder = self.folders.labels(source)
        known_as = labelled(info, folder, self.store.corrections(info.id))
        passages = split(replace(document, info=known_as), self.embedder.count_tokens, settings)
        self.waiting.append(_Waiting(document, origin, folder, passages))
        self.digests[info.digest] = info.id
        (self.summary.changed if info.id in self.known else self.summary.added).append(info.id)
        self._note_unread(info.id, info.unread_pages)
        if sum(len(each.passages) for each in self.waiting) >= _GROUP:
            self._embed_waiting()

    def _rightful(self, document_id: str, source: SourceFile, origin: str) -> str:
        """Returns the origin of the document from now on: an earlier one while this very file lies there too.

        Raises: ReadError where another file there holds a document of this id.
        """
        known = self.known.get(document_id)
        if known is None or known.origin == origin:
            return origin
        holders = self.holders.of(document_id, known.origin)
        if holders - {source.path.resolve()}:
            raise ReadError(
                f"{source.path}: the id {document_id} belongs to a document from {known.origin}. Rename one "
                f"of them, or remove the stored one: removals-qa documents remove {document_id}"
            )
        return known.origin if holders else origin

    def _claim(self, document_id: str, source: SourceFile) -> None:
        other = self.seen.setdefault(document_id, str(source.path))
        if other != str(source.path):
            raise ReadError(f"{source.path}: {other} has the same id, {document_id}. Ingest the folder above both.")

    def _embed_waiting(self) -> None:
        group, self.waiting = self.waiting, []
        passages = [passage for each in group for passage in each.passages]
        done: Iterator[EmbeddedPassage] = iter(self.ahead.during(lambda: self._embed_all(passages)))
        for each in group:
            embedded = [next(done) for _ in each.passages]
            self.store.put(each.document, embedded, origin=each.origin, folder=each.folder)
        for document_id, digest, place in self.names:
            self.store.add_name(document_id, digest, origin=place)
        self.names = []

    def _embed_all(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        return [embedded for part in _parts(passages, _GROUP) for embedded in self._embed(part)]

    def _embed(self, passages: Sequence[Passage]) -> Sequence[EmbeddedPassage]:
        """Embeds passages, but for those whose very text the index holds already, in whatever document."""
        texts = [embedded_text(passage, self.embedder) for passage in passages]
        digests = [text.digest for text in texts]
        known = dict(self.store.embeddings(list(dict.fromkeys(digests))))
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
        known |= zip(new, self.embedder.embed_passages(list(new.values())), strict=True)
        self.summary.passages += len(passages)
        self._report()
        return [EmbeddedPassage(each, known[own], own) for each, own in zip(passages, digests, strict=True)]

    def _prune(self, gone: Callable[[str, str], bool]) -> None:
        for document_id, known in sorted(self.store.known().items()):
            if (
                document_id not in self.seen
                and gone(known.origin, document_id)
                and not self._may_stand(known.origin, document_id)
            ):
                self.store.remove(document_id)
                self.summary.removed.append(document_id)

    def _may_stand(self, origin: str, document_id: str) -> bool:
        """True where a file that failed may hold the document: its own file, or one that holds many."""
        return any(
            place == origin
            and (name == document_id or document_id.startswith(name + "/") or name.endswith(tuple(MAY_HOLD_OWN_IDS)))
            for place, name in self.unread
        )

    def _report(self) -> None:
        self.on_progress(Progress(self.files, self.of_files, self.summary.passages))


class _RealPaths:
    """Where files really lie; each folder is looked up once, as there may be ten thousand files."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def of(self, path: Path) -> str:
        if os.path.islink(path):
            return os.path.realpath(path)
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return os.path.join(self._folders[folder], name)


def origin_of(path: Path) -> str:
    """Returns what a document stored from below `path` has as its origin."""
    return str(path.resolve())


def _parts(passages: Sequence[Passage], size: int) -> Iterator[Sequence[Passage]]:
    for start in range(0, len(passages), size):
        yield passages[start : start + size]

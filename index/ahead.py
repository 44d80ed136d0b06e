"""Reads files ahead while the ones before them are embedded. What is read, and in which order, is the same without it.

One thread reads at a time: the caller's, or, for as long as the caller is busy, one beside it. Embedding leaves Python
to others while it multiplies, and so do PDFium and Tesseract, so on more than one core neither waits for the other.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from documents.errors import ReadError
from documents.read import Entry, SourceFile, entries_in
from documents.types import Document

_MOST_CHARACTERS = 2_000_000  # of documents that are read and wait
_MOST_ITEMS = 1000  # documents and ends of files
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item:
    """A document of a file, why the rest of the file cannot be read, or, with None, that the file ends here."""

    source: SourceFile
    what: Entry | ReadError | None


def items_of(files: Sequence[SourceFile]) -> Iterator[Item]:
    """Yields what the files hold, in order; each file ends with its end."""
    for source in files:
        try:
            for entry in entries_in(source.path, source.id):
                yield Item(source, entry)
        except ReadError as error:
            yield Item(source, error)
        yield Item(source, None)


class Ahead:
    """Iterates over items; `during` reads on beside other work."""

    def __init__(self, items: Iterator[Item], is_new: Callable[[Entry], bool], day_first: bool | None) -> None:
        """`is_new` says whether a document will be needed; reading ahead ends at one that may not be."""
        self._items, self._is_new, self._day_first = items, is_new, day_first
        self._read: deque[Item] = deque()
        self._failure: BaseException | None = None

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        if self._read:
            return self._read.popleft()
        if self._failure is not None:
            raise self._failure
        return next(self._items)

    def during(self, work: Callable[[], T]) -> T:
        """Returns what the work comes to, and reads on until it is done.

        A document that is half read by then is waited for, as it comes next; not so where the work is interrupted.
        """
        enough = threading.Event()
        reader = threading.Thread(target=self._read_on, args=(enough,), daemon=True)
        reader.start()
        try:
            result = work()
        finally:
            enough.set()
        reader.join()
        return result

    def end(self) -> None:
        """Nothing more is read, and nothing more comes."""
        self._read.clear()
        self._failure = StopIteration()

    def _read_on(self, enough: threading.Event) -> None:
        room = _MOST_CHARACTERS
        digests = {each.what.digest for each in self._read if isinstance(each.what, Entry)}
        try:
            while room > 0 and len(self._read) < _MOST_ITEMS and not enough.is_set() and self._failure is None:
                item = next(self._items)
                if not isinstance(item.what, Entry):
                    self._read.append(item)
                    continue
                if item.what.digest in digests or not self._is_new(item.what):
                    self._read.append(item)  # it holds the bytes of its file: one such is enough to keep
                    return
                digests.add(item.what.digest)
                entry, characters = self._parsed(item.what)
                room -= characters
                self._read.append(replace(item, what=entry))
        except BaseException as error:  # raised again where the caller comes to it, StopIteration too
            self._failure = error

    def _parsed(self, entry: Entry) -> tuple[Entry, int]:
        """Returns the entry with its document, or with the error that reading it gave, and its characters."""
        try:
            document = entry.document(self._day_first)
        except ReadError as error:
            return replace(entry, document=_raises(error)), 0
        return replace(entry, document=lambda day_first: document), len(document.text)


def _raises(error: ReadError) -> Callable[[bool | None], Document]:
    def document(day_first: bool | None) -> Document:
        raise error

    return document

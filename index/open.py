"""Opens the store that the text of --index names: a folder, or Milvus."""

from pathlib import Path

from index.place import Location, place_of
from index.store import SQLiteStore
from index.writable import WritableStore


def open_store(location: Location, *, writable: bool = False, token: str = "") -> WritableStore:
    """Opens the store at the location; with `writable` a missing one is made. `token` is for a server that asks for it.

    Raises:
        BadSetting: the location cannot be read.
        IndexMissing: there is no index.
        IndexMismatch: it was made by another version, or is damaged.
        StoreUnreachable: the server does not answer, or another process holds the file.
    """
    place = place_of(location, token)
    if isinstance(place, Path):
        return SQLiteStore(place, writable=writable)
    from index.milvus_store import MilvusStore

    return MilvusStore(place, writable=writable)


def is_store(location: Location, *, token: str = "") -> bool:
    """Returns whether there is an index at the location, sound or not."""
    place = place_of(location, token)
    if isinstance(place, Path):
        return SQLiteStore.is_at(place)
    from index.milvus_store import MilvusStore

    return MilvusStore.is_at(place)

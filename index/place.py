"""Where an index is: the text of --index read."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from documents.errors import BadSetting

MILVUS = "milvus:"
VECTORS = ("exact", "hnsw")  # how a new collection finds the nearest
_DEFAULT_COLLECTION = "passages"  # of a file, which holds one index

Location = Path | str  # a folder, or the text of a place in Milvus: "milvus:..."


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """Where a collection is: the address of a server or the path of a file, its name, and the user's token."""

    location: str  # as it is shown: without the password
    address: str
    collection: str
    token: str = ""
    vectors: str = VECTORS[0]

    @property
    def in_process(self) -> bool:
        """True for Milvus Lite in a file, which one process holds at a time."""
        return self.address.endswith(".db")


def location_of(text: str) -> Location:
    """Reads the text of --index."""
    return text if text.startswith(MILVUS) else Path(text)


def is_single_process(location: Location) -> bool:
    """Returns whether only one process at a time can have the index open."""
    place = place_of(location)
    return isinstance(place, MilvusPlace) and place.in_process


def folder_of(location: Location, what: str) -> Path:
    """Returns the folder of an index that is one.

    Raises: BadSetting for Milvus, where what is asked for cannot be done.
    """
    place = place_of(location)
    if isinstance(place, MilvusPlace):
        raise BadSetting(
            f"{location}: {what} is for an index in a folder. Copy it into one first, or out of one afterwards: "
            "removals-qa copy-index FROM TO"
        )
    return place


def place_of(location: Location, token: str = "") -> Path | MilvusPlace:
    """Returns the folder, or the place in Milvus: milvus:http://host:19530/collection or milvus:FILE.db.

    Either may end with ?vectors=hnsw, which counts when the collection is made.
    """
    if isinstance(location, Path) or not location.startswith(MILVUS):
        return Path(location)
    rest, _, settings = location.removeprefix(MILVUS).partition("?")
    vectors = _vectors(location, settings)
    if rest.endswith(".db") and "://" not in rest:
        return MilvusPlace(MILVUS + rest, rest, _DEFAULT_COLLECTION, vectors=vectors)
    url, port = _split(rest)
    collection = url.path.strip("/") if url else ""
    if url is None or url.scheme not in ("http", "https") or not url.hostname or not collection.isidentifier():
        raise BadSetting(
            f"{location}: is no place in Milvus. Give milvus:http://HOST:19530/COLLECTION, COLLECTION being letters, "
            "digits and underscores, or milvus:FILE.db for a file."
        )
    address = f"{url.scheme}://{url.hostname}:{port}"
    own = f"{url.username}:{url.password or ''}" if url.username else token
    return MilvusPlace(f"{MILVUS}{address}/{collection}", address, collection, own, vectors)


def _split(text: str) -> tuple[SplitResult | None, int | None]:
    """Returns the parts of an address and its port, 19530 by default; None for what is no address."""
    try:
        url = urlsplit(text)
        return url, url.port or 19530
    except ValueError:
        return None, None


def _vectors(location: str, settings: str) -> str:
    given = dict(parse_qsl(settings))
    vectors = given.pop("vectors", VECTORS[0])
    if given or vectors not in VECTORS:
        raise BadSetting(f"{location}: after ? stands vectors=, and one of {', '.join(VECTORS)}.")
    return vectors

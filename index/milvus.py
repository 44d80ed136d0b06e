"""A connection to Milvus, a server's or Milvus Lite's in this process: the only import of pymilvus.

An index is two collections:

    NAME            the passages: vectors and terms to search, what narrows a search, and the passages themselves
    NAME_records    all else, a row each: documents, pieces of their texts, further names, corrections, settings
"""

import importlib.util
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from documents.errors import StoreUnreachable, UserError
from index.bm25 import K1, B
from index.place import MilvusPlace
from index.types import Vectors

LONGEST_TEXT = 65_535  # bytes of one field
MOST_FOUND = 16_384  # rows of one search
_LONGEST_KEY = 8192
_MOST_ITEMS = 4096  # of an array
_AT_ONCE = 200  # rows written together: a message holds 64 MB
_READ_AT_ONCE = 1000  # rows
_PATIENCE = 10.0  # seconds, for a server to answer at all
_LINKS, _BUILD = 16, 200  # HNSW: M and efConstruction
_LOOK = 256  # HNSW: ef, at least
_OWN_WRITES, _ALL_WRITES = "Session", "Strong"  # the second waits for a tick of the server, some 0.2 s
_GRPC = {"grpc.keepalive_time_ms": 300_000}  # Milvus Lite ends connections that ping more often
_NO_VECTOR = [0.0, 0.0]  # Milvus wants a vector in every collection

Row = dict[str, Any]


class Milvus:
    """Reads and writes rows. Safe to share between threads."""

    def __init__(self, place: MilvusPlace) -> None:
        """Connects. A read sees what this process wrote, and what others wrote some moments ago.

        Raises: StoreUnreachable where the server does not answer, or another process holds the file.
        """
        self._place = place
        self.passages, self.records = place.collection, f"{place.collection}_records"
        self._client = _connected(place)
        with self._told():
            self.is_lite = "lite" in str(self._client.get_server_version()).lower()
        self._there: set[str] = set()
        self._vectors = ""

    def has(self, collection: str) -> bool:
        """Returns whether there is such a collection, and makes it ready where there is."""
        if collection not in self._there:
            with self._told():
                if not self._client.has_collection(collection):
                    return False
                self._client.load_collection(collection)
            self._there.add(collection)
        return True

    def make_records(self) -> None:
        """Makes the collection for all that is not searched."""
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=_LONGEST_KEY)
        for name, length in (("kind", 16), ("owner", 64), ("digest", 64), ("kin", 64)):
            schema.add_field(name, DataType.VARCHAR, max_length=length)
        schema.add_field("passages", DataType.INT64)
        schema.add_field("terms", DataType.INT64)
        schema.add_field("bands", DataType.ARRAY, element_type=DataType.INT64, max_capacity=64)
        schema.add_field("value", DataType.VARCHAR, max_length=LONGEST_TEXT)
        schema.add_field("nothing", DataType.FLOAT_VECTOR, dim=len(_NO_VECTOR))
        indexed = ["kind", "owner", "digest", "kin", "bands"]
        self._make(self.records, schema, {"nothing": {"index_type": "FLAT", "metric_type": "IP"}}, indexed)

    def make_passages(self, dimension: int) -> None:
        """Makes the collection for passages whose vectors have that many numbers."""
        from pymilvus import DataType, Function, FunctionType

        schema = self._client.create_schema(auto_id=True, enable_dynamic_field=False)
        schema.add_field("number", DataType.INT64, is_primary=True)
        for name, length in (("document", 64), ("kind", 64), ("language", 8), ("collection", LONGEST_TEXT)):
            schema.add_field(name, DataType.VARCHAR, max_length=length)
        for name in ("first", "last", "day"):
            schema.add_field(name, DataType.INT64)
        # What is only shown need not lie in memory. Milvus Lite knows one way only, and no tokenizer but its own.
        mapped: Row = {} if self.is_lite else {"mmap_enabled": True}
        analyzer = {"tokenizer": "standard" if self.is_lite else "whitespace"}
        schema.add_field(
            "terms",
            DataType.VARCHAR,
            max_length=LONGEST_TEXT,
            enable_analyzer=True,
            enable_match=True,
            analyzer_params=analyzer,
            **mapped,
        )
        schema.add_field("body", DataType.VARCHAR, max_length=LONGEST_TEXT, **mapped)
        schema.add_field(
            "spans",
            DataType.ARRAY,
            element_type=DataType.VARCHAR,
            max_capacity=_MOST_ITEMS,
            max_length=LONGEST_TEXT,
            **mapped,
        )
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function("bm25", FunctionType.BM25, input_field_names=["terms"], output_field_names=["words"])
        )
        vectors: Row = {"index_type": "FLAT", "metric_type": "IP"}
        if self._place.vectors == "hnsw":
            vectors = vectors | {"index_type": "HNSW", "params": {"M": _LINKS, "efConstruction": _BUILD}}
        words = {
            "index_type": "SPARSE_INVERTED_INDEX",
            "metric_type": "BM25",
            "params": {"bm25_k1": K1, "bm25_b": B},
        }
        narrowing = ["document", "kind", "language", "collection", "day"]
        self._make(self.passages, schema, {"vector": vectors, "words": words}, narrowing)

    def _make(self, collection: str, schema: Any, vectors: Mapping[str, Row], indexed: Iterable[str]) -> None:
        from pymilvus.exceptions import MilvusException

        indexes = self._client.prepare_index_params()
        for name, settings in vectors.items():
            indexes.add_index(name, index_name=name, **settings)
        for name in () if self.is_lite else indexed:  # Milvus Lite looks at every row in any case
            indexes.add_index(name, index_name=name, index_type="INVERTED")
        with self._told():
            try:  # another process may be faster with either
                self._client.create_collection(collection, schema=schema, consistency_level=_OWN_WRITES)
            except MilvusException:
                if not self._client.has_collection(collection):
                    raise
            try:
                self._client.create_index(collection, indexes, sync=False)
            except MilvusException:
                if len(self._client.list_indexes(collection)) < len(vectors):
                    raise
        self.has(collection)

    def vectors_index(self) -> str:
        """Returns how the nearest passages are found: "exact" or the index's name."""
        if not self.has(self.passages):
            return self._place.vectors
        if not self._vectors:
            with self._told():
                kind = str(self._client.describe_index(self.passages, "vector")["index_type"])
            self._vectors = "exact" if kind in ("FLAT", "BRUTE_FORCE") else kind.lower()
        return self._vectors

    # -- reading

    def rows(self, collection: str, condition: str, fields: Sequence[str]) -> list[Row]:
        """Returns the rows that meet the condition, which few do."""
        if not self.has(collection):
            return []
        with self._told():
            return list(
                self._client.query(
                    collection, filter=condition, output_fields=list(fields), consistency_level=_OWN_WRITES
                )
            )

    def every(self, collection: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yields the rows that meet the condition, which many do, by key."""
        if not self.has(collection):
            return
        with self._told():
            found = self._client.query_iterator(
                collection,
                batch_size=_READ_AT_ONCE,
                filter=condition,
                output_fields=list(fields),
                consistency_level=_ALL_WRITES,
            )
        try:
            while True:
                with self._told():
                    part = found.next()
                if not part:
                    return
                yield from part
        finally:
            found.close()

    def count(self, collection: str, condition: str = "") -> int:
        """Returns how many rows meet the condition."""
        found = self.rows(collection, condition, ["count(*)"])
        return int(found[0]["count(*)"]) if found else 0

    def nearest(self, vector: Vectors, limit: int, condition: str) -> list[tuple[int, float]]:
        """Returns the passages of highest inner product, with it; best first."""
        look = {"params": {"ef": max(2 * limit, _LOOK)}} if self.vectors_index() == "hnsw" else {"params": {}}
        found = self._search("vector", [vector.tolist()], limit, condition, [], look)
        return [(int(each["number"]), float(each["distance"])) for each in found]

    def by_words(self, text: str, limit: int, condition: str) -> dict[int, str]:
        """Returns the terms of the passages of highest BM25, by number."""
        found = self._search("words", [text], limit, condition, ["terms"], {"params": {}})
        return {int(each["number"]): str(each["entity"]["terms"]) for each in found}

    def _search(
        self, field: str, data: list[Any], limit: int, condition: str, fields: list[str], settings: Row
    ) -> list[Row]:
        if limit <= 0 or not self.has(self.passages):
            return []
        with self._told():
            found = self._client.search(
                self.passages,
                data=data,
                anns_field=field,
                filter=condition,
                limit=min(limit, MOST_FOUND),
                output_fields=fields,
                search_params=settings,
                consistency_level=_OWN_WRITES,
            )
        return list(found[0])

    # -- writing

    def insert_passages(self, rows: Sequence[Row]) -> None:
        """Inserts passages; their numbers follow their order."""
        for start in range(0, len(rows), _AT_ONCE):
            with self._told():
                self._client.insert(self.passages, list(rows[start : start + _AT_ONCE]))

    def keep(self, rows: Sequence[Row]) -> None:
        """Inserts records, or replaces those of the same keys."""
        whole = [_EMPTY_RECORD | row for row in rows]
        for start in range(0, len(whole), _AT_ONCE):
            with self._told():
                self._client.upsert(self.records, whole[start : start + _AT_ONCE])

    def delete(self, collection: str, condition: str) -> None:
        """Deletes the rows that meet the condition."""
        if self.has(collection):
            with self._told():
                self._client.delete(collection, filter=condition)

    def flush(self) -> None:
        """Writes what Milvus Lite holds in memory into its file; a server does so by itself."""
        if self.is_lite and self._place.in_process:
            for collection in filter(self.has, (self.passages, self.records)):
                with self._told():
                    self._client.flush(collection)

    def bytes_on_disk(self) -> int | None:
        """Returns the size of the file of Milvus Lite; None for a server."""
        if not self._place.in_process:
            return None
        return sum(path.stat().st_size for path in Path(self._place.address).rglob("*") if path.is_file())

    @contextmanager
    def _told(self) -> Iterator[None]:
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException

        try:
            yield
        except (MilvusException, RpcError) as error:
            message = getattr(error, "message", "") or error
            raise StoreUnreachable(
                f"{self._place.location}: Milvus says: {message} See that it runs and has room, then try again."
            ) from error


_EMPTY_RECORD: Row = {
    "kind": "",
    "owner": "",
    "digest": "",
    "kin": "",
    "passages": 0,
    "terms": 0,
    "bands": [],
    "value": "",
    "nothing": _NO_VECTOR,
}


def is_any(field: str, values: Iterable[Any]) -> str:
    """Returns the condition that a field holds one of the values."""
    return f"{field} in [{', '.join(map(quoted, values))}]"


def quoted(value: Any) -> str:
    """Returns a text or a number as a condition writes it."""
    return json.dumps(value, ensure_ascii=False)


def _connected(place: MilvusPlace) -> Any:
    for package in ("pymilvus", *(["milvus_lite"] if place.in_process else [])):
        if importlib.util.find_spec(package) is None:
            raise UserError(
                f"{place.location}: {package} is not installed. Install it: pip install 'removals-qa[milvus]'"
            )
    from grpc import RpcError
    from pymilvus import MilvusClient
    from pymilvus.exceptions import MilvusException

    for name in ("pymilvus", "milvus_lite"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what they log is in the errors that they raise
    if place.in_process:
        Path(place.address).absolute().parent.mkdir(parents=True, exist_ok=True)
    try:
        return MilvusClient(place.address, token=place.token, timeout=_PATIENCE, grpc_options=_GRPC)
    except (MilvusException, RpcError) as error:
        raise StoreUnreachable(f"{place.location}: {_unreachable(place, error)}") from error


def _unreachable(place: MilvusPlace, error: Exception) -> str:
    if place.in_process:
        return (
            "Milvus Lite cannot open it. One process at a time may have it open: stop the other one, or put the index "
            "on a server (removals-qa copy-index). If there is no other, it was made by an older Milvus Lite or is "
            "damaged: choose another --index."
        )
    message = getattr(error, "message", "") or error
    return f"nothing answers there ({message}). Start Milvus, or mend the address and the password in --index."

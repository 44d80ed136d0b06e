"""Groups of nearly equal documents in an index in Milvus (index/versions.py says what they are)."""

import base64
from dataclasses import replace

import numpy as np

from index.milvus_records import Records
from index.milvus_rows import Record
from index.versions import LEAST, Signature, similarity


def group_versions(records: Records) -> None:
    """Finds the group of every document that has none yet, with other processes doing the same."""
    for read in records.every():
        if not read.kin:
            record = records.record(read.id)
            if record and record.key == read.key:  # another process may have replaced it
                _place(records, record)


def kin_of(records: Records, kin: str) -> list[Record]:
    """Returns the documents of a group; none where they are not grouped yet."""
    return records.of_kin(kin) if kin else []


def _place(records: Records, record: Record) -> None:
    own = _signature(record)
    near = records.of_bands(record.bands) if record.bands else []
    alike = [each for each in near if each.id != record.id and _similar(own, _signature(each))]
    groups = {each.kin for each in alike if each.kin}
    # subtle: two processes that place two new documents at once take the same name for their group.
    kin = min(groups, default=min([record.key, *(each.key for each in alike)]))
    moved = [each for group in groups - {kin} for each in records.of_kin(group)]
    records.keep(replace(record, kin=kin), *(replace(each, kin=kin) for each in moved))


def _signature(record: Record) -> Signature | None:
    return np.frombuffer(base64.b64decode(record.signature), dtype="<u4") if record.signature else None


def _similar(one: Signature | None, other: Signature | None) -> bool:
    return one is not None and other is not None and similarity(one, other) >= LEAST

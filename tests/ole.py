"""Writes Outlook messages: no library does. A compound file holds streams in folders; a message is a few of them.

Source: [MS-CFB] and [MS-OXMSG], Microsoft's published formats.
"""

import struct
from collections.abc import Mapping
from datetime import datetime

_SECTOR, _SMALL_SECTOR, _LEAST = 512, 64, 4096  # streams below _LEAST bytes lie in small sectors
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_TEXT, _BINARY, _TIME, _LONG = 0x001F, 0x0102, 0x0040, 0x0003

Tree = Mapping[str, "bytes | Tree"]


def outlook_message(
    subject: str, sender: str, body: str, sent: datetime, attachments: Mapping[str, bytes], html: bytes = b""
) -> bytes:
    """Returns a message as Outlook saves it."""
    tree: dict[str, bytes | Tree] = {}
    texts = {0x0037: subject, 0x0C1A: sender.split(" <")[0], 0x0C1F: sender.rpartition("<")[2].strip(">"), 0x1000: body}
    rows = _texts(tree, {key: text for key, text in texts.items() if text})
    if html:
        tree["__substg1.0_10130102"] = html
        rows += _row(0x1013, _BINARY, len(html)) + _row(0x3FDE, _LONG, 65001)
    ticks = int((sent.timestamp() + 11644473600) * 10**7)
    rows += struct.pack("<HHIQ", _TIME, 0x0039, 6, ticks)
    for number, (name, data) in enumerate(attachments.items()):
        below: dict[str, bytes | Tree] = {"__substg1.0_37010102": data}
        own = _texts(below, {0x3707: name}) + _row(0x3701, _BINARY, len(data)) + _row(0x3705, _LONG, 1)
        below["__properties_version1.0"] = bytes(8) + own
        tree[f"__attach_version1.0_#{number:08X}"] = below
    head = struct.pack("<8xIIII8x", 0, len(attachments), 0, len(attachments))
    tree["__properties_version1.0"] = head + rows
    tree["__nameid_version1.0"] = {}
    return compound_file(tree)


def _texts(tree: dict[str, "bytes | Tree"], texts: Mapping[int, str]) -> bytes:
    rows = b""
    for key, text in texts.items():
        data = text.encode("utf-16-le")
        tree[f"__substg1.0_{key:04X}001F"] = data
        rows += _row(key, _TEXT, len(data) + 2)
    return rows


def _row(key: int, kind: int, value: int) -> bytes:
    return struct.pack("<HHIII", kind, key, 6, value, 0)


def compound_file(tree: Tree) -> bytes:
    """Returns a compound file that holds the tree of streams."""
    entries: list[list[object]] = [["Root Entry", _ROOT, _NONE, b"", _NONE]]  # name, kind, child, data, right
    _enter(tree, 0, entries)
    sectors: list[bytes] = []
    chains: list[int] = []
    small, small_chains = b"", list[int]()
    places: list[tuple[int, int]] = []
    for _, kind, _, data, _ in entries:
        assert isinstance(data, bytes)
        if kind != _STREAM or not data:
            places.append((_END if kind == _STREAM else 0, 0))
        elif len(data) < _LEAST:
            places.append((len(small_chains), len(data)))
            _chain(small_chains, -(-len(data) // _SMALL_SECTOR))
            small += data + bytes(-len(data) % _SMALL_SECTOR)
        else:
            places.append((_append(sectors, chains, data), len(data)))
    places[0] = (_append(sectors, chains, small) if small else _END, len(small))
    table = _append(sectors, chains, struct.pack(f"<{len(small_chains)}I", *small_chains), b"\xff") if small else _END
    names = b"".join(_entry(entry, place) for entry, place in zip(entries, places, strict=True))
    folder = _append(sectors, chains, names)
    fat_start = len(sectors)
    fat_count = -(-(len(chains) + 1) // 127)
    chains += [_FAT] * fat_count
    chains += [_FREE] * (-len(chains) % 128)
    fat = struct.pack(f"<{len(chains)}I", *chains)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIII", 0, fat_count, folder, 0, _LEAST)
    header += struct.pack("<IIII", table, -(-len(small_chains) // 128) if small else 0, _END, 0)
    header += b"".join(struct.pack("<I", fat_start + n if n < fat_count else _FREE) for n in range(109))
    return header + b"".join(sectors) + fat


def _enter(tree: Tree, parent: int, entries: list[list[object]]) -> None:
    """A folder's entries hang to the right of one another, in the order that readers expect."""
    before = -1
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        value = tree[name]
        entries.append([name, _STREAM if isinstance(value, bytes) else _STORAGE, _NONE, b"", _NONE])
        own = len(entries) - 1
        entries[parent if before < 0 else before][2 if before < 0 else 4] = own
        before = own
        if isinstance(value, bytes):
            entries[own][3] = value
        else:
            _enter(value, own, entries)


def _entry(entry: list[object], place: tuple[int, int]) -> bytes:
    name, kind, child, _, right = entry
    encoded = str(name).encode("utf-16-le") + b"\0\0"
    packed = encoded + bytes(64 - len(encoded)) + struct.pack("<HBBIII", len(encoded), kind, 1, _NONE, right, child)
    return packed + bytes(36) + struct.pack("<IQ", *place)


def _chain(chains: list[int], count: int) -> None:
    start = len(chains)
    chains += [*range(start + 1, start + count), _END]


def _append(sectors: list[bytes], chains: list[int], data: bytes, filler: bytes = b"\0") -> int:
    start = len(sectors)
    data += filler * (-len(data) % _SECTOR)
    sectors += [data[at : at + _SECTOR] for at in range(0, len(data), _SECTOR)]
    _chain(chains, len(data) // _SECTOR)
    return start

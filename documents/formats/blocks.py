"""Blocks of text - headings, paragraphs, list items, table rows - and the text that they make together."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import zip_longest

from documents.formats.content import Content
from documents.formats.text import normal
from documents.types import Heading, Table

_BLANK_LINES = re.compile(r"\n{3,}")


class Kind(Enum):
    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    ROW = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """`level` is that of a heading, 1 the outermost. An item's text holds its marker and its indent.

    `cells` are those of a row of a table, and `empty` those of them that hold nothing.
    """

    kind: Kind
    text: str
    level: int = 0
    cells: int = 0
    empty: int = 0


def one_line(text: str) -> str:
    """Returns the words of the text with single spaces between them."""
    return " ".join(text.split())


def listed(marker: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """Yields the blocks of one list item: the marker before the first, the others indented below it.

    A list within a list is indented once by each list that holds it. An item that opens with a heading
    (a card on a web page) has no marker.
    """
    prefix = marker
    for position, block in enumerate(blocks):
        if block.kind is Kind.HEADING:
            prefix = prefix if position else ""
            yield block
        else:
            yield replace(block, kind=Kind.ITEM, text=prefix + block.text.replace("\n", "\n  "))
            prefix = "  " if prefix else ""


def lines(text: str) -> str:
    """Returns the text with its lines kept, and single spaces between the words of each."""
    return "\n".join(one_line(line) for line in text.split("\n"))


def table_rows(names: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Iterator[Block]:
    """Yields one line a row, each cell with its column's name: "Year: 2024; Removals: 17,357".

    Empty cells are left out of the text, and counted where their column has a name or holds something in another row.
    None is no cell: part of one that spans several. Without rows the names themselves make the one line.
    """
    names = [one_line(name).rstrip(":") for name in names]
    body = [[cell if cell is None else one_line(cell) for cell in row] for row in rows]
    used = [any(column) for column in zip_longest(names, *body)]
    for row in body:
        named = zip([*names, *[""] * (len(row) - len(names))], row, strict=False)
        cells = [f"{name}: {cell}" if name and name != cell else cell for name, cell in named if cell]
        counted = [cell for cell, is_used in zip(row, used, strict=False) if is_used and cell is not None]
        yield Block(Kind.ROW, "; ".join(cells), cells=len(counted), empty=counted.count(""))
    if not body:
        yield Block(Kind.ROW, "; ".join(name for name in names if name))


def assembled(blocks: Iterable[Block], fields: Mapping[str, str]) -> Content:
    """Returns the blocks joined by blank lines, items and rows by line ends; empty ones are dropped."""
    parts: list[str] = []
    headings: list[Heading] = []
    tables: list[Table] = []
    length = 0
    before: Kind | None = None
    for block in blocks:
        text = tidy(one_line(block.text) if block.kind is Kind.HEADING else block.text)
        if not text.strip():
            continue
        if before is not None:
            parts.append("\n" if before is block.kind and before in (Kind.ITEM, Kind.ROW) else "\n\n")
            length += len(parts[-1])
        if block.kind is Kind.HEADING:
            headings.append(Heading(length, length + len(text), block.level))
        if block.cells:
            row = Table(length, length + len(text), block.cells, block.empty)
            if tables and tables[-1].end + 1 == length:
                tables[-1] = tables[-1].with_row(row)
            else:
                tables.append(row)
        parts.append(text)
        length += len(text)
        before = block.kind
    return Content("".join(parts), tuple(headings), fields=fields, tables=tuple(tables))


def tidy(text: str) -> str:
    """Returns normal text with no spaces at line ends, one blank line at most, and none at either end."""
    stripped = "\n".join(line.rstrip() for line in normal(text).split("\n"))
    return _BLANK_LINES.sub("\n\n", stripped).strip("\n")


def paged(pages: Sequence[Content], fields: Mapping[str, str]) -> Content:
    """Returns the pages joined by blank lines; one without text starts where the next one does."""
    starts: list[int] = []
    headings: list[Heading] = []
    tables: list[Table] = []
    length = 0
    for page in pages:
        starts.append(length)
        headings += [Heading(each.start + length, each.end + length, each.level) for each in page.headings]
        tables += [replace(each, start=each.start + length, end=each.end + length) for each in page.tables]
        length += len(page.text) + 2 if page.text else 0
    text = "\n\n".join(page.text for page in pages if page.text)
    return Content(text, tuple(headings), tuple(starts), fields, tables=tuple(tables))

"""Rows of cells - a worksheet, a CSV file - into headings, paragraphs and rows that read as sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from documents.formats.blocks import Block, Kind, one_line, table_rows

Cells = Sequence[str]

_FIGURE = re.compile(r"[-+(]?\W{0,2}\d[\d\s.,'%)/:-]*\W{0,2}")
_YEAR = re.compile(r"(?:FY\s*)?(?:19|20)\d\d(?:\s*[-/–]\s*(?:\d\d|\d{4}))?")
_SENTENCE_END = re.compile(r"[.!?…]$")


def sheet_blocks(rows: Sequence[Cells]) -> Iterator[Block]:
    """Yields the rows, each with the names of its columns: "Country: Chad; Removals 2024: 12.".

    Blank rows part one table from the next. Rows of a single cell above a table, or below it, are paragraphs. The
    first row names the columns where it holds no figures but years; so do two, where cells of the first one span
    columns of the second.
    """
    table: list[Cells] = []
    width = max(map(len, rows), default=0)
    for row in [*rows, ()]:
        row = [one_line(cell) for cell in row]
        if not any(row):
            yield from _table(table)
            table = []
        else:
            table.append([*row, *[""] * (width - len(row))])


def _table(rows: Sequence[Cells]) -> Iterator[Block]:
    columns = max(map(_filled, rows), default=0)
    if columns == 1 == len(rows):
        yield Block(Kind.PARAGRAPH, _one(rows[0]))
        return
    first, last = 0, len(rows)
    while first < last and columns > 1 and _filled(rows[first]) == 1 and _is_title(rows, first):
        first += 1
    while last > first and columns > 1 and _filled(rows[last - 1]) == 1 and rows[last - 1][0]:
        last -= 1
    for row in rows[:first]:
        yield Block(Kind.PARAGRAPH, _one(row))
    yield from _named(rows[first:last])
    for row in rows[last:]:
        yield Block(Kind.PARAGRAPH, _one(row))


def _filled(row: Cells) -> int:
    """Returns the number of cells that hold something; one that spans several columns is repeated, and counts once."""
    return len({cell for cell in row if cell})


def _is_title(rows: Sequence[Cells], place: int) -> bool:
    """A single cell is a title above the names of the columns, and a value below them."""
    return bool(rows[place][0]) or place == 0


def _one(row: Cells) -> str:
    return next(cell for cell in row if cell)


def _named(rows: Sequence[Cells]) -> Iterator[Block]:
    names: Cells = ()
    body = rows
    if rows and _names_columns(rows[0]):
        names, body = rows[0], rows[1:]
        if _spans(names) and body and _names_columns(body[0]):
            lower = [*body[0], *[""] * (len(names) - len(body[0]))]
            names = [
                one_line(f"{upper} {name}" if upper != name else name)
                for upper, name in zip(names, lower, strict=False)
            ]
            body = body[1:]
    if not rows:
        return
    for block in table_rows(names, body):
        yield block if _SENTENCE_END.search(block.text) else replace(block, text=f"{block.text}.")


def _names_columns(row: Cells) -> bool:
    return (
        _filled(row) > 1
        and all(not cell or _YEAR.fullmatch(cell) or not _FIGURE.fullmatch(cell) for cell in row)
        and not (row[0] and _FIGURE.fullmatch(row[0]))
    )


def _spans(names: Cells) -> bool:
    return any(left and left == right for left, right in pairwise(names))

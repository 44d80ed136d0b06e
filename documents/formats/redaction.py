"""Redactions: what lies under a box leaves the text, and a mark says that something stood there, and why not.

A box is filled and opaque. It is a redaction where it covers text, where the section of an Act is printed on it, or
where it is dark and nothing is printed on it at all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from documents.formats.blocks import one_line
from documents.formats.layout import Line

MARK = re.compile(r"\[redacted(?:: [^\]]*)?\]")
_REPEATED = re.compile(rf"({MARK.pattern})(?:\s+\1)+")

_NUMBER = r"\d{1,3}(?:\.\d{1,2})?"
_NAMED = rf"(?:ss?|sec|sections?|subsections?|art|articles?|par|paras?|paragraphs?|paragraphes?|al)\b\.?\s*{_NUMBER}"
_REFERENCE = rf"(?:{_NAMED}(?:\(\w{{1,4}}\))*|{_NUMBER}(?:\(\w{{1,4}}\))+|\(b\)(?:\(\w{{1,2}}\))+|b\d[A-F]?)"
_ACT = r"(?:\s*(?:of the |de la |- ?)?(?:ATIA?|AIA|LAI|PA|LPRP|FOIA|Access to Information Act|Privacy Act))?"
SECTION = re.compile(rf"{_REFERENCE}(?:\s*(?:[,;/&]|and|et)?\s*{_REFERENCE})*{_ACT}", re.IGNORECASE)
_SHORT = re.compile(r"^(ss?|art|sec|par|al)\.?\s*(?=\d)", re.IGNORECASE)
_EXEMPTIONS = frozenset([*range(13, 29), 68, 69, 70])  # sections of the two Acts by which Canada withholds text
DARK = 0.25  # of white
_LEAST_HEIGHT, _LEAST_WIDTH = 5.0, 8.0  # points: thinner is a rule
_BESIDE = 2.5  # sizes between a box and the section printed beside it
_NEAR = 3.0  # sizes between a box and the text that it stands in line with


@dataclass(frozen=True, slots=True)
class Box:
    """A filled area of a page, in points. `brightness` is 0 for black, 1 for white."""

    left: float
    bottom: float
    right: float
    top: float
    brightness: float = 0.0

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as printed. Spaces that no one drew have no width.

    `under` is the number of the box that hides it, `on` that of the box it is printed on.
    """

    text: str
    left: float
    right: float
    under: int | None = None
    on: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The glyphs of one line, in reading order; `changed` where they are no longer all that the line was."""

    glyphs: tuple[Glyph, ...]
    line: Line
    changed: bool = False


def redacted(rows: Sequence[Row], boxes: Sequence[Box]) -> list[Line]:
    """Returns the lines without what boxes hide, and with a mark for each redaction."""
    size = median(row.line.size for row in rows) if rows else 10.0
    for number, box in enumerate(boxes):
        label = _printed_on(rows, number)
        covers = any(glyph.under == number and glyph.text.strip() for row in rows for glyph in row.glyphs)
        if not covers and not _is_redaction(box, label):
            continue
        section = SECTION.search(label)
        if section is None:
            rows, beside = _take_label_beside(rows, box, size)
        else:
            beside = section[0]
        rows = _marked(rows, number, box, _mark(beside), size)
    return [line for row in rows if (line := _line(row)) is not None]


def merged(text: str) -> str:
    """Returns the text with marks that follow one another and say the same as one."""
    return _REPEATED.sub(r"\1", text)


def _mark(section: str) -> str:
    named = _SHORT.sub(lambda match: f"{match[1].lower()}. ", one_line(section))
    return f"[redacted: {named}]" if named else "[redacted]"


def _printed_on(rows: Sequence[Row], number: int) -> str:
    printed = ("".join(glyph.text if glyph.on == number else " " for glyph in row.glyphs) for row in rows)
    return one_line(" ".join(printed))


def _is_redaction(box: Box, label: str) -> bool:
    """Is a box that hides no text a redaction? A shaded cell or a banner is none."""
    if box.top - box.bottom < _LEAST_HEIGHT or box.right - box.left < _LEAST_WIDTH:
        return False
    if box.brightness <= DARK:
        return not label or SECTION.search(label) is not None
    return SECTION.fullmatch(label) is not None and any(
        int(number) in _EXEMPTIONS for number in re.findall(r"(?<![\w(])\d+", label)
    )


def _take_label_beside(rows: Sequence[Row], box: Box, size: float) -> tuple[Sequence[Row], str]:
    """Returns the rows without the section printed right of the box or alone in the margin, and that section."""
    for place, row in enumerate(rows):
        if not _level(row.line, box):
            continue
        words = "".join(glyph.text for glyph in row.glyphs)
        start = _first_right_of(row.glyphs, box.right - 1)
        if SECTION.fullmatch(words.strip()):
            return [*rows[:place], *rows[place + 1 :]], words.strip()
        if start is None or row.glyphs[start].left - box.right > _BESIDE * size:
            continue
        match = SECTION.match("".join(glyph.text[:1] for glyph in row.glyphs[start:]))
        if match:
            kept = row.glyphs[:start] + row.glyphs[start + match.end() :]
            return [*rows[:place], replace(row, glyphs=kept, changed=True), *rows[place + 1 :]], match[0]
    return rows, ""


def _first_right_of(glyphs: Sequence[Glyph], x: float) -> int | None:
    return next((at for at, glyph in enumerate(glyphs) if glyph.text.strip() and glyph.left >= x), None)


def _level(line: Line, box: Box) -> bool:
    """Does the line stand at the height of the box?"""
    middle = line.baseline + 0.35 * line.size
    return box.bottom <= middle <= box.top or abs((box.bottom + box.top) / 2 - middle) < 0.4 * line.size


def _marked(rows: Sequence[Row], number: int, box: Box, mark: str, size: float) -> list[Row]:
    """Returns the rows with the mark where the first thing hidden by the box stood, or where the box stands."""
    marked: list[Row] = []
    waiting: Glyph | None = Glyph(f" {mark} ", box.left, box.right)
    for row in rows:
        glyphs: list[Glyph] = []
        for glyph in row.glyphs:
            if glyph.under != number and glyph.on != number:
                glyphs.append(glyph)
            elif waiting is not None and glyph.text.strip():
                glyphs.append(waiting)
                waiting = None
        same = tuple(glyphs) == row.glyphs
        marked.append(row if same else replace(row, glyphs=tuple(glyphs), changed=True))
    return marked if waiting is None else _inserted(marked, box, waiting, size)


def _inserted(rows: Sequence[Row], box: Box, mark: Glyph, size: float) -> list[Row]:
    beside = [
        (distance, place)
        for place, row in enumerate(rows)
        if _level(row.line, box) and (distance := _distance(row.line, box)) < _NEAR * size
    ]
    middle = (box.left + box.right) / 2
    if beside:
        _, place = min(beside)
        glyphs = rows[place].glyphs
        at = _first_right_of(glyphs, middle)
        at = len(glyphs) if at is None else at
        grown = replace(rows[place], glyphs=(*glyphs[:at], mark, *glyphs[at:]), changed=True)
        return [*rows[:place], grown, *rows[place + 1 :]]
    below = (
        place
        for place, row in enumerate(rows)
        if row.line.baseline < box.bottom and row.line.left < box.right and box.left < row.line.right
    )
    place = next(below, len(rows))
    own = Row((mark,), Line(mark.text, box.left, box.right, max(box.top - size, box.bottom), size), changed=True)
    return [*rows[:place], own, *rows[place:]]


def _distance(line: Line, box: Box) -> float:
    return max(line.left - box.right, box.left - line.right, 0.0)


def _line(row: Row) -> Line | None:
    if not row.changed:
        return row.line
    drawn = [glyph for glyph in row.glyphs if glyph.text.strip()]
    if not drawn:
        return None
    text = re.sub(r"\s+([.,;:)\]])", r"\1", one_line("".join(glyph.text for glyph in row.glyphs)))
    return replace(row.line, text=text, left=drawn[0].left, right=drawn[-1].right, kept=True, parts=())

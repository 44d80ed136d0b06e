"""One page of a PDF: its lines of text as a reader sees them, redactions marked, and how much of it is images.

Not thread-safe, as PDFium is not: whoever calls it, to open or to close a PDF too, holds the lock `PDFIUM`.
"""

import re
from collections.abc import Iterator, Sequence
from ctypes import c_double, c_int, c_void_p, cast, create_string_buffer
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import hypot
from threading import Lock
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw as pdfium

from documents.formats.blocks import one_line
from documents.formats.layout import Line
from documents.formats.pdf_drawing import ABOVE_ALL, Cover, Drawn, drawn_on
from documents.formats.redaction import DARK, Glyph, Row, redacted
from documents.formats.text import normal

PDFIUM = Lock()  # PDFium is not thread-safe, not even for two different files

# PDFium gives U+FFFE for a hyphen at a line's end, and leaves the line end out.
_LINE = re.compile("[^\r\n\ufffe\x02]*[^\\s\ufffe\x02][^\r\n\ufffe\x02]*[\ufffe\x02]?")
_CHARACTERS = str.maketrans(
    {"\ufffe": "-", "\x02": "-", "\uf0b7": "•", "\uf0a7": "▪", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl"}
    | {"\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_BOLD = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
_WIDE_GAP = 1.2  # times the size: more than between words
_PIXELS_A_POINT = 2.0
_MOST_PIXELS = 40_000_000
_EVEN = 24  # of 256 grey levels: what differs less is one area
_BLACK = 80


@dataclass(frozen=True, slots=True)
class Page:
    """`image_share` is the part of the page that its largest image takes up."""

    lines: tuple[Line, ...]
    image_share: float


def read_page(page: pypdfium2.PdfPage) -> Page:
    """Returns the lines of a page with their type and place, and what is drawn on it. Call it under PDFIUM."""
    drawn = drawn_on(page)
    characters = page.get_textpage()
    try:
        matches = list(_LINE.finditer(characters.get_text_range()))
        lines = [_line(characters, match) for match in matches]
        rows = _Rows(page, characters, drawn).rows(matches, lines) if drawn.covers else []
    finally:
        characters.close()
    if drawn.covers:
        lines = redacted(rows, [cover.box for cover in drawn.covers])
    return Page(tuple(lines), drawn.image_share)


def picture(page: pypdfium2.PdfPage, pixels_a_point: float, *, coloured: bool = False) -> tuple[Any, float]:
    """Returns the page as a PIL image, grey unless `coloured`, and the width of its pixels in points.

    Large pages are made smaller.
    """
    width, height = page.get_size()
    scale = min(pixels_a_point, (_MOST_PIXELS / max(width * height, 1)) ** 0.5)
    return page.render(scale=scale, grayscale=not coloured).to_pil(), 1 / scale


def _line(characters: pypdfium2.PdfTextPage, match: re.Match[str]) -> Line:
    """Returns the line with its parts, where gaps wider than those between words part it."""
    whole = _piece(characters, match.start(), match[0])
    cuts = [0, *_cuts(characters, match, _WIDE_GAP * whole.size), len(match[0])]
    if len(cuts) == 2:
        return whole
    pieces = (_piece(characters, match.start() + start, match[0][start:end]) for start, end in pairwise(cuts))
    return replace(whole, parts=tuple(pieces))


def _cuts(characters: pypdfium2.PdfTextPage, match: re.Match[str], least: float) -> Iterator[int]:
    for gap in re.finditer(r"(?<=\S)\s+(?=\S)", match[0]):
        before = _position(characters, match.start() + gap.start() - 1)
        after = _position(characters, match.start() + gap.end())
        if characters.get_charbox(after, loose=True)[0] - characters.get_charbox(before, loose=True)[2] > least:
            yield gap.end()


def _piece(characters: pypdfium2.PdfTextPage, start: int, text: str) -> Line:
    """Returns where a piece of text stands; its baseline and size are those of its middle character."""
    visible = [start + offset for offset, character in enumerate(text) if not character.isspace()]
    positions = [_position(characters, offset) for offset in (visible[0], visible[len(visible) // 2], visible[-1])]
    first, middle, last = positions
    left, _, _, _ = characters.get_charbox(first, loose=True)
    _, _, right, _ = characters.get_charbox(last, loose=True)
    x, baseline, matrix = c_double(), c_double(), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(characters, middle, x, baseline)
    pdfium.FPDFText_GetMatrix(characters, middle, matrix)
    size = pdfium.FPDFText_GetFontSize(characters, middle) * hypot(matrix.c, matrix.d)
    bold = all(_is_bold(characters, position) for position in dict.fromkeys(positions))
    return Line(_shown(text) or " ", left, right, baseline.value, size or 1.0, bold)


def _position(characters: pypdfium2.PdfTextPage, offset: int) -> int:
    """Returns the number of a character of the page's text among those that are drawn."""
    return max(int(pdfium.FPDFText_GetCharIndexFromTextIndex(characters, offset)), 0)


def _shown(text: str) -> str:
    return one_line(normal(text.translate(_CHARACTERS)))


def _is_bold(characters: pypdfium2.PdfTextPage, position: int) -> bool:
    name, flags = create_string_buffer(128), c_int()
    pdfium.FPDFText_GetFontInfo(characters, position, name, len(name), flags)
    return bool(_BOLD.search(name.value)) or pdfium.FPDFText_GetFontWeight(characters, position) >= _BOLD_WEIGHT


class _Rows:
    """The lines of a page as glyphs that know which box hides them and on which one they are printed."""

    def __init__(self, page: pypdfium2.PdfPage, characters: pypdfium2.PdfTextPage, drawn: Drawn) -> None:
        self._page, self._characters, self._drawn = page, characters, drawn
        self._pixels: NDArray[np.uint8] | None = None

    def rows(self, matches: Sequence[re.Match[str]], lines: Sequence[Line]) -> list[Row]:
        return [self._row(match, line) for match, line in zip(matches, lines, strict=True)]

    def _row(self, match: re.Match[str], line: Line) -> Row:
        glyphs: list[Glyph] = []
        for blank, group in groupby(enumerate(match[0]), key=lambda each: each[1].isspace()):
            word = list(group)
            if blank:
                right = glyphs[-1].right if glyphs else line.left
                glyphs.append(Glyph(" ", right, right))
            else:
                glyphs += self._word([(match.start() + offset, text) for offset, text in word])
        return Row(tuple(glyphs), line)

    def _word(self, characters: Sequence[tuple[int, str]]) -> list[Glyph]:
        places = [_position(self._characters, offset) for offset, _ in characters]
        # left, bottom, right, top
        boxes = [self._characters.get_charbox(place) for place in places]
        covers = [self._cover(place, box) for place, box in zip(places, boxes, strict=True)]
        glyphs = []
        for (_, text), place, box, (cover, certain) in zip(characters, places, boxes, covers, strict=True):
            under = cover
            if cover is not None and not certain:
                same = [other for other, (its, _) in zip(boxes, covers, strict=True) if its == cover]
                under = cover if self._is_hidden(same, self._drawn.covers[cover]) else None
            on = self._printed_on(place, box) if under is None else None
            glyphs.append(Glyph(_shown(text) or " ", box[0], box[2], under, on))
        return glyphs

    def _order(self, place: int) -> int:
        address = cast(pdfium.FPDFText_GetTextObject(self._characters, place), c_void_p).value
        return self._drawn.orders.get(address or 0, ABOVE_ALL - 1)

    def _cover(self, place: int, box: Sequence[float]) -> tuple[int | None, bool]:
        """Returns the number of what hides the character, or may hide it, and whether that is certain.

        Black on a black box is hidden too, though drawn above it.
        """
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        order = self._order(place)
        for number, cover in enumerate(self._drawn.covers):
            if cover.box.holds(x, y) and (cover.order > order or not cover.certain):
                return number, cover.certain
        below = self._printed_on(place, box)
        dark = below is not None and self._drawn.covers[below].box.brightness <= DARK
        return (below if dark else None), False

    def _printed_on(self, place: int, box: Sequence[float]) -> int | None:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        below = [
            (cover.order, number)
            for number, cover in enumerate(self._drawn.covers)
            if cover.certain and cover.box.holds(x, y)
        ]
        return max(below)[1] if below else None

    def _is_hidden(self, boxes: Sequence[Sequence[float]], cover: Cover) -> bool:
        """Is the area of these characters, with a little around them, all of one colour?"""
        box = cover.box
        left, right = (
            max(min(each[0] for each in boxes) - 1, box.left),
            min(max(each[2] for each in boxes) + 1, box.right),
        )
        low, high = (
            max(min(each[1] for each in boxes) - 1, box.bottom),
            min(max(each[3] for each in boxes) + 1, box.top),
        )
        area = self._area(left, low, right, high)
        if not area.size or int(area.max()) - int(area.min()) > _EVEN:
            return False
        # Beside a scan's own words its text layer may stand a little off, over blank paper.
        return not cover.whole_page or int(area.max()) < _BLACK

    def _area(self, left: float, bottom: float, right: float, top: float) -> NDArray[np.uint8]:
        if self._pixels is None:
            image, _ = picture(self._page, _PIXELS_A_POINT)
            self._pixels = np.asarray(image)
        height, width = self._pixels.shape
        corners = [on_device(self._page, width, height, x, y) for x, y in ((left, bottom), (right, top))]
        (x1, y1), (x2, y2) = corners
        return self._pixels[max(min(y1, y2), 0) : max(y1, y2), max(min(x1, x2), 0) : max(x1, x2)]


def on_device(page: pypdfium2.PdfPage, width: int, height: int, x: float, y: float) -> tuple[int, int]:
    """Returns the column and row, in a picture of the page of that size, of a point of the page."""
    column, row = c_int(), c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, column, row)
    return column.value, row.value

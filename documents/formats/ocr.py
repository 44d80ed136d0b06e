"""Text in images, read by Tesseract where it is installed, in English and French."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from documents.formats.layout import Line
from documents.formats.redaction import Box, Glyph, Row, redacted

if TYPE_CHECKING:
    from PIL.Image import Image

INSTALL_OCR = (
    "Install OCR (pip install 'removals-qa[ocr]', and Tesseract: apt-get install tesseract-ocr tesseract-ocr-fra)"
)
INSTALL_OCR_FR = (
    "Installez l’OCR (pip install 'removals-qa[ocr]', et Tesseract : apt-get install tesseract-ocr tesseract-ocr-fra)"
)
_WANTED = ("eng", "fra")
_LEAST_CONFIDENCE = 30  # of 100: below it, what stands there is mostly no text
_SECONDS = 300  # for one page; Tesseract can take forever on an image of noise


def available() -> bool:
    """Can text in images be read here?"""
    return shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


@dataclass(frozen=True, slots=True)
class Recognised:
    """The lines of an image; `confidence` is Tesseract's, the mean over the words that were kept, 0 to 100."""

    lines: list[Line]
    confidence: float


def lines_in(image: "Image", points: float) -> Recognised:
    """Returns the lines of text in the image, in reading order, with marks where it has black boxes.

    `points` is the width of a pixel.

    An image without legible text, or one that takes too long, gives none, with confidence 0.
    """
    import pytesseract

    from documents.formats.dark_boxes import dark_boxes  # numpy takes a while to load

    languages = "+".join(name for name in _WANTED if name in _installed()) or "eng"
    try:
        # 1: find the blocks of text, and which way up the page is
        words = pytesseract.image_to_data(
            image,
            lang=languages,
            config="--psm 1" if "osd" in _installed() else "--psm 3",
            output_type=pytesseract.Output.DICT,
            timeout=_SECONDS,
        )
    except RuntimeError:
        return Recognised([], 0.0)
    boxes = dark_boxes(image, points)
    rows = _rows(words, image.height, points)
    lines = redacted([_without_boxes(row, boxes) for row in rows], boxes)
    sure = [float(words["conf"][place]) for place in _legible(words)]
    return Recognised(lines, round(mean(sure), 1) if sure else 0.0)


@cache
def _installed() -> frozenset[str]:
    import pytesseract

    return frozenset(pytesseract.get_languages())


def _rows(words: Mapping[str, Sequence[Any]], height: int, points: float) -> list[Row]:
    """Lines of one paragraph get one size and even distances: boxes around inked letters have neither."""
    found = []
    for _, paragraph in groupby(
        _legible(words), key=lambda place: (words["block_num"][place], words["par_num"][place])
    ):
        rows = [list(row) for _, row in groupby(paragraph, key=lambda place: words["line_num"][place])]
        tops = [min(words["top"][place] for place in row) for row in rows]
        bottoms = [max(words["top"][place] + words["height"][place] for place in row) for row in rows]
        size = median(bottom - top for top, bottom in zip(tops, bottoms, strict=True))
        pitch = (bottoms[-1] - bottoms[0]) / max(len(rows) - 1, 1)
        for number, row in enumerate(rows):
            glyphs = tuple(glyph for place in row for glyph in _glyphs(words, place, points))
            text = " ".join(words["text"][place].strip() for place in row)
            baseline = (height - bottoms[0] - number * pitch) * points
            line = Line(text, glyphs[0].left, glyphs[-1].right, baseline, max(size * points, 1.0))
            found.append(Row(glyphs, line))
    return found


def _legible(words: Mapping[str, Sequence[Any]]) -> list[int]:
    """Returns the places of the words that are text."""
    return [
        place
        for place, text in enumerate(words["text"])
        if text.strip() and float(words["conf"][place]) >= _LEAST_CONFIDENCE
    ]


def _without_boxes(row: Row, boxes: Sequence[Box]) -> Row:
    """Returns the row with what lies in a box as hidden by it: Tesseract takes some boxes for letters."""
    middle = row.line.baseline + 0.35 * row.line.size
    glyphs = []
    for glyph in row.glyphs:
        within = (place for place, box in enumerate(boxes) if box.holds((glyph.left + glyph.right) / 2, middle))
        glyphs.append(replace(glyph, under=next(within, None)))
    return replace(row, glyphs=tuple(glyphs))


def _glyphs(words: Mapping[str, Sequence[Any]], place: int, points: float) -> Iterator[Glyph]:
    """Yields the characters of a word, as if all were of one width, and a space."""
    text = words["text"][place].strip()
    left, width = words["left"][place] * points, words["width"][place] * points / len(text)
    for number, character in enumerate(text):
        yield Glyph(character, left + number * width, left + (number + 1) * width)
    right = left + width * len(text)
    yield Glyph(" ", right, right)

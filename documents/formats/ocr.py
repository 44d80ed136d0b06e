"""Text in images, read by Tesseract where it is installed, in English and French."""

import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Any

from documents.formats.layout import Line

if TYPE_CHECKING:
    from PIL.Image import Image

INSTALL_OCR = (
    "Install OCR (pip install 'removals-qa[ocr]', and Tesseract: apt-get install tesseract-ocr tesseract-ocr-fra)"
)
_WANTED = ("eng", "fra")
_LEAST_CONFIDENCE = 30  # of 100: below it, what stands there is mostly no text
_SECONDS = 300  # for one page; Tesseract can take forever on an image of noise


def available() -> bool:
    """Can text in images be read here?"""
    return shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


def lines_in(image: "Image", points: float) -> list[Line]:
    """Returns the lines of text in the image, in reading order; `points` is the width of a pixel.

    An image without legible text, or one that takes too long, gives none.
    """
    import pytesseract

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
        return []
    return _lines(words, image.height, points)


@cache
def _installed() -> frozenset[str]:
    import pytesseract

    return frozenset(pytesseract.get_languages())


def _lines(words: Mapping[str, Sequence[Any]], height: int, points: float) -> list[Line]:
    """Lines of one paragraph get one size and even distances: boxes around inked letters have neither."""
    legible = [
        place
        for place, text in enumerate(words["text"])
        if text.strip() and float(words["conf"][place]) >= _LEAST_CONFIDENCE
    ]
    found = []
    for _, paragraph in groupby(legible, key=lambda place: (words["block_num"][place], words["par_num"][place])):
        rows = [list(row) for _, row in groupby(paragraph, key=lambda place: words["line_num"][place])]
        bottoms = [max(words["top"][place] + words["height"][place] for place in row) for row in rows]
        size = median(bottom - min(words["top"][place] for place in row) for row, bottom in zip(rows, bottoms))  # noqa: B905
        pitch = (bottoms[-1] - bottoms[0]) / max(len(rows) - 1, 1)
        for number, row in enumerate(rows):
            right = words["left"][row[-1]] + words["width"][row[-1]]
            found.append(
                Line(
                    " ".join(words["text"][place].strip() for place in row),
                    words["left"][row[0]] * points,
                    right * points,
                    (height - bottoms[0] - number * pitch) * points,
                    max(size * points, 1.0),
                )
            )
    return found

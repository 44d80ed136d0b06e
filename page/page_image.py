"""A page of a PDF as a picture, with a quote marked on it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from math import pi, sin
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import raw as pdfium

from documents.formats.pdf_drawing import ABOVE_ALL, drawn_on
from documents.formats.pdf_page import PDFIUM, on_device, picture
from page.alignment import places

Box = tuple[float, float, float, float]  # left, bottom, right, top, in points from the page's lower left corner

_MARKER = (255, 232, 90)  # multiplied with the picture, so that black stays black
_HIDDEN = (0, 0, 0)
_GAP = 3.0  # heights of a line: more parts two marks
_LEVEL = 0.5  # of the height of the lower of two characters on one line


def page_image(path: Path, page: int, quote: str, scale: float = 1.6, *, before: str = "") -> bytes | None:
    """Returns the page, numbered from 1, as a PNG of `scale` pixels a point with the words of the quote marked.

    A quote that stands there more than once is marked after as much of `before`, the text before it, as any. Where it
    is not found, as on a scan without a text layer, the page is not marked. What a redaction not yet carried out is to
    hide is painted over: the index does not hold it either. None where the file or the page cannot be opened.
    """
    with _opened(path, page) as opened:
        if opened is None:
            return None
        image, _ = picture(opened, scale, coloured=True)
        image = image.convert("RGB")
        _fill(image, opened, _boxes_of(opened, quote, before), _MARKER)
        hidden = [cover.box for cover in drawn_on(opened).covers if cover.certain and cover.order == ABOVE_ALL]
        draw = ImageDraw.Draw(image)
        for box in hidden:
            draw.rectangle(_pixels(image, opened, (box.left, box.bottom, box.right, box.top)), fill=_HIDDEN)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def marks(path: Path, page: int, quote: str, *, before: str = "") -> list[Box]:
    """Returns what is marked on the page, a box for each line; nothing where the file or page cannot be opened."""
    with _opened(path, page) as opened:
        return _boxes_of(opened, quote, before) if opened is not None else []


@contextmanager
def _opened(path: Path, number: int) -> Iterator[pypdfium2.PdfPage | None]:
    """Gives the page while it is open, under PDFium's lock, or None where it cannot be opened."""
    with PDFIUM:
        page, document = None, None
        try:
            document = pypdfium2.PdfDocument(path.read_bytes())
            page = document[number - 1] if 1 <= number <= len(document) else None
        except (OSError, pypdfium2.PdfiumError):
            page = None  # moved, encrypted or damaged: there is nothing to show
        try:
            yield page
        finally:
            if page is not None:
                page.close()
            if document is not None:
                document.close()


def _boxes_of(page: pypdfium2.PdfPage, quote: str, before: str) -> list[Box]:
    characters = page.get_textpage()
    try:
        count = pdfium.FPDFText_CountChars(characters)
        texts = [chr(pdfium.FPDFText_GetUnicode(characters, number)) for number in range(count)]
        return [box for run in places(quote, texts, before) for box in _lines(characters, texts, run)]
    finally:
        characters.close()


def _lines(characters: pypdfium2.PdfTextPage, texts: list[str], run: range) -> Iterator[Box]:
    """Yields a box around the characters of each line; lines may run up or down the page."""
    line: Box | None = None
    for number in run:
        if texts[number].isspace():
            continue
        box = characters.get_charbox(number, loose=True)
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        upright = abs(sin(pdfium.FPDFText_GetCharAngle(characters, number) % pi)) > 0.5
        if line is not None and _on_one_line(line, box, upright=upright):
            line = (min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3]))
            continue
        if line is not None:
            yield line
        line = box
    if line is not None:
        yield line


def _on_one_line(line: Box, box: Box, *, upright: bool) -> bool:
    along, across = (1, 0) if upright else (0, 1)
    height = min(line[across + 2] - line[across], box[across + 2] - box[across])
    shared = min(line[across + 2], box[across + 2]) - max(line[across], box[across])
    gap = max(box[along] - line[along + 2], line[along] - box[along + 2])
    return shared >= _LEVEL * height and gap <= _GAP * height


def _fill(image: Image.Image, page: pypdfium2.PdfPage, boxes: list[Box], colour: tuple[int, int, int]) -> None:
    """Colours the boxes as a marker does: what is printed stays legible."""
    for box in boxes:
        left, top, right, bottom = _pixels(image, page, box)
        if right > left and bottom > top:
            area = image.crop((left, top, right, bottom))
            image.paste(ImageChops.multiply(area, Image.new("RGB", area.size, colour)), (left, top))


def _pixels(image: Image.Image, page: pypdfium2.PdfPage, box: Box) -> tuple[int, int, int, int]:
    """Returns the left, top, right and bottom of the box in the picture, whichever way the page is turned."""
    (x1, y1), (x2, y2) = (on_device(page, *image.size, x, y) for x, y in (box[:2], box[2:]))
    return max(min(x1, x2), 0), max(min(y1, y2), 0), min(max(x1, x2), image.width), min(max(y1, y2), image.height)

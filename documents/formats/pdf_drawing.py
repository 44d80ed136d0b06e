"""What is drawn on a page of a PDF and in which order: filled areas, images and annotations, which may hide text."""

from collections.abc import Iterator, Sequence
from ctypes import c_float, c_int, c_uint, c_void_p, cast
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw as pdfium

from documents.formats.redaction import Box

ABOVE_ALL = 10**9  # annotations are drawn above the page
_DEEPEST = 8  # forms within forms


class Cover(NamedTuple):
    """What may hide text drawn before it. Unless `certain`, only the pixels tell whether it does."""

    box: Box
    order: int
    certain: bool
    whole_page: bool = False


class Drawn(NamedTuple):
    """`orders` tells when each text object is drawn, by its address."""

    covers: list[Cover]
    orders: dict[int, int]
    image_share: float


def drawn_on(page: pypdfium2.PdfPage) -> Drawn:
    """Returns what may hide text, when each text is drawn, and how much of the page is images."""
    width, height = page.get_size()
    covers: list[Cover] = []
    orders: dict[int, int] = {}
    largest = 0.0
    for order, (item, matrix) in enumerate(_objects(page)):
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            orders[cast(item, c_void_p).value or 0] = order
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = _clipped(item, _bounds(item, matrix, 1.0), matrix)
            share = max(box.right - box.left, 0) * max(box.top - box.bottom, 0) / max(width * height, 1)
            largest = max(largest, share)
            covers.append(Cover(box, order, certain=False, whole_page=share > 0.5))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            covers += _filled(item, matrix, order)
    # What is certain goes first: it needs no look at the pixels.
    covers = sorted([*covers, *_annotations(page)], key=lambda cover: not cover.certain)
    return Drawn(covers, orders, min(largest, 1.0))


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[Any, "_Matrix"]]:
    """Yields every object in the order in which it is drawn, with what turns its coordinates into the page's."""
    for place in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _within(pdfium.FPDFPage_GetObject(page, place), _SAME, 0)


def _within(item: Any, matrix: "_Matrix", depth: int) -> Iterator[tuple[Any, "_Matrix"]]:
    if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_FORM:
        yield item, matrix
    elif depth < _DEEPEST:
        inner = _matrix_of(item).then(matrix)
        for place in range(pdfium.FPDFFormObj_CountObjects(item)):
            yield from _within(pdfium.FPDFFormObj_GetObject(item, place), inner, depth + 1)


class _Matrix(NamedTuple):
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, other: "_Matrix") -> "_Matrix":
        a, b = self.a * other.a + self.b * other.c, self.a * other.b + self.b * other.d
        c, d = self.c * other.a + self.d * other.c, self.c * other.b + self.d * other.d
        return _Matrix(a, b, c, d, *other.point(self.e, self.f))


_SAME = _Matrix(1, 0, 0, 1, 0, 0)


def _matrix_of(item: Any) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return _Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _box(points: Sequence[tuple[float, float]], brightness: float) -> Box:
    across, up = [x for x, _ in points], [y for _, y in points]
    return Box(min(across), min(up), max(across), max(up), brightness)


def _bounds(item: Any, matrix: _Matrix, brightness: float) -> Box:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    corners = [(x.value, y.value) for x in (left, right) for y in (bottom, top)]
    return _box([matrix.point(x, y) for x, y in corners], brightness)


def _clipped(item: Any, box: Box, matrix: _Matrix) -> Box:
    """Returns the part of the box that the object's clip leaves to be seen."""
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    for path in range(max(pdfium.FPDFClipPath_CountPaths(clip), 0)):
        count = pdfium.FPDFClipPath_CountPathSegments(clip, path)
        points = [_point(pdfium.FPDFClipPath_GetPathSegment(clip, path, place)) for place in range(count)]
        if points:
            edge = _box([matrix.point(x, y) for x, y in points], 0)
            box = Box(
                max(box.left, edge.left),
                max(box.bottom, edge.bottom),
                min(box.right, edge.right),
                min(box.top, edge.top),
                box.brightness,
            )
    return box


def _point(segment: Any) -> tuple[float, float]:
    x, y = c_float(), c_float()
    pdfium.FPDFPathSegment_GetPoint(segment, x, y)
    return x.value, y.value


def _filled(item: Any, matrix: _Matrix, order: int) -> Iterator[Cover]:
    """Yields the areas that a path fills: one for each of its rectangles, or its bounds where it is no rectangle."""
    mode, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(item, mode, stroke)
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    if mode.value == pdfium.FPDF_FILLMODE_NONE or not alpha.value:
        return
    opaque = not pdfium.FPDFPageObj_HasTransparency(item)
    brightness = (0.299 * red.value + 0.587 * green.value + 0.114 * blue.value) / 255
    own = _matrix_of(item).then(matrix)
    rectangles = _rectangles(item, own)
    for points in rectangles:
        yield Cover(_clipped(item, _box(points, brightness), matrix), order, opaque)
    if not rectangles:
        yield Cover(_clipped(item, _bounds(item, matrix, 1.0), matrix), order, certain=False)


def _rectangles(item: Any, matrix: _Matrix) -> list[list[tuple[float, float]]]:
    """Returns the corners of the path's rectangles; nothing where any part of it is another shape."""
    parts: list[list[tuple[float, float]]] = []
    for place in range(pdfium.FPDFPath_CountSegments(item)):
        segment = pdfium.FPDFPath_GetPathSegment(item, place)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return []
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([])
        parts[-1].append(matrix.point(*_point(segment)))
    parts = [part for part in parts if len(part) > 1]
    return parts if all(map(_is_rectangle, parts)) else []


def _is_rectangle(points: Sequence[tuple[float, float]]) -> bool:
    across, up = {round(x, 1) for x, _ in points}, {round(y, 1) for _, y in points}
    return 4 <= len(points) <= 5 and len(across) == len(up) == 2


def _annotations(page: pypdfium2.PdfPage) -> Iterator[Cover]:
    """Yields the areas of annotations that may hide text; one that asks for redaction hides it, drawn or not."""
    for place in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, place)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        edges = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(annotation, edges)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_WIDGET):
            continue
        box = Box(edges.left, min(edges.bottom, edges.top), edges.right, max(edges.bottom, edges.top), 1.0)
        yield Cover(box, ABOVE_ALL, certain=kind == pdfium.FPDF_ANNOT_REDACT)

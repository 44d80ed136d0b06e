"""PowerPoint presentations (.pptx): a page for each slide, its title as heading, then its text, tables and notes."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import zip_longest
from typing import Any
from zipfile import BadZipFile

import pptx
from lxml.etree import XMLSyntaxError
from pptx.exc import PackageNotFoundError, PythonPptxError

from documents.errors import ReadError
from documents.formats.archive import opened
from documents.formats.blocks import Block, Kind, assembled, lines, listed, one_line, paged, table_rows
from documents.formats.content import Content
from documents.formats.xlsx_number import plain

_DAMAGE = (
    BadZipFile,
    PackageNotFoundError,
    PythonPptxError,
    XMLSyntaxError,
    zlib.error,
    AttributeError,
    EOFError,
    LookupError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)
_DEFAULT_TITLES = {"PowerPoint Presentation", "Présentation PowerPoint"}
_TEMPLATE_CREATED = datetime(2013, 1, 27, 9, 14, 16, tzinfo=UTC)  # the same for every file from python-pptx's template
_OLE = b"\xd0\xcf\x11\xe0"
_LEFT_OUT = {"DATE", "FOOTER", "SLIDE_NUMBER", "HEADER"}  # placeholders that every slide repeats
_SIGNIFICANT = 15  # digits that a number in Office has
_ROW = 100_000  # of an inch's 914,400 units: shapes whose tops differ by less stand side by side


def read(data: bytes, name: str) -> Content:
    """Returns the slides in order, hidden ones included, each a page.

    Raises: ReadError where the file has a password, is damaged, or is of the old .ppt format.
    """
    if data.startswith(_OLE):
        raise ReadError(
            f"{name}: is encrypted, or of the old .ppt format. Save it as .pptx without password.",
            french=f"{name} : est chiffré, ou de l’ancien format .ppt. Enregistrez-le en .pptx sans mot de passe.",
        )
    opened(data, name, "a PowerPoint presentation")
    try:
        presentation = pptx.Presentation(BytesIO(data))
        slides = [assembled(_slide(slide), {}) for slide in presentation.slides]
    except _DAMAGE as error:
        raise ReadError(
            f"{name}: damaged, or not a PowerPoint presentation. Save it again as .pptx.",
            french=f"{name} : endommagé, ou pas une présentation PowerPoint. Enregistrez-le de nouveau en .pptx.",
        ) from error
    return paged(slides, _fields(presentation))


def _fields(presentation: Any) -> dict[str, str]:
    stated = presentation.core_properties
    title = one_line(stated.title or "")
    fields = {"title": "" if title in _DEFAULT_TITLES else title, "language": (stated.language or "").strip()}
    if stated.created and stated.created.replace(tzinfo=UTC) != _TEMPLATE_CREATED:
        fields["created"] = stated.created.date().isoformat()
    return {key: value for key, value in fields.items() if value}


def _slide(slide: Any) -> Iterator[Block]:
    title = slide.shapes.title
    if title is not None:
        yield Block(Kind.HEADING, title.text_frame.text.replace("\v", " "), 1)
    others = [shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id]
    yield from _shapes(others)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text
        if notes.strip():
            yield Block(Kind.HEADING, "Notes", 2)
            yield from (Block(Kind.PARAGRAPH, lines(each)) for each in notes.replace("\v", "\n").split("\n"))


def _shapes(shapes: Iterable[Any]) -> Iterator[Block]:
    """Yields the text of shapes from top to bottom, and from left to right where they stand side by side."""
    for shape in sorted(shapes, key=lambda each: ((each.top or 0) // _ROW, each.left or 0)):
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        elif shape.has_text_frame and not _is_repeated(shape):
            yield from _paragraphs(shape)
        elif getattr(shape, "has_table", False):
            names, *rows = [list(row.cells) for row in shape.table.rows]
            body = [[None if cell.is_spanned else one_line(cell.text) for cell in row] for row in rows]
            yield from table_rows([one_line(cell.text) for cell in names], body)
        elif getattr(shape, "has_chart", False):
            yield from _chart(shape.chart)


def _is_repeated(shape: Any) -> bool:
    return shape.is_placeholder and shape.placeholder_format.type.name in _LEFT_OUT


def _paragraphs(shape: Any) -> Iterator[Block]:
    """Yields paragraphs; in the body of a slide, where the layout puts bullets, more than one make a list."""
    paragraphs = [each for each in shape.text_frame.paragraphs if each.text.strip()]
    bullets = shape.is_placeholder and len(paragraphs) > 1
    for paragraph in paragraphs:
        text = Block(Kind.PARAGRAPH, lines(paragraph.text.replace("\v", "\n")))
        if not bullets:
            yield text
            continue
        item: Iterable[Block] = listed("- ", [text])
        for _ in range(paragraph.level):
            item = listed("  ", item)
        yield from item


def _chart(chart: Any) -> Iterator[Block]:
    """Yields the numbers that a chart draws, a row for each category."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield Block(Kind.PARAGRAPH, one_line(chart.chart_title.text_frame.text))
    for plot in chart.plots:
        names = [series.name or "" for series in plot.series]
        columns = [list(series.values) for series in plot.series]
        categories = [str(category) for category in plot.categories]
        if categories or not any(columns):
            yield from _drawn(names, categories, columns)
            continue
        for series, name, column in zip(plot.series, names, columns, strict=True):
            # Of a scatter chart python-pptx does not give the values across.
            across = {point.get("idx"): point.findtext("{*}v", "") for point in series._element.xpath("./c:xVal//c:pt")}
            yield from _drawn([name], [across.get(str(place), "") for place in range(len(column))], [column])


def _drawn(
    names: Sequence[str], categories: Sequence[str], columns: Sequence[Sequence[float | None]]
) -> Iterator[Block]:
    """Yields a row for each category, and for each value that stands beside none."""
    rows: Iterable[tuple[Any, ...]] = zip_longest(categories, *columns)
    shown = [[category or "", *map(_figure, values)] for category, *values in rows]
    yield from table_rows(["", *names], shown)


def _figure(value: float | None) -> str:
    return "" if value is None else plain(value, _SIGNIFICANT)

"""PDF: the text layer, page by page; scanned pages by OCR; headings by their type."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pypdfium2
from pypdfium2 import raw as pdfium

from documents.errors import ReadError
from documents.formats import ocr
from documents.formats.blocks import one_line
from documents.formats.content import Content
from documents.formats.layout import (
    Line,
    heading_levels,
    headings_in,
    in_columns,
    running_text,
    without_running_lines,
    words_of,
)
from documents.formats.pdf_page import PDFIUM, Page, picture, read_page
from documents.formats.redaction import MARK, merged
from documents.formats.text import normal
from documents.types import Heading, OcrPage

_OCR_PIXELS_A_POINT = 300 / 72
_SCAN_SHARE = 0.4  # of the page
_PICTURE_SHARE = 0.01  # of a page without any text
_STAMP = 100  # characters at most
_NO_TITLE = re.compile(
    r"\(?(?:untitled|unspecified|anonymous|sans titre|document|powerpoint presentation)\)?[\s\d-]*"
    r"|\S*\.[a-z]{2,4}|.*\.(?:pdf|docx?|pptx?|xlsx?|odt|rtf|indd|qxd|html?|tmp)",
    re.IGNORECASE,
)
_WRITTEN_BY = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ", re.IGNORECASE)
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")


def read(data: bytes, name: str) -> Content:
    """Returns the pages joined by blank lines; a page without text starts where the next one does.

    A scanned page is read by OCR where it is installed, else it is among the unread pages.

    Raises: ReadError where the file is encrypted or damaged, or no page holds any text.
    """
    with PDFIUM:
        document = _opened(data, name)
    try:
        with PDFIUM:
            pages = [_page(document, number, name) for number in range(1, len(document) + 1)]
            fields = _fields(document.get_metadata_dict())
        recognised = [_recognised(document, number) if page.scanned else None for number, page in enumerate(pages, 1)]
    finally:
        with PDFIUM:
            document.close()
    lines = [found.lines if found else page.lines for found, page in zip(recognised, pages, strict=True)]
    sure = tuple(OcrPage(number, found.confidence) for number, found in enumerate(recognised, 1) if found)
    bodies = [in_columns(body) for body in _without_bars(without_running_lines(lines))]
    known_words = words_of(bodies)
    texts = [merged(running_text(body, known_words)) for body in bodies]
    scanned = [number for number, page in enumerate(pages, 1) if page.scanned]
    unread = () if ocr.available() else tuple(scanned)
    if not any(texts):
        raise ReadError(f"{name}: {_no_text(len(pages))}", french=f"{name} : {_no_text_fr(len(pages))}")
    levels = heading_levels([body for body, page in zip(bodies, pages, strict=True) if not page.scanned])
    return replace(_joined(texts, levels, fields, unread), ocr=sure)


def _no_text(count: int) -> str:
    pages = "1 page" if count == 1 else f"{count} pages"
    if not ocr.available():
        return f"{pages}, no text; it looks scanned. {ocr.INSTALL_OCR} and ingest it again."
    return f"{pages}, no text, and no legible text in its images. Scan it again, sharper, and ingest that."


def _no_text_fr(count: int) -> str:
    pages = "1 page" if count == 1 else f"{count} pages"
    if not ocr.available():
        return f"{pages}, aucun texte ; il semble numérisé. {ocr.INSTALL_OCR_FR} et ajoutez-le de nouveau."
    return f"{pages}, aucun texte, ni texte lisible dans ses images. Numérisez-le de nouveau, plus nettement."


def _joined(
    texts: Sequence[str], levels: Mapping[str, int], fields: Mapping[str, str], unread: tuple[int, ...]
) -> Content:
    starts: list[int] = []
    headings: list[Heading] = []
    length = 0
    for text in texts:
        starts.append(length)
        headings += headings_in(text, levels, length)
        length += len(text) + 2 if text else 0
    text = "\n\n".join(filter(None, texts))
    return Content(text, tuple(headings), tuple(starts), fields, len(MARK.findall(text)), unread)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's lines; `scanned` where its text is in images."""

    lines: Sequence[Line]
    scanned: bool


def _page(document: pypdfium2.PdfDocument, number: int, name: str) -> _Page:
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise ReadError(
            f"{name}: page {number} is damaged. Export it again and ingest that.",
            french=f"{name} : la page {number} est endommagée. Exportez-le de nouveau et ajoutez celui-ci.",
        ) from error
    try:
        found = read_page(page)
        return _Page(found.lines, _is_scan(found))
    finally:
        page.close()


def _is_scan(page: Page) -> bool:
    """Is the page's text in an image? A stamp or a page number may stand beside it as text."""
    characters = sum(len(line.text) for line in page.lines)
    return page.image_share > (_SCAN_SHARE if characters else _PICTURE_SHARE) and characters < _STAMP


def _recognised(document: pypdfium2.PdfDocument, number: int) -> ocr.Recognised | None:
    """Returns what OCR reads on a scanned page, None where it reads nothing.

    The lock is held while the page is drawn, not while it is read, and one picture is in memory at a time: a page takes
    8 MB, and seconds.
    """
    if not ocr.available():
        return None
    with PDFIUM:
        page = document[number - 1]
        try:
            image, points = picture(page, _OCR_PIXELS_A_POINT)
        finally:
            page.close()
    found = ocr.lines_in(image, points)
    return found if found.lines else None


def _without_bars(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Returns the pages without marks for dark bars that stand at one place on most of them: those are ornaments."""
    places = [{_place(line) for line in lines if _is_bare(line)} for lines in pages]
    counts = Counter(place for page in places for place in page)
    ornaments = {place for place, count in counts.items() if count >= 3 and 2 * count >= len(pages)}
    return [
        [line for line in lines if line.text.strip() != "[redacted]" or _place(line) not in ornaments]
        for lines in pages
    ]


def _is_bare(line: Line) -> bool:
    return line.text.strip() == "[redacted]"


def _place(line: Line) -> tuple[int, int, int]:
    return round(line.left), round(line.right), round(line.baseline)


def _opened(data: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ReadError(
                f"{name}: is encrypted. Save a copy without password and ingest that.",
                french=f"{name} : est chiffré. Enregistrez-en une copie sans mot de passe et ajoutez-la.",
            ) from error
        raise ReadError(
            f"{name}: damaged, or not a PDF. Download it again and ingest that.",
            french=f"{name} : endommagé, ou pas un PDF. Téléchargez-le de nouveau et ajoutez-le.",
        ) from error


def _fields(metadata: Mapping[str, str]) -> dict[str, str]:
    fields = {}
    title = _WRITTEN_BY.sub("", one_line(normal(metadata["Title"])))
    if title and not _NO_TITLE.fullmatch(title):
        fields["title"] = title
    if created := _CREATED.match(metadata["CreationDate"]):
        fields["created"] = "-".join(created.groups())
    return fields

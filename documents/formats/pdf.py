"""PDF: the text layer, page by page."""

import re
from collections.abc import Mapping
from ctypes import c_double
from math import hypot
from threading import Lock

import pypdfium2
from pypdfium2 import raw as pdfium

from documents.errors import ReadError
from documents.formats.blocks import one_line
from documents.formats.content import Content
from documents.formats.layout import Line, running_text, without_running_lines, words_of
from documents.formats.text import normal

_PDFIUM = Lock()  # PDFium is not thread-safe, not even for two different files

# PDFium gives U+FFFE for a hyphen at a line's end, and leaves the line end out.
_LINE = re.compile("[^\r\n\ufffe\x02]*[^\\s\ufffe\x02][^\r\n\ufffe\x02]*[\ufffe\x02]?")
_CHARACTERS = str.maketrans(
    {"\ufffe": "-", "\x02": "-", "\uf0b7": "•", "\uf0a7": "▪", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl"}
    | {"\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_NO_TITLE = re.compile(
    r"\(?(?:untitled|unspecified|anonymous|sans titre|document|powerpoint presentation)\)?[\s\d-]*"
    r"|\S*\.[a-z]{2,4}|.*\.(?:pdf|docx?|pptx?|xlsx?|odt|rtf|indd|qxd|html?|tmp)",
    re.IGNORECASE,
)
_WRITTEN_BY = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ", re.IGNORECASE)
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")


def read(data: bytes, name: str) -> Content:
    """Returns the pages joined by blank lines; a page without text starts where the next one does.

    Raises: ReadError where the file is encrypted or damaged, or no page holds any text.
    """
    with _PDFIUM:
        document = _opened(data, name)
        try:
            pages = [_lines(document, number, name) for number in range(1, len(document) + 1)]
            fields = _fields(document.get_metadata_dict())
        finally:
            document.close()
    bodies = without_running_lines(pages)
    known_words = words_of(bodies)
    texts = [running_text(lines, known_words) for lines in bodies]
    if not any(texts):
        count = "1 page" if len(texts) == 1 else f"{len(texts)} pages"
        raise ReadError(f"{name}: {count}, no text; it looks scanned. Run OCR on it and ingest the result.")
    starts: list[int] = []
    length = 0
    for text in texts:
        starts.append(length)
        length += len(text) + 2 if text else 0
    return Content("\n\n".join(filter(None, texts)), (), tuple(starts), fields)


def _opened(data: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ReadError(f"{name}: is encrypted. Save a copy without password and ingest that.") from error
        raise ReadError(f"{name}: damaged, or not a PDF. Download it again and ingest that.") from error


def _lines(document: pypdfium2.PdfDocument, number: int, name: str) -> list[Line]:
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"{name}: page {number} is damaged. Export it again and ingest that.") from error
    characters = page.get_textpage()
    try:
        text = characters.get_text_range()
        return [_line(characters, match) for match in _LINE.finditer(text)]
    finally:
        characters.close()
        page.close()


def _line(characters: pypdfium2.PdfTextPage, match: re.Match[str]) -> Line:
    """Returns the line where it stands; its baseline and size are those of its middle character."""
    visible = [match.start() + offset for offset, character in enumerate(match[0]) if not character.isspace()]
    positions = [
        max(pdfium.FPDFText_GetCharIndexFromTextIndex(characters, offset), 0)
        for offset in (visible[0], visible[len(visible) // 2], visible[-1])
    ]
    first, middle, last = positions
    left, _, _, _ = characters.get_charbox(first, loose=True)
    _, _, right, _ = characters.get_charbox(last, loose=True)
    x, baseline, matrix = c_double(), c_double(), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(characters, middle, x, baseline)
    pdfium.FPDFText_GetMatrix(characters, middle, matrix)
    size = pdfium.FPDFText_GetFontSize(characters, middle) * hypot(matrix.c, matrix.d)
    text = one_line(normal(match[0].translate(_CHARACTERS)))
    return Line(text or " ", left, right, baseline.value, size or 1.0)


def _fields(metadata: Mapping[str, str]) -> dict[str, str]:
    fields = {}
    title = _WRITTEN_BY.sub("", one_line(normal(metadata["Title"])))
    if title and not _NO_TITLE.fullmatch(title):
        fields["title"] = title
    if created := _CREATED.match(metadata["CreationDate"]):
        fields["created"] = "-".join(created.groups())
    return fields

"""Word documents (.docx): paragraphs, lists and tables in their order, with the notes below what refers to them."""

import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Literal
from zipfile import BadZipFile

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element
from docx.styles.style import ParagraphStyle
from lxml.etree import XMLSyntaxError

from documents.errors import ReadError
from documents.formats.archive import opened
from documents.formats.blocks import Block, Kind, assembled, listed, one_line, table_rows
from documents.formats.content import Content
from documents.formats.docx_numbers import Numbers

# What python-docx lets through from zipfile, zlib and lxml; RuntimeError is a zip file with a password.
_DAMAGE = (
    BadZipFile,
    PackageNotFoundError,
    XMLSyntaxError,
    zlib.error,
    AttributeError,
    EOFError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
_OLE = b"\xd0\xcf\x11\xe0"  # the container of old Office files, and of new ones with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_CONTENTS = re.compile(r"toc (\d|heading)", re.IGNORECASE)
_ABOVE = "\0"  # what no cell of a Word document holds
_MOST_COLUMNS, _DEEPEST = 100, 8  # more than Word makes of columns, and as deep as it nests lists
_BODY_TEXT_LEVEL = 9  # of w:outlineLvl, which counts from 0
_DEFAULT_TITLE = "Word Document"  # python-docx gives it to files that state none
_TEMPLATE_CREATED = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)  # the same for every file from its template

_Notes = dict[tuple[str, str], Element]
_NOTE_KINDS = {RELATIONSHIP_TYPE.FOOTNOTES: "footnote", RELATIONSHIP_TYPE.ENDNOTES: "endnote"}
_LEFT_OUT = {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), qn("w:rPr"), qn("w:pPr")}
_TRANSPARENT = {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read(data: bytes, name: str) -> Content:
    """Returns the text as it stands when tracked changes are accepted; the contents list is left out.

    Raises: ReadError where the file has a password, is damaged, or is of the old .doc format.
    """
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise ReadError(
                f"{name}: is encrypted. Save a copy without password and ingest that.",
                french=f"{name} : est chiffré. Enregistrez-en une copie sans mot de passe et ajoutez-la.",
            )
        raise ReadError(
            f"{name}: is in the old .doc format. Save it as .docx and ingest that.",
            french=f"{name} : est de l’ancien format .doc. Enregistrez-le en .docx et ajoutez celui-ci.",
        )
    opened(data, name, "a Word document")
    try:
        document = docx.Document(BytesIO(data))
        numbers = _numbers(document, name)
        return assembled(_Body(document, _notes(document, name), numbers).blocks(), _fields(document))
    except _DAMAGE as error:
        raise ReadError(
            f"{name}: damaged, or not a Word document. Save it again as .docx.",
            french=f"{name} : endommagé, ou pas un document Word. Enregistrez-le de nouveau en .docx.",
        ) from error


def _fields(document: WordDocument) -> dict[str, str]:
    stated = document.core_properties
    fields = {"title": one_line(stated.title), "language": stated.language.strip()}
    if fields["title"] == _DEFAULT_TITLE:
        fields["title"] = ""
    if stated.created and stated.created != _TEMPLATE_CREATED:
        fields["created"] = stated.created.date().isoformat()
    return {key: value for key, value in fields.items() if value}


def _numbers(document: WordDocument, name: str) -> Numbers:
    try:
        return Numbers(document)
    except (XMLSyntaxError, ValueError) as error:
        raise ReadError(
            f"{name}: its lists are damaged. Save it again as .docx.",
            french=f"{name} : ses listes sont endommagées. Enregistrez-le de nouveau en .docx.",
        ) from error


def _notes(document: WordDocument, name: str) -> _Notes:
    notes: _Notes = {}
    for related in document.part.rels.values():
        if related.reltype not in _NOTE_KINDS:
            continue
        try:
            part = parse_xml(related.target_part.blob)
        except XMLSyntaxError as error:
            raise ReadError(
                f"{name}: its notes are damaged. Save it again as .docx.",
                french=f"{name} : ses notes sont endommagées. Enregistrez-le de nouveau en .docx.",
            ) from error
        notes |= {(_NOTE_KINDS[related.reltype], note.get(qn("w:id"))): note for note in part}
    return notes


class _Body:
    """The body of one document, with the styles and the notes that its paragraphs refer to."""

    def __init__(self, document: WordDocument, notes: _Notes, numbers: Numbers) -> None:
        self._body = document.element.body
        self._styles = {style.style_id: style for style in document.styles if isinstance(style, ParagraphStyle)}
        self._notes = notes
        self._numbers = numbers
        self._notes_seen = 0

    def blocks(self) -> Iterator[Block]:
        return self._below(self._body)

    def _below(self, parent: Element) -> Iterator[Block]:
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
                yield from self._notes_of(child)
            elif child.tag == qn("w:tbl"):
                yield from _table(child)
                yield from self._notes_of(child)
            elif child.tag in _TRANSPARENT:
                yield from self._below(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        text = _text(paragraph)
        styles = self._style_chain(paragraph)
        if any(_CONTENTS.match(style.name or "") for style in styles):
            return
        if level := _heading_level(paragraph, styles):
            yield Block(Kind.HEADING, text, level)
        elif (place := _place_in_list(paragraph, styles)) is not None and text.strip():
            item: Iterator[Block] = listed(self._numbers.marker(*place), [Block(Kind.PARAGRAPH, text)])
            for _ in range(place[1]):
                item = listed("  ", item)
            yield from item
        else:
            yield Block(Kind.PARAGRAPH, text)
        for box in _text_boxes(paragraph):
            yield from self._below(box)

    def _style_chain(self, paragraph: Element) -> list[ParagraphStyle]:
        """Returns the paragraph's style and those it is based on, nearest first."""
        chosen = paragraph.xpath("./w:pPr/w:pStyle/@w:val")
        style = self._styles.get(chosen[0]) if chosen else None
        chain: list[ParagraphStyle] = []
        while isinstance(style, ParagraphStyle) and style not in chain:
            chain.append(style)
            style = style.base_style
        return chain

    def _notes_of(self, block: Element) -> Iterator[Block]:
        for reference in block.xpath(".//w:footnoteReference | .//w:endnoteReference"):
            kind = reference.tag.rpartition("}")[2].removesuffix("Reference")
            note = self._notes.get((kind, reference.get(qn("w:id"))))
            if note is None:
                continue
            self._notes_seen += 1
            text = " ".join(_text(paragraph) for paragraph in note.iter(qn("w:p")))
            yield Block(Kind.PARAGRAPH, f"[{self._notes_seen}] {one_line(text)}")


def _heading_level(paragraph: Element, styles: list[ParagraphStyle]) -> int:
    """Returns 1 for the title and for first-level headings, and so on; 0 for other paragraphs."""
    for properties in [paragraph, *(style.element for style in styles)]:
        for stated in properties.xpath("./w:pPr/w:outlineLvl/@w:val"):
            return int(stated) + 1 if int(stated) < _BODY_TEXT_LEVEL else 0
    for style in styles:
        # Word stores the names of its own styles in English, whatever language it speaks.
        if match := _HEADING.match(style.name or ""):
            return int(match[1])
        if style.name == "Title":
            return 1
    return 0


def _place_in_list(paragraph: Element, styles: list[ParagraphStyle]) -> tuple[str, int] | None:
    """Returns an item's list, and 0 where that is an outermost one, 1 within another; None outside lists."""
    for properties in [paragraph, *(style.element for style in styles)]:
        if numbering := properties.xpath("./w:pPr/w:numPr"):
            identity = numbering[0].xpath("./w:numId/@w:val")
            if identity == ["0"]:
                return None
            depth = numbering[0].xpath("./w:ilvl/@w:val")
            return (identity or [""])[0], min(int(depth[0]), _DEEPEST) if depth else 0
    return None


def _table(table: Element) -> Iterator[Block]:
    """Yields a line a row, named by the first row; a first row that spans the table is its title.

    A table of a single cell is a frame around paragraphs.
    """
    rows = table.xpath("./w:tr | ./w:sdt/w:sdtContent/w:tr")
    columns = max((len(_cells(row)) for row in rows), default=0)
    if columns == 1 == len(rows):
        yield from (Block(Kind.PARAGRAPH, _text(paragraph)) for paragraph in table.iter(qn("w:p")))
        return
    if len(rows) > 1 and columns > 1 and len(rows[0].xpath("./w:tc")) == 1:
        yield Block(Kind.PARAGRAPH, _cells(rows[0])[0] or "")
        rows = rows[1:]
    names = ["" if name in (None, _ABOVE) else name for name in _cells(rows[0], "repeat")] if rows else []
    values: list[list[str | None]] = []
    for row in map(_cells, rows[1:]):
        above = [*(values[-1] if values else names), *[""] * len(row)]
        values.append([upper if cell == _ABOVE else cell for cell, upper in zip(row, above, strict=False)])
    yield from table_rows(names, values)


def _cells(row: Element, spanning: Literal["repeat", "once"] = "once") -> list[str | None]:
    """Returns the text for each column: _ABOVE where a cell continues the one above, None where the one to the left."""
    cells: list[str | None] = []
    for cell in row.xpath("./w:tc | ./w:sdt/w:sdtContent/w:tc"):
        columns = min(int((cell.xpath("./w:tcPr/w:gridSpan/@w:val") or ["1"])[0]), _MOST_COLUMNS)
        if cell.xpath("./w:tcPr/w:vMerge[not(@w:val) or @w:val='continue']"):
            cells += [_ABOVE] * columns
            continue
        text = one_line(" ".join(_text(paragraph) for paragraph in cell.iter(qn("w:p"))))
        cells += [text] * columns if spanning == "repeat" else [text, *[None] * (columns - 1)]
    return cells


def _text_boxes(paragraph: Element) -> list[Element]:
    """Returns the text boxes, without the copies that are kept for older programs."""
    return [box for box in paragraph.iter(qn("w:txbxContent")) if next(box.iterancestors(_FALLBACK), None) is None]


def _text(paragraph: Element) -> str:
    """Returns the words of a paragraph: insertions in, deletions and text boxes out."""
    parts: list[str] = []
    for child in paragraph:
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in (qn("w:tab"), qn("w:ptab")):
            parts.append(" ")
        elif child.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif child.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif child.tag not in _LEFT_OUT and child.tag != _FALLBACK:
            parts.append(_text(child))
    return "".join(parts)

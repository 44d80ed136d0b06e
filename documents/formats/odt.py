"""OpenDocument texts (.odt): paragraphs, lists and tables in their order, with the notes below what refers to them."""

import zlib
from collections.abc import Iterator
from zipfile import BadZipFile

from lxml import etree
from lxml.etree import _Element as Element

from documents.errors import ReadError
from documents.formats.archive import opened
from documents.formats.blocks import Block, Kind, assembled, lines, listed, one_line, table_rows
from documents.formats.content import Content

_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
_MOST_REPEATS = 1000  # of a space or a cell, which a file may state by a number


def _name(name: str) -> str:
    prefix, local = name.split(":")
    return f"{{{_NAMES[prefix]}}}{local}"


_LEFT_OUT = {_name("office:annotation"), _name("text:note")}
_FRAMES = {_name(name) for name in ("text:section", "draw:frame", "draw:text-box", "text:index-body", "office:text")}


def read(data: bytes, name: str) -> Content:
    """Returns the text as it stands when tracked changes are accepted; the contents list is left out.

    Raises: ReadError where the file has a password or is damaged.
    """
    archive = opened(data, name, "an OpenDocument text")
    try:
        files = {each: archive.read(each) for each in archive.namelist() if each.endswith(".xml") and "/" not in each}
        manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive.namelist() else b""
    except (BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise ReadError(
            f"{name}: damaged ({error}). Save it again as .odt.",
            french=f"{name} : endommagé ({error}). Enregistrez-le de nouveau en .odt.",
        ) from error
    if b"encryption-data" in manifest:
        raise ReadError(
            f"{name}: is encrypted. Save a copy without password and ingest that.",
            french=f"{name} : est chiffré. Enregistrez-en une copie sans mot de passe et ajoutez-la.",
        )
    body = _parsed(files.get("content.xml", b""), name).find(".//office:body/office:text", _NAMES)
    if body is None:
        raise ReadError(
            f"{name}: holds no text document. Save it as .odt and ingest that.",
            french=f"{name} : ne contient pas de document texte. Enregistrez-le en .odt et ajoutez celui-ci.",
        )
    fields = _fields(_parsed(files["meta.xml"], name)) if "meta.xml" in files else {}
    try:
        return assembled(_Body().blocks(body), fields)
    except ValueError as error:
        raise ReadError(
            f"{name}: damaged ({error}). Save it again as .odt.",
            french=f"{name} : endommagé ({error}). Enregistrez-le de nouveau en .odt.",
        ) from error


def _parsed(data: bytes, name: str) -> Element:
    try:
        return etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise ReadError(
            f"{name}: damaged, or not an OpenDocument text. Save it again as .odt.",
            french=f"{name} : endommagé, ou pas un texte OpenDocument. Enregistrez-le de nouveau en .odt.",
        ) from error


def _fields(meta: Element) -> dict[str, str]:
    stated = {"title": "dc:title", "language": "dc:language", "created": "meta:creation-date"}
    fields = {key: one_line(meta.findtext(f".//{path}", "", _NAMES)) for key, path in stated.items()}
    return {key: value for key, value in fields.items() if value}


class _Body:
    def __init__(self) -> None:
        self._notes_seen = 0

    def blocks(self, parent: Element) -> Iterator[Block]:
        """Yields the headings, paragraphs, list items and table rows below an element, in order."""
        for child in parent:
            if child.tag == _name("text:h"):
                yield Block(Kind.HEADING, _text(child), int(child.get(_name("text:outline-level"), "1")))
            elif child.tag == _name("text:p"):
                yield Block(Kind.PARAGRAPH, lines(_text(child)))
            elif child.tag == _name("text:list"):
                for item in child:
                    yield from listed("- ", [each for each in self.blocks(item) if each.text.strip()])
            elif child.tag == _name("table:table"):
                rows = [_cells(row) for row in child.iter(_name("table:table-row"))]
                rows = [row for row in rows if any(row)]
                names = [cell or "" for cell in rows[0]] if rows else []
                yield from table_rows(names, rows[1:]) if rows else ()
            elif child.tag in _FRAMES:
                yield from self.blocks(child)
                continue
            if child.tag != _name("text:list"):
                yield from self._notes_of(child)
                for box in child.iter(_name("draw:text-box")):
                    yield from self.blocks(box)

    def _notes_of(self, block: Element) -> Iterator[Block]:
        for note in block.iter(_name("text:note-body")):
            self._notes_seen += 1
            text = " ".join(_text(paragraph) for paragraph in note)
            yield Block(Kind.PARAGRAPH, f"[{self._notes_seen}] {one_line(text)}")


def _cells(row: Element) -> list[str | None]:
    """Returns the text for each column; None where a cell that spans several covers it."""
    cells: list[str | None] = []
    for cell in row:
        if cell.tag in (_name("table:table-cell"), _name("table:covered-table-cell")):
            text = one_line(" ".join(_text(each) for each in cell.iter(_name("text:p"), _name("text:h"))))
            repeats = int(cell.get(_name("table:number-columns-repeated"), "1"))
            covered = cell.tag == _name("table:covered-table-cell") and not text
            cells += [None if covered else text] * min(repeats, _MOST_REPEATS)
    return cells


def _text(element: Element) -> str:
    """Returns the words of a paragraph, without notes, comments and text boxes."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == _name("text:s"):
            parts.append(" " * min(int(child.get(_name("text:c"), "1")), _MOST_REPEATS))
        elif child.tag == _name("text:tab"):
            parts.append(" ")
        elif child.tag == _name("text:line-break"):
            parts.append("\n")
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT and child.tag != _name("draw:frame"):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)

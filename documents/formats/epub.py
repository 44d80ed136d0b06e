"""Electronic books (.epub): their chapters, which are web pages, in reading order."""

import posixpath
import zlib
from collections.abc import Iterator
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from lxml import etree
from lxml.etree import _Element as Element

from documents.errors import ReadError
from documents.formats import html
from documents.formats.archive import opened
from documents.formats.blocks import one_line, paged
from documents.formats.content import Content

_NAMES = {
    "container": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_DAMAGE = (BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, OSError, zlib.error, EOFError, RuntimeError)


def read(data: bytes, name: str) -> Content:
    """Returns the chapters joined by blank lines. A book has no fixed pages, so none are told.

    Raises: ReadError where the file is damaged or protected.
    """
    archive = opened(data, name, "an electronic book")
    try:
        package = _package(archive)
        chapters = [html.read(page, name) for page in _chapters(archive, package)]
    except _DAMAGE as error:
        raise ReadError(
            f"{name}: damaged, protected, or not an electronic book. Download it again.",
            french=f"{name} : endommagé, protégé, ou pas un livre électronique. Téléchargez-le de nouveau.",
        ) from error
    joined = paged(chapters, _fields(package[1]))
    return Content(joined.text, joined.headings, (), joined.fields)


def _package(archive: ZipFile) -> tuple[str, Element]:
    """Returns the folder of the package file and its root."""
    container = etree.fromstring(archive.read("META-INF/container.xml"), _PARSER)
    rootfile = container.find(".//container:rootfile", _NAMES)
    if rootfile is None:
        raise KeyError("rootfile")
    path = rootfile.get("full-path", "")
    return posixpath.dirname(path), etree.fromstring(archive.read(path), _PARSER)


def _chapters(archive: ZipFile, package: tuple[str, Element]) -> Iterator[bytes]:
    folder, root = package
    pages = {
        item.get("id"): unquote(item.get("href", ""))
        for item in root.iterfind(".//opf:manifest/opf:item", _NAMES)
        if "html" in item.get("media-type", "") and "nav" not in item.get("properties", "").split()
    }
    for reference in root.iterfind(".//opf:spine/opf:itemref", _NAMES):
        if path := pages.get(reference.get("idref")):
            yield archive.read(posixpath.normpath(posixpath.join(folder, path)))


def _fields(root: Element) -> dict[str, str]:
    stated = {"title": "dc:title", "language": "dc:language", "source": "dc:creator", "date": "dc:date"}
    fields = {key: one_line(root.findtext(f".//{path}", "", _NAMES)) for key, path in stated.items()}
    return {key: value for key, value in fields.items() if value}

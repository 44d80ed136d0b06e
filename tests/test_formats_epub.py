"""Electronic books: a package of web pages, as EPUB 3 lays it out."""

import io
import zipfile

import pytest

from documents.errors import ReadError
from documents.formats import epub
from documents.formats.content import Content

CONTAINER = """<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Removals</dc:title><dc:language>en</dc:language>
<dc:creator>CBSA</dc:creator><dc:date>2024-03-05</dc:date></metadata>
<manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="b" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="text/one.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"""


def chapter(title: str, text: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>{title}</h1><p>{text}</p></body></html>'


def read(**changed: str) -> Content:
    files = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE,
        "OEBPS/nav.xhtml": chapter("Contents", "One, two."),
        "OEBPS/text/one.xhtml": chapter("One", "The first chapter."),
        "OEBPS/text/two b.xhtml": chapter("Two", "The second chapter."),
    } | changed
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return epub.read(file.getvalue(), "book.epub")


def test_chapters_are_read_in_their_order() -> None:
    content = read()
    assert content.text == "One\n\nThe first chapter.\n\nTwo\n\nThe second chapter."
    assert [content.text[each.start : each.end] for each in content.headings] == ["One", "Two"]
    assert content.page_starts == ()


def test_the_book_states_its_title_language_author_and_date() -> None:
    assert read().fields == {"title": "Removals", "language": "en", "source": "CBSA", "date": "2024-03-05"}


@pytest.mark.parametrize("container", ["<container", "<container/>", CONTAINER.replace("full-path", "path")])
def test_a_damaged_book_is_refused(container: str) -> None:
    with pytest.raises(ReadError, match=r"^book\.epub: damaged, protected, or not an electronic book\."):
        read(**{"META-INF/container.xml": container})

"""OpenDocument texts written by odfpy."""

import io
from typing import Any

import pytest
from odf import dc, meta
from odf.office import Annotation
from odf.opendocument import OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import H, LineBreak, List, ListItem, Note, NoteBody, P, S, Span, Tab

from documents.errors import ReadError
from documents.formats import odt
from documents.formats.content import Content


def read(*elements: Any, about: tuple[Any, ...] = ()) -> Content:
    document = OpenDocumentText()
    for element in elements:
        document.text.addElement(element)
    for element in about:
        document.meta.addElement(element)
    file = io.BytesIO()
    document.write(file)
    return odt.read(file.getvalue(), "brief.odt")


def holding(element: Any, *children: Any) -> Any:
    for child in children:
        element.addElement(child)
    return element


def test_headings_and_paragraphs_keep_their_order() -> None:
    content = read(H(outlinelevel=1, text="Report"), P(text="Text."), H(outlinelevel=2, text="Part"), P(text="More."))
    assert content.text == "Report\n\nText.\n\nPart\n\nMore."
    headings = [(content.text[each.start : each.end], each.level) for each in content.headings]
    assert headings == [("Report", 1), ("Part", 2)]


def test_lists_are_marked_and_indented() -> None:
    inner = holding(List(), holding(ListItem(), P(text="thirty days")))
    outer = holding(List(), holding(ListItem(), P(text="departure"), inner), holding(ListItem(), P(text="exclusion")))
    assert read(outer).text == "- departure\n  - thirty days\n- exclusion"


def test_table_rows_have_their_column_names() -> None:
    rows = (["Year", "Removals"], ["2024", "17,357"])
    table = holding(
        Table(), *(holding(TableRow(), *(holding(TableCell(), P(text=cell)) for cell in row)) for row in rows)
    )
    assert read(table).text == "Year: 2024; Removals: 17,357"


def test_a_note_stands_below_its_paragraph() -> None:
    paragraph = P(text="Removals rose.")
    paragraph.addElement(holding(Note(noteclass="footnote"), holding(NoteBody(), P(text="CBSA data."))))
    assert read(paragraph, P(text="Next.")).text == "Removals rose.\n\n[1] CBSA data.\n\nNext."


def test_spaces_tabs_breaks_and_spans_are_kept_readable_and_comments_left_out() -> None:
    paragraph = holding(P(text="a"), S(c=2), Span(text="b"), Tab(), Span(text="c"), LineBreak(), Span(text="d"))
    paragraph.addElement(holding(Annotation(), P(text="A comment.")))
    assert read(paragraph).text == "a b c\nd"


def test_the_file_states_its_properties() -> None:
    about = (
        dc.Title(text="Removals"),
        dc.Language(text="fr-CA"),
        meta.CreationDate(text="2024-03-05T10:00:00"),
    )
    fields = read(P(text="Text."), about=about).fields
    assert fields == {"title": "Removals", "language": "fr-CA", "created": "2024-03-05T10:00:00"}


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"words"])
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"^brief\.odt: damaged, or not an OpenDocument text\."):
        odt.read(data, "brief.odt")

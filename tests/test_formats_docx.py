"""Word documents: files written by python-docx, some with parts that only Word writes."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from documents.errors import ReadError
from documents.formats import docx as reader
from documents.formats.content import Content

W = nsdecls("w")


def read(document: WordDocument) -> Content:
    file = io.BytesIO()
    document.save(file)
    return reader.read(file.getvalue(), "brief.docx")


def with_table(rows: Sequence[Sequence[str]]) -> WordDocument:
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return document


def headings(content: Content) -> list[tuple[str, int]]:
    return [(content.text[heading.start : heading.end], heading.level) for heading in content.headings]


def test_paragraphs_and_tables_keep_their_order() -> None:
    document = with_table([["Year", "Removals"], ["2024", "17,357"], ["2023", "15,207"]])
    document.add_paragraph("After it.")
    assert read(document).text == "Year: 2024; Removals: 17,357\nYear: 2023; Removals: 15,207\n\nAfter it."


def test_headings_go_by_their_style() -> None:
    document = docx.Document()
    document.add_heading("Report", 0)
    document.add_heading("Part", 1)
    document.add_paragraph("Text")
    document.add_heading("Section", 2)
    assert headings(read(document)) == [("Report", 1), ("Part", 1), ("Section", 2)]


def test_a_style_based_on_a_heading_is_a_heading() -> None:
    document = docx.Document()
    style = document.styles.add_style("Titre du ministère", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Heading 2"]
    document.add_paragraph("Contexte", style=style)
    assert headings(read(document)) == [("Contexte", 2)]


def test_an_outline_level_makes_a_heading() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Contexte")
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="2"/>'))
    assert headings(read(document)) == [("Contexte", 3)]


def test_list_items_are_marked_and_stand_together() -> None:
    document = docx.Document()
    document.add_paragraph("Kinds:")
    document.add_paragraph("departure", style="List Bullet")
    document.add_paragraph("exclusion", style="List Number")
    assert read(document).text == "Kinds:\n\n- departure\n1. exclusion"


def numbered(document: WordDocument, levels: str, items: Sequence[tuple[str, int, str]]) -> str:
    """Returns the text of items (list, depth, words) of the lists 91 and 92, both of one kind; 92 begins anew."""
    part = document.part.numbering_part.element
    part.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>'))
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    for name, change in (("91", ""), ("92", again)):
        part.append(parse_xml(f'<w:num {W} w:numId="{name}"><w:abstractNumId w:val="90"/>{change}</w:num>'))
    for name, depth, words in items:
        properties = f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="{name}"/></w:numPr>'
        document.add_paragraph(words)._p.get_or_add_pPr().append(parse_xml(properties))
    return read(document).text


def level(depth: int, kind: str, pattern: str, start: int = 1) -> str:
    stated = f'<w:start w:val="{start}"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{pattern}"/>'
    return f'<w:lvl w:ilvl="{depth}">{stated}</w:lvl>'


def test_items_are_numbered_as_word_shows_them() -> None:
    levels = level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)") + level(2, "upperRoman", "%1-%3", 4)
    items = [("91", 0, "one"), ("91", 1, "a"), ("91", 1, "b"), ("91", 2, "four"), ("91", 0, "two"), ("91", 1, "again")]
    assert numbered(docx.Document(), levels, items) == ("1. one\n  (a) a\n  (b) b\n    1-IV four\n2. two\n  (a) again")


def test_a_list_that_begins_anew_does() -> None:
    items = [("91", 0, "one"), ("91", 0, "two"), ("92", 0, "first"), ("92", 0, "second")]
    text = numbered(docx.Document(), level(0, "decimal", "%1)"), items)
    assert text == "1) one\n2) two\n1) first\n2) second"


def test_an_item_of_a_list_within_a_list_is_indented() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("within")
    numbering = f'<w:numPr {W}><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(numbering))
    assert read(document).text == "    - within"


def test_a_cell_over_several_columns_names_them_all() -> None:
    document = with_table([["", "2024", ""], ["Quebec", "5", "5"]])
    cells = document.tables[0].rows[0].cells
    cells[1].merge(cells[2])
    assert read(document).text == "Quebec; 2024: 5; 2024: 5"


def test_a_cell_over_several_rows_counts_for_each() -> None:
    document = with_table([["Region", "Year"], ["Quebec", "2024"], ["", "2023"]])
    document.tables[0].cell(1, 0).merge(document.tables[0].cell(2, 0))
    assert read(document).text == "Region: Quebec; Year: 2024\nRegion: Quebec; Year: 2023"


def test_a_first_row_that_spans_the_table_is_its_title() -> None:
    document = with_table([["Table 1", ""], ["Year", "Removals"], ["2024", "17,357"]])
    cells = document.tables[0].rows[0].cells
    cells[0].merge(cells[1])
    assert read(document).text == "Table 1\n\nYear: 2024; Removals: 17,357"


def test_a_table_of_one_cell_is_a_frame_around_paragraphs() -> None:
    document = with_table([["Key message"]])
    document.tables[0].cell(0, 0).add_paragraph("Removals rose.")
    assert read(document).text == "Key message\n\nRemovals rose."


def test_tracked_changes_are_read_as_accepted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Removals ")._p
    paragraph.append(parse_xml(f'<w:del {W} w:id="1"><w:r><w:br/><w:delText>fell</w:delText></w:r></w:del>'))
    paragraph.append(parse_xml(f'<w:ins {W} w:id="2"><w:r><w:t>rose</w:t></w:r></w:ins>'))
    assert read(document).text == "Removals rose"


def test_the_text_of_content_controls_is_read() -> None:
    document = docx.Document()
    control = f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Filled in</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(control))
    assert read(document).text == "Filled in"


def test_a_footnote_stands_below_its_paragraph() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Removals rose.")
    paragraph.add_run()._r.append(parse_xml(f'<w:footnoteReference {W} w:id="2"/>'))
    document.add_paragraph("Next.")
    notes = (
        f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>CBSA data.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert read(document).text == "Removals rose.\n\n[1] CBSA data.\n\nNext."


def test_a_list_of_contents_is_left_out() -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Context\t3", style="toc 1")
    document.add_paragraph("Text")
    assert read(document).text == "Text"


def test_line_breaks_tabs_and_special_hyphens_are_kept_readable() -> None:
    document = docx.Document()
    run = document.add_paragraph("a").add_run("\tb\nc")
    run._r.append(parse_xml(f"<w:noBreakHyphen {W}/>"))
    run.add_text("d\xa0e")
    assert read(document).text == "a b\nc-d e"


def test_the_file_states_its_properties() -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    document.core_properties.title = "Removals in 2024"
    document.core_properties.language = "fr-CA"
    document.core_properties.created = datetime(2024, 3, 5, 12, tzinfo=UTC)
    assert read(document).fields == {"title": "Removals in 2024", "language": "fr-CA", "created": "2024-03-05"}


def test_the_creation_date_of_the_template_is_no_date() -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    assert read(document).fields == {}


def test_a_file_that_states_nothing_has_no_fields() -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    package = document.part.package
    stated = next(key for key, rel in package.rels.items() if rel.reltype == RELATIONSHIP_TYPE.CORE_PROPERTIES)
    del package.rels[stated]
    assert read(document).fields == {}


def test_a_file_with_a_password_is_refused() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(ReadError, match=r"^brief\.docx: is encrypted\."):
        reader.read(data, "brief.docx")


def test_an_old_word_file_is_refused() -> None:
    with pytest.raises(ReadError, match=r"^brief\.docx: is in the old \.doc format\."):
        reader.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "brief.docx")


@pytest.mark.parametrize("kept", [30, 2000])
def test_a_damaged_file_is_refused(kept: int) -> None:
    file = io.BytesIO()
    docx.Document().save(file)
    with pytest.raises(ReadError, match=r"^brief\.docx: damaged, or not a Word document\."):
        reader.read(file.getvalue()[:kept], "brief.docx")


def test_a_damaged_part_is_refused() -> None:
    file = io.BytesIO()
    docx.Document().save(file)
    data = bytearray(file.getvalue())
    position = data.index(b"word/document.xml") + 60
    data[position : position + 40] = bytes(40)
    with pytest.raises(ReadError, match=r"^brief\.docx: damaged, or not a Word document\."):
        reader.read(bytes(data), "brief.docx")


def test_numbers_beyond_all_measure_are_held_within_it() -> None:
    document = with_table([["Year", "Removals"], ["2024", "17,357"]])
    for cell in document.element.body.iter(qn("w:tc")):
        cell.get_or_add_tcPr().append(parse_xml(f'<w:gridSpan {W} w:val="2000000000"/>'))
    item = document.add_paragraph("departure", "List Bullet")
    properties = f'<w:numPr {W}><w:ilvl w:val="2000000000"/><w:numId w:val="1"/></w:numPr>'
    item._p.get_or_add_pPr().append(parse_xml(properties))
    assert read(document).text.endswith("- departure")
    assert "17,357" in read(document).text

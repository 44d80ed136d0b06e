"""Answers as a Word document to read: each question a heading, its answer, and the numbered sources it quotes."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt, RGBColor

from qa.batch.archive import rewritten
from qa.batch.cells import cut, described, shown, xml_text
from qa.batch.report import Report
from qa.undated import undated_note

_BODY = "word/document.xml"
_MARK = "The answers stand here."
_LONGEST_HEADING = 1_000  # characters
_LONGEST_PARAGRAPH = 100_000


def write_docx(path: Path, report: Report) -> None:
    """Writes the document; memory stays flat: the body is written question by question into a frame."""
    frame = _frame(report)
    with ZipFile(frame) as archive:
        body = archive.read(_BODY).decode()
    before, after = body.split(f"<w:p><w:r><w:t>{_MARK}</w:t></w:r></w:p>")
    rewritten(frame, path, {_BODY: _pieces(before, after, report)})


def _pieces(before: str, after: str, report: Report) -> Iterator[bytes]:
    yield before.encode()
    for number, row in enumerate(report.rows(), 1):
        yield "".join(_question(number, row, report)).encode()
    yield after.encode()


def _question(number: int, row: dict[str, Any], report: Report) -> Iterator[str]:
    words = report.words
    asked = row["question"] if isinstance(row["question"], str) else ""
    yield _paragraph("Heading2", cut(" ".join(xml_text(f"{number}. {asked}").split()), _LONGEST_HEADING, words))
    sure = row["confidence"]
    facts = [words[row["status"]], *([] if sure is None else [words["sure"].format(share=words.number(sure, 2))])]
    facts += [] if row["id"] == number else [f"{words['id']} {shown(row['id'])}"]
    facts += [undated_note(row["undated"], report.language)] if row.get("undated") else []
    carried = ((name, value) for name, value in row.get("extra", {}).items() if value not in (None, ""))
    facts += [words["fact"].format(name=name, value=shown(value)) for name, value in carried]
    yield _paragraph("Fact", " · ".join(facts))
    for line in (row["answer"] or row["error"] or "").split("\n"):
        if line.strip():
            yield _paragraph("BodyText", line)
    for citation in row["citations"]:
        yield from _source(citation, report)


def _source(citation: dict[str, Any], report: Report) -> Iterator[str]:
    words = report.words
    page = words["page_of"].format(page=citation["page"]) if citation["page"] else ""
    link = report.link(citation)
    opened = f" – {_link(link, words['open'])}" if link else ""
    yield _paragraph("Source", f"[{citation['marker']}] {described(citation, page)}", opened)
    yield _paragraph("Quoted", f"“{citation['quote']}”")
    if others := "; ".join(map(described, citation["older"])):
        yield _paragraph("Source", words["also"].format(documents=others))


def _paragraph(style: str, text: str, more: str = "") -> str:
    """Returns a paragraph as XML; `more` is XML that follows its text."""
    runs = _run(cut(xml_text(text), _LONGEST_PARAGRAPH))
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}{more}</w:p>'


def _run(text: str, style: str = "") -> str:
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")]
    return f"<w:r>{look}{'<w:br/>'.join(lines)}</w:r>"


def _link(address: str, label: str) -> str:
    # A field, not a relationship: those would all have to be known before the body is written.
    field = quoteattr(f' HYPERLINK "{address}" ')
    return f"{_run(' ')}<w:fldSimple w:instr={field}>{_run(label, 'Linked')}</w:fldSimple>"


def _frame(report: Report) -> BytesIO:
    """Returns the document without its questions: title, what came of them, and the styles."""
    document = docx.Document()
    _styles(document)
    title = xml_text(report.words["named"].format(questions=report.questions))
    stated = document.core_properties
    stated.author, stated.title, stated.comments = "removals-qa", title, ""
    stated.created = stated.modified = datetime(1980, 1, 1)
    document.add_heading(title, 0)
    table = document.add_table(rows=0, cols=2, style="Light List Accent 1")
    for name, value in report.summary():
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, str(value)
    document.add_paragraph(report.words["explained"], style="Fact")
    document.add_paragraph(_MARK)
    data = BytesIO()
    document.save(data)
    return data


def _styles(document: Any) -> None:
    styles = document.styles
    for name, indent, look in (("Fact", 0, (9, True)), ("Source", 0.5, (9.5, False)), ("Quoted", 1.0, (9.5, False))):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style.paragraph_format.left_indent = Cm(indent)
        style.paragraph_format.space_after = Pt(4)
        style.font.size = Pt(look[0])
        if look[1]:
            style.font.color.rgb = RGBColor(0x59, 0x59, 0x59)
    styles["Source"].paragraph_format.keep_with_next = True
    styles["Quoted"].font.italic = True
    linked = styles.add_style("Linked", WD_STYLE_TYPE.CHARACTER)
    linked.font.underline, linked.font.color.rgb = True, RGBColor(0x05, 0x63, 0xC1)

"""An export as a Word file: headings, quotes, and numbers that lead to the sources at its end."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from page.export_parts import Export, Note, Run

_STYLES = {"quote": "Quote", "item": "List Bullet"}
_LANGUAGES = {"en": "en-CA", "fr": "fr-CA"}
_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # of every export, so that the same answers give the same bytes
_ZIPPED = (1980, 1, 1, 0, 0, 0)
_LINK, _QUIET = RGBColor(0x1A, 0x4F, 0x8B), RGBColor(0x55, 0x55, 0x55)


def docx(export: Export) -> bytes:
    """Returns the file; each number is a link to the bookmark of its source, and each source one to its document."""
    document = Document()
    _describe(document, export)
    document.add_heading(export.title, 0)
    for fact in export.facts:
        _add(document.add_paragraph(), [Run(fact)], quiet=True)
    for section in export.sections:
        document.add_heading(section.heading, 1)
        for each in section.paragraphs:
            _add(document.add_paragraph(style=_STYLES.get(each.kind)), each.runs, quiet=each.kind == "quiet")
    if export.notes:
        document.add_heading(export.notes_heading, 1)
    for note in export.notes:
        _add_note(document.add_paragraph(), note)
    file = io.BytesIO()
    document.save(file)
    return _timeless(file.getvalue())


def _describe(document: Any, export: Export) -> None:
    properties = document.core_properties
    properties.title = export.title[:255]  # the most that the format allows
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.language = _LANGUAGES[export.language]
    properties.created = properties.modified = _MADE
    for each in document.styles.element.iter(qn("w:lang")):
        each.set(qn("w:val"), _LANGUAGES[export.language])


def _add(paragraph: Any, runs: Sequence[Run], *, quiet: bool = False) -> None:
    for each in runs:
        if each.note:
            _add_link(paragraph, each.text, anchor=_bookmark(each.note))
        elif each.link:
            _add_link(paragraph, each.text, address=each.link)
        else:
            added = paragraph.add_run(each.text)
            added.bold = True if each.bold else None
            _speak(added, each.language)
            if quiet:
                added.font.size, added.font.color.rgb = Pt(9.5), _QUIET


def _speak(added: Any, language: str) -> None:
    """Tells Word the language of a run, so that a French quote is not spelled as English."""
    if language in _LANGUAGES:
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), _LANGUAGES[language])
        added._r.get_or_add_rPr().append(spoken)


def _add_link(paragraph: Any, text: str, *, anchor: str = "", address: str = "") -> None:
    link = OxmlElement("w:hyperlink")
    if anchor:
        link.set(qn("w:anchor"), anchor)
    else:
        link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    added = paragraph.add_run(text)
    added.font.color.rgb = _LINK
    added.font.underline = not anchor
    link.append(added._r)
    paragraph._p.append(link)


def _add_note(paragraph: Any, note: Note) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(note.number))
    start.set(qn("w:name"), _bookmark(note.number))
    end.set(qn("w:id"), str(note.number))
    paragraph._p.append(start)
    paragraph.add_run(f"[{note.number}]").bold = True
    paragraph._p.append(end)
    _add(paragraph, [Run(" "), *note.runs])


def _bookmark(number: int) -> str:
    return f"source_{number}"


def _timeless(data: bytes) -> bytes:
    """Returns the file with one date for all its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(file, "w") as kept:
        for name in made.namelist():
            part = zipfile.ZipInfo(name, _ZIPPED)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0  # else it tells the system it was made on
            kept.writestr(part, made.read(name))
    return file.getvalue()

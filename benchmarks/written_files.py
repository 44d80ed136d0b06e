"""Writes known text as files of every format, by Python's libraries, LibreOffice and Chromium; needs the extra `test`.

A text is a list of pages, each a list of paragraphs. Formats without pages get the paragraphs one after the other.
"""

import csv
import html
import json
import mailbox
import random
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import chain
from pathlib import Path

import docx
import numpy as np
from odf.opendocument import OpenDocumentText
from odf.text import P
from openpyxl import Workbook
from PIL import Image
from pptx import Presentation
from pypdfium2 import PdfDocument
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from benchmarks import libreoffice

Pages = list[list[str]]
Write = Callable[[Pages, Path, int], None]  # of a text, to a path, with a seed
_CHROMIUM = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --no-pdf-header-footer"
).split()
_NOISE = 6.0  # standard deviation, of 255
_SKEW = 0.6  # degrees at most


def _paragraphs(pages: Pages) -> list[str]:
    return list(chain.from_iterable(pages))


def _txt(pages: Pages, path: Path, _: int) -> None:
    path.write_text("\n\n".join(_paragraphs(pages)) + "\n", encoding="utf-8")


def _jsonl(pages: Pages, path: Path, _: int) -> None:
    row = {"doc_id": path.stem, "text": "\n\n".join(_paragraphs(pages))}
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")


def _docx(pages: Pages, path: Path, _: int) -> None:
    document = docx.Document()
    for number, page in enumerate(pages):
        if number:
            document.add_page_break()
        for text in page:
            document.add_paragraph(text)
    document.save(str(path))


def _pptx(pages: Pages, path: Path, _: int) -> None:
    slides = Presentation()
    for page in pages:
        slide = slides.slides.add_slide(slides.slide_layouts[1])
        slide.placeholders[1].text_frame.text = "\n".join(page)
    slides.save(str(path))


def _xlsx(pages: Pages, path: Path, _: int) -> None:
    book = Workbook()
    for row in (["Text"], *([text] for text in _paragraphs(pages))):
        book.active.append(row)
    book.save(path)


def _csv(pages: Pages, path: Path, _: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Number", "Text"], *enumerate(_paragraphs(pages), 1)])


def _html_of(pages: Pages) -> str:
    body = "".join(
        "<section>" + "".join(f"<p>{html.escape(text)}</p>" for text in page) + "</section>" for page in pages
    )
    style = "<style>section + section { break-before: page }</style>"
    return f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">{style}</head><body>{body}</body></html>'


def _html(pages: Pages, path: Path, _: int) -> None:
    path.write_text(_html_of(pages), encoding="utf-8")


def _message(text: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Notes", "a@example.org", "b@example.org"
    message["Date"] = "Mon, 04 Aug 2025 10:00:00 -0400"
    message.set_content(text)
    return message


def _eml(pages: Pages, path: Path, _: int) -> None:
    path.write_bytes(_message("\n\n".join(_paragraphs(pages))).as_bytes())


def _attached(pages: Pages, path: Path, seed: int) -> None:
    message = _message("The notes are attached.")
    with tempfile.TemporaryDirectory() as work:
        notes = Path(work, "notes.docx")
        _docx(pages, notes, seed)
        message.add_attachment(notes.read_bytes(), "application", "octet-stream", filename=notes.name)
    path.write_bytes(message.as_bytes())


def _mbox(pages: Pages, path: Path, _: int) -> None:
    box = mailbox.mbox(path)
    box.add(_message("\n\n".join(_paragraphs(pages))))
    box.close()


def _zip(pages: Pages, path: Path, _: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", "\n\n".join(_paragraphs(pages)))


def _odt(pages: Pages, path: Path, _: int) -> None:
    document = OpenDocumentText()
    for text in _paragraphs(pages):
        document.text.addElement(P(text=text))
    document.save(str(path))


def _rtf(pages: Pages, path: Path, _: int) -> None:
    def escaped(text: str) -> str:
        units = np.frombuffer(text.encode("utf-16-le"), dtype="<i2")
        return "".join(chr(unit) if 32 <= unit < 127 and chr(unit) not in "\\{}" else f"\\u{unit}?" for unit in units)

    body = "\\par\n".join(escaped(text) for text in _paragraphs(pages))
    path.write_text("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\n" + body + "\\par}", encoding="ascii")


def _epub(pages: Pages, path: Path, _: int) -> None:
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    container += '<rootfile full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    items = "".join(
        f'<item id="p{n}" href="p{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(pages))
    )
    spine = "".join(f'<itemref idref="p{n}"/>' for n in range(len(pages)))
    package = '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
    package += 'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Notes</dc:title></metadata>'
    package += f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("c.opf", package)
        for number, page in enumerate(pages):
            body = "".join(f"<p>{html.escape(text)}</p>" for text in page)
            archive.writestr(
                f"p{number}.xhtml",
                f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{body}</body></html>',
            )


def _pdf(pages: Pages, path: Path, _: int) -> None:
    style = getSampleStyleSheet()["BodyText"]
    story = []
    for page in pages:
        for text in page:
            story.append(Paragraph(html.escape(text), style))
        story.append(PageBreak())
    SimpleDocTemplate(str(path)).build(story)


def _printed(pages: Pages, path: Path, _: int) -> None:
    with tempfile.TemporaryDirectory() as work:
        page = Path(work, "page.html")
        page.write_text(_html_of(pages), encoding="utf-8")
        subprocess.run(
            ["chromium", *_CHROMIUM, f"--user-data-dir={work}/profile", f"--print-to-pdf={path}", page.as_uri()],
            check=True,
            capture_output=True,
            timeout=300,
        )


def scanned(pages: Pages, path: Path, seed: int) -> None:
    """Writes pages as a scanner gives them: 300 dots an inch, grey, a little noisy and skewed. The suffix decides."""
    random_ = random.Random(seed)
    with tempfile.TemporaryDirectory() as work:
        _pdf(pages, Path(work, "clean.pdf"), seed)
        clean = PdfDocument(Path(work, "clean.pdf"))
        images = [page.render(scale=300 / 72, grayscale=True).to_pil().convert("L") for page in clean]
        clean.close()
    noisy = []
    for number, image in enumerate(images):
        turned = image.rotate(random_.uniform(-_SKEW, _SKEW), Image.Resampling.BICUBIC, fillcolor=255)
        noise = np.random.default_rng((seed, number)).normal(0, _NOISE, (turned.height, turned.width))
        noisy.append(Image.fromarray(np.clip(np.asarray(turned) + noise, 0, 255).astype(np.uint8)))
    more = {} if path.suffix == ".png" else {"save_all": True, "append_images": noisy[1:]}
    packed = {"compression": "tiff_deflate"} if path.suffix == ".tiff" else {}
    noisy[0].save(path, dpi=(300, 300), **more, **packed)


def _by_libreoffice(write: Write, written_as: str) -> Write:
    """Returns a writer that lets LibreOffice open what `write` writes and save it in the format of the path."""

    def saved(pages: Pages, path: Path, seed: int) -> None:
        with tempfile.TemporaryDirectory() as work:
            source = Path(work, f"{path.stem}{written_as}")
            write(pages, source, seed)
            libreoffice.saved([source], path.suffix, path.parent)

    return saved


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is written. `inside` names the document within the file; `pages` tells whether it has pages."""

    suffix: str
    write: Write
    inside: str = ""
    pages: bool = False
    scan: bool = False
    needs: str = ""  # a program


_SOFFICE = "soffice"
FORMATS = {
    "txt": Format(".txt", _txt),
    "md": Format(".md", _txt),
    "jsonl": Format(".jsonl", _jsonl),
    "html": Format(".html", _html),
    "docx": Format(".docx", _docx),
    "odt": Format(".odt", _odt),
    "rtf": Format(".rtf", _rtf),
    "epub": Format(".epub", _epub),
    "pptx": Format(".pptx", _pptx, pages=True),
    "xlsx": Format(".xlsx", _xlsx),
    "csv": Format(".csv", _csv),
    "eml": Format(".eml", _eml),
    "eml, attached docx": Format(".eml", _attached, "/notes.docx"),
    "mbox": Format(".mbox", _mbox, "/0001.eml"),
    "zip": Format(".zip", _zip, "/inside.txt"),
    "pdf": Format(".pdf", _pdf, pages=True),
    "pdf by Chromium": Format(".pdf", _printed, pages=True, needs="chromium"),
    "pdf by LibreOffice Writer": Format(".pdf", _by_libreoffice(_docx, ".docx"), pages=True, needs=_SOFFICE),
    "pdf by LibreOffice Impress": Format(".pdf", _by_libreoffice(_pptx, ".pptx"), pages=True, needs=_SOFFICE),
    "docx by LibreOffice": Format(".docx", _by_libreoffice(_odt, ".odt"), needs=_SOFFICE),
    "odt by LibreOffice": Format(".odt", _by_libreoffice(_docx, ".docx"), needs=_SOFFICE),
    "rtf by LibreOffice": Format(".rtf", _by_libreoffice(_docx, ".docx"), needs=_SOFFICE),
    "html by LibreOffice": Format(".html", _by_libreoffice(_docx, ".docx"), needs=_SOFFICE),
    "epub by LibreOffice": Format(".epub", _by_libreoffice(_docx, ".docx"), needs=_SOFFICE),
    "pptx by LibreOffice": Format(".pptx", _by_libreoffice(_pptx, ".pptx"), pages=True, needs=_SOFFICE),
    "xlsx by LibreOffice": Format(".xlsx", _by_libreoffice(_csv, ".csv"), needs=_SOFFICE),
    "csv by LibreOffice": Format(".csv", _by_libreoffice(_xlsx, ".xlsx"), needs=_SOFFICE),
    "scanned pdf": Format(".pdf", scanned, pages=True, scan=True, needs="tesseract"),
    "scanned tiff": Format(".tiff", scanned, pages=True, scan=True, needs="tesseract"),
    "scanned png": Format(".png", scanned, scan=True, needs="tesseract"),
}


def can_write(name: str) -> bool:
    """Returns whether this machine has the program that the format needs."""
    return not FORMATS[name].needs or shutil.which(FORMATS[name].needs) is not None

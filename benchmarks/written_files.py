"""Writes known text as files of every format that the installed libraries can write; needs the extra `test`.

A text is a list of pages, each a list of paragraphs. Formats without pages get the paragraphs one after the other.
"""

import csv
import html
import random
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
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

Pages = list[list[str]]
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


def _docx(pages: Pages, path: Path, _: int) -> None:
    document = docx.Document()
    for text in _paragraphs(pages):
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


def _eml(pages: Pages, path: Path, _: int) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Notes", "a@example.org", "b@example.org"
    message["Date"] = "Mon, 04 Aug 2025 10:00:00 -0400"
    message.set_content("\n\n".join(_paragraphs(pages)))
    path.write_bytes(message.as_bytes())


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
    more = {"save_all": True, "append_images": noisy[1:]} if path.suffix == ".pdf" else {}
    noisy[0].save(path, dpi=(300, 300), **more)


WRITERS: dict[str, tuple[str, Callable[[Pages, Path, int], None]]] = {  # name of the format -> suffix, writer
    "txt": (".txt", _txt),
    "md": (".md", _txt),
    "html": (".html", _html),
    "docx": (".docx", _docx),
    "odt": (".odt", _odt),
    "rtf": (".rtf", _rtf),
    "epub": (".epub", _epub),
    "pptx": (".pptx", _pptx),
    "xlsx": (".xlsx", _xlsx),
    "csv": (".csv", _csv),
    "eml": (".eml", _eml),
    "zip": (".zip", _zip),
    "pdf": (".pdf", _pdf),
    "printed pdf": (".pdf", _printed),
    "scanned pdf": (".pdf", scanned),
    "scanned png": (".png", scanned),
}
SCANS = ("scanned pdf", "scanned png")
PAGED = ("pptx", "pdf", "printed pdf", "scanned pdf")


def can_write(name: str) -> bool:
    """Returns whether this machine has what the format needs."""
    return name != "printed pdf" or shutil.which("chromium") is not None

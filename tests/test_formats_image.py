"""Pictures of text, read by Tesseract."""

import io

import pytest
from conftest import SCANNED
from PIL import Image
from pypdfium2 import PdfDocument
from reportlab.pdfgen.canvas import Canvas

from documents.errors import ReadError
from documents.formats import image
from documents.formats.blocks import one_line
from documents.formats.dark_boxes import dark_boxes


def saved(scan: Image.Image, kind: str, *, copies: int = 0) -> bytes:
    file = io.BytesIO()
    more = {"save_all": True, "append_images": [scan] * copies} if copies else {}
    scan.save(file, kind, dpi=(300, 300), **more)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_the_text_of_a_picture_is_read(ocr: None, scan: Image.Image, kind: str) -> None:
    content = image.read(saved(scan, kind), "scan")
    assert (one_line(content.text), content.page_starts) == (" ".join(SCANNED), ())


def test_a_tiff_of_several_pictures_has_pages(ocr: None, scan: Image.Image) -> None:
    content = image.read(saved(scan, "TIFF", copies=1), "fax.tiff")
    assert len(content.page_starts) == 2
    assert content.text[content.page_starts[1] :].startswith(SCANNED[0])


def test_a_black_box_in_a_picture_is_marked_with_the_section_beside_it(ocr: None) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 120))
    canvas.drawString(20, 90, "The officer of the agency met")
    canvas.rect(190, 86, 80, 14, fill=1)
    canvas.drawString(276, 90, "s. 19(1)")
    canvas.drawString(20, 60, "at the airport in Toronto.")
    canvas.save()
    page = PdfDocument(file.getvalue())[0].render(scale=300 / 72, grayscale=True).to_pil()
    content = image.read(saved(page, "PNG"), "scan.png")
    assert one_line(content.text) == "The officer of the agency met [redacted: s. 19(1)] at the airport in Toronto."
    assert content.redactions == 1


def test_boxes_at_the_edge_and_large_letters_are_no_redactions() -> None:
    page = Image.new("L", (800, 400), 255)
    page.paste(0, (0, 0, 60, 400))
    page.paste(0, (300, 100, 330, 130))
    page.paste(0, (400, 100, 700, 103))
    assert dark_boxes(page, 72 / 300) == []


def test_a_black_box_is_found_where_it_stands() -> None:
    page = Image.new("L", (800, 400), 255)
    page.paste(0, (200, 100, 500, 160))
    (box,) = dark_boxes(page, 72 / 300)
    assert (box.left, box.right) == pytest.approx((48, 120), abs=2)
    assert (box.bottom, box.top) == pytest.approx((57.6, 72), abs=2)


def test_a_picture_without_text_is_refused(ocr: None) -> None:
    with pytest.raises(ReadError, match=r"^grey\.png: no legible text in the picture\."):
        image.read(saved(Image.new("L", (80, 60), 200), "PNG"), "grey.png")


def test_a_damaged_picture_is_refused(ocr: None) -> None:
    with pytest.raises(ReadError, match=r"^bad\.png: damaged, or not a picture\."):
        image.read(b"\x89PNG", "bad.png")


def test_without_ocr_the_error_says_what_to_install(no_ocr: None, scan: Image.Image) -> None:
    with pytest.raises(ReadError, match=r"^scan\.png: a picture; .* Install OCR \(pip install 'removals-qa\[ocr\]'"):
        image.read(saved(scan, "PNG"), "scan.png")

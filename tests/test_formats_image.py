"""Pictures of text, read by Tesseract."""

import io

import pytest
from conftest import SCANNED
from PIL import Image

from documents.errors import ReadError
from documents.formats import image
from documents.formats.blocks import one_line


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


def test_a_picture_without_text_is_refused(ocr: None) -> None:
    with pytest.raises(ReadError, match=r"^grey\.png: no legible text in the picture\."):
        image.read(saved(Image.new("L", (80, 60), 200), "PNG"), "grey.png")


def test_a_damaged_picture_is_refused(ocr: None) -> None:
    with pytest.raises(ReadError, match=r"^bad\.png: damaged, or not a picture\."):
        image.read(b"\x89PNG", "bad.png")


def test_without_ocr_the_error_says_what_to_install(no_ocr: None, scan: Image.Image) -> None:
    with pytest.raises(ReadError, match=r"^scan\.png: a picture; .* Install OCR \(pip install 'removals-qa\[ocr\]'"):
        image.read(saved(scan, "PNG"), "scan.png")

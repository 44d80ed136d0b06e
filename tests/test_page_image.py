"""A page as a picture: the mark covers the words of the quote and nothing else."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from pypdfium2 import PdfDocument
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from documents.formats.pdf_page import PDFIUM
from page.page_image import Box, marks, page_image

FONT, SIZE = "Helvetica", 12
LINE = "The agency enforced 17,357 removals in 2024."
YELLOW = (255, 232, 90)


@pytest.fixture
def printed(tmp_path: Path) -> Callable[[Callable[[Canvas], None]], Path]:
    """Makes a PDF of one page, 400 by 300 points, of what a function draws."""

    def make(draw: Callable[[Canvas], None]) -> Path:
        path = tmp_path / "printed é.pdf"
        canvas = Canvas(str(path), pagesize=(400, 300), invariant=1)
        canvas.setFont(FONT, SIZE)
        draw(canvas)
        canvas.save()
        return path

    return make


def width(text: str) -> float:
    return float(stringWidth(text, FONT, SIZE))


def near(box: Box, left: float, right: float, baseline: float) -> bool:
    """Does the box reach from left to right, give or take a point, and hold the baseline?"""
    return abs(box[0] - left) < 1 and abs(box[2] - right) < 1 and box[1] < baseline < box[3] < baseline + 1.2 * SIZE


def picture_of(path: Path, quote: str, **more: str) -> Image.Image:
    data = page_image(path, 1, quote, **more)  # type: ignore[arg-type]
    assert data is not None
    return Image.open(io.BytesIO(data))


def has_yellow(image: Image.Image) -> bool:
    return any(colour == YELLOW for _, colour in image.getcolors(100_000) or [])


Printed = Callable[[Callable[[Canvas], None]], Path]


def test_the_mark_covers_the_words_of_the_quote(printed: Printed) -> None:
    path = printed(lambda canvas: canvas.drawString(50, 200, LINE))
    (box,) = marks(path, 1, "17,357 removals")
    assert near(box, 50 + width("The agency enforced "), 50 + width("The agency enforced 17,357 removals"), 200)


def test_a_word_broken_over_a_line_end_is_marked_on_both_lines(printed: Printed) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 200, "The agency enforced re-")
        canvas.drawString(50, 186, "movals in 2024.")

    first, second = marks(printed(draw), 1, "enforced removals")
    assert near(first, 50 + width("The agency "), 50 + width("The agency enforced re-"), 200)
    assert near(second, 50, 50 + width("movals"), 186)


def test_a_quote_in_one_of_two_columns_is_marked_in_its_column(printed: Printed) -> None:
    def draw(canvas: Canvas) -> None:
        for row, (left, right) in enumerate([("Removal orders", "Detention is"), ("are enforced.", "a last resort.")]):
            canvas.drawString(50, 200 - 14 * row, left)
            canvas.drawString(220, 200 - 14 * row, right)

    path = printed(draw)
    first, second = marks(path, 1, "Detention is a last resort.")
    assert near(first, 220, 220 + width("Detention is"), 200)
    assert near(second, 220, 220 + width("a last resort."), 186)


def test_of_a_quote_that_stands_twice_the_one_after_the_text_before_it_is_marked(printed: Printed) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 200, "In 2023 orders were stayed.")
        canvas.drawString(50, 150, "In 2024 orders were stayed.")

    path = printed(draw)
    assert [
        marks(path, 1, "orders were stayed.", before=text)[0][1] > 170 for text in ("", "In 2023 ", "In 2024 ")
    ] == [
        True,
        True,
        False,
    ]


def test_the_picture_is_yellow_where_the_quote_is_and_black_where_its_words_are(printed: Printed) -> None:
    path = printed(lambda canvas: canvas.drawString(50, 200, LINE))
    image = picture_of(path, LINE)
    assert image.size == (640, 480)
    area = image.crop((80, int(1.6 * (300 - 210)), int(1.6 * (50 + width(LINE))), int(1.6 * (300 - 200))))
    assert area.getpixel((0, 0)) == YELLOW
    assert min(max(colour) for _, colour in area.getcolors(100_000) or []) < 60
    assert image.getpixel((80, 400)) == (255, 255, 255)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_on_a_turned_page_the_mark_is_where_the_words_are_shown(turn: int, printed: Printed) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0)
        canvas.drawString(50, 200, "Aside")
        canvas.rect(100, 100, 60, 10, fill=1, stroke=0)

    path = printed(draw)
    turned = PdfDocument(path)
    turned[0].set_rotation(turn)
    other = path.with_name("turned.pdf")
    turned.save(other)
    turned.close()
    image, plain = picture_of(other, "Aside"), picture_of(path, "Aside")
    assert image.size == (plain.size if turn == 180 else plain.size[::-1])
    back = image.rotate(turn, expand=True)
    assert [at for at in ((82, 150), (90, 250)) if back.getpixel(at) == YELLOW] == [
        at for at in ((82, 150), (90, 250)) if plain.getpixel(at) == YELLOW
    ]
    assert has_yellow(back)
    assert abs(yellow_box(back)[0] - yellow_box(plain)[0]) <= 2
    assert abs(yellow_box(back)[1] - yellow_box(plain)[1]) <= 2


def yellow_box(image: Image.Image) -> tuple[int, int, int, int]:
    alone = Image.new("1", image.size)
    alone.putdata([pixel == YELLOW for pixel in image.get_flattened_data()])
    box = alone.getbbox()
    assert box is not None
    return box


def test_words_that_run_up_the_page_are_marked_as_one(printed: Printed) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(100, 50)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Table of removals by year")

    (box,) = marks(printed(draw), 1, "removals by year")
    assert abs(box[1] - 50 - width("Table of ")) < 1
    assert abs(box[3] - 50 - width("Table of removals by year")) < 1


def test_a_quote_that_is_not_there_leaves_the_page_as_it_is(printed: Printed) -> None:
    path = printed(lambda canvas: canvas.drawString(50, 200, LINE))
    assert marks(path, 1, "Somalia gives no papers.") == []
    assert not has_yellow(picture_of(path, "Somalia gives no papers."))


def test_a_scan_is_shown_without_a_mark(printed: Printed, scan: Image.Image) -> None:
    path = printed(lambda canvas: canvas.drawImage(ImageReader(scan), 0, 0, 400, 300))
    assert not has_yellow(picture_of(path, "Removal orders are enforced"))


def test_what_is_to_be_redacted_is_painted_over(printed: Printed) -> None:
    path = printed(lambda canvas: canvas.drawString(50, 200, LINE))
    data = path.read_bytes()
    annotation = b"/Annots [<</Type /Annot /Subtype /Redact /Rect [40 190 380 220]>>] "
    path.write_bytes(data.replace(b"/Type /Page\n", annotation + b"/Type /Page\n"))
    assert path.read_bytes() != data
    image = picture_of(path, LINE)
    assert set(colour for _, colour in image.crop((70, 140, 500, 170)).getcolors(99) or []) == {(0, 0, 0)}


@pytest.mark.parametrize("number", [-1, 0, 2])
def test_a_page_that_is_not_there_has_no_picture(number: int, printed: Printed) -> None:
    path = printed(lambda canvas: canvas.drawString(50, 200, LINE))
    assert (page_image(path, number, LINE), marks(path, number, LINE)) == (None, [])


def test_a_file_that_is_missing_or_no_pdf_has_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text(LINE)
    for path in (tmp_path / "a.pdf", tmp_path / "missing.pdf", tmp_path):
        assert page_image(path, 1, LINE) is None


def test_the_lock_is_free_again_whatever_happens(tmp_path: Path) -> None:
    page_image(tmp_path / "missing.pdf", 1, LINE)
    assert not PDFIUM.locked()


def test_the_same_page_is_the_same_bytes(printed: Printed) -> None:
    path = printed(lambda canvas: canvas.drawString(50, 200, LINE))
    assert page_image(path, 1, LINE) == page_image(path, 1, LINE)

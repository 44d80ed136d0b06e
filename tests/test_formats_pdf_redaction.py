"""Redactions in PDF: what a box hides is never read, and a mark says that it is there."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.lib.colors import Color, black, grey, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from documents.formats import pdf
from documents.formats.content import Content

HEIGHT = 14  # of a box around a line of text


def read(draw: Callable[[Canvas], None]) -> Content:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    draw(canvas)
    canvas.save()
    return pdf.read(file.getvalue(), "release.pdf")


def box(canvas: Canvas, before: str, hidden: str, *, baseline: float = 700, left: float = 72) -> tuple[float, float]:
    """Draws a box where `hidden` stands after `before`; returns its left edge and its width."""
    start = left + canvas.stringWidth(before, "Helvetica", 12)
    width = canvas.stringWidth(hidden, "Helvetica", 12)
    canvas.rect(start, baseline - 3, width, HEIGHT, stroke=0, fill=1)
    return start, width


def test_text_under_a_box_is_replaced_by_a_mark() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "The officer met Ahmed Hassan at the airport.")
        box(canvas, "The officer met ", "Ahmed Hassan")

    content = read(draw)
    assert (content.text, content.redactions) == ("The officer met [redacted] at the airport.", 1)


def test_black_text_on_a_black_box_is_hidden_too() -> None:
    def draw(canvas: Canvas) -> None:
        box(canvas, "The officer met ", "Ahmed Hassan")
        canvas.drawString(72, 700, "The officer met Ahmed Hassan at the airport.")

    assert read(draw).text == "The officer met [redacted] at the airport."


def test_a_box_without_text_is_marked_where_it_stands() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "The officer met ")
        start, width = box(canvas, "The officer met ", "Ahmed Hassan")
        canvas.drawString(start + width + 3, 700, "at the airport.")

    content = read(draw)
    assert (content.text, content.redactions) == ("The officer met [redacted] at the airport.", 1)


@pytest.mark.parametrize(
    ("label", "mark"),
    [
        ("s. 15(1)", "[redacted: s. 15(1)]"),
        ("s.19(1)", "[redacted: s. 19(1)]"),
        ("15(1)(a)", "[redacted: 15(1)(a)]"),
        ("s. 13(1), s. 15(1)", "[redacted: s. 13(1), s. 15(1)]"),
        ("art. 15(1)", "[redacted: art. 15(1)]"),
        ("(b)(6)", "[redacted: (b)(6)]"),
    ],
)
def test_the_section_printed_on_a_box_is_named(label: str, mark: str) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "The officer met Ahmed Ali Mohamed Hassan at noon.")
        start, _ = box(canvas, "The officer met ", "Ahmed Ali Mohamed Hassan")
        canvas.setFillColor(white)
        canvas.drawString(start + 10, 700, label)

    assert read(draw).text == f"The officer met {mark} at noon."


def test_the_section_printed_beside_a_box_is_named() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "The officer met Ahmed Hassan s. 19(1)")
        box(canvas, "The officer met ", "Ahmed Hassan")

    assert read(draw).text == "The officer met [redacted: s. 19(1)]"


def test_the_section_printed_in_the_margin_is_named() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "The officer met Ahmed Hassan")
        box(canvas, "The officer met ", "Ahmed Hassan")
        canvas.drawString(72, 680, "and went home.")
        canvas.drawString(540, 700, "s.19(1)")

    assert read(draw).text == "The officer met [redacted: s. 19(1)] and went home."


def test_a_white_box_with_a_section_on_it_is_a_redaction() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "The officer met Ahmed Hassan.")
        canvas.setFillColor(white)
        start, _ = box(canvas, "The officer met ", "Ahmed Hassan")
        canvas.setFillColor(black)
        canvas.drawString(start + 4, 700, "s. 19(1)")

    assert read(draw).text == "The officer met [redacted: s. 19(1)]."


def test_a_box_over_several_lines_is_one_redaction() -> None:
    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(["It began so.", "Ahmed Hassan was", "met by the officer.", "It ended so."]):
            canvas.drawString(72, 700 - 14 * number, line)
        canvas.rect(70, 669, 300, 28, stroke=0, fill=1)

    content = read(draw)
    assert content.redactions == 1
    assert "Hassan" not in content.text
    assert "officer" not in content.text
    assert content.text.split() == "It began so. [redacted] It ended so.".split()


def test_a_box_for_each_line_makes_one_mark() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 728, "It began so.")
        for number, line in enumerate(["Ahmed Hassan was", "met by the officer."]):
            canvas.setFillColor(black)
            canvas.drawString(72, 700 - 14 * number, line)
            box(canvas, "", line, baseline=700 - 14 * number)

    assert read(draw).redactions == 1


def test_a_page_wholly_under_a_box_is_a_mark() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(72, 100, 400, 600, stroke=0, fill=1)
        canvas.showPage()
        canvas.drawString(72, 700, "Second page.")

    content = read(draw)
    assert (content.text, content.page_starts) == ("[redacted]\n\nSecond page.", (0, 12))


def test_words_hidden_by_a_picture_are_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "The officer met Ahmed Hassan at noon.")
        start = 72 + canvas.stringWidth("The officer met ", "Helvetica", 12)
        width = canvas.stringWidth("Ahmed Hassan", "Helvetica", 12)
        canvas.drawImage(ImageReader(Image.new("L", (60, 10), 0)), start, 696, width, HEIGHT)

    assert read(draw).text == "The officer met [redacted] at noon."


def test_words_before_a_picture_that_does_not_hide_them_are_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 60, 500, 400, 300)
        canvas.drawString(72, 700, "The officer met Ahmed Hassan at noon.")

    assert read(draw).text == "The officer met Ahmed Hassan at noon."


def shaded(canvas: Canvas) -> None:
    canvas.setFillColor(grey)
    canvas.rect(70, 690, 300, 20, stroke=0, fill=1)


def banner(canvas: Canvas) -> None:
    canvas.rect(70, 690, 300, 20, stroke=0, fill=1)
    canvas.setFillColor(white)


def highlighted(canvas: Canvas) -> None:
    canvas.drawString(72, 700, "Removals in 2024 rose.")
    canvas.setFillColor(Color(1, 1, 0, alpha=0.5))
    canvas.rect(70, 690, 300, 20, stroke=0, fill=1)
    canvas.setFillColor(Color(0, 0, 0, alpha=0))


def ruled(canvas: Canvas) -> None:
    canvas.rect(70, 690, 300, 1, stroke=0, fill=1)


def framed(canvas: Canvas) -> None:
    canvas.rect(70, 690, 300, 20, stroke=1, fill=0)


@pytest.mark.parametrize("ornament", [shaded, banner, ruled, framed])
def test_ornaments_are_no_redactions(ornament: Callable[[Canvas], None]) -> None:
    def draw(canvas: Canvas) -> None:
        ornament(canvas)
        canvas.drawString(72, 700, "Removals in 2024 rose.")

    content = read(draw)
    assert (content.text, content.redactions) == ("Removals in 2024 rose.", 0)


def test_highlighted_words_are_read() -> None:
    assert read(highlighted).text == "Removals in 2024 rose."


def test_dark_bars_at_one_place_of_every_page_are_ornaments() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(4):
            canvas.rect(0, 800, 595, 30, stroke=0, fill=1)
            canvas.drawString(72, 700, f"Text {chr(97 + number)}.")
            canvas.showPage()

    assert read(draw).redactions == 0


def test_redactions_that_begin_every_page_are_no_running_header() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(4):
            canvas.setFillColor(black)
            canvas.drawString(72, 780, "From Ahmed Hassan")
            box(canvas, "From ", "Ahmed Hassan", baseline=780)
            canvas.drawString(72, 700, f"Text {chr(97 + number)}.")
            canvas.showPage()

    assert read(draw).text.count("From [redacted]") == 4


def test_a_box_in_a_form_hides_what_is_under_it() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "The officer met Ahmed Hassan at noon.")
        canvas.beginForm("cover")
        start, _ = box(canvas, "The officer met ", "Ahmed Hassan", baseline=100)
        canvas.endForm()
        canvas.saveState()
        canvas.translate(0, 600)
        canvas.doForm("cover")
        canvas.restoreState()
        assert start > 72

    assert read(draw).text == "The officer met [redacted] at noon."


def test_a_square_that_is_an_annotation_hides_what_is_under_it() -> None:
    import pypdfium2
    from pypdfium2 import raw

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.drawString(72, 700, "The officer met Ahmed Hassan at noon.")
    start = 72 + canvas.stringWidth("The officer met ", "Helvetica", 12)
    width = canvas.stringWidth("Ahmed Hassan", "Helvetica", 12)
    canvas.save()
    document = pypdfium2.PdfDocument(file.getvalue())
    page = document[0]
    annotation = raw.FPDFPage_CreateAnnot(page, raw.FPDF_ANNOT_SQUARE)
    raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(start, 711, start + width, 696))
    raw.FPDFAnnot_SetColor(annotation, raw.FPDFANNOT_COLORTYPE_InteriorColor, 0, 0, 0, 255)
    raw.FPDFPage_CloseAnnot(annotation)
    covered = io.BytesIO()
    document.save(covered)
    page.close()
    document.close()
    assert pdf.read(covered.getvalue(), "release.pdf").text == "The officer met [redacted] at noon."

"""PDF: files printed by reportlab, read page by page."""

import io
from collections.abc import Callable, Sequence
from weakref import ref

import pytest
from conftest import SCANNED
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from documents.errors import ReadError
from documents.formats import pdf
from documents.formats.blocks import one_line
from documents.formats.content import Content
from documents.formats.ocr import Recognised
from documents.formats.pdf_page import PDFIUM

SMALL = (360.0, 120.0)  # points
SENTENCE = "The agency enforced 17,357 removals during the year, the highest number in a decade. "


def printed(draw: Callable[[Canvas], None], title: str = "", password: str = "") -> bytes:
    """Returns a PDF of what `draw` draws, made on 1 January 2000."""
    file = io.BytesIO()
    encryption = StandardEncryption(password) if password else None
    canvas = Canvas(file, pagesize=A4, invariant=1, encrypt=encryption)
    canvas.setTitle(title)
    draw(canvas)
    canvas.save()
    return file.getvalue()


def in_lines(*pages: Sequence[str], pitch: int = 14) -> bytes:
    """Returns a PDF with the lines of each page from its top, an empty one leaving a gap."""

    def draw(canvas: Canvas) -> None:
        for lines in pages:
            for number, line in enumerate(lines):
                canvas.drawString(72, 750 - pitch * number, line)
            canvas.showPage()

    return printed(draw)


def with_scan(scan: Image.Image) -> bytes:
    """Returns a PDF of three pages, the second of which is the scan."""

    def draw(canvas: Canvas) -> None:
        canvas.setPageSize(SMALL)
        canvas.drawString(20, 80, "First page.")
        canvas.showPage()
        canvas.drawImage(ImageReader(scan), 0, 0, *SMALL)
        canvas.showPage()
        canvas.drawString(20, 80, "Third page.")

    return printed(draw)


def read(data: bytes) -> Content:
    return pdf.read(data, "report.pdf")


def test_each_page_starts_at_its_offset() -> None:
    content = read(in_lines(["First page."], ["Second page."]))
    assert (content.text, content.page_starts) == ("First page.\n\nSecond page.", (0, 13))


def test_a_page_without_text_starts_where_the_next_one_does() -> None:
    content = read(in_lines(["First page."], [], ["Third page."]))
    assert (content.text, content.page_starts) == ("First page.\n\nThird page.", (0, 13, 13))


def test_lines_of_a_paragraph_are_joined_and_paragraphs_kept_apart() -> None:
    file = io.BytesIO()
    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(file).build([Paragraph(SENTENCE * 4, style), Paragraph(SENTENCE * 5, style)])
    assert read(file.getvalue()).text == (SENTENCE * 4).strip() + "\n\n" + (SENTENCE * 5).strip()


def test_a_short_last_line_ends_a_paragraph_without_any_gap() -> None:
    lines = [
        "The agency removed more people in that year than in any",
        "other of the decade.",
        "Most of them had claimed asylum and been refused.",
    ]
    assert read(in_lines(lines)).text == " ".join(lines[:2]) + "\n\n" + lines[2]


def test_evenly_spaced_lines_of_a_double_spaced_page_are_one_paragraph() -> None:
    lines = [
        "The agency removed more people in that year than in any",
        "Other year of the decade, and the Government of Canada",
        "Expects the number to rise again in the next year too.",
    ]
    assert read(in_lines(lines, pitch=28)).text == " ".join(lines)


def test_a_heading_in_larger_type_stands_alone() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 18)
        canvas.drawString(72, 764, "Removals in the year 2024")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 745, "the agency removed more people than in any other")

    assert read(printed(draw)).text == "Removals in the year 2024\n\nthe agency removed more people than in any other"


def headings(content: Content) -> list[tuple[str, int]]:
    return [(content.text[heading.start : heading.end], heading.level) for heading in content.headings]


def test_headings_are_known_by_size_and_weight() -> None:
    def draw(canvas: Canvas) -> None:
        for number in (1, 2):
            canvas.setFont("Helvetica", 18)
            canvas.drawString(72, 760, f"Part {number} of the report")
            canvas.setFont("Helvetica-Bold", 12)
            canvas.drawString(72, 730, "Enforcement and its")
            canvas.drawString(72, 716, "results in the year")
            canvas.setFont("Helvetica", 12)
            for line in range(6):
                canvas.drawString(72, 700 - 14 * line, "The agency removed more people than in any")
            canvas.showPage()

    subheading = ("Enforcement and its results in the year", 2)
    assert headings(read(printed(draw))) == [
        ("Part 1 of the report", 1), subheading, ("Part 2 of the report", 1), subheading,
    ]  # fmt: skip


def test_bold_sentences_and_bold_documents_have_no_headings() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(5):
            canvas.setFont("Helvetica-Bold", 12)
            canvas.drawString(72, 730 - 60 * number, "The agency removed more people than ever.")

    assert headings(read(printed(draw))) == []


def test_what_is_as_common_as_the_body_is_no_heading() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(5):
            canvas.setFont("Helvetica", 18)
            canvas.drawString(72, 730 - 60 * number, f"Large line {chr(97 + number)}")
            canvas.setFont("Helvetica", 12)
            canvas.drawString(72, 700 - 60 * number, "A line of the body that is longer.")

    assert headings(read(printed(draw))) == []


def test_list_items_stand_on_their_own_lines() -> None:
    lines = [
        "Orders are of three kinds, which the regulations set out:",
        "\u2022 departure orders, which a person obeys within thirty",
        "days of the day on which they come into force",
        "\u2022 exclusion orders",
        "(a) for one year; or",
        "(b) for five years",
    ]
    assert read(in_lines(lines)).text == (f"{lines[0]}\n{lines[1]} {lines[2]}\n{lines[3]}\n{lines[4]}\n{lines[5]}")


def test_rows_of_figures_stand_on_their_own_lines() -> None:
    lines = [
        "The table shows the number of removals in each calendar year.",
        "",
        "Year Removals",
        "2024 17,357",
        "2023 15,207",
    ]
    assert read(in_lines(lines)).text.endswith("\n\nYear Removals\n2024 17,357\n2023 15,207")


def test_two_columns_are_read_one_after_the_other() -> None:
    def draw(canvas: Canvas) -> None:
        left = [
            "The agency enforced more",
            "Removals in that year than",
            "In any other, and it expects",
            "to carry on with",
        ]
        right = ["them in the next year."]
        canvas.drawString(72, 790, "A heading that is as wide as both of the columns below it together")
        for x, lines in ((72, left), (300, right)):
            for number, line in enumerate(lines):
                canvas.drawString(x, 750 - 14 * number, line)

    assert read(printed(draw)).text.endswith(
        "\n\nThe agency enforced more Removals in that year than In any other, and it expects to carry on with "
        "them in the next year."
    )


def test_two_columns_printed_row_by_row_are_read_one_after_the_other() -> None:
    left = ["The agency enforced more", "removals in that year than", "in any other, and expects", "to carry on with"]
    right = [
        "them in the next year. It",
        "said that Somalia gives no",
        "travel papers to people who",
        "were ordered removed.",
    ]

    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 780, "A line that is as wide as both of the columns below it together")
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            canvas.drawString(72, 750 - 14 * number, one)
            canvas.drawString(260, 750 - 14 * number, other)

    assert read(printed(draw)).text.endswith("\n\n" + " ".join(left + right))


@pytest.mark.parametrize(
    "rows",
    [
        [("Country", "Removals"), ("Chad", "12"), ("Viet Nam", "1,204"), ("Somalia", "3")],
        [("Country", "Papers"), ("Chad", "on request"), ("Viet Nam", "after months"), ("Somalia", "none")],
    ],
)
def test_rows_of_a_table_stay_whole(rows: list[tuple[str, str]]) -> None:

    def draw(canvas: Canvas) -> None:
        for number, (one, other) in enumerate(rows):
            canvas.drawString(72, 750 - 14 * number, one)
            canvas.drawString(260, 750 - 14 * number, other)

    assert read(printed(draw)).text == "\n".join(map(" ".join, rows))


def test_an_item_that_follows_a_full_line_starts_a_line() -> None:
    lines = [
        "The officer may issue a departure order, which is the first;",
        "(b) an exclusion order; or a deportation order",
    ]
    assert read(in_lines(lines)).text == "\n".join(lines)


def test_a_paragraph_number_within_a_sentence_starts_no_line() -> None:
    lines = ["The officer may issue a departure order under paragraph", "(b) of the section; or a deportation order"]
    assert read(in_lines(lines)).text == " ".join(lines)


def test_entries_of_a_list_of_contents_stand_on_their_own_lines() -> None:
    lines = ["1 Orders . . . . . . . . . . . . 3", "2 Stays . . . . . . . . . . . . . 4"]
    assert read(in_lines(lines)).text == "\n".join(lines)


def test_an_uneven_gap_within_a_sentence_ends_no_paragraph() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 750, "The agency removed more people than in any")
        canvas.drawString(72, 736, "Other year, and expects that this will go on")
        canvas.drawString(72, 718, "in the next year, as it said in its last report")

    assert "\n" not in read(printed(draw)).text


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("the order of remov-", "al takes effect", "the order of removal takes effect"),
        ("between Canada-", "United States", "between Canada-United States"),
        ("because of Covid-", "19 the flights", "because of Covid-19 the flights"),
        ("les personnes renvoy-", "ées en 2024", "les personnes renvoyées en 2024"),
        ("the highest number -", "and the last", "the highest number - and the last"),
    ],
)
def test_a_word_broken_at_a_line_end_is_mended(first: str, second: str, joined: str) -> None:
    assert read(in_lines([first, second])).text == joined


def test_a_compound_that_stands_whole_elsewhere_keeps_its_hyphen() -> None:
    lines = ["A well-founded fear is one that a reasonable person has, well-", "founded in what is known."]
    assert read(in_lines(lines)).text.endswith("has, well-founded in what is known.")


def test_running_headers_and_footers_are_dropped() -> None:
    pages = [
        [f"Annual Report 202{n}", "", f"Text {word}.", "", f"Page {n} of 4"]
        for n, word in enumerate(("one", "two", "three", "four"), 1)
    ]
    assert read(in_lines(*pages)).text == "Text one.\n\nText two.\n\nText three.\n\nText four."


def test_headers_that_differ_on_left_and_right_pages_are_dropped() -> None:
    pages = [["The Act" if n % 2 else "Part Three", "", f"Text {chr(97 + n)}."] for n in range(7)]
    assert "Act" not in read(in_lines(*pages)).text


def test_a_title_in_larger_type_is_kept_though_headers_repeat_it() -> None:
    def draw(canvas: Canvas) -> None:
        for number, size in enumerate((24, 9, 9, 9)):
            canvas.setFont("Helvetica", size)
            canvas.drawString(72, 780, "Annual Report")
            canvas.setFont("Helvetica", 12)
            canvas.drawString(72, 700, f"Text {chr(97 + number)}.")
            canvas.showPage()

    assert read(printed(draw)).text == "Annual Report\n\nText a.\n\nText b.\n\nText c.\n\nText d."


def test_a_first_line_of_two_pages_is_no_header() -> None:
    assert read(in_lines(["Report", "", "One."], ["Report", "", "Two."])).text.count("Report") == 2


def test_rows_of_figures_are_no_headers() -> None:
    pages = [[f"{2000 + n} {n} {n}", "", f"Text {chr(97 + n)}."] for n in range(4)]
    assert read(in_lines(*pages)).text.startswith("2000 0 0\n\nText a.")


def test_the_file_states_its_title_and_the_day_it_was_made() -> None:
    data = printed(lambda canvas: canvas.drawString(72, 700, "Text."), title="Removals in 2024")
    assert read(data).fields == {"title": "Removals in 2024", "created": "2000-01-01"}


def test_the_program_is_no_part_of_the_title() -> None:
    data = printed(lambda canvas: canvas.drawString(72, 700, "Text."), title="Microsoft Word - Removals in 2024")
    assert read(data).fields["title"] == "Removals in 2024"


@pytest.mark.parametrize(
    "title", ["untitled", "report_final.pdf", "Microsoft Word - Report 2024.docx", "Document1", " "]
)
def test_a_title_that_says_nothing_is_left_out(title: str) -> None:
    data = printed(lambda canvas: canvas.drawString(72, 700, "Text."), title=title)
    assert "title" not in read(data).fields


def test_an_encrypted_file_is_refused() -> None:
    data = printed(lambda canvas: canvas.drawString(72, 700, "Text."), password="secret")
    with pytest.raises(
        ReadError, match=r"^report\.pdf: is encrypted\. Save a copy without password and ingest that\.$"
    ):
        read(data)


def test_a_scanned_file_is_refused_without_ocr(no_ocr: None) -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 72, 500)
            canvas.showPage()

    with pytest.raises(ReadError, match=r"^report\.pdf: 2 pages, no text; it looks scanned\. Install OCR \("):
        read(printed(draw))


def test_a_page_without_text_is_told_without_ocr(no_ocr: None, scan: Image.Image) -> None:
    content = read(with_scan(scan))
    assert (content.text, content.page_starts) == ("First page.\n\nThird page.", (0, 13, 13))
    assert content.unread_pages == (2,)


def test_a_blank_page_is_not_told(no_ocr: None) -> None:
    assert read(in_lines(["First page."], [], ["Third page."])).unread_pages == ()


def test_a_scanned_page_is_read_by_ocr_at_its_place(ocr: None, scan: Image.Image) -> None:
    content = read(with_scan(scan))
    middle = content.text[content.page_starts[1] : content.page_starts[2]]
    assert one_line(middle) == " ".join(SCANNED)
    assert content.unread_pages == ()


def test_one_scanned_page_is_held_at_a_time_and_read_without_the_lock(
    ocr: None, scan: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures: list[ref[Image.Image]] = []
    held: list[tuple[int, bool]] = []

    def lines_in(image: Image.Image, points: float) -> Recognised:
        pictures.append(ref(image))
        held.append((sum(each() is not None for each in pictures), PDFIUM.locked()))
        return read_by_ocr(image, points)

    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            canvas.setPageSize(SMALL)
            canvas.drawImage(ImageReader(scan), 0, 0, *SMALL)
            canvas.showPage()

    read_by_ocr = pdf.ocr.lines_in
    monkeypatch.setattr(pdf.ocr, "lines_in", lines_in)
    assert read(printed(draw)).text.count(SCANNED[0]) == 2
    assert held == [(1, False), (1, False)]


def test_a_stamp_printed_on_a_scan_does_not_hide_it(ocr: None, scan: Image.Image) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageSize(SMALL)
        canvas.drawImage(ImageReader(scan), 0, 0, *SMALL)
        canvas.drawString(20, 5, "A-2025-00123")

    assert SCANNED[0] in read(printed(draw)).text


def test_an_empty_image_has_no_legible_text(ocr: None) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 72, 500)

    with pytest.raises(ReadError, match=r"^report\.pdf: 1 page, no text, and no legible text in its images"):
        read(printed(draw))


@pytest.mark.parametrize("data", [b"%PDF-1.7\nand no more", b"<html>not found</html>"])
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match=r"^report\.pdf: damaged, or not a PDF\."):
        read(data)

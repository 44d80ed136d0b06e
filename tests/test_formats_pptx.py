"""Presentations written by python-pptx."""

import io
from datetime import datetime
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from documents.errors import ReadError
from documents.formats import pptx as reader
from documents.formats.content import Content

TITLE_AND_BODY, TITLE_ONLY, BLANK = 1, 5, 6  # layouts of the default template


def slide(presentation: Any, layout: int, title: str = "") -> Any:
    made = presentation.slides.add_slide(presentation.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    return made


def read(presentation: Any) -> Content:
    file = io.BytesIO()
    presentation.save(file)
    return reader.read(file.getvalue(), "deck.pptx")


def test_each_slide_is_a_page_under_its_title() -> None:
    presentation = pptx.Presentation()
    slide(presentation, TITLE_AND_BODY, "Removals").placeholders[1].text = "They rose in 2024."
    slide(presentation, BLANK)
    slide(presentation, TITLE_AND_BODY, "Travel papers").placeholders[1].text = "Somalia gives none."
    content = read(presentation)
    assert content.text == "Removals\n\nThey rose in 2024.\n\nTravel papers\n\nSomalia gives none."
    assert [content.text[each.start : each.end] for each in content.headings] == ["Removals", "Travel papers"]
    assert content.page_starts == (0, 30, 30)


def test_bullets_are_items_by_their_level() -> None:
    presentation = pptx.Presentation()
    frame = slide(presentation, TITLE_AND_BODY, "Orders").placeholders[1].text_frame
    frame.text = "departure"
    within = frame.add_paragraph()
    within.text, within.level = "thirty days", 1
    assert read(presentation).text == "Orders\n\n- departure\n  - thirty days"


def test_notes_stand_below_their_slide() -> None:
    presentation = pptx.Presentation()
    slide(presentation, TITLE_ONLY, "Orders").notes_slide.notes_text_frame.text = "Say that they rose."
    assert read(presentation).text == "Orders\n\nNotes\n\nSay that they rose."


def test_boxes_are_read_from_top_to_bottom_and_tables_with_their_names() -> None:
    presentation = pptx.Presentation()
    made = slide(presentation, BLANK)
    made.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1)).text_frame.text = "Below."
    table = made.shapes.add_table(2, 2, Inches(1), Inches(3), Inches(4), Inches(1)).table
    for place, text in enumerate(["Year", "Removals", "2024", "17,357"]):
        table.cell(place // 2, place % 2).text = text
    made.shapes.add_textbox(Inches(4), Inches(1), Inches(3), Inches(1)).text_frame.text = "Right."
    group = made.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1)).text_frame.text = "Left."
    assert read(presentation).text == "Left.\n\nRight.\n\nYear: 2024; Removals: 17,357\n\nBelow."


def read_chart(*values: float) -> str:
    presentation = pptx.Presentation()
    data = CategoryChartData()
    data.categories = [str(2023 + number) for number in range(len(values))]
    data.add_series("Removals", values)
    place = (Inches(1), Inches(1), Inches(5), Inches(4))
    slide(presentation, BLANK).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
    return read(presentation).text


def test_the_numbers_of_a_chart_are_read() -> None:
    assert read_chart(15207, 17357.5) == "2023; Removals: 15207\n2024; Removals: 17357.5"


def test_the_numbers_of_a_chart_are_not_rounded() -> None:
    shown = "2023; Removals: 1234567.5\n2024; Removals: 17357000000000.5\n2025; Removals: 0.00001\n2026; Removals: 0.3"
    assert read_chart(1234567.5, 17357000000000.5, 0.00001, 0.1 + 0.2) == shown


def test_the_numbers_of_a_scatter_chart_are_read() -> None:
    presentation, data = pptx.Presentation(), XyChartData()
    for name, points in (("Removals", [(2023, 15207), (2024, 17357)]), ("Stays", [(2022.5, 3)])):
        series = data.add_series(name)
        for point in points:
            series.add_data_point(*point)
    place = (Inches(1), Inches(1), Inches(5), Inches(4))
    slide(presentation, BLANK).shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *place, data)
    assert read(presentation).text == "2023; Removals: 15207\n2024; Removals: 17357\n2022.5; Stays: 3"


def test_the_file_states_its_title_and_date() -> None:
    presentation = pptx.Presentation()
    slide(presentation, TITLE_ONLY, "Orders")
    presentation.core_properties.title = "Briefing"
    presentation.core_properties.created = datetime(2024, 3, 5, 12)
    assert read(presentation).fields == {"title": "Briefing", "created": "2024-03-05"}


def test_what_the_template_states_is_left_out() -> None:
    presentation = pptx.Presentation()
    slide(presentation, TITLE_ONLY, "Orders")
    assert read(presentation).fields == {}


@pytest.mark.parametrize(
    ("data", "reason"), [(b"\xd0\xcf\x11\xe0" + bytes(600), "is encrypted, or of the old"), (b"PK\x03\x04", "damaged")]
)
def test_a_presentation_that_cannot_be_read_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=rf"^deck\.pptx: {reason}"):
        reader.read(data, "deck.pptx")

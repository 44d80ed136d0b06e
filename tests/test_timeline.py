"""The drawing of figures that differ by date: places from days and amounts, labels that do not hide one another."""

import re
from datetime import date

import pytest

from page.timeline import timeline_html
from page.wording import Wording
from qa.types import DatedFigure


def a_figure(value: str, day: date) -> DatedFigure:
    return DatedFigure(value, f"As of {day}", day, None, ())


LISTED = [
    a_figure("13 recalcitrant countries", date(2020, 7, 31)),
    a_figure("nine countries", date(2018, 9, 8)),
    a_figure("23 <countries>", date(2016, 1, 1)),
]


def dots(markup: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)%" cy="(\d+)"', markup)]


def labels(markup: str) -> list[str]:
    return re.findall(r'<text x="[^>]*>([^<]*)</text>', markup)


def test_later_days_stand_further_right_and_larger_amounts_higher() -> None:
    drawn = dots(timeline_html(LISTED))
    assert [x for x, _ in drawn] == sorted(x for x, _ in drawn)
    assert (drawn[0][0], drawn[-1][0]) == (9.0, 91.0)
    assert [height for _, height in sorted((y, i) for i, (_, y) in enumerate(drawn))] == [0, 2, 1]


def test_amounts_that_are_unknown_stand_on_one_height() -> None:
    some = [*LISTED, a_figure("several", date(2019, 1, 1))]
    assert len({y for _, y in dots(timeline_html(some))}) == 1


@pytest.mark.parametrize("figures", [LISTED[:2], [a_figure("1", date(2020, 1, 1))] * 3, []])
def test_nothing_is_drawn_of_two_figures_or_of_one_day(figures: list[DatedFigure]) -> None:
    assert timeline_html(figures) == ""


def test_a_figure_without_a_day_is_left_out() -> None:
    assert len(dots(timeline_html([*LISTED, a_figure("4 countries", date.min)]))) == 3


def test_numbers_alone_label_long_values() -> None:
    assert sorted(labels(timeline_html(LISTED))) == ["13", "23", "nine"]


def test_labels_that_would_hide_one_another_are_left_out() -> None:
    close = [a_figure(f"{value},000 people removed", date(2020, 1, 1 + value)) for value in range(1, 9)]
    assert 0 < len(labels(timeline_html(close))) < 8
    assert len(dots(timeline_html(close))) == 8


def test_years_are_marked_or_else_the_two_days() -> None:
    years = re.findall(r'class="axis" x="[\d.]+%" y="\d+" text-anchor="middle">([^<]*)<', timeline_html(LISTED))
    assert years == ["2017", "2018", "2019", "2020"]
    short = [a_figure(str(each), date(2020, 1, each)) for each in (1, 2, 3)]
    assert ">2020-01-01<" in timeline_html(short)
    assert ">2020-01-03<" in timeline_html(short)


def test_what_a_document_says_is_no_markup_and_the_title_is_in_the_pages_language() -> None:
    drawn = timeline_html(LISTED, Wording("fr"))
    assert "<countries>" not in drawn
    assert 'title="3 chiffres selon leur date' in drawn

"""Figures that differ by date as a small drawing above their list: days from left to right, amounts from low to high.

The chat takes the attribute viewBox off a drawing, hence places in percent and pixels.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from page.wording import ENGLISH, Wording
from qa.quantities import quantities
from qa.types import DatedFigure

_FEWEST = 3  # figures; fewer are read faster in the list
_LEFT, _WIDTH = 9, 82  # percent
_TOP, _BOTTOM = 26, 70  # pixels
_AXIS, _HEIGHT = 88, 106  # pixels
_CHARACTER = 2.6  # percent of a narrow drawing's width
_LINE = 15  # pixels
_TICKS = 6
_LONGEST = 12  # characters of a label; of a longer value the number is shown alone
_NUMBER = re.compile(r"(?:[A-Z]{0,2}[$€£])?\d(?:[\d,.\u00a0\u202f ]*\d)?(?:[\u00a0\u202f ]?(?:%|[kM]\b))?")


@dataclass(frozen=True, slots=True)
class _Point:
    x: float
    y: float
    label: str
    said: str


def timeline_html(figures: Sequence[DatedFigure], wording: Wording = ENGLISH) -> str:
    """Returns the drawing; "" where fewer than three figures have a day, or all have the same one."""
    dated = [each for each in figures if each.day != date.min]
    days = sorted({each.day for each in dated})
    if len(dated) < _FEWEST or len(days) < 2:
        return ""
    points = _points(dated, days[0], days[-1])
    title = escape(wording.say("timeline", count=len(points)), quote=True)
    parts = [f'<line class="axis" x1="0%" x2="100%" y1="{_AXIS - 14}" y2="{_AXIS - 14}"></line>']
    parts += [_tick(label, x) for label, x in _ticks(days[0], days[-1])]
    parts += [
        f'<circle cx="{each.x:.1f}%" cy="{each.y:.0f}" r="5"><title>{escape(each.said)}</title></circle>'
        for each in points
    ]
    parts += [
        f'<text x="{each.x:.1f}%" y="{y:.0f}" text-anchor="middle">{escape(each.label)}</text>'
        for each, y in _labelled(points)
    ]
    # The chat takes the role off a drawing: what holds it says what it is to those who hear the page read.
    drawing = f'<svg width="100%" height="{_HEIGHT}">{"".join(parts)}</svg>'
    return f'<div class="timeline" role="img" title="{title}">{drawing}</div>'


def _points(figures: Sequence[DatedFigure], first: date, last: date) -> list[_Point]:
    """Returns the figures, oldest first; all on one height where their amounts cannot be compared."""
    amounts = [_amount(each.value) for each in figures]
    known = [each for each in amounts if each is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    level = len(known) < len(figures) or low == high
    heights = [(_TOP + _BOTTOM) / 2 if level else _height(each or 0.0, low, high) for each in amounts]
    return [
        _Point(_across(each.day, first, last), height, _short(each.value), f"{each.said_of}: {each.value}")
        for each, height in sorted(zip(figures, heights, strict=True), key=lambda pair: pair[0].day)
    ]


def _height(amount: float, low: float, high: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * (amount - low) / (high - low)


def _across(day: date, first: date, last: date) -> float:
    return _LEFT + _WIDTH * (day - first).days / (last - first).days


def _amount(value: str) -> float | None:
    return next((each.amount for each in quantities(value, [])), None)


def _short(value: str) -> str:
    number = _NUMBER.search(value)
    if len(value) <= _LONGEST:
        return value
    return number.group() if number else value.split()[0][:_LONGEST]


def _labelled(points: Sequence[_Point]) -> list[tuple[_Point, float]]:
    """Returns the points whose labels have room, above or else below, with the height of the label's foot."""
    placed: list[tuple[_Point, float]] = []
    for point in reversed(points):  # the newest says most
        for y in (point.y - 9, point.y + 18):
            if all(_apart(point, y, other, height) for other, height in placed) and _clear(point, y, points):
                placed.append((point, y))
                break
    return placed


def _apart(point: _Point, y: float, other: _Point, height: float) -> bool:
    room = _CHARACTER * (len(point.label) + len(other.label)) / 2
    return abs(point.x - other.x) >= room or abs(y - height) >= _LINE


def _clear(point: _Point, y: float, points: Sequence[_Point]) -> bool:
    """Returns whether the label hides no other point and stays above the axis."""
    reach = _CHARACTER * len(point.label) / 2 + 1
    hidden = (each for each in points if each is not point and abs(each.x - point.x) < reach)
    return y <= _AXIS - 16 and all(not y - _LINE < each.y < y + 5 for each in hidden)


def _ticks(first: date, last: date) -> list[tuple[str, float]]:
    """Returns the years that begin between the days, a few at most, or else the two days, with their places."""
    years = range(first.year + 1, last.year + 1)
    if len(years) < 2:
        return [(day.isoformat(), _across(day, first, last)) for day in (first, last)]
    return [(str(year), _across(date(year, 1, 1), first, last)) for year in years[:: -(-len(years) // _TICKS)]]


def _tick(label: str, x: float) -> str:
    low = _AXIS - 14
    return (
        f'<line class="axis" x1="{x:.1f}%" x2="{x:.1f}%" y1="{low}" y2="{low + 4}"></line>'
        f'<text class="axis" x="{x:.1f}%" y="{_HEIGHT - 14}" text-anchor="middle">{label}</text>'
    )

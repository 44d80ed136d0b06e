"""A plot of lines on logarithmic axes, as an SVG file of its own that needs nothing else."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 720, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 236, 40, 46
_COLOURS = ("#1f6feb", "#d1570a", "#a40e5b", "#2d7d2d", "#6f42c1", "#57606a")
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.title{font-size:15px;font-weight:600}.grid{stroke:#d0d7de}"
    ".line{fill:none;stroke-width:2}rect{fill:#fff}"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A name and its points, each above 0."""

    name: str
    points: Sequence[tuple[float, float]]


def loglog(title: str, label: str, lines: Sequence[Line]) -> str:
    """Returns the SVG; every line begins and ends with its value in figures."""
    xs = [x for line in lines for x, _ in line.points]
    ys = [y for line in lines for _, y in line.points]
    across = _Axis(min(xs), max(xs), _LEFT, _WIDTH - _RIGHT)
    up = _Axis(10 ** math.floor(math.log10(min(ys))), 10 ** math.ceil(math.log10(max(ys))), _HEIGHT - _BOTTOM, _TOP)
    parts = [f'<text class="title" x="{_LEFT}" y="22">{escape(title)}</text>']
    for tick in up.powers():
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{up.at(tick)}" y2="{up.at(tick)}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{up.at(tick) + 4}" text-anchor="end">{tick:,g}</text>')
    for tick in sorted(set(xs)):
        parts.append(f'<text x="{across.at(tick)}" y="{_HEIGHT - 24}" text-anchor="middle">{_short(tick)}</text>')
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(label)}</text>')
    for line, colour, y in zip(lines, _COLOURS, _apart(lines, up), strict=False):
        places = [(across.at(x), up.at(y)) for x, y in line.points]
        joined = " ".join(f"{x},{y}" for x, y in places)
        parts.append(f'<polyline class="line" stroke="{colour}" points="{joined}"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in places]
        last = line.points[-1][1]
        parts.append(
            f'<text x="{_WIDTH - _RIGHT + 10}" y="{y + 4:.1f}" fill="{colour}" style="fill:{colour}">'
            f"{escape(line.name)}: {last:,.{0 if last >= 100 else 1}f}</text>"
        )
    told = "; ".join(f"{line.name}: {', '.join(f'{y:.3g} at {x:,.0f}' for x, y in line.points)}" for line in lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(told)}</desc><style>{_STYLE}</style>"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}"/>{"".join(parts)}</svg>\n'
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """From `low` at the place `begin` to `high` at the place `end`, logarithmic."""

    low: float
    high: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        span = math.log(self.high / self.low) or 1.0
        return round(self.begin + (self.end - self.begin) * math.log(value / self.low) / span, 1)

    def powers(self) -> list[float]:
        """Returns the powers of ten on it."""
        return [10.0**power for power in range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)]


def _apart(lines: Sequence[Line], up: _Axis) -> list[float]:
    """Returns the height at which each line's name stands: beside its last point, none over another."""
    heights = [up.at(line.points[-1][1]) for line in lines]
    placed = dict[int, float]()
    for place in sorted(range(len(lines)), key=lambda each: heights[each]):
        least = max(placed.values(), default=-math.inf) + 16
        placed[place] = max(heights[place], least)
    return [placed[place] for place in range(len(lines))]


def _short(count: float) -> str:
    return f"{count / 1e6:g}M" if count >= 1e6 else f"{count / 1e3:g}k" if count >= 1e3 else f"{count:g}"

"""Plots as inline SVG: no library, no request, colours from the page's style sheet, a title and a description each."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from qa.evaluation.reliability import Bin, Point
from qa.evaluation.wording import ENGLISH, Words

_WIDTH, _HEIGHT = 480, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 14, 46
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_ROW = 30  # height of a bar with its space
_NAMES = 150  # width kept for the names of bars


@dataclass(frozen=True, slots=True)
class Bar:
    """A named value with its interval, each 0 to 1, and the number of questions behind it."""

    name: str
    value: float
    low: float
    high: float
    count: int


def risk_coverage_plot(points: Sequence[Point], least: float, words: Words = ENGLISH) -> str:
    """Returns how often answers are wrong as more questions are answered; a dot marks the confidence `least`."""
    line = " ".join(f"{_x(point.coverage)},{_y(point.risk)}" for point in points)
    marks = [f'<polyline class="line" points="{line}"/>'] if points else []
    answered = [point for point in points if point.confidence >= least]
    if answered:
        marks.append(_dot(answered[-1].coverage, answered[-1].risk, words["this_setting"], words["here"]))
    described = words.say("risk_described", worst=words.share(points[-1].risk) if points else words["nothing"])
    return _svg(words["risk"], described, _axes(words["risk_x"], words["risk_y"], words) + "".join(marks))


def reliability_plot(found: Sequence[Bin], words: Words = ENGLISH) -> str:
    """Returns, for each band of confidence, how many of its questions the documents answer, beside the ideal."""
    marks = [f'<line class="ideal" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>']
    most = max((each.count for each in found), default=1)
    for each in found:
        confidence, share = words.number(each.confidence, 2), words.number(each.share, 2)
        told = words.say("reliability_dot", confidence=confidence, share=share, count=each.count)
        left, width = _x(each.low + 0.01), (each.high - each.low - 0.02) * _inner()[0]
        height = 4 + 26 * each.count / most
        marks.append(
            f'<rect class="weight" x="{left}" y="{_y(0) - height:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        )
        marks.append(_dot(each.confidence, each.share, told))
    line = " ".join(f"{_x(each.confidence)},{_y(each.share)}" for each in found)
    axes = _axes(words["reliability_x"], words["reliability_y"], words)
    inside = f'{axes}<polyline class="line" points="{line}"/>' + "".join(marks)
    return _svg(words["reliability"], words["reliability_described"], inside)


def latency_plot(seconds: Sequence[float], words: Words = ENGLISH) -> str:
    """Returns a histogram of seconds; what took longer than the 99th percentile is in its last bar."""
    ordered = sorted(seconds)
    longest = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))] if ordered else 0.0
    edge = max(longest, 0.001)
    counts = [0] * 24
    for each in ordered:
        counts[min(23, int(each / edge * 24))] += 1
    most = max([*counts, 1])
    bars = "".join(
        f'<rect class="bar" x="{_x(at / 24) + 0.5:.1f}" y="{_y(count / most)}" width="{_inner()[0] / 24 - 1:.1f}" '
        f'height="{_y(0) - _y(count / most):.1f}"><title>{_told(at, count, edge, words)}</title></rect>'
        for at, count in enumerate(counts)
        if count
    )
    ticks = [words.written(f"{edge * tick:.2g}") for tick in _TICKS]
    axes = _axes(words["time_x"], words["questions"], words, ticks, _whole(most))
    described = words.say("time_described", count=len(ordered), edge=words.number(edge, 2))
    return _svg(words["time"], described, axes + bars)


def _told(at: int, count: int, edge: float, words: Words) -> str:
    low, high = (words.number(edge * each / 24, 2) for each in (at, at + 1))
    return words.say("time_bar", low=low, high=high, count=count)


def bars_plot(title: str, bars: Sequence[Bar], words: Words = ENGLISH) -> str:
    """Returns a bar for each name, with its interval as a whisker and its value in figures."""
    height = len(bars) * _ROW + 34
    left, right = _NAMES, _WIDTH - 96
    span = right - left
    parts = [
        f'<line class="grid" x1="{left + tick * span:.1f}" x2="{left + tick * span:.1f}" y1="4" y2="{height - 26}"/>'
        f'<text x="{left + tick * span:.1f}" y="{height - 8}" text-anchor="middle">{words.written(f"{tick:g}")}</text>'
        for tick in _TICKS
    ]
    for at, bar in enumerate(bars):
        middle = 6 + at * _ROW + _ROW / 2
        parts.append(
            f'<text x="{left - 8}" y="{middle + 4}" text-anchor="end">{escape(_short(bar.name))}'
            f"<title>{escape(bar.name)}</title></text>"
            f'<rect class="bar" x="{left}" y="{middle - 9}" width="{bar.value * span:.1f}" height="18" rx="2"/>'
            f'<line class="whisker" x1="{left + bar.low * span:.1f}" x2="{left + bar.high * span:.1f}" '
            f'y1="{middle}" y2="{middle}"/>'
            f'<text class="value" x="{right + 8}" y="{middle + 4}">{words.number(bar.value, 2)} '
            f"<tspan>n={bar.count}</tspan></text>"
        )
    told = "; ".join(f"{bar.name} {words.number(bar.value, 2)} ({_limits(bar, words)}, n={bar.count})" for bar in bars)
    return _svg(title, told, "".join(parts), height)


def _limits(bar: Bar, words: Words) -> str:
    return words.say("to", low=words.number(bar.low, 2), high=words.number(bar.high, 2))


def picture(plot: str) -> str:
    """Returns a plot as the text of a file of its own, with the report's colours."""
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" font-family="system-ui, sans-serif"'
    return plot.replace("<svg", head, 1).replace(">", f"><style>{escape(style)}</style>", 1)


def _svg(title: str, described: str, inside: str, height: int = _HEIGHT) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(f"{title}. {described}", quote=True)}">'
        f"<title>{escape(title)}</title><desc>{escape(described)}</desc>{inside}</svg>"
    )


def _axes(
    x_label: str,
    y_label: str,
    words: Words,
    x_ticks: Sequence[str] = (),
    y_ticks: Sequence[tuple[float, str]] | None = None,
) -> str:
    """Returns grid, ticks and labels; ticks without own words read 0 to 1."""
    plain = [words.written(f"{tick:g}") for tick in _TICKS]
    parts = [
        f'<text x="{_x(tick)}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle">{word}</text>'
        for tick, word in zip(_TICKS, x_ticks or plain, strict=True)
    ]
    for tick, word in y_ticks or zip(_TICKS, plain, strict=True):
        parts.append(
            f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(tick)}" y2="{_y(tick)}"/>'
            f'<text x="{_LEFT - 8}" y="{_y(tick) + 4:.1f}" text-anchor="end">{word}</text>'
        )
    middle = _TOP + _inner()[1] / 2
    parts.append(f'<text class="label" x="{_x(0.5)}" y="{_HEIGHT - 8}" text-anchor="middle">{x_label}</text>')
    turned = f'transform="rotate(-90 14 {middle})"'
    parts.append(f'<text class="label" x="14" y="{middle}" text-anchor="middle" {turned}>{y_label}</text>')
    return "".join(parts)


def _dot(x: float, y: float, told: str, word: str = "") -> str:
    shown = f'<text class="value" x="{_x(x) - 8}" y="{_y(y) - 9:.1f}" text-anchor="end">{word}</text>' if word else ""
    return f'<circle class="dot" cx="{_x(x)}" cy="{_y(y)}" r="5"><title>{escape(told)}</title></circle>{shown}'


def _inner() -> tuple[int, int]:
    return _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM


def _x(share: float) -> float:
    return round(_LEFT + share * _inner()[0], 1)


def _y(share: float) -> float:
    return round(_TOP + (1 - share) * _inner()[1], 1)


def _whole(most: int) -> list[tuple[float, str]]:
    """Returns at most six ticks at whole numbers up to `most`."""
    step = max(1, -(-most // 5))
    return [(count / most, str(count)) for count in range(0, most + 1, step)]


def _short(name: str) -> str:
    return name if len(name) <= 22 else f"{name[:21]}…"

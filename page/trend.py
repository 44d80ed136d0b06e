"""A figure from run to run, as inline SVG: no library, no request, colours from the page's style sheet."""

from collections.abc import Sequence
from html import escape

from page.wording import Wording
from qa.evaluation.history import PastRun

_WIDTH, _HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 24, 22, 34
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_MOST = 24  # runs
_FIGURES = ("decision", "sentence_hit@1")  # the one number, and what stands in where every question has an answer


def trends_html(runs: Sequence[PastRun], wording: Wording, most: int = 3) -> str:
    """Returns a plot for each of the question files that were run last, at most `most`, and more than once."""
    names = list(dict.fromkeys(each.run.questions for each in reversed(runs)))
    series = [[each for each in runs if each.run.questions == name and each.figures] for name in names]
    plots = [trend_svg(each[-_MOST:], wording) for each in series if len(each) > 1]
    if not plots:
        return ""
    note = f'<p class="quiet">{escape(wording["trend_note"])}</p>'
    return f'<div class="trends">{"".join(plots[:most])}</div>{note}'


def trend_svg(runs: Sequence[PastRun], wording: Wording) -> str:
    """Returns the figure of runs of one question file, the earliest on the left, each with its interval."""
    name = next(each for each in _FIGURES if all(each in run.figures for run in runs) or each == _FIGURES[-1])
    runs = [run for run in runs if name in run.figures]
    title = wording.say(
        "trend",
        figure=wording["past_decision" if name == _FIGURES[0] else "past_first"],
        questions=runs[0].run.questions,
    )
    points = [(_x(at, len(runs)), run) for at, run in enumerate(runs)]
    line = " ".join(f"{x},{_y(run.figures[name]['value'])}" for x, run in points)
    marks = "".join(_mark(x, run, name, wording) for x, run in points)
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(_described(runs, name, wording))}</desc>{_axes(wording)}"
        f'<polyline class="line" points="{line}"/>{marks}{_days(points)}</svg></figure>'
    )


def _mark(x: float, run: PastRun, name: str, wording: Wording) -> str:
    figure = run.figures[name]
    value = figure["value"]
    interval = ""
    if figure["low"] is not None:
        interval = f'<line class="whisker" x1="{x}" x2="{x}" y1="{_y(figure["low"])}" y2="{_y(figure["high"])}"/>'
    told = f"{run.run.began}: {wording.share(value)}, n={figure['n']}"
    return (
        f'{interval}<circle class="dot" cx="{x}" cy="{_y(value)}" r="5"><title>{escape(told)}</title></circle>'
        f'<text class="value" x="{x + 9}" y="{_y(value) - 7}">{escape(wording.share(value))}</text>'
    )


def _days(points: Sequence[tuple[float, PastRun]]) -> str:
    """Returns the days of the first and the last run below the plot."""
    ends = [(points[0], "start"), (points[-1], "end")]
    return "".join(
        f'<text x="{_LEFT if anchor == "start" else _WIDTH - _RIGHT}" y="{_HEIGHT - 10}" text-anchor="{anchor}">'
        f"{escape(run.run.began[:10])}</text>"
        for (_, run), anchor in ends
    )


def _axes(wording: Wording) -> str:
    return "".join(
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{_y(tick)}" y2="{_y(tick)}"/>'
        f'<text x="{_LEFT - 8}" y="{_y(tick) + 4}" text-anchor="end">{escape(wording.share(tick))}</text>'
        for tick in _TICKS
    )


def _described(runs: Sequence[PastRun], name: str, wording: Wording) -> str:
    return "; ".join(f"{run.run.began}: {wording.share(run.figures[name]['value'])}" for run in runs)


def _x(at: int, count: int) -> float:
    span = _WIDTH - _LEFT - _RIGHT - 60  # the value of the last stands to its right
    return round(_LEFT + 20 + span * (at / (count - 1) if count > 1 else 0.5), 1)


def _y(value: float) -> float:
    return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value), 1)

"""What the tabs of long work say and draw, without a browser."""

import xml.etree.ElementTree as ET

import pytest

from page.accuracy import past_html
from page.job_panel import said
from page.jobs import RUNNING, Progress
from page.trend import trend_svg, trends_html
from page.wording import LANGUAGES, Wording
from qa.evaluation.collected import Collected
from qa.evaluation.folder import Run
from qa.evaluation.history import PastRun

ENGLISH, FRENCH = map(Wording, LANGUAGES)


def a_run(name: str, questions: str, value: float, figure: str = "decision") -> PastRun:
    run = Run(questions, "d", 10, "balanced", True, "m", "i", "g", f"2026-01-{name} 12:00 UTC")
    figures = {figure: {"value": value, "low": value - 0.1, "high": value + 0.1, "n": 10}}
    return PastRun(name, run, 10, 0, figures, {})


def shapes(svg: str, tag: str) -> list[ET.Element]:
    return [each for each in ET.fromstring(svg).iter() if each.tag == tag]


def test_a_better_run_stands_higher_and_further_right() -> None:
    svg = trend_svg([a_run("01", "q", 0.5), a_run("02", "q", 0.75)], ENGLISH)
    first, second = shapes(svg, "circle")
    assert float(first.attrib["cx"]) < float(second.attrib["cx"])
    assert float(first.attrib["cy"]) > float(second.attrib["cy"])
    half, whole = (float(each.attrib["y1"]) for each in shapes(svg, "line")[2:5:2])
    assert float(first.attrib["cy"]) == half
    assert whole < float(second.attrib["cy"]) < half


def test_the_right_decision_is_drawn_only_where_every_run_has_it() -> None:
    mixed = [a_run("01", "q", 0.5), a_run("02", "q", 0.75, "sentence_hit@1"), a_run("03", "q", 0.6, "sentence_hit@1")]
    svg = trend_svg(mixed, ENGLISH)
    assert "Right sentence first, run by run: q" in svg
    assert len(shapes(svg, "circle")) == 2


def test_a_file_that_was_run_once_has_no_trend() -> None:
    assert trends_html([a_run("01", "a", 0.5), a_run("02", "b", 0.5)], ENGLISH) == ""
    assert trends_html([a_run("01", "a", 0.5), a_run("02", "a", 0.5)], ENGLISH).count("<svg") == 1


def test_a_run_is_compared_with_the_one_of_the_same_file_before_it() -> None:
    runs = [a_run("01", "a", 0.5), a_run("02", "b", 0.5), a_run("03", "a", 0.6)]
    html = past_html(runs, [], ENGLISH, collecting=False)
    assert html.count("accuracy/compare/") == 1
    assert "accuracy/compare/01/03" in html
    rows = html.partition("<tbody>")[2]
    assert rows.index("2026-01-03") < rows.index("2026-01-01")


def test_names_of_files_are_escaped() -> None:
    runs = [a_run("01", "<b>", 0.5), a_run("02", "<b>", 0.5)]
    question = Collected('"<b>', "<b>Who?", True, ("<b>This.",), ("<b>.txt",), follows=True)
    assert "<b>" not in past_html(runs, [question], ENGLISH, collecting=True)


def test_collected_questions_are_shown_the_newest_first_and_can_be_removed_where_they_are_collected() -> None:
    right = Collected("page-1", "Who?", True, ("She did.",), ("who.txt",), follows=False)
    none = Collected("page-2", "Why?", False, (), (), follows=True)
    html = past_html([], [right, none], FRENCH, collecting=True)
    assert html.index("Why?") < html.index("Who?")
    assert "She did." in html
    assert "who.txt" in html
    assert [f'data-id="{each}"' in html for each in ("page-1", "page-2")] == [True, True]
    assert 'data-act="gold"' in html
    assert "data-id" not in past_html([], [right, none], FRENCH, collecting=False)


@pytest.mark.parametrize(
    ("remaining", "english", "french"),
    [
        (40.2, "12 of 1,200, 1.5 a second, about 40 s left", "12 sur 1\u202f200, 1,5 par seconde, encore 40 s environ"),
        (179.0, "about 3 min left", "encore 3 min environ"),
        (7500.0, "about 2 h 5 min left", "encore 2 h 5 min environ"),
    ],
)
def test_time_left_is_told_as_people_tell_it(remaining: float, english: str, french: str) -> None:
    progress = Progress(RUNNING, 12, 0, 1200, 1.5, remaining)
    assert said(progress, ENGLISH).endswith(english)
    assert said(progress, FRENCH).endswith(french)


def test_before_a_question_is_done_no_rate_is_told() -> None:
    assert said(Progress(RUNNING, 0, 0, 12, None, None), ENGLISH) == "0 of 12"

import html.parser
from dataclasses import replace

import numpy as np
import pytest
from rows import a_row
from scipy.stats import binomtest

from qa.evaluation.compare import Comparison, compare
from qa.evaluation.compare_report import comparison_html, comparison_lines
from qa.evaluation.figures import FIGURES
from qa.evaluation.folder import Recorded, Run
from qa.evaluation.intervals import interval, mean
from qa.evaluation.row import Row
from qa.evaluation.summary import summarise
from qa.evaluation.whole import WHOLES, columns_of
from qa.evaluation.wording import Words

RUN = Run("q.jsonl", "d", 4, "balanced", True, "m", "i", "g", "2026-01-31 12:00 UTC")
RIGHT = a_row()
WRONG = a_row(first=False, among=False, supports=(False,))
NO_ANSWER = a_row(
    id="u", answerable=False, first=False, among=False, refused=True, documents=(), evidence=(), pieces=()
)


def compared(first: list[Row], second: list[Row]) -> Comparison:
    return compare(Recorded(RUN, first), Recorded(replace(RUN, index="other"), second))


def named(rows: list[Row]) -> list[Row]:
    return [replace(row, id=str(place)) for place, row in enumerate(rows)]


def test_figures_are_told_with_their_change() -> None:
    found = compared(named([RIGHT, WRONG, WRONG, RIGHT]), named([RIGHT, RIGHT, RIGHT, WRONG]))
    (first,) = [each for each in found.differences if each.name == "sentence_hit@1"]
    assert (first.first, first.second, first.change, first.count) == (0.5, 0.75, 0.25, 4)


def test_the_interval_is_of_paired_questions() -> None:
    # Each question is worse by the same: however they are drawn, the change is the same.
    random = np.random.default_rng(0)
    first = named([a_row(f1=float(f1)) for f1 in random.random(30)])
    found = compared(first, [replace(row, f1=row.f1 - 0.125) for row in first])
    (difference,) = [each for each in found.differences if each.name == "token_f1"]
    assert (difference.low, difference.high) == pytest.approx((-0.125, -0.125))


def test_the_interval_is_as_wide_as_theory_says() -> None:
    random = np.random.default_rng(1)
    first = named([a_row(f1=float(f1)) for f1 in random.random(300)])
    second = [replace(row, f1=float(f1)) for row, f1 in zip(first, random.random(300), strict=True)]
    (difference,) = [each for each in compared(first, second).differences if each.name == "token_f1"]
    error = np.std([new.f1 - old.f1 for old, new in zip(first, second, strict=True)]) / 300**0.5
    assert difference.high - difference.low == pytest.approx(2 * 1.96 * error, rel=0.15)


def test_every_interval_is_that_of_one_resample_after_the_other() -> None:
    random = np.random.default_rng(2)
    first, second = (
        named(
            [
                a_row(
                    answerable=bool(random.random() < 0.7),
                    confidence=round(float(random.random()), 1),
                    refused=bool(random.random() < 0.3),
                    seconds=float(random.random()),
                    first=bool(random.random() < 0.5),
                    supports=tuple((random.random(int(random.integers(0, 4))) < 0.5).tolist()),
                    pieces=(True,) * int(random.integers(0, 4)),
                )
                for _ in range(25)
            ]
        )
        for _ in range(2)
    )
    second = [replace(new, answerable=old.answerable) for old, new in zip(first, second, strict=True)]
    found = {each.name: each for each in compared(first, second).differences}
    for name in ("quote_support", "refusal_precision", "list_recall", "decision", "auroc", "calibration_error"):

        def change(drawn: np.ndarray, name: str = name) -> float | None:
            runs = [summary_of([run[at] for at in drawn]).get(name) for run in (first, second)]
            return None if None in runs else runs[1] - runs[0]

        assert (found[name].low, found[name].high) == pytest.approx(interval(25, change, seed=0), abs=1e-9), name


def summary_of(rows: list[Row]) -> dict[str, float | None]:
    """The value of every figure, without its interval."""
    columns = columns_of(rows)
    values = {figure.name: mean([value for row in rows for value in figure.of(row)]) for figure in FIGURES}
    return values | {whole.name: whole.of(columns) for whole in WHOLES}


@pytest.mark.parametrize("name", ["calibration_error", "seconds_p50", "seconds_p95", "auroc", "risk_coverage_area"])
def test_figures_of_whole_runs_are_compared(name: str) -> None:
    rows = named([RIGHT, WRONG, NO_ANSWER])
    slow = [replace(row, seconds=2 * row.seconds, confidence=row.confidence / 2) for row in rows]
    (difference,) = [each for each in compared(rows, slow).differences if each.name == name]
    expected = [summarise(run)[name]["value"] for run in (rows, slow)]
    assert [difference.first, difference.second] == expected


def test_a_run_compared_with_itself_differs_in_nothing() -> None:
    rows = named([RIGHT, WRONG, NO_ANSWER])
    found = compared(rows, rows)
    assert {each.change for each in found.differences} == {0.0}
    assert (found.won, found.lost, found.tests[0].p_value) == ([], [], 1.0)


def test_questions_won_and_lost_are_listed() -> None:
    answered = replace(NO_ANSWER, refused=False)
    found = compared(named([RIGHT, WRONG, WRONG, NO_ANSWER]), named([WRONG, RIGHT, WRONG, answered]))
    assert [old.id for old, _ in found.won] == ["1"]
    assert [old.id for old, _ in found.lost] == ["0", "3"]
    assert [(test.won, test.lost) for test in found.tests] == [(1, 2), (1, 1)]


def test_the_test_is_mcnemars_on_the_questions_that_changed() -> None:
    found = compared(named([WRONG] * 9 + [RIGHT] * 30), named([RIGHT] * 9 + [WRONG] + [RIGHT] * 29))
    assert found.tests[0].p_value == pytest.approx(binomtest(9, 10).pvalue, abs=1e-9)


def test_quotes_are_compared_however_many_each_run_has() -> None:
    two = a_row(quotes=("a", "b"), supports=(True, False), verbatim=(True, True))
    first = named([two, a_row()])
    found = compared(first, named([a_row(), a_row()]))
    (difference,) = [each for each in found.differences if each.name == "quote_support"]
    assert (difference.first, difference.second) == (pytest.approx(2 / 3), 1.0)


def test_only_questions_of_both_runs_are_compared() -> None:
    reworded = a_row(id="1", question="Whom?")
    found = compared(named([RIGHT, WRONG]), [a_row(id="0"), reworded, a_row(id="2")])
    assert [old.id for old, _ in found.pairs] == ["0"]
    assert [row.id for row in found.only_first] == ["1"]
    assert [row.id for row in found.only_second] == ["1", "2"]
    told = next(comparison_lines(found))
    assert told.startswith(
        "Compared on 1 questions that both runs asked. The sets differ: 1 stand in the first only, 2"
    )


def test_ids_that_repeat_are_compared_in_their_order() -> None:
    found = compared([RIGHT, WRONG], [RIGHT, RIGHT])
    assert [old.first for old, _ in found.pairs] == [True, False]
    assert len(found.won) == 1


def test_a_question_with_an_error_is_left_out_and_counted() -> None:
    found = compared(named([RIGHT, WRONG]), named([replace(RIGHT, error="why"), WRONG]))
    assert (len(found.pairs), found.errors) == (1, 1)


def test_nothing_in_common_is_told() -> None:
    found = compared([a_row(id="a")], [a_row(id="b")])
    assert (found.pairs, found.differences) == ([], [])
    assert "Compared on 0 questions" in "\n".join(comparison_lines(found))
    assert "Compared on 0 questions" in comparison_html(found)


def test_the_terminal_shows_figures_tests_and_questions() -> None:
    found = compared(named([WRONG] * 8 + [RIGHT, NO_ANSWER]), named([RIGHT] * 9 + [NO_ANSWER]))
    lines = list(comparison_lines(found))
    assert "right decision: 8 won, 0 lost; McNemar's exact p = 0.0078" in lines
    (figure,) = [line for line in lines if line.startswith("sentence_hit@1")]
    assert figure.split()[:4] == ["sentence_hit@1", "0.111", "1.000", "+0.889"]
    assert figure.endswith(" better")
    assert "  0: Who?  (not chosen -> right)" in lines


def test_less_is_better_for_what_should_be_low() -> None:
    first = named([a_row(seconds=1.0 + place / 100) for place in range(20)])
    lines = list(comparison_lines(compared(first, [replace(row, seconds=row.seconds / 2) for row in first])))
    times = [line for line in lines if line.startswith("seconds")]
    assert [line.split()[0] for line in times] == ["seconds", "seconds_p50", "seconds_p95"]
    assert all(line.endswith(" better") for line in times)


def test_the_page_shows_every_question_and_escapes_it() -> None:
    bad = replace(WRONG, question="<script>alert(1)</script>", quotes=("<b>bold</b>",))
    page = comparison_html(compared([bad], [replace(bad, first=True, among=True, supports=(True,))]))
    html.parser.HTMLParser().feed(page)
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Won: 1" in page
    assert "Lost: none" in page


def test_the_page_is_there_in_french() -> None:
    rows = named([WRONG] * 8 + [RIGHT, NO_ANSWER])
    french = comparison_html(compared(rows, named([RIGHT] * 9 + [NO_ANSWER])), Words("fr"))
    html.parser.HTMLParser().feed(french)
    assert '<html lang="fr">' in french
    for words in (
        "Ce qui a changé : q.jsonl",
        "Gagnées : 8",
        "Perdues : aucune",
        "bonne phrase en premier",
        "meilleur",
    ):
        assert words in french
    assert "+0,889" in french
    assert "McNemar’s" not in french

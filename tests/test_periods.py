from datetime import date

import pytest

from qa.periods import day_label, label, periods


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("It was so on 8 September 2018.", "2018-09-08", "2018-09-08"),
        ("It was so on September 8, 2018.", "2018-09-08", "2018-09-08"),
        ("It was so on 2018-09-08.", "2018-09-08", "2018-09-08"),
        ("It was so in February 2020.", "2020-02-01", "2020-02-29"),
        ("It was so in 2020.", "2020-01-01", "2020-12-31"),
        ("It was so in late 2024.", "2024-09-01", "2024-12-31"),
        ("It was so in spring or summer 2025.", "2025-03-01", "2025-09-30"),
        ("It was so in fiscal year 2018-19.", "2018-04-01", "2019-03-31"),
        ("It was so in fiscal year 1999-00.", "1999-04-01", "2000-03-31"),
        ("It was so in fiscal year 1999-2000.", "1999-04-01", "2000-03-31"),
        ("It was so in fiscal year 2025.", "2024-10-01", "2025-09-30"),
        ("It was so from 1 January to 19 November 2024.", "2024-01-01", "2024-11-19"),
        ("It was so between 1 January and 31 October 2024.", "2024-01-01", "2024-10-31"),
        ("It was so (2019 to January 2020).", "2019-01-01", "2020-01-31"),
        ("Il en fut ainsi le 1er mai 2021.", "2021-05-01", "2021-05-01"),
        ("Il en fut ainsi en août 2021.", "2021-08-01", "2021-08-31"),
        ("Il en fut ainsi à l’exercice 2018-2019.", "2018-04-01", "2019-03-31"),
    ],
)
def test_a_period_has_its_first_and_last_day(text: str, first: str, last: str) -> None:
    assert [(each.first, each.last) for each in periods(text)] == [
        (date.fromisoformat(first), date.fromisoformat(last)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It counts 2,000 people.",
        "Executive Order 2025 says so.",
        "The case is 2015 FC 1311.",
        "They may march.",
        "It cost $2000.",
        "It was on 31 February 2020.",
    ],
)
def test_what_is_no_date_is_no_period(text: str) -> None:
    assert periods(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A note of 3 March 2025 gives 5 people.",
        "The agency, as captured in early 2025, gives 5 people.",
        "According to Punjab Outlook in February 2025 there were 5 people.",
        "CRS (10 July 2020) counted 5 people.",
        "He told members on 24 November 2020 that there were 5 people.",
        "A July 2025 memo gives 5 people.",
        "Selon une note du 3 mars 2025, 5 personnes sont parties.",
    ],
)
def test_when_it_was_said_is_told_from_when_it_was_so(text: str) -> None:
    assert [each.said for each in periods(text)] == [True]
    assert [each.said for each in periods("There were 5 people in 2024.")] == [False]


def test_a_month_without_a_year_takes_that_of_its_sentence() -> None:
    found = periods("Notes of 2020 give 5 (March) for fiscal year 2018-19.")
    assert [each.words for each in found] == ["2020", "March 2020", "fiscal year 2018-19"]


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("Before 26 March 2026 it was so.", (date.min, date(2026, 3, 25))),
        ("Since 26 March 2026 it is so.", (date(2026, 3, 26), date.max)),
        ("Until the amendments of 2026 it was so.", (date.min, date(2025, 12, 31))),
    ],
)
def test_before_and_since_reach_to_one_side(text: str, reach: tuple[date, date]) -> None:
    assert [each.reach for each in periods(text)] == [reach]


def test_a_fiscal_year_lies_in_no_calendar_year() -> None:
    (year,), (fiscal,), (month,) = periods("in 2019"), periods("in fiscal year 2019"), periods("in May 2019")
    assert (year.holds(month), year.holds(fiscal), month.holds(year)) == (True, False, False)


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("in late 2024", "fin 2024"),
        ("in fiscal year 2018-19", "exercice 2018-19"),
        ("from 1 January to 19 November 2024", "1er janvier au 19 novembre 2024"),
        ("before 26 March 2026", "avant le 26 mars 2026"),
        ("since the 2026 amendments", "depuis les modifications de 2026"),
    ],
)
def test_english_words_are_told_in_french(text: str, french: str) -> None:
    assert [label(each, "fr") for each in periods(text)] == [french]


def test_french_words_are_told_in_english() -> None:
    assert [label(each, "en") for each in periods("en avril 2020")] == ["April 2020"]


def test_a_day_is_told_in_both_languages() -> None:
    assert (day_label(date(2025, 8, 1), "en"), day_label(date(2025, 8, 1), "fr")) == ("1 August 2025", "1er août 2025")

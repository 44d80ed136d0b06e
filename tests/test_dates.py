from datetime import date

import pytest

from documents.dates import find_date

AUGUST = date(2025, 8, 2)
FEBRUARY = date(2025, 2, 8)


@pytest.mark.parametrize(
    "written",
    [
        "2025-08-02",
        "2 August 2025",
        "2nd Aug. 2025",
        "August 2, 2025",
        "Aug 2nd, 2025",
        "2 août 2025",
        "2 AOÛT 2025",
        "Updated on 2 August 2025 at noon",
    ],
)
def test_a_stated_date_is_read(written: str) -> None:
    found = find_date({"date": written}, "")
    assert found is not None
    assert (found.value, found.reason, found.sure) == (AUGUST, "", True)


@pytest.mark.parametrize("written", ["2025-08-02T06:10:00Z", "2025-08-02T06:10:00+00:00"])
def test_a_machine_s_time_stamp_is_read(written: str) -> None:
    found = find_date({"date": written}, "")
    assert found is not None
    assert found.value == AUGUST


def test_the_first_of_a_month_is_written_1er_in_french() -> None:
    found = find_date({}, "Le titre\n1er mars 2026\nLe texte.")
    assert found is not None
    assert found.value == date(2026, 3, 1)


@pytest.mark.parametrize("written", ["2025-08", "August 2025", "août 2025"])
def test_a_month_stands_for_its_first_day_and_says_so(written: str) -> None:
    found = find_date({"date": written}, "")
    assert found is not None
    assert found.value == date(2025, 8, 1)
    assert "only the month" in found.reason


def test_a_fiscal_year_is_no_month() -> None:
    found = find_date({}, "Departmental results\n2011-12\nThe text.")
    assert found is None


@pytest.mark.parametrize("written", ["13/2/2025", "2/13/2025", "13.2.2025", "02-13-2025"])
def test_a_number_above_twelve_is_the_day(written: str) -> None:
    found = find_date({}, f"A title\n{written}\nThe text.")
    assert found is not None
    assert (found.value, found.sure) == (date(2025, 2, 13), True)


def test_a_day_equal_to_its_month_is_sure() -> None:
    found = find_date({}, "A title\n5/5/2025\nThe text.")
    assert found is not None
    assert (found.value, found.sure) == (date(2025, 5, 5), True)


@pytest.mark.parametrize(("day_first", "value"), [(True, AUGUST), (False, FEBRUARY)])
def test_the_order_set_by_the_user_settles_a_numeric_date(day_first: bool, value: date) -> None:
    found = find_date({}, "A title\n2/8/2025 6:10\nThe text.", day_first=day_first)
    assert found is not None
    assert (found.value, found.sure) == (value, True)
    assert "as set" in found.reason


def test_a_numeric_date_that_nothing_settles_is_unsure() -> None:
    found = find_date({}, "A title\n2/8/2025\nThe text.")
    assert found is not None
    assert (found.value, found.sure) == (AUGUST, False)
    assert "2/8/2025 reads two ways" in found.reason


def test_months_the_text_speaks_of_settle_a_numeric_date() -> None:
    found = find_date({}, "A title\n2/8/2025\nOfficials issued a travel document in June to a man.")
    assert found is not None
    assert (found.value, found.sure) == (AUGUST, True)
    assert "June" in found.reason


def test_a_day_the_text_speaks_of_settles_a_numeric_date() -> None:
    found = find_date({}, "A title\n2/8/2025\nIt was cited in a February 28 email.")
    assert found is not None
    assert (found.value, found.sure) == (AUGUST, True)
    assert "February 28" in found.reason


def test_months_before_both_readings_settle_nothing() -> None:
    found = find_date({}, "A title\n2/8/2025\nIt began in January.")
    assert found is not None
    assert not found.sure


def test_months_after_both_readings_settle_nothing() -> None:
    found = find_date({}, "A title\n2/8/2025\nA report is due in December.")
    assert found is not None
    assert not found.sure


@pytest.mark.parametrize(
    ("text", "value", "why"),
    [
        ("A title\nThursday 3/4/2025\nThe text.", date(2025, 4, 3), "it was a Thursday"),
        ("A title\nmardi 3/4/2025\nThe text.", date(2025, 3, 4), "it was a mardi"),
        ("A title\n2/8/2025\nThe order of August 2, 2025 is in force.", AUGUST, "the text has that date in full"),
        ("A title\n2/8/2025\nReplies of 2/25/2025 and 2/26/2025.", FEBRUARY, "other dates of the text read that way"),
        ("Le titre\n2/8/2025\nLa mesure de renvoi est en vigueur dans le pays.", AUGUST, "the text is French"),
    ],
)
def test_the_text_settles_a_numeric_date(text: str, value: date, why: str) -> None:
    found = find_date({}, text)
    assert found is not None
    assert (found.value, found.sure) == (value, True)
    assert why in found.reason


def test_dates_that_read_both_ways_among_themselves_settle_nothing() -> None:
    found = find_date({}, "A title\n2/8/2025\nReplies of 2/25/2025 and 26/2/2025.")
    assert found is not None
    assert not found.sure


def test_the_text_goes_before_the_order_set_by_the_user() -> None:
    found = find_date({}, "A title\n2/8/2025\nIt was issued in June.", day_first=False)
    assert found is not None
    assert found.value == AUGUST


def test_the_seed_report_is_of_august_and_a_month_of_it_says_why(seed_report: str) -> None:
    found = find_date({}, seed_report)
    assert found is not None
    assert (found.value, found.sure, found.source) == (AUGUST, True, "date line")
    assert "June" in found.reason


def test_a_stated_date_goes_before_a_date_line() -> None:
    found = find_date({"date": "2026-01-31"}, "A title\n2 August 2025\nThe text.")
    assert found is not None
    assert (found.value, found.source) == (date(2026, 1, 31), "document")


def test_a_date_of_creation_is_never_sure() -> None:
    found = find_date({"created": "2025-08-02"}, "The text.")
    assert found is not None
    assert (found.source, found.sure) == ("file properties", False)


def test_a_consolidation_line_is_a_date_line() -> None:
    found = find_date({}, "Immigration Act\nConsolidation current to 31 March 2026 and last amended before\n")
    assert found is not None
    assert found.value == date(2026, 3, 31)


@pytest.mark.parametrize("text", ["", "A title\nThe text.", "A title\n31/2/2025\nThe text.", "A title\n99/99/2025\n"])
def test_no_date_is_none(text: str) -> None:
    assert find_date({}, text) is None


def test_a_date_that_does_not_exist_is_none() -> None:
    assert find_date({"date": "2025-02-30"}, "") is None


def test_a_sentence_that_mentions_a_date_is_no_date_line() -> None:
    assert find_date({}, "The order of 2 August 2025 was stayed by the Federal Court of Canada.") is None


@pytest.mark.parametrize(
    "line",
    [
        "Ottawa, Ontario — August 2, 2025",
        "By Ann Roy, 2 August 2025",
        "OTTAWA, Saturday, August 2, 2025, 6:10 p.m.",
        "Ottawa, le 2 août 2025",
        "2025/08/02",
        "2nd day of August, 2025",
    ],
)
def test_a_place_or_a_name_may_stand_beside_a_date(line: str) -> None:
    found = find_date({}, f"A title\n{line}\nThe text goes on.\n" + "A line.\n" * 9)
    assert found is not None
    assert (found.value, found.source, found.sure) == (AUGUST, "date line", True)


@pytest.mark.parametrize(
    "label",
    ["Last updated:", "Date modified:", "(current to", "Date :", "**Published:**", "Mis à jour le", "Dated"],
)
@pytest.mark.parametrize("lines", [8, 400])
def test_a_date_with_a_label_is_found_near_the_beginning_and_the_end(label: str, lines: int) -> None:
    text = "The agency enforces the order.\n" * lines + f"{label} 2 August 2025\n" + "Contact us.\n" * 8
    found = find_date({}, text)
    assert found is not None
    assert (found.value, found.source, found.sure) == (AUGUST, "label", True)


def test_the_date_of_being_current_goes_before_that_of_issue_and_is_unsure() -> None:
    text = (
        "The agency enforces the order in the country.\n" * 7 + "Published: 5 May 2020\nLast updated: 2 August 2025\n"
    )
    found = find_date({}, text + "Contact us.\n" * 8)
    assert found is not None
    assert (found.value, found.sure, found.reason) == (AUGUST, False, "the text also states 2020-05-05")


@pytest.mark.parametrize(
    "text",
    [
        "As of March 31, 2023, the form is no longer accepted.",
        "The tariff is effective August 1, 2025.",
        "It applies to orders made on or after January 1, 2014 .",
    ],
)
def test_a_sentence_with_such_a_word_is_no_label(text: str) -> None:
    assert find_date({}, f"A title\n{text}\nThe text goes on.") is None


@pytest.mark.parametrize(
    "closing",
    [
        "THE WHITE HOUSE,\nAugust 2, 2025.",
        "J. ROY\nOttawa, August 2, 2025",
        "IN WITNESS WHEREOF, I have set my hand this second day of August, in the year of our Lord two thousand "
        "twenty-five, and of the Independence of the United States of America the two hundred and fiftieth.\n\nJ. ROY",
        "Signed at Ottawa this 2nd day of August, 2025.",
    ],
)
def test_orders_and_letters_are_dated_at_their_end(closing: str) -> None:
    found = find_date({}, "An order\n\n" + "The agency enforces the order of May 5, 2020.\n" * 9 + closing)
    assert found is not None
    assert (found.value, found.source, found.sure) == (AUGUST, "closing line", True)


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("two thousand twenty‑five", 2025),
        ("two thousand and nineteen", 2019),
        ("nineteen hundred and ninety-nine", 1999),
    ],
)
def test_years_in_words_are_read(words: str, year: int) -> None:
    found = find_date({"date": f"thirty-first day of January, in the year of our Lord {words}"}, "")
    assert found is not None
    assert found.value == date(year, 1, 31)


def test_a_date_in_the_title_is_unsure_without_a_label() -> None:
    found = find_date({"title": "What happened on 2 August 2025"}, "The text.")
    assert found is not None
    assert (found.value, found.source, found.sure) == (AUGUST, "headline", False)


def test_a_date_in_the_title_is_sure_with_a_label() -> None:
    found = find_date({"title": "An Act (current to 2025-08-02)"}, "The text.")
    assert found is not None
    assert (found.value, found.sure) == (AUGUST, True)


@pytest.mark.parametrize("name", ["2025-08-02 brief.txt", "brief_20250802.txt", "a.2025.08.02.txt"])
def test_a_date_in_the_name_of_the_file_is_unsure(name: str) -> None:
    found = find_date({"name": name, "created": "2026-01-01"}, "The text.")
    assert found is not None
    assert (found.value, found.source, found.sure) == (AUGUST, "file name", False)


def test_a_date_far_down_is_no_date_line() -> None:
    assert find_date({}, "A line.\n" * 6 + "2 August 2025\n" + "A line.\n" * 6) is None

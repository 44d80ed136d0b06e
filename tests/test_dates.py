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


def test_a_date_far_down_is_no_date_line() -> None:
    assert find_date({}, "A line.\n" * 6 + "2 August 2025\n") is None

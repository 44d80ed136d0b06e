import pytest

from qa.periods import periods
from qa.quantities import numbers, quantities


def figures(text: str) -> list[tuple[str, str, str, float]]:
    return [(each.text, each.kind, each.unit, each.amount) for each in quantities(text, periods(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It removed 17,357 people in 2024.", ("17,357 people", "count", "people", 17357)),
        ("Il a renvoyé 17 357 personnes en 2024.", ("17 357 personnes", "count", "people", 17357)),
        ("It had 50,000 enforceable removal orders.", ("50,000 enforceable removal orders", "count", "order", 50000)),
        ("It named twelve uncooperative states.", ("twelve uncooperative states", "count", "country", 12)),
        ("It cost CAD 1.3 billion.", ("CAD 1.3 billion", "money", "CAD", 1.3e9)),
        ("Il a coûté 30,5 millions de dollars.", ("30,5 millions de dollars", "money", "DOLLARS", 30.5e6)),
        ("It rose by 8.4%.", ("8.4%", "share", "", 8.4)),
        ("It takes effect after 15 days.", ("15 days", "time", "", 15 * 86400)),
        ("It takes effect on the day of the notice.", ("on the day of the notice", "time", "", 0)),
        ("It held more than 22,000 people.", ("more than 22,000 people", "count", "people", 22000)),
    ],
)
def test_a_figure_has_its_kind_and_unit(text: str, expected: tuple[str, str, str, float]) -> None:
    assert figures(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Section 243 applies.",
        "Executive Order 13768 applies.",
        "It is case 533 U.S. 678.",
        "Bill C-12 applies at 12:01 a.m.",
        "It was so on 8 September 2018.",
        "One of them left.",
    ],
)
def test_a_number_that_counts_nothing_is_no_figure(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "rate"),
    [("400 people a week", "week"), ("a daily 165", "daily"), ("CAD 3,700 on average", "average"), ("5 people", "")],
)
def test_a_rate_is_told_from_a_total(text: str, rate: str) -> None:
    assert [each.rate for each in quantities(text, [])] == [rate]


@pytest.mark.parametrize(("text", "strict"), [("less than 14 days", True), ("within 14 days", False)])
def test_less_than_is_strict(text: str, strict: bool) -> None:
    assert [each.strict for each in quantities(text, [])] == [strict]


def test_every_figure_is_a_slice_of_its_sentence() -> None:
    text = "CBSA removed 18,048 people at a cost of about CAD 78 million, 4.2% less, within 12 months."
    found = quantities(text, [])
    assert len(found) == 4
    assert all(text[each.start : each.end] == each.text for each in found)


@pytest.mark.parametrize("text", ["1,465,238 111 people", "1 465,238 people", "12,345.5 people"])
def test_no_way_of_writing_a_number_is_an_error(text: str) -> None:
    assert [each.amount > 1000 for each in quantities(text, [])] == [True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("17 357 personnes, 17,357 people, 17\u00a0357, 17\u202f357 et 17\u2009357", {"17357"}),
        ("30,5 millions, 30.5 million", {"30.5"}),
        ("1 200,5 or 1,200.5", {"1200.5"}),
        ("In 2024 300 people and in 2018-19 5", {"2024", "300", "2018", "19", "5"}),
        ("2018, 2019,2020", {"2018", "2019", "2020"}),
        ("section 159.4(1.1)", {"159.4", "1.1"}),
        ("none", set()),
    ],
)
def test_a_number_is_one_however_its_thousands_and_decimals_are_written(text: str, expected: set[str]) -> None:
    assert numbers(text) == expected

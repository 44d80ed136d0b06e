"""A quote among the characters of a page: by letters and digits alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from page.alignment import places


def found(quote: str, page: str, before: str = "") -> list[str]:
    return [page[run.start : run.stop] for run in places(quote, page, before)]


@pytest.mark.parametrize(
    ("quote", "page", "expected"),
    [
        ("removal orders", "All removal orders.", "removal orders"),
        ("removal orders", "All re\ufffemoval\r\norders.", "re\ufffemoval\r\norders"),
        ("officers", "The o\ufb03cers", "o\ufb03cers"),
        ("Québec", "A Que\u0301bec", "Que\u0301bec"),
        ("“Not due.”", "He said “Not due.” twice.", "“Not due.”"),
        ("no", "It is not north, no.", "no"),
    ],
)
def test_a_quote_is_found_as_it_was_printed(quote: str, page: str, expected: str) -> None:
    assert found(quote, page) == [expected]


def test_a_quote_that_is_there_twice_is_the_one_after_the_text_before_it() -> None:
    page = "In 2023 the orders were stayed. In 2024 the orders were stayed."
    second = page.rindex("the orders")
    assert places("the orders were stayed.", page)[0].start == page.index("the orders")
    assert places("the orders were stayed.", page, "In 2024 ")[0].start == second


def test_what_a_redaction_hides_parts_the_quote() -> None:
    page = "The officer John Smith s. 19(1) signed the order."
    quote = "The officer [redacted: s. 19(1)] signed the order."
    assert found(quote, page) == ["The officer", "signed the order."]


def test_columns_that_were_printed_row_by_row_part_the_quote() -> None:
    page = "Removal orders are\tDetention is a last\nenforced without delay.\tresort in law."
    quote = "Removal orders are enforced without delay. Detention is a last resort in law."
    assert found(quote, page) == [
        "Removal orders are",
        "enforced without delay",
        "Detention is a last",
        "resort in law.",
    ]


def test_a_quote_that_goes_on_over_the_page_is_found_as_far_as_it_stands_there() -> None:
    quote = "A removal order becomes enforceable thirty days after it was made, or at the end of the appeal."
    assert found(quote, "Page 3 \n it was made, or at the end of the appeal. Fees are due.") == [
        "it was made, or at the end of the appeal."
    ]


@pytest.mark.parametrize("quote", ["", "…", "Somalia", "removal of foreign nationals from the country"])
def test_what_is_not_there_has_no_place(quote: str) -> None:
    assert places(quote, "All removal orders are enforced.") == []


def test_letters_within_a_word_are_no_place_where_a_word_is_meant() -> None:
    assert found("in", "An ingot in gold") == ["in"]
    assert places("in", "An ingot in gold")[0].start == 9


PLAIN = st.text("abZ19 .-\n", max_size=60)


@given(PLAIN, PLAIN, PLAIN)
def test_a_quote_of_the_page_is_always_found_whole(before: str, quote: str, after: str) -> None:
    page = f"{before} {quote} {after}"
    found_letters = [page[number] for run in places(quote, page) for number in run if page[number].isalnum()]
    assert "".join(found_letters).lower() == "".join(filter(str.isalnum, quote)).lower()


@given(st.text("ab-ﬁ \n[]redacted:", max_size=40), st.text("ab-ﬁ \n", max_size=60), st.text("ab", max_size=9))
def test_runs_are_always_within_the_page(quote: str, page: str, before: str) -> None:
    for run in places(quote, page, before):
        assert 0 <= run.start < run.stop <= len(page)

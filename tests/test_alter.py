"""Near misses made of questions."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.alter import altered, names_in

WORDS = "who Chad largest in 2019 won 12,5 the border Libya before Bank of England most 1000 7 women 0012".split()
NAMES = ["Chad", "Libya", "Bank of England", "Sudan", "Kenya"]
questions = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


def alterations(question: str, own: list[str] | None = None, others: list[str] | None = None) -> set[str | None]:
    """Returns all that forty seeds make of the question."""
    return {altered(question, own or [], others or [], random.Random(seed)) for seed in range(40)}


def changed(question: str, other: str) -> tuple[str, str]:
    """Returns the words that went and those that came, between what both begin and end with."""
    before, after = question.split(), other.split()
    start = 0
    while before[start : start + 1] == after[start : start + 1] != []:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return " ".join(before[start : len(before) - end]), " ".join(after[start : len(after) - end])


def test_names_stand_inside_a_sentence_with_a_capital() -> None:
    text = "The war in Libya, Chad and the Bank of the North Sea ended. Peace came to Libya."
    assert names_in(text) == ["Libya", "Chad", "Bank of the North Sea"]


def test_a_year_becomes_another_year_nearby() -> None:
    found = [str(each) for each in alterations("What happened in 2019 there?")]
    years = {int(re.sub(r"What happened in (\d{4}) there\?", r"\1", each)) for each in found}
    assert years <= set(range(1989, 2050)) - {2019}
    assert min(years) < 2019 < max(years)
    assert len(years) > 15


@pytest.mark.parametrize("number", ["7", "12", "12,5", "1,200.50", "123456", "0012"])
def test_a_number_that_is_no_year_has_one_digit_changed(number: str) -> None:
    found = alterations(f"Who paid {number} dollars?")
    assert len(found) > 5
    for each in found:
        went, came = changed(f"Who paid {number} dollars?", str(each))
        assert went == number
        assert len(came) == len(number)
        assert sum(one != other for one, other in zip(number, came, strict=True)) == 1
        assert re.sub(r"\d", "0", came) == re.sub(r"\d", "0", number)


def test_one_of_several_numbers_is_changed() -> None:
    went = {changed("from 7 to 9 euros", str(each))[0] for each in alterations("from 7 to 9 euros")}
    assert went == {"7", "9"}


def test_a_name_of_the_passage_gives_way_to_another() -> None:
    assert alterations("Who came to libya?", ["Libya", "Chad"], ["Sudan"]) == {
        "Who came to Chad?",
        "Who came to Sudan?",
    }


def test_the_longest_of_the_names_gives_way() -> None:
    assert alterations("Is it in Costa Rica?", ["Rica", "Costa Rica"], ["Chad"]) == {"Is it in Chad?"}


def test_a_name_gives_way_to_one_of_about_as_many_words() -> None:
    names = ["Chad", "South Sudan", "Bank of England"]
    assert alterations("Who came to Libya?", ["Libya"], names) == {"Who came to Chad?", "Who came to South Sudan?"}


def test_a_name_does_not_give_way_to_one_that_holds_it_or_that_the_question_holds() -> None:
    assert alterations("Did Chad meet Libya?", ["Libya"], ["North Libya", "Chad", "LIBYA"]) == {None}


def test_a_name_gives_way_at_one_place_only() -> None:
    assert alterations("Is Libya in Libya?", ["Libya"], ["Chad"]) == {"Is Chad in Libya?"}


def test_part_of_a_word_is_no_name() -> None:
    assert alterations("Is it Libyan?", ["Libya"], ["Chad"]) == {None}
    assert alterations("Do Libyans go to Chad?", ["Libya", "Chad"], ["Mali"]) == {
        "Do Libyans go to Mali?",
    }


def test_a_question_that_would_stay_as_it_is_has_none() -> None:
    question = "Who came to i\u0307zmir?"  # İ has a small letter of two characters, which it is not matched with
    assert alterations(question, ["İzmir"], ["Chad"]) == {None}


@pytest.mark.parametrize(
    "pair", ["highest lowest", "before after", "men women", "rose fell", "with without", "north south", "buy sell"]
)
def test_a_word_becomes_its_opposite_in_both_directions(pair: str) -> None:
    one, other = pair.split()
    assert alterations(f"What was {one} there?") == {f"What was {other} there?"}
    assert alterations(f"What was {other} there?") == {f"What was {one} there?"}


def test_a_word_with_a_capital_has_an_opposite_too() -> None:
    assert alterations("First to go?") == {"last to go?"}


def test_only_the_first_word_with_an_opposite_is_changed() -> None:
    assert alterations("the first and the best") == {"the last and the best"}


def test_each_of_the_ways_is_taken_by_some_seed() -> None:
    went = {
        changed("Who won in Libya in 2019", str(each))[0]
        for each in alterations("Who won in Libya in 2019", ["Libya"], ["Chad"])
    }
    assert went == {"won", "Libya", "2019"}


@pytest.mark.parametrize("question", ["", "Who is it?", "Who came to Libya?"])
def test_a_question_in_which_nothing_offers_itself_has_none(question: str) -> None:
    assert alterations(question, ["Sudan"], ["Chad"]) == {None}


@given(questions, st.integers(0, 1000))
def test_exactly_one_thing_is_changed(question: str, seed: int) -> None:
    other = altered(question, NAMES, [], random.Random(seed))
    if other is not None:
        assert other.lower() != question.lower()
        went, came = changed(question, other)
        assert went in question
        assert went != came
        kinds = (
            bool(re.fullmatch(r"[\d,]+", went) and re.fullmatch(r"[\d,]+", came)),
            came in NAMES or went in NAMES or {went, came} <= set(" ".join(NAMES).split()),
            (went, came)
            in {("largest", "smallest"), ("won", "lost"), ("before", "after"), ("most", "least"), ("women", "men")},
        )
        assert sum(kinds) == 1


@given(questions, st.integers(0, 1000))
def test_the_same_seed_makes_the_same_of_a_question(question: str, seed: int) -> None:
    first, second = (altered(question, NAMES, ["Ghana"], random.Random(seed)) for _ in range(2))
    assert first == second

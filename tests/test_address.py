"""A question as an address and back."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import BadQuestion
from page.address import Narrowing, address_of, asked, chosen, narrowing, question_at
from qa.types import Question, Turn

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
SETS = st.frozensets(WORDS, min_size=1, max_size=3) | st.none()


@given(
    WORDS,
    st.lists(WORDS, max_size=3),
    st.dates() | st.none(),
    SETS,
    SETS,
    SETS,
    SETS,
    st.sampled_from([None, "careful", "never"]),
)
def test_an_address_asks_the_very_question(
    text: str,
    earlier: list[str],
    as_of: date | None,
    documents: frozenset[str] | None,
    kinds: frozenset[str] | None,
    languages: frozenset[str] | None,
    collections: frozenset[str] | None,
    refuse: str | None,
) -> None:
    turns = tuple(Turn("user", each) for each in earlier)
    question = Question(text, turns, as_of, documents, kinds, languages, collections, refuse)
    assert question_at(address_of(question)) == question


def test_an_address_without_a_question_asks_none() -> None:
    assert question_at("as_of=2024-01-01&kind=statute") is None
    assert question_at("q=+") is None


def test_a_bad_day_in_an_address_is_told() -> None:
    with pytest.raises(BadQuestion, match="YYYY-MM-DD"):
        question_at("q=Why&as_of=soon")


def test_other_parameters_are_left_alone() -> None:
    assert question_at("q=Why&__theme=dark&view=api") == Question("Why")


def test_a_limit_is_taken_off_by_its_name_and_value() -> None:
    limits = Narrowing("2024-01-01", kinds=("press", "statute"), documents=("press",))
    assert limits.without("kind", "press") == Narrowing("2024-01-01", kinds=("statute",), documents=("press",))
    assert limits.without("as_of", "2024-01-01") == Narrowing(kinds=("press", "statute"), documents=("press",))
    assert Narrowing(refuse="eager").without("refuse", "eager") == Narrowing()


def test_limits_chosen_after_a_question_are_for_the_next_one() -> None:
    address = "q=Why&kind=press&refuse=eager&next=kind%3Dstatute%26collection%3DA%2B%2526%2BB"
    assert question_at(address) == Question("Why", kinds=frozenset({"press"}), refuse="eager")
    assert chosen(parse_qsl(address)) == Narrowing(kinds=("statute",), collections=("A & B",))
    assert chosen(parse_qsl("q=Why&kind=press&next=", keep_blank_values=True)) == Narrowing()
    assert chosen(parse_qsl("q=Why&kind=press")) == Narrowing(kinds=("press",))


def test_limits_come_back_from_their_pairs() -> None:
    limits = Narrowing("2024-01-01", ("press",), ("fr",), ("A & B", "C"), ("x.pdf",), "careful")
    assert narrowing(limits.parameters()) == limits


def test_no_limit_is_none_and_not_an_empty_set() -> None:
    assert asked("Why?", [], Narrowing()) == Question("Why?")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words import question_terms, terms


def test_forms_of_a_word_are_one_term() -> None:
    assert terms("remove removes removed removing", "en") == ["remov"] * 4


def test_french_forms_of_a_word_are_one_term() -> None:
    assert len(set(terms("expulser expulsé expulsés", "fr"))) == 1


def test_accents_and_capitals_make_no_difference() -> None:
    assert terms("Québec MÉTIS", "en") == terms("quebec metis", "en")


def test_stop_words_are_left_out() -> None:
    assert terms("What is the number of removals in Canada?", "en") == ["number", "remov", "canada"]


def test_french_stop_words_are_left_out() -> None:
    assert terms("Quel est le nombre de renvois du Canada ?", "fr") == terms("nombre renvois Canada", "fr")


@pytest.mark.parametrize("written", ["17,357", "17 357", "17\u00a0357", "17\u202f357", "17\u2009357"])
def test_a_number_is_one_term_however_its_thousands_are_set_apart(written: str) -> None:
    assert terms(f"There were {written} removals", "en") == ["17357", "remov"]


def test_millions_are_one_term() -> None:
    assert terms("1,234,567", "en") == terms("1 234 567", "en") == ["1234567"]


def test_a_list_of_years_is_not_one_number() -> None:
    assert terms("2023, 2024", "en") == ["2023", "2024"]


def test_a_year_before_a_number_is_not_part_of_it() -> None:
    assert terms("in 2024 300 people", "en") == ["2024", "300", "peopl"]


def test_a_decimal_is_one_term() -> None:
    assert terms("section 12.3 applies", "en") == ["section", "12.3", "appli"]


def test_nothing_has_no_terms() -> None:
    assert terms("", "en") == []
    assert terms("?! … —", "fr") == []


def test_an_unknown_language_is_read_as_english() -> None:
    assert terms("the removals", "") == terms("the removals", "en")


def test_a_question_s_terms_are_of_its_own_language_first_then_of_the_other() -> None:
    assert question_terms("What is the removal of nationalities?") == ["remov", "nation", "removal", "nationalit"]


def test_a_french_question_finds_french_stems() -> None:
    asked = question_terms("Quels sont les renvois exécutés par le Canada ?")
    assert set(terms("renvois exécutés", "fr")) <= set(asked)


def test_a_question_s_terms_are_distinct() -> None:
    assert question_terms("Removal removal REMOVALS").count("remov") == 1


@given(st.text(max_size=60), st.sampled_from(["en", "fr", ""]))
def test_terms_are_the_same_in_either_case(text: str, language: str) -> None:
    ascii_text = "".join(mark for mark in text if mark.isascii())
    assert terms(ascii_text.upper(), language) == terms(ascii_text.lower(), language)


@given(st.text(max_size=60), st.text(max_size=60))
def test_paragraphs_contribute_their_terms_independently(one: str, other: str) -> None:
    assert terms(f"{one}\n{other}", "en") == terms(one, "en") + terms(other, "en")

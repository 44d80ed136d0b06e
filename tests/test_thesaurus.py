"""What else the words of a question may stand as."""

import pytest

from index.thesaurus import NEAR, SAME, Thesaurus, thesaurus
from index.words import question_terms, terms


def means(lines: str, question: str) -> dict[str, str]:
    """Returns the equivalents of all words of the question together."""
    return {term: kind for found in Thesaurus(lines).equivalents(question).values() for term, kind in found.items()}


@pytest.mark.parametrize(
    ("line", "kind", "back"),
    [
        ("custody = detention", SAME, SAME),
        ("custody ~ detention", NEAR, NEAR),
        ("custody => detention", SAME, None),
        ("custody ~> detention", NEAR, None),
    ],
)
def test_a_sign_tells_how_near_and_which_way(line: str, kind: str, back: str | None) -> None:
    assert means(line, "how long is custody") == {"detent": kind}
    assert means(line, "how long is detention") == ({"custodi": back} if back else {})


def test_terms_on_the_left_of_an_arrow_do_not_stand_for_each_other() -> None:
    assert means("jail, cell => detention", "what is the jail") == {"detent": SAME}


def test_the_same_outdoes_near() -> None:
    assert means("custody ~ detention\ncustody = detention\ncustody ~ detention", "the custody") == {"detent": SAME}


def test_a_form_of_a_word_is_found() -> None:
    assert means("deport = remove", "who was deported in the year") == {"remov": SAME}


def test_a_phrase_gives_its_equivalents_to_each_of_its_words() -> None:
    found = Thesaurus("green card => lawful permanent resident").equivalents("who has a green card")
    assert found == {(word,): {"law perman resid": SAME} for word in ("green", "card")}


def test_a_part_of_a_phrase_is_not_the_phrase() -> None:
    assert means("green card => lawful permanent resident", "what is the green old card") == {}


@pytest.mark.parametrize("question", ["can we send back the man", "can we send these people back", "to send him back"])
def test_words_may_stand_in_a_gap(question: str) -> None:
    assert means("send .. back => remove", question) == {"remov": SAME}


def test_a_gap_is_no_wider_than_three_words() -> None:
    assert means("send .. back => remove", "to send all of these nice people back") == {}


def test_stop_words_of_a_phrase_must_be_there_too() -> None:
    lines = "locked up => detained"
    assert means(lines, "who is locked up") == {"detain": SAME}
    assert means(lines, "who is locked") == {}


def test_a_phrase_of_which_one_term_is_left_is_not_searched_for() -> None:
    assert means("enforce = carry out", "who can enforce the order") == {}


def test_french_and_english_find_each_other() -> None:
    lines = "border = fr:frontière"
    assert means(lines, "what is the border of the state") == {term: SAME for term in terms("frontière", "fr")}
    assert means(lines, "quelle est la frontière du pays") == {"border": SAME}


def test_a_word_is_looked_up_in_the_question_s_language() -> None:
    assert means("sort = kind\nleave => depart", "quelle est la sort de la leave") == {}


def test_a_question_in_no_clear_language_is_looked_up_in_both() -> None:
    assert means("border = fr:frontière", "frontière 2024") == {"border": SAME}
    assert means("border = fr:frontière", "border 2024") == {"frontier": SAME}


@pytest.mark.parametrize("question", ["what does the CBSA do", "what does the cbsa do", "que fait la CBSA au Canada"])
def test_an_abbreviation_belongs_to_both_languages(question: str) -> None:
    assert "border servic" in means("CBSA = border services", question)


def test_a_short_abbreviation_is_one_only_in_capitals() -> None:
    lines = "ICE = customs enforcement"
    assert means(lines, "what does ICE do") == {"custom enforc": SAME}
    assert means(lines, "what does the ice do") == {}


def test_a_word_does_not_stand_for_itself() -> None:
    assert means("remove = removal = renvoi", "who can remove it") == {"renvoi": SAME}


@pytest.mark.parametrize("line", ["detention", "a = b ~ c", "a = ", "= b", "?? = b"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=r"write terms with one kind of sign|no word"):
        Thesaurus(line)


def test_a_question_without_entries_or_words_has_none() -> None:
    assert thesaurus().equivalents("") == {}
    assert thesaurus().equivalents("?! 17,357") == {}


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("How long can people be locked up?", "detained"),
        ("Which states refuse to take their people back?", "recalcitrant"),
        ("Who may represent them, is it a lawyer?", "counsel"),
        ("What papers, what travel papers are there?", "travel document"),
        ("Can they kick these people out?", "removed"),
        ("Qu'est-ce qu'un sursis administratif aux renvois ?", "administrative deferral of removals"),
        ("Combien de renvois en 2024 et par qui ?", "removal"),
        ("Que dit l'ERAR de la loi ?", "PRRA"),
        ("What is the STCA?", "safe third country agreement"),
    ],
)
def test_the_field_s_words_are_in_the_package(asked: str, written: str) -> None:
    found = {term for means in thesaurus().equivalents(asked).values() for term in means}
    assert found & {" ".join(terms(written, "en")), *question_terms(written)}

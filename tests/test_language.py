import pytest

from documents.language import guess_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is the legal basis of the order?", "en"),
        ("How many people were removed?", "en"),
        ("Quelle est la base juridique de la mesure ?", "fr"),
        ("Combien de personnes ont été renvoyées ?", "fr"),
        ("Qu'est-ce que l'AIPRP ?", "fr"),
        ("The agency did not answer in time.", "en"),
        ("L'agence n'a pas répondu à temps.", "fr"),
    ],
)
def test_english_and_french_are_told_apart(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize("text", ["", "12,880", "Somalia Eritrea", "Der Hund bellt", "!?"])
def test_what_is_neither_is_left_open(text: str) -> None:
    assert guess_language(text) == ""


def test_as_many_words_of_both_leave_it_open() -> None:
    assert guess_language("the le") == ""


def test_capitals_make_no_difference() -> None:
    assert guess_language("THE ORDER OF THE MINISTER") == "en"


def test_only_the_beginning_is_looked_at() -> None:
    assert guess_language("the order of the day. " * 300 + "le la les des du " * 2000) == "en"

"""Which mistyped words are read as which, and above all which are left alone."""

import pytest
from fakes import WordHashEmbedder, a_document, fill

from index.spelling import corrections
from index.store import SQLiteStore
from index.vocabulary import Vocabulary, real_words

FAKE = WordHashEmbedder()
TEXT = (
    "Liberia and other recalcitrant countries. The deportation of a child from Liberia was stayed by the house. "
    "The escort was late. Provisional arrangements end."
)


@pytest.fixture
def library(store: SQLiteStore) -> SQLiteStore:
    return fill(store, FAKE, a_document(TEXT))


def read_as(question: str, store: SQLiteStore) -> dict[str, str]:
    return {each.typed: each.meant for each in corrections(question, store)}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recalsitrant", "recalcitrant"),  # one letter changed
        ("recalcitrat", "recalcitrant"),  # left out
        ("recalccitrant", "recalcitrant"),  # added
        ("esocrt", "escort"),  # two swapped
        ("recalsitrent", "recalcitrant"),  # two slips in a long word
        ("esccort", "escort"),
    ],
)
def test_a_slip_is_read_as_the_nearest_word_of_the_documents(library: SQLiteStore, typed: str, meant: str) -> None:
    assert read_as(f"which are the {typed} ones", library) == {typed: meant}


def test_a_correction_tells_the_term_it_is_searched_by(library: SQLiteStore) -> None:
    (each,) = corrections("which are the recalsitrant ones", library)
    assert (each.typed, each.meant, each.term) == ("recalsitrant", "recalcitrant", "recalcitr")


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("recalcitrant", "stands in the documents"),
        ("Recalsitrant", "a capital may be a name's"),
        ("libia", "the only near word is a name"),
        ("liberja", "the only near word is a name"),
        ("libya", "a country"),
        ("chile", "a country, one letter from child"),
        ("horse", "a real word, one letter from house"),
        ("esccrot", "two slips in a short word"),
        ("latx", "short, one letter from late"),
        ("20225", "a number"),
        ("esc0rt", "holds a figure"),
        ("jecalcitrant", "begins with another letter"),
        ("removlas", "nothing near stands in the documents"),
    ],
)
def test_a_word_is_left_alone(library: SQLiteStore, word: str, why: str) -> None:
    assert read_as(f"which are the {word} ones", library) == {}, why


def test_a_word_of_the_thesaurus_is_left_alone(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("The offense was grave."))
    assert real_words("en").isdisjoint({"offence"})
    assert read_as("what is the offence", store) == {}


def test_a_french_slip_is_read_as_a_french_word(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Les mesures de renvoi sont exécutoires et la détention est légale.", language="fr"))
    assert read_as("quelle est la détenttion dans le pays", store) == {"détenttion": "detention"}


def test_an_empty_question_and_an_empty_index_have_none(store: SQLiteStore) -> None:
    assert corrections("", store) == []
    assert corrections("which are the recalsitrant ones", store) == []


def test_a_new_document_s_words_are_known_at_once(library: SQLiteStore) -> None:
    assert read_as("who is a claimamt of the day", library) == {}
    fill(library, FAKE, a_document("Each claimant waits.", "b.txt"))
    assert read_as("who is a claimamt of the day", library) == {"claimamt": "claimant"}


def test_of_equally_near_words_the_commoner_comes_first_then_the_alphabet() -> None:
    one = Vocabulary({"trail": 1, "train": 2, "trait": 1})
    assert [each.word for each in one.nearest("traix", "en")] == ["train", "trail", "trait"]


def test_a_nearer_word_comes_before_a_commoner() -> None:
    words = Vocabulary({"condit": 1, "convict": 9})
    assert words.nearest("condittion", "en")[0].word == "condition"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_real_words_are_known_without_accents(language: str) -> None:
    assert {"en": "horse", "fr": "frontiere"}[language] in real_words(language)
    assert not any(word != word.lower() for word in real_words(language))

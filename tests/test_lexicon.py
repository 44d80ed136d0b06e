"""What equivalents and corrected words weigh beside the words of a question."""

import math

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadSetting
from index.lexicon import OFF, LexiconSettings, Sought, best_saturated, other_scores, other_terms, share_held, sought
from index.store import SQLiteStore
from qa.extract import ExtractiveAnswerer
from qa.features import asked, coverage
from qa.readers import Unread
from qa.retrieve import HybridRetriever, RetrieveSettings
from qa.types import Question
from qa.weights import weights

FAKE = WordHashEmbedder()


def idf(count: int, total: int) -> float:
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


@pytest.fixture
def detained(store: SQLiteStore) -> SQLiteStore:
    texts = ["He was detained.", "They were detained again.", "A bird was locked.", "Bread is baked."]
    return fill(store, FAKE, *(a_document(text, f"{place}.txt") for place, text in enumerate(texts)))


def test_a_word_of_the_documents_keeps_its_weight(detained: SQLiteStore) -> None:
    question = "who was locked up"
    assert [each.idf for each in sought(question, detained)] == [each.idf for each in sought(question, detained, OFF)]


def test_an_equivalent_counts_for_no_more_than_its_own_frequency_allows(detained: SQLiteStore) -> None:
    (word,) = sought("who was locked up", detained)
    assert word.word == ("lock", "locked")
    assert word.idf == pytest.approx(idf(1, 4))
    assert word.others == {"detain": pytest.approx(0.8 * idf(2, 4) / idf(1, 4))}


def test_a_word_in_no_passage_has_the_frequency_of_its_equivalent(detained: SQLiteStore) -> None:
    word = sought("who is in the jail, jailed", detained)[-1]
    assert word.others == {"detain": pytest.approx(0.8)}
    assert word.idf == pytest.approx(idf(2, 4))


def test_a_rare_equivalent_of_a_common_word_weighs_no_more_than_the_word(store: SQLiteStore) -> None:
    fill(
        store, FAKE, *(a_document(f"A lawyer spoke {place}.", f"{place}") for place in range(9)), a_document("Counsel.")
    )
    (word,) = sought("what did the lawyer say", store)[:1]
    assert word.others == {"counsel": 0.8}
    assert word.idf == pytest.approx(idf(9, 10))


def test_equivalents_that_stand_nowhere_are_not_searched_for(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Bread is baked."))
    assert other_terms(sought("who was locked up and deported", store)) == []


def test_a_mistyped_word_counts_for_its_setting(detained: SQLiteStore) -> None:
    (word,) = sought("which are the detaned ones", detained, LexiconSettings(corrected=0.25))[:1]
    assert word.others == {"detain": 0.25}


def test_without_the_lexicon_there_are_no_equivalents(detained: SQLiteStore) -> None:
    assert not any(each.others for each in sought("who was locked up, jailed and detaned", detained, OFF))


@pytest.mark.parametrize("name", ["same", "near", "corrected"])
@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan])
def test_a_weight_out_of_bounds_is_refused(name: str, value: float) -> None:
    with pytest.raises(BadSetting, match=f"{name} is"):
        LexiconSettings(**{name: value})


def test_added_scores_on_paper() -> None:
    # lengths 2, 2: norm = 1.2; one occurrence gives 2.2 / 2.2 = 1, two give 4.4 / 3.2
    words = [Sought(("lock",), 3.0, {"detain": 0.5})]
    assert other_scores([(words, 1.0)], ["detain x", "detain detain"]) == pytest.approx([1.5, 0.5 * 3 * 4.4 / 3.2])


def test_a_text_that_holds_the_word_itself_gets_only_what_the_equivalent_is_better() -> None:
    words = [Sought(("lock",), 3.0, {"detain": 0.5})]
    assert other_scores([(words, 1.0)], ["lock detain", "lock x"]) == pytest.approx([0, 0])


def test_of_several_equivalents_the_best_counts() -> None:
    words = [Sought(("lock",), 3.0, {"detain": 0.5, "custodi": 0.8})]
    one, both = other_scores([(words, 1.0)], ["custodi x", "custodi detain"])
    assert one == both == pytest.approx(2.4)


def test_a_phrase_scores_where_its_terms_follow_each_other() -> None:
    words = [Sought(("green",), 1.0, {"perman resid": 0.8})]
    assert other_scores([(words, 1.0)], ["perman resid", "resid perman", "permanent resid"]) == pytest.approx(
        [0.8, 0, 0]
    )


def test_no_texts_and_no_equivalents_score_nothing() -> None:
    assert other_scores([([Sought(("lock",), 3.0, {"detain": 0.5})], 1.0)], []).tolist() == []
    assert other_scores([([Sought(("lock",), 3.0)], 1.0)], ["lock", ""]).tolist() == [0, 0]


def test_a_share_is_held_by_the_word_an_equivalent_or_a_whole_phrase() -> None:
    others = {"detain": 0.5, "in custodi": 0.8}
    held = [{"lock", "detain"}, {"detain"}, {"in", "custodi"}, {"custodi"}, set()]
    assert [share_held(each, ("lock",), others) for each in held] == [1, 0.5, 0.8, 0, 0]


def test_the_best_form_in_a_row_counts() -> None:
    others = {"detain": 0.5}
    assert best_saturated(["lock"], ("lock",), others, 1.2) == pytest.approx(1)
    assert best_saturated(["detain"], ("lock",), others, 1.2) == pytest.approx(0.5)
    assert best_saturated(["lock", "detain"], ("lock",), others, 1.2) == pytest.approx(1)


def test_a_passage_that_says_it_otherwise_is_found(store: SQLiteStore) -> None:
    papers = [a_document(f"The {word} was long and held at night.", word) for word in ("bread", "train", "detention")]
    fill(store, FAKE, *papers)
    question = Question("Who was locked up?")

    def first(lexicon: LexiconSettings) -> str:
        return HybridRetriever(store, FAKE, RetrieveSettings(lexicon=lexicon)).retrieve(question, 3)[0].passage.info.id

    assert first(LexiconSettings()) == "detention"
    assert first(OFF) != "detention"


def test_a_passage_that_only_equivalents_find_is_a_candidate(store: SQLiteStore) -> None:
    others = [a_document(f"Who was up {place}?", f"{place:02}") for place in range(20)]
    fill(store, FAKE, *others, a_document("Detention.", "found"))
    hits = HybridRetriever(store, FAKE, RetrieveSettings(pool=1)).retrieve(Question("Who was locked up?"), 10)
    assert "found" in [hit.passage.info.id for hit in hits]


def test_a_french_question_finds_an_english_document(store: SQLiteStore) -> None:
    texts = {"a": "Bread is baked at the border.", "b": "A removal order is enforceable.", "c": "Visas are sold."}
    fill(store, FAKE, *(a_document(text, name) for name, text in texts.items()))
    hits = HybridRetriever(store, FAKE).retrieve(Question("Quand la mesure de renvoi est-elle exécutoire ?"), 3)
    assert hits[0].passage.info.id == "b"


def test_a_sentence_that_says_it_otherwise_is_partly_covered(detained: SQLiteStore) -> None:
    question = asked("who was jailed", detained)
    assert coverage(question, {"detain"}) == pytest.approx(0.8)
    assert coverage(asked("who was jailed", detained, OFF), {"detain"}) == 0


def test_the_sentence_that_says_it_otherwise_is_chosen(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Bread is baked at night. The man was detained there. Birds sing."))
    question = Question("Who was locked up?")
    readings = Unread().read("", HybridRetriever(store, FAKE).retrieve(question, 5))
    best = ExtractiveAnswerer(store, weights("none")).candidates(question, readings)[0]
    assert best.text == "The man was detained there."

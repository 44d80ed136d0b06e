"""The contract of PassageStore, over every implementation: what it keeps, and how it ranks."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from conftest import STORES, new_store
from fakes import WordHashEmbedder, a_document, embedded, fill
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.errors import BadQuestion
from documents.split import SplitSettings
from documents.types import Dated, Document, DocumentInfo, Extract, Heading, Passage
from index.types import EmbeddedPassage, Embedding, Match, Where
from index.words import terms
from index.writable import WritableStore

WORDS = "bord cart dorm fund gram hold lamp mint norm park".split()
FAKE = WordHashEmbedder()


@pytest.fixture
def empty(each_store: WritableStore) -> WritableStore:
    return each_store


@pytest.fixture(scope="module", params=STORES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WritableStore]:
    """Sixty documents of one passage; the numbers follow the ids, every twelfth comes twice, with its day."""
    with new_store(request.param, tmp_path_factory.mktemp("filled")) as store:
        yield fill(store, FAKE, *random_documents(60))


def random_documents(count: int) -> list[Document]:
    random = np.random.default_rng(7)
    texts = [" ".join(random.choice(WORDS, random.integers(1, 12))) for _ in range(count)]
    texts[8::12] = texts[0::12]
    days = [None, "2024-01-01", "2025-06-15", "2026-01-01"]
    return [a_document(text, f"{place:03}", day=days[place % 4]) for place, text in enumerate(texts)]


def indexed(document: Document) -> str:
    """What is searched of a document of one passage: its day, if it has one, and its text."""
    dated = document.info.dated
    return f"{dated.in_words('en')} {document.text}" if dated else document.text


def ids(store: WritableStore, matches: Sequence[Match]) -> list[str]:
    found = store.passages([match.number for match in matches])
    return [found[match.number].passage.info.id for match in matches]


def bm25(documents: Sequence[Document], wanted: Sequence[str]) -> dict[str, float]:
    """BM25 by id as SQLite documents it for FTS5: k1 = 1.2, b = 0.75, a term's weight is at least 1e-6."""
    words = {document.info.id: terms(indexed(document), "en") for document in documents}
    average = sum(map(len, words.values())) / len(words)
    scores = dict.fromkeys(words, 0.0)
    for term in wanted:
        holding = sum(term in each for each in words.values())
        weight = max(1e-6, math.log((len(words) - holding + 0.5) / (holding + 0.5)))
        for identity, each in words.items():
            count = each.count(term)
            scores[identity] += weight * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(each) / average))
    return {identity: score for identity, score in scores.items() if score}


@pytest.mark.parametrize("k", [0, 1, 3, 10, 60, 1000])
@pytest.mark.parametrize("question", ["bord cart", "lamp", "norm norm park hold", "unknown"])
def test_nearest_agrees_with_a_ranking_by_numpy(filled: WritableStore, question: str, k: int) -> None:
    vector = FAKE.embed_question(question)
    scores = {each.info.id: float(FAKE.embed_question(indexed(each)) @ vector) for each in random_documents(60)}
    found = filled.nearest(vector, k)
    expected = sorted(scores, key=lambda identity: (-round(scores[identity], 5), identity))[:k]
    assert [match.score for match in found] == pytest.approx([scores[each] for each in expected], abs=1e-5)
    # Which of those that tie with the last have a place is tested below.
    clear = sum(match.score > found[-1].score + 1e-5 for match in found)
    assert ids(filled, found)[:clear] == expected[:clear]


def test_of_the_nearest_tied_at_the_last_place_the_lowest_numbers_stay(empty: WritableStore) -> None:
    fill(empty, FAKE, *(a_document("cart", str(place)) for place in range(6)), a_document("bord", "best"))
    assert ids(empty, empty.nearest(FAKE.embed_question("bord bord cart"), 3)) == ["best", "0", "1"]


def test_of_the_matching_tied_at_the_last_place_the_lowest_numbers_stay(empty: WritableStore) -> None:
    fill(empty, FAKE, *(a_document("cart", str(place)) for place in range(6)), a_document("bord", "best"))
    assert ids(empty, empty.matching(["bord", "cart"], 3)) == ["best", "0", "1"]


@pytest.mark.parametrize("k", [0, 1, 5, 60, 1000])
@pytest.mark.parametrize("wanted", [["bord"], ["cart", "dorm"], ["lamp", "unknown"], WORDS])
def test_matching_agrees_with_bm25_by_hand(filled: WritableStore, wanted: list[str], k: int) -> None:
    scores = bm25(random_documents(60), wanted)
    found = filled.matching(wanted, k)
    expected = sorted(scores, key=lambda identity: (-round(scores[identity], 9), identity))[:k]
    assert ids(filled, found) == expected
    assert [match.score for match in found] == pytest.approx([scores[each] for each in expected], abs=1e-6)


def test_matching_agrees_with_bm25_after_a_removal(empty: WritableStore) -> None:
    filled = fill(empty, FAKE, *random_documents(60))
    filled.remove("005")
    left = [each for each in random_documents(60) if each.info.id != "005"]
    scores = bm25(left, ["mint", "gram"])
    found = filled.matching(["mint", "gram"], 1000)
    assert dict(zip(ids(filled, found), [match.score for match in found], strict=True)) == pytest.approx(scores)


def test_a_phrase_matches_where_its_terms_follow_each_other(empty: WritableStore) -> None:
    fill(empty, FAKE, *(a_document(text, text) for text in ("bord cart", "cart bord", "bord lamp cart")))
    assert ids(empty, empty.matching(["bord cart"], 5)) == ["bord cart"]


def test_the_terms_of_passages_are_those_of_the_context_and_the_text_in_order(empty: WritableStore) -> None:
    fill(empty, FAKE, a_document("The lamp of the cart.", title="A bord"), a_document("Mint.", "b.txt"))
    assert empty.terms_of([2, 1, 99]) == {1: "bord lamp cart", 2: "mint"}
    assert empty.terms_of([]) == {}


def test_the_vocabulary_counts_the_passages_of_each_term(filled: WritableStore) -> None:
    held = [set(terms(indexed(document), "en")) for document in random_documents(60)]
    counts = {word: sum(word in each for each in held) for word in set().union(*held)}
    assert filled.vocabulary().counts == counts
    assert set(WORDS) < set(counts)


def test_the_vocabulary_follows_every_change(empty: WritableStore) -> None:
    assert empty.vocabulary().counts == {}
    fill(empty, FAKE, a_document("lamp", "a"), a_document("cart", "b"))
    assert empty.vocabulary().counts == {"cart": 1, "lamp": 1}
    empty.remove("a")
    assert empty.vocabulary().counts == {"cart": 1}


@pytest.mark.parametrize("wanted", [[], ["unknown"]])
def test_terms_that_no_passage_holds_match_nothing(filled: WritableStore, wanted: list[str]) -> None:
    assert filled.matching(wanted, 5) == []


def both(store: WritableStore, where: Where) -> list[set[str]]:
    vector = FAKE.embed_question("bord")
    return [set(ids(store, store.nearest(vector, 1000, where))), set(ids(store, store.matching(WORDS, 1000, where)))]


def test_a_search_can_be_narrowed_to_documents(filled: WritableStore) -> None:
    assert both(filled, Where(frozenset({"007", "031", "no such"}))) == [{"007", "031"}] * 2


def test_a_search_as_of_a_day_leaves_later_and_undated_documents_out(filled: WritableStore) -> None:
    expected = {f"{place:03}" for place in range(60) if place % 4 in (1, 2)}
    assert both(filled, Where(as_of=date(2025, 6, 15))) == [expected] * 2


def test_documents_without_a_date_are_counted_whatever_the_day(filled: WritableStore) -> None:
    undated = {info.id for info in filled.documents() if info.dated is None}
    assert filled.undated_count() == filled.undated_count(Where(as_of=date(2025, 6, 15))) == len(undated) > 1
    assert filled.undated_count(Where(frozenset({min(undated), "001"}))) == 1
    filled.remove(min(undated))
    assert filled.undated_count() == len(undated) - 1


def test_a_search_can_be_narrowed_by_both(filled: WritableStore) -> None:
    where = Where(frozenset({"001", "002", "003"}), date(2025, 6, 14))
    assert both(filled, where) == [{"001"}] * 2


def test_an_empty_set_of_documents_matches_nothing(filled: WritableStore) -> None:
    assert both(filled, Where(frozenset())) == [set(), set()]


def test_an_empty_store_has_nothing(empty: WritableStore) -> None:
    assert empty.matching(["bord"], 5) == []
    assert empty.documents() == []
    assert empty.passage_count() == 0
    assert empty.term_counts(["bord"]) == {"bord": 0}


def test_an_empty_store_has_nothing_near(empty: WritableStore) -> None:
    assert fill(empty, FAKE).nearest(FAKE.embed_question("bord"), 5) == []


def test_put_replaces_the_document_of_the_same_id(empty: WritableStore) -> None:
    fill(empty, FAKE, a_document("bord cart"), a_document("dorm", "b.txt"), a_document("fund gram"))
    assert empty.document("a.txt").text == "fund gram"
    assert empty.passage_count() == 2
    assert empty.matching(["bord"], 5) == []
    assert set(ids(empty, empty.nearest(FAKE.embed_question("fund"), 5))) == {"a.txt", "b.txt"}


def test_remove_leaves_nothing_of_a_document(empty: WritableStore) -> None:
    fill(empty, FAKE, a_document("bord cart"), a_document("bord", "b.txt"))
    assert empty.remove("a.txt") is True
    assert ids(empty, empty.nearest(FAKE.embed_question("bord"), 5)) == ["b.txt"]
    assert empty.term_counts(["bord", "cart"]) == {"bord": 1, "cart": 0}


def test_removing_what_is_not_there_is_told(empty: WritableStore) -> None:
    assert empty.remove("a.txt") is False


def test_term_counts_count_passages_not_occurrences(empty: WritableStore) -> None:
    fill(empty, FAKE, a_document("bord bord cart"), a_document("bord", "b.txt"))
    assert empty.term_counts(["bord", "cart", "lamp", "bord"]) == {"bord": 2, "cart": 1, "lamp": 0}


def test_a_decimal_is_counted_as_one_term(empty: WritableStore) -> None:
    fill(empty, FAKE, a_document("under section 12.3"))
    assert empty.term_counts(["12.3"]) == {"12.3": 1}


def test_a_document_that_is_not_there_is_a_bad_question(empty: WritableStore) -> None:
    with pytest.raises(BadQuestion, match=r"b\.txt: no document of this id"):
        empty.document("b.txt")


def test_documents_are_told_by_id(empty: WritableStore) -> None:
    fill(empty, FAKE, a_document("bord", "b"), a_document("cart", "a"), a_document("dorm", "C"))
    assert [info.id for info in empty.documents()] == ["C", "a", "b"]


def test_passages_come_in_the_order_asked_for_without_those_that_are_gone(filled: WritableStore) -> None:
    numbers = [match.number for match in filled.nearest(FAKE.embed_question("bord"), 1000)]
    for read in (filled.passages, filled.plain_passages, filled.vectors_of):
        assert list(read([*numbers[::-1], 10**9])) == numbers[::-1]


def test_what_is_read_of_a_passage_apart_is_what_it_holds(filled: WritableStore) -> None:
    numbers = [match.number for match in filled.nearest(FAKE.embed_question("bord"), 1000)]
    plain, placed = filled.plain_passages(numbers), filled.vectors_of(numbers)
    for number, each in filled.passages(numbers).items():
        assert plain[number] == each.passage
        assert (placed[number].document, placed[number].start) == (each.passage.info.id, each.passage.start)
        assert (placed[number].embedding.whole == each.embedding.whole).all()
        assert (placed[number].embedding.spans == each.embedding.spans).all()


def test_a_span_is_found_in_the_passage_that_holds_it(empty: WritableStore) -> None:
    document = a_document("One two three. Four five six.")
    empty.put(document, embedded(document, FAKE, SplitSettings(16, 0)), origin="")
    passage = empty.passage_at("a.txt", 4, 7)
    assert passage is not None
    assert passage.text == document.text
    assert empty.passage_at("a.txt", 4, 10**6) is None
    assert empty.passage_at("b.txt", 4, 7) is None


def test_every_field_of_a_document_is_kept(empty: WritableStore) -> None:
    dated = Dated(date(2025, 8, 2), "date line", "it reads «two» ways", sure=False)
    info = DocumentInfo(
        "dossier/ü 1.pdf", "Titre", "f" * 64, dated, "fr", "Reuters", "https://example.org/a", 3, (2,), "press", "Été"
    )
    document = Document(info, "Été 🙂.\n\nSuite.", (Heading(0, 3, 2), Heading(8, 13, 1)), (0, 8))
    empty.put(document, [], origin="here")
    assert empty.document(info.id) == document
    assert empty.documents() == [info]


def test_every_field_of_a_passage_is_kept(empty: WritableStore) -> None:
    document = a_document("Partie 1\n\nUne phrase 🙂. Une autre.\n\nFin.", headings=["Partie 1"], page_starts=[0, 10])
    before = embedded(document, FAKE, SplitSettings(16, 0))
    fill(empty, FAKE, document, settings=SplitSettings(16, 0))
    numbers = sorted(match.number for match in empty.nearest(FAKE.embed_question("phrase"), 10))
    after = list(empty.passages(numbers).values())
    assert [each.passage for each in after] == [each.passage for each in before]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one.embedding.whole, other.embedding.whole)
        np.testing.assert_allclose(one.embedding.spans, other.embedding.spans, atol=1e-3)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40), st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_slice_of_any_text_comes_back_as_it_was(empty: WritableStore, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    document = a_document(text)
    assert kept(empty, Passage(document.info, start, end, text[start:end], ((start, end),)), document)


def test_a_passage_without_sentences_comes_back(empty: WritableStore) -> None:
    document = a_document("- -")
    assert kept(empty, Passage(document.info, 0, 3, "- -"), document)


def test_lead_ins_come_back_in_their_order_with_those_of_no_sentence_empty(empty: WritableStore) -> None:
    text = "Ceux qui « été » 🙂\n(a) vont\n(i) loin."
    outer, inner = (Extract(start, start + len(each), each) for each, start in ((text[:18], 0), ("(a) vont", 19)))
    passage = Passage(a_document(text).info, 0, len(text), text, ((0, 18), (19, 27), (28, 37)))
    assert kept(empty, replace(passage, lead_ins=((), (outer,), (outer, inner))), a_document(text))
    assert kept(empty, replace(passage, lead_ins=((), (), ())), a_document(text))


def test_a_passage_is_found_by_the_words_that_lead_up_to_it(empty: WritableStore) -> None:
    document = a_document("Officers hold everyone who\n(a) gave no papers to them at the border this year;\n(b) fled.")
    fill(empty, FAKE, document, settings=SplitSettings(16, 0))
    found = empty.passages([match.number for match in empty.matching(["offic"], 5)])
    assert {each.passage.text[-9:] for each in found.values()} == {"his year;", "(b) fled."}


def test_a_passage_is_found_by_the_date_of_its_document(empty: WritableStore) -> None:
    fill(empty, FAKE, a_document("bord", "a", day="2025-08-04"), a_document("bord", "b", day="2025-07-04"))
    assert ids(empty, empty.matching(["august"], 5)) == ["a"]


def kept(store: WritableStore, passage: Passage, document: Document) -> bool:
    vector = FAKE.embed_question(passage.text)
    spans = np.tile(vector, (len(passage.sentences), 1))
    store.put(document, [EmbeddedPassage(passage, Embedding(vector, spans))], origin="")
    (match,) = store.nearest(vector, 5)
    return store.passages([match.number])[match.number].passage == passage

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadSetting
from index.store import SQLiteStore
from qa.extract import ExtractiveAnswerer, ExtractSettings
from qa.readers import Unread
from qa.retrieve import HybridRetriever
from qa.types import Candidate, Question
from qa.weights import weights

FAKE = WordHashEmbedder()
TEXT = "Removals rose in the year. Somalia gave no papers to them. The minister spoke about bread."


def found(store: SQLiteStore, question: str, settings: ExtractSettings | None = None) -> list[Candidate]:
    readings = Unread().read(question, HybridRetriever(store, FAKE).retrieve(Question(question), 10))
    return ExtractiveAnswerer(store, weights("none"), settings).candidates(Question(question), readings)


@pytest.fixture
def answerer(store: SQLiteStore) -> ExtractiveAnswerer:
    fill(store, FAKE, a_document(TEXT))
    return ExtractiveAnswerer(store, weights("none"))


def test_the_sentence_with_the_question_s_words_comes_first(store: SQLiteStore, answerer: ExtractiveAnswerer) -> None:
    assert found(store, "Which papers of Somalia?")[0].text == "Somalia gave no papers to them."


def test_every_sentence_of_the_passages_is_a_candidate(store: SQLiteStore, answerer: ExtractiveAnswerer) -> None:
    assert sorted(each.span for each in found(store, "bread")) == [(0, 26), (27, 58), (59, 90)]


def test_candidates_come_best_first(store: SQLiteStore, answerer: ExtractiveAnswerer) -> None:
    scores = [each.score for each in found(store, "the minister of removals")]
    assert scores == sorted(scores, reverse=True)


def test_quotes_are_slices_of_the_document(store: SQLiteStore, answerer: ExtractiveAnswerer) -> None:
    for citation in answerer.citations(found(store, "papers")):
        assert TEXT[citation.start : citation.end] == citation.quote


def test_headings_and_stray_marks_are_not_quoted(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("Somalia papers\n\n* * *\n\n12 — 13\n\nSomalia gave no papers to them."))
    assert [each.text for each in found(store, "Somalia papers")] == ["Somalia gave no papers to them."]


def test_no_hits_have_no_candidates(answerer: ExtractiveAnswerer) -> None:
    assert answerer.candidates(Question("papers"), []) == []


def test_no_candidates_have_no_citations(answerer: ExtractiveAnswerer) -> None:
    assert answerer.citations([]) == []


def test_the_same_words_are_not_quoted_twice(store: SQLiteStore) -> None:
    same = ["Somalia gave no papers to them.", "Somalia  gave no papers to them.", "SOMALIA gave no papers to them."]
    fill(store, FAKE, *(a_document(text, f"{place}.txt") for place, text in enumerate(same)))
    quotes = ExtractiveAnswerer(store, weights("none")).citations(found(store, "Somalia papers"))
    assert [each.quote for each in quotes] == same[:1]
    assert [each.id for each in quotes[0].older] == ["1.txt", "2.txt"]


def test_of_documents_that_hold_one_sentence_the_newest_is_quoted_and_names_the_others_newest_first(
    store: SQLiteStore,
) -> None:
    days = {"a": "2024-01-01", "b": "2025-06-01", "c": None, "d": "2025-01-01"}
    text = "Somalia gave no papers to them."
    fill(store, FAKE, *(a_document(text, name, day=day, title=name) for name, day in days.items()))
    (quote,) = ExtractiveAnswerer(store, weights("none")).citations(found(store, "Somalia papers"))
    assert (quote.passage.info.id, [each.id for each in quote.older]) == ("b", ["d", "a", "c"])


def test_items_of_the_same_words_under_other_lead_ins_are_both_quoted(store: SQLiteStore) -> None:
    texts = (
        "A claimant is held who\n(a) gave no papers to them;",
        "A claimant is free who\n(a) gave no papers to them;",
    )
    fill(store, FAKE, *(a_document(text, f"{place}.txt") for place, text in enumerate(texts)))
    settings = ExtractSettings(gap=100)
    quotes = ExtractiveAnswerer(store, weights("none"), settings).citations(found(store, "gave papers to them"))
    items = [each for each in quotes if each.quote.startswith("(a)")]
    assert sorted((each.passage.info.id, each.older) for each in items) == [("0.txt", ()), ("1.txt", ())]


@pytest.mark.parametrize("quotes", [1, 2, 3])
def test_no_more_than_the_set_number_is_quoted(store: SQLiteStore, answerer: ExtractiveAnswerer, quotes: int) -> None:
    settings = ExtractSettings(quotes=quotes, gap=100)
    assert len(ExtractiveAnswerer(store, weights("none"), settings).citations(found(store, "papers"))) == quotes


def test_sentences_far_below_the_best_are_not_quoted(store: SQLiteStore, answerer: ExtractiveAnswerer) -> None:
    candidates = found(store, "Somalia gave no papers to them")
    settings = ExtractSettings(gap=candidates[0].score - candidates[1].score - 0.01)
    assert len(ExtractiveAnswerer(store, weights("none"), settings).citations(candidates)) == 1


def test_ties_go_by_id_and_place(store: SQLiteStore) -> None:
    fill(store, FAKE, *(a_document("Papers are given. Papers are given.", name) for name in "ba"))
    assert [(each.hit.passage.info.id, each.span[0]) for each in found(store, "papers")] == [
        ("a", 0),
        ("a", 18),
        ("b", 0),
        ("b", 18),
    ]


def test_a_score_is_the_weighted_sum_of_the_features(store: SQLiteStore, answerer: ExtractiveAnswerer) -> None:
    selection = weights("none").selection
    for each in found(store, "papers of Somalia"):
        by_hand = sum(selection.get(name, 0) * value for name, value in each.features.items())
        assert each.score == pytest.approx(by_hand, abs=1e-6)


@pytest.mark.parametrize("settings", [{"quotes": 0}, {"quotes": 21}])
def test_settings_out_of_bounds_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(BadSetting, match="choose between"):
        ExtractSettings(**settings)


def test_a_negative_gap_is_refused() -> None:
    with pytest.raises(BadSetting):
        ExtractSettings(gap=-1)


def test_an_item_of_a_list_is_cited_with_what_leads_up_to_it(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("A foreign national is held who\n(a) gave no papers;\n(b) is a danger to them."))
    best = ExtractiveAnswerer(store, weights("none")).citations(found(store, "danger"))[0]
    assert (best.quote, [lead.text for lead in best.lead_ins]) == (
        "(b) is a danger to them.",
        ["A foreign national is held who"],
    )


def test_the_lead_in_counts_as_context_of_the_item(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document("A foreign national is held who\n(a) gave no papers;\n(b) is a danger to them."))
    by_text = {each.text: each.features for each in found(store, "foreign danger")}
    assert by_text["(b) is a danger to them."]["context_coverage"] == pytest.approx(1)


LIST = "A foreign national is held who\n(a) gave no papers;\n(b) is a danger to them.\nNobody else is."


def test_what_leads_up_to_a_list_is_quoted_with_its_items(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document(LIST))
    candidates = found(store, "foreign national held")
    assert candidates[0].text == "A foreign national is held who"
    settings = ExtractSettings(gap=100)
    quotes = ExtractiveAnswerer(store, weights("none"), settings).citations(candidates)
    assert quotes[0].quote == "A foreign national is held who\n(a) gave no papers;\n(b) is a danger to them."
    assert LIST[quotes[0].start : quotes[0].end] == quotes[0].quote
    assert [each.quote for each in quotes[1:]] == ["Nobody else is."]


def test_what_leads_up_to_a_quoted_item_is_not_quoted_again(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document(LIST))
    settings = ExtractSettings(gap=100)
    quotes = ExtractiveAnswerer(store, weights("none"), settings).citations(found(store, "danger to them"))
    assert quotes[0].quote == "(b) is a danger to them."
    assert not any(each.quote.startswith("A foreign national") for each in quotes)

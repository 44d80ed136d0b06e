from dataclasses import replace

import pytest
from fakes import WordHashEmbedder, a_document, embedded, fill

from documents.types import Extract
from index.store import SQLiteStore
from qa.cite import said, stands, verified
from qa.types import Citation

FAKE = WordHashEmbedder()
TEXT = "Somalia gave no papers. Canada did."


@pytest.fixture
def citation(store: SQLiteStore) -> Citation:
    fill(store, FAKE, a_document(TEXT))
    return Citation(embedded(a_document(TEXT), FAKE)[0].passage, 0, 23, "Somalia gave no papers.")


def test_a_quote_at_its_place_stands(citation: Citation) -> None:
    assert stands(citation, TEXT)


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "Somalia gave no paper."},
        {"quote": "somalia gave no papers."},
        {"start": 1, "end": 24},
        {"end": 24},
        {"start": 100, "end": 123},
        {"quote": "", "start": 0, "end": 0},
    ],
    ids=["word", "case", "moved", "longer", "outside", "empty"],
)
def test_a_quote_that_differs_does_not_stand(citation: Citation, change: dict[str, object]) -> None:
    assert not stands(replace(citation, **change), TEXT)


def test_the_quotes_that_stand_are_kept_in_order(store: SQLiteStore, citation: Citation) -> None:
    other = replace(citation, start=24, end=35, quote="Canada did.")
    false = replace(citation, quote="Somalia gave the papers.")
    assert verified([other, false, citation], store) == [other, citation]


def test_quotes_of_a_document_that_has_changed_are_dropped(store: SQLiteStore, citation: Citation) -> None:
    fill(store, FAKE, a_document("Eritrea gave no papers."))
    assert verified([citation], store) == []


def test_quotes_of_a_document_that_was_removed_meanwhile_are_dropped(store: SQLiteStore, citation: Citation) -> None:
    store.remove("a.txt")
    assert verified([citation], store) == []


def test_no_citations_are_verified_to_none(store: SQLiteStore) -> None:
    assert verified([], store) == []


def test_a_citation_has_the_page_of_its_passage(citation: Citation) -> None:
    assert replace(citation, passage=replace(citation.passage, page=7)).page == 7


LIST = "Officers hold a person who\n(a) gave no papers;\n(b) has been in\n(i) a camp, or\n(ii) a prison."
OUTER = Extract(0, 26, "Officers hold a person who")
INNER = Extract(47, 62, "(b) has been in")


def of_list(quote: str, *leads: Extract) -> Citation:
    start = LIST.index(quote)
    return Citation(embedded(a_document(LIST), FAKE)[0].passage, start, start + len(quote), quote, leads)


def test_a_quote_stands_with_its_lead_ins() -> None:
    assert stands(of_list("(i) a camp, or", OUTER, INNER), LIST)


@pytest.mark.parametrize(
    "lead",
    [Extract(47, 62, "(b) has been at"), Extract(48, 63, INNER.text), Extract(47, 61, INNER.text), Extract(5, 5, "")],
    ids=["words", "moved", "shorter", "empty"],
)
def test_a_quote_with_a_lead_in_that_differs_does_not_stand(lead: Extract) -> None:
    assert not stands(of_list("(i) a camp, or", OUTER, lead), LIST)
    assert not stands(of_list("(i) a camp, or", lead, INNER), LIST)


def test_quotes_whose_lead_ins_have_changed_are_dropped(store: SQLiteStore) -> None:
    fill(store, FAKE, a_document(LIST))
    true, false = (of_list("(a) gave no papers;", lead) for lead in (OUTER, replace(OUTER, text="Officers free them")))
    assert verified([false, true], store) == [true]


def test_quotes_are_said_with_their_markers() -> None:
    assert (
        said([of_list("(a) gave no papers;"), of_list("(ii) a prison.")])
        == "(a) gave no papers; [1] (ii) a prison. [2]"
    )


def test_an_item_is_said_after_its_lead_ins_outermost_first() -> None:
    item = of_list("(i) a camp, or", OUTER, INNER)
    assert said([item]) == "Officers hold a person who … (b) has been in … (i) a camp, or [1]"


def test_items_of_one_list_share_their_lead_ins() -> None:
    items = [of_list(quote, OUTER, INNER) for quote in ("(i) a camp, or", "(ii) a prison.")]
    assert said(items) == "Officers hold a person who … (b) has been in … (i) a camp, or [1] (ii) a prison. [2]"


def test_items_of_different_lists_are_said_with_all_their_lead_ins() -> None:
    items = [of_list("(a) gave no papers;", OUTER), of_list("(i) a camp, or", OUTER, INNER)]
    assert said(items) == (
        "Officers hold a person who … (a) gave no papers; [1] "
        "Officers hold a person who … (b) has been in … (i) a camp, or [2]"
    )


def test_lead_ins_are_said_again_after_a_quote_that_has_none() -> None:
    items = [of_list("(a) gave no papers;", OUTER), of_list("(ii) a prison."), of_list("(b) has been in", OUTER)]
    assert said(items).count("Officers hold a person who …") == 2


def test_no_citations_say_nothing() -> None:
    assert said([]) == ""

from dataclasses import replace

import pytest
from fakes import WordHashEmbedder, a_document, embedded, fill

from index.store import SQLiteStore
from qa.cite import stands, verified
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

"""What a passage says of where it stands."""

from dataclasses import replace
from datetime import date

import pytest

from documents.types import Dated, DocumentInfo, Extract, Passage

LEAD = Extract(0, 17, "The officer shall")
INNER = Extract(18, 33, "(b) arrest one:")


def a_passage(dated: Dated | None = None, language: str = "en", **more) -> Passage:
    info = DocumentInfo("a.txt", "The Act", "0" * 64, dated, language)
    return Passage(info, 40, 48, "(i) all.", ((40, 48),), **more)


@pytest.mark.parametrize(("language", "words"), [("en", "4 August 2025"), ("fr", "4 août 2025"), ("", "4 August 2025")])
def test_a_date_is_said_in_the_words_of_the_language(language: str, words: str) -> None:
    assert Dated(date(2025, 8, 4), "metadata").in_words(language) == words


def test_the_first_and_the_last_month_have_their_names() -> None:
    days = [Dated(date(2025, month, 1), "metadata") for month in (1, 12)]
    assert [each.in_words("en") for each in days] == ["1 January 2025", "1 December 2025"]
    assert [each.in_words("fr") for each in days] == ["1 janvier 2025", "1 décembre 2025"]


def test_the_section_is_the_title_the_date_and_the_headings() -> None:
    passage = a_passage(Dated(date(2025, 8, 4), "metadata"), headings=("Part 1", "Stays"))
    assert passage.section == "The Act > 4 August 2025 > Part 1 > Stays"


def test_a_date_that_is_not_sure_is_not_in_the_section() -> None:
    assert a_passage(Dated(date(2025, 8, 4), "metadata", sure=False)).section == "The Act"


def test_what_is_said_already_is_not_said_again() -> None:
    passage = a_passage(Dated(date(2025, 8, 4), "metadata"), headings=("The Act", "Part 1", "4 August 2025", "Part 1"))
    assert passage.section == "The Act > 4 August 2025 > Part 1"


def test_a_passage_without_title_date_and_headings_has_no_section() -> None:
    passage = replace(a_passage(), info=DocumentInfo("a.txt", "", "0" * 64))
    assert (passage.section, passage.context) == ("", "")


def test_the_context_is_the_section_and_what_leads_up_to_the_first_sentence() -> None:
    passage = a_passage(headings=("Part 1",), lead_ins=((LEAD, INNER), (LEAD,)))
    assert passage.context == "The Act > Part 1 > The officer shall > (b) arrest one:"
    assert passage.section == "The Act > Part 1"


def test_what_leads_up_to_a_later_sentence_is_no_context_of_the_passage() -> None:
    assert a_passage(lead_ins=((), (LEAD,))).context == "The Act"


def test_each_sentence_has_its_own_lead_ins() -> None:
    passage = a_passage(lead_ins=((), (LEAD,), (LEAD, INNER)))
    assert [passage.leads_of(place) for place in range(3)] == [(), (LEAD,), (LEAD, INNER)]


def test_sentences_of_a_passage_without_lead_ins_have_none() -> None:
    assert a_passage().leads_of(0) == a_passage().leads_of(7) == ()

"""Lead-ins of list items."""

import pytest

from documents.outline import lead_ins
from documents.sentences import sentence_spans


def leads(text: str, *headings: str) -> dict[str, list[str]]:
    """Returns the lead-ins of every sentence that has any, by the sentence's text."""
    spans = sentence_spans(text)
    found = lead_ins(text, spans, {text.index(heading) for heading in headings})
    return {
        text[start:end]: [text[low:high] for low, high in each]
        for (start, end), each in zip(spans, found, strict=True)
        if each
    }


STATUTE = """55 (2) An officer may arrest and detain a foreign national who
(a) is unlikely to appear;
(b) has been convicted of
(i) a sexual offence, or
(ii) an offence involving weapons; or
(c) is a danger to the public.
(3) Nothing else is grounds for detention."""


def test_an_item_has_the_sentence_that_its_list_continues() -> None:
    assert leads(STATUTE)["(a) is unlikely to appear;"] == [
        "55 (2) An officer may arrest and detain a foreign national who"
    ]


def test_an_item_after_a_list_within_the_list_still_has_it() -> None:
    assert leads(STATUTE)["(c) is a danger to the public."] == leads(STATUTE)["(a) is unlikely to appear;"]


def test_an_item_of_a_list_within_a_list_has_both_outermost_first() -> None:
    assert leads(STATUTE)["(ii) an offence involving weapons; or"] == [
        "55 (2) An officer may arrest and detain a foreign national who",
        "(b) has been convicted of",
    ]


def test_a_subsection_that_is_a_whole_sentence_stands_alone() -> None:
    assert "(3) Nothing else is grounds for detention." not in leads(STATUTE)


def test_i_after_h_is_a_letter_and_not_a_number() -> None:
    text = "A person is exempt who\n" + "\n".join(f"({letter}) has reason {letter};" for letter in "abcdefghij")
    assert leads(text)["(i) has reason i;"] == ["A person is exempt who"]
    assert leads(text)["(j) has reason j;"] == ["A person is exempt who"]


def test_items_with_a_capital_need_a_lead_in_only_after_a_colon() -> None:
    assert leads("The following are exempt:\n(a) Children.\n(b) Crew.")["(b) Crew."] == ["The following are exempt:"]
    assert leads("Some are exempt\n(a) Children are exempt.\n(b) Crew are exempt.") == {}


@pytest.mark.parametrize("bullet", ["-", "•", "*"])
def test_bullets_are_items(bullet: str) -> None:
    text = f"The person must bring:\n{bullet} a passport\n{bullet} a ticket\nThe office is open."
    assert leads(text) == {"a passport": ["The person must bring:"], "a ticket": ["The person must bring:"]}


def test_numbered_lines_are_items() -> None:
    assert leads("Bring these:\n1. a passport\n2. a ticket")["2. a ticket"] == ["Bring these:"]


def test_a_new_list_of_the_same_kind_has_its_own_lead_in() -> None:
    text = "One must\n(a) come;\n(b) stay.\nAnother may\n(a) go;\n(b) return."
    assert leads(text)["(b) return."] == ["Another may"]


def test_an_item_whose_list_began_out_of_sight_has_none() -> None:
    text = "One must\n(a) come;\n(c) stay.\nSec. 2. Other things. (a) All is well.\n(b) within ten days it ends."
    assert "(b) within ten days it ends." not in leads(text)


def test_no_list_reaches_across_a_heading() -> None:
    text = "One must\n(a) come;\nPart 2\n(b) within ten days it ends."
    assert "(b) within ten days it ends." not in leads(text, "Part 2")


def test_a_finished_sentence_leads_up_to_nothing() -> None:
    assert leads("One must come.\n(a) otherwise not.") == {}


def test_french_statutes_have_lead_ins_too() -> None:
    text = "55 (2) L’agent peut arrêter l’étranger qui :\na) constitue un danger;\nb) se soustraira au renvoi."
    assert leads(text)["b) se soustraira au renvoi."] == ["55 (2) L’agent peut arrêter l’étranger qui :"]


def test_ordinary_prose_has_none() -> None:
    assert leads("Officials met today. They spoke (a) long and (b) well. It ended.\n\nA second paragraph.") == {}


def test_no_sentences_have_no_lead_ins() -> None:
    assert lead_ins("", []) == []

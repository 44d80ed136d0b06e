"""Values as HTML: every text is escaped, every quote stands marked where its offsets say."""

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from fakes import a_document

from documents.types import Dated, Document, DocumentInfo, Heading, OcrPage, Passage
from page.address import question_at
from page.document import document_html, document_page
from page.places import place
from page.render import answer_html, citation_text, head_html, notice_html, related_html
from page.sources import around_html, sources_html
from page.wording import Wording
from qa.link import document_link
from qa.types import Answer, Citation, DatedFigure, Hit, Question

TEXT = "Fees\n\nThe <b>fee</b> is $7 & *due* now.\nNothing else is owed."
INFO = DocumentInfo("a b/fees.txt", 'The "fees" <list>', "", Dated(date(2025, 8, 2), "date line"))
PASSAGE = Passage(INFO, 6, len(TEXT), TEXT[6:], ((6, 38), (39, 60)), ("Fees",), 3)
QUOTE = Citation(PASSAGE, 6, 38, TEXT[6:38])
HIT = Hit(PASSAGE, 1.0, 0.5, (0.5, 0.1))


def an_answer(*citations: Citation) -> Answer:
    text = " ".join(each.quote for each in citations) or "The documents do not answer this question."
    return Answer(Question("What?"), "What?", text, 0.9, citations, (HIT,))


def visible(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def test_an_answer_shows_its_quote_character_for_character() -> None:
    assert f"“{QUOTE.quote}” [1]" in visible(answer_html(an_answer(QUOTE)))


def test_a_french_quote_stands_in_french_marks_and_is_said_to_be_french() -> None:
    passage = replace(PASSAGE, info=replace(INFO, language="fr"))
    answer = an_answer(replace(QUOTE, passage=passage))
    assert f"«\u00a0{QUOTE.quote}\u00a0» [1]" in visible(answer_html(answer))
    assert '<span lang="fr">' in answer_html(answer)
    assert '<blockquote lang="fr">' in sources_html(answer)
    assert f"«\u00a0{QUOTE.quote}\u00a0» [1]" in citation_text(answer)


def test_an_answer_is_one_line_so_that_markdown_leaves_it_alone() -> None:
    spread = Citation(PASSAGE, 6, 60, TEXT[6:60])
    assert "\n" not in answer_html(an_answer(spread))


OWED = Citation(PASSAGE, 39, 60, TEXT[39:60])


@pytest.mark.parametrize(("question", "set_apart"), [("What is the fee?", True), ("Which fees are owed?", False)])
def test_what_follows_the_answer_to_one_question_is_set_apart(question: str, set_apart: bool) -> None:
    answer = replace(an_answer(QUOTE, OWED), question=Question(question))
    assert ("[1]Also in the documents“" in visible(answer_html(answer))) == set_apart
    assert "Also" not in answer_html(replace(answer, citations=(QUOTE,)))


def test_copied_text_sets_apart_what_follows_the_answer() -> None:
    answer = replace(an_answer(QUOTE, OWED), question=Question("What is the fee?"))
    assert citation_text(answer).split("\n")[1:3] == ["Also in the documents:", "“Nothing else is owed” [2]"]
    assert "Also" not in citation_text(replace(answer, question=Question("Which fees are owed?")))
    asked_in_french = replace(answer, question=Question("Quel est le montant à payer ?"))
    assert citation_text(asked_in_french).split("\n")[1] == "Aussi dans les documents :"


def test_an_answer_says_how_many_documents_its_day_left_out_for_want_of_a_date() -> None:
    for answer in (an_answer(QUOTE), an_answer()):
        assert "without a date" not in answer_html(answer)
        assert "1 document without a date was left out." in visible(answer_html(replace(answer, undated=1)))
        assert "1,200 documents without a date were left out." in visible(answer_html(replace(answer, undated=1200)))
        french = visible(answer_html(replace(answer, undated=2), Wording("fr")))
        assert "2 documents sans date laissés de côté." in french


def an_answer_that_differs() -> Answer:
    newer = DatedFigure("$7 & *due*", "As of <2025>", date(2025, 1, 1), None, (QUOTE,))
    older = DatedFigure("Nothing", "As of 2024", date(2024, 1, 1), None, (OWED, QUOTE))
    return replace(an_answer(QUOTE, OWED), disagreement=(newer, older))


def test_figures_that_differ_stand_below_the_quotes_with_their_dates_and_markers() -> None:
    shown = visible(answer_html(an_answer_that_differs()))
    assert "As of <2025>$7 & *due* [1]As of 2024Nothing [2] [1]" in shown


def test_each_marker_of_a_figure_that_differs_opens_its_source() -> None:
    listed = answer_html(an_answer_that_differs()).split("<dl>")[1]
    places = re.findall(r'href="(document[^"]+)"', listed)
    assert [html.unescape(each) for each in places] == [
        document_link(INFO.id, 6, 38),
        document_link(INFO.id, 39, 60),
        document_link(INFO.id, 6, 38),
    ]


def test_three_quotes_are_shown_where_figures_differ_and_the_others_beside_their_figures() -> None:
    four = tuple(Citation(PASSAGE, start, start + 3, TEXT[start : start + 3]) for start in (6, 10, 20, 39))
    answer = replace(
        an_answer(*four), disagreement=(DatedFigure("Not", "As of 2024", date(2024, 1, 1), None, four[3:]),)
    )
    assert answer_html(answer).count('class="quote"') == 3
    assert sources_html(answer).count("<article") == 4


def test_a_copied_answer_holds_the_figures_that_differ() -> None:
    assert "As of 2024: Nothing [2][1]." in citation_text(an_answer_that_differs())


def test_a_source_marks_the_quote_inside_its_passage() -> None:
    marked = re.findall(r"<mark>(.*?)</mark>", sources_html(an_answer(QUOTE)), re.DOTALL)
    assert [html.unescape(each) for each in marked] == [QUOTE.quote]


def test_a_source_shows_the_whole_passage() -> None:
    quoted = re.search(r"<blockquote>(.*?)</blockquote>", sources_html(an_answer(QUOTE)), re.DOTALL)
    assert quoted is not None
    assert visible(quoted[1]) == PASSAGE.text


@pytest.mark.parametrize(
    "markup",
    [
        answer_html(an_answer(QUOTE)),
        sources_html(an_answer(QUOTE)),
        sources_html(an_answer()),
        document_html(a_document(TEXT), 6, 38),
        document_page(Document(INFO, TEXT), 6, 38, ""),
        notice_html(TEXT),
    ],
)
def test_nothing_of_a_document_is_markup(markup: str) -> None:
    assert "<b>" not in markup
    assert "<list>" not in markup


def test_a_refusal_names_the_closest_passages_and_marks_nothing() -> None:
    shown = sources_html(an_answer())
    assert "Closest passages" in shown
    assert "<mark>" not in shown


def test_a_link_opens_the_document_at_the_quote() -> None:
    assert document_link("a b/é.txt", 6, 38) == "document?id=a+b%2F%C3%A9.txt&start=6&end=38#quote"


def test_a_document_is_shown_whole_with_the_quote_marked() -> None:
    markup = document_html(a_document(TEXT), 6, 38)
    assert visible(markup) == TEXT
    assert re.findall(r'<mark id="quote">(.*?)</mark>', markup) == [html.escape(QUOTE.quote)]


def test_a_quote_over_a_heading_and_a_page_is_marked_in_pieces_with_one_anchor() -> None:
    document = Document(INFO, TEXT, (Heading(0, 4, 1),), (0, 20))
    markup = document_html(document, 0, 38)
    assert visible(markup) == "Page 1" + TEXT[:20] + "Page 2" + TEXT[20:]
    assert (markup.count('id="quote"'), markup.count("<mark") > 1) == (1, True)


def test_offsets_outside_the_document_mark_nothing() -> None:
    assert visible(document_html(a_document(TEXT), 900, 950)) == TEXT


def test_a_document_page_tells_why_its_date_is_read_so() -> None:
    info = DocumentInfo("a.txt", "A", "", Dated(date(2025, 8, 2), "date line", "2/8/2025 is read day first"))
    assert "2/8/2025 is read day first" in document_page(Document(info, "Text"), 0, 0, "")


def test_an_address_that_is_no_web_address_is_not_shown() -> None:
    info = DocumentInfo("a.txt", "A", "", url="javascript:alert(1)")
    assert "javascript" not in document_page(Document(info, "Text"), 0, 0, "")


def test_a_copied_answer_names_its_sources() -> None:
    assert citation_text(an_answer(QUOTE)) == f'“{QUOTE.quote}” [1]\n\n[1] The "fees" <list>, 2025-08-02, p. 3'


FRENCH = Wording("fr")


def test_a_french_page_says_in_french_what_is_not_quoted() -> None:
    shown = visible(answer_html(an_answer(QUOTE), FRENCH))
    assert f"“{QUOTE.quote}” [1]" in shown
    assert "Confiance : élevée" in shown
    assert "(90\u00a0%)" in shown
    assert "de 2\u202f000 documents" in visible(head_html(2000, FRENCH))
    assert "Les documents ne répondent pas à cette question." in visible(answer_html(an_answer(), FRENCH))
    assert "Passages les plus proches" in sources_html(an_answer(), FRENCH)


def test_the_head_leads_to_the_other_language() -> None:
    assert 'href="/fr/"' in head_html(3)
    assert 'href="/"' in head_html(3, FRENCH)


def test_an_answer_carries_the_address_that_asks_it_again() -> None:
    for answer in (an_answer(QUOTE), an_answer()):
        held = re.search(r'class="link" href="\?([^"]*)"', answer_html(answer))
        assert held is not None
        assert question_at(html.unescape(held[1])) == Question("What?")


def test_a_marker_tells_where_its_quote_stands() -> None:
    chip = re.search(r'<a class="chip"[^>]*title="([^"]*)"', answer_html(an_answer(QUOTE)))
    assert chip is not None
    assert html.unescape(chip[1]) == f"Source 1: {place(INFO, 3)}"


def test_what_stands_around_a_quote_is_the_document_s_text() -> None:
    long = "a" * 2000 + TEXT + "z" * 2000
    shown = around_html(a_document(long), 2006, 2038)
    assert html.unescape(re.findall(r"<mark>(.*?)</mark>", shown)[0]) == long[2006:2038]
    assert visible(shown) == f"… {long[506:3538]} …"


def test_topics_are_links_that_ask_them() -> None:
    markup = related_html([Question("Fees & <dues>")], refused=True)
    assert "What the documents do speak of" in markup
    assert 'href="?q=Fees+%26+%3Cdues%3E"' in markup
    assert "<dues>" not in markup
    assert related_html([], refused=False) == ""


def test_only_a_document_whose_pages_can_be_drawn_offers_the_page() -> None:
    assert "page-image" not in sources_html(an_answer(QUOTE))
    shown = sources_html(an_answer(QUOTE), pictured=lambda citation: [citation.page])
    assert re.findall(r'src="(page-image[^"]*)" alt="([^"]*)"', shown) == [
        ("page-image?id=a+b%2Ffees.txt&amp;start=6&amp;end=38&amp;page=3", "Page 3 with the words marked")
    ]


def test_a_quote_that_runs_over_the_end_of_a_page_shows_both_pages() -> None:
    shown = sources_html(an_answer(QUOTE), FRENCH, pictured=lambda citation: [3, 4])
    assert re.findall(r'alt="([^"]*)"', shown) == ["Page 3, les mots surlignés", "Page 4, les mots surlignés"]
    assert "Montrer les pages" in shown


@pytest.mark.parametrize(
    ("wording", "alt", "note"),
    [
        (Wording("en"), "Page 3, a scan without marks", "the words are not marked on it"),
        (Wording("fr"), "Page 3, numérisée, sans surlignage", "les mots n’y sont pas surlignés"),
    ],
)
def test_the_picture_of_a_scan_is_not_said_to_be_marked(wording: Wording, alt: str, note: str) -> None:
    passage = replace(PASSAGE, info=replace(INFO, ocr=(OcrPage(3, 90.0),)))
    shown = sources_html(an_answer(replace(QUOTE, passage=passage)), wording, pictured=lambda citation: [3])
    assert f'alt="{alt}"' in shown
    assert note in visible(shown)


def test_a_passage_near_a_refused_question_has_what_a_source_has() -> None:
    shown = sources_html(an_answer(), pictured=lambda citation: [3])
    assert f'data-around="around?id=a+b%2Ffees.txt&amp;start=6&amp;end={PASSAGE.end}"' in shown
    assert f'src="page-image?id=a+b%2Ffees.txt&amp;start=6&amp;end={PASSAGE.end}&amp;page=3"' in shown
    copied = re.search(r'data-copy="([^"]*)"', shown)
    assert copied is not None
    assert html.unescape(copied[1]) == f"“{' '.join(PASSAGE.text.split())}” ({place(INFO, 3)})"


def test_a_source_names_what_was_redacted_and_not_read() -> None:
    marred = replace(PASSAGE, info=replace(INFO, redactions=2, unread_pages=(3, 4)))
    shown = visible(sources_html(an_answer(replace(QUOTE, passage=marred))))
    assert "2 passages are redacted in this document." in shown
    assert "Pages not read: 3, 4" in shown


def test_a_place_leaves_out_what_is_not_known() -> None:
    assert place(DocumentInfo("a.txt", "", ""), None) == "a.txt"

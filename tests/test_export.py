"""Answers as files: opened again, every quote reads as it stands in its document."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from documents.errors import BadQuestion, BadSetting
from documents.types import Dated, DocumentInfo, Extract, Passage
from page.export import LABELS, exported
from page.export_parts import written
from page.render import answer_html
from qa.link import document_link
from qa.types import Answer, Citation, DatedFigure, Hit, Question

FORMS = ["docx", "md", "html"]
TEXT = "Fees\n\nAn officer who\n(a) collects *seven* dollars & <b>owes</b> #2 [x] `y`;\nNothing else is owed."
INFO = DocumentInfo("a b/fees.txt", 'The "fees" <list>', "", Dated(date(2025, 8, 2), "date line"), "en")
PASSAGE = Passage(INFO, 6, len(TEXT), TEXT[6:], (), ("Fees",), 3)
START, END = TEXT.index("(a)"), TEXT.index("\nNothing")
WORDS = (TEXT.index("*seven*"), TEXT.index(" & "))
QUOTE = Citation(PASSAGE, START, END, TEXT[START:END], (Extract(6, 20, TEXT[6:20]),), WORDS)
OWED = Citation(PASSAGE, END + 1, len(TEXT), TEXT[END + 1 :])
HIT = Hit(PASSAGE, 1.0, 0.5, ())
BASE = "http://127.0.0.1:7860/"


def an_answer(*citations: Citation, question: str = "What is *due*?") -> Answer:
    return Answer(Question(question), question, "…", 0.9, citations, (HIT,))


def differing(question: str = "How many?") -> Answer:
    newer = DatedFigure("*seven* dollars", "As of <2025>", date(2025, 1, 1), None, (QUOTE,))
    older = DatedFigure("Nothing", "As of 2024", date(2024, 1, 1), None, (OWED, QUOTE))
    return replace(an_answer(QUOTE, OWED, question=question), disagreement=(newer, older))


def lines(data: bytes, form: str) -> list[str]:
    """Returns what a reader of the file sees, a line for each heading, paragraph and item."""
    if form == "docx":
        return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]
    if form == "md":
        return [_seen(token) for token in MarkdownIt().parse(data.decode("utf-8")) if token.type == "inline"]
    parts = lxml_html.document_fromstring(data).xpath("//h1 | //h2 | //p | //li")
    return [part.text_content().strip() for part in parts]


def _seen(token: Token) -> str:
    """Returns the text of a line; the marks of notes read as numbers."""
    text = "".join("\n" if each.type.endswith("break") else each.content for each in token.children or [])
    return re.sub(r"\[\^(\d+)\]", r"[\1]", text)


def whole(data: bytes, form: str) -> str:
    return "\n".join(lines(data, form))


def bold(data: bytes, form: str) -> list[str]:
    """Returns the texts in bold of the paragraphs that quote."""
    if form == "docx":
        quotes = [each for each in Document(io.BytesIO(data)).paragraphs if each.style.name == "Quote"]
        return [run.text for paragraph in quotes for run in paragraph.runs if run.bold]
    if form == "md":
        return re.findall(r"\*\*(.+?)\*\*", data.decode("utf-8").replace(r"\*", "✱"))
    return [each.text_content() for each in lxml_html.document_fromstring(data).xpath("//blockquote//strong")]


def headings(data: bytes, form: str) -> list[str]:
    if form == "docx":
        paragraphs = Document(io.BytesIO(data)).paragraphs
        return [each.text for each in paragraphs if each.style.name == "Heading 1"]
    if form == "md":
        tokens = MarkdownIt().parse(data.decode("utf-8"))
        return [
            _seen(tokens[place + 1])
            for place, each in enumerate(tokens)
            if each.type == "heading_open" and each.tag == "h2"
        ]
    return [each.text_content() for each in lxml_html.document_fromstring(data).xpath("//h2")]


def links(data: bytes, form: str) -> list[str]:
    """Returns the addresses that the file links to outside itself."""
    if form == "docx":
        document = Document(io.BytesIO(data))
        relations = document.part.rels
        found = [each.get(qn("r:id")) for each in document.element.iter(qn("w:hyperlink"))]
        return [relations[each].target_ref for each in found if each]
    if form == "md":
        inline = [token for token in MarkdownIt().parse(data.decode("utf-8")) if token.type == "inline"]
        return [str(each.attrs["href"]) for token in inline for each in token.children or [] if "href" in each.attrs]
    found = lxml_html.document_fromstring(data).xpath("//a/@href")
    return [each for each in found if not each.startswith("#")]


@pytest.mark.parametrize("form", FORMS)
def test_a_quote_reads_as_it_stands_after_what_leads_up_to_it(form: str) -> None:
    shown = whole(exported([an_answer(QUOTE)], form, "en"), form)
    assert f"“{written(TEXT[6:20])}” … “{QUOTE.quote}” [1]" in shown


@pytest.mark.parametrize("form", FORMS)
def test_the_words_that_answer_are_bold(form: str) -> None:
    expected = "✱seven✱ dollars" if form == "md" else "*seven* dollars"
    assert bold(exported([an_answer(QUOTE)], form, "en"), form) == [expected]


@pytest.mark.parametrize("form", FORMS)
def test_each_question_is_a_heading_in_order_and_the_sources_come_last(form: str) -> None:
    answers = [an_answer(QUOTE), an_answer(OWED, question="1. And <then>?")]
    assert headings(exported(answers, form, "en"), form) == ["What is *due*?", "1. And <then>?", "Sources"]


@pytest.mark.parametrize("form", FORMS)
def test_a_note_names_title_date_page_and_quote(form: str) -> None:
    data = exported([an_answer(QUOTE)], form, "en", BASE)
    (note,) = [line for line in lines(data, form) if LABELS["en"]["open"] in line]
    assert f'The "fees" <list>, 2025-08-02, p. 3. “{QUOTE.quote}” {LABELS["en"]["open"]}' in note


@pytest.mark.parametrize("form", FORMS)
def test_a_note_names_the_other_documents_that_say_the_same(form: str) -> None:
    others = (DocumentInfo("b", "Old fees", "", Dated(date(2024, 3, 1), "date line")), DocumentInfo("c.txt", "", ""))
    for language, said in (("en", "Said also in: Old fees, 2024-03-01; c.txt."), ("fr", "Dit aussi dans : Old fees")):
        assert said in whole(exported([an_answer(replace(QUOTE, older=others))], form, language), form)
    assert "also" not in whole(exported([an_answer(QUOTE)], form, "en"), form)


@pytest.mark.parametrize("form", FORMS)
def test_what_follows_the_answer_is_set_apart(form: str) -> None:
    for language, heading in (("en", "Also in the documents:"), ("fr", "Aussi dans les documents :")):
        shown = lines(exported([an_answer(QUOTE, OWED)], form, language), form)
        at = next(place for place, line in enumerate(shown) if line.endswith("[2]"))
        assert shown[at - 1] == heading
        listed = an_answer(QUOTE, OWED, question="Which fees are due?")
        assert heading not in lines(exported([listed], form, language), form)


@pytest.mark.parametrize("form", FORMS)
def test_documents_that_a_day_left_out_for_want_of_a_date_are_counted(form: str) -> None:
    answer = replace(an_answer(QUOTE), undated=2)
    assert "2 documents without a date were left out." in lines(exported([answer], form, "en"), form)
    assert "2 documents sans date laissés de côté." in lines(exported([answer], form, "fr"), form)


@pytest.mark.parametrize("form", FORMS)
def test_a_note_links_to_its_quote_in_the_document(form: str) -> None:
    data = exported([an_answer(QUOTE)], form, "en", BASE)
    assert links(data, form) == [BASE + document_link(INFO.id, START, END)]


@pytest.mark.parametrize("form", FORMS)
def test_notes_are_numbered_over_the_whole_conversation_and_a_source_has_one_number(form: str) -> None:
    shown = whole(exported([an_answer(QUOTE), an_answer(OWED), an_answer(QUOTE)], form, "en"), form)
    assert re.findall(r"” (\[\d\])\n", shown) == ["[1]", "[2]", "[1]"]
    assert shown.count(LABELS["en"]["open"]) == 2


def test_every_number_of_a_word_file_leads_to_its_source() -> None:
    document = Document(io.BytesIO(exported([differing()], "docx", "en")))
    anchors = [each.get(qn("w:anchor")) for each in document.element.iter(qn("w:hyperlink"))]
    bookmarks = [each.get(qn("w:name")) for each in document.element.iter(qn("w:bookmarkStart"))]
    assert set(filter(None, anchors)) == set(bookmarks) == {"source_1", "source_2"}


def test_every_number_of_a_page_leads_to_its_source() -> None:
    page = lxml_html.document_fromstring(exported([differing()], "html", "en"))
    targets = {each[1:] for each in page.xpath("//a/@href") if each.startswith("#")}
    assert targets == set(page.xpath("//li/@id")) == {"source-1", "source-2"}


def test_every_number_of_markdown_has_its_note() -> None:
    text = exported([differing()], "md", "en").decode("utf-8")
    assert set(re.findall(r"\[\^\d\](?!:)", text)) == set(re.findall(r"(?m)^(\[\^\d\]):", text)) == {"[^1]", "[^2]"}


@pytest.mark.parametrize("form", FORMS)
def test_figures_that_differ_stand_with_their_dates_and_numbers(form: str) -> None:
    shown = lines(exported([differing()], form, "en"), form)
    assert "As of <2025>: *seven* dollars [1]" in shown
    assert "As of 2024: Nothing [2][1]" in shown


@pytest.mark.parametrize("form", FORMS)
def test_confidence_is_told_in_words(form: str) -> None:
    expected = "Confiance : élevée. La probabilité estimée que les documents répondent à la question est de 90 %."
    assert expected in lines(exported([an_answer(QUOTE)], form, "fr"), form)


@pytest.mark.parametrize("confidence", [1.0, 0.85, 0.8499, 0.6, 0.5999, 0.0])
def test_confidence_has_the_words_of_the_page(confidence: float) -> None:
    answer = replace(an_answer(QUOTE), confidence=confidence)
    (word,) = re.findall(r"Confidence: (\w+)", answer_html(answer))
    assert f"Confidence: {word}." in whole(exported([answer], "html", "en"), "html")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_refusal_is_told_as_one_with_the_closest_passages_and_no_sources(form: str, language: str) -> None:
    data = exported([an_answer()], form, language, BASE)
    shown = lines(data, form)
    assert LABELS[language]["refused"] in shown
    assert LABELS[language]["closest"] in shown
    assert any(written(PASSAGE.text) in line for line in shown)
    assert LABELS[language]["sources"] not in headings(data, form)


@pytest.mark.parametrize("form", FORMS)
def test_what_the_question_was_narrowed_to_is_told(form: str) -> None:
    question = Question("What?", as_of=date(2024, 6, 4), documents=frozenset({"b_b.txt", "a.txt"}))
    shown = lines(exported([replace(an_answer(QUOTE), question=question)], form, "en"), form)
    assert "Only documents dated on or before 4 June 2024." in shown
    assert "Only these documents: a.txt, b_b.txt." in shown


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "Only documents of these kinds: court decision, statute.",
                "Only documents in these languages: English, unknown.",
                "Only documents of these collections: *Acts*.",
                "How careful to be: careful.",
            ],
        ),
        (
            "fr",
            [
                "Seulement les documents de ces genres : décision judiciaire, loi.",
                "Seulement les documents dans ces langues : anglais, inconnu.",
                "Seulement les documents de ces collections : *Acts*.",
                "Prudence : prudent.",
            ],
        ),
    ],
)
def test_limits_and_how_careful_an_answer_was_are_told_in_its_language(
    form: str, language: str, expected: list[str]
) -> None:
    kinds, languages = frozenset({"statute", "decision"}), frozenset({"en", ""})
    question = Question("What?", kinds=kinds, languages=languages, collections=frozenset({"*Acts*"}), refuse="careful")
    shown = lines(exported([replace(an_answer(QUOTE), question=question)], form, language), form)
    assert [each for each in shown if each in expected] == expected


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_that_has_changed_since_is_told_below_its_question_alone(form: str) -> None:
    answers = [an_answer(OWED, question="First?"), an_answer(QUOTE, question="Second?")]
    shown = lines(exported(answers, form, "en", changed={1}), form)
    assert shown.count(LABELS["en"]["changed"]) == 1
    assert shown[shown.index("Second?") + 1] == LABELS["en"]["changed"]


@pytest.mark.parametrize("form", FORMS)
def test_the_title_and_the_day_are_told_where_they_are_given(form: str) -> None:
    data = exported([an_answer(QUOTE)], form, "fr", title="Fees & *dues*", day=date(2026, 1, 1))
    assert lines(data, form)[0] == "Fees & *dues*"
    assert "Exporté le 1er janvier 2026." in lines(data, form)


@pytest.mark.parametrize("form", FORMS)
def test_a_date_that_is_not_certain_is_told_as_such(form: str) -> None:
    info = replace(INFO, dated=Dated(date(2025, 8, 2), "date line", sure=False))
    answer = an_answer(replace(QUOTE, passage=replace(PASSAGE, info=info)))
    assert "2025-08-02 (date not certain)" in whole(exported([answer], form, "en"), form)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_answers_are_the_same_bytes(form: str) -> None:
    assert exported([differing()], form, "en") == exported([differing()], form, "en")


def test_a_word_file_tells_nothing_of_when_and_where_it_was_made() -> None:
    data = exported([an_answer(QUOTE)], "docx", "en")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {(each.date_time, each.create_system) for each in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 0)}
    properties = Document(io.BytesIO(data)).core_properties
    assert (properties.created.year, properties.author, properties.comments) == (2000, "", "")


def test_a_page_needs_nothing_else_and_prints() -> None:
    page = exported([differing()], "html", "en").decode("utf-8")
    assert "@media print" in page
    assert not re.search(r"<(script|link|img|iframe)|url\(|@import|\bsrc=", page)


def test_a_quote_is_marked_with_its_own_language() -> None:
    french = replace(QUOTE, passage=replace(PASSAGE, info=replace(INFO, language="fr")))
    page = lxml_html.document_fromstring(exported([an_answer(french)], "html", "en"))
    assert (page.get("lang"), set(page.xpath("//blockquote//span/@lang"))) == ("en", {"fr"})
    document = Document(io.BytesIO(exported([an_answer(french)], "docx", "en")))
    assert {each.get(qn("w:val")) for each in document.element.iter(qn("w:lang"))} == {"fr-CA"}


@pytest.mark.parametrize("said_of", ["1. As of", "- As of", "+ As of", "1) As of"])
def test_a_line_that_begins_like_a_list_is_none_in_markdown(said_of: str) -> None:
    answer = differing()
    listed = replace(answer, disagreement=(replace(answer.disagreement[0], said_of=said_of),))
    assert f"{said_of}: *seven* dollars [1]" in lines(exported([listed], "md", "en"), "md")


def test_both_languages_have_every_label() -> None:
    assert LABELS["en"].keys() == LABELS["fr"].keys()


def test_no_answers_an_unknown_form_and_an_unknown_language_are_named() -> None:
    with pytest.raises(BadQuestion, match="no answers"):
        exported([], "md", "en")
    with pytest.raises(BadSetting, match=r"pdf: .*docx, md, html"):
        exported([an_answer(QUOTE)], "pdf", "en")
    with pytest.raises(BadSetting, match=r"de: .*en, fr"):
        exported([an_answer(QUOTE)], "md", "de")


# Marks that mean something in one of the forms, and characters that one of them cannot hold.
ODD = st.text(st.sampled_from("a1 Z\n\t*_`~#<>&;[]()!|\\+-=.:$\"'“é\xa0\u202f\x00\x0b\x1b\x85\u2028\ud800\ufffe😀"))


def quoting(texts: Sequence[str]) -> Answer:
    """An answer that quotes the texts joined, the middle one being the words that answer."""
    text = "".join(texts)
    info = DocumentInfo("a.txt", texts[2] or "a", "", url="https://a.b/" + texts[0])
    low = len(texts[0])
    passage = Passage(info, 0, len(text), text)
    quote = Citation(passage, 0, len(text), text, (Extract(0, low, texts[0]),), (low, low + len(texts[1])))
    figure = DatedFigure(texts[1], texts[2], date(2025, 1, 1), None, (quote,))
    return replace(an_answer(quote, question=texts[0] + "?"), disagreement=(figure,))


def squeezed(text: str) -> str:
    """White space at the ends of lines and repeated at joints is not what a quote says."""
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60, deadline=None)
@given(texts=st.tuples(ODD, ODD, ODD))
def test_odd_characters_read_as_they_stand(form: str, texts: tuple[str, str, str]) -> None:
    answer = quoting(texts)
    data = exported([answer], form, "en", title=texts[1])
    shown = squeezed(whole(data, form))
    quote = written(answer.citations[0].quote)
    assert squeezed(f"“{written(texts[0])}” … “{quote}” [1]") in shown
    assert squeezed(written(texts[0]) + "?") == squeezed(headings(data, form)[0])
    assert squeezed(f"{written(texts[2])}: {written(texts[1])} [1]") in shown


@settings(max_examples=60, deadline=None)
@given(texts=st.tuples(ODD, ODD, ODD))
def test_odd_characters_leave_the_word_file_well_formed(texts: tuple[str, str, str]) -> None:
    data = exported([quoting(texts)], "docx", "fr", "http://a.b/\x00<")
    assert "".join(run for run in bold(data, "docx")) == written(texts[1])

import re
import string

from hypothesis import example, given
from hypothesis import strategies as st

from documents.sentences import sentence_spans

_PIECES = ["Sec. 13.", "(a)", "U.S.", "a.m.", "End.", "\n", "\n\n", " ", "[1]", "- ", "2/8/2025", "\u00a0", "»", "# "]
_MARKS = re.compile(r"[\s•*#–-]*")


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def test_items_of_a_statute_stay_apart() -> None:
    text = "A person may not enter Canada if\n(a) the person is a danger;\n(b) the person has no visa."
    assert sentences(text) == [
        "A person may not enter Canada if",
        "(a) the person is a danger;",
        "(b) the person has no visa.",
    ]


def test_wrapped_text_is_read_across_its_line_ends() -> None:
    text = (
        "Canada is working with the United States to deal with\n"
        "countries reluctant to accept deportees as both of the\n"
        "nations increase efforts to ship migrants back to their\n"
        "home countries, according to a document. The department\n"
        "referred questions to the agency."
    )
    first, second = sentences(text)
    assert first.endswith("home countries, according to a document.")
    assert second == "The department\nreferred questions to the agency."


def test_a_list_within_wrapped_text_keeps_its_items_apart() -> None:
    text = (
        "The agency may detain a foreign national whom it has\n"
        "examined and found to be inadmissible, where there are\n"
        "reasonable grounds to believe that this foreign national\n"
        "(a) is a danger to the public or to the security of the\n"
        "(b) would not appear for an examination or a hearing or"
    )
    assert [each[:3] for each in sentences(text)] == ["The", "(a)", "(b)"]


def test_lines_that_are_paragraphs_are_not_joined() -> None:
    assert sentences("A first paragraph without a full stop\nA second one") == [
        "A first paragraph without a full stop",
        "A second one",
    ]


def test_an_abbreviated_country_does_not_end_a_sentence() -> None:
    assert sentences("But the U.S. has at times struggled. It went on.") == [
        "But the U.S. has at times struggled.",
        "It went on.",
    ]


def test_a_time_of_day_does_not_end_a_sentence() -> None:
    assert sentences("The office opens at 9 a.m. on Mondays.") == ["The office opens at 9 a.m. on Mondays."]


def test_a_label_belongs_to_what_it_labels() -> None:
    assert sentences("Sec. 13. The Minister shall report each month.") == [
        "Sec. 13. The Minister shall report each month."
    ]


def test_a_date_line_stands_apart() -> None:
    text = (
        "Canada working with US to deal with countries slow in accepting detainees\n"
        "2/8/2025 6:10\n"
        "Canada is working with the\n"
        'United States to "deal with" countries reluctant to accept\n'
        "deportees as both nations increase efforts to ship migrants back\n"
        "to their home countries, according to a government document seen\n"
        "by Reuters."
    )
    assert sentences(text)[:2] == text.split("\n")[:2]


def test_bullets_and_heading_marks_are_no_part_of_a_sentence() -> None:
    assert sentences("## Part 1\n- A first item.\n* A second item.") == ["Part 1", "A first item.", "A second item."]


def test_a_blank_line_ends_a_sentence() -> None:
    assert sentences("One heading\n\nAnother one") == ["One heading", "Another one"]


def test_no_text_has_no_sentences() -> None:
    assert sentence_spans("") == []
    assert sentence_spans(" \n\t\n ") == []


@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=12)), max_size=40).map("".join))
@example("a\x1cb\n(c")
@example("A wrapped line that goes on for quite some time and on\n" * 6)
def test_only_white_space_and_marks_lie_outside_the_spans(text: str) -> None:
    spans = sentence_spans(text)
    edges = [0, *(offset for span in spans for offset in span), len(text)]
    assert edges == sorted(edges)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        assert _MARKS.fullmatch(text, start, end)
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""


@given(st.lists(st.text(string.ascii_letters + " .,()\n", max_size=30), max_size=8))
def test_spans_are_the_same_twice(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert sentence_spans(text) == sentence_spans(text)

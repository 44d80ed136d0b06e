import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from fakes import a_document
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import BadSetting
from documents.sentences import sentence_spans
from documents.split import SplitSettings, split
from documents.types import Extract, Passage
from index.embed import SentenceTransformerEmbedder

STATUTE = (
    "Part 1\n\nThe Minister may stay a removal order. The stay ends when the danger ends.\n\n"
    "Part 2\n\nA person may be removed to the country they came from. The officer decides."
)
_WORDS = ["Removal", "order", "the", "U.S.", "agency.", "\n", "\n\n", "(a)", "été", "x" * 90, "🙂"]
_MARKS = re.compile(r"[\s•*#–-]*")  # say nothing, and are no part of a sentence


def quarters(texts: Sequence[str]) -> list[int]:
    """One token for every four characters of a word, begun ones counted."""
    return [sum(-(-len(word) // 4) for word in text.split()) for text in texts]


def passages_of(text: str, maximum: int = 16, minimum: int = 0, **more) -> list[Passage]:
    return split(a_document(text, **more), quarters, SplitSettings(maximum, minimum))


texts = st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=20)), max_size=60).map(" ".join)


@given(texts)
def test_passages_are_exact_slices_in_order(text: str) -> None:
    passages = passages_of(text)
    assert [text[each.start : each.end] for each in passages] == [each.text for each in passages]
    assert all(one.end <= other.start for one, other in pairwise(passages))


@given(texts)
def test_only_white_space_and_marks_lie_outside_the_passages(text: str) -> None:
    ends = [0, *(offset for each in passages_of(text) for offset in (each.start, each.end)), len(text)]
    assert all(_MARKS.fullmatch(text, start, end) for start, end in zip(ends[::2], ends[1::2], strict=True))


@given(texts, st.integers(16, 60))
def test_passages_keep_to_the_budget(text: str, maximum: int) -> None:
    assert all(quarters([each.text])[0] <= maximum for each in passages_of(text, maximum))


@given(texts)
def test_a_sentence_within_the_budget_is_whole_in_one_passage(text: str) -> None:
    held = [span for each in passages_of(text) for span in each.sentences]
    for start, end in sentence_spans(text):
        if quarters([text[start:end]])[0] <= 16:
            assert (start, end) in held


@given(texts)
def test_sentences_lie_within_their_passage(text: str) -> None:
    for each in passages_of(text):
        assert each.sentences[0][0] == each.start
        assert each.sentences[-1][1] == each.end


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_a_text_of_nothing_has_no_passages(text: str) -> None:
    assert passages_of(text) == []


def test_a_giant_word_is_cut_into_passages_within_the_budget() -> None:
    passages = passages_of("x" * 10_000)
    assert "".join(each.text for each in passages) == "x" * 10_000
    assert max(quarters([each.text])[0] for each in passages) <= 16


def test_a_sentence_over_the_budget_is_cut_between_words() -> None:
    text = " ".join(["removal"] * 40)
    assert {word for each in passages_of(text) for word in each.text.split()} == {"removal"}


def test_sentences_are_packed_up_to_the_budget() -> None:
    text = "Abcd abcd abc. Efgh efgh efg. Ijkl ijkl ijk."  # three sentences of three tokens and a full stop each
    assert [each.text for each in passages_of(text, 16)] == [text]
    long = " ".join(["Abcd abcd abc."] * 7)
    assert [len(each.sentences) for each in passages_of(long, 16)] == [5, 2]


def test_a_heading_starts_a_passage_once_the_minimum_is_there() -> None:
    passages = passages_of(STATUTE, 200, 10, headings=["Part 1", "Part 2"])
    assert [each.text.split("\n")[0] for each in passages] == ["Part 1", "Part 2"]


def test_a_heading_below_the_minimum_stays_in_the_passage() -> None:
    assert len(passages_of(STATUTE, 200, 150, headings=["Part 1", "Part 2"])) == 1


def test_a_passage_carries_the_headings_above_it() -> None:
    text = "Act\n\nPart 1\n\n" + "A sentence of the first part stands here. " * 2
    document = a_document(text, headings=["Act", "#Part 1"], title="The Act")
    last = split(document, quarters, SplitSettings(16, 0))[-1]
    assert last.headings == ("Act", "Part 1")
    assert last.context == "The Act > Act > Part 1"


def test_a_passage_that_opens_with_a_heading_does_not_carry_it_twice() -> None:
    last = passages_of(STATUTE, 200, 10, headings=["Part 1", "#Part 2"])[-1]
    assert last.text.startswith("Part 2")
    assert last.headings == ("Part 1",)


def test_a_heading_ends_with_the_next_of_its_level() -> None:
    text = "Part 1\n\nOne.\n\nPart 2\n\n" + "A sentence of the second part stands here. " * 3
    last = passages_of(text, 16, headings=["Part 1", "Part 2"])[-1]
    assert last.headings == ("Part 2",)


def test_a_page_starts_a_passage() -> None:
    text = "First page.\n\nSecond page."
    passages = passages_of(text, page_starts=[0, text.index("Second")])
    assert [(each.text, each.page) for each in passages] == [("First page.", 1), ("Second page.", 2)]


def test_a_document_without_pages_has_no_page_numbers() -> None:
    assert passages_of("One sentence.")[0].page is None


@pytest.mark.parametrize(("maximum", "minimum"), [(15, 0), (8193, 0), (100, 101), (100, -1)])
def test_settings_out_of_bounds_are_refused(maximum: int, minimum: int) -> None:
    with pytest.raises(BadSetting, match="choose between"):
        SplitSettings(maximum, minimum)


@pytest.mark.parametrize(
    "text",
    [
        STATUTE * 20,
        "Le ministre peut surseoir à l'exécution d'une mesure de renvoi. " * 40,
        "加拿大边境服务局" * 100,
        "a" * 95 + " " + "0123456789" * 60,
        "x," * 2000,
        "One sentence that has no end " * 200,
    ],
    ids=["statute", "french", "chinese", "giant", "commas", "endless"],
)
@pytest.mark.parametrize("maximum", [16, 180])
def test_the_real_tokenizer_finds_every_passage_within_the_budget(
    embedder: SentenceTransformerEmbedder, text: str, maximum: int
) -> None:
    passages = split(a_document(text), embedder.count_tokens, SplitSettings(maximum, 0))
    assert max(embedder.count_tokens([each.text for each in passages])) <= maximum
    assert "".join("".join(each.text.split()) for each in passages) == "".join(text.split())


def test_marks_between_sentences_count_towards_the_budget() -> None:
    text = "- word\n" * 40
    assert max(quarters([each.text])[0] for each in passages_of(text)) <= 16


def test_a_passage_that_begins_with_a_heading_is_not_under_the_section_before() -> None:
    text = "Act\n\nPart 1\n\nOne two three four.\n\nPart 2\n\nFive six seven eight."
    document = a_document(text, headings=["Act", "#Part 1", "#Part 2"])
    passages = split(document, quarters, SplitSettings(max_tokens=16, min_tokens=1))
    assert [each.headings for each in passages if each.text.startswith("Part 2")] == [("Act",)]


LIST = "Officers hold a person who\n(a) gave no papers;\n(b) fled.\nNobody else is held."


def test_each_sentence_of_a_passage_has_the_lead_ins_above_it() -> None:
    (passage,) = passages_of(LIST, 200)
    lead = Extract(0, 26, "Officers hold a person who")
    assert passage.lead_ins == ((), (lead,), (lead,), ())


def test_a_lead_in_that_stands_in_an_earlier_passage_is_kept() -> None:
    last = passages_of(LIST.replace("no papers", "no one his papers"), 16)[-1]
    assert last.text == "(b) fled.\nNobody else is held."
    assert last.lead_ins == ((Extract(0, 26, "Officers hold a person who"),), ())
    assert last.context == "Officers hold a person who"


def test_a_passage_without_items_has_no_lead_ins() -> None:
    assert passages_of("One sentence. Another one.")[0].lead_ins == ()


def test_no_lead_in_reaches_across_a_heading() -> None:
    text = "Officers hold a person who\nPart 2\n(a) gave no papers."
    assert [bool(each.lead_ins) for each in passages_of(text, 200)] == [True]
    assert [bool(each.lead_ins) for each in passages_of(text, 200, headings=["Part 2"])] == [False, False]


@given(st.lists(st.sampled_from(["Those who", "(a) come;", "(b) go", "(i) far,", "It ends.", "- one"]), max_size=30))
def test_lead_ins_are_exact_slices_above_their_sentence(lines: list[str]) -> None:
    text = "\n".join(lines)
    for passage in passages_of(text):
        assert len(passage.lead_ins) in (0, len(passage.sentences))
        for (start, _), leads in zip(passage.sentences, passage.lead_ins, strict=False):
            assert all(text[lead.start : lead.end] == lead.text and lead.end <= start for lead in leads)

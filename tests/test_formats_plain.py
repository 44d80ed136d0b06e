"""Plain text: what decoding and normalisation do to real bytes, and which lines are headings."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import ReadError
from documents.formats import plain
from documents.formats.content import Content
from documents.formats.text import decode, normal


def headings(content: Content) -> list[tuple[str, int]]:
    return [(content.text[heading.start : heading.end], heading.level) for heading in content.headings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_french_text_is_decoded(encoding: str) -> None:
    text = "L’été dernier, 17 personnes ont été renvoyées à Genève : un « record » selon l'Agence.\n"
    assert plain.read(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize("declared", ["undefined", "unknown", "a\0b", "rot13", "punycode"])
def test_an_encoding_that_is_none_is_passed_over(declared: str) -> None:
    assert decode("Érythrée".encode(), "a.txt", declared) == "Érythrée"


def test_a_short_windows_text_is_decoded() -> None:
    assert plain.read("Café à 5 €".encode("cp1252"), "a.txt").text == "Café à 5 €"


def test_english_in_utf16_without_mark_is_not_taken_for_utf8() -> None:
    assert plain.read("Removal order".encode("utf-16-le"), "a.txt").text == "Removal order"


def test_a_broken_byte_spoils_one_character_of_utf8() -> None:
    data = ("é" * 40).encode() + b"\xff" + " été".encode()
    assert plain.read(data, "a.txt").text == "é" * 40 + "\ufffd été"


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_refused(seed: int) -> None:
    with pytest.raises(ReadError, match=r"^noise\.txt: "):
        plain.read(random.Random(seed).randbytes(4000), "noise.txt")


def test_text_among_zeros_is_refused_as_binary() -> None:
    with pytest.raises(ReadError, match="binary data"):
        plain.read(b"PNG is what it was" + bytes(100) + b"IHDR" * 30, "image.txt")


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_become_newlines(line_end: str) -> None:
    assert plain.read(f"one{line_end}two".encode(), "a.txt").text == "one\ntwo"


@pytest.mark.parametrize("mark", ["e\u0301t\u00e9", "17\xa0357", "17\u202f357", "re\xadmoval", "a\u200bb", "\u2028"])
def test_plain_text_keeps_its_spaces_accents_and_marks_so_that_quotes_are_found_in_the_file(mark: str) -> None:
    assert plain.read(f"It says {mark} here.".encode(), "a.txt").text == f"It says {mark} here."


def test_control_characters_are_dropped() -> None:
    assert plain.read(b"The order of remo\x07val takes effect.", "a.txt").text == "The order of removal takes effect."


@pytest.mark.parametrize("invisible", ["\x07", "\xad", "\u200b", "\u200e", "\ufeff", "\x9f"])
def test_normal_text_has_nothing_that_no_reader_sees(invisible: str) -> None:
    assert normal(f"The order of remo{invisible}val takes effect.") == "The order of removal takes effect."


@pytest.mark.parametrize("space", ["\xa0", "\u202f", "\u2009"])
def test_normal_text_has_plain_spaces_only(space: str) -> None:
    assert normal(f"17{space}357") == "17 357"


def test_tabs_blank_lines_and_trailing_spaces_are_kept() -> None:
    text = "\n\none\ttwo  \n\n\n\n three\n"
    assert plain.read(text.encode(), "a.txt").text == text


@given(st.text())
def test_normal_text_stays_as_it_is(text: str) -> None:
    once = normal(text)
    assert normal(once) == once == unicodedata.normalize("NFC", once)


@given(st.text())
def test_normal_text_holds_no_other_control_character(text: str) -> None:
    assert {character for character in normal(text) if unicodedata.category(character) == "Cc"} <= {"\n", "\t"}


def test_number_signs_mark_headings_by_their_words() -> None:
    content = plain.read(b"# Act\n\ntext\n### Part 1 ##\n", "a.txt")
    assert headings(content) == [("Act", 1), ("Part 1", 3)]


def test_a_hash_tag_is_no_heading() -> None:
    assert headings(plain.read(b"#removals\n####### seven\ntext # Not\n", "a.txt")) == []


def test_a_line_wholly_in_bold_is_a_heading_of_the_lowest_level() -> None:
    content = plain.read(b"## Interpretation\n\n**Definitions**\n2 The following apply.\n", "a.txt")
    assert headings(content) == [("Interpretation", 2), ("Definitions", 6)]


def test_bold_words_in_a_line_are_no_heading() -> None:
    assert headings(plain.read(b"**One** and **two**\n**Open\n", "a.txt")) == []

"""Rich text as word processors write it."""

import pytest

from documents.errors import ReadError
from documents.formats import rtf
from documents.formats.content import Content

INFO = r"{\info{\title Renvois en \'e9t\'e9}{\author A}{\creatim\yr2024\mo3\dy5\hr10}}"


def read(body: str) -> Content:
    return rtf.read((r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}" + body + "}").encode("ascii"), "brief.rtf")


def test_a_character_of_two_halves_is_one() -> None:
    content = rtf.read(rb"{\rtf1\ansi Done \u-10179?\u-8704? and half \u-10179? of one.\par}", "brief.rtf")
    assert content.text == "Done \U0001f600 and half \ufffd of one."


def test_paragraphs_are_kept_apart_and_characters_decoded() -> None:
    content = read(r"\f0\fs24 Le premier, en \'e9t\'e9.\par L\u8217?autre\tab fin.\par")
    assert content.text == "Le premier, en été.\n\nL’autre fin."


def test_table_rows_have_their_column_names() -> None:
    rows = (("Country", "Removals"), ("Chad", "12"))
    table = "".join(rf"\trowd\cellx1000\cellx2000\intbl {one}\cell {two}\cell\row" for one, two in rows)
    assert read(rf"Before.\par {table}\pard After.\par").text == "Before.\n\nCountry: Chad; Removals: 12\n\nAfter."


def test_the_file_states_its_title_and_date() -> None:
    assert read(INFO + r"Text.\par").fields == {"title": "Renvois en été", "created": "2024-03-05"}


def test_what_is_no_rich_text_is_refused() -> None:
    with pytest.raises(ReadError, match=r"^brief\.rtf: damaged, or not rich text\."):
        rtf.read(b"plain words", "brief.rtf")

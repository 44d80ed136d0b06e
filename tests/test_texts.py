"""Texts in compressed pieces: what was written is read, whole or a span of it."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.texts import LENGTH, delete_text, pieces_of, spread, squeezed, text_of, texts_of, write_text


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE pieces (number INTEGER PRIMARY KEY, text BLOB NOT NULL)")
    yield connection
    connection.close()


def long_text(pieces: float) -> str:
    return "".join(chr(97 + place * 7 % 26) + "é🙂"[place % 2] for place in range(int(pieces * LENGTH) // 2))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_comes_back(text: str) -> None:
    assert spread(squeezed(text)) == text


def test_a_text_has_a_piece_for_every_length_begun() -> None:
    assert [len(pieces_of("x" * length)) for length in (0, 1, LENGTH, LENGTH + 1)] == [0, 1, 1, 2]


def test_each_document_has_its_own_text(database: sqlite3.Connection) -> None:
    texts = {1: long_text(2.5), 2: "", 3: "short"}
    for number, text in texts.items():
        write_text(database.execute, number, text)
    assert {number: text_of(database.execute, number) for number in texts} == texts
    delete_text(database.execute, 1)
    assert [text_of(database.execute, number) for number in texts] == ["", "", "short"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3 * LENGTH), st.integers(0, 2 * LENGTH)), max_size=5))
def test_spans_are_slices_of_the_text(database: sqlite3.Connection, places: list[tuple[int, int]]) -> None:
    text = long_text(3.2)
    delete_text(database.execute, 5)
    write_text(database.execute, 5, text)
    spans = [(5, start, min(len(text), start + length)) for start, length in places]
    assert texts_of(database.execute, spans) == [text[start:end] for _, start, end in spans]

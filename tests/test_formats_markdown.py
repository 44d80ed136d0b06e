"""Markdown: front matter, and the text a reader of the rendered page sees."""

import pytest

from documents.errors import ReadError
from documents.formats import markdown


def text_of(source: str) -> str:
    return markdown.read(source.encode(), "a.md").text


def test_front_matter_gives_fields_as_written() -> None:
    source = (
        "---\ntitle: 'Removals: a count'\ndate: 2024-02-08\nlanguage: en\nurl: https://x.ca/a\nkind: brief\n---\nText\n"
    )
    fields = {"title": "Removals: a count", "date": "2024-02-08", "language": "en", "url": "https://x.ca/a"}
    assert markdown.read(source.encode(), "a.md").fields == fields | {"kind": "brief"}


def test_front_matter_is_no_part_of_the_text() -> None:
    assert text_of("---\ntitle: Removals\n---\nText\n") == "Text"


def test_sources_are_joined_by_name() -> None:
    source = "---\nsources:\n  - name: CBSA\n    url: https://x.ca\n  - name: Reuters\n  - name: CBSA\n---\nText\n"
    assert markdown.read(source.encode(), "a.md").fields["source"] == "CBSA; Reuters"


def test_one_source_may_stand_as_a_plain_value() -> None:
    assert markdown.read(b"---\nsource: CBSA\n---\nText\n", "a.md").fields["source"] == "CBSA"


def test_windows_line_ends_do_not_hide_front_matter() -> None:
    assert markdown.read(b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\nText\r\n", "a.md").fields == {"title": "A"}


def test_broken_front_matter_is_refused_with_its_line() -> None:
    with pytest.raises(ReadError, match=r"^a\.md: front matter, line 3: "):
        markdown.read(b"---\ntitle: A\n\tdate: 2024\n---\nText\n", "a.md")


def test_front_matter_without_end_is_refused() -> None:
    with pytest.raises(ReadError, match="line 1: opened, never closed"):
        text_of("---\ntitle: A\n\nText\n")


def test_a_list_where_a_title_should_be_is_refused() -> None:
    with pytest.raises(ReadError, match="'title' is not plain text"):
        text_of("---\ntitle: [a, b]\n---\nText\n")


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert text_of("---\n\nText\n\n---\n\nMore\n") == "Text\n\nMore"


def test_headings_are_spans_of_the_text() -> None:
    content = markdown.read(b"# The *Act*\n\nText\n\nPart\n----\n", "a.md")
    found = [(content.text[heading.start : heading.end], heading.level) for heading in content.headings]
    assert found == [("The Act", 1), ("Part", 2)]


def test_a_line_end_within_a_paragraph_is_a_space() -> None:
    assert text_of("one\ntwo\n\nthree\n") == "one two\n\nthree"


def test_marks_are_dropped_and_their_words_kept() -> None:
    assert text_of("*a* **b** `c` ~~d~~ [e](https://x.ca) ![f](f.png) &amp; <b>g</b>") == "a b c d e f & g"


def test_nested_lists_are_indented_and_numbered() -> None:
    assert (
        text_of("3. one\n4. two\n   - in\n     - deeper\n- other\n") == "3. one\n4. two\n  - in\n    - deeper\n- other"
    )


def test_a_second_paragraph_of_an_item_is_indented() -> None:
    assert text_of("- one\n\n  more\n\n- two\n") == "- one\n  more\n- two"


def test_a_row_of_a_table_names_its_columns() -> None:
    table = "| Year | Removals |\n|---|---|\n| 2024 | **17,357** |\n| 2023 | |\n"
    assert text_of(table) == "Year: 2024; Removals: 17,357\nYear: 2023"


def test_a_quotation_keeps_its_words() -> None:
    assert text_of("> We will\n> act.\n") == "We will act."


def test_code_is_kept_as_written() -> None:
    assert text_of("```\nif a:\n    *b*\n```\n") == "if a:\n    *b*"


def test_comments_and_tags_are_dropped() -> None:
    assert text_of("<!-- hidden -->\n\n<div>\nshown<br>below\n</div>\n") == "shown\nbelow"


def test_no_spaces_at_line_ends_and_one_blank_line_at_most() -> None:
    assert text_of("one  \ntwo\n\n\n\n```\na  \n\n\n\nb\n```\n") == "one\ntwo\n\na\n\nb"

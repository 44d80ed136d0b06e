"""Saved web pages: the main text with its structure, and nothing that the page does not show."""

import pytest

from documents.errors import ReadError
from documents.formats import html

PAGE = """<!DOCTYPE html>
<!-- saved from url=(0031)https://www.canada.ca/saved.html -->
<html lang="en-CA"><head><meta charset="utf-8"><title>Removals in 2024 - Canada.ca</title>
<meta name="author" content="Jane Roe"><meta property="og:site_name" content="Canada.ca">
<meta property="article:published_time" content="2024-03-05T10:00:00Z">
<link rel="canonical" href="https://www.canada.ca/removals.html">
<style>p {color: red}</style><script>var secret = "scripted";</script></head>
<body><nav><ul><li><a href="/">Home menu</a></li><li><a href="/jobs">Jobs menu</a></li></ul></nav>
<main><h1>Removals in 2024</h1>
<p>The Canada Border Services Agency <b>enforced</b> 17,357 removals during the year, the highest number
in a decade. See <a href="/x">the table</a> for details.</p>
<h2>Reasons for removal</h2>
<ul><li>Failed refugee claims made up most of the removals.</li>
<li>Criminality<ul><li>Serious criminality</li><li>Organised crime</li></ul></li></ul>
<p>The steps are these, and each of them has a time limit that the regulations set:</p>
<ol><li>First step</li><li>Second step</li></ol>
<div hidden><p>The hidden attribute keeps this paragraph from every reader of the page.</p></div>
<p style="color: red; display: none">The style keeps this paragraph from every reader of the page.</p>
<h3>Figures</h3>
<table><thead><tr><th>Year</th><th>Removals</th></tr></thead>
<tbody><tr><td>2024</td><td>17,357</td></tr><tr><td>2023</td><td>15,207</td></tr></tbody></table>
<p>Address line 1<br>Address line 2</p>
</main><footer><p>Terms and conditions of this site. Copyright 2019.</p></footer></body></html>"""


def text_of(page: str) -> str:
    return html.read(page.encode(), "a.html").text


@pytest.mark.parametrize("absent", ["menu", "Terms", "scripted", "color", "keeps this paragraph", "saved from"])
def test_menus_scripts_and_hidden_parts_are_left_out(absent: str) -> None:
    assert absent not in text_of(PAGE)


def test_headings_keep_their_levels() -> None:
    content = html.read(PAGE.encode(), "a.html")
    found = [(content.text[heading.start : heading.end], heading.level) for heading in content.headings]
    assert found == [("Removals in 2024", 1), ("Reasons for removal", 2), ("Figures", 3)]


def test_a_paragraph_is_one_line_without_marks() -> None:
    assert (
        "\n\nThe Canada Border Services Agency enforced 17,357 removals during the year, the highest number "
        "in a decade. See the table for details.\n\n"
    ) in text_of(PAGE)


def test_nested_lists_are_indented() -> None:
    items = "- Failed refugee claims made up most of the removals.\n- Criminality\n  - Serious criminality\n"
    assert items + "  - Organised crime\n\n" in text_of(PAGE)


def test_numbered_lists_keep_their_numbers() -> None:
    assert "\n\n1. First step\n2. Second step\n\n" in text_of(PAGE)


def test_rows_name_their_columns() -> None:
    assert "\n\nYear: 2024; Removals: 17,357\nYear: 2023; Removals: 15,207\n\n" in text_of(PAGE)


def test_a_line_break_is_kept() -> None:
    assert text_of(PAGE).endswith("\n\nAddress line 1\nAddress line 2")


def test_the_page_states_its_fields() -> None:
    assert html.read(PAGE.encode(), "a.html").fields == {
        "title": "Removals in 2024",
        "source": "Jane Roe; Canada.ca",
        "date": "2024-03-05",
        "url": "https://www.canada.ca/removals.html",
        "language": "en-CA",
    }


def test_the_address_a_page_was_saved_from_stands_in_for_a_missing_one() -> None:
    page = PAGE.replace('<link rel="canonical" href="https://www.canada.ca/removals.html">', "")
    assert html.read(page.encode(), "a.html").fields["url"] == "https://www.canada.ca/saved.html"


def test_a_copyright_year_is_no_date() -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2024-03-05T10:00:00Z">', "")
    assert "date" not in html.read(page.encode(), "a.html").fields


def test_a_short_page_keeps_its_blocks_without_its_menu() -> None:
    page = "<html lang=fr><body><nav>menu</nav><h1>Avis</h1><p>Un renvoi.</p><ul><li>un<li>deux</ul></body></html>"
    assert text_of(page) == "Avis\n\nUn renvoi.\n\n- un\n- deux"


def test_terms_and_their_definitions_are_lines() -> None:
    terms = "<dl><dt>Removal order</dt><dd>An order to leave.</dd><dt>Stay</dt><dd>A delay.</dd></dl>"
    assert (
        text_of(f"<body><h1>Terms</h1>{terms}</body>")
        == "Terms\n\nRemoval order\n  An order to leave.\nStay\n  A delay."
    )


def test_terms_of_a_short_page_are_lines() -> None:
    page = "<body><nav>menu</nav><ul><li>A</li></ul><dl><dt>Stay</dt><dd>A delay.</dd></dl></body>"
    assert text_of(page) == "- A\nStay\n  A delay."


def test_a_line_break_in_an_item_is_indented() -> None:
    assert text_of("<body><ul><li>one<br>two</li><li>three</li></ul></body>") == "- one\n  two\n- three"


def test_hidden_parts_of_a_short_page_are_left_out() -> None:
    hidden = "<p style='DISPLAY:none'>a</p><p hidden>b</p><script>c</script><style>d</style><noscript>e</noscript>"
    assert text_of(f"<body><ul><li>one<br>two</li><li>three</li></ul>{hidden}</body>") == "- one\n  two\n- three"


def test_a_table_without_header_gives_its_cells() -> None:
    page = "<body><h1>A</h1><table><tr><td>2024</td><td>17,357</td></tr><tr><td>2023</td><td></td></tr></table>"
    assert text_of(page) == "A\n\n2024; 17,357\n2023"


def test_a_caption_stands_above_its_table() -> None:
    page = "<body><h1>A</h1><table><caption>Table 1</caption><tr><th>Year</th></tr><tr><td>2024</td></tr></table>"
    assert text_of(page) == "A\n\nTable 1\n\nYear: 2024"


def test_text_that_stands_between_blocks_is_kept() -> None:
    assert text_of("<body>before<p>in</p>after <i>all</i><div>end</div></body>") == "before\n\nin\n\nafter all\n\nend"


def test_a_page_whose_main_part_is_full_of_links_is_kept() -> None:
    items = "".join(f'<li><a href="/{n}">Section {n} of the Act, on the removal of persons</a></li>' for n in range(40))
    page = f"<html><body><main><h1>Act</h1><ul>{items}</ul><p>Current to 2024.</p></main></body></html>"
    assert text_of(page).count("on the removal of persons") == 40


def test_the_encoding_that_the_page_declares_is_used() -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15"></head><p>5 €</p>'
    assert html.read(page.encode("iso-8859-15"), "a.html").text == "5 €"


def test_latin_1_means_the_windows_characters() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><p>L’été à 5 €</p>'
    assert html.read(page.encode("cp1252"), "a.html").text == "L’été à 5 €"


def test_xhtml_with_an_xml_declaration_is_read() -> None:
    page = (
        '<?xml version="1.0" encoding="iso-8859-1"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr">'
        '<head><title>Loi</title><script src="a.js"/></head><body><p>Été <a id="s1"/>2024</p><p>Fin</p></body></html>'
    )
    content = html.read(page.encode("cp1252"), "a.xhtml")
    assert (content.text, content.fields) == ("Été 2024\n\nFin", {"title": "Loi", "language": "fr"})


def test_a_page_of_nothing_is_refused() -> None:
    with pytest.raises(ReadError, match=r"^a\.html: not a web page"):
        html.read(b" ", "a.html")

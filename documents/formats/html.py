"""Saved web pages: the main text without menus, and what the page states about itself."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy

from lxml import etree, html
from lxml.etree import _Element as Element
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extracted

from documents.errors import ReadError
from documents.formats.blocks import Block, Kind, assembled, lines, listed, one_line, table_rows
from documents.formats.content import Content
from documents.formats.text import decode

# The elements of HTML, and those that trafilatura turns them into.
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "head"}
_LISTS = {"ul", "ol", "menu", "list"}
_BLOCKS = {
    *_HEADINGS, *_LISTS, "dl", "table", "pre", "p", "div", "section", "article", "main", "body", "blockquote",
    "quote", "address", "figure", "figcaption", "details", "summary", "fieldset", "form", "center", "hr",
    "header", "footer", "nav", "aside", "li", "dt", "dd", "item", "caption", "legend", "code-block",
}  # fmt: skip
_UNSEEN = (
    "//script | //style | //noscript | //template | //svg | //iframe | //object | //input | //select"
    " | //button | //textarea | //*[@hidden] | //comment()"
)
_MENUS = ".//nav | .//header | .//footer | .//aside | .//*[@role='navigation' or @role='banner' or @role='contentinfo']"
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DECLARED = re.compile(rb"""<meta[^>]*?charset\s*=\s*["']?([\w-]+)|<\?xml[^>]*?encoding=["']([\w-]+)""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(\S+) -->")  # written by browsers that save a page
_LEVEL_OF_UNRANKED = 6
_SPACE = re.compile(r"\s+")


def read(data: bytes, name: str) -> Content:
    """Returns the page's main text, or all its visible text where no main part stands out."""
    match = _DECLARED.search(data[:4096])
    declared = (match[1] or match[2]).decode("ascii") if match else ""
    markup = _XML_DECLARATION.sub("", decode(data, name, declared))
    page = _parsed(markup, name)
    for node in [*page.xpath(_UNSEEN), *(node for node in page.xpath("//*[@style]") if _hidden(node))]:
        if node.getparent() is not None:
            node.drop_tree()
    # trafilatura prunes the tree that it is given.
    extracted = bare_extraction(
        deepcopy(page),
        with_metadata=True,
        include_comments=False,
        # subtle: the extensive search takes any date on the page, that of a copyright notice included
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    found = extracted if isinstance(extracted, Extracted) else None
    body = found.body if found is not None else None
    return assembled(_chosen(page, body), _fields(page, markup, found))


def _parsed(markup: str, name: str) -> Element:
    try:
        return html.document_fromstring(markup)
    except (etree.ParserError, ValueError) as error:
        raise ReadError(
            f"{name}: not a web page ({error}). Save the page again and ingest that.",
            french=f"{name} : pas une page web ({error}). Enregistrez la page de nouveau et ajoutez-la.",
        ) from error


def _hidden(node: Element) -> bool:
    return bool(_HIDDEN_STYLE.search(node.get("style")))


def _chosen(page: Element, extracted: Element | None) -> list[Block]:
    """Returns what trafilatura extracted, or all that is visible: on short pages it finds nothing, or one line."""
    found = _filled(extracted) if extracted is not None else []
    visible = _visible(page)
    return visible if len(found) <= 1 < len(visible) else found or visible


def _visible(page: Element) -> list[Block]:
    """Returns the blocks outside menus, or with them where there is nothing else."""
    body = page.find("body")
    if body is None:
        return []
    outside = deepcopy(body)
    for node in outside.xpath(_MENUS):
        node.drop_tree()
    return _filled(outside) or _filled(body)


def _fields(page: Element, markup: str, found: Extracted | None) -> Mapping[str, str]:
    title = page.findtext(".//title") or ""
    saved_from = _SAVED_FROM.search(markup)
    fields = {"title": title, "language": page.get("lang") or page.get("xml:lang")}
    if found is not None:
        fields["title"] = found.title or title
        fields["source"] = "; ".join(dict.fromkeys(part for part in (found.author, found.sitename) if part))
        fields["date"] = found.date
        fields["url"] = found.url
    if saved_from and not fields.get("url"):
        fields["url"] = saved_from[1]
    return {key: one_line(value) for key, value in fields.items() if value and value.strip()}


def _blocks(element: Element) -> Iterator[Block]:
    """Yields the blocks below an element; text between block elements makes paragraphs of its own."""
    inline = [_spaced(element.text)]
    for child in element:
        if _is_block(child):
            yield Block(Kind.PARAGRAPH, lines("".join(inline)))
            inline = []
            yield from _block(child)
        else:
            inline.append(_inline(child))
        inline.append(_spaced(child.tail))
    yield Block(Kind.PARAGRAPH, lines("".join(inline)))


def _is_block(element: Element) -> bool:
    return element.tag in _BLOCKS or any(node.tag in _BLOCKS for node in element.iter())


def _block(element: Element) -> Iterator[Block]:
    tag = element.tag
    if tag in _HEADINGS:
        rank = (element.get("rend") or tag)[1:]
        yield Block(Kind.HEADING, _inline(element), int(rank) if rank.isdigit() else _LEVEL_OF_UNRANKED)
    elif tag in _LISTS:
        yield from _items(element)
    elif tag == "dt":
        yield from listed("", _filled(element))
    elif tag == "dd":
        yield from listed("  ", _filled(element))
    elif tag == "table" and not element.xpath(".//table"):
        yield from _rows(element)
    elif tag == "pre":
        yield Block(Kind.PARAGRAPH, "".join(element.itertext()))
    else:
        yield from _blocks(element)


def _items(element: Element) -> Iterator[Block]:
    kind = element.get("rend") or element.tag
    number = 0
    for child in element:
        if child.tag not in ("li", "item"):
            yield from _block(child)
            continue
        number += 1
        definition = (child.get("rend") or "").startswith("dd")
        marker = {"ol": f"{number}. ", "dl": "  " if definition else ""}.get(kind, "- ")
        yield from listed(marker, _filled(child))


def _filled(element: Element) -> list[Block]:
    return [block for block in _blocks(element) if block.text.strip()]


def _rows(table: Element) -> Iterator[Block]:
    """Yields the rows, with the names of their columns where the table marks a row as header."""
    for caption in table.xpath("./caption"):
        yield Block(Kind.PARAGRAPH, _inline(caption))
    cells = [row.xpath("./td | ./th | ./cell") for row in table.xpath(".//tr | .//row")]
    rows = [[one_line(_inline(cell)) for cell in row] for row in cells]
    columns = max(map(len, rows), default=0)
    title = bool(rows) and columns > 1 and sum(map(bool, rows[0])) == 1
    if title:
        yield Block(Kind.PARAGRAPH, "".join(rows[0]))
        cells, rows = cells[1:], rows[1:]
    named = bool(rows) and all(cell.tag == "th" or cell.get("role") == "head" for cell in cells[0])
    yield from table_rows(rows[0], rows[1:]) if named else table_rows((), rows)


def _inline(element: Element) -> str:
    if not isinstance(element.tag, str):
        return ""
    if element.tag in ("br", "lb"):
        return "\n"
    parts = [_spaced(element.text)]
    for child in element:
        # Block elements inside a cell or a heading must not run into each other.
        gap = " " if child.tag in _BLOCKS else ""
        parts += [gap, _inline(child), gap, _spaced(child.tail)]
    return "".join(parts)


def _spaced(text: str | None) -> str:
    return _SPACE.sub(" ", text or "")

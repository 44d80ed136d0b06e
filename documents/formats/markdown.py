"""Markdown: the text that a reader of the rendered page sees, and the front matter above it."""

import re
from collections.abc import Iterator

import yaml
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from documents.errors import ReadError
from documents.formats.blocks import Block, Kind, assembled, lines, listed, one_line, table_rows
from documents.formats.content import Content
from documents.formats.text import decode, normal

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FIELD = re.compile(r"^[A-Za-z_][\w-]*[ \t]*:", re.MULTILINE)
_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[A-Za-z][^>]*>", re.DOTALL | re.IGNORECASE)
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)

_FIELDS = ("title", "date", "language", "url", "kind", "collection")
_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(data: bytes, name: str) -> Content:
    """Returns the rendered text; front matter gives title, date, language, url, kind, collection and source.

    Raises: ReadError where the front matter is no YAML mapping; the message names the line.
    """
    text = normal(decode(data, name)).lstrip("\n")
    fields: dict[str, str] = {}
    match = _FRONT_MATTER.match(text)
    if match and (_FIELD.search(match["yaml"]) or not match["yaml"].strip()):
        fields = _fields(match["yaml"], name)
        text = text[match.end() :]
    elif not match and re.match(r"---[ \t]*\n[A-Za-z_][\w-]*:", text):
        raise ReadError(
            f"{name}: front matter, line 1: opened, never closed. Add --- below its last field.",
            french=f"{name} : en-tête, ligne 1 : ouvert, jamais fermé. Ajoutez --- sous son dernier champ.",
        )
    return assembled(_blocks(SyntaxTreeNode(_PARSER.parse(text))), fields)


def _fields(text: str, name: str) -> dict[str, str]:
    try:
        # BaseLoader keeps every value as written: a date stays the string that the author typed.
        stated = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1  # the mark counts from 0, below the line ---
        reason = getattr(error, "problem", None) or "not valid YAML"
        raise ReadError(
            f"{name}: front matter, line {line}: {reason}. Correct that line.",
            french=f"{name} : en-tête, ligne {line} : {reason}. Corrigez cette ligne.",
        ) from error
    if stated is None:
        return {}
    if not isinstance(stated, dict):
        raise ReadError(
            f"{name}: front matter, line 2: no fields. Write one 'name: value' a line.",
            french=f"{name} : en-tête, ligne 2 : aucun champ. Écrivez un « nom: valeur » par ligne.",
        )
    fields = {key: _value(key, stated.get(key, ""), name) for key in _FIELDS}
    sources = [*_names(stated.get("source")), *_names(stated.get("sources"))]
    fields["source"] = "; ".join(dict.fromkeys(sources))
    return {key: value for key, value in fields.items() if value}


def _value(key: str, stated: object, name: str) -> str:
    if not isinstance(stated, str):
        raise ReadError(
            f"{name}: front matter: '{key}' is not plain text. Write '{key}: value' on one line.",
            french=f"{name} : en-tête : « {key} » n’est pas du texte simple. Écrivez « {key}: valeur » sur une ligne.",
        )
    return one_line(stated)


def _names(stated: object) -> list[str]:
    """Returns the names of the sources: one name, a mapping with a name, or a list of either."""
    if isinstance(stated, str):
        return [one_line(stated)] if stated.strip() else []
    if isinstance(stated, dict):
        return _names(stated.get("name"))
    return [name for entry in stated for name in _names(entry)] if isinstance(stated, list) else []


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    for child in node.children:
        match child.type:
            case "heading":
                yield Block(Kind.HEADING, _inline(child), int(child.tag[1]))
            case "paragraph":
                yield Block(Kind.PARAGRAPH, lines(_inline(child)))
            case "fence" | "code_block":
                yield Block(Kind.PARAGRAPH, child.content)
            case "html_block":
                yield Block(Kind.PARAGRAPH, _without_tags(child.content).strip())
            case "bullet_list" | "ordered_list":
                yield from _items(child)
            case "table":
                yield from _rows(child)
            case _:
                yield from _blocks(child)


def _items(node: SyntaxTreeNode) -> Iterator[Block]:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        yield from listed(f"{number}. " if node.type == "ordered_list" else "- ", _blocks(item))


def _rows(node: SyntaxTreeNode) -> Iterator[Block]:
    rows = [[_inline(cell) for cell in row.children] for part in node.children for row in part.children]
    return table_rows(rows[0], rows[1:])


def _inline(node: SyntaxTreeNode) -> str:
    """Returns the words of a node without their marks: a link as its text, an image as its description."""
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "html_inline":
            return "\n" if _LINE_BREAK_TAG.fullmatch(node.content) else ""
        case _:
            return "".join(_inline(child) for child in node.children)


def _without_tags(markup: str) -> str:
    return _TAG.sub("", _LINE_BREAK_TAG.sub("\n", markup))

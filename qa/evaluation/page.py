"""The page that a report stands in: one file, which asks nothing of any other."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

_CELL = '<td class="number">{}</td>'
_FOLDER = Path(__file__).resolve().parent
# Nothing may be loaded, whatever a question holds.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


def page(title: str, head: str, body: str, language: str) -> str:
    """Returns the whole page. `head` and `body` are HTML, `title` is text."""
    style = (_FOLDER / "report.css").read_text(encoding="utf-8")
    script = (_FOLDER / "report.js").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<header>{head}</header>\n<main>\n{body}\n</main>\n<script>\n{script}</script>\n</body>\n</html>\n"
    )


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, css: str = "") -> str:
    """Returns a table whose first column names its rows and whose others hold numbers; cells are HTML already."""
    heads = "".join(f'<th scope="col"{_number(at)}>{name}</th>' for at, name in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{cell}</th>' if at == 0 else f'<td class="number">{cell}</td>'
            for at, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0"><table class="{css}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _number(column: int) -> str:
    return ' class="number"' if column else ""

"""An export as one HTML page that needs nothing else, made to be printed or saved as PDF."""

import html as markup
from collections.abc import Sequence
from itertools import groupby

from page.export_parts import Export, Note, Paragraph, Run, Section

_STYLE = """
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff;
  font: 1rem/1.55 Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
h1, h2 { font-family: system-ui, "Segoe UI", Arial, sans-serif; line-height: 1.25; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
blockquote { margin: .8rem 0; padding-left: 1rem; border-left: 3px solid #1f5fa8; }
.quiet { color: #555; font-size: .9rem; }
a { color: #1a4f8b; }
.notes { border-top: 1px solid #999; font-size: .9rem; } .notes li { margin: .4rem 0; padding-left: .3rem; }
:target { background: #fff3b0; }
@media print {
  @page { margin: 2cm; }
  body { max-width: none; margin: 0; padding: 0; font-size: 11pt; }
  a { color: inherit; text-decoration: none; }
  :target { background: none; }
  h1, h2 { break-after: avoid; } blockquote, li { break-inside: avoid; }
}
"""


def html(export: Export) -> bytes:
    """Returns the page; its numbers lead to the notes, and each note to the document."""
    title = _escaped(export.title)
    facts = "".join(f'<p class="quiet">{_escaped(fact)}</p>\n' for fact in export.facts)
    page = (
        f'<!doctype html>\n<html lang="{export.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{facts}"
        f"{''.join(map(_section, export.sections))}{_notes(export.notes_heading, export.notes)}"
        "</main>\n</body>\n</html>\n"
    )
    return page.encode("utf-8")


def _section(section: Section) -> str:
    parts = []
    for kind, group in groupby(section.paragraphs, key=lambda each: each.kind):
        paragraphs = "".join(map(_paragraph, group))
        parts.append(f"<ul>\n{paragraphs}</ul>\n" if kind == "item" else paragraphs)
    return f"<section>\n<h2>{_escaped(section.heading)}</h2>\n{''.join(parts)}</section>\n"


def _paragraph(paragraph: Paragraph) -> str:
    runs = _runs(paragraph.runs)
    match paragraph.kind:
        case "quote":
            return f"<blockquote><p>{runs}</p></blockquote>\n"
        case "item":
            return f"<li>{runs}</li>\n"
        case "quiet":
            return f'<p class="quiet">{runs}</p>\n'
        case _:
            return f"<p>{runs}</p>\n"


def _notes(heading: str, notes: Sequence[Note]) -> str:
    if not notes:
        return ""
    items = "".join(f'<li id="source-{note.number}">{_runs(note.runs)}</li>\n' for note in notes)
    return f'<section class="notes">\n<h2>{_escaped(heading)}</h2>\n<ol>\n{items}</ol>\n</section>\n'


def _runs(runs: Sequence[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    text = _escaped(run.text)
    if run.note:
        return f'<a href="#source-{run.note}">{text}</a>'
    if run.link:
        return f'<a href="{_escaped(run.link)}">{text}</a>'
    if run.bold:
        text = f"<strong>{text}</strong>"
    return f'<span lang="{_escaped(run.language)}">{text}</span>' if run.language else text


def _escaped(text: str) -> str:
    return markup.escape(text, quote=True)

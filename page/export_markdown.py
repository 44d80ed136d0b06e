"""An export as Markdown with footnotes; without an extension that knows them, the numbers and notes read as text."""

import re
import unicodedata
from collections.abc import Sequence

from page.export_parts import Export, Paragraph, Run, Section

_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$#]")
_AT_START = re.compile(r"([-+=]|\d+(?=[.)]))")  # would begin a list or underline a heading
_BEFORE = {"quote": "> ", "item": "- "}


def markdown(export: Export) -> bytes:
    """Returns CommonMark with the footnotes that GitHub and Pandoc know."""
    parts = [f"# {_line([Run(export.title)])}", *(_line([Run(fact)]) for fact in export.facts)]
    parts += [part for section in export.sections for part in _section(section)]
    if export.notes:
        parts.append(f"## {_line([Run(export.notes_heading)])}")
        parts += [f"[^{note.number}]: {_line(note.runs)}" for note in export.notes]
    return ("\n\n".join(parts) + "\n").encode("utf-8")


def _section(section: Section) -> list[str]:
    return [f"## {_line([Run(section.heading)])}", *map(_paragraph, section.paragraphs)]


def _paragraph(paragraph: Paragraph) -> str:
    return _BEFORE.get(paragraph.kind, "") + _line(paragraph.runs)


def _line(runs: Sequence[Run]) -> str:
    """Returns the runs in one line that reads as they do."""
    whole = "".join(run.text for run in runs)
    parts: list[str] = []
    place = 0
    for run in runs:
        before, after = whole[:place], whole[place + len(run.text) :]
        parts.append(_run(run, before[-1:], after[:1]))
        place += len(run.text)
    return _at_start("".join(parts).strip(" "))


def _run(run: Run, before: str, after: str) -> str:
    if run.note:
        return f"[^{run.note}]"
    text = _escaped(run.text)
    if run.link:
        return f"[{text}](<{_address(run.link)}>)"
    inner = run.text.strip()
    if not run.bold or not inner:
        return text
    lead = run.text[: run.text.index(inner)]
    trail = run.text[len(lead) + len(inner) :]
    opens = inner[0].isalnum() or _parts_words(lead[-1:] or before)
    closes = inner[-1].isalnum() or _parts_words(trail[:1] or after)
    # Between letters, asterisks beside a mark are no emphasis: then it goes without.
    return f"{_escaped(lead)}**{_escaped(inner)}**{_escaped(trail)}" if opens and closes else text


def _parts_words(character: str) -> bool:
    return not character or character.isspace() or unicodedata.category(character).startswith("P")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _at_start(line: str) -> str:
    if not _AT_START.match(line):
        return line
    rest = line.lstrip("0123456789")
    return f"{line[: len(line) - len(rest)]}\\{rest}"


def _address(link: str) -> str:
    return re.sub(r"[\\<>\n]", lambda match: f"%{ord(match[0]):02X}", link)

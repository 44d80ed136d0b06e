"""What leads up to an item of a list: "a foreign national who" stands above "(b) has not left", and far from it.

Items are told by how they begin: 247, (1), (a), (i), (A), (I), 2., or a bullet. An item needs its lead-in where its own
text begins with a small letter, or where the lead-in ends with a colon; any other item stands alone.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from documents.sentences import Span

_SECTION = re.compile(r"\d{1,4}(?:\.\d+)*(?=\s+(?:\(|[A-ZÀ-Ý]))\s+")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+")
_BRACKETED = re.compile(r"\(?(\w{1,5})(?:\.\d+)?\)\s*")
_BULLET = re.compile(r"\s*[-–•*·‣▪]\s")
_LETTER = re.compile(r"[^\W\d_]")
_ROMAN = re.compile(r"[ivx]+", re.IGNORECASE)
_FIRST = {
    "number": "1", "digit": "1", "small letter": "a", "capital letter": "A", "small roman": "i", "capital roman": "I",
}  # fmt: skip
_LONGEST = 500  # characters; a longer sentence is not read as the beginning of others
_MOST = 4  # lead-ins of one item


@dataclass(slots=True)
class _Level:
    """A list that is open: the kind of its labels, the label it has reached, and what leads up to all its items."""

    kind: str
    label: str
    leads: tuple[Span, ...]


def lead_ins(text: str, sentences: Sequence[Span], headings: Collection[int] = ()) -> list[tuple[Span, ...]]:
    """Returns for each sentence the spans of its lead-ins, outermost first; none for one that stands alone.

    `headings` are the offsets at which headings begin: no list reaches across one.
    """
    found: list[tuple[Span, ...]] = []
    levels: list[_Level] = []
    above: tuple[Span, ...] = ()  # the sentence before with its own lead-ins
    for start, end in sentences:
        line = text.rfind("\n", 0, start) + 1
        labels, body = _labels(text, line, start, end)
        is_heading = start in headings or line in headings
        if is_heading:
            levels, labels = [], []
        elif not labels and levels and levels[-1].kind.startswith("bullet") and not text[line:start].strip():
            levels.pop()
        for place, (kind, label) in enumerate(labels):
            kind = _told_apart(kind, label, levels)
            levels = _open(levels, kind, label, above if place == 0 else levels[-1].leads)
        leads = levels[-1].leads if labels and _needs_lead(text, body, end, levels[-1].leads) else ()
        found.append(leads)
        above = (*leads, (start, end))[-_MOST:] if not is_heading and _leads_on(text, start, end) else ()
    return found


def _labels(text: str, line: int, start: int, end: int) -> tuple[list[tuple[str, str]], int]:
    """Returns (kind, label) of the labels the sentence begins with, and where its own text begins."""
    bullet = _BULLET.match(text, line, start + 2)
    if bullet and bullet.end() >= start:
        indent = len(text[line:start]) - len(text[line:start].lstrip())
        return [(f"bullet{indent}", "")], max(start, bullet.end())
    if text[line:start].strip(" \t\u00a0*#>"):
        return [], start  # not the first sentence of its line
    found = []
    for pattern, kind in ((_NUMBERED, "number"), (_SECTION, "section")):
        if match := pattern.match(text, start, end):
            found.append((kind, match.group().strip()))
            start = match.end()
            break
    while (match := _BRACKETED.match(text, start, end)) and len(found) < 4:
        found.append(("", match.group(1)))
        start = match.end()
    return found, start


def _told_apart(kind: str, label: str, levels: Sequence[_Level]) -> str:
    """Returns the kind of a bracketed label: (i) comes after (h), or begins a list of Roman numbers."""
    if kind:
        return kind
    if label[0].isdigit():
        return "digit"
    case = "capital" if label[0].isupper() else "small"
    roman, letter = f"{case} roman", f"{case} letter"
    follows = next((level.label for level in reversed(levels) if level.kind == letter), "")
    is_next = len(label) == 1 and len(follows) == 1 and ord(label) - ord(follows) in (0, 1)
    open_roman = bool(levels) and levels[-1].kind == roman
    return roman if _ROMAN.fullmatch(label) and (open_roman or not is_next) else letter


def _open(levels: list[_Level], kind: str, label: str, leads: tuple[Span, ...]) -> list[_Level]:
    if kind == "section":
        return [_Level(kind, label, ())]
    for place, level in enumerate(levels):
        if level.kind == kind:
            if label.strip(".) ") == _FIRST.get(kind):  # the same kind of list begins anew
                return [*levels[:place], _Level(kind, label, leads)]
            if len(label) == len(level.label) and label < level.label and kind.endswith(("letter", "digit")):
                return [*levels[:place], _Level(kind, label, ())]  # of another list, whose first item was not seen
            level.label = label
            return levels[: place + 1]
    return [*levels, _Level(kind, label, leads)]


def _needs_lead(text: str, body: int, end: int, leads: Sequence[Span]) -> bool:
    if not leads:
        return False
    letter = _LETTER.search(text, body, end)
    return text[leads[-1][1] - 1] == ":" or letter is None or letter.group().islower()


def _leads_on(text: str, start: int, end: int) -> bool:
    """True for a sentence that others may continue."""
    return end - start <= _LONGEST and text[end - 1] not in ".!?;,]"

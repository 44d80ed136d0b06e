"""Where sentences begin and end: the units that are kept whole by the splitter and quoted by the answerer.

Lines come first: a heading, a list item or a paragraph of a statute ends where its line ends. Only text that
was wrapped to a fixed width is read across its line ends. Within a line, nupunkt (a Punkt model trained on
legal text) finds the boundaries.
"""

import re
from collections.abc import Iterator

from nupunkt import sent_spans

Span = tuple[int, int]

_LINE = re.compile(r"[^\n]+")
_LABEL = re.compile(
    r"(?:(?:sec|art|no|s|ss|para|pt|ch)\.?\s*)?[\divxlc]{1,5}(?:[.-]\d+)*[.)]?|[-–•*#]+|\(\w{1,5}\)", re.I
)
_LIST_ITEM = re.compile(r"\s*(?:[-–•*]\s|\(\w{1,5}\)|\d{1,3}[.)]\s|#{1,6}\s|\*\*|\|)")
_MARKER = re.compile(r"(?:\s|(?:[-–•*]|#{1,6})(?=\s))*")  # space, bullets and heading marks say nothing
_NUMERIC_LINE = re.compile(r"[\W\d_]+(?:[AaPp]\.?[Mm]\.?)?\s*")  # a date line, a page number
_FUNCTION_WORD = 4  # characters; a line that ends in "the" or "with" is not finished
_WRAPPED_MINIMUM = 40  # characters; narrower lines are verse, addresses or tables
_WRAPPED_MAXIMUM = 110  # wider lines are whole paragraphs


def sentence_spans(text: str) -> list[Span]:
    """Returns the sentences as half-open spans without surrounding space, in order, not overlapping.

    What lies outside the spans is white space, bullets and heading marks.
    """
    spans: list[Span] = []
    for start, end in _blocks(text):
        spans.extend(_in_block(text, start, end))
    return spans


def _blocks(text: str) -> Iterator[Span]:
    """Yields the lines, wrapped lines joined to one block."""
    lines = [match.span() for match in _LINE.finditer(text) if not match.group().isspace()]
    width = _wrap_width(text, lines)
    block: Span | None = None
    for start, end in lines:
        if block and _continues(text, block, (start, end), width):
            block = (block[0], end)
            continue
        if block:
            yield block
        block = (start, end)
    if block:
        yield block


def _wrap_width(text: str, lines: list[Span]) -> int:
    """Returns the width the text was wrapped to, or 0 when its lines are paragraphs."""
    widths = sorted(len(text[start:end].rstrip()) for start, end in lines)
    if len(widths) < 4 or widths[-1] > _WRAPPED_MAXIMUM:
        return 0
    typical = widths[len(widths) * 3 // 4]
    unfinished = sum(
        text[start:end].rstrip()[-1:].isalnum() or text[start:end].rstrip()[-1:] == "," for start, end in lines
    )
    return typical if typical >= _WRAPPED_MINIMUM and unfinished * 2 > len(lines) else 0


def _continues(text: str, block: Span, line: Span, width: int) -> bool:
    if not width or "\n\n" in text[block[1] : line[0]] or _LIST_ITEM.match(text, line[0]):
        return False
    last_line = text[text.rfind("\n", 0, block[1]) + 1 : block[1]].rstrip()
    first_word = text[line[0] : line[1]].split(maxsplit=1)[0]
    if _NUMERIC_LINE.fullmatch(text, *line):
        return False
    last_word = last_line.split()[-1]
    if last_word.islower() and last_word.isalpha() and len(last_word) <= _FUNCTION_WORD:
        return True
    # A wrapped line is one that the next line's first word would have made too wide.
    return len(last_line) + 1 + len(first_word) > width * 0.9


def _in_block(text: str, start: int, end: int) -> Iterator[Span]:
    pending: Span | None = None
    for low, high in sent_spans(text[start:end]):
        span = _trimmed(text, start + low, start + high)
        if span is None:
            continue
        if pending and _belongs_together(text, pending, span):
            pending = (pending[0], span[1])
            continue
        if pending:
            yield pending
        pending = span
    if pending:
        yield pending


def _belongs_together(text: str, before: Span, after: Span) -> bool:
    """A label belongs to what it labels, and a bracket to what it closes."""
    first, second = text[before[0] : before[1]], text[after[0] : after[1]]
    if _LABEL.fullmatch(first) or len(second) < 3:
        return True
    if second[0] in ")]»”’" or second[0].islower():
        return True
    return first.count("[") > first.count("]") or (first.count("(") > first.count(")") and len(first) < 200)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    marker = _MARKER.match(text, start, end)
    start = marker.end() if marker else start
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None

"""Lines of a printed page back into running text: headers and footers out, hyphens mended, paragraphs whole.

Print shows a paragraph's end by space: more of it than between the lines around, a short line, an indent.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from documents.formats.blocks import one_line, tidy
from documents.types import Heading

_RUNNING_LINES = 3  # of a header, and of a footer, at most
_PAGE_NUMBER = re.compile(r"[^\w#]*#(?:[^\w#]+#)?[^\w#]*")
_BULLET = re.compile(r"[•‣▪▫◦●○■□➢➤✓](?:\s|$)")
_MARKER = re.compile(r"(?:[-\u2013—*]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxlc]+\))\s")
_LONE_MARKER = re.compile(r"(?:[•‣▪▫◦●○■□➢➤✓*\u2013—-]|\(?\d{1,3}[.)]|\(?[a-z][.)])")
_LEADERS = re.compile(r"(?:\. ?){4,} *[\divxlc]+$")  # in a table of contents
_BEFORE_ITEM = re.compile(r"(?:[.;:,!?]|\b(?:and|or|et|ou))[\"”»)\]]*$")
_SENTENCE_END = re.compile(r"[.!?:;…][\"”\u2019»)\]]*$")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)+")
_WORD = re.compile(r"[^\W\d_]+")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)[-\u2010\xad]$")

_WIDER_GAP = 1.2  # times the gaps around: between paragraphs
_WIDE_GAP = 1.8  # times the page's usual gap: between paragraphs whatever stands around
_USUAL_GAP = 1.2  # times the size of a line, where there are but two lines
_SAME_LINE = 0.5
_OTHER_SIZE = 1.15
_PROSE = 5  # words in a line that a small letter continues
_LEVEL, _GAP_OF_CELLS = 0.1, 1.2  # times the size
_LEAST_LINES, _PROSE_WORDS = 3, 3  # of a column
_HEADING_WORDS = 20
_MOST_HEADINGS = 0.34  # of the lines
_NO_HEADING = re.compile(r"[.;,][\"”\u2019»)\]]*$|^\W*\d[\d\s.,%-]*$|(?:\. ?){4,}")  # sentence, figures, contents
_WORD_SLACK = 1.3  # the width of a word is estimated from its line


@dataclass(frozen=True, slots=True)
class Line:
    """One line as printed, in points from the lower left corner of its page."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool = False
    kept: bool = False  # never a header or footer, however often it repeats
    parts: "tuple[Line, ...]" = ()  # where wide gaps part it: columns, or the cells of a row


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[Sequence[Line]]:
    """Returns the pages without the first and last lines that repeat on most of them, page numbers aside.

    Half the pages are enough, so that headers that differ on left and right pages go too; three are needed.
    """
    remaining = list(pages)
    for edge in (0, -1):
        for _ in range(_RUNNING_LINES):
            outer = [_masked(lines[edge]) if lines and not lines[edge].kept else ("", 0) for lines in remaining]
            counts = Counter(outer)
            running = {masked for masked in counts if _runs(masked[0], counts[masked], len(pages))}
            if not running:
                break
            rest = slice(1, None) if edge == 0 else slice(None, -1)
            remaining = [
                lines[rest] if masked in running else lines for lines, masked in zip(remaining, outer, strict=True)
            ]
    return remaining


def running_text(lines: Sequence[Line], known_words: frozenset[str]) -> str:
    """Returns the text of one page: a line end within a paragraph is a space, paragraphs stand apart.

    `known_words` tells whether a word broken at its hyphen is written with it elsewhere.
    """
    parts: list[str] = []
    for column in _columns(lines):
        if parts:
            parts.append(_between_columns(parts[-1], column[0].text))
        margin = _right_margin(column)
        parts.append(column[0].text)
        for (upper, lower), wide in zip(pairwise(column), _wide_gaps(column), strict=True):
            parts += [_separator(upper, lower, wide, margin), lower.text]
    return tidy(_mended(parts, known_words))


def in_columns(lines: Sequence[Line]) -> list[Line]:
    """Returns the lines with columns that were printed row by row one after the other.

    A gap at one place of three lines or more parts columns, where what stands on both sides reads as prose; else it
    is that of a table, whose rows stay whole.
    """
    lines = _whole_rows(lines)
    ordered: list[Line] = []
    place = 0
    while place < len(lines):
        run = _run_of_columns(lines[place:])
        ordered += [part for column in zip(*run, strict=True) for part in column] if run else [lines[place]]
        place += max(len(run), 1)
    return ordered


def _whole_rows(lines: Sequence[Line]) -> list[Line]:
    """Returns the lines with those made one that stand on one baseline, one right of the other."""
    whole: list[Line] = []
    for line in lines:
        left = whole[-1] if whole else line
        level = abs(left.baseline - line.baseline) < _LEVEL * line.size
        if level and left is not line and line.left > left.right + _GAP_OF_CELLS * line.size:
            parts = (*(left.parts or (left,)), *(line.parts or (line,)))
            text, kept = f"{left.text} {line.text}", left.kept or line.kept
            whole[-1] = replace(left, text=text, right=line.right, parts=parts, kept=kept)
        else:
            whole.append(line)
    return whole


def _run_of_columns(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Returns the parts of the first lines, as long as the same gaps part them; nothing where they are no prose."""
    run: list[tuple[Line, ...]] = []
    for line in lines:
        if len(line.parts) < 2 or (run and len(line.parts) != len(run[0])):
            break
        columns = list(zip(*run, line.parts, strict=True))
        edges = [(min(part.left for part in column), max(part.right for part in column)) for column in columns]
        if any(right >= left for (_, right), (left, _) in pairwise(edges)):
            break
        run.append(line.parts)
    prose = all(_reads_as_prose(column) for column in zip(*run, strict=True))
    return run if len(run) >= _LEAST_LINES and prose else []


def _reads_as_prose(column: Sequence[Line]) -> bool:
    words = [word for line in column for word in line.text.split()]
    return len(words) >= _PROSE_WORDS * len(column) and sum(map(bool, map(_WORD.search, words))) > 0.8 * len(words)


def heading_levels(pages: Iterable[Sequence[Line]]) -> dict[str, int]:
    """Returns the texts of headings with their levels: short lines, larger or bolder than the body around them.

    Nothing where they would be more than a part of the lines: then they are how the document is set.
    """
    lines = [line for page in pages for line in page]
    body, is_bold = _body_type(lines)
    found: dict[str, tuple[float, bool]] = {}
    for look, run in groupby(
        lines, key=lambda line: (round(line.size * 2) / 2, line.bold, _stands_out(line, body, is_bold))
    ):
        text = one_line(" ".join(line.text for line in run))
        words = len(text.split())
        if look[2] and words <= _HEADING_WORDS and _WORD.search(text) and not _NO_HEADING.search(text):
            found[text] = look[:2]
    looks = sorted(set(found.values()), reverse=True)
    if not lines or len(found) > _MOST_HEADINGS * len(lines):
        return {}
    return {text: min(looks.index(look) + 1, 6) for text, look in found.items()}


def headings_in(text: str, levels: Mapping[str, int], shift: int) -> Iterator[Heading]:
    """Yields the headings of a page's text: paragraphs, or lines of one, that are set as headings; moved by `shift`."""
    start = 0
    for paragraph in text.split("\n\n"):
        pieces = [paragraph] if one_line(paragraph) in levels else paragraph.split("\n")
        at = start
        for piece in pieces:
            if level := levels.get(one_line(piece)):
                lead = len(piece) - len(piece.lstrip())
                yield Heading(shift + at + lead, shift + at + len(piece.rstrip()), level)
            at += len(piece) + 1
        start += len(paragraph) + 2


def _body_type(lines: Sequence[Line]) -> tuple[float, bool]:
    """Returns the size and the weight that most characters have."""
    sizes, bold = Counter[float](), 0
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
        bold += len(line.text) if line.bold else -len(line.text)
    return (sizes.most_common(1)[0][0] if sizes else 0.0), bold > 0


def _stands_out(line: Line, body: float, is_bold: bool) -> bool:
    return not line.kept and (line.size > _OTHER_SIZE * body or (line.bold and not is_bold and line.size >= body))


def words_of(pages: Iterable[Sequence[Line]]) -> frozenset[str]:
    """Returns the words, in lower case, that stand whole on a line, with and without hyphens."""
    text = "\n".join(line.text.lower() for lines in pages for line in lines)
    return frozenset([*_HYPHENATED.findall(text), *_WORD.findall(text)])


def _masked(line: Line) -> tuple[str, int]:
    """Returns the line without its figures, and its size: a title may say in large what headers repeat."""
    return re.sub(r"\d+", "#", one_line(line.text)).casefold(), round(line.size)


def _runs(masked: str, count: int, pages: int) -> bool:
    """Is this a header, footer or page number? A row of figures is none, however often its mask repeats."""
    worded = _WORD.search(masked) or _PAGE_NUMBER.fullmatch(masked)
    return bool(worded) and count >= 3 and 2 * count + 1 >= pages


def _columns(lines: Sequence[Line]) -> list[list[Line]]:
    """Splits where a line stands above the one before it, and where the column begins that this ends."""
    columns: list[list[Line]] = []
    for line in lines:
        if columns and line.baseline < columns[-1][-1].baseline + _SAME_LINE * line.size:
            columns[-1].append(line)
            continue
        if columns:
            above = [upper for upper in columns[-1] if upper.baseline > line.baseline + line.size]
            beside = columns.pop()[len(above) :]
            columns += [part for part in (above, beside) if part]
        columns.append([line])
    return columns


def _wide_gaps(column: Sequence[Line]) -> list[bool]:
    """Returns for each line but the last whether the gap below is wider than within a paragraph."""
    gaps = [(upper.baseline - lower.baseline) / lower.size for upper, lower in pairwise(column)]
    between = sorted(gap for gap in gaps if gap > _SAME_LINE)
    usual = between[len(between) // 2] if between else _USUAL_GAP
    wide = []
    for position, gap in enumerate(gaps):
        around = [other for other in gaps[max(position - 1, 0) : position + 2] if other > _SAME_LINE]
        closest = min(around) if len(around) > 1 else _USUAL_GAP
        wide.append(gap > _SAME_LINE and (gap > _WIDER_GAP * closest or gap > _WIDE_GAP * usual))
    return wide


def _right_margin(column: Sequence[Line]) -> float:
    """Returns where full lines end. Among many lines, a title wider than its column is no measure."""
    ends = sorted(line.right for line in column)
    return ends[-1] if len(ends) < 8 else ends[int(0.9 * (len(ends) - 1))]


def _separator(upper: Line, lower: Line, wide: bool, margin: float) -> str:
    if abs(upper.baseline - lower.baseline) < _SAME_LINE * lower.size or _LONE_MARKER.fullmatch(upper.text):
        return " "
    set_as_one = len(upper.text.split()) >= _PROSE or (upper.bold and lower.bold)
    prose = set_as_one and not _SENTENCE_END.search(upper.text)
    runs_on = prose and lower.text[0].islower()
    other_size = max(upper.size, lower.size) > _OTHER_SIZE * min(upper.size, lower.size)
    other_weight = upper.bold != lower.bold and not runs_on
    if other_size or other_weight or (wide and not runs_on):
        return "\n\n"
    rows = len(upper.parts) > 1 and len(upper.parts) == len(lower.parts)
    if rows or _BULLET.match(lower.text) or _LEADERS.search(upper.text):
        return "\n"
    short = not runs_on and _fits_after(upper, lower, margin)
    if _MARKER.match(lower.text) and (short or _BEFORE_ITEM.search(upper.text)):
        return "\n"
    indented = lower.left > upper.left + lower.size
    if _SENTENCE_END.search(upper.text) and (short or indented):
        return "\n\n"
    return "\n" if short else " "


def _fits_after(upper: Line, lower: Line, margin: float) -> bool:
    """Would the lower line's first word have stood in the upper line, had the text run on?"""
    first_word = lower.text.split(" ", 1)[0]
    character = (lower.right - lower.left) / len(lower.text)
    return upper.right + _WORD_SLACK * character * (len(first_word) + 1) < margin


def _between_columns(above: str, below: str) -> str:
    runs_on = not _SENTENCE_END.search(above) and below[:1].islower()
    return " " if runs_on or _BROKEN_WORD.search(above) else "\n\n"


def _mended(parts: Sequence[str], known_words: frozenset[str]) -> str:
    """Joins texts and separators, which alternate; a word broken at a line end becomes whole.

    The hyphen stays before a capital or a digit, and in a word that the document writes with it.
    """
    mended = list(parts[:1])
    for separator, following in zip(parts[1::2], parts[2::2], strict=True):
        broken = _BROKEN_WORD.search(mended[-1])
        if not broken or separator == "\n\n" or not following[:1].isalnum():
            mended += [separator, following]
            continue
        rest = _WORD.match(following)
        first, second = broken[1].lower(), rest[0].lower() if rest else ""
        compound = f"{first}-{second}" in known_words and first + second not in known_words
        if not compound and following[0].islower():
            mended[-1] = mended[-1][:-1]
        mended.append(following)
    return "".join(mended)

"""Splits a document into passages: whole sentences, packed up to a token budget, broken at headings.

The budget is counted with the embedder's own tokenizer, so nothing that is embedded is ever cut off by it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from documents.errors import BadSetting
from documents.outline import lead_ins
from documents.sentences import Span, sentence_spans
from documents.types import Document, Extract, Passage

CountTokens = Callable[[Sequence[str]], Sequence[int]]
Piece = tuple[Span, int, int]  # a sentence or part of one, its tokens, and the tokens between it and the one before


@dataclass(frozen=True, slots=True)
class SplitSettings:
    """`max_tokens` bounds a passage; a heading starts a new one once `min_tokens` are there."""

    max_tokens: int = 180
    min_tokens: int = 60

    def __post_init__(self) -> None:
        if not 16 <= self.max_tokens <= 8192:
            raise BadSetting(f"max_tokens is {self.max_tokens}: choose between 16 and 8192.")
        if not 0 <= self.min_tokens <= self.max_tokens:
            raise BadSetting(f"min_tokens is {self.min_tokens}: choose between 0 and max_tokens ({self.max_tokens}).")


def split(document: Document, count_tokens: CountTokens, settings: SplitSettings) -> list[Passage]:
    """Returns the passages in order. Together they hold every sentence of the document once.

    A sentence is cut only where it alone is over the budget, and then between words if it has any.
    """
    text = document.text
    sentences = sentence_spans(text)
    counts = count_tokens([text[start:end] for start, end in sentences])
    ends = [0, *(end for _, end in sentences)]
    # Bullets and the like between two sentences count towards a passage that holds both.
    between = count_tokens([text[before:start] for before, (start, _) in zip(ends, sentences, strict=False)])
    pieces: list[Piece] = []
    for span, count, gap in zip(sentences, counts, between, strict=True):
        parts = _cut(text, span, count, count_tokens, settings.max_tokens)
        pieces.extend((part, tokens, gap if part[0] == span[0] else 0) for part, tokens in parts)
    found = lead_ins(text, sentences, {heading.start for heading in document.headings})
    leads = {start: each for (start, _), each in zip(sentences, found, strict=True) if each}
    return [_passage(document, spans, leads) for spans in _pack(document, pieces, settings)]


def _pack(document: Document, pieces: Sequence[Piece], settings: SplitSettings) -> Iterator[list[Span]]:
    heading_lines = {document.text.rfind("\n", 0, heading.start) + 1 for heading in document.headings}
    spans: list[Span] = []
    filled = 0
    for span, count, gap in pieces:
        full = filled + gap + count > settings.max_tokens
        at_heading = document.text.rfind("\n", 0, span[0]) + 1 in heading_lines and filled >= settings.min_tokens
        if spans and (full or at_heading or document.page_at(span[0]) != document.page_at(spans[0][0])):
            yield spans
            spans, filled = [], 0
        spans.append(span)
        filled += gap + count if len(spans) > 1 else count
    if spans:
        yield spans


def _cut(text: str, span: Span, count: int, count_tokens: CountTokens, limit: int) -> Iterator[tuple[Span, int]]:
    """Halves a sentence, between words where it has any, until every piece is within the limit."""
    start, end = span
    if count <= limit or end - start == 1:
        yield span, count
        return
    middle = (start + end) // 2
    space = text.rfind(" ", start + 1, middle)
    if space < 0:
        space = text.find(" ", middle, end - 1)
    left, right = ((start, space), (space + 1, end)) if space > 0 else ((start, middle), (middle, end))
    for part in (left, right):
        yield from _cut(text, part, count_tokens([text[part[0] : part[1]]])[0], count_tokens, limit)


def _passage(document: Document, spans: Sequence[Span], leads: Mapping[int, Sequence[Span]]) -> Passage:
    start, end = spans[0][0], spans[-1][1]
    above = tuple(tuple(Extract(*lead, document.text[slice(*lead)]) for lead in leads.get(low, ())) for low, _ in spans)
    return Passage(
        info=document.info,
        start=start,
        end=end,
        text=document.text[start:end],
        sentences=tuple(spans),
        headings=_headings_above(document, start),
        page=document.page_at(start),
        lead_ins=above if any(above) else (),
    )


def _headings_above(document: Document, offset: int) -> tuple[str, ...]:
    above: list[tuple[int, str]] = []
    for heading in document.headings:
        if heading.start > offset:
            break
        while above and above[-1][0] >= heading.level:
            above.pop()
        if heading.end > offset:
            break  # the passage begins with this heading, which ends the section before it
        above.append((heading.level, document.text[heading.start : heading.end]))
    return tuple(text for _, text in above)

"""The texts in the database, compressed: documents in pieces, so that a passage is read without all of its document."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

LENGTH = 2048  # characters of a piece: longer ones are hardly smaller, and take longer to read
_BITS = 20  # of a piece's number that tell its place; the others tell its document
_MOST_PARAMETERS = 500

Read = Callable[[str, Sequence[Any]], Iterable[tuple[Any, ...]]]  # an SQL statement with its parameters -> rows
Span = tuple[int, int, int]  # a document's number, start and end


def squeezed(text: str) -> bytes:
    """Returns the text, compressed."""
    return zlib.compress(text.encode(), 9)


def spread(data: bytes) -> str:
    """Returns the text that was compressed."""
    return zlib.decompress(data).decode()


def pieces_of(text: str) -> list[str]:
    """Returns the pieces of a text; none of an empty one."""
    return [text[start : start + LENGTH] for start in range(0, len(text), LENGTH)]


def write_text(execute: Callable[[str, Sequence[Any]], object], document: int, text: str) -> None:
    """Writes the text of a document that has none yet."""
    for place, piece in enumerate(pieces_of(text)):
        execute("INSERT INTO pieces VALUES (?, ?)", ((document << _BITS) + place, squeezed(piece)))


def delete_text(execute: Callable[[str, Sequence[Any]], object], document: int) -> None:
    """Deletes the text of a document."""
    execute("DELETE FROM pieces WHERE number >= ? AND number < ?", (document << _BITS, (document + 1) << _BITS))


def text_of(read: Read, document: int) -> str:
    """Returns the text of a document."""
    rows = read(
        "SELECT text FROM pieces WHERE number >= ? AND number < ? ORDER BY number",
        (document << _BITS, (document + 1) << _BITS),
    )
    return "".join(spread(row[0]) for row in rows)


def texts_of(read: Read, spans: Sequence[Span]) -> list[str]:
    """Returns the text of each span, in order."""
    wanted = [_numbers(span) for span in spans]
    numbers = list(dict.fromkeys(number for each in wanted for number in each))
    pieces: dict[int, str] = {}
    for start in range(0, len(numbers), _MOST_PARAMETERS):
        part = numbers[start : start + _MOST_PARAMETERS]
        rows = read(f"SELECT number, text FROM pieces WHERE number IN ({', '.join('?' * len(part))})", part)
        pieces.update((number, spread(data)) for number, data in rows)
    texts = []
    for (_, start, end), held in zip(spans, wanted, strict=True):
        text = "".join(pieces.get(number, "") for number in held)
        texts.append(text[start % LENGTH : start % LENGTH + end - start])
    return texts


def _numbers(span: Span) -> range:
    """Returns the numbers of the pieces that hold the span."""
    document, start, end = span
    first = (document << _BITS) + start // LENGTH
    return range(first, first + (max(end - 1, start) // LENGTH) - start // LENGTH + 1)

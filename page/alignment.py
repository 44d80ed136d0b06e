"""Where a quote of a document's text stands among the characters of a printed page.

Reading a page mends hyphens, changes white space and ligatures, leaves running heads out and sets columns one after
the other. What stays are the letters and digits, mostly in their order: by them alone the two are aligned.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from documents.formats.redaction import MARK

_LEAST = 8  # letters of a piece that may stand anywhere
_REACH = 300  # letters between a shorter piece and the one before it
_SURE = 24  # letters in one run: enough where a quote goes on over the page's end
_MOST_OF_IT = 0.8


def places(quote: str, characters: Sequence[str], before: str = "") -> list[range]:
    """Returns the runs of the page's characters that make up the quote, in its order; none where it is not there.

    Where it is there more than once, it is the place after as much of `before`, the text before the quote, as any;
    the first of these.
    """
    page = _Letters(characters)
    parts = [_letters(part) for part in MARK.split(quote)]
    whole = "".join(parts)
    pieces = page.pieces([part for part in parts if part], _letters(before))
    lengths = [end - start for start, end in pieces]
    if not lengths or (sum(lengths) < _MOST_OF_IT * len(whole) and max(lengths) < _SURE):
        return []
    runs = [range(page.origins[start], page.origins[end - 1] + 1) for start, end in pieces]
    runs[0] = range(_reaching(characters, runs[0].start, -1, _marks_at(quote)), runs[0].stop)
    runs[-1] = range(runs[-1].start, _reaching(characters, runs[-1].stop - 1, 1, _marks_at(quote[::-1])) + 1)
    return runs


def _letters(text: str) -> str:
    return "".join(letter for _, letter in _spread(text))


def _spread(characters: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yields each letter and digit, without case and accent, with the number of the character it comes from."""
    for number, character in enumerate(characters):
        for letter in unicodedata.normalize("NFKD", character.casefold()):
            if letter.isalnum():
                yield number, letter


def _marks_at(text: str) -> int:
    """Returns how many marks, such as quotation marks, the text begins with."""
    return next((place for place, character in enumerate(text) if character.isalnum()), 0)


def _reaching(characters: Sequence[str], place: int, step: int, most: int) -> int:
    """Returns the place moved over at most so many marks that stand beside it."""
    for _ in range(most):
        following = place + step
        if not 0 <= following < len(characters):
            break
        if characters[following].isspace() or characters[following].isalnum():
            break
        place = following
    return place


class _Letters:
    """The letters of a page, and for each the number of its character."""

    def __init__(self, characters: Sequence[str]) -> None:
        spread = list(_spread(characters))
        self.text = "".join(letter for _, letter in spread)
        self.origins = [number for number, _ in spread]
        self._characters = characters

    def pieces(self, parts: Sequence[str], before: str) -> list[tuple[int, int]]:
        """Returns the spans of letters that make up the parts, as long as they can be, each after the one before."""
        pieces: list[tuple[int, int]] = []
        for part in parts:
            place = 0
            while place < len(part):
                at = pieces[-1][1] if pieces else 0
                found = self._longest(part[place:], at, first=not pieces)
                if found is None:
                    place += 1
                    continue
                start, end = found
                if not pieces:
                    start, end = self._chosen(self.text[start:end], before + part[:place])
                pieces.append((start, end))
                place += end - start
        return pieces

    def _longest(self, wanted: str, at: int, *, first: bool) -> tuple[int, int] | None:
        """Returns the longest beginning of `wanted` that stands after `at`, or else before it."""
        if len(wanted) < _LEAST:
            return self._short(wanted, at, first=first)
        if wanted[:_LEAST] not in self.text:
            return None
        origin = at if self.text.find(wanted[:_LEAST], at) >= 0 else 0
        low, high = _LEAST, len(wanted)
        while low < high:
            middle = (low + high + 1) // 2
            if self.text.find(wanted[:middle], origin) >= 0:
                low = middle
            else:
                high = middle - 1
        start = self.text.find(wanted[:low], origin)
        # What follows on the page may go on like the quote by chance for some letters of another word.
        end = start + low if low == len(wanted) else self._word_end(start + low)
        return start, end if end >= start + _LEAST else start + low

    def _word_end(self, end: int) -> int:
        """Returns the nearest end of a word that is not after the letters before `end`."""
        while end and any(each.isalnum() for each in self._after(end)):
            end -= 1
        return end

    def _short(self, wanted: str, at: int, *, first: bool) -> tuple[int, int] | None:
        """Returns where so few letters stand as whole words, near to what was found before them."""
        end = len(self.text) if first else at + _REACH
        start = self.text.find(wanted, at, end)
        while start >= 0 and not self._stands_alone(start, start + len(wanted)) and start != at:
            start = self.text.find(wanted, start + 1, end)
        return (start, start + len(wanted)) if start >= 0 else None

    def _chosen(self, wanted: str, before: str) -> tuple[int, int]:
        """Returns the best of the places of what is on the page: as whole words, and after most of `before`."""
        starts, start = [], self.text.find(wanted)
        while start >= 0:
            starts.append(start)
            start = self.text.find(wanted, start + 1)
        best = max(
            starts,
            key=lambda start: (self._stands_alone(start, start + len(wanted)), _alike(self.text[:start], before)),
        )
        return best, best + len(wanted)

    def _after(self, end: int) -> Sequence[str]:
        """Returns the character after the letters before `end`, if there is one."""
        following = self.origins[end - 1] + 1
        return self._characters[following : following + 1]

    def _stands_alone(self, start: int, end: int) -> bool:
        """Is the letter before, and that after, of another word?"""
        first = self.origins[start]
        beside = [*self._characters[max(first - 1, 0) : first], *self._after(end)]
        return not any(character.isalnum() for character in beside)


def _alike(one: str, other: str) -> int:
    """Returns how many letters the ends of both have in common."""
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count]:
        count += 1
    return count

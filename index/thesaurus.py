"""The field's words that mean the same, or nearly: what else a question's words may stand as in a document.

The entries are in `thesaurus.txt`, whose first lines tell how they are written. A word in a question is looked up in
the question's language, so that a French word that looks like an English one finds nothing by accident.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import permutations, product

from documents.language import guess_language
from index.words import Word, plain, question_word, stems, terms, written_words

SAME, NEAR = "same", "near"

_RELATION = re.compile(r" (=>|~>|=|~) ")
_GAP = ".."
_WIDEST_GAP = 3  # words between the parts of "send .. back"
_CASE_LENGTH = 4  # a shorter abbreviation is one only in capitals: ICE, US and UN are words too


@dataclass(frozen=True, slots=True)
class _Entry:
    """`pattern` holds stems and gaps; an abbreviation's is its one word in lower case, its language ""."""

    pattern: tuple[str, ...]
    language: str
    means: dict[str, str]  # term or phrase of terms -> SAME or NEAR


class Thesaurus:
    """Finds equivalents. Reading one costs some milliseconds; a look-up takes time by the words of the question."""

    def __init__(self, lines: str) -> None:
        """Raises ValueError for a line that cannot be read: the entries are part of the package."""
        entries: dict[tuple[str, tuple[str, ...]], _Entry] = {}
        for line in lines.splitlines():
            if line.strip() and not line.startswith("#"):
                for one, other, kind in _relations(line):
                    _add(entries, one, other, kind)
        self._by_first: dict[tuple[str, str], list[_Entry]] = {}
        for (language, pattern), entry in entries.items():
            self._by_first.setdefault((language, pattern[0]), []).append(entry)

    def equivalents(self, text: str) -> dict[Word, dict[str, str]]:
        """Returns, by word of the question as `question_words` gives it, what it may stand as: SAME or NEAR.

        An equivalent is a term or, as terms with spaces between, a phrase. Each word of a phrase that has
        equivalents gets them all, so a document that says the one for the other has the whole phrase.
        """
        guessed = guess_language(text)
        own = guessed or "en"
        languages = [guessed] if guessed else ["en", "fr"]
        written = written_words(text)
        said = {language: [stem for word in written for stem in stems(word, language)] for language in languages}
        said[""] = [_abbreviation(word) for word in written]
        found: dict[Word, dict[str, str]] = {}
        for language, words in said.items():
            for start, first in enumerate(words):
                for entry in self._by_first.get((language, first), ()):
                    for place in _places(entry.pattern, words, start):
                        word = question_word(written[place], own)
                        if word:
                            _merge(found.setdefault(word, {}), entry.means, word)
        return found


@cache
def thesaurus() -> Thesaurus:
    """Returns the thesaurus of the package."""
    return Thesaurus(files("index").joinpath("thesaurus.txt").read_text(encoding="utf-8"))


def _relations(line: str) -> Iterator[tuple[str, str, str]]:
    """Yields (term, what it may stand as, SAME or NEAR) for each relation the line states."""
    parts = _RELATION.split(line.strip())
    signs = set(parts[1::2])
    sides = [[term.strip() for term in side.split(",")] for side in parts[::2]]
    if len(signs) != 1 or not all(term for side in sides for term in side):
        raise ValueError(f"{line!r}: write terms with one kind of sign between them: =, ~, => or ~>.")
    sign = signs.pop()
    kind = SAME if "=" in sign else NEAR
    if sign.endswith(">"):
        pairs: Iterator[Sequence[str]] = ((one, other) for one, other in product(sides[0], sides[-1]))
    else:
        pairs = permutations([term for side in sides for term in side], 2)
    yield from ((one, other, kind) for one, other in pairs)


def _add(entries: dict[tuple[str, tuple[str, ...]], _Entry], one: str, other: str, kind: str) -> None:
    pattern, language = _pattern(one)
    if not pattern:
        raise ValueError(f"{one!r}: there is no word in this entry.")
    entry = entries.setdefault((language, pattern), _Entry(pattern, language, {}))
    _merge(entry.means, dict.fromkeys(_targets(other), kind))


def _pattern(term: str) -> tuple[tuple[str, ...], str]:
    if term.isupper():
        return tuple(plain(word) for word in written_words(term)), ""
    language, text = _language_and_text(term)
    parts = [stems(part, language) for part in text.split(_GAP)]
    return tuple(stem for number, part in enumerate(parts) for stem in ([_GAP] if number else []) + part), language


def _targets(term: str) -> list[str]:
    """Returns the term as documents hold it; an abbreviation as both stemmers leave it.

    A phrase of which stop words leave one term ("carry out") is none: that term says something else.
    """
    if term.isupper():
        return [" ".join(terms(term, language)) for language in ("en", "fr")]
    language, text = _language_and_text(term)
    kept = terms(text.replace(_GAP, " "), language)
    return [" ".join(kept)] if len(kept) > 1 or len(stems(text, language)) == 1 else []


def _language_and_text(term: str) -> tuple[str, str]:
    return ("fr", term[3:]) if term.startswith("fr:") else ("en", term)


def _abbreviation(written: str) -> str:
    """Returns the word in lower case where it can be an abbreviation, else ""."""
    return plain(written) if written.isupper() or len(written) >= _CASE_LENGTH else ""


def _places(pattern: Sequence[str], words: Sequence[str], start: int) -> list[int]:
    """Returns where the words of the pattern stand when it begins at `start`; nothing where it does not."""
    places: list[int] = []
    place, reach = start, 0
    for part in pattern:
        if part == _GAP:
            reach = _WIDEST_GAP
            continue
        window = range(place, min(place + reach + 1, len(words)))
        found = next((each for each in window if words[each] == part), None)
        if found is None:
            return []
        places.append(found)
        place, reach = found + 1, 0
    return places


def _merge(into: dict[str, str], means: Mapping[str, str], word: Word = ()) -> None:
    """Adds the equivalents; SAME stays where it is, and what the word stands as anyway is left out."""
    for term, kind in means.items():
        if term and term not in word and into.get(term) != SAME:
            into[term] = kind

"""The terms of an index and the real words they come from: where the right spelling of a mistyped word is sought."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from documents.dictionary import dictionary
from index.words import plain, stem_all

_SHORTEST = 5  # letters; in shorter words one letter makes another word
_LONG = 8  # letters of a word in which two slips are believed


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word and the term it is found by."""

    word: str
    term: str


class Vocabulary:
    """The terms of one state of an index, with the number of passages each occurs in: looked up, never listed."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts

    def nearest(self, word: str, language: str) -> list[Spelling]:
        """Returns the words of the language that are in the index and may be meant by a mistyped one, best first.

        They begin with the same letter and are one slip away (a letter added, left out, changed, or two swapped), or
        two where the word has eight letters; ties go by the number of passages, then by the alphabet. A real word is
        never taken for another, however near, and a word of fewer than five letters or with figures is left alone.
        """
        typed = plain(word)
        if len(typed) < _SHORTEST or not typed.isalpha() or _is_real(typed, language):
            return []
        near = _spellings(language).get(typed[0], [])
        limit = 2 if len(typed) >= _LONG else 1
        found = process.extract(
            typed, [each.word for each in near], scorer=OSA.distance, processor=None, score_cutoff=limit, limit=None
        )
        held = [(slips, self.counts.get(near[place].term, 0), place) for _, slips, place in found]
        ranked = sorted((slips, -count, near[place].word, place) for slips, count, place in held if count)
        return [near[place] for *_, place in ranked]


class Asked(Mapping[str, int]):
    """The number of passages of each term, asked for when it is looked up."""

    def __init__(self, counts: Callable[[Iterable[str]], Mapping[str, int]]) -> None:
        self._counts = counts

    def __getitem__(self, term: str) -> int:
        count = self._counts([term])[term]
        if not count:
            raise KeyError(term)
        return count

    def __iter__(self) -> Iterator[str]:
        raise TypeError("The terms of a large index are not listed: look each up.")

    def __len__(self) -> int:
        raise TypeError("The terms of a large index are not counted: look each up.")


def load_words() -> None:
    """Loads the words of both languages, which otherwise happens at the first word that no document holds."""
    for language in ("en", "fr"):
        _spellings(language)


@cache
def _spellings(language: str) -> dict[str, list[Spelling]]:
    """Returns the real words of a language by their first letter."""
    by_letter: dict[str, list[Spelling]] = {}
    words = sorted(real_words(language))
    for word, term in zip(words, stem_all(words, language), strict=True):
        by_letter.setdefault(word[0], []).append(Spelling(word, term))
    return by_letter


@cache
def real_words(language: str) -> frozenset[str]:
    """Returns the words of English or French, in lower case without accents."""
    return frozenset(word if word.isascii() else plain(word) for word in dictionary(language))


def _is_real(word: str, language: str) -> bool:
    """True for a word of either language; the words of the question's own are looked at first, and often alone."""
    return word in real_words(language) or word in real_words("en" if language == "fr" else "fr")

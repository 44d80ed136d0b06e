"""Slips of the pen in a question: a word that stands nowhere is read as the nearest word that does.

A wrong correction misleads people who must be right, so little is corrected: no name and no number, nothing into a
name, no real word, nothing short; and what is corrected counts for less than what was typed (index/lexicon.py).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from documents.language import guess_language
from index.thesaurus import thesaurus
from index.types import PassageStore
from index.words import Word, plain, question_word, question_words, stem, written_words

_LOOKED_AT = 20  # passages that show how a word is written
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """`typed` stands in no passage and was read as `meant`; `term` is what is searched for."""

    typed: str
    meant: str
    term: str


def corrections(text: str, store: PassageStore) -> list[Correction]:
    """Returns what words of the question were read as, in order: those in no passage and not in the thesaurus."""
    listed = thesaurus().equivalents(text)
    words = [word for word in question_words(text) if word not in listed]
    counts = store.term_counts([term for word in words for term in word])
    return list(corrected(text, [word for word in words if not any(counts[term] for term in word)], store).values())


def corrected(text: str, unknown: Collection[Word], store: PassageStore) -> dict[Word, Correction]:
    """Returns what the unknown words of the question were read as, those left out that stay as they are.

    Every word with a capital stays: at the beginning of a sentence too, where it may be a name.
    """
    own = guess_language(text) or "en"
    found = {}
    for typed in written_words(text) if unknown else ():
        word = question_word(typed, own)
        if word in unknown and word not in found and typed.islower():
            near = store.vocabulary().nearest(typed, own)
            meant = next((each for each in near if _is_written_small(each.term, own, store)), None)
            if meant:
                found[word] = Correction(typed, meant.word, meant.term)
    return found


def _is_written_small(term: str, language: str, store: PassageStore) -> bool:
    """True where a passage holds the term without a capital: it is no name."""
    matches = store.matching([term], _LOOKED_AT)
    texts = [each.text for each in store.plain_passages([match.number for match in matches]).values()]
    return any(word.islower() and stem(plain(word), language) == term for word in _distinct(texts))


def _distinct(texts: Sequence[str]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text)}

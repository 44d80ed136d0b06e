"""Slips of the pen in a question: a word that stands nowhere is read as the nearest word that does.

A wrong correction misleads people who must be right, so little is corrected: no name and no number, nothing into a
name, no real word, nothing short; and what is corrected counts for less than what was typed (index/lexicon.py).
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from documents.language import guess_language
from index.types import PassageStore
from index.words import Word, plain, question_word, stem, written_words

_LOOKED_AT = 20  # passages that show how a word is written
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Correction:
    """`typed` stands in no passage and was read as `meant`; `term` is what is searched for."""

    typed: str
    meant: str
    term: str


def corrections(text: str, store: PassageStore, known: Container[Word] = ()) -> dict[Word, Correction]:
    """Returns, by word of the question as `question_words` gives it, what it was read as.

    Words of `known` are left alone, and so is every word with a capital: at the beginning of a sentence too, where it
    may be a name.
    """
    own = guess_language(text) or "en"
    typed = {question_word(word, own): word for word in written_words(text) if word.islower() and word.isalpha()}
    unknown = [word for word in typed if word and word not in known]
    counts = store.term_counts([term for word in unknown for term in word])
    found = {}
    for word in unknown:
        if not any(counts[term] for term in word):
            for each in store.vocabulary().nearest(typed[word], own):
                if _is_written_small(each.term, own, store):
                    found[word] = Correction(typed[word], each.word, each.term)
                    break
    return found


def _is_written_small(term: str, language: str, store: PassageStore) -> bool:
    """True where a passage holds the term without a capital: it is no name."""
    matches = store.matching([term], _LOOKED_AT)
    texts = [each.passage.text for each in store.passages([match.number for match in matches]).values()]
    return any(word.islower() and stem(plain(word), language) == term for word in _distinct(texts))


def _distinct(texts: Sequence[str]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text)}

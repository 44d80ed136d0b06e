"""The words of English and French, from the lists that pyspellchecker carries."""

from functools import cache


@cache
def dictionary(language: str) -> frozenset[str]:
    """Returns the words of "en" or "fr", in lower case with their accents; loading takes about half a second."""
    from spellchecker import SpellChecker

    return frozenset(SpellChecker(language=language).word_frequency.words())

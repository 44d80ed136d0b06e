"""Text to search terms, English and French: the one rule for passages, questions and sentences.

A term is a lower-case word stem without accents; a number is one term however its thousands are set apart.
"""

import re
import unicodedata
from functools import lru_cache

import Stemmer

from documents.language import guess_language

Word = tuple[str, ...]  # the terms that one word of a question may stand as

_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
_THOUSANDS = re.compile("(?<![\\d.,])\\d{1,3}(?:[, \u00a0\u2009\u202f]\\d{3})+(?!\\d)")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens and marks without width
_STOP = {
    "en": frozenset(
        "a an the of to in on at for from by with about as is are was were be been being am do does did doing "
        "done have has had having will would shall should can could may might must i you he she it we they me "
        "him her us them my your his its our their this that these those there here what which who whom whose "
        "when where why how and or but if then than so not no nor too very just also into out up down over "
        "under again any each all some such own same both between during before after above below off once "
        "only more most other s t".split()
    ),
    "fr": frozenset(
        "le la les un une des du de d l au aux a en dans sur pour par avec sans sous et ou mais donc or ni car "
        "que qui quoi dont quel quelle quels quelles ce cet cette ces c est sont etait etaient etre ete ont "
        "avait avoir il elle ils elles on nous vous je tu me te se s ne pas plus son sa ses leur leurs notre "
        "votre mon ma mes y n j m t qu comment pourquoi quand combien lequel laquelle".split()
    ),
}
_ASKING = frozenset("many much long often please tell give name".split())  # say how it is asked, not what about
_STEMMERS = {"en": "english", "fr": "french"}


def terms(text: str, language: str) -> list[str]:
    """Returns the terms of the text in order, stop words left out. Any language but "fr" is read as English."""
    language = "fr" if language == "fr" else "en"
    return [stem(word, language) for word in _words(text) if word not in _STOP[language]]


def question_words(text: str) -> list[Word]:
    """Returns the distinct words of a question in order, each as the terms it may stand as in a document.

    The first term is the stem in the question's own language; where the other language's stemmer gives another, it
    follows, so that a question still finds the names, numbers and shared words of documents in the other language.
    """
    own = guess_language(text) or "en"
    found = (question_word(word, own) for word in written_words(text))
    return list(dict.fromkeys(word for word in found if word))


def question_word(written: str, own: str) -> Word:
    """Returns the terms that one word of a question in that language may stand as; none for one that says nothing."""
    word = plain(written)
    if word in _STOP[own] or word in _ASKING:
        return ()
    other = "en" if own == "fr" else "fr"
    return tuple(dict.fromkeys((stem(word, own), stem(word, other))))


def question_terms(text: str) -> list[str]:
    """Returns the distinct terms to search for: the stems of the question's own language first, then the others."""
    words = question_words(text)
    return list(dict.fromkeys([word[0] for word in words] + [term for word in words for term in word[1:]]))


def written_words(text: str) -> list[str]:
    """Returns the words of the text as they are written, in order; a number without what sets its thousands apart."""
    joined = _THOUSANDS.sub(lambda match: re.sub(r"\D", "", match.group()), _HIDDEN.sub("", text))
    return _WORD.findall(joined)


def stems(text: str, language: str) -> list[str]:
    """Returns the stem of every word of the text in order, stop words too."""
    return [stem(word, language) for word in _words(text)]


def stem_all(words: list[str], language: str) -> list[str]:
    """Returns the stems of many plain words, past the cache of stems: they would drive out those in use."""
    return [str(each) for each in Stemmer.Stemmer(_STEMMERS[language], 0).stemWords(words)]


def plain(word: str) -> str:
    """Returns the word in lower case without accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower())
    if decomposed.isascii():
        return decomposed
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def _words(text: str) -> list[str]:
    return [plain(word) for word in written_words(text)]


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    # subtle: a stemmer object keeps state while it works and is not safe between threads.
    return str(Stemmer.Stemmer(_STEMMERS[language], 0).stemWord(word))

"""English or French, told by their commonest words; and the languages' names."""

import re

from documents.errors import BadSetting

_NAMES = {
    "en": "en", "eng": "en", "english": "en", "anglais": "en",
    "fr": "fr", "fra": "fr", "fre": "fr", "french": "fr", "français": "fr", "francais": "fr",
}  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    "en": frozenset(
        "the of and to in is was for that with on as by are be this from at which has have not what who how".split()
    ),
    "fr": frozenset(
        "le la les de des du et à un une en est dans que qui pour par sur au aux ne pas ce cette sont avec "
        "plus il elle quel quelle quels quelles combien comment pourquoi où quand ont été d l qu".split()
    ),
}
_LOOKED_AT = 5000  # characters


def guess_language(text: str) -> str:
    """Returns "en", "fr", or "" when the text holds too few common words of either, or as many of both."""
    words = [word.lower() for word in _WORD.findall(text[:_LOOKED_AT])]
    english, french = (sum(word in _COMMON[language] for word in words) for language in ("en", "fr"))
    if english == french:
        return ""
    return "en" if english > french else "fr"


def stated_language(text: str) -> str:
    """Returns "en" or "fr" for a language's code or name ("fr-CA", "English"), "" for any other."""
    return _NAMES.get(re.split(r"[-_\s]", text.strip().lower())[0], "")


def language_of(text: str) -> str:
    """Returns "en" or "fr" for a language's code or name; "" for "unknown" or nothing.

    Raises: BadSetting where it is neither; the message lists the known ones.
    """
    found = stated_language(text)
    if not found and text.strip().lower() not in ("", "unknown", "inconnu"):
        raise BadSetting(
            f"{text!r} is no language that is read. Known are en, fr, and unknown.",
            french=f"« {text} » n’est pas une langue lue. Connues : en, fr, inconnu.",
        )
    return found

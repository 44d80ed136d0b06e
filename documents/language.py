"""English or French, told by their commonest words."""

import re

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

"""The kinds of documents: a short closed list, with their names in English and French.

A kind is stored and exchanged as its key ("report"), and shown by its name ("government report"). "" is a kind that
is not known.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from documents.errors import BadSetting


@dataclass(frozen=True, slots=True)
class Kind:
    english: str
    french: str


KINDS: Mapping[str, Kind] = {
    "statute": Kind("statute", "loi"),
    "regulation": Kind("regulation", "règlement"),
    "report": Kind("government report", "rapport gouvernemental"),
    "decision": Kind("court decision", "décision judiciaire"),
    "press": Kind("press", "presse"),
    "advocacy": Kind("advocacy", "plaidoyer"),
    "internal": Kind("internal", "document interne"),
    "brief": Kind("brief", "note de synthèse"),
}
_UNKNOWN = Kind("unknown", "inconnu")


def kind_of(text: str) -> str:
    """Returns the key of a kind written as its key or its name, in English or French; "" for "unknown" or nothing.

    Capitals, accents, hyphens and underscores do not matter.

    Raises: BadSetting where there is no such kind; the message lists the known ones.
    """
    wanted = _plain(text)
    if wanted in ("", *map(_plain, (_UNKNOWN.english, _UNKNOWN.french))):
        return ""
    for key, kind in KINDS.items():
        if wanted in map(_plain, (key, kind.english, kind.french)):
            return key
    raise BadSetting(
        f"{text!r} is no kind of document. Known are {', '.join(KINDS)}, and unknown.",
        french=f"« {text} » n’est pas un genre de document. "
        f"Connus : {', '.join(each.french for each in KINDS.values())}, inconnu.",
    )


def kind_name(kind: str, language: str = "en") -> str:
    """Returns the name of a kind in English, or in French for "fr"; "unknown" for a kind that is not known."""
    named = KINDS.get(kind, _UNKNOWN)
    return named.french if language == "fr" else named.english


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.sub(r"[-_]", " ", "".join(each for each in letters if not unicodedata.combining(each))).split())

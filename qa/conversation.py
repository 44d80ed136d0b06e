"""Turns a follow-up into a question that can be searched by itself."""

from documents.language import guess_language
from index.words import question_terms, terms
from qa.types import Question, Turn

_SHORT = 5  # terms; a longer question without a pointer word names its own topic
_POINTERS = frozenset(
    "it its they them their he she his her him this that these those there then one ones same such else "
    "instead too also other another il elle ils elles leur leurs celui celle ceux celles cela ça ce y en".split()
)
_OPENERS = ("and ", "but ", "so ", "or ", "what about", "how about", "why", "et ", "mais ", "pourquoi", "qu'en")
_CARRIED_TURNS = 2


def standalone(question: Question) -> str:
    """Returns the question with the words of earlier questions that it leans on; itself when it leans on none.

    A question leans on the earlier ones when it points back (it, they, that), opens like a reply (and, what about,
    why) or is short. The earlier questions' text comes first, the question itself last and whole.
    """
    asked = [turn.text for turn in question.history if turn.role == "user"]
    if not asked or not _leans_back(question.text):
        return question.text
    return " ".join([*asked[-_CARRIED_TURNS:], question.text])


def turn_of(item: object) -> Turn | None:
    """Returns a turn from one entry of a history: a string is an earlier question. None when it is neither."""
    if isinstance(item, str):
        return Turn("user", item)
    if isinstance(item, dict) and isinstance(item.get("text"), str):
        return Turn("user" if item.get("role", "user") == "user" else "agent", item["text"])
    return None


def _leans_back(text: str) -> bool:
    lowered = text.lower().strip()
    words = lowered.replace("'", " ").replace("’", " ").replace("?", " ").split()
    if lowered.startswith(_OPENERS) or any(word in _POINTERS for word in words):
        return True
    return len(terms(text, guess_language(text))) < _SHORT and len(question_terms(text)) > 0

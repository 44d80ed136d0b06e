"""A question with what narrows it as the query of an address, and back: a link reproduces the answer.

The names are those of the command line: q, after (an earlier question, repeated), as_of, kind, language, collection,
document (each repeated), refuse. `next` holds limits that were chosen after the question was asked, for the next one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from qa.questions import parse_day
from qa.types import Question, Turn


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What narrows a question and how careful its answer is, as the page's controls hold it; "" and () for no limit."""

    as_of: str = ""
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    refuse: str = ""

    def parameters(self) -> list[tuple[str, str]]:
        """Returns the limits that are set, as pairs of a name in the address and a value."""
        found = [("as_of", self.as_of)] if self.as_of else []
        for name, values in _LISTS.items():
            found += [(name, value) for value in getattr(self, values)]
        return [*found, ("refuse", self.refuse)] if self.refuse else found

    def without(self, name: str, value: str) -> "Narrowing":
        """Returns the narrowing less one limit, named as in the address."""
        return narrowing(pair for pair in self.parameters() if pair != (name, value))


_LISTS = {"kind": "kinds", "language": "languages", "collection": "collections", "document": "documents"}


def narrowing(pairs: Any) -> Narrowing:
    """Returns the limits among pairs of a name and a value; other names are left alone."""
    held: dict[str, list[str]] = {}
    for name, value in pairs:
        held.setdefault(name, []).append(value)
    lists = {field: tuple(dict.fromkeys(held.get(name, ()))) for name, field in _LISTS.items()}
    as_of, refuse = (next(iter(held.get(name, ())), "") for name in ("as_of", "refuse"))
    return Narrowing(as_of=as_of, **lists, refuse=refuse)


def chosen(parameters: Sequence[tuple[str, str]]) -> Narrowing:
    """Returns the limits that the controls of a page at an address hold: those for its next question."""
    following = next((value for name, value in parameters if name == "next"), None)
    return narrowing(parameters if following is None else parse_qsl(following))


def asked(text: str, earlier: Sequence[str], limits: Narrowing) -> Question:
    """Returns the question to ask.

    Raises:
        BadQuestion: the day is not written YYYY-MM-DD.
    """
    return Question(
        text,
        history=tuple(Turn("user", each) for each in earlier),
        as_of=parse_day(limits.as_of.strip(), "As of", "En date du"),
        documents=_limit(limits.documents),
        kinds=_limit(limits.kinds),
        languages=_limit(limits.languages),
        collections=_limit(limits.collections),
        refuse=limits.refuse or None,
    )


def address_of(question: Question) -> str:
    """Returns the query, without "?", that asks this question again."""
    kinds, languages, collections, documents = (
        tuple(sorted(each or ()))
        for each in (question.kinds, question.languages, question.collections, question.documents)
    )
    as_of = question.as_of.isoformat() if question.as_of else ""
    limits = Narrowing(as_of, kinds, languages, collections, documents, question.refuse or "")
    earlier = [("after", turn.text) for turn in question.history if turn.role == "user"]
    return urlencode([("q", question.text), *earlier, *limits.parameters()])


def question_at(query: str | Mapping[str, Sequence[str]]) -> Question | None:
    """Returns the question that an address asks, or None where it asks none.

    Raises:
        BadQuestion: the day is not written YYYY-MM-DD.
    """
    held = parse_qs(query, keep_blank_values=False) if isinstance(query, str) else query
    text = next(iter(held.get("q", ())), "")
    if not text.strip():
        return None
    pairs = [(name, value) for name, values in held.items() for value in values]
    return asked(text, held.get("after", ()), narrowing(pairs))


def _limit(values: Sequence[str]) -> frozenset[str] | None:
    return frozenset(values) if values else None

"""Turns a question into one that its passage does not answer, by changing one thing that the answer hangs on.

A sentence about Chad does not answer a question about Libya, nor one about 2019 a question about 2023. People's sets
of questions hold few such near misses, so they are made: another number, another name of the same kind, or the
opposite word. Source of the kinds: Rajpurkar, Jia and Liang 2018, table 1.
"""

import random
import re
from collections.abc import Sequence

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"[1-9]\d{3}")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]+(?: (?:of (?:the )?|the )?[A-Z][\w'’-]+){0,3}")
_OPPOSITES = [
    "largest smallest", "biggest smallest", "highest lowest", "longest shortest", "oldest youngest", "most least",
    "first last", "more fewer", "maximum minimum", "before after", "increase decrease", "increased decreased",
    "rise fall", "rose fell", "north south", "northern southern", "east west", "eastern western", "male female",
    "men women", "man woman", "father mother", "son daughter", "brother sister", "husband wife", "king queen",
    "won lost", "win lose", "began ended", "begin end", "start end", "started ended", "start finish", "early late",
    "upper lower", "above below", "enter leave", "entered left", "allowed forbidden", "legal illegal", "public private",
    "positive negative", "rich poor", "good bad", "best worst", "older younger", "higher lower", "larger smaller",
    "win lose", "buy sell", "bought sold", "include exclude", "support oppose", "supported opposed", "accept reject",
    "accepted rejected", "gain lose", "gained lost", "hot cold", "old new", "short long", "strong weak", "fast slow",
    "inside outside", "with without", "same different", "minority majority", "advantage disadvantage", "born buried",
    "born married", "founded dissolved", "built demolished", "opened closed", "joined left", "import export",
]  # fmt: skip
_OPPOSITE = {word: other for pair in _OPPOSITES for word, other in (tuple(pair.split()), tuple(reversed(pair.split())))}


def names_in(text: str) -> list[str]:
    """Returns the names that stand inside the text's sentences, where a capital letter means one."""
    return list(dict.fromkeys(_NAME.findall(text)))


def altered(question: str, own: Sequence[str], others: Sequence[str], random: random.Random) -> str | None:
    """Returns the question with one thing changed, or None where nothing offers itself.

    `own` are names of the passage; one of them in the question gives way to another, or to one of `others`.
    """
    ways = [_another_number(question, random), _another_name(question, own, others, random), _opposite(question)]
    found = [way for way in ways if way and way.lower() != question.lower()]
    return random.choice(found) if found else None


def _another_number(question: str, random: random.Random) -> str | None:
    found = list(_NUMBER.finditer(question))
    if not found:
        return None
    match = random.choice(found)
    digits = match.group()
    if _YEAR.fullmatch(digits):
        other = str(int(digits) + random.choice([-1, 1]) * random.randint(1, 30))
    else:
        place = random.choice([at for at, mark in enumerate(digits) if mark.isdigit()])
        other = digits[:place] + random.choice([mark for mark in "123456789" if mark != digits[place]])
        other += digits[place + 1 :]
    return question[: match.start()] + other + question[match.end() :]


def _another_name(question: str, own: Sequence[str], others: Sequence[str], random: random.Random) -> str | None:
    low = question.lower()
    held = [name for name in own if len(name) > 3 and re.search(rf"\b{re.escape(name.lower())}\b", low)]
    if not held:
        return None
    name = max(held, key=len)
    choices = [
        other
        for other in (*own, *others)
        if other.lower() not in low and abs(other.count(" ") - name.count(" ")) <= 1 and name not in other
    ]
    if not choices:
        return None
    return re.sub(rf"\b{re.escape(name)}\b", lambda _: random.choice(choices), question, count=1, flags=re.IGNORECASE)


def _opposite(question: str) -> str | None:
    for match in re.finditer(r"\w+", question):
        other = _OPPOSITE.get(match.group().lower())
        if other:
            return question[: match.start()] + other + question[match.end() :]
    return None

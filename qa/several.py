"""Whether a question asks for several things at once, so that one sentence may not be the whole answer.

Lists, comparisons, ways and reasons, by how they are asked for, English and French. Two times named in one question
are compared, too; a span of time ("from April 2018 to March 2019") is one.
"""

import re

from qa.periods import periods

_REASONS = (
    r"\bwhy\b|\bhow (?!many|much|long|old|far|often|soon|quickly|big|large|high|late|early|low|small)|\bhow come\b|"
    r"\b(?:explain|describe|steps|reasons|grounds|conditions|requirements|criteria|factors)\b|"
    r"\b(?:pourquoi|comment|explique\w*|décri\w+|motifs|raisons|critères|étapes|facteurs)\b"
)
_HOLDS = r"(?:say|state|contain|include|cover|list|hold|require|provide|weigh|consider|mention|name)s?"
_HOLDS_FR = r"(?:dire|contenir|comprendre|indiquer|inclure|énoncer|préciser|prévoir|mentionner)"
_LISTS = (
    r"\b(?:which|what) (?:(?!is|was|does|has|this)\w+ ){0,2}(?!is\b|was\b|does\b|has\b|this\b)\w+(?<![su])s\b|"
    r"\b(?:which|what) (?:\w+ ){0,2}(?:people|children|men|women)\b|\bwhat (?:sort|kind|type)s? of\b|"
    r"\b(?:list|name|give me) (?:the|all|every|each|both|two|three|four|five|six)\b|\bwhat are\b|\bwho are\b|"
    r"\bwho\b[^?.;,]*\bwhat\b|\bqui\b[^?.;,]*\bquoi\b|"
    r"\bwho (?:is|was|gets?|falls?|stays?) (?:\w+ )?(?:left|exempt\w*|excluded|covered|eligible|entitled|protected|"
    r"barred|under|outside|out)\b|"
    rf"\bwhat (?:must|should|shall|may|can|do|does|did|has|have)\b[^?.;]*\b{_HOLDS}\b|"
    rf"\bque (?:doi(?:t|vent)|faut-il)\b[^?.;]*\b{_HOLDS_FR}\b|"
    r"\b(?:lesquel(?:le)?s|quel(?:le)?s|énum\w+|nomme\w*)\b|\bquel(?:le)? (?:sorte|genre|type)s? d"
)
_MORE = (
    r"(?:more|fewer|less|higher|lower|larger|smaller|bigger|longer|shorter|faster|slower|cheaper|pricier|earlier|later|"
    r"sooner|stricter|older|newer|oftener|worse|better)"
)
_NUMBER = (
    r"(?:an? (?:hour|day|week|month|year|dozen|hundred)|\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|"
    r"nine\b|ten\b|half\b|twelve\b)"
)
_COMPARISONS = (
    r"\b(?:compare\w*|differ\w*|versus|vs|différence\w*|différ\w+|comparé\w*)\b|"
    rf"\b{_MORE}\b(?! than {_NUMBER})[^?.;]*\b(?:than|or)\b|\bby how (?:much|many)\b|\bde combien\b|"
    r"\bhow (?:big|large|great|steep|small) (?:is|was|are|were) the (?:drop|rise|fall|increase|decrease|decline|change|"
    r"gap|cut)\b|"
    r"\band\b[^?.;]*\bthe same\b|\bthe same\b[^?.;]*\b(?:as|both|and)\b|\b(?:next to|side by side|as opposed to)\b|"
    r"\bthat (?:was|were)(?:n[’']t| not)\b|"
    r"\b(?:plus|moins|autant|davantage)\b(?! d[eu’'])[^?.;]{1,80}\b(?:que\b|qu[’']|ou\b)|"
    r"\b(?:plus|moins) de (?!\d)[^?.;]{1,80}\b(?:que\b|qu[’']|ou\b)|\bet\b[^?.;]*\ble même\b"
)
_SEVERAL = re.compile(f"{_REASONS}|{_LISTS}|{_COMPARISONS}", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:what|how) about\b", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|as of|en date du)(?: the)?(?: end of)? ?$", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|did|do|does|has|have|can|could|may|must|should|"
    r"will|would|name|list|tell|qui|que|quoi|quels?|quelles?|quand|où|pourquoi|comment|combien|lesquel\w*|est-ce|depuis|"
    r"peut|doit|nomme\w*)\b",
    re.IGNORECASE,
)


def asks_several(text: str, earlier: str = "") -> bool:
    """Returns whether one sentence may not be the whole answer: a list, a comparison, a why or a how is asked for.

    `earlier` is the question before: one without words that ask ("and Guinea?") asks as that did.
    """
    if earlier and not asks_in_words(text):
        return asks_several(earlier)
    return bool(_SEVERAL.search(text)) or _names_two_times(text)


def asks_in_words(text: str) -> bool:
    """Returns whether a question says by itself what is asked; "and in 2021?" does not."""
    return bool(_ASKS.search(_ABOUT.sub(" ", text)))


def _names_two_times(text: str) -> bool:
    """Returns whether two years are named, none of them as when something was said, from when on or by when."""
    named = [each for each in periods(text) if not (each.said or each.bound or _BY.search(text[: each.start]))]
    return len({(each.first.year, each.last.year) for each in named}) > 1

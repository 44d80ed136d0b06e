"""Whether a question asks for several things at once, so that one sentence may not be the whole answer."""

import re

_ASKS_SEVERAL = re.compile(
    r"\bwhy\b|\bhow (?!many|much|long|old|far|often|soon|quickly|big|large|high|late|early)|\bwho are\b|\bhow come\b|"
    r"\b(?:which|what) (?:(?!is|was|does|has|this)\w+ ){0,2}(?!is\b|was\b|does\b|has\b|this\b)\w+(?<![su])s\b|"
    r"\b(?:list|name|give me) (?:the|all|every|each|both|two|three|four|five|six)\b|"
    r"\b(?:compare|explain|describe|steps|reasons|grounds|conditions|requirements|criteria|factors)\b|"
    r"\b(?:differ\w*|versus|vs)\b|\bwhat are\b|"
    r"\b(?:pourquoi|comment|lesquel(?:le)?s|quel(?:le)?s|compare\w*|énum\w+|nomme\w*|explique\w*|décri\w+)\b|"
    r"\b(?:différence\w*|motifs|raisons|critères|étapes|facteurs)\b",
    re.IGNORECASE,
)


def asks_several(text: str) -> bool:
    """Returns whether one sentence may not be the whole answer: a list, a comparison, a why or a how is asked for."""
    return bool(_ASKS_SEVERAL.search(text))

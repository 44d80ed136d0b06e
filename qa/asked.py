"""What a question asks a figure of: its kind and unit, the words of its subject, the period and the places it names."""

import math
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from documents.language import guess_language
from index.words import question_words, terms
from qa.periods import Period, periods
from qa.quantities import COUNT, MONEY, SHARE, TIME, counted

Word = tuple[str, ...]  # the terms that one word of the question may stand as

_ASKS_SHARE = re.compile(r"\b(?:percent(?:age)?|per cent|share|proportion|pourcentage|quelle part)\b", re.IGNORECASE)
_ASKS_TIME = re.compile(
    r"\bhow (?:long|soon|quickly|many (?:\w+ )?(?:days|weeks|months|years|hours))\b|\b(?:time limit|deadline|délai)\b|"
    r"\bcombien (?:de temps|de jours|de mois|d[’']années|d[’']heures)\b|"
    r"\b(?:when|from when|from what day|quand)\b.*\b(?:effect|force|enforceable|vigueur|effet)\b",
    re.IGNORECASE,
)
_ASKS_MONEY = re.compile(
    r"\bhow much\b.*\b(?:costs?|pay|paid|owes?|spen[dt]|money|worth|charged?|fees?|price|budget(?:ed)?|fund(?:ing)?|"
    r"repay)\b|\b(?:what|which)\b.*\b(?:costs?|fees?|price|charges?|budget|spending|repayment)\b|"
    r"\bquel(?:le)?s?\b.*\b(?:coûts?|frais|prix|montant|dépenses?)\b|"
    r"\bhow much (?:do|does|did|is|was|will|must|has|have)\b|"
    r"\bcombien\b.*\b(?:coûte\w*|coûté|pay\w*|dépens\w*|doit|rembours\w*)\b",
    re.IGNORECASE,
)
_ASKS_COUNT = re.compile(
    r"\b(?:how many|(?:the|what|which) (?:total )?number of|combien d[e’']|(?:le )?nombre d[e’'])\s*", re.IGNORECASE
)
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
_SAME_TERM = {  # stems that stand for one another
    "deport": "remov", "removal": "remov", "renvoi": "remov", "renvoy": "remov", "renvoye": "remov", "expuls": "remov",
    "uncoop": "recalcitr", "uncooper": "recalcitr", "spent": "cost", "spend": "cost", "cout": "cost",
    "repay": "owe", "repaid": "owe", "pay": "owe", "charg": "owe", "took": "take",
}  # fmt: skip
_PLACES = {
    "canada": re.compile(r"\bCana(?:da|dian|dien)\w*|\bCBSA\b|\bASFC\b", re.IGNORECASE),
    "us": re.compile(
        r"\bUS\b|\bU\.S\.|\bUnited States\b|\bAmericans?\b|\bICE\b|\bDHS\b|[ÉE]tats-Unis|\b[Aa]méricain\w*"
    ),
}
_GENERIC_WORDS = (
    "people person persons individual individuals country countries day days week weeks month months year years "
    "dollar dollars number total figure figures fiscal calendar time make makes made count counts list lists cover "
    "covers include includes contain hold apply money argent much given give gives last past previous recent latest "
    "current now today ever so far personnes pays jours mois annee annees exercice within soon nombre dernier "
    "derniere passe actuel"
)
GENERIC = frozenset(term for language in ("en", "fr") for term in terms(_GENERIC_WORDS, language))
_LEAST_STEM = 6  # letters of which one stem begins with another: withdraw, withdrawn


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for: kind and unit of the figure, its subject's words with weights, and the period named."""

    kind: str
    unit: str
    subject: dict[Word, float]
    period: Period | None
    places: frozenset[str]
    language: str

    def holds(self, held: Set[str]) -> frozenset[Word]:
        """Returns the words of the subject that stand among the terms."""
        return frozenset(word for word in self.subject if not held.isdisjoint(word) or _begins(held, word))

    def weight(self, words: Iterable[Word]) -> float:
        return sum(self.subject[word] for word in words)

    def coverage(self, held: Set[str]) -> float:
        """Returns the share, 0 to 1, of the weighted subject that stands among the terms."""
        total = sum(self.subject.values())
        return self.weight(self.holds(held)) / total if total else 0.0


def asks_figure(text: str) -> bool:
    return bool(_kind(text)[0])


def asks_several(text: str) -> bool:
    """Returns whether one sentence may not be the whole answer: a list, a comparison, a why or a how is asked for."""
    return bool(_ASKS_SEVERAL.search(text))


def _kind(text: str) -> tuple[str, str]:
    """Returns the kind and unit of the figure that the question asks for; ("", "") where it asks for none."""
    for kind, pattern in ((SHARE, _ASKS_SHARE), (TIME, _ASKS_TIME), (MONEY, _ASKS_MONEY)):
        if pattern.search(text):
            return kind, ""
    match = _ASKS_COUNT.search(text)
    return (COUNT, counted(text, match.end() - 1)[1]) if match else ("", "")


def asked_of(text: str, rows: Sequence[Iterable[str]]) -> Asked | None:
    """Returns what the question asks for, None where it asks for no figure; `rows` are the terms of the sentences.

    A word weighs more the fewer sentences hold it; one that none holds does not count.
    """
    kind, unit = _kind(text)
    if not kind:
        return None
    named = periods(text)
    bare = "".join(" " if any(p.start <= at < p.end for p in named) else mark for at, mark in enumerate(text))
    places = frozenset(name for name, pattern in _PLACES.items() if pattern.search(text))
    for pattern in _PLACES.values():
        bare = pattern.sub(" ", bare)
    words = [
        tuple(folded(word))
        for word in question_words(bare)
        if not any(term.isdigit() or term in GENERIC for term in word)
    ]
    held = [folded(row) for row in rows]
    counts = {word: sum(not each.isdisjoint(word) or _begins(each, word) for each in held) for word in words}
    weights = {word: 1 + math.log(1 + len(rows) / (1 + count)) for word, count in counts.items() if count}
    period = next((each for each in named if not each.bound and not each.said), None)
    return Asked(kind, unit, weights, period, places, guess_language(text) or "en")


def _begins(held: Set[str], word: Word) -> bool:
    long = [term for term in word if len(term) >= _LEAST_STEM]
    return any(
        each.startswith(term) or (len(each) >= _LEAST_STEM and term.startswith(each)) for term in long for each in held
    )


def folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_SAME_TERM.get(word, word) for word in words)


def places_in(text: str) -> set[str]:
    return {name for name, pattern in _PLACES.items() if pattern.search(text)}

"""Which kind of figure a question wants, and in what unit: a count, money, a share, a length of time, or none.

English and French. Words that ask go first ("how many", "the total of", "combien"); then what a question does with
figures of its own: it sets two against each other ("30 or 32 points?"), or doubts one ("is it really 17,357?").
"""

import re
from collections import Counter
from collections.abc import Sequence

from qa.periods import periods
from qa.quantities import COUNT, MONEY, SHARE, TIME, Quantity, counted, is_grouped, quantities, unit_of
from qa.several import asks_in_words

NOTHING = ("", "")
_IS = r"(?:’s|'s| is| was| are| were)"
_PRICES = (
    r"(?:costs?|fees?|fines?|price tag|prices?|charges?|budgets?|spending|funding|money|amounts?|payments?|repayments?|"
    r"coûts?|frais|prix|montants?|dépenses?|amendes?|tarifs?|sommes?)"
)
_WAITS = r"(?:periods?|durations?|length|delays?|waits?|waiting time|time limit|durée|délais?|attente)"
_SIZE = r"\b(?:how (?:big|large|high|low|small|great|steep)|quelle (?:est|était) (?:la taille|l[’']ampleur))\b"
_CHANGE = re.compile(
    rf"\bby how (?:much|many)\b|\bde combien\b|"
    rf"{_SIZE}.*\b(?:drop|rise|fall|increase|decrease|decline|difference|gap|change|cut|hausse|baisse|écart)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:percent(?:age)?|per cent|share|proportion|portion|fraction|pourcentage|quelle part)\b|"
    r"\b(?:what|which|quel)\b[^?]{0,24}\b(?:rate|taux)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\bhow (?:long|soon|quickly|many (?:\w+ )?(?:days|weeks|months|years|hours))\b|\b(?:time limit|deadline|délai)\b|"
    r"\bcombien (?:de temps|de jours|de mois|de semaines|d[’']années|d[’']ans|d[’']heures)\b|"
    r"\b(?:when|from when|from what day|quand)\b.*\b(?:effect|force|enforceable|vigueur|effet)\b|"
    rf"(?:\bwhat{_IS}|\bquelle (?:est|était)|{_SIZE}).*\b{_WAITS}\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\bhow much\b.*\b(?:costs?|pay|paid|owes?|spen[dt]|money|worth|charged?|fees?|price|budget(?:ed)?|fund(?:ing)?|"
    rf"repay)\b|\b(?:what|which|quel(?:le)?s?)\b.*\b{_PRICES}\b|{_SIZE}.*\b{_PRICES}\b|"
    r"\bwhat (?:do|does|did|has|have|had|will|must|would)\b.*\b(?:spend|spent|pay|paid|owe|cost)\b|"
    r"\bhow much (?:do|does|did|is|are|was|were|will|must|has|have)\b|\bhow (?:expensive|costly|pricey)\b|"
    rf"^\W*(?:(?:the|average|total|le|les|la) )*{_PRICES} (?:of|for|to|to be|pour|de|des|du)\b|"
    rf"\bcombien\b.*\b(?:coûte\w*|coûté|pa(?:ie|yer|yé)\w*|dépens\w*|doit|rembours\w*|{_PRICES})\b",
    re.IGNORECASE,
)
_NO_COUNT = r"(?<!\ba )(?<!phone )(?<!case )(?<!file )(?<!docket )(?<!serial )(?<!form )"
_COUNT = re.compile(
    rf"\b(?:how many|{_NO_COUNT}(?:numbers?|counts?|tall(?:y|ies)|totals?|figures?|statistics|stats) (?:of|for|on)|"
    r"(?<!un )(?:nombres?|totale?|totaux|chiffres?|statistiques|bilans?) (?:de la |de l[’']|des |du |de |d[’']))\s*"
    r"(?:(?:the|all|all the) )?",
    re.IGNORECASE,
)
_HOW_MUCH_FR = re.compile(r"\bcombien\b(?:[^?.;]*?\b(?:de |d[’']))?\s*", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?P<noun>[^\W\d_]+) (?:totals?|counts?|figures?|numbers|statistics|stats|tally)\b", re.IGNORECASE
)
_SIZE_OF = re.compile(
    rf"{_SIZE}(?:(?: is| was| are| were| de)?(?: the| its| their| this| that| la| le| l[’'])?) ?(?P<words>[^?.,;]*)",
    re.I,
)
_BEYOND = re.compile(r" (?:in|for|from|on|that|which|over|under|at|by|during|since|dans|pour|sur|en)\b", re.IGNORECASE)
_CONTAINER = re.compile(
    r"^.*?\b(?:lists?|sets?|totals?|numbers?|counts?|listes?|nombres?) (?:of |de |d[’'])|"
    r" (?:lists?|sets?|totals?|numbers?|counts?)$",
    re.IGNORECASE,
)
_EVENT = (  # what happens to people and is counted over a time
    r"(?:removals?|deportations?|returns?|expulsions?|renvois|retours|arrivals?|arrivées|departures?|départs|detentions?|"
    r"détentions|arrests?|arrestations|releases|entries|crossings|claims|demandes)"
)
_EVENTS = re.compile(
    r"\b(?:(?:what|quel(?:le)?s?) (?:is|was|are|were|sont|étaient|ont été)|"
    r"what (?:do|does|did)\b[^?.;]* (?:say|give|show|report|tell|state|count) (?:for|of|on|about|as)|"
    rf"(?:what|which|quel) (?:number|figure|total|count|chiffre|nombre)\b[^?.;]*?) "
    rf"(?:[^?.,;\s]+ ){{0,3}}?(?P<noun>{_EVENT})\b",
    re.IGNORECASE,
)
_BARE_EVENTS = re.compile(rf"\b(?P<noun>{_EVENT})\b", re.IGNORECASE)
_MOST_BARE = 8  # words of a question that is no sentence: "canada removals 2024"
_WORD = re.compile(r"[^\W\d_]+")
_AGAINST = re.compile(
    r"\b(?:or|ou|vs|versus|another|other|but|both|which|why|differ\w*|contradict\w*|conflict\w*|autre|mais|deux|"
    r"lequel|pourquoi|diffèr\w*|contredi\w*)\b",
    re.IGNORECASE,
)
_DOUBTS = re.compile(
    r"\b(?:really|true|right|correct|actually|accurate|vraiment|vrai|exacte?|juste|correcte?)\b", re.IGNORECASE
)
_SAME = re.compile(
    r"\b(?:(?:the )?same|differ\w*|contradict\w*|conflict\w*|match\w*|agree on|diffèr\w*|contredi\w*|pareil)\b", re.I
)


def wanted(text: str) -> tuple[str, str]:
    """Returns the kind and unit of the figure that the question wants; ("", "") where it wants none."""
    if _CHANGE.search(text):
        return NOTHING  # how far something moved is no figure that a source gives for it
    for kind, pattern in ((SHARE, _SHARE), (TIME, _TIME), (MONEY, _MONEY)):
        if pattern.search(text):
            return kind, ""
    for unit in (_counted_in_words(text), _size_of(text), _of_events(text)):
        if unit is not None:
            return COUNT, unit
    return _of_its_own_figures(text)


def has_words_that_ask(text: str) -> bool:
    """Returns whether a question says by itself what is asked, in words or by its figures."""
    return wanted(text) != NOTHING or asks_in_words(text)


def _counted_in_words(text: str) -> str | None:
    """Returns the unit of "how many orders", and of "removal total", whose noun stands before."""
    asked = _COUNT.search(text) or _HOW_MUCH_FR.search(text)
    unit = counted(f" {text[asked.end() :]}", 0)[1] if asked else ""
    before = next((each["noun"] for each in _COUNTED.finditer(text) if is_grouped(each["noun"])), None)
    return unit or (unit_of(before) if before else "" if asked else None)


def _size_of(text: str) -> str | None:
    """Returns the unit of "how big is the backlog": that of what is counted, "" where it is not known by its noun.

    A list or a total is as big as what is on it: "the list of countries", "the removal total".
    """
    match = _SIZE_OF.search(text)
    if match is None:
        return None
    named = _CONTAINER.sub("", _BEYOND.split(match["words"], maxsplit=1)[0].strip())
    last = (_WORD.findall(named) or [""])[-1]
    return unit_of(last) if is_grouped(last) else ""


def _of_events(text: str) -> str | None:
    """Returns the unit of "what were the removals in 2024", also without the words that ask."""
    if not any(not each.said for each in periods(text)):
        return None
    match = _EVENTS.search(text)
    if match is None and len(text.split()) <= _MOST_BARE and not asks_in_words(text):
        match = _BARE_EVENTS.search(text)
    return unit_of(match["noun"]) if match else None


def _of_its_own_figures(text: str) -> tuple[str, str]:
    """Returns the kind and unit of the figures that a question sets against each other, or doubts."""
    found = quantities(text, periods(text))
    counts = Counter(kind for kind, _ in {(each.kind, each.same) for each in found})
    kind = max(counts, key=lambda each: counts[each], default="")
    figures = [each for each in found if each.kind == kind]
    units = {each.unit for each in figures if each.unit}
    doubted = _AGAINST.search(text) if counts[kind] > 1 else (_SAME.search(text) or _doubted(text, figures))
    if not figures or len(units) > 1 or not doubted:
        return NOTHING
    named = next((unit_of(word) for word in _WORD.findall(text) if is_grouped(word)), "")
    return kind, next(iter(units), named if kind == COUNT else "")


def _doubted(text: str, figures: Sequence[Quantity]) -> bool:
    return all(each.kind in (COUNT, MONEY) for each in figures) and bool(_DOUBTS.search(text))

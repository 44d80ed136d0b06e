"""The figures of a sentence with their kind and unit: people, countries, money, a share, a length of time.

Numbers of dates, sections, orders and the like are none. English and French.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.periods import Period
from qa.types import Span

COUNT, MONEY, SHARE, TIME = "count", "money", "share", "time"

_DIGITS = "\\d{1,3}(?:[,\u00a0\u202f ]\\d{3})+(?![\\d,])(?:\\.\\d+)?|\\d+(?:[.,]\\d+)?"
_SMALL = {
    name: value
    for value, names in enumerate(
        "zero,zéro one,un,une two,deux three,trois four,quatre five,cinq six seven,sept eight,huit nine,neuf ten,dix "
        "eleven,onze twelve,douze thirteen,treize fourteen,quatorze fifteen,quinze sixteen,seize seventeen,dix-sept "
        "eighteen,dix-huit nineteen,dix-neuf twenty,vingt".split()
    )
    for name in names.split(",")
} | {"thirty": 30, "trente": 30, "forty": 40, "quarante": 40, "fifty": 50, "cinquante": 50, "sixty": 60, "ninety": 90}
NUMBER_WORDS = frozenset(_SMALL) - {"un", "une"}  # those are articles too
_WORDS = "|".join(sorted(_SMALL.keys() - {"un", "une", "one"}, key=len, reverse=True)) + "|one"
_SCALES = {
    "thousand": 1e3,
    "mille": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "milliard": 1e9,
    "k": 1e3,
    "m": 1e6,
    "bn": 1e9,
}
_CURRENCY = r"(?:CAD|USD|EUR|GBP|C\$|CA\$|US\$|\$|€|£)"
_HEDGE = (
    r"(?:(?:more|fewer|less) than|no more than|not more than|at most|at least|up to|as many as|within|over|under|about|"
    r"around|nearly|almost|just over|some|approximately|roughly|plus de|moins de|au plus|au moins|jusqu[’']à|dans les|"
    r"environ|près de|quelque)"
).replace(" ", r"\ ")
_FIGURE = re.compile(
    rf"""(?P<hedge>\b{_HEDGE}\ )?
    (?P<currency>{_CURRENCY}\ ?)?
    (?P<number>(?<![\w.,$€£/(-])(?<!\d[\ -])(?:{_DIGITS}|\b(?:{_WORDS})\b)
        |(?<=\()(?:{_DIGITS})(?!\))|(?<=[$€£])(?:{_DIGITS}))
    (?P<scale>[ -]?(?:thousands?|mille|millions?|billions?|milliards?)\b(?:\ (?:de\ |d[’']))?|[kM]\b|bn\b)?
    (?P<money>\ ?(?:dollars|euros|pounds|CAD|USD|EUR|€|\$)(?!\w|\ ?\d))?
    (?P<share>\ ?(?:%|per\ cent\b|percent\b|pour\ cent\b|percentage\ points?\b))?
    (?P<time>[ -](?:consecutive\ |calendar\ |working\ |business\ |full\ )?
        (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|heures?|jours?|semaines?|mois|ans?|années?)\b(?!-old))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AT_ONCE = re.compile(
    r"\b(?:on the (?:same )?day(?: [^\W\d_]+){0,6}|the same day|immediately|at once|le jour (?:même|de)|"
    r"immédiatement|sans délai)\b",
    re.IGNORECASE,
)
_NO_FIGURE = re.compile(
    r"(?:\b(?:sections?|articles?|orders?|proclamation|bill|chapter|phase|number|no\.|nos?|rule|page|p\.|form|class|"
    r"version|step|report|part|paragraph|treaty|protocol|résolution|resolution|loi|décret|chapitre|numéro|règle|partie|"
    r"u\.s\.c?\.|u\.s|v|SOR|c\.|s\.|ss\.|art\.|OIG)\s|[#§]\s?)$",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(r"^(?:\s(?:U\.S\.|USC|SCC|FC|CSC|CF|a\.m\.|p\.m\.)|:\d|/\d|-\d|\.\d|[A-Za-z(])")
_GAP = re.compile("[ \u00a0-]")
_NOUN = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_NO_NOUN = frozenset(
    "of in on at to from for by with and or but as that which who were was are is be been had have has under over per "
    "not than between against before after until since during when if while a an the this these those its their it "
    "said says say according also each less fewer about compared up down so did do does would could "
    "de des du d en au aux à par pour avec sans sous sur et ou mais que qui dont ont a sont était étaient est été le "
    "la les l un une ce ces selon plus moins chaque contre entre dans depuis avant après".split()
)
_NO_PART = re.compile(r"more than\b|(?:[ldnsjtmc]|qu)[’']|\w+-t-", re.IGNORECASE)
_RATE = re.compile(
    r"^(?:\s\w+){0,3}?\s(?:a|per|each|every|par|chaque)\s(?P<unit>day|week|month|quarter|year|person|jour|semaine|mois|an|"
    r"trimestre|personne|returnee|family)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(?:a )?(daily|weekly|monthly|yearly|annual|annually|average|moyenne)\b", re.IGNORECASE)
_ON_AVERAGE = re.compile(r"\bon (average)|en (moyenne)\b", re.IGNORECASE)
_UNITS = {
    "people": "people person persons individual individuals removal removals deportation deportations deportee "
    "deportees return returns returnees personne personnes renvoi renvois expulsion expulsions",
    "country": "country countries state states nation nations pays état états etats destination destinations",
    "order": "order orders case cases backlog mesure mesures dossier dossiers",
    "entry": "entry entries deferral deferrals adr adrs sursis",
}
_GROUPS = {word: group for group, words in _UNITS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure: characters `start` to `end` of its sentence, `kind` and `unit`, and its value in seconds for a time.

    `unit` is "" where the sentence names none beside the figure. `rate` is the unit of "a day", "per person".
    `strict` is True of "less than 14 days", which is not "14 days".
    """

    start: int
    end: int
    text: str
    kind: str
    unit: str
    amount: float
    rate: str = ""
    strict: bool = False

    @property
    def same(self) -> tuple[float, bool]:
        """Equal for two figures that say the same."""
        return self.amount, self.strict


def quantities(text: str, dates: Sequence[Period]) -> list[Quantity]:
    """Returns the figures of a sentence, in order; `dates` are its periods, whose numbers are no figures."""
    return list(_quantities(text, tuple((each.start, each.end) for each in dates)))


@lru_cache(maxsize=10_000)  # as the periods of a sentence
def _quantities(text: str, taken: tuple[Span, ...]) -> tuple[Quantity, ...]:
    found = []
    for match in _FIGURE.finditer(text):
        low, high = match.span("number")
        if any(low < end and start < high for start, end in taken):
            continue
        plain = not (match["currency"] or match["money"] or match["scale"] or match["share"] or match["time"])
        if plain and (_NO_FIGURE.search(text[:low]) or _NOT_AFTER.match(text[high:])):
            continue
        quantity = _quantity(match, text)
        if quantity.unit or not (plain and re.fullmatch(r"(?:19|20)\d\d|[a-zé]+", match["number"], re.IGNORECASE)):
            found.append(quantity)
    found += [
        Quantity(each.start(), each.end(), each.group(), TIME, "", 0.0)
        for each in _AT_ONCE.finditer(text)
        if not any(each.start() < end and start < each.end() for start, end in taken)
    ]
    return tuple(sorted(found, key=lambda each: each.start))


def _quantity(match: re.Match[str], text: str) -> Quantity:
    amount = _amount(match["number"]) * _scale(match["scale"])
    end = match.end()
    hedge = (match["hedge"] or "").strip().lower()
    strict = hedge in ("less than", "fewer than", "under", "moins de")
    kind, unit = COUNT, ""
    if match["currency"] or match["money"]:
        kind, unit = MONEY, (match["currency"] or match["money"]).strip().upper()
    elif match["share"]:
        kind = SHARE
    elif match["time"]:
        kind, amount = TIME, amount * _seconds(match["time"])
    else:
        end, unit = counted(text, end)
    rate = _RATE.match(text[end:])
    every = _EVERY.search(text[max(0, match.start() - 12) : match.start()]) or _ON_AVERAGE.search(text)
    named = rate["unit"].lower() if rate else (every[0].split()[-1].lower() if every else "")
    return Quantity(match.start(), end, text[match.start() : end], kind, unit, amount, named, strict)


def unit_of(noun: str) -> str:
    """Returns the group of a noun: people and removals are counted alike."""
    word = noun.lower()
    return _GROUPS.get(word, word.rstrip("sx"))


def numbers(text: str) -> frozenset[str]:
    """Returns the numbers written in digits, each in one way: 17,357 and 17 357 as 17357, 30,5 and 30.5 as 30.5."""
    return frozenset(_NUMBER_PART.sub("", match).replace(",", ".") for match in _NUMBER.findall(text))


def agree(one: Quantity, other: Quantity) -> bool:
    """Returns whether the figures are the same, or one is the other rounded to its own two or more digits."""
    if one.amount == other.amount:
        return True
    rough, exact = sorted((one.amount, other.amount), key=digits)
    held = digits(rough)
    return held >= 2 and held < digits(exact) and float(f"{exact:.{held - 1}e}") == rough


def digits(amount: float) -> int:
    """Returns the number of significant digits, trailing zeros left out."""
    return len(f"{amount:.9e}".split("e")[0].replace(".", "").rstrip("0")) or 1


def is_grouped(noun: str) -> bool:
    """Returns whether a noun is counted together with others, as people with removals."""
    return noun.lower() in _GROUPS


def counted(text: str, end: int) -> tuple[int, str]:
    """Returns where the noun phrase that begins after `end` ends, and the group of its head; (end, "") without one."""
    last, head = end, ""
    place = end
    for _ in range(5):
        match = _GAP.match(text, place)
        word = _NOUN.match(text, match.end()) if match else None
        if word is None or word.group().lower() in _NO_NOUN or _NO_PART.match(text, word.start()):
            break
        place = word.end()
        grouped = word.group().lower() in _GROUPS
        if grouped or re.search(r"[^s]s$|x$", word.group()):  # a plural
            last = place
            head = word.group() if grouped or head.lower() not in _GROUPS else head
    return last, unit_of(head) if head else ""


_BLANK = "\u00a0\u2009\u202f "
_NUMBER = re.compile(
    rf"(?<![\d.,])\d{{1,3}}(?:[,{_BLANK}]\d{{3}})+(?:[.,]\d{{1,2}})?(?!\d)|\d+(?:\.\d+)+|\d+(?:,\d{{1,2}}(?!\d))?"
)
_NUMBER_PART = re.compile(rf"[{_BLANK}]|,(?=\d{{3}})")
_GROUPED = re.compile("\\d{1,3}(?:[,\u00a0\u202f ]\\d{3})+(?:\\.\\d+)?")


def _amount(number: str) -> float:
    if number.lower() in _SMALL:
        return float(_SMALL[number.lower()])
    plain = re.sub("[\u00a0\u202f ]", "", number)
    if _GROUPED.fullmatch(number):  # also where a table's next number stands beside it: "1,465,238 111"
        plain = plain.replace(",", "")
    return float(plain.replace(",", "."))


def _scale(word: str | None) -> float:
    if not word:
        return 1.0
    name = word.strip(" -").lower().split()[0].removesuffix("s") if word.strip(" -") else ""
    return _SCALES.get(name, 1.0)


def _seconds(unit: str) -> float:
    name = unit.lower().split()[-1].lstrip("-")
    for stems, seconds in (
        (("second",), 1),
        (("minute",), 60),
        (("hour", "heure"), 3600),
        (("day", "jour"), 86400),
        (("week", "semaine"), 7 * 86400),
        (("month", "mois"), 30 * 86400),
        (("year", "an"), 365 * 86400),
    ):
        if name.lstrip("- ").startswith(stems):
            return float(seconds)
    return 1.0

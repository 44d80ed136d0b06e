"""The numbers of lists in Word documents, which Word counts when it shows them and stores nowhere."""

from collections import defaultdict
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

_ROMAN = dict(
    m=1000, cm=900, d=500, cd=400, c=100, xc=90, l=50, xl=40, x=10, ix=9, v=5, iv=4, i=1,
)  # fmt: skip
_BULLET = "- "
_HIGHEST = 32767  # that Word counts to


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str  # decimal, lowerLetter, lowerRoman, bullet, ...
    pattern: str  # "%1.%2)": what the counts of this level and those above stand in
    start: int


class Numbers:
    """Counts the items of each list as they come."""

    def __init__(self, document: WordDocument) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}  # by abstract list
        self._lists: dict[str, str] = {}  # list -> abstract list: several may go on with one count
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._restarts: dict[str, dict[int, int]] = {}
        for related in document.part.rels.values():
            if related.reltype == RELATIONSHIP_TYPE.NUMBERING and not related.is_external:
                self._load(parse_xml(related.target_part.blob))

    def marker(self, list_id: str, depth: int) -> str:
        """Returns what stands before the next item of the list, with a space: "(b) ", "3. ", "- "."""
        abstract = self._lists.get(list_id, "")
        levels = self._levels.get(abstract, {})
        level = levels.get(depth)
        if level is None:
            return _BULLET
        counts = self._counts[abstract]
        for deeper, start in self._restarts.pop(list_id, {}).items():
            counts[deeper] = start - 1
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if level.kind in ("bullet", "none") or "%" not in level.pattern:
            return _BULLET
        text = level.pattern
        for place, above in levels.items():
            text = text.replace(f"%{place + 1}", _shown(counts.get(place, above.start), above.kind))
        return f"{text.strip()} "

    def _load(self, numbering: Element) -> None:
        for abstract in numbering.findall(qn("w:abstractNum")):
            levels = {int(each.get(qn("w:ilvl"), "0")): _level(each) for each in abstract.findall(qn("w:lvl"))}
            self._levels[abstract.get(qn("w:abstractNumId"), "")] = levels
        for each in numbering.findall(qn("w:num")):
            identity = each.get(qn("w:numId"), "")
            self._lists[identity] = _stated(each, "w:abstractNumId", "")
            self._restarts[identity] = {
                int(change.get(qn("w:ilvl"), "0")): int(_stated(change, "w:startOverride", "1"))
                for change in each.findall(qn("w:lvlOverride"))
                if change.find(qn("w:startOverride")) is not None
            }


def _level(level: Element) -> _Level:
    kind, pattern = _stated(level, "w:numFmt", "decimal"), _stated(level, "w:lvlText", "")
    return _Level(kind, pattern, int(_stated(level, "w:start", "1")))


def _stated(element: Element, name: str, otherwise: str) -> str:
    below = element.find(qn(name))
    return otherwise if below is None else str(below.get(qn("w:val"), otherwise))


def _shown(count: int, kind: str) -> str:
    if kind.endswith("Letter") and 0 < count <= _HIGHEST:
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)  # a ... z, aa, bb, as Word has it
        return letters.upper() if kind.startswith("upper") else letters
    if kind.endswith("Roman") and 0 < count <= _HIGHEST:
        roman = ""
        for sign, value in _ROMAN.items():
            roman += sign * (count // value)
            count %= value
        return roman.upper() if kind.startswith("upper") else roman
    return f"{count:02}" if kind == "decimalZero" else str(count)

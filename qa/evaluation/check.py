"""What is wrong with a file of questions and answers, before it is evaluated."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from documents.errors import BadQuestion
from index.types import PassageStore
from index.words import question_terms
from qa.evaluation.gold import GoldQuestion, gold_of, gold_rows
from qa.evaluation.relevant import Relevant

_KEPT = 64  # documents whose text is kept
_SEARCHED = 10  # passages whose documents are searched for evidence that names no document
_NEAR = 60  # of 100: what is less alike is no match worth showing
_LONGEST = 240  # characters of a match that are shown


@dataclass(frozen=True, slots=True)
class Problem:
    """`place` names file and row; `message` says what is wrong and what to do. `nearest` is what was meant, perhaps."""

    place: str
    id: str
    message: str
    nearest: str = ""


def problems(
    path: Path, store: PassageStore, *, on_row: Callable[[int, int], None] = lambda done, total: None
) -> list[Problem]:
    """Returns what is wrong with each row, in the order of the file; nothing where all is well.

    Raises:
        BadQuestion: the file cannot be read at all, or holds no rows.
    """
    rows = list(gold_rows(path))
    if not rows:
        raise BadQuestion(f"{path}: there are no questions in it.")
    checker = _Checker(store)
    found: list[Problem] = []
    golds: list[GoldQuestion] = []
    for done, (place, row) in enumerate(rows, 1):
        try:
            golds.append(gold_of(row, place))
        except BadQuestion as error:
            found.append(Problem(place, str(row.get("id", "")), str(error).removeprefix(f"{place}: ")))
        else:
            found += checker.problems(golds[-1])
        on_row(done, len(rows))
    return sorted([*found, *_repeated(golds)], key=lambda each: [place for place, _ in rows].index(each.place))


def whereabouts(evidence: str, store: PassageStore) -> tuple[Sequence[str], str]:
    """Returns the documents that hold the text word for word, likeliest first, and, where none does, what is nearest.

    White space makes no difference. Only documents that share words with the text are looked through.
    """
    checker = _Checker(store)
    spaced = " ".join(evidence.split())
    likely = checker.likely(spaced)
    found = [identity for identity in likely if spaced in checker.text(identity)]
    return found, "" if found else checker.nearest(spaced, likely, _NEAR)


def _repeated(golds: Sequence[GoldQuestion]) -> Iterator[Problem]:
    """Yields a problem for every row but the first of an id."""
    first: dict[str, str] = {}
    counts = Counter(gold.id for gold in golds)
    for gold in golds:
        if gold.id in first:
            yield Problem(
                gold.place,
                gold.id,
                f"the id {gold.id} stands in {counts[gold.id]} rows, first in {first[gold.id]}. Give each row its own.",
            )
        first.setdefault(gold.id, gold.place)


class _Checker:
    def __init__(self, store: PassageStore) -> None:
        self._store = store
        self._relevant = Relevant(store, 1)
        self._ids = [info.id for info in store.documents()]
        self._texts: OrderedDict[str, str] = OrderedDict()

    def problems(self, gold: GoldQuestion) -> Iterator[Problem]:
        """Yields what is wrong with one row by itself."""
        if gold.answerable and not (gold.evidence or gold.answers):
            yield self._problem(gold, "nothing tells a right answer. Give evidence or an answer, or say there is none.")
        if not gold.answerable and gold.evidence:
            yield self._problem(gold, "it is said to have no answer, yet evidence is given. Remove one of the two.")
        for name in sorted(gold.question.documents or ()):
            if name not in self._ids:
                yield self._missing(gold, name)
        for name in gold.documents:
            if not self._relevant.documents((name,)):
                yield self._missing(gold, name)
        for evidence in gold.evidence:
            yield from self._evidence(gold, evidence)

    def _missing(self, gold: GoldQuestion, name: str) -> Problem:
        match = process.extractOne(name, self._ids, scorer=fuzz.WRatio)
        return self._problem(
            gold, f"the document {name} is not in the index. Ingest it, or correct its id.", match[0] if match else ""
        )

    def _evidence(self, gold: GoldQuestion, evidence: str) -> Iterator[Problem]:
        named = self._relevant.documents(gold.documents)
        if gold.documents and not named:
            return  # the document itself is told as missing
        places = named or self.likely(evidence)
        spaced = " ".join(evidence.split())
        if any(spaced in self.text(identity) for identity in places):
            return
        elsewhere = next((each for each in self.likely(evidence) if spaced in self.text(each)), "") if named else ""
        if elsewhere:
            yield self._problem(
                gold, f"the evidence stands in {elsewhere}, not in {', '.join(named)}: {_short(spaced)}"
            )
            return
        where = ", ".join(named) or "any document"
        message = f"the evidence does not stand word for word in {where}: {_short(spaced)}"
        yield self._problem(gold, message, self.nearest(spaced, places))

    def likely(self, evidence: str) -> list[str]:
        """Returns the documents of the passages that have most of the evidence's words, best first."""
        matches = self._store.matching(question_terms(evidence), _SEARCHED)
        passages = self._store.passages([match.number for match in matches])
        return list(dict.fromkeys(passages[match.number].passage.info.id for match in matches))

    def nearest(self, evidence: str, identities: Sequence[str], least: float = 0.0) -> str:
        """Returns the stretch of text that is nearest to the evidence, letter by letter, and where it stands."""
        best_score, best = least, ""
        for identity in identities:
            text = self.text(identity)
            found = fuzz.partial_ratio_alignment(evidence, text, score_cutoff=best_score)
            if found and found.score > best_score:
                match = text[found.dest_start : found.dest_end]
                best_score, best = found.score, f"{identity}: {_short(match)}"
        return best

    def text(self, identity: str) -> str:
        """Returns a document's text with single spaces: line breaks make no difference to evidence."""
        if identity not in self._texts:
            self._texts[identity] = " ".join(self._store.document(identity).text.split())
            if len(self._texts) > _KEPT:
                self._texts.popitem(last=False)
        return self._texts[identity]

    def _problem(self, gold: GoldQuestion, message: str, nearest: str = "") -> Problem:
        return Problem(gold.place, gold.id, message, nearest)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

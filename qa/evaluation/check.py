"""What is wrong with a file of questions and answers, before it is evaluated."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from documents.errors import BadQuestion
from index.types import PassageStore
from index.words import question_terms
from qa.evaluation.gold import GoldQuestion, gold_of, gold_rows
from qa.evaluation.problem import Problem
from qa.evaluation.relevant import Relevant

_KEPT = 64  # documents whose text is kept
_SEARCHED = 10  # passages whose documents are searched for evidence that names no document
_NEAR = 60  # of 100: what is less alike is no match worth showing
_LONGEST = 240  # characters of a match that are shown


def problems(
    path: Path, store: PassageStore, *, on_row: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[Problem]:
    """Yields what is wrong with each row, in the order of the file, as it is found; nothing where all is well.

    Raises:
        BadQuestion: the file cannot be read at all, or holds no rows.
    """
    read = [_read(place, row) for place, row in gold_rows(path)]
    if not read:
        raise BadQuestion(f"{path}: there are no questions in it.")
    checker = _Checker(store)
    repeated = {
        problem.place: problem for problem in _repeated([each for each in read if isinstance(each, GoldQuestion)])
    }
    for done, each in enumerate(read, 1):
        if isinstance(each, Problem):
            yield each
        else:
            yield from checker.problems(each)
            if each.place in repeated:
                yield repeated[each.place]
        on_row(done, len(read))


def _read(place: str, row: dict[str, Any]) -> "GoldQuestion | Problem":
    try:
        return gold_of(row, place)
    except BadQuestion as error:
        identity = str(row.get("id", ""))
        if "error" not in row and not str(row.get("question") or "").strip():
            return Problem(place, identity, "no_question")
        return Problem(place, identity, "unusable", {"reason": str(error).removeprefix(f"{place}: ")})


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
            values = {"id": gold.id, "count": counts[gold.id], "first": first[gold.id]}
            yield Problem(gold.place, gold.id, "repeated", values)
        first.setdefault(gold.id, gold.place.rpartition(", ")[2])


class _Checker:
    def __init__(self, store: PassageStore) -> None:
        self._store = store
        self._relevant = Relevant(store, 1)
        self._ids = [info.id for info in store.documents()]
        self._texts: OrderedDict[str, str] = OrderedDict()

    def problems(self, gold: GoldQuestion) -> Iterator[Problem]:
        """Yields what is wrong with one row by itself."""
        if gold.answerable and not (gold.evidence or gold.answers):
            yield Problem(gold.place, gold.id, "no_gold")
        if not gold.answerable and gold.evidence:
            yield Problem(gold.place, gold.id, "both")
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
        return Problem(gold.place, gold.id, "missing", {"name": name}, match[0] if match else "")

    def _evidence(self, gold: GoldQuestion, evidence: str) -> Iterator[Problem]:
        named = self._relevant.documents(gold.documents)
        if gold.documents and not named:
            return  # the document itself is told as missing
        places = named or self.likely(evidence)
        spaced = " ".join(evidence.split())
        if any(spaced in self.text(identity) for identity in places):
            return
        elsewhere = next((each for each in self.likely(evidence) if spaced in self.text(each)), "") if named else ""
        values = {"evidence": _short(spaced), "where": ", ".join(named)}
        if elsewhere:
            yield Problem(gold.place, gold.id, "elsewhere", values | {"elsewhere": elsewhere})
            return
        kind = "not_verbatim" if named else "nowhere"
        yield Problem(gold.place, gold.id, kind, values, self.nearest(spaced, places))

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


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

"""What one question of an evaluation came to, judged against its gold, and its line of JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from qa.cite import stands
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.metrics import evidence_hit, exact_match, holds_answer, same_document, squad_f1, token_f1
from qa.evaluation.ranking import first_rank
from qa.evaluation.relevant import Place, Relevant
from qa.pipeline import Pipeline
from qa.types import Answer, Citation


@dataclass(frozen=True, slots=True)
class Row:
    """What one question came to. Ranks are from 1; None means not among the first ten.

    `verbatim`, `supports` and `sources` follow `quotes`; `pieces` follows `evidence`. A row with an `error` was not
    asked: only what its gold says is told, and no figure counts it.
    """

    id: str
    set: str
    category: str
    language: str
    kind: str  # of document
    question: str
    standalone: str
    answerable: bool
    answers: tuple[str, ...]
    documents: tuple[str, ...]
    evidence: tuple[str, ...]
    confidence: float
    refused: bool  # at the chosen setting
    document_rank: int | None  # among passages: that of the first one of a gold document
    evidence_rank: int | None
    passage_gains: tuple[bool, ...]  # of the passages found, best first: does it hold evidence?
    passages_relevant: int  # in the gold documents, and those found elsewhere
    document_gains: tuple[bool, ...]  # of the documents found, best first: is it a gold one?
    documents_relevant: int
    first: bool  # the first quote holds the evidence
    among: bool  # one of the quotes does
    pieces: tuple[bool, ...]  # is the piece of evidence quoted?
    f1: float  # the best of all quotes'
    answer: str  # the words of the first quote that answer, the whole quote where none stand out
    exact: float
    squad_f1: float
    quotes: tuple[str, ...]
    verbatim: tuple[bool, ...]
    supports: tuple[bool, ...]
    sources: tuple[str, ...]
    seconds: float
    error: str

    @property
    def right(self) -> bool:
        """Whether the right thing was done: the right sentence first, or a refusal where there is no answer."""
        return self.refused if not self.answerable else self.first and not self.refused


_TUPLES = {field.name for field in fields(Row) if str(field.type).startswith("tuple")}
_EMPTY: dict[str, Any] = {str(str): "", str(float): 0.0, str(int): 0, str(bool): False, "int | None": None}


class Judge:
    """Makes the row of a question from its answer, taken with refusal off."""

    def __init__(self, pipeline: Pipeline, least: float) -> None:
        """`least` is the confidence below which an answer would have been refused."""
        self._store, self._least = pipeline.store, least
        self._relevant = Relevant(pipeline.store, pipeline.embedder.dimension)

    def row(self, gold: GoldQuestion, answer: Answer, seconds: float) -> Row:
        """Returns the row of an answered question."""
        places = [(hit.passage.info.id, hit.passage.start) for hit in answer.hits]
        found = [_holds(hit.passage.text, hit.passage.info.id, gold) for hit in answer.hits]
        of_gold = [same_document(identity, gold.documents) for identity, _ in places]
        supports = tuple(_holds(each.quote, each.passage.info.id, gold) for each in answer.citations)
        quotes = tuple(each.quote for each in answer.citations)
        said = _said(answer.citations)
        documents = _documents(places, of_gold)
        return Row(
            **_gold_fields(gold, self._kind(gold)),
            standalone=answer.standalone,
            confidence=answer.confidence,
            refused=answer.confidence < self._least,
            document_rank=first_rank(of_gold),
            evidence_rank=first_rank(found),
            passage_gains=tuple(found),
            passages_relevant=len(self._relevant.places(gold) | _at(places, found)),
            document_gains=documents,
            documents_relevant=max(len(gold.documents), sum(documents)),
            first=supports[:1] == (True,),
            among=any(supports),
            pieces=tuple(_quoted(piece, answer.citations, gold) for piece in gold.evidence),
            f1=max((token_f1(quote, gold.answers) for quote in quotes), default=0.0),
            answer=said,
            exact=exact_match(said, gold.answers),
            squad_f1=squad_f1(said, gold.answers),
            quotes=quotes,
            verbatim=tuple(stands(each, self._store.document(each.passage.info.id).text) for each in answer.citations),
            supports=supports,
            sources=tuple(_source(each) for each in answer.citations),
            seconds=seconds,
            error="",
        )

    def failed(self, gold: GoldQuestion, error: str) -> Row:
        """Returns the row of a question that could not be asked."""
        nothing: dict[str, Any] = {field.name: _EMPTY.get(str(field.type), ()) for field in fields(Row)}
        return Row(**(nothing | _gold_fields(gold, self._kind(gold)) | {"error": error}))

    def _kind(self, gold: GoldQuestion) -> str:
        """Returns what the gold says, else the suffixes of its documents: "pdf", or "docx, pdf"."""
        names = {identity.rsplit("/", 1)[-1] for identity in self._relevant.documents(gold.documents)}
        suffixes = {name.rsplit(".", 1)[-1].lower() for name in names if "." in name[-6:]}
        return gold.kind or ", ".join(sorted(suffixes))


def written(rows: Iterable[Row]) -> Iterator[str]:
    """Yields each row as a line of JSON."""
    for row in rows:
        yield json.dumps(asdict(row), ensure_ascii=False)


def row_from(line: str) -> Row:
    """Returns the row of a line that `written` wrote.

    Raises:
        ValueError: the line is not such a row.
    """
    values = json.loads(line)
    names = {field.name for field in fields(Row)}
    if not isinstance(values, dict) or set(values) != names:
        raise ValueError("not a row of an evaluation, or one of another version")
    read: dict[str, Any] = {name: tuple(value) if name in _TUPLES else value for name, value in values.items()}
    return Row(**read)


def _gold_fields(gold: GoldQuestion, kind: str) -> dict[str, Any]:
    return {
        "id": gold.id,
        "set": gold.set,
        "category": gold.category,
        "language": gold.language,
        "kind": kind,
        "question": gold.question.text,
        "answerable": gold.answerable,
        "answers": gold.answers,
        "documents": gold.documents,
        "evidence": gold.evidence,
    }


def _holds(text: str, document_id: str, gold: GoldQuestion) -> bool:
    """Returns whether the text holds the evidence; where there is none, an answer, in a gold document if named."""
    if gold.evidence:
        return evidence_hit(text, document_id, gold.evidence, gold.documents)
    return holds_answer(text, gold.answers) and (not gold.documents or same_document(document_id, gold.documents))


def _quoted(piece: str, citations: Sequence[Citation], gold: GoldQuestion) -> bool:
    return any(evidence_hit(each.quote, each.passage.info.id, [piece], gold.documents) for each in citations)


def _said(citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    first = citations[0]
    start, end = first.words or (first.start, first.end)
    return first.quote[start - first.start : end - first.start]


def _documents(places: Sequence[Place], of_gold: Sequence[bool]) -> tuple[bool, ...]:
    """Returns, of each document at its first passage, whether it is a gold one."""
    gains: dict[str, bool] = {}
    for (identity, _), gain in zip(places, of_gold, strict=True):
        gains.setdefault(identity, gain)
    return tuple(gains.values())


def _at(places: Sequence[Place], found: Sequence[bool]) -> set[Place]:
    return {place for place, gain in zip(places, found, strict=True) if gain}


def _source(citation: Citation) -> str:
    identity = citation.passage.info.id
    return identity if citation.page is None else f"{identity}, p. {citation.page}"

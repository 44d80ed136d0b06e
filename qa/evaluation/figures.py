"""What is measured, each figure as the mean of what rows give to it. Worked examples: docs/metrics.md."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.evaluation.ranking import ndcg, recall, reciprocal_rank, success
from qa.evaluation.row import Row

DEPTHS = (1, 5, 10)
_DEEP = max(DEPTHS)
Values = Sequence[float]


@dataclass(frozen=True, slots=True)
class Figure:
    """`of` gives a row's values: none where the row is not of its population, several where quotes are counted.

    `judges_refusal`: it says nothing where every question can be answered, and is left out there.
    """

    name: str
    group: str
    label: str
    of: Callable[[Row], Values]
    higher_is_better: bool = True
    judges_refusal: bool = False


def _success(name: str, label: str, rank: Callable[[Row], int | None], asked: Callable[[Row], bool]) -> list[Figure]:
    """The share of questions with something right among the first: recall@k to readers, success@k in retrieval."""
    return [
        Figure(f"{name}@{depth}", "retrieval", f"{label} in the first {depth}", _within(rank, depth, asked))
        for depth in DEPTHS
    ]


def _within(rank: Callable[[Row], int | None], depth: int, asked: Callable[[Row], bool]) -> Callable[[Row], Values]:
    return lambda row: _if(asked(row), success(rank(row), depth))


def _answerable(row: Row) -> bool:
    return row.answerable


def _names_documents(row: Row) -> bool:
    return row.answerable and bool(row.documents)


def _recall(name: str, label: str, gains: Callable[[Row], Sequence[bool]], relevant: Callable[[Row], int]) -> Figure:
    """The mean share of what is relevant, of the questions that have more than one: of one it would be success."""

    def of(row: Row) -> Values:
        several = row.answerable and relevant(row) > 1
        return (recall(gains(row), relevant(row), _DEEP),) if several else ()

    return Figure(f"{name}@{_DEEP}", "retrieval", f"{label} in the first {_DEEP}, recall", of)


def _if(applies: bool, value: float) -> Values:
    return (value,) if applies else ()


def _each(flags: Sequence[bool]) -> Values:
    return tuple(map(float, flags))


def _passage_ndcg(row: Row) -> Values:
    return (_ndcg(row.passage_gains, row.passages_relevant),) if row.answerable else ()


def _document_ndcg(row: Row) -> Values:
    return (_ndcg(row.document_gains, row.documents_relevant),) if _names_documents(row) else ()


def _ndcg(gains: Sequence[bool], relevant: int) -> float:
    """Where evidence lies across two passages, none may hold it: nothing can be found, and nothing is."""
    return ndcg(gains, relevant, 10) if relevant else 0.0


def _list_recall(row: Row) -> Values:
    return (sum(row.pieces) / len(row.pieces),) if len(row.pieces) > 1 and row.answerable else ()


def _unsupported(row: Row) -> Values:
    return _if(not row.refused and bool(row.quotes), float(not (row.answerable and row.among)))


FIGURES: tuple[Figure, ...] = (
    *_success("document_recall", "gold document", lambda row: row.document_rank, _names_documents),
    *_success("evidence_recall", "evidence", lambda row: row.evidence_rank, _answerable),
    _recall(
        "several_documents_recall", "several gold documents",
        lambda row: row.document_gains, lambda row: row.documents_relevant,
    ),
    _recall(
        "several_passages_recall", "several passages with evidence",
        lambda row: row.passage_gains, lambda row: row.passages_relevant,
    ),
    Figure(
        "document_mrr", "retrieval", "first gold document, MRR",
        lambda row: _if(_names_documents(row), reciprocal_rank(row.document_gains)),
    ),
    Figure(
        "passage_mrr", "retrieval", "first passage with evidence, MRR",
        lambda row: _if(row.answerable, reciprocal_rank(row.passage_gains)),
    ),
    Figure("document_ndcg@10", "retrieval", "gold documents, nDCG@10", _document_ndcg),
    Figure("passage_ndcg@10", "retrieval", "passages with evidence, nDCG@10", _passage_ndcg),
    Figure("sentence_hit@1", "answer", "right sentence first", lambda row: _if(row.answerable, float(row.first))),
    Figure("sentence_hit@any", "answer", "right sentence cited", lambda row: _if(row.answerable, float(row.among))),
    Figure("exact_match", "answer", "exact match (SQuAD)", lambda row: _if(row.answerable, row.exact)),
    Figure("squad_f1", "answer", "F1 (SQuAD)", lambda row: _if(row.answerable, row.squad_f1)),
    Figure("token_f1", "answer", "F1 of the best quote", lambda row: _if(row.answerable, row.f1)),
    Figure("list_recall", "answer", "pieces of evidence quoted", _list_recall),
    Figure("verbatim", "citation", "quotes word for word", lambda row: _each(row.verbatim)),
    Figure(
        "quote_support", "citation", "quotes that overlap the evidence",
        lambda row: _each(row.supports) if row.answerable else (),
    ),
    Figure("cited_but_wrong", "citation", "answered, no quote supports", _unsupported, higher_is_better=False),
    Figure(
        "quote_characters", "citation", "length of the first quote, characters",
        lambda row: tuple(float(len(quote)) for quote in row.quotes[:1]), higher_is_better=False,
    ),
    Figure(
        "refusal_precision", "refusal", "refused rightly, of those refused",
        lambda row: _if(row.refused, float(not row.answerable)), judges_refusal=True,
    ),
    Figure(
        "refusal_recall", "refusal", "refused, of the unanswerable",
        lambda row: _if(not row.answerable, float(row.refused)), judges_refusal=True,
    ),
    Figure(
        "wrong_refusals", "refusal", "refused, of the answerable",
        lambda row: _if(row.answerable, float(row.refused)), higher_is_better=False, judges_refusal=True,
    ),
    Figure("decision", "refusal", "right decision", lambda row: (float(row.right),), judges_refusal=True),
    Figure("seconds", "time", "seconds, mean", lambda row: (row.seconds,), higher_is_better=False),
)  # fmt: skip
LOWER_IS_BETTER = {figure.name for figure in FIGURES if not figure.higher_is_better} | {
    "risk_coverage_area",
    "calibration_error",
    "seconds_p50",
    "seconds_p95",
}
# Figures of the whole ranking of confidences, or of the spread of times, rather than of single rows.
LABELS = {figure.name: figure.label for figure in FIGURES} | {
    "auroc": "answerable told from unanswerable, AUROC",
    "risk_coverage_area": "area under risk and coverage",
    "calibration_error": "expected calibration error",
    "seconds_p50": "seconds, median",
    "seconds_p95": "seconds, 95th percentile",
}
GROUPS = {figure.name: figure.group for figure in FIGURES} | {
    "auroc": "refusal",
    "risk_coverage_area": "refusal",
    "calibration_error": "refusal",
    "seconds_p50": "time",
    "seconds_p95": "time",
}

"""Why an answer counts as wrong: the one kind of failure of a row, and a sentence on it."""

from collections.abc import Sequence

from qa.evaluation.row import Row
from qa.refuse import THRESHOLDS

RIGHT = "right"
ERROR = "not asked"
# In the order in which a question goes wrong, each with what it means.
KINDS = {
    "not retrieved": "None of the ten passages found holds the evidence.",
    "not chosen": "A passage with the evidence was found, but no quote is of the evidence.",
    "chosen wrongly": "The right sentence is cited, but another is quoted first.",
    "wrongly refused": "The evidence was found, yet the answer was refused.",
    "wrongly answered": "The documents do not answer the question, yet it was answered.",
    ERROR: "The question could not be asked.",
    RIGHT: "The right sentence first, or a refusal where there is no answer.",
}


def failure(row: Row) -> str:
    """Returns the kind of failure, "right" where there is none.

    A refusal counts as wrong where the evidence was found; where it was not, that is what failed.
    """
    if row.error:
        return ERROR
    if row.right:
        return RIGHT
    if not row.answerable:
        return "wrongly answered"
    found = row.evidence_rank is not None or row.among
    if not found:
        return "not retrieved"
    if row.refused:
        return "wrongly refused"
    return "chosen wrongly" if row.among else "not chosen"


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """Returns the number of rows of every kind, kinds in their order."""
    kinds = [failure(row) for row in rows]
    return {kind: kinds.count(kind) for kind in KINDS}


def reason(row: Row, refuse: str) -> str:
    """Returns why the row counts as it does, in a sentence. `refuse` is the setting it was judged at."""
    least = THRESHOLDS[refuse]
    sure = f"confidence {row.confidence:.2f}, and {refuse} asks for {least:.2f}"
    match failure(row):
        case "not retrieved":
            return f"None of the {len(row.passage_gains)} passages found holds the evidence; {_of_document(row)}."
        case "not chosen":
            return f"Passage {row.evidence_rank} holds the evidence, but no sentence of the evidence was quoted."
        case "chosen wrongly":
            return f"The right sentence is quote {row.supports.index(True) + 1}; another stands first."
        case "wrongly refused":
            would = "the first quote would have been right" if row.first else "the first quote was not of it"
            return f"Refused ({sure}) though the evidence was found; {would}."
        case "wrongly answered":
            return f"Answered ({sure}) though the documents do not answer."
        case "not asked":
            return row.error
    return "The right sentence stands first." if row.answerable else "Rightly refused."


def _of_document(row: Row) -> str:
    if not row.documents:
        return "the question names no document"
    if row.document_rank is None:
        return "nor is one of them of the right document"
    return f"passage {row.document_rank} is of the right document"

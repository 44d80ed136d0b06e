"""Why an answer counts as wrong: the one kind of failure of a row, and a sentence on it."""

from collections.abc import Sequence

from qa.evaluation.row import Row
from qa.evaluation.wording import ENGLISH, Words
from qa.refuse import THRESHOLDS

RIGHT = "right"
ERROR = "not asked"
# In the order in which a question goes wrong; wording.py says what each means.
KINDS = (
    "not retrieved",
    "not chosen",
    "chosen wrongly",
    "wrongly refused",
    "wrongly answered",
    ERROR,
    RIGHT,
)


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


def reason(row: Row, refuse: str, words: Words = ENGLISH) -> str:
    """Returns why the row counts as it does, in a sentence. `refuse` is the setting it was judged at."""
    confidence, least = words.number(row.confidence, 2), words.number(THRESHOLDS[refuse], 2)
    sure = words.say("why_sure", confidence=confidence, refuse=refuse, least=least)
    match failure(row):
        case "not retrieved":
            return words.say("why_not_retrieved", count=len(row.passage_gains), document=_of_document(row, words))
        case "not chosen":
            return words.say("why_not_chosen", rank=row.evidence_rank)
        case "chosen wrongly":
            return words.say("why_chosen_wrongly", rank=row.supports.index(True) + 1)
        case "wrongly refused":
            return words.say("why_refused_right" if row.first else "why_refused_wrong", sure=sure)
        case "wrongly answered":
            return words.say("why_answered", sure=sure)
        case "not asked":
            return row.error
    return words["why_right" if row.answerable else "why_rightly_refused"]


def _of_document(row: Row, words: Words) -> str:
    if not row.documents:
        return words["why_no_document"]
    if row.document_rank is None:
        return words["why_other_documents"]
    return words.say("why_right_document", rank=row.document_rank)

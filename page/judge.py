"""What a reader says of an answer, as a question whose answer is known."""

from collections.abc import Mapping
from typing import Any

from documents.errors import BadQuestion
from index.types import PassageStore
from page.address import question_at
from page.digest import differs
from page.wording import Wording
from qa.evaluation.check import whereabouts
from qa.evaluation.collected import Judged
from qa.pipeline import Pipeline
from qa.types import Citation, Question

_LONGEST = 2_000  # characters of a sentence that is copied in
_SHORTEST = 15  # characters: less than that stands anywhere


def judged(note: Mapping[str, Any], pipeline: Pipeline, store: PassageStore, wording: Wording) -> Judged:
    """Returns what a note says: its "address" asks the question, and its "right" is a marker, a sentence, or nothing.

    `{"right": 2}` says that the second quote answers, `{"right": "..."}` that this sentence of a document does, and
    `{"right": null}` that the documents do not answer. The address tells what was shown (page/digest.py).

    Raises:
        BadQuestion: the note asks no question, the answer is another by now, or no document holds the sentence.
    """
    question = question_at(str(note.get("address", "")))
    if question is None or "right" not in note:
        raise BadQuestion("A judgement has the address of its answer, and what is right.")
    right = note["right"]
    if right is None:
        return Judged(question)
    if isinstance(right, int):
        return _quoted(question, right, pipeline, str(note["address"]), wording)
    return _copied(question, str(right)[:_LONGEST], store, wording)


def _quoted(question: Question, marker: int, pipeline: Pipeline, address: str, wording: Wording) -> Judged:
    answer = pipeline.answer(question)
    if differs(address, answer):
        raise BadQuestion(wording["gold_changed"])
    citations = answer.citations
    if not 1 <= marker <= len(citations):
        raise BadQuestion(
            f"[{marker}]: the answer has {len(citations)} quotes. Ask the question again.",
            french=f"[{marker}] : la réponse a {len(citations)} citations. Posez la question de nouveau.",
        )
    right = citations[marker - 1]
    return Judged(question, ((right.passage.info.id, right.quote),), _words(right))


def _words(right: Citation) -> tuple[str, ...]:
    if not right.words:
        return ()
    start, end = right.words
    return (right.quote[start - right.start : end - right.start],)


def _copied(question: Question, sentence: str, store: PassageStore, wording: Wording) -> Judged:
    sentence = " ".join(sentence.strip().strip('“”«»"').split())
    found, nearest = whereabouts(sentence, store) if len(sentence) >= _SHORTEST else ((), "")
    if not found:
        raise BadQuestion(wording.say("gold_not_found", nearest=nearest) if nearest else wording["gold_nothing_near"])
    return Judged(question, tuple((identity, sentence) for identity in found))

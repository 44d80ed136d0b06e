"""The whole path of a question: standalone form, passages, sentences, checked quotes, or a refusal."""

from dataclasses import dataclass, field, replace
from pathlib import Path

from documents.errors import BadQuestion, BadSetting
from index.ingest import check_model
from index.store import SQLiteStore
from index.types import Embedder, PassageStore
from qa.cite import verified
from qa.conversation import standalone
from qa.disagree import WINDOW, disagreement, ordered, told
from qa.extract import ExtractiveAnswerer, ExtractSettings
from qa.refuse import confidence, evidence, threshold
from qa.retrieve import HybridRetriever, RetrieveSettings
from qa.types import Answer, Citation, Hit, Question, Reading

LONGEST_QUESTION = 20_000  # characters
REFUSAL = "The documents do not answer this question."
NOTHING_FOUND = "There is no document to search. Ingest some, or widen the selection."


@dataclass(frozen=True, slots=True)
class Settings:
    """`passages` are kept with an answer; `refuse` is careful, balanced, eager or never."""

    passages: int = 10
    refuse: str = "balanced"
    retrieve: RetrieveSettings = field(default_factory=RetrieveSettings)
    extract: ExtractSettings = field(default_factory=ExtractSettings)

    def __post_init__(self) -> None:
        if not 1 <= self.passages <= 1000:
            raise BadSetting(f"passages is {self.passages}: choose between 1 and 1000.")


class Pipeline:
    """Answers questions from one store. Deterministic, and safe to share between threads."""

    def __init__(self, store: PassageStore, embedder: Embedder, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._threshold = threshold(self.settings.refuse)
        self.store, self.embedder = store, embedder
        self._retriever = HybridRetriever(store, embedder, self.settings.retrieve)
        self._answerer = ExtractiveAnswerer(store, self.settings.extract)

    def search(self, question: Question, k: int) -> list[Hit]:
        """Returns the k best passages for the question, best first.

        Raises:
            BadQuestion: the question is empty, too long, or narrowed to an unknown document.
        """
        self._check(question)
        return self._retriever.retrieve(question, k)

    def answer(self, question: Question) -> Answer:
        """Returns the answer or a refusal.

        Raises:
            BadQuestion: the question is empty, too long, or narrowed to an unknown document.
        """
        self._check(question)
        hits = self._retriever.retrieve(question, max(self.settings.passages, self.settings.extract.passages, WINDOW))
        candidates = self._answerer.candidates(question, hits)
        certainty = round(confidence(evidence(candidates)), 4)
        kept = tuple(hits[: self.settings.passages])
        citations: list[Citation] = []
        readings: tuple[Reading, ...] = ()
        if certainty >= self._threshold:
            citations = verified(self._answerer.citations(candidates), self.store)
            found = disagreement(question, candidates, hits[:WINDOW])
            standing = set(verified([each for reading in found for each in reading.citations], self.store))
            readings = found if citations and all(standing.issuperset(each.citations) for each in found) else ()
        answer = Answer(
            question=question,
            standalone=standalone(question),
            text=REFUSAL if hits else NOTHING_FOUND,
            confidence=certainty if hits else 0.0,
            citations=ordered(citations, readings, question),
            hits=kept,
            disagreement=readings,
        )
        return answer if answer.refused else replace(answer, text=_written(answer))

    def _check(self, question: Question) -> None:
        if not question.text.strip():
            raise BadQuestion("The question is empty. Type a question.")
        if len(question.text) > LONGEST_QUESTION:
            raise BadQuestion(
                f"The question has {len(question.text):,} characters; at most {LONGEST_QUESTION:,} are read. "
                "Ask a shorter one, or ingest the text as a document and ask about it."
            )
        for text in (question.text, *(turn.text for turn in question.history)):
            if any("\ud800" <= character <= "\udfff" for character in text):
                raise BadQuestion("The question holds half a character (a lone surrogate). Type that character anew.")
        for document_id in sorted(question.documents or ()):
            self.store.document(document_id)


def _written(answer: Answer) -> str:
    """Returns the quotes with their markers, below what dated sources give where they differ."""
    quotes = " ".join(f"{each.quote} [{number}]" for number, each in enumerate(answer.quoted, 1))
    return f"{told(answer)}\n{quotes}" if answer.disagreement else quotes


def open_pipeline(folder: Path, embedder: Embedder, settings: Settings | None = None) -> Pipeline:
    """Opens the index in `folder` for questions.

    Raises:
        IndexMissing: there is none.
        IndexMismatch: it was made with another model or by another version.
    """
    store = SQLiteStore(folder)
    check_model(store, embedder)
    return Pipeline(store, embedder, settings)

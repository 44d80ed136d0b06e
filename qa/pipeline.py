"""The whole path of a question: standalone form, passages, sentences, checked quotes, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from documents.errors import BadQuestion, BadSetting
from documents.kinds import KINDS
from documents.language import guess_language
from index.ingest import check_model
from index.open import open_store
from index.place import Location
from index.types import Embedder, PassageStore
from qa.asked import asks_figure
from qa.cite import quoted, verified
from qa.conversation import standalone
from qa.disagree import WINDOW, disagreement, ordered, told
from qa.extract import ExtractiveAnswerer, ExtractSettings
from qa.readers import Unread, cross_encoders, read_asked
from qa.refuse import confidence, evidence, threshold
from qa.rerank import RerankSettings, reranked
from qa.retrieve import HybridRetriever, RetrieveSettings, where_of
from qa.types import Answer, Citation, DatedFigure, Hit, Question, Reader, Reading
from qa.weights import Weights, weights

LONGEST_QUESTION = 20_000  # characters
REFUSAL = "The documents do not answer this question."
_REFUSAL_FR = "Les documents ne répondent pas à cette question."
NOTHING_FOUND = "There is no document to search. Ingest some, or widen the selection."
_NOTHING_FOUND_FR = "Il n’y a aucun document où chercher. Ajoutez-en, ou élargissez la sélection."


@dataclass(frozen=True, slots=True)
class Settings:
    """`passages` are kept with an answer; `refuse` is careful, balanced, eager or never."""

    passages: int = 10
    refuse: str = "balanced"
    retrieve: RetrieveSettings = field(default_factory=RetrieveSettings)
    rerank: RerankSettings = field(default_factory=RerankSettings)
    extract: ExtractSettings = field(default_factory=ExtractSettings)

    def __post_init__(self) -> None:
        if not 1 <= self.passages <= 1000:
            raise BadSetting(f"passages is {self.passages}: choose between 1 and 1000.")


class Pipeline:
    """Answers questions from one store. Deterministic, and safe to share between threads."""

    def __init__(
        self, store: PassageStore, embedder: Embedder, settings: Settings | None = None, reader: Reader | None = None
    ) -> None:
        self.settings = settings or Settings()
        self._threshold = threshold(self.settings.refuse)
        self.store, self.embedder = store, embedder
        self._retriever = HybridRetriever(store, embedder, self.settings.retrieve)
        self._reader: Reader = (reader or cross_encoders()) if self.settings.rerank.read else Unread()

    def search(self, question: Question, k: int) -> list[Hit]:
        """Returns the k best passages for the question, best first.

        Raises:
            BadQuestion: the question is empty, too long, or narrowed to a document, kind, language or collection that
                is unknown.
        """
        self._check(question)
        return self._found(question, k)[0][:k]

    def answer(self, question: Question) -> Answer:
        """Returns the answer or a refusal.

        Raises:
            BadQuestion: the question is empty, too long, or narrowed to a document, kind, language or collection that
                is unknown.
            BadSetting: there is no such refusal setting as the question's.
        """
        self._check(question)
        least = self._threshold if question.refuse is None else threshold(question.refuse)
        hits, readings, fitted = self._found(question, self.settings.passages)
        answerer = ExtractiveAnswerer(self.store, fitted, self.settings.extract)
        candidates = answerer.candidates(question, readings)
        certainty = round(confidence(evidence(candidates), fitted.confidence), 4)
        citations: list[Citation] = []
        figures: tuple[DatedFigure, ...] = ()
        if certainty >= least:
            citations = verified(answerer.citations(candidates), self.store)
            figures = self._differing(question, hits) if citations else ()
        answer = Answer(
            question=question,
            standalone=standalone(question),
            text=_refusal(question, bool(hits)),
            confidence=certainty if hits else 0.0,
            citations=ordered(citations, figures, question),
            hits=tuple(hits[: self.settings.passages]),
            disagreement=figures,
            undated=self.store.undated_count(where_of(question)) if question.as_of else 0,
        )
        return answer if answer.refused else replace(answer, text=_written(answer))

    def _found(self, question: Question, k: int) -> tuple[list[Hit], list[Reading], Weights]:
        """Returns k or more hits in their final order, the readings of those that were read, and their weights."""
        read = self.settings.rerank.passages
        hits = self._retriever.retrieve(question, max(k, read, WINDOW))
        readings = read_asked(self._reader, question, hits[:read])
        return reranked(hits, readings, self.settings.rerank.weight), readings, self._weights(self._reader.name)

    def _differing(self, question: Question, hits: Sequence[Hit]) -> tuple[DatedFigure, ...]:
        """Returns what dated sources give where they differ; nothing if one of the quotes does not stand.

        Candidates are weighed without the reader: it prefers one fluent statement where several are to be compared.
        """
        if not asks_figure(question):
            return ()
        ranked = sorted(hits, key=lambda hit: (-hit.score, hit.passage.info.id, hit.passage.start))[:WINDOW]
        readings = Unread().read("", ranked[: self.settings.rerank.passages])
        candidates = ExtractiveAnswerer(self.store, self._weights("none")).candidates(question, readings)
        found = disagreement(question, candidates, ranked)
        standing = set(verified([each for figure in found for each in figure.citations], self.store))
        return found if all(standing.issuperset(each.citations) for each in found) else ()

    def _weights(self, reader: str) -> Weights:
        return weights(reader, self.embedder.name)

    def _check(self, question: Question) -> None:
        if not question.text.strip():
            raise BadQuestion(
                "The question is empty. Type a question.", french="La question est vide. Écrivez une question."
            )
        if len(question.text) > LONGEST_QUESTION:
            raise BadQuestion(
                f"The question has {len(question.text):,} characters; at most {LONGEST_QUESTION:,} are read. "
                "Ask a shorter one, or ingest the text as a document and ask about it.",
                french=f"La question a {len(question.text)} caractères ; on en lit au plus {LONGEST_QUESTION}. "
                "Posez-en une plus courte, ou ajoutez le texte comme document et interrogez-le.",
            )
        for text in (question.text, *(turn.text for turn in question.history), *(question.documents or ())):
            if any("\ud800" <= character <= "\udfff" for character in text):
                raise BadQuestion(
                    "The question holds half a character (a lone surrogate). Type that character anew.",
                    french="La question contient une moitié de caractère. Écrivez ce caractère de nouveau.",
                )
        for document_id in sorted(question.documents or ()):
            self.store.document(document_id)
        self._check_labels(question)

    def _check_labels(self, question: Question) -> None:
        if unknown := sorted((question.kinds or frozenset()) - {*KINDS, ""}):
            raise BadQuestion(
                f"{unknown[0]!r} is no kind of document. Known are {', '.join(KINDS)}.",
                french=f"« {unknown[0]} » n’est pas un genre de document. Connus : {', '.join(KINDS)}.",
            )
        if unknown := sorted((question.languages or frozenset()) - {"en", "fr", ""}):
            raise BadQuestion(
                f"{unknown[0]!r} is no language that is read. Known are en and fr.",
                french=f"« {unknown[0]} » n’est pas une langue lue. Connues : en et fr.",
            )
        held = self.store.facets().collections if question.collections else {}
        if unknown := sorted((question.collections or frozenset()) - {*held, ""}):
            names = ", ".join(filter(None, held))
            known, connues = names or "none yet", names or "aucune"
            raise BadQuestion(
                f"{unknown[0]!r} is no collection of this index. Its collections: {known}.",
                french=f"« {unknown[0]} » n’est pas une collection de cet index. Ses collections : {connues}.",
            )


def _refusal(question: Question, found: bool) -> str:
    """Returns what is said in place of an answer, in the question's language."""
    if guess_language(question.text) == "fr":
        return _REFUSAL_FR if found else _NOTHING_FOUND_FR
    return REFUSAL if found else NOTHING_FOUND


def _written(answer: Answer) -> str:
    """Returns the quotes with their markers, below what dated sources give where they differ."""
    quotes = quoted(answer)
    return f"{told(answer)}\n{quotes}" if answer.disagreement else quotes


def open_pipeline(
    location: Location, embedder: Embedder, settings: Settings | None = None, *, token: str = ""
) -> Pipeline:
    """Opens the index at the location for questions; `token` is for a server that asks for it.

    Raises:
        IndexMissing: there is none.
        IndexMismatch: it was made with another model or by another version.
    """
    store = open_store(location, token=token)
    check_model(store, embedder)
    return Pipeline(store, embedder, settings)

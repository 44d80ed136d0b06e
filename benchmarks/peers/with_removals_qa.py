"""This program in the comparison: passages by words alone, passages without and with reading, whole answers."""

from collections.abc import Callable
from pathlib import Path

from contract import POOL, Found, K, Reply, Way, serve

from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.store import SQLiteStore
from index.words import question_terms
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings
from qa.types import Question


class RemovalsQA:
    """Everything as the command line does it; refusal is off, as in the evaluation."""

    packages = ("sentence-transformers", "torch", "faiss-cpu")

    def __init__(self, model: str, folder: Path) -> None:
        self._embedder = SentenceTransformerEmbedder(model)
        self._embedder.embed_question("load the model")
        self._store = SQLiteStore(folder / "index", writable=True)

    def ingest(self, path: Path) -> int:
        ingest([path], self._store, self._embedder)
        return self._store.passage_count()

    def ways(self) -> dict[str, Way]:
        unread = Pipeline(self._store, self._embedder, Settings(refuse="never", rerank=RerankSettings(read=False)))
        reading = Pipeline(self._store, self._embedder, Settings(refuse="never"))
        return {
            "words alone": self._words,
            "passages, not read": _passages(unread),
            "passages, read": _passages(reading),
            "answer, read": _answer(reading),
        }

    def _words(self, question: str) -> Reply:
        matches = self._store.matching(question_terms(question), POOL)
        found = self._store.passages([match.number for match in matches[:K]])
        return Reply([Found(each.passage.info.id, each.passage.text) for each in found.values()])


def _passages(pipeline: Pipeline) -> Way:
    def ask(question: str) -> Reply:
        hits = pipeline.search(Question(question), K)
        return Reply([Found(hit.passage.info.id, hit.passage.text) for hit in hits])

    return ask


def _answer(pipeline: Pipeline) -> Callable[[str], Reply]:
    def ask(question: str) -> Reply:
        answer = pipeline.answer(Question(question))
        return Reply(
            [Found(hit.passage.info.id, hit.passage.text) for hit in answer.hits[:K]],
            [Found(each.passage.info.id, each.quote) for each in answer.citations],
        )

    return ask


if __name__ == "__main__":
    serve(RemovalsQA)

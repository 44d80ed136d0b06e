"""Haystack: pipelines over an InMemoryDocumentStore, BM25 and vectors joined by reciprocal rank."""

from pathlib import Path

from contract import POOL, Found, K, Reply, Way, serve, sources
from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

_WORDS = 130  # of a passage


class Haystack:
    packages = ("haystack-ai", "sentence-transformers-haystack", "sentence-transformers", "torch")

    def __init__(self, model: str, folder: Path) -> None:
        self._folder = folder
        self._store = InMemoryDocumentStore()
        self._indexing = Pipeline()
        self._indexing.add_component("splitter", DocumentSplitter(split_by="word", split_length=_WORDS))
        embedder = SentenceTransformersDocumentEmbedder(model=model, meta_fields_to_embed=["title"], progress_bar=False)
        self._indexing.add_component("embedder", embedder)
        self._indexing.add_component("writer", DocumentWriter(self._store))
        self._indexing.connect("splitter", "embedder")
        self._indexing.connect("embedder", "writer")
        self._indexing.warm_up()
        embedder.run([Document(content="load the model")])
        self._asking = Pipeline()
        self._asking.add_component("embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
        self._asking.add_component("vectors", InMemoryEmbeddingRetriever(self._store, top_k=POOL))
        self._asking.add_component("words", InMemoryBM25Retriever(self._store, top_k=POOL))
        self._asking.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=K))
        self._asking.connect("embedder.embedding", "vectors.query_embedding")
        self._asking.connect("vectors", "joiner")
        self._asking.connect("words", "joiner")

    def ingest(self, path: Path) -> int:
        documents = [Document(content=each.text, meta={"id": each.id, "title": each.title}) for each in sources(path)]
        self._indexing.run({"splitter": {"documents": documents}})
        self._store.save_to_disk(str(self._folder / "store.json"))
        return self._store.count_documents()

    def ways(self) -> dict[str, Way]:
        def ask(question: str) -> Reply:
            found = self._asking.run({"embedder": {"text": question}, "words": {"query": question}})
            return Reply([Found(each.meta["id"], each.content or "") for each in found["joiner"]["documents"]])

        return {"BM25 and vectors": ask}


if __name__ == "__main__":
    serve(Haystack)

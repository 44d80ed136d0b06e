"""Chroma: a persistent collection with its SentenceTransformerEmbeddingFunction; vectors alone."""

from pathlib import Path

import chromadb
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction
from contract import Found, K, Reply, Way, serve
from recursive import cut


class Chroma:
    packages = ("chromadb", "langchain-text-splitters", "sentence-transformers", "torch")

    def __init__(self, model: str, folder: Path) -> None:
        embedding = SentenceTransformerEmbeddingFunction(model_name=model, device="cpu")
        embedding(["load the model"])
        client = chromadb.PersistentClient(path=str(folder))
        self._collection = client.create_collection("peers", embedding_function=embedding)

    def ingest(self, path: Path) -> int:
        parts = cut(path)
        self._collection.add(
            ids=[str(number) for number in range(len(parts))],
            documents=[each.text for each in parts],
            metadatas=[{"document": each.document} for each in parts],
        )
        return self._collection.count()

    def ways(self) -> dict[str, Way]:
        def ask(question: str) -> Reply:
            found = self._collection.query(query_texts=[question], n_results=K)
            pairs = zip(found["metadatas"][0], found["documents"][0], strict=True)
            return Reply([Found(each["document"], text) for each, text in pairs])

        return {"vectors": ask}


if __name__ == "__main__":
    serve(Chroma)

"""txtai: an Embeddings database with hybrid=True, its vectors and its BM25 weighed alike."""

from pathlib import Path

from contract import Found, K, Reply, Way, serve
from recursive import cut
from txtai import Embeddings


class Txtai:
    packages = ("txtai", "langchain-text-splitters", "transformers", "torch", "faiss-cpu")

    def __init__(self, model: str, folder: Path) -> None:
        self._folder = folder
        self._embeddings = Embeddings(path=model, hybrid=True, content=True)
        self._embeddings.transform("load the model")

    def ingest(self, path: Path) -> int:
        parts = cut(path)
        self._documents = [each.document for each in parts]
        self._embeddings.index([(number, each.text, None) for number, each in enumerate(parts)])
        self._embeddings.save(str(self._folder))
        return len(parts)

    def ways(self) -> dict[str, Way]:
        def ask(question: str) -> Reply:
            found = self._embeddings.search(question, K)
            return Reply([Found(self._documents[int(each["id"])], each["text"]) for each in found])

        return {"hybrid": ask}


if __name__ == "__main__":
    serve(Txtai)

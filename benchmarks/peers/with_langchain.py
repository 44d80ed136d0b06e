"""LangChain: FAISS alone, and its EnsembleRetriever over FAISS and BM25 with equal weights."""

from pathlib import Path

from contract import POOL, Found, K, Reply, Way, serve, sources
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_huggingface import HuggingFaceEmbeddings
from recursive import SPLITTER


class LangChain:
    packages = (
        "langchain-classic",
        "langchain-community",
        "langchain-huggingface",
        "langchain-text-splitters",
        "faiss-cpu",
        "rank-bm25",
        "sentence-transformers",
        "torch",
    )

    def __init__(self, model: str, folder: Path) -> None:
        self._folder = folder
        self._embeddings = HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})
        self._embeddings.embed_query("load the model")

    def ingest(self, path: Path) -> int:
        documents = [Document(each.titled, metadata={"id": each.id}) for each in sources(path)]
        parts = SPLITTER.split_documents(documents)
        self._vectors = FAISS.from_documents(parts, self._embeddings)
        self._vectors.save_local(str(self._folder))
        self._words = BM25Retriever.from_documents(parts, k=POOL)
        return len(parts)

    def ways(self) -> dict[str, Way]:
        dense = self._vectors.as_retriever(search_kwargs={"k": POOL})
        hybrid = EnsembleRetriever(retrievers=[self._words, dense], weights=[0.5, 0.5])
        return {"FAISS": _asks(dense), "FAISS and BM25": _asks(hybrid)}


def _asks(retriever: BaseRetriever) -> Way:
    return lambda question: Reply(
        [Found(each.metadata["id"], each.page_content) for each in retriever.invoke(question)[:K]]
    )


if __name__ == "__main__":
    serve(LangChain)

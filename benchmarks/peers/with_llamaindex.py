"""LlamaIndex: a VectorStoreIndex with HuggingFaceEmbedding; it embeds a document's title with every passage."""

from pathlib import Path

from contract import Found, K, Reply, Way, serve, sources
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

_TOKENS, _SHARED = 200, 20  # the splitter counts the title among them


class LlamaIndex:
    packages = ("llama-index-core", "llama-index-embeddings-huggingface", "sentence-transformers", "torch")

    def __init__(self, model: str, folder: Path) -> None:
        self._folder = folder
        self._model = HuggingFaceEmbedding(model_name=model, device="cpu")
        self._model.get_query_embedding("load the model")

    def ingest(self, path: Path) -> int:
        documents = [Document(text=each.text, id_=each.id, metadata={"title": each.title}) for each in sources(path)]
        splitter = SentenceSplitter(chunk_size=_TOKENS, chunk_overlap=_SHARED)
        self._index = VectorStoreIndex.from_documents(
            documents, transformations=[splitter], embed_model=self._model, show_progress=False
        )
        self._index.storage_context.persist(persist_dir=str(self._folder))
        return len(self._index.docstore.docs)

    def ways(self) -> dict[str, Way]:
        retriever = self._index.as_retriever(similarity_top_k=K)

        def ask(question: str) -> Reply:
            return Reply(
                [Found(each.node.ref_doc_id or "", each.node.get_content()) for each in retriever.retrieve(question)]
            )

        return {"VectorStoreIndex": ask}


if __name__ == "__main__":
    serve(LlamaIndex)

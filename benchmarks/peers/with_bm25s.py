"""bm25s, the lexical leg alone: BM25 with its English stop words and a Snowball stemmer, as its page shows."""

from pathlib import Path

import bm25s
import Stemmer
from contract import K, Reply, Way, serve
from recursive import cut


class BM25S:
    packages = ("bm25s", "PyStemmer", "langchain-text-splitters")

    def __init__(self, model: str, folder: Path) -> None:
        self._folder = folder
        self._stemmer = Stemmer.Stemmer("english")

    def ingest(self, path: Path) -> int:
        self._parts = cut(path)
        tokens = bm25s.tokenize(
            [each.text for each in self._parts], stopwords="en", stemmer=self._stemmer, show_progress=False
        )
        self._ranking = bm25s.BM25()
        self._ranking.index(tokens, show_progress=False)
        self._ranking.save(str(self._folder))
        return len(self._parts)

    def ways(self) -> dict[str, Way]:
        def ask(question: str) -> Reply:
            tokens = bm25s.tokenize(question, stopwords="en", stemmer=self._stemmer, show_progress=False)
            numbers, _ = self._ranking.retrieve(tokens, k=K, show_progress=False)
            return Reply([self._parts[int(number)] for number in numbers[0]])

        return {"words alone": ask}


if __name__ == "__main__":
    serve(BM25S)

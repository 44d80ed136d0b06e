"""The whole path of a question gives the same answers on every store."""

import json
from pathlib import Path

import pytest
from conftest import new_store

from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from qa.pipeline import Pipeline, Settings
from qa.types import Answer, Question

LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
DOCUMENTS = 5
ASKED = [
    "How many people did Canada remove in 2024?",
    "What is a stay of removal?",
    "Who may apply for a pre-removal risk assessment?",
    "Which contries refuse to take back their nationals?",  # mistyped: the vocabulary corrects it
    "Qu’est-ce qu’une mesure de renvoi ?",
    "How is bread baked?",
]


def test_answers_are_the_same_on_sqlite_and_milvus(embedder: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    files = sorted(LIBRARY.glob("*.md"))[:DOCUMENTS]
    assert len(files) == DOCUMENTS
    with new_store("sqlite", tmp_path) as sqlite, new_store("milvus", tmp_path) as milvus:
        summaries = [ingest(files, store, embedder) for store in (sqlite, milvus)]
        assert summaries[0] == summaries[1]
        pipelines = [Pipeline(store, embedder, Settings(refuse="never")) for store in (sqlite, milvus)]
        for text in ASKED:
            one, other = (pipeline.answer(Question(text)) for pipeline in pipelines)
            assert told(one) == told(other), text
            assert one.confidence == pytest.approx(other.confidence, abs=1e-4)


def told(answer: Answer) -> str:
    """What an answer says and shows; passages of the same score in any order."""
    hits = sorted((-round(hit.score, 4), hit.passage.info.id, hit.passage.start) for hit in answer.hits)
    cited = [(each.passage.info.id, each.start, each.end, each.quote) for each in answer.citations]
    return json.dumps([answer.text, cited, hits], indent=1)

"""The whole path on questions written by other people: XQuAD, English, with the bundled model."""

from pathlib import Path

import pytest

from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.store import SQLiteStore
from qa.evaluation.gold import read_gold
from qa.evaluation.row import Row
from qa.evaluation.run import evaluate
from qa.evaluation.summary import summarise
from qa.pipeline import Pipeline

QUESTIONS = 60


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, evalsets: Path, embedder: SentenceTransformerEmbedder) -> list[Row]:
    store = SQLiteStore(tmp_path_factory.mktemp("xquad"), writable=True)
    summary = ingest([evalsets / "xquad_en" / "corpus" / "docs.jsonl"], store, embedder)
    assert summary.failed == []
    golds = read_gold(evalsets / "xquad_en" / "questions.jsonl")[:QUESTIONS]
    return evaluate(golds, Pipeline(store, embedder), refuse="never")


def test_every_question_has_a_row(rows: list[Row]) -> None:
    assert len({row.id for row in rows}) == QUESTIONS


def test_every_quote_is_verbatim(rows: list[Row]) -> None:
    assert all(row.quotes for row in rows)
    assert all(all(row.verbatim) for row in rows)


@pytest.mark.parametrize(("figure", "least"), [("evidence_recall@5", 0.99), ("sentence_hit@1", 0.70)])
def test_the_evidence_is_found(rows: list[Row], figure: str, least: float) -> None:
    assert summarise(rows)[figure]["value"] >= least


def test_nothing_is_refused_where_nothing_may_be(rows: list[Row]) -> None:
    assert not any(row.refused for row in rows)

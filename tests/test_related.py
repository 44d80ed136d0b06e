from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from index.store import SQLiteStore
from qa.pipeline import Pipeline, Settings
from qa.related import related
from qa.rerank import RerankSettings
from qa.types import Question

FAKE = WordHashEmbedder()
TITLES = ("Fees", "Appeals", "Escorts", "Flights", "Permits", "Papers", "Costs")
DOCUMENTS = [a_document(f"{name} of removals are set out here.", f"{name}.txt", title=name) for name in TITLES]


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    store = fill(SQLiteStore(tmp_path, writable=True), FAKE, *DOCUMENTS)
    return Pipeline(store, FAKE, Settings(refuse="never", rerank=RerankSettings(read=False)))


def test_at_most_three_topics_that_were_not_quoted_are_offered(pipeline: Pipeline) -> None:
    answer = pipeline.answer(Question("Which fees of removals are set out?"))
    offered = [each.text for each in related(answer, pipeline)]
    assert len(offered) == 3
    assert not {each.passage.info.title for each in answer.citations} & set(offered)


def test_each_topic_waits_for_its_turn_before_it_is_tried(pipeline: Pipeline) -> None:
    answer = pipeline.answer(Question("Which fees of removals are set out?"))
    turns: list[int] = []
    offered = related(answer, pipeline, lambda: turns.append(len(turns)))
    assert turns == []
    next(offered)
    assert turns == [0]

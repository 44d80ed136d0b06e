import json
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadQuestion
from index.store import SQLiteStore
from qa.evaluation.gold import read_gold
from qa.evaluation.row import Row, written
from qa.evaluation.run import evaluate
from qa.evaluation.summary import summarise
from qa.pipeline import Pipeline, Settings
from qa.types import Question

FAKE = WordHashEmbedder()
PAPERS = "Somalia gave no travel papers to them."
BREAD = "Bread is baked at night by bakers."


@pytest.fixture
def pipeline(store: SQLiteStore) -> Pipeline:
    return Pipeline(fill(store, FAKE, a_document(PAPERS, "papers.txt"), a_document(BREAD, "bread.txt")), FAKE)


def golds(tmp_path: Path, *rows: object):
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return read_gold(path)


def papers(**more: object) -> dict[str, object]:
    gold = {"id": "p", "question": "travel papers of Somalia", "answers": ["no travel papers"], "category": "factoid"}
    return gold | {"doc_ids": ["papers"], "evidence": [PAPERS], "answerable": True} | more


def a_row(**more: object) -> Row:
    row = {"id": "x", "category": "", "question": "Who?", "standalone": "Who?", "answerable": True, "confidence": 0.9}
    row |= {"refused": False, "document_rank": 1, "evidence_rank": 1, "first": True, "among": True, "f1": 1.0}
    row |= {"quotes": ("Four",), "verbatim": (True,), "supports": (True,), "sources": ("a.txt",), "seconds": 0.5}
    row |= {"set": "", "language": "en", "kind": "", "answers": ("x",), "documents": ("a",), "evidence": ("x",)}
    row |= {"passage_gains": (True,), "passages_relevant": 1, "document_gains": (True,), "documents_relevant": 1}
    row |= {"pieces": (True,), "answer": "x", "exact": 1.0, "squad_f1": 1.0, "error": ""}
    return Row(**(row | more))


def values(*rows: Row) -> dict[str, float]:
    return {name: figure["value"] for name, figure in summarise(rows).items()}


def test_every_gold_field_is_read(tmp_path: Path) -> None:
    (gold,) = golds(tmp_path, papers(scope_doc="papers.txt"))
    assert gold.question == Question("travel papers of Somalia", documents=frozenset({"papers.txt"}))
    assert (gold.id, gold.answerable, gold.category) == ("p", True, "factoid")
    assert (gold.answers, gold.documents, gold.evidence) == (("no travel papers",), ("papers",), (PAPERS,))


def test_a_question_without_evidence_is_unanswerable_unless_it_says_otherwise(tmp_path: Path) -> None:
    found = golds(
        tmp_path, {"question": "a"}, {"question": "b", "evidence": ["e"]}, {"question": "c", "answerable": True}
    )
    assert [gold.answerable for gold in found] == [False, True, True]


@pytest.mark.parametrize("row", [{"id": "x"}, {"question": "Who?", "answerable": "yes"}, 3])
def test_a_gold_row_that_cannot_be_used_names_its_line(tmp_path: Path, row: object) -> None:
    with pytest.raises(BadQuestion, match=r"questions\.jsonl, line 2"):
        golds(tmp_path, papers(), row)


def test_a_right_answer_is_judged_right(tmp_path: Path, pipeline: Pipeline) -> None:
    (row,) = evaluate(golds(tmp_path, papers()), pipeline)
    assert (row.document_rank, row.evidence_rank, row.first, row.among) == (1, 1, True, True)
    assert row.f1 == pytest.approx(2 * 3 / (3 + 7))
    assert (row.quotes[0], row.verbatim[0]) == (PAPERS, True)


def test_a_wrong_answer_is_judged_wrong(tmp_path: Path, pipeline: Pipeline) -> None:
    (row,) = evaluate(golds(tmp_path, papers(question="bread baked at night")), pipeline)
    assert (row.document_rank, row.evidence_rank, row.first) == (2, 2, False)


def test_what_is_nowhere_has_no_rank(tmp_path: Path, pipeline: Pipeline) -> None:
    (row,) = evaluate(golds(tmp_path, papers(doc_ids=["none"], evidence=["Nowhere to be found."])), pipeline)
    assert (row.document_rank, row.evidence_rank, row.first, row.among) == (None, None, False, False)


def test_sentences_are_judged_with_refusal_off(tmp_path: Path, pipeline: Pipeline) -> None:
    careful = Pipeline(pipeline.store, FAKE, Settings(refuse="careful"))
    (row,) = evaluate(golds(tmp_path, papers(question="Somalia weather forecast tomorrow")), careful, refuse="careful")
    assert row.refused
    assert row.quotes


def test_rows_come_in_the_order_of_the_questions_and_are_told(tmp_path: Path, pipeline: Pipeline) -> None:
    told: list[int] = []
    rows = evaluate(golds(tmp_path, papers(id="1"), papers(id="2")), pipeline, on_row=told.append)
    assert [row.id for row in rows] == ["1", "2"]
    assert told == [1, 2]


def test_recall_counts_ranks_up_to_the_depth() -> None:
    found = values(*(a_row(document_rank=rank, evidence_rank=rank) for rank in (1, 2, 5, 10, None)))
    assert [found[f"document_recall@{depth}"] for depth in (1, 5, 10)] == pytest.approx([0.2, 0.6, 0.8])
    assert [found[f"evidence_recall@{depth}"] for depth in (1, 5, 10)] == pytest.approx([0.2, 0.6, 0.8])


def test_sentences_and_words_are_averaged_over_answerable_questions() -> None:
    rows = [
        a_row(first=False, f1=0.5),
        a_row(first=False, among=False, f1=0.0),
        a_row(),
        a_row(answerable=False, f1=9.0),
    ]
    found = values(*rows)
    assert (found["sentence_hit@1"], found["sentence_hit@any"]) == pytest.approx((1 / 3, 2 / 3))
    assert found["token_f1"] == 0.5


def test_quotes_are_verified_one_by_one_over_all_questions() -> None:
    assert values(a_row(verbatim=(True, True, False)), a_row(answerable=False, verbatim=(True,)))["verbatim"] == 0.75


# answerable: given and right, given and wrong, refused though right; unanswerable: refused, given
FIVE = (
    a_row(confidence=0.9),
    a_row(confidence=0.6, first=False),
    a_row(confidence=0.3, refused=True),
    a_row(confidence=0.2, refused=True, answerable=False, first=False),
    a_row(confidence=0.7, answerable=False, first=False),
)


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("refusal_precision", 1 / 2),  # of two refused, one was unanswerable
        ("refusal_recall", 1 / 2),  # of two unanswerable, one was refused
        ("wrong_refusals", 1 / 3),  # of three answerable, one was refused
        ("decision", 2 / 5),  # the first and the fourth
        ("auroc", 4 / 6),  # 0.9 beats both, 0.6 and 0.3 beat 0.2
        ("sentence_hit@1", 2 / 3),
        ("seconds", 0.5),
        ("quote_characters", 4),
    ],
)
def test_refusals_on_paper(figure: str, value: float) -> None:
    assert values(*FIVE)[figure] == pytest.approx(value)


@pytest.mark.parametrize(
    ("figure", "count"),
    [
        ("refusal_precision", 2),
        ("refusal_recall", 2),
        ("wrong_refusals", 3),
        ("decision", 5),
        ("auroc", 5),
        ("token_f1", 3),
    ],
)
def test_every_figure_tells_its_population(figure: str, count: int) -> None:
    assert summarise(FIVE)[figure]["n"] == count


def test_figures_lie_within_their_interval() -> None:
    for figure in summarise(FIVE).values():
        assert figure["low"] <= figure["value"] <= figure["high"]


def test_without_unanswerable_questions_there_are_no_figures_of_refusal() -> None:
    assert not {"refusal_precision", "refusal_recall", "wrong_refusals", "decision", "auroc"} & set(values(a_row()))


def test_without_a_refusal_there_is_no_precision() -> None:
    assert "refusal_precision" not in values(a_row(), a_row(answerable=False))


def test_no_rows_have_no_figures() -> None:
    assert summarise([]) == {}


def test_a_summary_is_the_same_twice() -> None:
    assert summarise(FIVE) == summarise(FIVE)


def test_the_median_of_the_seconds_is_told() -> None:
    assert summarise([a_row(seconds=seconds) for seconds in (1.0, 2.0, 9.0)])["seconds"]["median"] == 2


def test_rows_are_written_as_json() -> None:
    row = json.loads(next(iter(written([a_row(quotes=("«a»", "b"))]))))
    assert (row["quotes"], row["document_rank"], row["first"]) == (["«a»", "b"], 1, True)

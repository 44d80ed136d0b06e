import json
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEmbedder, a_document, fill
from rows import a_row

from documents.errors import BadQuestion
from documents.split import SplitSettings
from index.store import SQLiteStore
from qa.evaluation.gold import read_gold
from qa.evaluation.metrics import evidence_hit
from qa.evaluation.relevant import Relevant
from qa.evaluation.row import Row, row_from, written
from qa.evaluation.run import evaluate
from qa.evaluation.summary import summarise, summarise_groups
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


def values(*rows: Row) -> dict[str, float]:
    return {name: figure["value"] for name, figure in summarise(rows).items()}


def test_every_gold_field_is_read(tmp_path: Path) -> None:
    (gold,) = golds(tmp_path, papers(scope_doc="papers.txt"))
    assert gold.question == Question("travel papers of Somalia", documents=frozenset({"papers.txt"}))
    assert (gold.id, gold.answerable, gold.category) == ("p", True, "factoid")
    assert (gold.answers, gold.documents, gold.evidence) == (("no travel papers",), ("papers",), (PAPERS,))


def test_a_question_with_nothing_that_answers_is_unanswerable_unless_it_says_otherwise(tmp_path: Path) -> None:
    found = golds(
        tmp_path,
        {"question": "a"},
        {"question": "b", "evidence": ["e"]},
        {"question": "c", "answerable": True},
        {"question": "d", "answers": ["12"]},
        {"question": "e", "doc_ids": ["papers"]},
        {"question": "f", "doc_ids": ["papers"], "answerable": False},
    )
    assert [gold.answerable for gold in found] == [False, True, True, True, True, False]


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


def test_a_question_that_names_no_document_is_not_asked_for_one() -> None:
    found = values(a_row(document_rank=1, evidence_rank=1), a_row(documents=(), document_rank=None, evidence_rank=2))
    assert (found["document_recall@1"], found["document_recall@10"]) == (1, 1)
    assert (found["evidence_recall@1"], found["evidence_recall@10"]) == (0.5, 1)


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


def test_a_written_row_is_read_again() -> None:
    row = a_row(quotes=("«a»\u2028", "b"), document_rank=None)
    assert row_from(next(written([row]))) == row


@pytest.mark.parametrize("line", ["{}", "[]", "{", '{"id": "x"}'])
def test_a_line_that_is_no_row_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        row_from(line)


def test_citations_on_paper() -> None:
    # As docs/metrics.md has it: three quotes of which one hits, and one that does not.
    one = a_row(quotes=("a", "b", "c"), supports=(False, True, False), verbatim=(True,) * 3)
    found = values(one, a_row(supports=(False,), first=False, among=False))
    assert (found["quote_support"], found["cited_but_wrong"]) == (1 / 4, 1 / 2)


def test_an_answer_without_support_is_wrong_only_where_it_is_given() -> None:
    found = values(a_row(first=False, among=False, refused=True), a_row(), a_row(answerable=False, refused=False))
    assert found["cited_but_wrong"] == 1 / 2


def test_list_recall_counts_questions_with_several_pieces() -> None:
    found = values(a_row(pieces=(True, False, False, True)), a_row(pieces=(False,)), a_row(pieces=(True, True)))
    assert found["list_recall"] == pytest.approx((1 / 2 + 1) / 2)


def test_rankings_are_averaged_over_answerable_questions() -> None:
    rows = [a_row(passage_gains=(False, True), passages_relevant=1), a_row(), a_row(answerable=False, passage_gains=())]
    found = values(*rows)
    assert found["passage_mrr"] == pytest.approx((1 / 2 + 1) / 2)
    assert found["passage_ndcg@10"] == pytest.approx((1 / np.log2(3) + 1) / 2)


def test_documents_are_judged_where_the_gold_names_some() -> None:
    rows = [a_row(documents=(), document_gains=(False,)), a_row(document_gains=(False, True))]
    assert values(*rows)["document_mrr"] == 1 / 2


def test_evidence_that_no_passage_holds_is_not_found() -> None:
    assert values(a_row(passage_gains=(False,), passages_relevant=0))["passage_ndcg@10"] == 0


def test_the_late_ones_are_told() -> None:
    found = values(*(a_row(seconds=float(seconds)) for seconds in range(101)))
    assert (found["seconds_p50"], found["seconds_p95"]) == (50, 95)


def test_a_row_with_an_error_is_not_counted() -> None:
    assert summarise([a_row(), a_row(error="why", first=False)]) == summarise([a_row()])


def test_results_are_told_by_what_differs() -> None:
    rows = [a_row(category="a"), a_row(category="b", first=False), a_row(category="b", kind="pdf", answerable=False)]
    groups = summarise_groups(rows)
    assert list(groups) == ["category", "kind"]
    assert groups["category"]["b"]["sentence_hit@1"]["value"] == 0
    assert groups["category"]["a"]["decision"]["value"] == 1  # judged, as the whole set has unanswerable questions


def test_a_question_narrowed_to_an_unknown_document_is_an_error_of_its_own(tmp_path: Path, pipeline: Pipeline) -> None:
    bad, good = evaluate(golds(tmp_path, papers(scope_doc="none.txt"), papers(id="2")), pipeline)
    assert "none.txt: no document of this id" in bad.error
    assert (bad.first, bad.quotes, good.error, good.first) == (False, (), "", True)


def test_a_row_holds_what_was_expected_and_given(tmp_path: Path, pipeline: Pipeline) -> None:
    (row,) = evaluate(golds(tmp_path, papers(set="s", lang="en")), pipeline)
    assert (row.set, row.language, row.kind, row.answers) == ("s", "en", "txt", ("no travel papers",))
    assert (row.sources[0], row.supports[0], row.pieces) == ("papers.txt", True, (True,))
    assert (row.passage_gains, row.passages_relevant) == ((True, False), 1)
    assert (row.document_gains, row.documents_relevant) == ((True, False), 1)


def test_relevant_passages_are_those_that_hit_wherever_they_are_ranked(store: SQLiteStore, tmp_path: Path) -> None:
    text = " ".join(f"Sentence {place} tells of matter number {place} and nothing else at all." for place in range(60))
    (gold,) = golds(tmp_path, papers(evidence=["Sentence 3 tells of matter", "Sentence 58 tells of matter"]))
    fill(store, FAKE, a_document(text, "papers.txt"), settings=SplitSettings(max_tokens=60))
    found = Relevant(store, FAKE.dimension).places(gold)
    holding = {
        ("papers.txt", passage.start)
        for passage in (each.passage for each in store.passages(range(1, store.passage_count() + 1)).values())
        if evidence_hit(passage.text, "papers.txt", gold.evidence, gold.documents)
    }
    assert found == holding
    assert len(holding) > 1


def test_where_only_an_answer_is_known_its_words_count(tmp_path: Path, pipeline: Pipeline) -> None:
    (row,) = evaluate(golds(tmp_path, papers(evidence=[])), pipeline)
    assert (row.first, row.evidence_rank) == (True, 1)
    (row,) = evaluate(golds(tmp_path, papers(evidence=[], doc_ids=["bread"])), pipeline)
    assert (row.first, row.evidence_rank) == (False, None)

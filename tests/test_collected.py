"""The gold file that readers fill: evaluate and check-questions read it, and a question stands in it once."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadQuestion
from index.store import SQLiteStore
from qa.evaluation.check import problems, whereabouts
from qa.evaluation.collected import Judged, collect, collected, remove
from qa.evaluation.gold import read_gold
from qa.types import Question, Turn

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
PAPERS = "Somalia gave no travel papers to them."
ASKED = Question(
    "And in 2024?",
    history=(Turn("user", "How many were removed?"),),
    as_of=date(2025, 1, 1),
    documents=frozenset(["papers.txt"]),
)


def test_a_judged_question_is_read_as_it_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    assert collect(path, Judged(ASKED, (("papers.txt", PAPERS),), ("no travel papers",)), NOW) == 1
    (gold,) = read_gold(path)
    assert gold.question == ASKED
    assert (gold.answerable, gold.evidence, gold.documents) == (True, (PAPERS,), ("papers.txt",))
    assert gold.answers == ("no travel papers",)


def test_what_the_documents_do_not_answer_is_kept_as_such(tmp_path: Path) -> None:
    collect(tmp_path / "gold.jsonl", Judged(Question("Why?")), NOW)
    (gold,) = read_gold(tmp_path / "gold.jsonl")
    assert (gold.answerable, gold.evidence) == (False, ())


def test_a_quote_with_an_odd_line_break_is_read_again(tmp_path: Path) -> None:
    quote = "No papers\u2028came, nor\x85did officers."
    collect(tmp_path / "gold.jsonl", Judged(Question("Why?"), (("papers.txt", quote),)), NOW)
    collect(tmp_path / "gold.jsonl", Judged(Question("Who?")), NOW)
    assert [gold.evidence for gold in read_gold(tmp_path / "gold.jsonl")] == [(quote,), ()]


def test_a_question_judged_again_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    collect(path, Judged(ASKED), NOW)
    collect(path, Judged(Question("And in 2024?")), NOW)  # without what went before it is another one
    assert collect(path, Judged(ASKED, (("papers.txt", PAPERS),)), NOW) == 2
    assert [(each.question, each.answerable, each.follows) for each in collected(path)] == [
        ("And in 2024?", False, False),
        ("And in 2024?", True, True),
    ]


def test_a_question_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    collect(path, Judged(ASKED, (("papers.txt", PAPERS),)), NOW)
    collect(path, Judged(Question("Why?")), NOW)
    first = collected(path)[0]
    assert (first.evidence, first.documents) == ((PAPERS,), ("papers.txt",))
    assert remove(path, first.id) == 1
    assert [each.question for each in collected(path)] == ["Why?"]
    with pytest.raises(BadQuestion, match="no such question is collected"):
        remove(path, first.id)


def test_the_file_has_no_problems(tmp_path: Path, store: SQLiteStore) -> None:
    filled = fill(store, WordHashEmbedder(), a_document(PAPERS, "papers.txt"))
    collect(tmp_path / "gold.jsonl", Judged(ASKED, (("papers.txt", PAPERS),)), NOW)
    assert list(problems(tmp_path / "gold.jsonl", filled)) == []


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert collected(tmp_path / "gold.jsonl") == []


@pytest.mark.parametrize("text", ["no json\n", "[]\n", '{"question": "Why?"}\n'])
def test_a_file_that_is_another_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    (tmp_path / "gold.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(BadQuestion, match="move it away"):
        collect(tmp_path / "gold.jsonl", Judged(ASKED), NOW)
    assert (tmp_path / "gold.jsonl").read_text(encoding="utf-8") == text


def test_a_sentence_is_found_in_its_document_or_told_with_the_nearest(store: SQLiteStore) -> None:
    filled = fill(store, WordHashEmbedder(), a_document(f"So it was.\n\n{PAPERS}", "papers.txt"))
    assert whereabouts("Somalia  gave\nno travel papers", filled) == (["papers.txt"], "")
    found, nearest = whereabouts("Somalia gave no traveling papers to them.", filled)
    assert found == []
    assert PAPERS[:-1] in nearest

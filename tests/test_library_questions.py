"""The questions over documents/library: form, mix, and gold evidence that stands in its brief."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from documents.read import documents_in
from qa.evaluation.gold import read_gold

BRIEFS = sorted((Path(__file__).resolve().parent.parent / "documents" / "library").glob("*.md"))
QUESTIONS = Path(__file__).with_name("library_questions.jsonl")
ROWS: list[dict[str, Any]] = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
ANSWERABLE = [row for row in ROWS if row["answerable"]]
DATED = [row for row in ROWS if "as_of" in row]
MIX = [
    (("numeric", "date"), 60),
    (("asof", "conflict"), 30),
    (("list", "comparison"), 30),
    (("followup",), 20),
    (("french",), 20),
    (("unanswerable",), 40),
]
question_by_question = pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
answerable_by_answerable = pytest.mark.parametrize("row", ANSWERABLE, ids=[row["id"] for row in ANSWERABLE])


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {path.name: document.text for path in BRIEFS for document in documents_in(path, path.name)}


def asked(row: dict[str, Any]) -> str:
    """Returns the question with its history, in bare words: a follow-up is only the same after the same turns."""
    return re.sub(r"\W+", " ", f"{row.get('history', '')} {row['question']}".lower()).strip()


def test_the_evaluation_reads_every_question() -> None:
    golds = read_gold(QUESTIONS)
    assert [gold.id for gold in golds] == [row["id"] for row in ROWS]
    assert len(golds) == 200


@pytest.mark.parametrize(("categories", "count"), MIX, ids=["+".join(names) for names, _ in MIX])
def test_the_mix_is_kept(categories: tuple[str, ...], count: int) -> None:
    assert sum(row["category"] in categories for row in ROWS) == count


def test_no_id_stands_twice() -> None:
    assert [each for each, count in Counter(row["id"] for row in ROWS).items() if count > 1] == []


def test_no_question_stands_twice() -> None:
    assert [each for each, count in Counter(map(asked, ROWS)).items() if count > 1] == []


@question_by_question
def test_unanswerable_is_what_has_no_gold(row: dict[str, Any]) -> None:
    assert row["answerable"] == (row["category"] != "unanswerable")
    assert {bool(row[field]) for field in ("answers", "doc_ids", "evidence")} == {row["answerable"]}


@question_by_question
def test_follow_ups_alone_have_a_history(row: dict[str, Any]) -> None:
    assert bool(row.get("history")) == (row["category"] == "followup")


@answerable_by_answerable
def test_the_evidence_stands_in_a_gold_brief(row: dict[str, Any], texts: dict[str, str]) -> None:
    missing = [each for each in row["evidence"] if not any(each in texts[name] for name in row["doc_ids"])]
    assert missing == []


@answerable_by_answerable
def test_each_gold_brief_holds_evidence(row: dict[str, Any], texts: dict[str, str]) -> None:
    assert [name for name in row["doc_ids"] if not any(each in texts[name] for each in row["evidence"])] == []


def test_every_brief_answers_something() -> None:
    assert {path.name for path in BRIEFS} - {name for row in ANSWERABLE for name in row["doc_ids"]} == set()


@pytest.mark.parametrize("row", DATED, ids=[row["id"] for row in DATED])
def test_a_question_about_a_day_can_be_answered_from_what_was_known(row: dict[str, Any]) -> None:
    dated = {path.name: path.read_text(encoding="utf-8").partition("\ndate: ")[2][:10] for path in BRIEFS}
    assert any(dated[name] <= row["as_of"] for name in row["doc_ids"])


def test_french_questions_with_an_english_answer_are_marked() -> None:
    french = {path.name for path in BRIEFS if path.name.endswith(".fr.md")}
    asked_in_french = [row for row in ROWS if row["category"] == "french"]
    assert all(row["language"] == "fr" for row in asked_in_french)
    without = {row["id"] for row in asked_in_french if not french & set(row["doc_ids"])}
    assert without == {row["id"] for row in ROWS if row.get("answer_language") == "en"}
    assert 0 < len(without) < len(asked_in_french) / 2

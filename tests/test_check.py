import json
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadQuestion
from index.store import SQLiteStore
from qa.evaluation.check import problems
from qa.evaluation.problem import LANGUAGES, Problem

ROOT = Path(__file__).resolve().parent.parent
EVIDENCE = "The agency removed 17,357 people in 2024, more than in any of the ten years before."
OTHER = "Bread is baked at night by bakers who sleep by day."


@pytest.fixture
def filled(store: SQLiteStore) -> SQLiteStore:
    report = a_document(f"An annual report.\n\n{EVIDENCE} So it was.", "report.txt")
    return fill(store, WordHashEmbedder(), report, a_document(OTHER, "bread.txt"))


def check(tmp_path: Path, store: SQLiteStore, *rows: dict[str, object]) -> list[Problem]:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return list(problems(path, store))


def gold(**more: object) -> dict[str, object]:
    return {"id": "1", "question": "How many?", "doc_ids": ["report.txt"], "evidence": [EVIDENCE]} | more


@pytest.mark.parametrize(
    "row",
    [
        gold(),
        gold(doc_ids=["report"]),  # the file's name without its suffix
        gold(doc_ids=[]),
        gold(evidence=[EVIDENCE.replace(" ", "\n", 3)]),
        gold(evidence=[EVIDENCE[:40], EVIDENCE[40:]]),
        gold(evidence=[], answers=["17,357"]) | {"answerable": True},
        {"id": "1", "question": "Why?"},
    ],
)
def test_what_is_right_has_no_problem(tmp_path: Path, filled: SQLiteStore, row: dict[str, object]) -> None:
    assert check(tmp_path, filled, row) == []


def test_evidence_not_verbatim_is_told_with_the_nearest(tmp_path: Path, filled: SQLiteStore) -> None:
    (found,) = check(tmp_path, filled, gold(evidence=[EVIDENCE.replace("removed 17,357", "removed 17 357")]))
    assert found.message.startswith(
        "the evidence does not stand word for word in report.txt: The agency removed 17 357"
    )
    assert found.nearest == f"report.txt: {EVIDENCE}"


def test_evidence_is_looked_for_in_all_documents_where_none_is_named(tmp_path: Path, filled: SQLiteStore) -> None:
    (found,) = check(
        tmp_path, filled, gold(doc_ids=[], evidence=["Bread is baked at dawn by bakers who sleep by day."])
    )
    assert "in any document" in found.message
    assert found.nearest.startswith("bread.txt: Bread is baked at night")


def test_evidence_of_another_document_is_told(tmp_path: Path, filled: SQLiteStore) -> None:
    (found,) = check(tmp_path, filled, gold(evidence=[OTHER]))
    assert found.message == f"the evidence stands in bread.txt, not in report.txt: {OTHER}"


@pytest.mark.parametrize("field", ["doc_ids", "scope_doc"])
def test_a_document_that_is_missing_is_told_with_the_nearest(tmp_path: Path, filled: SQLiteStore, field: str) -> None:
    missing = {"doc_ids": ["reports.pdf"]} if field == "doc_ids" else {"scope_doc": "reports.pdf"}
    (found,) = check(tmp_path, filled, gold(**missing))
    assert found.message == "the document reports.pdf is not in the index. Ingest it, or correct its id."
    assert found.nearest == "report.txt"


def test_ids_that_repeat_are_told_from_the_second_on(tmp_path: Path, filled: SQLiteStore) -> None:
    found = check(tmp_path, filled, gold(), gold(id="2"), gold(), gold())
    assert [each.place[-6:] for each in found] == ["line 3", "line 4"]
    assert found[0].message.startswith("the id 1 stands in 3 rows, first in ")


def test_a_row_without_a_question_is_told_and_the_others_are_checked(tmp_path: Path, filled: SQLiteStore) -> None:
    found = check(tmp_path, filled, {"id": "1"}, gold(id="2", doc_ids=["none"]))
    assert found[0].message == 'the row has no "question".'
    assert len(found) == 2


def test_a_row_that_tells_no_answer_is_told(tmp_path: Path, filled: SQLiteStore) -> None:
    (found,) = check(tmp_path, filled, gold(evidence=[], answerable=True))
    assert found.message.startswith("nothing tells a right answer")


def test_evidence_of_what_has_no_answer_is_told(tmp_path: Path, filled: SQLiteStore) -> None:
    (found,) = check(tmp_path, filled, gold(answerable=False))
    assert found.message.startswith("it is said to have no answer")


def test_problems_come_in_the_order_of_the_file(tmp_path: Path, filled: SQLiteStore) -> None:
    found = check(tmp_path, filled, gold(), gold(), {"id": "3"}, gold(id="4", doc_ids=["none"]))
    assert [each.place.rsplit(" ", 1)[-1] for each in found] == ["2", "3", "4"]


def test_a_file_without_rows_says_so(tmp_path: Path, filled: SQLiteStore) -> None:
    with pytest.raises(BadQuestion, match="there are no questions in it"):
        check(tmp_path, filled)


def test_progress_is_told(tmp_path: Path, filled: SQLiteStore) -> None:
    told: list[tuple[int, int]] = []
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(gold(id=str(place))) for place in range(3)), encoding="utf-8")
    assert list(problems(path, filled, on_row=lambda done, total: told.append((done, total)))) == []
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_problem_is_told_before_the_next_row_is_checked(tmp_path: Path, filled: SQLiteStore) -> None:
    checked: list[int] = []
    path = tmp_path / "gold.jsonl"
    path.write_text(
        "\n".join(json.dumps(gold(id=str(place), doc_ids=["none"])) for place in range(3)), encoding="utf-8"
    )
    found = problems(path, filled, on_row=lambda done, total: checked.append(done))
    next(found)
    assert checked == []
    next(found)
    assert checked == [1]


def test_every_row_of_a_table_that_cannot_be_read_is_told(tmp_path: Path, filled: SQLiteStore) -> None:
    path = tmp_path / "gold.csv"
    path.write_text("question,answerable,as_of\nWhy?,perhaps,\nWhen?,,soon\n,no,\nWho?,no,\n", encoding="utf-8")
    assert [(each.row, each.kind) for each in problems(path, filled)] == [
        ("2", "unusable"),
        ("3", "unusable"),
        ("4", "no_question"),
    ]


def test_problems_are_told_in_both_languages(tmp_path: Path, filled: SQLiteStore) -> None:
    rows = [{"id": "0"}, gold(), gold(evidence=[], answerable=True), gold(id="2", answerable=False)]
    rows += [
        gold(id="3", doc_ids=["none"]),
        gold(id="4", evidence=[OTHER]),
        gold(id="5", evidence=["Not here at all."]),
    ]
    rows += [gold(id="6", evidence=["Not here at all."], doc_ids=[]), gold(id="7", as_of="soon")]
    found = check(tmp_path, filled, *rows)
    assert len({each.kind for each in found}) == 9
    for each in found:
        english, french = (each.told(language) for language in LANGUAGES)
        assert english != french
        assert "{" not in french
    assert found[0].told("fr") == "la ligne n’a pas de question."


def test_the_command_tells_each_problem_when_it_is_found_and_claims_nothing_when_it_is_stopped(
    tmp_path: Path, filled: SQLiteStore
) -> None:
    rows = [gold(id=str(place), evidence=[f"{place} {EVIDENCE.lower()}"]) for place in range(5000)]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    command = [sys.executable, "-m", "qa", "check-questions", tmp_path / "gold.jsonl", "--index", tmp_path / "store"]
    with subprocess.Popen(command, cwd=ROOT, stdout=PIPE, stderr=PIPE, encoding="utf-8") as process:
        told = [process.stdout.readline() for _ in range(3)]  # the third is of the second row: the first is checked
        assert "line 1: the evidence does not stand word for word" in told[0]
        process.send_signal(signal.SIGINT)
        complaint = process.communicate()[1]
    assert process.returncode == 130
    assert "of 5000 rows checked" in complaint
    assert complaint.endswith("stopped.\n")

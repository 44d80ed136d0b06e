"""The project's own training questions: that they are sound, and which part of training they belong to."""

import json
from pathlib import Path

import pytest

from documents.language import guess_language
from documents.sentences import sentence_spans
from qa.train_data import Record, document_of, read_sets
from qa.written_data import FOLDER, FRENCH, LAW, NEAR, PAIRS, read_written


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return read_written([])


def a_folder(folder: Path, *, document_id: str = "") -> Path:
    law = {
        "title": "Papers Act",
        "date": "2021-03-15",
        "context": "## Papers\n\nThe chief gives papers within 30 days. No fee is due.",
        "questions": [
            {"question": "How fast?", "evidence": [[11, 49]], "answers": [[41, 48]]},
            {"question": "What does a second paper cost?", "evidence": [], "answers": []},
        ],
    }
    near = {"document_id": document_id, "questions": [{"question": "Who left?", "evidence": [], "answers": []}]}
    pairs = {"document_id": document_id, "questions": [{"question": "Who stayed on?", "evidence": [], "answers": []}]}
    french = {
        "title": "Loi sur les titres",
        "date": "",
        "context": "Le titre est remis sans frais.",
        "questions": [{"question": "Combien coûte un titre ?", "evidence": [[0, 30]], "answers": []}],
    }
    for name, row in ((LAW, law), (FRENCH, french), (NEAR, near), (PAIRS, pairs)):
        (folder / f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    return folder


def test_a_text_has_its_questions_with_and_without_an_answer(tmp_path: Path) -> None:
    answered, missed, _ = read_written([], a_folder(tmp_path))
    start, end = answered.right[0]
    assert answered.context[start:end] == "The chief gives papers within 30 days."
    assert [answered.context[slice(*span)] for span in answered.answers] == ["30 days"]
    assert (missed.right, missed.answers) == ((), ())
    assert (answered.set, answered.title, answered.date) == (LAW, "Papers Act", "2021-03-15")


def test_a_written_text_is_read_with_its_headings_and_its_date(tmp_path: Path) -> None:
    document = document_of(read_written([], a_folder(tmp_path))[0])
    assert [document.text[each.start : each.end] for each in document.headings] == ["Papers"]
    assert document.info.date == "2021-03-15"


@pytest.mark.parametrize(("name", "question"), [(NEAR, "Who left?"), (PAIRS, "Who stayed on?")])
def test_a_near_miss_takes_its_context_from_the_sets(tmp_path: Path, name: str, question: str) -> None:
    held = Record("Who came?", "A house", "Anna came. Bert stayed.", ((0, 10),), (), "one")
    records = read_written([held], a_folder(tmp_path, document_id=held.document_id))
    assert [(each.question, each.context, each.title, each.set) for each in records if each.set == name] == [
        (question, held.context, held.title, name)
    ]


def test_a_near_miss_without_its_context_is_left_out(tmp_path: Path) -> None:
    assert {each.set for each in read_written([], a_folder(tmp_path, document_id="gone"))} == {LAW, FRENCH}


def test_french_texts_are_in_french(records: list[Record]) -> None:
    french = {record.context for record in records if record.set == FRENCH}
    assert len(french) > 200
    assert {guess_language(context) for context in french} == {"fr"}


def test_every_answer_stands_in_a_sentence_of_its_text(records: list[Record]) -> None:
    for record in records:
        spans = set(sentence_spans(record.context))
        assert set(record.right) <= spans, record.question
        for start, end in record.answers:
            assert any(low <= start < end <= high for low, high in record.right), record.question


def test_no_question_is_asked_twice_of_a_text(records: list[Record]) -> None:
    asked = [(record.document_id, record.question.lower()) for record in records]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("name", [LAW, FRENCH])
def test_a_fair_part_of_the_questions_has_no_answer(records: list[Record], name: str) -> None:
    answered = [bool(record.right) for record in records if record.set == name]
    assert 0.25 < 1 - sum(answered) / len(answered) < 0.45


@pytest.mark.parametrize("name", [NEAR, PAIRS])
def test_every_near_miss_has_its_context_in_the_training_sets(shared: Path, name: str) -> None:
    sets = {"squad_sent": 10**6, "nq_gold": 10**6, "qed_nq": 10**6, "selqa": 10**6}
    known = {record.document_id for record in read_sets(shared / "train", seed=0, sets=sets)}
    rows = map(json.loads, (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    assert {row["document_id"] for row in rows} <= known

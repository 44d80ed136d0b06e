import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadQuestion, StoreUnreachable
from index.store import SQLiteStore
from index.types import Vectors
from qa.batch import answer_row, run_batch
from qa.pipeline import Pipeline, Settings

FAKE = WordHashEmbedder()
KEYS = (
    "id question standalone_question status answer confidence citations disagreement passages further undated seconds "
    "error"
).split()
CITATION_KEYS = (
    "marker document_id title date page start end quote lead_ins words kind language collection older ocr poorly_read"
).split()
PASSAGE_KEYS = "rank document_id start end text score".split()


@pytest.fixture
def pipeline(store: SQLiteStore) -> Pipeline:
    documents = [
        a_document(
            "Somalia gave no papers.",
            "a.txt",
            title="Papers",
            day="2025-08-02",
            page_starts=[0],
            kind="press",
            collection="Acts",
        ),
        a_document("=Bread is baked.", "b.txt"),
    ]
    return Pipeline(fill(store, FAKE, *documents), FAKE, Settings(refuse="never"))


def answered(tmp_path: Path, pipeline: Pipeline, rows: str, suffix: str = ".jsonl") -> tuple[int, str]:
    (tmp_path / "questions.jsonl").write_text(rows, encoding="utf-8")
    errors = run_batch(tmp_path / "questions.jsonl", tmp_path / f"answers{suffix}", pipeline)
    return errors, (tmp_path / f"answers{suffix}").read_bytes().decode("utf-8-sig")


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_row_has_exactly_these_keys_in_this_order(tmp_path: Path, pipeline: Pipeline) -> None:
    _, text = answered(tmp_path, pipeline, '{"question": "papers of Somalia"}\n')
    (row,) = objects(text)
    assert list(row) == KEYS
    assert list(row["citations"][0]) == CITATION_KEYS
    assert list(row["passages"][0]) == PASSAGE_KEYS


def test_an_error_row_has_the_same_keys(tmp_path: Path, pipeline: Pipeline) -> None:
    _, text = answered(tmp_path, pipeline, '{"id": "x"}\n')
    (row,) = objects(text)
    assert list(row) == KEYS
    seconds = row.pop("seconds")
    assert seconds >= 0
    assert row == {
        "id": "x",
        "question": None,
        "standalone_question": None,
        "status": "error",
        "answer": "",
        "confidence": None,
        "citations": [],
        "disagreement": [],
        "passages": [],
        "further": [],
        "undated": 0,
        "error": 'line 1: the row has no "question".',
    }


def test_a_citation_says_where_the_quote_stands(pipeline: Pipeline) -> None:
    row = answer_row({"question": "papers of Somalia"}, 1, pipeline)
    assert row["citations"][0] == {
        "marker": 1,
        "document_id": "a.txt",
        "title": "Papers",
        "date": "2025-08-02",
        "page": 1,
        "start": 0,
        "end": 23,
        "quote": "Somalia gave no papers.",
        "lead_ins": [],
        "words": {"start": 13, "end": 22},  # "no papers"
        "kind": "press",
        "language": "en",
        "collection": "Acts",
        "older": [],
        "ocr": None,
        "poorly_read": False,
    }


def test_a_passage_says_what_was_read(pipeline: Pipeline) -> None:
    row = answer_row({"question": "papers of Somalia"}, 1, pipeline)
    first = row["passages"][0]
    assert (first["rank"], first["document_id"], first["start"], first["end"]) == (1, "a.txt", 0, 23)
    assert first["text"] == "Somalia gave no papers."


def test_figures_that_differ_point_to_their_citations(store: SQLiteStore) -> None:
    documents = [
        a_document("The agency removed 500 people.", "a.txt", day="2025-01-15"),
        a_document("The agency removed 700 people.", "b.txt", day="2025-06-30"),
    ]
    pipeline = Pipeline(fill(store, FAKE, *documents), FAKE, Settings(refuse="never"))
    row = answer_row({"question": "How many people did the agency remove?"}, 1, pipeline)
    assert row["disagreement"] == [
        {"said_of": "As of 30 June 2025", "date": "2025-06-30", "value": "700 people", "markers": [1]},
        {"said_of": "As of 15 January 2025", "date": "2025-01-15", "value": "500 people", "markers": [2]},
    ]
    assert [each["document_id"] for each in row["citations"]] == ["b.txt", "a.txt"]


def test_what_stands_below_the_answer_is_told_by_its_markers(store: SQLiteStore) -> None:
    texts = {"a": "Somalia gave no papers.", "b": "Guinea gave papers late.", "c": "Somalia gave papers late."}
    documents = [a_document(text, name) for name, text in texts.items()]
    pipeline = Pipeline(fill(store, FAKE, *documents), FAKE, Settings(refuse="never"))
    row = answer_row({"question": "What did Somalia give?"}, 1, pipeline)
    assert row["further"] == list(range(2, len(row["citations"]) + 1)) != []
    several = answer_row({"question": "Which papers did Somalia give?"}, 1, pipeline)
    assert (several["further"], len(several["citations"]) > 1) == ([], True)


def test_bad_rows_keep_their_place(tmp_path: Path, pipeline: Pipeline) -> None:
    rows = '{"question": "papers"}\nnot JSON\n\n{"question": ""}\n{"id": "z", "question": "bread"}\n'
    errors, text = answered(tmp_path, pipeline, rows)
    assert errors == 2
    assert [(row["id"], row["status"]) for row in objects(text)] == [
        (1, "answered"),
        (2, "error"),
        (4, "error"),
        ("z", "answered"),
    ]


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"question": "x" * 100_000}, "100,000 characters"),
        ({"question": "Who?", "documents": ["none.txt"]}, "none.txt: no document of this id"),
        ({"question": "Who?", "as_of": "soon"}, "line 5: 'soon' is not a date"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(pipeline: Pipeline, row: dict[str, Any], error: str) -> None:
    result = answer_row(row, 5, pipeline)
    assert result["status"] == "error"
    assert error in result["error"]


def test_a_refusal_has_its_own_status(store: SQLiteStore) -> None:
    pipeline = Pipeline(fill(store, FAKE, a_document("Somalia gave no papers.")), FAKE, Settings(refuse="careful"))
    row = answer_row({"question": "When is bread baked?"}, 1, pipeline)
    assert (row["status"], row["citations"], row["error"]) == ("refused", [], None)
    assert len(row["passages"]) == 1


@pytest.mark.parametrize("identity", [0, "0", False, 7, "a b", ["x"]])
def test_an_id_comes_back_as_it_was_given(pipeline: Pipeline, identity: object) -> None:
    assert answer_row({"id": identity, "question": "papers"}, 3, pipeline)["id"] == identity


@pytest.mark.parametrize(
    "row", [{"question": "papers"}, {"id": None, "question": "papers"}, {"id": "", "question": "x"}]
)
def test_without_an_id_the_line_number_stands_for_it(pipeline: Pipeline, row: dict[str, Any]) -> None:
    assert answer_row(row, 3, pipeline)["id"] == 3


def test_answers_can_be_written_as_csv(tmp_path: Path, pipeline: Pipeline) -> None:
    _, text = answered(tmp_path, pipeline, '{"question": "papers, of Somalia"}\n{"id": 2}\n', ".csv")
    one, two = csv.DictReader(io.StringIO(text, newline=""))
    assert list(one) == KEYS
    assert (one["question"], one["status"], one["error"]) == ("papers, of Somalia", "answered", "")
    assert json.loads(one["citations"])[0]["quote"] == "Somalia gave no papers."
    assert (two["status"], two["confidence"]) == ("error", "")


@pytest.mark.parametrize("question", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_a_csv_file_is_run_as_a_formula(tmp_path: Path, pipeline: Pipeline, question: str) -> None:
    _, text = answered(tmp_path, pipeline, json.dumps({"id": question, "question": question}), ".csv")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["question"] == row["id"] == "'" + question


def test_a_quoted_formula_is_harmless_too(tmp_path: Path, pipeline: Pipeline) -> None:
    _, text = answered(tmp_path, pipeline, '{"question": "bread is baked"}', ".csv")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["answer"].startswith("'=Bread")


def test_a_jsonl_file_keeps_text_as_it_is(tmp_path: Path, pipeline: Pipeline) -> None:
    _, text = answered(tmp_path, pipeline, '{"question": "=bread «où» \\u2028?"}')
    assert json.loads(text)["question"] == "=bread «où» \u2028?"
    assert text.count("\n") == 1


def test_half_a_character_spoils_only_its_row(tmp_path: Path, pipeline: Pipeline) -> None:
    errors, _ = answered(tmp_path, pipeline, '{"question": "papers \\ud83d?"}\n{"question": "papers"}\n')
    assert errors == 1


def test_the_questions_are_not_overwritten(tmp_path: Path, pipeline: Pipeline) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "papers"}')
    with pytest.raises(BadQuestion, match="would overwrite the questions"):
        run_batch(path, tmp_path / "x" / ".." / "questions.jsonl", pipeline)
    assert path.read_text() == '{"question": "papers"}'


def test_another_kind_of_answer_file_is_refused(tmp_path: Path, pipeline: Pipeline) -> None:
    with pytest.raises(BadQuestion, match=r"answer files are \.jsonl, \.csv, \.xlsx or \.docx"):
        run_batch(tmp_path / "questions.jsonl", tmp_path / "answers.pdf", pipeline)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff"])
def test_questions_that_cannot_be_read_leave_no_answer_file(tmp_path: Path, pipeline: Pipeline, data: bytes) -> None:
    (tmp_path / "questions.jsonl").write_bytes(data)
    with pytest.raises(BadQuestion):
        run_batch(tmp_path / "questions.jsonl", tmp_path / "answers.jsonl", pipeline)
    assert not (tmp_path / "answers.jsonl").exists()


def test_an_answer_file_that_cannot_be_written_is_an_error_for_the_user(tmp_path: Path, pipeline: Pipeline) -> None:
    (tmp_path / "questions.jsonl").write_text('{"question": "papers"}')
    with pytest.raises(BadQuestion):
        run_batch(tmp_path / "questions.jsonl", tmp_path / "none" / "answers.jsonl", pipeline)


def test_every_row_is_told_when_it_is_written(tmp_path: Path, pipeline: Pipeline) -> None:
    (tmp_path / "questions.jsonl").write_text('{"question": "papers"}\n{}\n')
    told: list[tuple[int, int, int]] = []
    answers = tmp_path / "answers.jsonl"
    run_batch(
        tmp_path / "questions.jsonl",
        answers,
        pipeline,
        on_row=lambda done, errors: told.append((done, errors, len(answers.read_text().splitlines()))),
    )
    assert told == [(1, 0, 1), (2, 1, 2)]


def test_an_index_that_goes_away_ends_the_run_and_makes_no_bad_rows(tmp_path: Path, pipeline: Pipeline) -> None:
    class Away(WordHashEmbedder):
        def embed_questions(self, texts: Sequence[str]) -> Vectors:
            raise StoreUnreachable("The server does not answer.")

    (tmp_path / "questions.jsonl").write_text('{"question": "papers of Somalia"}\n', encoding="utf-8")
    away = Pipeline(pipeline.store, Away(), pipeline.settings)
    with pytest.raises(StoreUnreachable):
        run_batch(tmp_path / "questions.jsonl", tmp_path / "answers.jsonl", away)
    assert (tmp_path / "answers.jsonl").read_text(encoding="utf-8") == ""

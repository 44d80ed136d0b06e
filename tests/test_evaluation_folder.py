import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadSetting
from index.store import SQLiteStore
from qa.evaluation.folder import RESULTS, Run, read_run, record, run_of
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.row import Row
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings

FAKE = WordHashEmbedder()
PAPERS = "Somalia gave no travel papers to them."


@pytest.fixture
def pipeline(store: SQLiteStore) -> Pipeline:
    settings = Settings(rerank=RerankSettings(read=False))
    return Pipeline(fill(store, FAKE, a_document(PAPERS, "papers.txt")), FAKE, settings)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "q.jsonl"
    rows = [
        {"id": str(place), "question": f"travel papers {place}", "doc_ids": ["papers"], "evidence": [PAPERS]}
        for place in range(6)
    ]
    rows[3]["scope_doc"] = "none.txt"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def a_run(questions: Path, pipeline: Pipeline, refuse: str = "balanced") -> tuple[list[GoldQuestion], Run]:
    golds = read_gold(questions)
    now = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
    return golds, run_of(questions, len(golds), pipeline, refuse=refuse, index=Path("store"), now=now)


def stopped_after(done: int, questions: Path, pipeline: Pipeline, folder: Path) -> None:
    """Records a run that the user stops."""

    def stop(count: int) -> None:
        if count == done:
            raise KeyboardInterrupt

    golds, run = a_run(questions, pipeline)
    with pytest.raises(KeyboardInterrupt):
        record(golds, pipeline, run, folder, on_row=stop)


def timeless(rows: list[Row]) -> list[dict[str, object]]:
    return [{field: getattr(row, field) for field in Row.__slots__ if field != "seconds"} for row in rows]


def test_a_recorded_run_is_read_again(tmp_path: Path, questions: Path, pipeline: Pipeline) -> None:
    golds, run = a_run(questions, pipeline)
    rows = record(golds, pipeline, run, tmp_path / "out")
    assert read_run(tmp_path / "out").run == run
    assert read_run(tmp_path / "out").rows == rows
    assert (run.began, run.count, run.rerank) == ("2026-01-31 12:00 UTC", 6, False)


@pytest.mark.parametrize("done", [0, 1, 4, 6])
def test_what_was_done_is_kept_and_gone_on_with(tmp_path: Path, questions: Path, pipeline: Pipeline, done: int) -> None:
    golds, run = a_run(questions, pipeline)
    whole = record(golds, pipeline, run, tmp_path / "whole")
    stopped_after(done, questions, pipeline, tmp_path / "out")
    kept = read_run(tmp_path / "out").rows
    assert len(kept) == done
    told: list[int] = []
    rows = record(golds, pipeline, run, tmp_path / "out", resume=True, on_row=told.append)
    assert rows[:done] == kept
    assert told == list(range(done, 7))
    assert timeless(rows) == timeless(whole) == timeless(read_run(tmp_path / "out").rows)


def test_a_line_that_was_cut_off_is_written_anew(tmp_path: Path, questions: Path, pipeline: Pipeline) -> None:
    stopped_after(3, questions, pipeline, tmp_path / "out")
    path = tmp_path / "out" / RESULTS
    path.write_bytes(path.read_bytes()[:-20])
    golds, run = a_run(questions, pipeline)
    rows = record(golds, pipeline, run, tmp_path / "out", resume=True)
    assert [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()] == list("012345")
    assert len(rows) == 6


def test_a_run_is_not_written_over(tmp_path: Path, questions: Path, pipeline: Pipeline) -> None:
    golds, run = a_run(questions, pipeline)
    rows = record(golds, pipeline, run, tmp_path / "out")
    with pytest.raises(BadSetting, match="an evaluation is here already"):
        record(golds, pipeline, run, tmp_path / "out")
    assert read_run(tmp_path / "out").rows == rows


def test_a_run_goes_on_with_the_same_settings_only(tmp_path: Path, questions: Path, pipeline: Pipeline) -> None:
    stopped_after(2, questions, pipeline, tmp_path / "out")
    golds, run = a_run(questions, pipeline, refuse="eager")
    with pytest.raises(BadSetting, match="had other settings: --refuse changed since"):
        record(golds, pipeline, run, tmp_path / "out", resume=True)


def test_a_run_goes_on_with_the_same_questions_and_documents_only(
    tmp_path: Path, questions: Path, pipeline: Pipeline, store: SQLiteStore
) -> None:
    stopped_after(2, questions, pipeline, tmp_path / "out")
    questions.write_text(questions.read_text().replace("papers 5", "paper 5"))
    fill(store, FAKE, a_document("More.", "more.txt"))
    golds, run = a_run(questions, pipeline)
    with pytest.raises(BadSetting, match="had other settings: the questions, the index changed since"):
        record(golds, pipeline, run, tmp_path / "out", resume=True)


def test_to_go_on_with_nothing_is_to_begin(tmp_path: Path, questions: Path, pipeline: Pipeline) -> None:
    golds, run = a_run(questions, pipeline)
    assert len(record(golds, pipeline, run, tmp_path / "out", resume=True)) == 6


def test_a_question_that_cannot_be_asked_has_its_row(tmp_path: Path, questions: Path, pipeline: Pipeline) -> None:
    golds, run = a_run(questions, pipeline)
    errors = [row.error for row in record(golds, pipeline, run, tmp_path / "out")]
    assert [place for place, error in enumerate(errors) if error] == [3]


def test_a_folder_without_a_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="there is no evaluation here"):
        read_run(tmp_path)


@pytest.mark.parametrize(("name", "text"), [("run.json", "{}"), ("run.json", "{"), (RESULTS, '{"id": "x"}\n')])
def test_a_damaged_run_says_so(tmp_path: Path, questions: Path, pipeline: Pipeline, name: str, text: str) -> None:
    golds, run = a_run(questions, pipeline)
    record(golds, pipeline, run, tmp_path / "out")
    (tmp_path / "out" / name).write_text(text)
    with pytest.raises(BadSetting, match=name):
        read_run(tmp_path / "out")

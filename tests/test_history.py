"""The runs that are kept: moved there whole, read in the order in which they were finished."""

from datetime import UTC, datetime
from pathlib import Path

from fakes import WordHashEmbedder, a_document, fill

from index.store import SQLiteStore
from qa.evaluation.folder import REPORT, record, run_of
from qa.evaluation.gold import read_gold
from qa.evaluation.history import keep_run, past_runs
from qa.evaluation.publish import publish
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings

PAPERS = "Somalia gave no travel papers to them."
NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def recorded(tmp_path: Path, store: SQLiteStore, name: str) -> Path:
    path = tmp_path / f"{name}.csv"
    path.write_text(f"question,evidence\nwhich papers,{PAPERS}\n", encoding="utf-8")
    documents = fill(store, WordHashEmbedder(), a_document(PAPERS, "papers.txt"))
    pipeline = Pipeline(documents, WordHashEmbedder(), Settings(rerank=RerankSettings(read=False)))
    golds = read_gold(path)
    run = run_of(path, len(golds), pipeline, refuse="balanced", index=tmp_path, now=NOW)
    publish(run, record(golds, pipeline, run, tmp_path / name), tmp_path / name)
    return tmp_path / name


def test_runs_are_kept_whole_and_in_order(tmp_path: Path, store: SQLiteStore) -> None:
    runs = tmp_path / "evaluations"
    assert past_runs(runs) == []
    names = [keep_run(recorded(tmp_path, store, each), runs, NOW) for each in ("a", "b")]
    names.append(keep_run(recorded(tmp_path, store, "c"), runs, NOW.replace(year=2025)))
    found = past_runs(runs)
    assert [each.name for each in found] == [names[2], names[0], names[1]]
    assert [each.run.questions for each in found] == ["c.csv", "a.csv", "b.csv"]
    assert (found[0].asked, found[0].errors, sum(found[0].failures.values())) == (1, 0, 1)
    assert found[0].figures["sentence_hit@1"]["n"] == 1
    assert (runs / names[0] / REPORT).is_file()
    assert not (tmp_path / "a").exists()


def test_a_damaged_or_unfinished_run_is_left_out(tmp_path: Path, store: SQLiteStore) -> None:
    runs = tmp_path / "evaluations"
    name = keep_run(recorded(tmp_path, store, "a"), runs, NOW)
    (runs / "20260101-000000-1").mkdir()
    (runs / name / "summary.json").write_text("{", encoding="utf-8")
    assert past_runs(runs) == []

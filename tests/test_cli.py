"""The real command, run as a user runs it. One small index serves the whole file."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.store import SQLiteStore

REPORT = (
    "Canada removed 17,357 people in 2024. Most of them had lost a refugee claim.\n\n"
    "Somalia would not issue a travel document, an official wrote."
)
HEAVY = ("torch", "faiss", "sentence_transformers", "gradio", "transformers", "numpy", "nupunkt", "pymilvus")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parent.parent
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONWARNINGS": ""}
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8", timeout=300)


def read(*arguments: object) -> Any:
    """Returns the JSON that a command prints."""
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def message_of(*arguments: object) -> str:
    """Returns what a command says when it fails for a reason the user can mend."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "docs"
    folder.mkdir()
    (folder / "report.txt").write_text(f"Removals rise\n2 August 2025\n\n{REPORT}\n", encoding="utf-8")
    (folder / "bread.md").write_text("# Bread\n\nBread is baked at night.\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ingested(folder: Path) -> subprocess.CompletedProcess[str]:
    return run("ingest", folder, "--index", folder.parent / "index")


@pytest.fixture(scope="module")
def index(folder: Path, ingested: subprocess.CompletedProcess[str]) -> Path:
    assert ingested.returncode == 0, ingested.stderr
    return folder.parent / "index"


def test_ingest_sums_up_on_standard_output(ingested: subprocess.CompletedProcess[str]) -> None:
    assert ingested.stdout == "2 added, 0 unchanged; the index holds 2 documents in 2 passages\n"


def test_ingest_says_nothing_else(ingested: subprocess.CompletedProcess[str]) -> None:
    assert ingested.stderr == ""


def test_ingest_again_finds_nothing_new(folder: Path, index: Path) -> None:
    assert run("ingest", folder, "--index", index).stdout.startswith("0 added, 2 unchanged;")


def test_ingest_tells_every_file_as_json(folder: Path, index: Path) -> None:
    expected: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": ["bread.md", "report.txt"], "same": []}
    expected |= {"relabelled": [], "removed": [], "skipped": [], "failed": [], "unread_pages": []}
    assert read("ingest", folder, "--index", index) == expected


def test_a_skipped_file_is_named_and_changes_the_exit_status(index: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "drawing.dwg").write_bytes(b"AC1015")
    done = run("ingest", tmp_path / "docs", "--index", shutil.copytree(index, tmp_path / "index"))
    assert done.returncode == 1
    assert "skipped: drawing.dwg: no reader for .dwg" in done.stderr
    assert "1 skipped" in done.stdout


def test_ask_prints_the_same_bytes_twice(index: Path) -> None:
    question = ("ask", "How many people did Canada remove in 2024?", "--index", index, "--refuse", "never", "--json")
    one, two = run(*question), run(*question)
    assert one.stdout == two.stdout
    assert one.stderr == two.stderr == ""
    answer = json.loads(one.stdout)
    assert (
        list(answer)
        == (
            "question standalone_question status answer confidence citations disagreement passages further undated"
        ).split()
    )
    assert answer["citations"][0]["quote"] == "Canada removed 17,357 people in 2024."
    assert (answer["citations"][0]["document_id"], answer["citations"][0]["date"]) == ("report.txt", "2025-08-02")


def test_ask_prints_quotes_with_markers_and_where_they_stand(index: Path) -> None:
    done = run("ask", "Who would not issue a travel document?", "--index", index, "--refuse", "never")
    assert done.returncode == 0
    start = f"Removals rise\n2 August 2025\n\n{REPORT}".index("Somalia")
    assert "Somalia would not issue a travel document, an official wrote. [1]" in done.stdout
    assert f"[1] Removals rise, 2025-08-02  report.txt:{start}-{start + 61}" in done.stdout


def test_a_refusal_is_no_error_and_shows_the_closest_passages(index: Path) -> None:
    done = run("ask", "What is the capital of Mongolia?", "--index", index, "--refuse", "careful")
    assert done.returncode == 0
    assert done.stdout.startswith("The documents do not answer this question.")
    assert "The closest passages, which may not answer:\n  - " in done.stdout


def test_search_prints_passages_best_first(index: Path) -> None:
    found = read("search", "When is bread baked?", "--index", index, "--passages", 1, "--as-of", "2026-01-01")
    assert [(each["rank"], each["document_id"]) for each in found] == [(1, "report.txt")]  # bread has no date
    assert list(found[0]) == "rank document_id start end text score".split()


def test_batch_answers_a_file_and_its_status_tells_of_errors(index: Path, tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text("id;question\nb;When is bread baked?\nx;\n", encoding="utf-8-sig")
    done = run("batch", tmp_path / "q.csv", "-o", tmp_path / "a.jsonl", "--index", index, "--refuse", "never")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["status"]) for row in rows] == [("b", "answered"), ("x", "error")]
    assert (done.returncode, done.stdout) == (1, "")
    assert "2 questions answered" in done.stderr
    assert "1 of them with an error" in done.stderr


def test_evaluate_prints_figures_and_writes_every_row(index: Path, tmp_path: Path) -> None:
    gold = {"id": "1", "question": "When is bread baked?", "answers": ["at night"], "doc_ids": ["bread"]}
    gold |= {"evidence": ["Bread is baked at night."], "answerable": True}
    (tmp_path / "q.jsonl").write_text(json.dumps(gold) + "\n")
    done = run("evaluate", tmp_path / "q.jsonl", "--index", index, "--json", tmp_path / "report.json")
    assert done.returncode == 0
    assert "sentence_hit@1            1.000  [1.000, 1.000]  n=1" in done.stdout
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert list(report) == ["questions", "refuse", "summary", "rows"]
    assert report["rows"][0]["quotes"][0] == "Bread is baked at night."


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gold") / "gold.csv"
    rows = ["When is bread baked?,at night,bread,Bread is baked at night.", "Who is the king of Mongolia?,,,"]
    path.write_text("\n".join(["question,answer,document,evidence", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def reported(index: Path, gold: Path) -> Path:
    """A folder with the report of an evaluation."""
    done = run("evaluate", gold, "--index", index, "--report", gold.parent / "out", "--refuse", "eager")
    assert (done.returncode, done.stderr) == (0, f"Report: {gold.parent / 'out' / 'report.html'}\n")
    return gold.parent / "out"


def test_evaluate_writes_a_report_and_every_result(reported: Path) -> None:
    assert {path.name for path in reported.iterdir()} == {"run.json", "results.jsonl", "summary.json", "report.html"}
    summary = json.loads((reported / "summary.json").read_text(encoding="utf-8"))
    assert (summary["run"]["questions"], summary["run"]["refuse"], summary["asked"]) == ("gold.csv", "eager", 2)
    assert summary["figures"]["sentence_hit@1"]["value"] == 1
    assert "When is bread baked?" in (reported / "report.html").read_text(encoding="utf-8")


def test_evaluate_goes_on_where_it_was_stopped(index: Path, gold: Path, reported: Path, tmp_path: Path) -> None:
    out = shutil.copytree(reported, tmp_path / "out")
    results = (out / "results.jsonl").read_bytes()
    (out / "results.jsonl").write_bytes(results[: results.index(b"\n") + 30])
    again = ("evaluate", gold, "--index", index, "--report", out)
    assert "an evaluation is here already. Go on with it: add --resume" in message_of(*again, "--refuse", "eager")
    assert "--refuse changed since" in message_of(*again, "--resume")
    assert run(*again, "--refuse", "eager", "--resume").returncode == 0
    lines = (out / "results.jsonl").read_bytes().splitlines()
    assert (len(lines), lines[0]) == (2, results.splitlines()[0])


def test_a_gate_that_is_missed_changes_the_exit_status(index: Path, gold: Path, tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text('[promised]\n"sentence_hit@1" = 1.0\nquote_characters = 3\n', encoding="utf-8")
    done = run("evaluate", gold, "--index", index, "--gate", tmp_path / "gate.toml")
    assert done.returncode == 1
    assert "missed: quote_characters is" in done.stderr
    assert "3.000 is promised" in done.stderr
    assert "sentence_hit@1 is" not in done.stderr


def test_compare_sets_two_runs_side_by_side(reported: Path, tmp_path: Path) -> None:
    done = run("compare", reported, reported, "--html", tmp_path / "compare.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Compared on 2 questions that both runs asked.\n")
    assert "right decision: 0 won, 0 lost; McNemar's exact p = 1.0000" in done.stdout
    assert "What changed: gold.csv" in (tmp_path / "compare.html").read_text(encoding="utf-8")
    assert "there is no evaluation here" in message_of("compare", reported, tmp_path)


@pytest.mark.parametrize("command", [("evaluate", "q.jsonl", "--json"), ("compare", "a", "b", "--html")])
def test_a_file_that_cannot_be_written_at_the_end_is_told_before_the_work(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    done = run(*command, tmp_path / "missing" / "out")
    assert done.returncode == 2
    assert f"{tmp_path / 'missing'} is no folder: make it first" in done.stderr
    assert "is a folder: name a file in it" in run(*command, tmp_path).stderr


def test_check_questions_tells_what_is_wrong(index: Path, gold: Path, tmp_path: Path) -> None:
    done = run("check-questions", gold, "--index", index)
    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing is wrong" in done.stderr
    (tmp_path / "bad.csv").write_text("question,evidence,document\nWhen?,Bread was baked at night.,bread\n")
    done = run("check-questions", tmp_path / "bad.csv", "--index", index)
    assert done.returncode == 1
    assert "row 2: the evidence does not stand word for word in bread.md" in done.stdout
    assert "  nearest: bread.md: Bread is baked at night." in done.stdout
    (found,) = json.loads(run("check-questions", tmp_path / "bad.csv", "--index", index, "--json").stdout)
    assert list(found) == ["place", "id", "message", "nearest"]


def test_documents_are_listed(index: Path) -> None:
    assert run("documents", "list", "--index", index).stdout.splitlines() == [
        "-               1 passages  bread.md  Bread",
        "2025-08-02      1 passages  report.txt  Removals rise",
    ]


def test_documents_are_listed_as_json(index: Path) -> None:
    listed = read("documents", "list", "--index", index)
    assert listed[1] == {
        "id": "report.txt",
        "title": "Removals rise",
        "date": "2025-08-02",
        "date_source": "date line",
        "date_reason": "",
        "date_sure": True,
        "language": "en",
        "source": "",
        "url": "",
        "kind": "",
        "collection": "",
        "also": [],
        "redactions": 0,
        "unread_pages": [],
        "ocr": [],
        "poor_pages": [],
        "cells": 0,
        "empty_cells": 0,
        "passages": 1,
    }


def test_a_document_is_shown_with_its_text(index: Path) -> None:
    shown = read("documents", "show", "report.txt", "--index", index)
    assert REPORT in shown["text"]
    assert shown["characters"] == len(shown["text"])
    assert run("documents", "show", "report.txt", "--index", index).stdout.startswith("id: report.txt\n")


@pytest.fixture
def edited(index: Path, tmp_path: Path) -> Path:
    """A copy of the index, with the report's kind and collection corrected."""
    copy = shutil.copytree(index, tmp_path / "index")
    done = run("documents", "edit", "report.txt", "--kind", "presse", "--collection", "News", "--index", copy)
    assert (done.returncode, done.stdout) == (0, "report.txt: kind, collection corrected\n"), done.stderr
    return copy


def test_a_document_is_corrected_and_reset(edited: Path) -> None:
    assert "corrected: kind, collection\n" in run("documents", "show", "report.txt", "--index", edited).stdout
    (reset,) = read("documents", "edit", "report.txt", "--reset", "--title", "Rise", "--index", edited)
    assert (reset["kind"], reset["collection"], reset["title"]) == ("", "", "Rise")


def test_a_correction_of_nothing_is_told(index: Path) -> None:
    assert message_of("documents", "edit", "report.txt", "--index", index).startswith("Nothing to correct.")


def test_documents_are_listed_by_kind(edited: Path) -> None:
    done = run("documents", "list", "--kind", "press", "--index", edited)
    assert done.stdout == "2025-08-02      1 passages  report.txt  Removals rise  (press, News)\n"


def test_a_search_is_narrowed_by_kind_language_and_collection(edited: Path) -> None:
    for narrowed, expected in (
        (("--kind", "press"), ["report.txt"]),
        (("--kind", "unknown"), ["bread.md"]),
        (("--collection", "News"), ["report.txt"]),
        (("--language", "fr"), []),
    ):
        found = read("search", "bread", *narrowed, "--no-rerank", "--index", edited)
        assert [each["document_id"] for each in found] == expected


def test_an_answer_says_the_kind_and_collection_of_its_source(edited: Path) -> None:
    done = run("ask", "How many people did Canada remove in 2024?", "--kind", "press", "--index", edited)
    assert "[1] Removals rise, 2025-08-02, press, News  report.txt:" in done.stdout


def test_an_unknown_kind_is_told_with_the_known_ones(index: Path) -> None:
    message = message_of("ask", "Who?", "--kind", "memo", "--index", index)
    assert message.startswith("removals-qa: 'memo' is no kind of document. Known are statute, regulation,")


def test_documents_are_removed_and_unknown_ones_named(index: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(index, tmp_path / "index")
    done = run("documents", "remove", "bread.md", "none.txt", "--index", copy)
    assert (done.returncode, done.stdout) == (1, "1 removed\n")
    assert "none.txt: no document of this id" in done.stderr
    assert [each["id"] for each in read("documents", "list", "--index", copy)] == ["report.txt"]


def test_status_says_what_the_index_holds(index: Path) -> None:
    status = read("status", "--index", index)
    assert list(status) == "index documents passages model revision vectors bytes".split()
    assert (status["documents"], status["passages"], status["model"]) == (2, 2, "all-MiniLM-L6-v2")
    assert status["bytes"] > 0


def test_the_kind_of_vector_search_is_kept_and_its_recall_is_told(index: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(index, tmp_path / "index")
    told = {"vectors": "hnsw", "breadth": 32, "recall_at_10": 1.0, "recall_questions": 2}
    told |= {"recall_against": "exact search of float32 vectors", "compared_exactly": 0}
    assert read("vectors", "hnsw", "--index", copy) == told
    status = read("status", "--index", copy)
    assert {name: status[name] for name in told} == told
    (tmp_path / "new.txt").write_text("Bread is sold in the morning.", encoding="utf-8")
    assert run("ingest", tmp_path / "new.txt", "--index", copy, "--vectors", "ivf-sq8").returncode == 0
    status = read("status", "--index", copy)
    assert status["vectors"] == "ivf-sq8"
    assert status["recall_against"].startswith("exact search of the stored codes")  # of the new passage
    assert read("vectors", "flat", "--index", copy) == {"vectors": "exact"}


def test_an_index_carried_elsewhere_gives_the_same_bytes(index: Path, tmp_path: Path) -> None:
    done = run("export-index", tmp_path / "index.zip", "--index", index)
    assert done.stdout == f"2 documents in 2 passages exported into {tmp_path / 'index.zip'}\n", done.stderr
    imported = run("import-index", tmp_path / "index.zip", "--index", tmp_path / "far")
    assert imported.stdout == f"2 documents in 2 passages imported into {tmp_path / 'far'}\n", imported.stderr
    for question in ("How many people did Canada remove in 2024?", "When is bread baked?"):
        asked = ("ask", question, "--no-rerank", "--refuse", "never", "--json", "--index")
        assert run(*asked, index).stdout == run(*asked, tmp_path / "far").stdout != ""


def test_an_index_that_is_there_is_not_replaced_unasked(index: Path, tmp_path: Path) -> None:
    run("export-index", tmp_path / "index.zip", "--index", index)
    assert "Replace it with --replace" in message_of("import-index", tmp_path / "index.zip", "--index", index)
    assert run("import-index", tmp_path / "index.zip", "--index", index, "--replace").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("ask", "Who?", "--index", "/none"),
            "removals-qa: /none: there is no index here. Make one: removals-qa ingest",
        ),
        (("status", "--index", "/none"), "/none: there is no index here"),
        (("evaluate", "/none.jsonl", "--index", "/none"), "/none.jsonl: cannot be read (No such file or directory)"),
        (("batch", "/none.pdf", "-o", "/a.csv", "--index", "/none"), "/none.pdf: question files are .jsonl, .csv"),
    ],
)
def test_what_the_user_can_mend_is_said_in_one_line(arguments: tuple[str, ...], message: str) -> None:
    said = message_of(*arguments)
    assert message in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ask", "Who?", "--as-of", "2/8/2025"), "--as-of: '2/8/2025' is not a date. Write YYYY-MM-DD"),
        (("ask", " "), "The question is empty"),
        (("ask", "Who?", "--document", "none.txt"), "none.txt: no document of this id"),
        (("documents", "show", "none.txt"), "none.txt: no document of this id"),
        (("ingest", "/none"), "/none: there is no such file or folder"),
    ],
)
def test_what_the_user_can_mend_in_an_index_is_said(index: Path, arguments: tuple[str, ...], message: str) -> None:
    assert message in message_of(*arguments, "--index", index)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("read",),
        ("ask",),
        ("ask", "Who?", "--refuse", "always"),
        ("search", "Who?", "--passages", "0"),
        ("search", "Who?", "--passages", "many"),
        ("ingest", ".", "--day-first", "--month-first"),
        ("batch", "questions.jsonl"),
        ("documents",),
    ],
)
def test_wrong_usage_has_exit_status_2(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: removals-qa")


def test_help_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    named = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("    ")}
    for name in "ingest ask search batch evaluate compare check-questions documents status chat".split():
        assert name in named
    assert {"export-index", "import-index"} <= named


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from qa.cli import build_parser; build_parser().format_help(); print(*sys.modules)"
    root = Path(__file__).resolve().parent.parent
    loaded = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, encoding="utf-8", check=True)
    assert {name.split(".")[0] for name in loaded.stdout.split()} & set(HEAVY) == set()


def test_a_reader_that_goes_away_is_no_error(index: Path) -> None:
    command = [sys.executable, "-m", "qa", "documents", "show", "report.txt", "--index", str(index)]
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_a_wrong_path_leaves_no_empty_index_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "qa", "ingest", str(tmp_path / "none"), "--index", str(tmp_path / "index")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert not (tmp_path / "index").exists()


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    command = [sys.executable, "-m", "qa", "ingest", str(tmp_path / "docs"), "--index", str(tmp_path / "index")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "there are no files in this folder" in done.stderr) == (1, True)


def test_an_emptied_folder_prunes_nothing(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.txt").write_text("Somalia gave no papers.", encoding="utf-8")
    command = ("ingest", tmp_path / "docs", "--index", tmp_path / "index")
    assert run(*command).returncode == 0
    (tmp_path / "docs" / "a.txt").unlink()
    done = run(*command, "--prune")
    assert (done.returncode, "What the index holds of it stays" in done.stderr) == (1, True)
    assert [info.id for info in SQLiteStore(tmp_path / "index").documents()] == ["a.txt"]

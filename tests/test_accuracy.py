"""All question sets measured in one run, by several processes, into one report."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa.evaluation.folder import read_run
from qa.evaluation.row import Row

ROOT = Path(__file__).resolve().parent.parent
TOPICS = "bread removal visa hearing detention".split()


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two question sets, of five and of ten questions, the last of each without an answer."""
    folder = tmp_path_factory.mktemp("sets")
    for name, turns in (("long", 2), ("short", 1)):
        (folder / name / "corpus").mkdir(parents=True)
        said = {topic: f"The {topic} of the {name} office takes {len(topic)} days." for topic in TOPICS}
        documents = [{"id": topic, "title": topic, "text": f"About the {topic}.\n\n{said[topic]}"} for topic in TOPICS]
        questions = [
            {
                "id": f"{name}-{turn}-{topic}",
                "question": f"How many days does the {topic} take{'?' * (turn + 1)}",
                "answers": [f"{len(topic)} days"],
                "doc_ids": [topic],
                "evidence": [said[topic]],
                "answerable": True,
            }
            for turn in range(turns)
            for topic in TOPICS
        ]
        questions[-1] |= {"answers": [], "doc_ids": [], "evidence": [], "answerable": False}
        write(folder / name / "corpus" / "docs.jsonl", documents)
        write(folder / name / "questions.jsonl", questions)
    return folder


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def measured(sets: Path, *options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.accuracy", "--sets", str(sets), *map(str, options)]
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONWARNINGS": "", "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=600)


def timeless(rows: list[Row]) -> list[dict[str, object]]:
    return [{name: getattr(row, name) for name in Row.__slots__ if name != "seconds"} for row in rows]


def untimed(table: str) -> list[str]:
    return [line.rsplit("|", 2)[0] for line in table.splitlines()]


@pytest.fixture(scope="module")
def whole(sets: Path) -> Path:
    """The folder of a run of one process, with its table in out.txt and its rows in rows/."""
    folder = sets.with_name("whole")
    done = measured(sets, "--workers", 1, "--report", folder, "--rows", folder / "rows")
    assert done.returncode == 0, done.stderr
    (folder / "out.txt").write_text(done.stdout, encoding="utf-8")
    return folder


def test_one_report_has_the_questions_of_every_set(whole: Path) -> None:
    assert [row.set for row in read_run(whole).rows] == ["long"] * 10 + ["short"] * 5
    report = (whole / "report.html").read_text(encoding="utf-8")
    assert "long-1-visa" in report
    assert "short-0-visa" in report
    assert not (whole / "indexes").exists()


def test_the_figures_are_the_same_whatever_the_number_of_processes(sets: Path, whole: Path, tmp_path: Path) -> None:
    done = measured(sets, "--workers", 3, "--report", tmp_path / "three")
    assert done.returncode == 0, done.stderr
    assert untimed(done.stdout) == untimed((whole / "out.txt").read_text(encoding="utf-8"))
    assert timeless(read_run(tmp_path / "three").rows) == timeless(read_run(whole).rows)


def test_a_run_that_was_stopped_goes_on(sets: Path, whole: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes((whole / "run.json").read_bytes())
    lines = (whole / "results.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "results.jsonl").write_bytes(b"".join(lines[:7]) + lines[7][:20])  # stopped as it wrote the eighth
    refused = measured(sets, "--report", tmp_path)
    assert (refused.returncode, "add --resume" in refused.stderr) == (1, True)
    done = measured(sets, "--workers", 2, "--report", tmp_path, "--resume")
    assert done.returncode == 0, done.stderr
    rows = read_run(whole).rows
    assert read_run(tmp_path).rows[:7] == rows[:7]
    assert timeless(read_run(tmp_path).rows) == timeless(rows)


def test_rows_that_were_written_are_told_again(sets: Path, whole: Path) -> None:
    again = measured(sets, "--told", whole / "rows")
    assert again.returncode == 0, again.stderr
    assert again.stdout == (whole / "out.txt").read_text(encoding="utf-8")


@pytest.fixture
def readme(tmp_path: Path) -> Path:
    table = "| set | questions |\n|---|---|\n| long | 1 |\n| short | 2 |\n"
    path = tmp_path / "README.md"
    path.write_text(f"Before.\n<!-- accuracy -->\n{table}<!-- /accuracy -->\nAfter.\n", encoding="utf-8")
    return path


def test_a_whole_run_writes_the_table_of_the_readme(whole: Path, readme: Path) -> None:
    done = measured(whole, "--told", whole / "rows", "--readme", readme)
    assert done.returncode == 0, done.stderr
    assert readme.read_text(encoding="utf-8") == (
        f"Before.\n<!-- accuracy -->\n{done.stdout}<!-- /accuracy -->\nAfter.\n"
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("| short | 2 |", "| other | 2 |"), "README.md: not written; other not measured."),
        (("<!-- accuracy -->", ""), "to write between"),
    ],
)
def test_the_readme_is_left_as_it_is_where_a_set_is_missing(
    whole: Path, readme: Path, change: tuple[str, str], told: str
) -> None:
    text = readme.read_text(encoding="utf-8").replace(*change)
    readme.write_text(text, encoding="utf-8")
    done = measured(whole, "--told", whole / "rows", "--readme", readme)
    assert (done.returncode, told in done.stderr) == (1, True)
    assert readme.read_text(encoding="utf-8") == text


def test_a_question_that_could_not_be_asked_keeps_the_readme(whole: Path, readme: Path, tmp_path: Path) -> None:
    before = readme.read_text(encoding="utf-8")
    rows = shutil.copytree(whole / "rows", tmp_path / "rows")
    lines = [json.loads(line) for line in (rows / "long.jsonl").read_text(encoding="utf-8").splitlines()]
    lines[0]["error"] = "why"
    write(rows / "long.jsonl", lines)
    done = measured(whole, "--told", rows, "--readme", readme)
    assert (done.returncode, "1 questions could not be asked" in done.stderr) == (1, True)
    assert readme.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("option", [("--only", "long"), ("--model", "bilingual"), ("--no-lexicon",)])
def test_a_part_of_a_run_is_not_for_the_readme(sets: Path, readme: Path, option: tuple[str, ...]) -> None:
    done = measured(sets, "--readme", readme, *option)
    assert (done.returncode, "--readme takes whole runs" in done.stderr) == (2, True)

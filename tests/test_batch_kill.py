"""The real command, killed at any moment and gone on with; and answered by several processes."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOPICS = "papers bread removal Somalia escort visa hearing detention appeal border".split()


# One thread each: the last digits of a score depend on how many there are.
ENVIRONMENT = os.environ | {"PYTHONUTF8": "1", "PYTHONWARNINGS": "", "OMP_NUM_THREADS": "1"}


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "qa", *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=ENVIRONMENT, capture_output=True, encoding="utf-8", timeout=600
    )


def rows(path: Path) -> list[dict[str, Any]]:
    """Returns the rows of a .jsonl answer file without the seconds, which no two runs share."""
    return [json.loads(line) | {"seconds": None} for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index, a question file of 60 rows, and the answers of an undisturbed run."""
    folder = tmp_path_factory.mktemp("kill")
    (folder / "docs").mkdir()
    for topic in TOPICS:
        (folder / "docs" / f"{topic}.txt").write_text(
            f"About {topic}\n\nThe {topic} is the matter of the {topic} office.\n"
        )
    assert run("ingest", folder / "docs", "--index", folder / "index").returncode == 0
    questions = [f"{n},What is said of the {TOPICS[n % 10]} in {n % 40}?,{'=x' if n % 7 else ''}" for n in range(60)]
    (folder / "q.csv").write_text("\n".join(["id,question,note", *questions, "60,,bad"]) + "\n")
    assert batch(folder, "whole.jsonl").returncode == 1
    return folder


def batch(folder: Path, name: str, *options: object) -> subprocess.CompletedProcess[str]:
    workers = () if "--workers" in options else ("--workers", 1)
    options = (*workers, *options)
    return run("batch", folder / "q.csv", "-o", folder / name, "--index", folder / "index", "--no-rerank", *options)


def kept(partial: Path) -> int:
    """Returns the number of rows in the journal, the last one perhaps cut short."""
    return max(0, partial.read_bytes().count(b"\n") - 1) if partial.exists() else 0


@pytest.mark.parametrize("name", ["a.jsonl", "a.xlsx"])
def test_a_run_killed_again_and_again_ends_as_an_undisturbed_one(folder: Path, name: str) -> None:
    random.seed(name)
    partial = folder / f"{name}.partial"
    options = ("batch", folder / "q.csv", "-o", folder / name, "--index", folder / "index", "--no-rerank", "--resume")
    options = (*options, "--workers", 1)
    marks = sorted(random.sample(range(1, 36), 3))
    for mark in marks:
        with subprocess.Popen(command(*options), cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and kept(partial) < mark:
                time.sleep(0.001)
            time.sleep(random.random() / 100)
            process.send_signal(signal.SIGKILL)
        before = partial.read_bytes()
        assert before.count(b"\n") > mark
    done = run(*options)
    assert done.returncode == 1, done.stderr  # one row has no question
    assert not partial.exists()
    if name == "a.jsonl":
        assert rows(folder / name) == rows(folder / "whole.jsonl")
    else:
        assert batch(folder, "whole.xlsx").returncode == 1
        assert (folder / name).read_bytes() == (folder / "whole.xlsx").read_bytes()


def heed_ctrl_c() -> None:
    """A shell starts what runs in its background deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_says_how_to_go_on(folder: Path) -> None:
    partial = folder / "c.jsonl.partial"
    many = folder / "many.csv"  # enough that the run is not over when it is interrupted
    many.write_text(
        "question\n" + "".join(f"What is said of matter {number}?\n" for number in range(600)), encoding="utf-8"
    )
    options = ("batch", many, "-o", folder / "c.jsonl", "--index", folder / "index", "--no-rerank", "--workers", 1)
    with subprocess.Popen(
        command(*options), cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c
    ) as process:
        while process.poll() is None and kept(partial) < 5:
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert process.returncode == 130
    assert "c.jsonl: not finished. Go on with the same command and --resume." in said
    refused = run(*options)
    assert (refused.returncode, "Go on with it: --resume" in refused.stderr) == (1, True)


def test_several_processes_answer_as_one(folder: Path) -> None:
    done = batch(folder, "two.jsonl", "--workers", 2)
    assert done.returncode == 1, done.stderr
    assert rows(folder / "two.jsonl") == rows(folder / "whole.jsonl")


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the cores of a process cannot be chosen here")
def test_by_default_every_core_answers(folder: Path) -> None:
    """The process may be narrowed to some cores; there are as many workers, and the answers are those of one."""
    before = os.sched_getaffinity(0)
    wanted = set(range(min(2, os.cpu_count() or 1)))
    options = ("batch", folder / "q.csv", "-o", folder / "all.jsonl", "--index", folder / "index", "--no-rerank")
    os.sched_setaffinity(0, wanted)
    try:
        with subprocess.Popen(command(*options), cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.DEVNULL) as process:
            most = 0
            while process.poll() is None:
                most = max(most, len(descendants(process.pid)))
                time.sleep(0.01)
    finally:
        os.sched_setaffinity(0, before)
    assert most == (3 if len(wanted) == 2 else 0)  # Python keeps one besides the workers
    assert rows(folder / "all.jsonl") == rows(folder / "whole.jsonl")


def test_forked_processes_read_as_one(folder: Path) -> None:
    """The cross-encoder computes in processes that were forked after it was loaded."""
    options = ("batch", folder / "q.csv", "--index", folder / "index")
    for workers in (1, 3):
        done = run(*options, "-o", folder / f"read-{workers}.jsonl", "--workers", workers)
        assert done.returncode == 1, done.stderr
    assert rows(folder / "read-3.jsonl") == rows(folder / "read-1.jsonl")


def test_several_processes_evaluate_as_one(folder: Path) -> None:
    asked = [
        {"id": topic, "question": f"What is said of the {topic}?", "evidence": [f"the matter of the {topic} office"]}
        for topic in TOPICS
    ]
    (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked), encoding="utf-8")
    found = []
    for workers in (1, 2):
        options = ("--index", folder / "index", "--no-rerank", "--workers", workers)
        done = run("evaluate", folder / "gold.jsonl", *options, "--report", folder / f"run-{workers}")
        assert done.returncode == 0, done.stderr
        found.append(rows(folder / f"run-{workers}" / "results.jsonl"))
    assert found[0] == found[1]
    assert [row["id"] for row in found[0]] == TOPICS


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are counted in /proc")
def test_processes_end_with_the_one_that_started_them(folder: Path) -> None:
    options = ("batch", folder / "q.csv", "-o", folder / "e.jsonl", "--index", folder / "index", "--workers", 2)
    with subprocess.Popen(command(*options), cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and len(descendants(process.pid)) < 3:  # Python keeps one besides the workers
            time.sleep(0.01)
        workers = descendants(process.pid)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 120
    while any(alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [worker for worker in workers if alive(worker)] == []


def children(parent: int) -> list[int]:
    path = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []


def descendants(parent: int) -> list[int]:
    return [each for child in children(parent) for each in (child, *descendants(child))]


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False

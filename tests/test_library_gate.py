"""The gate that every clone has: the shipped questions over the shipped briefs, through the command's own `--gate`.

Every second question is asked, so that it takes about a minute; answers are the same bytes every time on one machine.
"""

from pathlib import Path

import pytest

from qa.cli import main
from qa.evaluation.gate import read_gate

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "library_questions.jsonl"
PROMISED = ROOT / "tests" / "library_expected.toml"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library") / "index"
    assert main(["ingest", str(ROOT / "documents" / "library"), "--index", str(folder)]) == 0
    return folder


def sample(folder: Path, every: int) -> Path:
    """A file of every n-th question, the first included."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines(keepends=True)
    path = folder / QUESTIONS.name
    path.write_text("".join(lines[::every]), encoding="utf-8")
    return path


def test_the_promised_figures_are_kept(index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = sample(tmp_path, 2)
    status = main(["evaluate", str(questions), "--index", str(index), "--gate", str(PROMISED)])
    told = capsys.readouterr()
    assert (status, [line for line in told.err.splitlines() if "missed" in line]) == (0, [])
    assert "n=100\n" in told.out


def test_a_broken_promise_fails_with_figure_promise_and_value(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gate.toml").write_text('[promised]\n"quote_characters" = 1\n', encoding="utf-8")
    questions = sample(tmp_path, 100)
    status = main(["evaluate", str(questions), "--index", str(index), "--gate", str(tmp_path / "gate.toml")])
    assert status == 1
    assert "missed: quote_characters is " in (told := capsys.readouterr().err)
    assert "; 1.000 is promised" in told


def test_the_figures_that_matter_are_promised_to_a_question_or_two() -> None:
    promises = {promise.figure: promise for promise in read_gate(PROMISED)}
    assert {"evidence_recall@5", "sentence_hit@1", "sentence_hit@any", "decision", "auroc"} <= set(promises)
    assert {"wrong_refusals", "refusal_recall", "list_recall", "passage_ndcg@10"} <= set(promises)
    assert promises["verbatim"].value == 1
    assert promises["verbatim"].tolerance == 0
    assert max(promise.tolerance for promise in promises.values()) <= 0.05

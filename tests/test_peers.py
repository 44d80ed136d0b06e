"""The comparison with other programs: its rule and its protocol; the programs themselves are not installed here."""

import ast
import json
from pathlib import Path

import pytest

from benchmarks.peers import contract
from benchmarks.peers.contract import Found, Reply, Way
from benchmarks.peers.environments import PEERS
from benchmarks.peers.judge import figures
from qa.evaluation.gold import GoldQuestion, gold_of

HERE = Path(contract.__file__).parent
OURS = {"benchmarks", "documents", "index", "page", "qa"}


class Echo:
    """Finds every document, the last one first, and quotes the first."""

    packages = ("pytest",)

    def __init__(self, model: str, folder: Path) -> None:
        self.folder = folder

    def ingest(self, path: Path) -> int:
        self.found = [Found(each.id, each.titled) for each in contract.sources(path)]
        (self.folder / "kept").write_text("kept", encoding="utf-8")
        return len(self.found)

    def ways(self) -> dict[str, Way]:
        return {"backwards": lambda question: Reply(self.found[::-1], self.found[:1])}


def gold(evidence: str, document: str) -> GoldQuestion:
    return gold_of({"question": "Which?", "answers": ["x"], "evidence": [evidence], "doc_ids": [document]}, "row 1")


def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: list[str], questions: int) -> dict:
    rows = [{"doc_id": f"d{number}", "title": "T", "text": text} for number, text in enumerate(texts)]
    documents = tmp_path / "docs.jsonl"
    documents.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "place").mkdir()
    request = {"documents": str(documents), "questions": ["Which?"] * questions, "model": "", "folder": ""}
    (tmp_path / "request").write_text(json.dumps(request | {"folder": str(tmp_path / "place")}), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["with_echo.py", str(tmp_path / "request"), str(tmp_path / "result")])
    contract.serve(Echo)
    return json.loads((tmp_path / "result").read_text(encoding="utf-8"))


def test_a_system_tells_what_it_found_and_what_it_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(tmp_path, monkeypatch, ["One.", "Two."], questions=4)
    assert (result["passages"], list(result["versions"])) == (2, ["pytest"])
    assert result["ingest_peak_mb"] > 1
    way = result["ways"]["backwards"]
    assert way["passages"] == [[["d1", "T\n\nTwo."], ["d0", "T\n\nOne."]]] * 4
    assert [len(each) for each in way["seconds"]] == [2] * 4


def test_recall_counts_the_questions_whose_evidence_is_among_the_first_five(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"The evidence of number {number} stands here." for number in range(6)]
    result = run(tmp_path, monkeypatch, texts, questions=2)
    # Backwards, the first document comes sixth.
    golds = [gold(texts[0], "d0"), gold(texts[5], "d5")]
    found = figures([result], "backwards", golds, 0)
    assert (found["questions"], found["evidence_recall@5"]) == (2, 0.5)
    assert (found["sentence_hit@1"], found["words_a_passage"]) == (0.5, 8.0)


def test_every_other_program_is_pinned_and_has_its_script() -> None:
    assert all((HERE / peer.script).exists() for peer in PEERS)
    assert [each for peer in PEERS for each in peer.requirements if "==" not in each] == []
    assert [peer.name for peer in PEERS if not peer.requirements] == ["removals-qa"]


@pytest.mark.parametrize("script", ["contract.py", "recursive.py", *(p.script for p in PEERS if p.requirements)])
def test_what_runs_in_another_environment_imports_nothing_of_ours(script: str) -> None:
    nodes = list(ast.walk(ast.parse((HERE / script).read_text(encoding="utf-8"))))
    names = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    assert {name.split(".")[0] for name in names} & OURS == set()

"""What is served for long work, asked as jobs.js asks it, without a browser."""

import json
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fakes import WordHashEmbedder, a_document, fill
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from index.store import SQLiteStore
from page.digest import quotes_digest
from page.job_routes import add_job_routes
from page.jobs import Jobs
from page.routes import tell_errors
from page.site import Site
from page.tasks import BatchTask, kept_task, safe_name
from page.wording import Wording
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings
from qa.types import Answer, Question

FAKE = WordHashEmbedder()
PAPERS = "Somalia gave no travel papers to them."
QUESTIONS = "question\nSomalia papers\nBread\n"


@pytest.fixture
def filled(store: SQLiteStore) -> SQLiteStore:
    return fill(store, FAKE, a_document(PAPERS, "papers.txt"), a_document("Bread is baked at night.", "bread.txt"))


def client_of(store: SQLiteStore, folder: Path, *, library: bool = True) -> TestClient:
    pipeline = Pipeline(store, FAKE, Settings(refuse="never", rerank=RerankSettings(read=False)))
    app = FastAPI()

    tell_errors(app)
    site = Site(pipeline, store, store if library else None)
    for prefix, language in (("", "en"), ("/fr", "fr")):
        (folder / language).mkdir(exist_ok=True)
        jobs = Jobs(folder / language)
        jobs.take_up(lambda folder: kept_task(folder, site))
        add_job_routes(app, site, jobs, prefix, Wording(language))
    return TestClient(app)


@pytest.fixture
def client(filled: SQLiteStore, tmp_path: Path) -> Iterator[TestClient]:
    with client_of(filled, tmp_path) as client:
        yield client


def given(client: TestClient, text: str, name: str = "q.csv", kind: str = "batch", **more: str) -> dict[str, Any]:
    answer = client.post(f"/jobs/{kind}", params={"name": name} | more, content=text.encode())
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def finished(client: TestClient, identity: str, prefix: str = "", act: str = "start") -> dict[str, Any]:
    client.post(f"{prefix}/jobs/{identity}/{act}")
    for _ in range(1000):
        job: dict[str, Any] = client.get(f"{prefix}/jobs/{identity}").json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.01)
    raise AssertionError(job)


def test_a_file_becomes_a_job_that_is_answered(client: TestClient) -> None:
    job = given(client, QUESTIONS)
    assert (job["state"], job["total"]) == ("ready", 2)
    job = finished(client, job["id"])
    assert (job["state"], job["done"], job["said"]) == ("done", 2, "2 of 2")
    rows = client.get(f"/jobs/{job['id']}/rows").text
    assert PAPERS in rows
    sources = client.get(f"/jobs/{job['id']}/sources/0").text
    assert f"<mark>{PAPERS}</mark>" in sources
    assert client.get(f"/jobs/{job['id']}/sources/2").status_code == 404


def test_a_batch_goes_on_after_the_server_was_ended(filled: SQLiteStore, tmp_path: Path) -> None:
    whole, left = tmp_path / "whole", tmp_path / "left"
    whole.mkdir()
    left.mkdir()
    with client_of(filled, whole) as client:
        job = finished(client, given(client, QUESTIONS)["id"])
        answers = client.get(f"/jobs/{job['id']}/answers.xlsx").content
    with client_of(filled, left) as client:
        identity = given(client, QUESTIONS)["id"]

    def end(done: int, errors: int) -> None:
        raise KeyboardInterrupt

    site = Site(Pipeline(filled, FAKE, Settings(refuse="never", rerank=RerankSettings(read=False))), filled)
    with pytest.raises(KeyboardInterrupt):
        kept_task(left / "en" / identity, site).work(end)
    with client_of(filled, left) as client:
        job = client.get(f"/jobs/{identity}").json()
        assert (job["state"], job["done"], job["name"]) == ("stopped", 1, "q.csv")
        assert 'data-act="start"' in job["html"]
        assert finished(client, identity)["done"] == 2
        assert client.get(f"/jobs/{identity}/answers.xlsx").content == answers
    with client_of(filled, left) as client:
        assert client.get(f"/jobs/{identity}").json()["state"] == "done"
        assert PAPERS in client.get(f"/jobs/{identity}/rows").text


def test_a_batch_that_cannot_be_read_for_a_while_is_not_lost(filled: SQLiteStore, tmp_path: Path) -> None:
    with client_of(filled, tmp_path) as client:
        identity = finished(client, given(client, QUESTIONS)["id"])["id"]
    note = tmp_path / "en" / identity / "job.json"
    written = note.read_text()
    note.write_text(written[:10])
    with client_of(filled, tmp_path) as client:
        answer = client.get(f"/jobs/{identity}")
        assert (answer.status_code, "open it again later" in answer.text) == (503, True)
        note.write_text(written)
        assert client.get(f"/jobs/{identity}").json()["state"] == "done"


def test_a_batch_begun_anew_has_its_new_rows(filled: SQLiteStore, tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_text(QUESTIONS)
    pipeline = Pipeline(filled, FAKE, Settings(refuse="never", rerank=RerankSettings(read=False)))
    task = BatchTask(tmp_path / "q.csv", tmp_path, pipeline)
    task.work(lambda done, errors: None)
    task.answers.refresh()
    task.forget()
    fill(filled, FAKE, a_document(f"Somalia gave nobody any papers at all. {PAPERS}", "papers.txt"))
    task.work(lambda done, errors: None)
    task.answers.refresh()
    written = [json.loads(line) for line in task.answers.path.read_text(encoding="utf-8").splitlines()]
    assert list(task.answers.rows()) == written
    assert task.answers.tally.statuses["answered"] == len(written) == 2


def test_an_evaluation_is_told_after_the_server_was_ended(filled: SQLiteStore, tmp_path: Path) -> None:
    gold = json.dumps({"question": "Somalia papers", "doc_ids": ["papers"], "evidence": [PAPERS]})
    with client_of(filled, tmp_path) as client:
        job = finished(client, given(client, gold, "q.jsonl", "evaluation")["id"])
        new = given(client, gold, "new.jsonl", "evaluation")
    with client_of(filled, tmp_path) as client:
        again = client.get(f"/jobs/{job['id']}").json()
        assert (again["state"], again["run"]) == ("done", job["run"])
        assert client.get(f"/jobs/{new['id']}").json()["state"] == "ready"


def test_files_are_written_in_every_format_and_leave_nothing(client: TestClient, tmp_path: Path) -> None:
    job = finished(client, given(client, QUESTIONS, "März & co.csv")["id"])
    folder = tmp_path / "en" / job["id"]
    before = sorted(each.name for each in folder.iterdir())
    for suffix in (".xlsx", ".docx", ".csv", ".jsonl"):
        answer = client.get(f"/jobs/{job['id']}/answers{suffix}")
        assert answer.status_code == 200
        assert answer.content
        assert "-answers" in answer.headers["content-disposition"]
    assert sorted(each.name for each in folder.iterdir()) == before
    assert client.get(f"/jobs/{job['id']}/answers.exe").status_code == 404


def test_files_from_the_french_page_are_french(filled: SQLiteStore, tmp_path: Path) -> None:
    with client_of(filled, tmp_path) as client:
        job = client.post("/fr/jobs/batch?name=q.csv", content=b"question,Owner\nSomalia papers,\n,Ann\n").json()
        identity = finished(client, job["id"], "/fr")["id"]
        answer = client.get(f"/fr/jobs/{identity}/answers.xlsx")
        assert "q-r%C3%A9ponses.xlsx" in answer.headers["content-disposition"]
        sheet = load_workbook(BytesIO(answer.content))["Réponses"]
        assert [cell.value for cell in sheet["E"]] == ["état", "répondu", "erreur"]
        assert sheet["F3"].value == "ligne 3 : la ligne n’a pas de question."
        assert "ligne 3 : la ligne n’a pas de question." in client.get(f"/fr/jobs/{identity}/rows").text
        table = client.get(f"/fr/jobs/{identity}/answers.csv").text
        assert table.startswith("\ufeffid,question,standalone_question,status")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("q.exe", b"x", "q.exe : les fichiers de questions sont"),
        ("q.csv", b"question\n", "q.csv : il ne contient aucune question."),
        ("q.csv", b'question\n"Why?\n', "q.csv : le guillemet ouvert dans la ligne 2"),
        ("q.xlsx", b"x", "q.xlsx : endommagé, ou pas un classeur Excel."),
        ("q.jsonl", b"\xff\n", "q.jsonl : pas en UTF-8"),
    ],
)
def test_the_french_page_says_in_french_what_is_wrong_with_a_file(
    client: TestClient, name: str, content: bytes, said: str
) -> None:
    answer = client.post("/fr/jobs/batch", params={"name": name}, content=content)
    assert (answer.status_code, answer.text[: len(said)]) == (422, said)
    assert said not in client.post("/jobs/batch", params={"name": name}, content=content).text


def test_a_row_that_cannot_be_used_is_told_before_anything_is_asked(client: TestClient) -> None:
    job = client.post("/fr/jobs/batch?name=q.csv", content=b"question,Owner\nWhy?,Ann,more\n").json()
    assert "ligne 2 : la ligne a 3 cellules" in job["html"]


def test_a_name_cannot_lead_out_of_the_folder_of_its_job(client: TestClient, tmp_path: Path) -> None:
    job = given(client, QUESTIONS, "../../..\\evil/../q q.csv")
    assert job["name"] == "q q.csv"
    assert [each.name for each in (tmp_path / "en" / job["id"] / "asked").iterdir()] == ["q q.csv"]


@pytest.mark.parametrize("name", ["q.exe", "q", "..", ""])
def test_a_file_of_no_kind_is_refused_without_its_place(client: TestClient, tmp_path: Path, name: str) -> None:
    answer = client.post("/jobs/batch", params={"name": name}, content=b"question\nWhy?\n")
    assert answer.status_code == 422
    assert "question files are" in answer.text
    assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Donne\u0301es.xlsx", "Donn\u00e9es.xlsx"),  # as macOS writes it
        ("README", "README"),
        (".csv", "questions.csv"),
        ("a/../ ..q? .csv", "q_.csv"),
        ("..", "questions"),
    ],
)
def test_a_name_is_kept_as_far_as_it_can_be_written(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_the_column_of_the_questions_can_be_named(client: TestClient) -> None:
    answer = client.post("/jobs/batch", params={"name": "q.csv"}, content=b"nr,ask\n1,Somalia papers\n")
    assert (answer.status_code, answer.json()["columns"]) == (422, ["nr", "ask"])
    job = given(client, "nr,ask\n1,Somalia papers\n", column="ask")
    assert finished(client, job["id"])["state"] == "done"


def test_a_file_too_large_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.job_routes._LARGEST", 0)
    answer = client.post("/jobs/batch", params={"name": "q.csv"}, content=b"question\nWhy?\n")
    assert (answer.status_code, "larger than" in answer.text) == (422, True)


def test_another_site_can_change_nothing(client: TestClient) -> None:
    job = given(client, QUESTIONS)
    elsewhere = {"Origin": "https://elsewhere.example"}
    for address in (
        "/jobs/batch?name=q.csv",
        f"/jobs/{job['id']}/start",
        "/accuracy/gold",
        "/gold",
        "/accuracy/gold/x/remove",
    ):
        assert client.post(address, headers=elsewhere, content=b"{}").status_code == 403
    assert client.get(f"/jobs/{job['id']}").json()["state"] == "ready"


def test_a_removed_job_is_gone(client: TestClient, tmp_path: Path) -> None:
    job = given(client, QUESTIONS)
    client.post(f"/jobs/{job['id']}/remove")
    assert client.get(f"/jobs/{job['id']}").status_code == 404
    assert list((tmp_path / "en").iterdir()) == []


MORE = a_document("More was said of visas.", "more.txt")


def test_documents_that_change_during_a_batch_are_told(
    client: TestClient, filled: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Pipeline.answer

    def meanwhile(pipeline: Pipeline, question: Question) -> Answer:
        fill(filled, FAKE, MORE)  # as anybody may who has the page open
        return answer(pipeline, question)

    undisturbed = finished(client, given(client, QUESTIONS)["id"])
    assert ("changed while" in undisturbed["html"], "begin_anew" in undisturbed["html"]) == (False, False)
    monkeypatch.setattr(Pipeline, "answer", meanwhile)
    job = finished(client, given(client, QUESTIONS)["id"])
    assert "The documents changed while the questions were being answered" in job["html"]
    assert 'data-act="anew"' in job["html"]
    assert "answers.xlsx" in job["html"]
    monkeypatch.undo()
    client.post(f"/jobs/{job['id']}/anew")
    assert "changed while" not in finished(client, job["id"])["html"]


@pytest.mark.parametrize(
    ("prefix", "said"),
    [("", "The documents have changed since the first"), ("/fr", "Les documents ont changé depuis la première")],
)
def test_a_stopped_batch_that_cannot_go_on_says_what_to_do(
    filled: SQLiteStore, tmp_path: Path, prefix: str, said: str
) -> None:
    with client_of(filled, tmp_path) as client:
        identity = client.post(f"{prefix}/jobs/batch?name=q.csv", content=QUESTIONS.encode()).json()["id"]

    def end(done: int, errors: int) -> None:
        raise KeyboardInterrupt

    site = Site(Pipeline(filled, FAKE, Settings(refuse="never", rerank=RerankSettings(read=False))), filled)
    with pytest.raises(KeyboardInterrupt):
        kept_task(tmp_path / (prefix[1:] or "en") / identity, site).work(end)
    fill(filled, FAKE, MORE)
    with client_of(filled, tmp_path) as client:
        job = finished(client, identity, prefix)
        assert (job["state"], said in job["news"]) == ("failed", True)
        assert "answers.jsonl.partial" not in job["html"]
        assert "answers.xlsx" in job["html"]  # what was answered
        assert 'data-act="anew"' in job["html"]


def test_a_stopped_evaluation_that_cannot_go_on_says_what_to_do(filled: SQLiteStore, tmp_path: Path) -> None:
    gold = json.dumps({"question": "Somalia papers", "doc_ids": ["papers"], "evidence": [PAPERS]})
    with client_of(filled, tmp_path) as client:
        identity = given(client, f"{gold}\n{gold}", "q.jsonl", "evaluation")["id"]

    def end(done: int, errors: int) -> None:
        raise KeyboardInterrupt

    site = Site(Pipeline(filled, FAKE, Settings(refuse="never", rerank=RerankSettings(read=False))), filled)
    with pytest.raises(KeyboardInterrupt):
        kept_task(tmp_path / "en" / identity, site).work(end)
    fill(filled, FAKE, MORE)
    with client_of(filled, tmp_path) as client:
        job = finished(client, identity)
        assert (job["state"], "since this evaluation began. Begin anew." in job["news"]) == ("failed", True)
        assert finished(client, identity, act="anew")["state"] == "done"


def test_a_changed_document_is_told_in_the_proof(client: TestClient, filled: SQLiteStore) -> None:
    job = finished(client, given(client, QUESTIONS)["id"])
    fill(filled, FAKE, a_document(PAPERS.replace("no", "few"), "papers.txt"))
    sources = client.get(f"/jobs/{job['id']}/sources/0").text
    assert PAPERS in sources
    assert "has changed since" in sources


def test_markup_in_a_file_is_escaped(client: TestClient) -> None:
    job = given(client, 'question,<i>x\nSomalia papers <img src=x onerror="alert(1)">,<b>y\n')
    assert "<i>x" not in job["html"]
    assert "<b>y" not in job["html"]
    assert "<img" not in job["html"]
    finished(client, job["id"])
    assert "<img" not in client.get(f"/jobs/{job['id']}/rows").text
    assert "<img" not in client.get(f"/jobs/{job['id']}/sources/0").text


def test_an_evaluation_is_kept_among_the_past_runs(client: TestClient, filled: SQLiteStore) -> None:
    assert "No run is kept yet" in client.get("/accuracy/past").text
    job = given(client, f"question,evidence\nSomalia papers,{PAPERS}\n", kind="evaluation")
    job = finished(client, job["id"])
    assert job["run"]
    report = client.get(f"/accuracy/runs/{job['run']}/report.html")
    assert "How right the answers are" in report.text
    assert report.headers["content-security-policy"].startswith("sandbox allow-scripts; default-src 'none'")
    french = client.get(f"/fr/accuracy/runs/{job['run']}/report.html")
    assert "Où les réponses se trompent" in french.text
    assert french.headers["content-security-policy"] == report.headers["content-security-policy"]
    assert f"{job['run']}/report.html" in client.get(f"/accuracy/runs/{job['run']}").text
    assert "q.csv" in client.get("/fr/accuracy/past").text
    for name in ("../../index.db", "20260101-000000-1", ".."):
        assert client.get(f"/accuracy/runs/{name}/report.html").status_code == 404


MISTAKEN = f"""question,document,evidence
Somalia papers,papers.txt,{PAPERS}
Bread,gone.txt,Bread is baked at night.
Bread at night,bread.txt,Bread was baked at night.
"""


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", ["gone.txt is not in the index", "does not stand word for word in bread.txt", "Measure as it is"]),
        ("/fr", ["gone.txt n’est pas dans l’index", "ne figure pas mot à mot dans bread.txt", "Mesurer tel quel"]),
    ],
)
def test_mistakes_of_a_gold_file_are_told_before_it_is_measured(
    client: TestClient, prefix: str, words: list[str]
) -> None:
    html = client.post(f"{prefix}/jobs/evaluation", params={"name": "q.csv"}, content=MISTAKEN.encode()).json()["html"]
    assert [each in html for each in words] == [True] * 3
    assert "bread.txt: Bread is baked at night." in html  # the nearest
    assert "<td>3</td>" in html
    assert "<td>4</td>" in html


def test_a_gold_file_with_mistakes_can_be_measured_as_it_is(client: TestClient) -> None:
    job = finished(client, given(client, MISTAKEN, kind="evaluation")["id"])
    assert (job["state"], job["done"]) == ("done", 3)


def test_every_row_that_cannot_be_used_is_told_and_nothing_is_measured(client: TestClient, tmp_path: Path) -> None:
    text = "question,answerable,as_of\n,no,\nWhy?,perhaps,\nWhen?,no,soon\nWho?,no,\n"
    job = given(client, text, kind="evaluation")
    assert [f"<td>{row}</td>" in job["html"] for row in (2, 3, 4, 5)] == [True, True, True, False]
    assert "cannot be used at all" in job["html"]
    assert str(tmp_path) not in job["html"]
    assert 'data-act="start"' not in job["html"]
    assert finished(client, job["id"])["state"] == "failed"


def test_a_gold_file_without_mistakes_is_just_counted(client: TestClient) -> None:
    job = given(client, "\n".join(MISTAKEN.splitlines()[:2]), kind="evaluation")
    assert "problems" not in job["html"]
    assert 'data-act="start">Measure<' in job["html"]


def test_the_mistakes_of_a_file_are_known_after_the_server_was_ended(filled: SQLiteStore, tmp_path: Path) -> None:
    with client_of(filled, tmp_path) as client:
        job = given(client, MISTAKEN, kind="evaluation")
    with client_of(filled, tmp_path) as client:
        assert client.get(f"/jobs/{job['id']}").json()["html"] == job["html"]


def test_a_collected_question_is_seen_and_removed(client: TestClient) -> None:
    client.post("/gold", json={"address": "q=Somalia+papers", "right": 1})
    client.post("/gold", json={"address": "q=Who+bakes", "right": None})
    shown = client.get("/accuracy/past").text
    assert PAPERS in shown
    assert "Who bakes" in shown
    identity = json.loads(client.get("/accuracy/gold.jsonl").text.splitlines()[0])["id"]
    assert client.post(f"/accuracy/gold/{identity}/remove").json() == {"left": 1}
    assert PAPERS not in client.get("/fr/accuracy/past").text
    assert client.post(f"/accuracy/gold/{identity}/remove").status_code == 422


def test_collected_questions_are_measured(client: TestClient, filled: SQLiteStore) -> None:
    assert client.get("/accuracy/gold.jsonl").status_code == 404
    said = client.post("/gold", json={"address": "q=Somalia+papers", "right": 1}).json()["said"]
    assert said == "Added. 1 question collected so far."
    assert json.loads(client.get("/accuracy/gold.jsonl").text)["evidence"] == [PAPERS]
    job = finished(client, client.post("/accuracy/gold").json()["id"])
    assert (job["state"], job["name"]) == ("done", "gold.jsonl")


@pytest.mark.parametrize(("prefix", "told"), [("", "Ask the question again"), ("/fr", "Posez la question de nouveau")])
def test_a_quote_that_the_reader_has_not_seen_is_not_collected(
    client: TestClient, filled: SQLiteStore, prefix: str, told: str
) -> None:
    settings = Settings(refuse="never", rerank=RerankSettings(read=False))
    shown = quotes_digest(Pipeline(filled, FAKE, settings).answer(Question("Somalia papers")))
    note = {"address": f"q=Somalia+papers&shown={shown}", "right": 1}
    assert client.post(f"{prefix}/gold", json=note).status_code == 200
    (filled.folder / "gold.jsonl").unlink()
    fill(filled, FAKE, a_document("Somalia papers: none. " + PAPERS, "papers.txt"))  # since then
    refused = client.post(f"{prefix}/gold", json=note)
    assert (refused.status_code, told in refused.text) == (422, True)
    assert not (filled.folder / "gold.jsonl").exists()


@pytest.mark.parametrize("right", [9, "No document says this sentence."])
def test_what_is_not_in_the_documents_is_not_collected(client: TestClient, filled: SQLiteStore, right: object) -> None:
    assert client.post("/gold", json={"address": "q=Somalia+papers", "right": right}).status_code == 422
    assert not (filled.folder / "gold.jsonl").exists()


def test_where_the_page_is_read_only_nothing_is_collected(filled: SQLiteStore, tmp_path: Path) -> None:
    with client_of(filled, tmp_path, library=False) as client:
        assert client.post("/gold", json={"address": "q=Somalia+papers", "right": 1}).status_code in (404, 405)
        assert client.post("/accuracy/gold/x/remove").status_code in (404, 405)
        assert finished(client, given(client, QUESTIONS)["id"])["state"] == "done"

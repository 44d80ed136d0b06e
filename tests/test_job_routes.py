"""What is served for long work, asked as jobs.js asks it, without a browser."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import WordHashEmbedder, a_document, fill
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

from documents.errors import UserError
from index.store import SQLiteStore
from page.job_routes import add_job_routes
from page.jobs import Jobs
from page.site import Site
from page.tasks import BatchTask, kept_task
from page.wording import Wording
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings

FAKE = WordHashEmbedder()
PAPERS = "Somalia gave no travel papers to them."
QUESTIONS = "question\nSomalia papers\nBread\n"


@pytest.fixture
def filled(store: SQLiteStore) -> SQLiteStore:
    return fill(store, FAKE, a_document(PAPERS, "papers.txt"), a_document("Bread is baked at night.", "bread.txt"))


def client_of(store: SQLiteStore, folder: Path, *, library: bool = True) -> TestClient:
    pipeline = Pipeline(store, FAKE, Settings(refuse="never", rerank=RerankSettings(read=False)))
    app = FastAPI()

    @app.exception_handler(UserError)
    async def tell(request: Request, error: UserError) -> PlainTextResponse:
        return PlainTextResponse(str(error), 422)

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


def finished(client: TestClient, identity: str) -> dict[str, Any]:
    client.post(f"/jobs/{identity}/start")
    for _ in range(1000):
        job: dict[str, Any] = client.get(f"/jobs/{identity}").json()
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
    for address in ("/jobs/batch?name=q.csv", f"/jobs/{job['id']}/start", "/accuracy/gold", "/gold"):
        assert client.post(address, headers=elsewhere, content=b"{}").status_code == 403
    assert client.get(f"/jobs/{job['id']}").json()["state"] == "ready"


def test_a_removed_job_is_gone(client: TestClient, tmp_path: Path) -> None:
    job = given(client, QUESTIONS)
    client.post(f"/jobs/{job['id']}/remove")
    assert client.get(f"/jobs/{job['id']}").status_code == 404
    assert list((tmp_path / "en").iterdir()) == []


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
    assert f"{job['run']}/report.html" in client.get(f"/accuracy/runs/{job['run']}").text
    assert "q.csv" in client.get("/fr/accuracy/past").text
    for name in ("../../index.db", "20260101-000000-1", ".."):
        assert client.get(f"/accuracy/runs/{name}/report.html").status_code == 404


def test_collected_questions_are_measured(client: TestClient, filled: SQLiteStore) -> None:
    assert client.get("/accuracy/gold.jsonl").status_code == 404
    place = ["papers.txt", 0, len(PAPERS)]
    said = client.post("/gold", json={"address": "q=Somalia+papers", "right": 1, "place": place}).json()["said"]
    assert said == "Added. 1 question collected so far."
    assert json.loads(client.get("/accuracy/gold.jsonl").text)["evidence"] == [PAPERS]
    job = finished(client, client.post("/accuracy/gold").json()["id"])
    assert (job["state"], job["name"]) == ("done", "gold.jsonl")


@pytest.mark.parametrize(("prefix", "told"), [("", "Ask it again"), ("/fr", "Reposez la question")])
def test_a_quote_that_the_reader_has_not_seen_is_not_collected(
    client: TestClient, filled: SQLiteStore, prefix: str, told: str
) -> None:
    seen = ["papers.txt", 0, len(PAPERS)]
    fill(filled, FAKE, a_document("Somalia papers: none. " + PAPERS, "papers.txt"))  # since then
    note = {"address": "q=Somalia+papers", "right": 1, "place": seen}
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
        assert finished(client, given(client, QUESTIONS)["id"])["state"] == "done"

"""What answers are taken away by, asked as the page asks it, without a browser."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill
from fastapi import FastAPI
from fastapi.testclient import TestClient

from documents.errors import BadQuestion
from index.store import SQLiteStore
from page.batch import row_sources_html
from page.digest import differs, quotes_digest
from page.judge import judged
from page.routes import FEEDBACK, add_routes
from page.site import Site
from page.wording import ENGLISH, Wording
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings
from qa.types import Question

FAKE = WordHashEmbedder()
PAPERS = "Somalia gave no travel papers to them."
NOW = "Somalia gave nine travel papers to them."
ASKED = "q=Somalia+papers"
ANEW = "The documents have changed since this answer was shown"


@pytest.fixture
def site(store: SQLiteStore) -> Site:
    fill(store, FAKE, a_document(PAPERS, "papers.txt"), a_document("Bread is baked at night.", "bread.txt"))
    pipeline = Pipeline(store, FAKE, Settings(refuse="never", rerank=RerankSettings(read=False)))
    return Site(pipeline, store, store)


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    app = FastAPI()
    for prefix, language in (("", "en"), ("/fr", "fr")):
        add_routes(app, site, prefix, Wording(language))
    with TestClient(app) as client:
        yield client


def shown(site: Site) -> str:
    """Returns the address of the answer as the page sends it, with the digest of what it shows now."""
    return f"{ASKED}&shown={quotes_digest(site.answer(Question('Somalia papers')))}"


def change(site: Site) -> None:
    fill(site.store, FAKE, a_document(NOW, "papers.txt"))


def notes(site: Site) -> list[dict[str, object]]:
    lines = (Path(site.store.folder) / FEEDBACK).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_an_answer_is_given_again_until_the_documents_change(site: Site) -> None:
    question = Question("Somalia papers")
    first = site.answer(question)
    assert site.answer(question) is first
    change(site)
    assert site.answer(question).citations[0].quote == NOW


def test_an_answer_differs_once_its_quotes_do(site: Site) -> None:
    address = shown(site)
    assert not differs(address, site.answer(Question("Somalia papers")))
    assert not differs(ASKED, site.answer(Question("Bread")))
    assert differs(address, site.answer(Question("Bread")))


def test_the_sources_of_an_answer_come_together(client: TestClient, site: Site) -> None:
    fill(site.store, FAKE, a_document("Somalia papers came late.", "late.txt"))
    panel = client.get(f"/sources?{ASKED}").text
    assert panel.count("<article") == len(site.answer(Question("Somalia papers")).citations) == 2
    assert f"<mark>{PAPERS}</mark>" in panel
    assert 'data-of="q=Somalia+papers"' in panel
    assert client.get("/sources?q=").status_code == 422


def test_an_export_tells_the_day_and_the_limits(client: TestClient) -> None:
    day = datetime.now(UTC).astimezone().date()
    text = client.post("/export/md", json=[f"{ASKED}&language=en"]).text
    assert f"Exported on {day.day} " in text
    assert "Only documents in these languages: English." in text
    assert (
        "Seulement les documents dans ces langues : anglais."
        in client.post("/fr/export/md", json=[f"{ASKED}&language=en"]).text
    )


@pytest.mark.parametrize(("prefix", "said"), [("", ANEW), ("/fr", "Les documents ont changé depuis que cette réponse")])
def test_an_export_says_which_answer_is_not_as_it_was_shown(
    client: TestClient, site: Site, prefix: str, said: str
) -> None:
    sent = [shown(site), "q=Bread"]
    assert said not in client.post(f"{prefix}/export/md", json=sent).text
    change(site)
    first, second = client.post(f"{prefix}/export/md", json=sent).text.split("## Bread")
    assert said in first
    assert said not in second
    assert NOW in first


def test_a_copy_tells_that_it_is_not_what_was_shown(client: TestClient, site: Site) -> None:
    address = shown(site)
    assert "documents-changed" not in client.get(f"/copy?{address}").headers
    change(site)
    assert client.get(f"/copy?{address}").headers["documents-changed"] == "1"


def test_a_vote_and_its_reason_bear_one_id(client: TestClient, site: Site) -> None:
    note = {"id": "7", "address": shown(site), "vote": "bad"}
    for more in ({}, {"why": "Old"}):
        assert client.post("/feedback", json=note | more).status_code == 204
    assert [(row["id"], row["vote"], row["why"], row["as_shown"]) for row in notes(site)] == [
        ("7", "bad", "", True),
        ("7", "bad", "Old", True),
    ]
    assert {row["address"] for row in notes(site)} == {ASKED}
    change(site)
    client.post("/feedback", json=note)
    assert notes(site)[-1]["as_shown"] is False


def test_a_marker_is_not_collected_once_it_may_mean_another_quote(site: Site) -> None:
    note = {"address": shown(site), "right": 1}
    assert judged(note, site.pipeline, site.store, ENGLISH).evidence == (("papers.txt", PAPERS),)
    change(site)
    with pytest.raises(BadQuestion, match="documents have changed"):
        judged(note, site.pipeline, site.store, ENGLISH)


def test_the_proof_of_a_row_names_the_other_versions_that_say_it(site: Site) -> None:
    older = [{"document_id": "old.txt", "title": "Old papers", "date": "2020-05-01"}]
    cited = {
        "marker": 1, "document_id": "papers.txt", "title": "", "start": 0, "end": len(PAPERS), "quote": PAPERS,
    }  # fmt: skip
    row = {"status": "answered", "question": "Why?", "citations": [cited | {"older": older}]}
    proof = row_sources_html(row, site.store, ENGLISH, lambda info: False, 0)
    assert "Said also in: Old papers, 2020-05-01" in proof

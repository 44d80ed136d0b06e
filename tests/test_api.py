"""The API for programs, asked over the network as they ask it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browser import served
from gradio_client import Client
from gradio_client.exceptions import AppError

QUESTION = "How long is a person given to leave under a departure order?"


@pytest.fixture(scope="module")
def api(page_index: Path) -> Iterator[str]:
    with served(page_index, "--no-rerank", "--mcp") as address:
        yield address


@pytest.fixture(scope="module")
def client(api: str) -> Client:
    return Client(api, verbose=False)


def test_ask_gives_the_answer_with_its_citations(client: Client) -> None:
    answer = client.predict(QUESTION, api_name="/ask")
    assert answer["status"] == "answered"
    assert "30 days" in answer["answer"]
    assert answer["citations"][0]["quote"] in answer["answer"]


def test_ask_can_be_narrowed(client: Client) -> None:
    answer = client.predict(QUESTION, as_of="2000-01-01", api_name="/ask")
    assert (answer["status"], answer["passages"]) == ("refused", [])
    answer = client.predict(QUESTION, documents=["detention-in-canada.md"], api_name="/ask")
    assert {each["document_id"] for each in answer["passages"]} == {"detention-in-canada.md"}


def test_a_bad_day_is_told(client: Client) -> None:
    with pytest.raises(AppError, match="YYYY-MM-DD"):
        client.predict(QUESTION, as_of="soon", api_name="/ask")


def test_search_batch_and_documents(client: Client) -> None:
    found = client.predict(QUESTION, passages=3, api_name="/search")
    assert [each["rank"] for each in found] == [1, 2, 3]
    answers = client.predict([QUESTION, "What is the boiling point of tungsten?"], api_name="/batch")
    assert [each["status"] for each in answers] == ["answered", "refused"]
    documents = client.predict(api_name="/documents")
    assert len(documents) == 66
    assert {"id", "title", "passages"} <= set(documents[0])


def test_a_question_that_cannot_be_asked_spoils_no_other(client: Client) -> None:
    blank, answer = client.predict([" ", QUESTION], api_name="/batch")
    assert (blank["status"], blank["error"]) == ("error", 'line 1: the row has no "question".')
    assert (answer["status"], answer["error"]) == ("answered", None)


def test_nothing_but_the_four_is_offered(client: Client) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert set(named) == {"/ask", "/search", "/batch", "/documents"}


def test_an_assistant_asks_through_mcp(api: str) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def talk() -> tuple[set[str], str]:
        async with (
            streamable_http_client(api + "gradio_api/mcp/") as (reads, writes, _),
            ClientSession(reads, writes) as session,
        ):
            await session.initialize()
            tools = {tool.name for tool in (await session.list_tools()).tools}
            name = next(each for each in tools if each.endswith("ask"))
            done = await session.call_tool(name, {"question": QUESTION})
            return tools, str(done.content[0].text)

    tools, said = asyncio.run(talk())
    assert len(tools) == 4
    assert "30 days" in said


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "copy?q=Why&as_of=soon", None, 422, "Write YYYY-MM-DD"),
        ("GET", "copy?q=Why&document=none.pdf", None, 422, "none.pdf: no document of this id"),
        ("GET", "fr/copy?q=", None, 422, "asks no question"),
        ("POST", "export/docx", ["q=Why&kind=memo"], 422, "'memo' is no kind of document"),
        ("POST", "export/exe", ["q=Why"], 422, "docx, md, html"),
        ("POST", "feedback", {"address": "q=Why", "vote": "maybe"}, 422, "good or bad"),
        ("GET", "document?id=none.pdf", None, 404, "no document of this id"),
        ("GET", "page-image?id=hostile.txt&start=0&end=7", None, 404, "cannot be drawn"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(
    api: str, method: str, path: str, body: object, status: int, said: str
) -> None:
    answer = httpx.request(method, api + path, json=body)
    assert answer.status_code == status
    assert said in answer.text


def test_a_note_from_another_site_is_refused(api: str, page_index: Path) -> None:
    kept = page_index / "feedback.jsonl"
    before = kept.read_bytes() if kept.exists() else b""
    note = {"address": "q=Why", "vote": "good"}
    answer = httpx.post(api + "feedback", json=note, headers={"Origin": "http://192.0.2.1"})
    assert answer.status_code == 403
    assert (kept.read_bytes() if kept.exists() else b"") == before

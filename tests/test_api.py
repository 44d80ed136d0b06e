"""The API for programs, asked over the network as they ask it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

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

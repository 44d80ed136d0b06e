"""The API for programs, asked over the network as they ask it."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browser import served
from gradio_client import Client
from gradio_client.exceptions import AppError

DOCUMENTATION = (Path(__file__).resolve().parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(client\.predict\(.*?)\n```", DOCUMENTATION, re.MULTILINE | re.DOTALL)
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


LIMITS = [
    ({"documents": ["detention-in-canada.md"]}, "id", {"detention-in-canada.md"}),
    ({"kinds": ["brief"]}, "kind", {"brief"}),
    ({"kinds": ["inconnu"]}, "kind", {""}),
    ({"languages": ["French"]}, "language", {"fr"}),
    ({"collections": ["Briefs on removals"]}, "collection", {"Briefs on removals"}),
    ({"documents": [], "kinds": [""]}, "kind", {"brief"}),
]


@pytest.mark.parametrize(("limits", "field", "held"), LIMITS, ids=[str(each[0]) for each in LIMITS])
def test_each_endpoint_is_narrowed_by_labels(
    client: Client, limits: dict[str, list[str]], field: str, held: set[str]
) -> None:
    known = {each["id"]: each[field] for each in client.predict(api_name="/documents")}
    answers = [
        client.predict(QUESTION, api_name="/ask", **limits),
        *client.predict([QUESTION], api_name="/batch", **limits),
        {"passages": client.predict(QUESTION, passages=3, api_name="/search", **limits)},
    ]
    for answer in answers:
        assert {known[each["document_id"]] for each in answer["passages"]} == held


def test_a_follow_up_leans_on_the_questions_before(client: Client) -> None:
    earlier = ["How long does an exclusion order bar return to Canada?"]
    answer = client.predict("And for misrepresentation?", history=earlier, api_name="/ask")
    assert "five years" in answer["answer"]
    assert "five years" not in client.predict("And for misrepresentation?", api_name="/ask")["answer"]


def test_a_program_chooses_how_careful_an_answer_is(client: Client) -> None:
    asked = "What is the boiling point of tungsten?"
    answers = [client.predict(asked, refuse=each, api_name="/ask")["status"] for each in ("", "careful", "never")]
    assert answers == ["refused", "refused", "answered"]
    (answer,) = client.predict([asked], refuse="never", api_name="/batch")
    assert answer["status"] == "answered"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"as_of": "soon"}, "YYYY-MM-DD"),
        ({"kinds": ["memo"]}, "'memo' is no kind of document"),
        ({"kinds": "brief"}, "kinds is 'brief': give a list of texts"),
        ({"languages": ["de"]}, "'de' is no language that is read"),
        ({"collections": ["None such"]}, "'None such' is no collection of this index"),
        ({"documents": ["none.pdf"]}, "none.pdf: no document of this id"),
        ({"history": [1]}, "give a list of texts"),
        ({"refuse": "always"}, "choose one of careful, balanced, eager, never"),
    ],
)
def test_what_cannot_be_used_is_told(client: Client, wrong: dict[str, object], told: str) -> None:
    with pytest.raises(AppError, match=told):
        client.predict(QUESTION, api_name="/ask", **wrong)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_documentation_works(client: Client, example: str) -> None:
    assert eval(example, {"client": client})


def test_the_documentation_names_every_parameter(client: Client) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    for endpoint, described in named.items():
        (row,) = re.findall(rf"^\| `{endpoint}` \| ([^|]*) \|", DOCUMENTATION, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row) == [each["parameter_name"] for each in described["parameters"]]


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
    assert (blank["status"], blank["error"]) == ("error", "The question is empty. Type a question.")
    assert (answer["status"], answer["error"]) == ("answered", None)


def test_nothing_but_the_four_is_offered(client: Client) -> None:
    named = client.view_api(return_format="dict")["named_endpoints"]
    assert set(named) == {"/ask", "/search", "/batch", "/documents"}


def test_an_assistant_asks_through_mcp(api: str) -> None:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def talk() -> tuple[set[str], set[str], str]:
        async with (
            streamable_http_client(api + "gradio_api/mcp/") as (reads, writes, _),
            ClientSession(reads, writes) as session,
        ):
            await session.initialize()
            tools = {tool.name: tool.inputSchema for tool in (await session.list_tools()).tools}
            name = next(each for each in tools if each.endswith("ask"))
            done = await session.call_tool(name, {"question": QUESTION, "kinds": ["brief"], "refuse": "eager"})
            return set(tools), set(tools[name]["properties"]), str(done.content[0].text)

    tools, parameters, said = asyncio.run(talk())
    assert len(tools) == 4
    assert {"documents", "kinds", "languages", "collections", "history", "refuse"} <= parameters
    assert "30 days" in said


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "copy?q=Why&as_of=soon", None, 422, "Write YYYY-MM-DD"),
        ("GET", "fr/copy?q=Why&as_of=soon", None, 422, "Écrivez AAAA-MM-JJ"),
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

"""The page's server, without a browser."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from fakes import WordHashEmbedder
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from app import KeptToThisMachine, build_app, build_page
from index.store import SQLiteStore
from page.site import Site
from page.wording import ENGLISH
from qa.pipeline import Pipeline, Settings

Made = TypeVar("Made")


def in_a_loop(make: Callable[[], Made]) -> Made:
    """Calls it where a loop runs: elsewhere Gradio makes loops of its own, and closes none."""

    async def made() -> Made:
        return make()

    return asyncio.run(made())


@pytest.fixture
def site(store: SQLiteStore) -> Site:
    return Site(Pipeline(store, WordHashEmbedder(), Settings()), store, store)


def test_pages_are_loaded_side_by_side(site: Site) -> None:
    page = in_a_loop(lambda: build_page(site, ENGLISH))
    limits = {each.name: each.concurrency_limit for each in page.fns.values()}
    assert {name: limits[name] for name in ("table", "arrive", "more", "refreshed")} == dict.fromkeys(
        ("table", "arrive", "more", "refreshed"), 8
    )


def test_copies_of_what_was_uploaded_do_not_outlive_the_server(site: Site, tmp_path: Path) -> None:
    with TestClient(in_a_loop(lambda: build_app(site))) as client:
        sent = client.post("/gradio_api/upload", files={"files": ("levy.txt", b"The levy is 5 dollars.")})
        copy = Path(sent.json()[0])
        assert copy.read_bytes() == b"The levy is 5 dollars."
    assert not copy.exists()


def test_a_page_that_is_gone_has_its_stream_ended_in_order(address: str) -> None:
    gone = httpx.get(f"{address}gradio_api/queue/data", params={"session_hash": "gone"})
    assert '"session_not_found":true' in gone.text


@pytest.mark.parametrize("error", [HTTPException(500), ValueError("no")])
def test_other_faults_in_a_stream_are_told(error: Exception) -> None:
    app = FastAPI()
    app.add_middleware(KeptToThisMachine)

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> object:
            yield b"begun"
            raise error

        return StreamingResponse(parts())  # type: ignore[arg-type]

    with TestClient(app) as client, pytest.raises((RuntimeError, ValueError)):
        client.get("/stream")

"""The page's server, without a browser."""

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from app import KeptToThisMachine


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

"""The web application: the page in English at / and in French at /fr, and what they ask for."""

import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.writable import WritableStore
from page.accuracy import build_accuracy
from page.api import add_api
from page.ask import build_ask
from page.batch import build_batch
from page.job_folder import JobFolder
from page.job_routes import add_job_routes
from page.jobs import Jobs
from page.library import build_library
from page.render import head_html, loading_html
from page.routes import add_routes, pictured, tell_errors
from page.site import Site
from page.tasks import kept_task
from page.wording import LANGUAGES, Wording
from qa.loading import Loading
from qa.pipeline import Pipeline
from qa.types import Question

_FOLDER = Path(__file__).parent / "page"
_COOKIE = "language"
_SCRIPTS = ("page.js", "keep.js", "notes.js", "limits.js", "jobs.js")
# Only this machine is ever asked for anything; Gradio's own scripts need inline code and evaluation.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "frame-ancestors 'self'; form-action 'self'"
)
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_UPLOADS = (3600, 24 * 3600)  # seconds: how often Gradio's copies of what was uploaded are deleted, at what age
_FONT = ("system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")


def build_page(site: Site, wording: Wording) -> gr.Blocks:
    """Returns the page in one language."""
    page: gr.Blocks
    with gr.Blocks(
        title=wording["title"], analytics_enabled=False, fill_height=True, fill_width=True, delete_cache=_UPLOADS
    ) as page:
        head = gr.HTML(head_html(len(site.store.documents()), wording), elem_id="head")
        gr.HTML(loading_html(wording), elem_id="loading")
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            with gr.Tab(wording["tab_ask"], id="ask"):
                tab = build_ask(site, wording, pictured(site))
            with gr.Tab(wording["tab_library"], id="library"):
                library, table = build_library(site, wording)
            with gr.Tab(wording["tab_batch"], id="batch"):
                build_batch(wording)
            with gr.Tab(wording["tab_accuracy"], id="accuracy"):
                build_accuracy(wording)
        quietly: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": 8, "api_visibility": "private"}
        page.load(library.table, None, table, **quietly)
        arrived = page.load(
            tab.handlers.arrive,
            tab.restore,
            [*tab.controls, tab.chips, *tab.shown],
            js="() => [window.removals.resumed()]",
            **quietly,
        )
        # The box rests while earlier questions are asked again: what was asked between them would not stay.
        arrived.then(lambda: gr.update(interactive=True), None, tab.shown[0], **quietly)
        arrived.then(tab.handlers.more, tab.address, tab.more, **quietly)
        table.change(lambda: head_html(len(site.store.documents()), wording), None, head, **quietly)
        table.change(tab.handlers.limits.refreshed, tab.controls, [*tab.controls[1:-1], tab.chips], **quietly)
        if wording.language == "en":
            add_api(site)
    return page


def build_app(site: Site, *, mcp: bool = False) -> FastAPI:
    """Returns the web application; `mcp` also serves the API's functions as tools of the Model Context Protocol."""
    folder = JobFolder(site.store.folder)
    jobs = Jobs(folder.path)
    jobs.take_up(lambda folder: kept_task(folder, site))

    @asynccontextmanager
    async def closing(app: FastAPI) -> AsyncIterator[None]:
        yield
        jobs.close()
        folder.close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=closing)

    app.add_middleware(KeptToThisMachine)

    tell_errors(app)
    for language in reversed(LANGUAGES):  # the page at / takes every path that is left
        wording = Wording(language)
        prefix = "" if language == "en" else f"/{language}"
        add_routes(app, site, prefix, wording)
        add_job_routes(app, site, jobs, prefix, wording)
        app = gr.mount_gradio_app(
            app,
            build_page(site, wording),
            path=prefix or "/",
            theme=gr.themes.Default(primary_hue="blue", font=_FONT, font_mono=_MONO),
            css_paths=_FOLDER / "style.css",
            head=_scripts(language),
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            mcp_server=mcp and language == "en",
        )
    return app


class KeptToThisMachine:
    """Adds the headers that keep a browser to this machine, and sends each reader to the page in their language.

    A page that is loaded again in the middle of an answer has Gradio say "not found" in a stream that has begun. That
    is the end of the stream, not a fault to fill the terminal with.
    It is no function for FastAPI's `middleware("http")`: that one runs each request in a task of its own, and calls it
    an error when a reader leaves the page before an answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", _POLICY)  # a report brings a policy of its own
                headers.update(_HEADERS)
            await send(message)

        redirect = _in_their_language(Request(scope)) if scope["type"] == "http" else None
        try:
            await (redirect or self._app)(scope, receive, send_with_headers)
        except RuntimeError as error:  # Starlette's, of an HTTPException once headers are sent
            cause = error.__cause__
            if not (isinstance(cause, HTTPException) and cause.status_code == 404):
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _in_their_language(request: Request) -> Response | None:
    """Sends a browser whose first language is French to the French page, unless its user has chosen English."""
    if request.url.path != "/" or request.method != "GET":
        return None
    chosen = request.cookies.get(_COOKIE)
    first = request.headers.get("accept-language", "").lower().split(",")[0]
    if chosen == "fr" or (chosen is None and first.startswith("fr")):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"fr/{query}", 307)
    return None


def _scripts(language: str) -> str:
    """The page's own scripts, and the language it is in for those who hear it read."""
    scripts = "".join(f"<script>{(_FOLDER / name).read_text(encoding='utf-8')}</script>" for name in _SCRIPTS)
    return f"<script>window.pageLanguage = '{language}';</script>{scripts}"


class AnnouncedServer(uvicorn.Server):
    """Says where it is once it can be asked, not before."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"Removals Q&A: http://{self.config.host}:{self.config.port} (Ctrl-C stops it)", flush=True)  # noqa: T201


def serve(
    pipeline: Pipeline,
    store: WritableStore,
    loading: Loading,
    *,
    library: WritableStore | None = None,
    host: str = "127.0.0.1",
    port: int = 7860,
    mcp: bool = False,
) -> None:
    """Serves the page until it is stopped. The models load meanwhile, and a first search after them."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    ready = loading.then(lambda: pipeline.search(Question("warm up"), 1))
    app = build_app(Site(pipeline, store, library, ready), mcp=mcp)
    # An open page keeps a connection: without a limit Ctrl-C would wait for it to be closed.
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)
    with suppress(KeyboardInterrupt):
        AnnouncedServer(config).run()


def main() -> None:
    """Serves the index in the present folder; `removals-qa chat` takes other places and settings."""
    from qa.cli import main as run

    raise SystemExit(run(["chat"]))


if __name__ == "__main__":
    main()

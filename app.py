"""The page: a Gradio chat with the sources beside it. Handlers translate; they decide nothing."""

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from documents.errors import BadQuestion, UserError
from page.render import NO_SOURCES, answer_html, document_page, head_html, notice_html, source_card, sources_html
from qa.pipeline import Pipeline
from qa.questions import parse_day
from qa.types import Citation, Question, Turn

TITLE = "Removals Q&A"
EXAMPLES = (
    "How many people did Canada remove in 2024?",
    "Which countries did the United States list as recalcitrant in July 2020?",
    "How long is a person given to leave under a departure order?",
    "When did the Additional Protocol to the Safe Third Country Agreement take effect?",
    "Does Canada have a formal partnership with the United States on uncooperative countries?",
    "What is the budget of Interpol?",
)
WELCOME = (
    "<h2>Ask a question</h2><p>Every sentence of an answer is quoted word for word from a document you can open. "
    "Where the documents do not answer, you are told so.</p>"
)
Messages = Sequence[dict[str, Any]]
_FOLDER = Path(__file__).parent / "page"
# Only this machine is ever asked for anything; Gradio's own scripts need inline code and evaluation.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "frame-ancestors 'self'; form-action 'self'"
)
_FONT = ("system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
_MONO = ("ui-monospace", "Consolas", "monospace")


class Handlers:
    """What the page does with an event: values in, the new question box, conversation and sources out."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def converse(self, message: str, history: Messages, as_of: str) -> Iterator[tuple[str, Messages, str]]:
        """Answers a question in its conversation, written out quote by quote."""
        if not message.strip():
            yield "", history, gr.skip()
            return
        asked = [*history, {"role": "user", "content": message}]
        for answer, sources in self._answers(message, history, as_of):
            yield "", [*asked, {"role": "assistant", "content": answer}], sources

    def choose(self, example: gr.SelectData, as_of: str) -> Iterator[tuple[str, Messages, str]]:
        """Asks an example question."""
        yield from self.converse(example.value["text"], [], as_of)

    def _answers(self, message: str, history: Messages, as_of: str) -> Iterator[tuple[str, str]]:
        try:
            question = Question(message, history=turns_of(history), as_of=parse_day(as_of.strip(), "As of"))
            answer = self._pipeline.answer(question)
        except UserError as error:
            yield notice_html(str(error)), NO_SOURCES
            return
        sources = sources_html(answer)
        for shown in range(1, len(answer.quoted)):
            yield answer_html(answer, quotes=shown), sources
        yield answer_html(answer), sources


def build_page(pipeline: Pipeline) -> gr.Blocks:
    """Returns the chat page over a pipeline."""
    handlers = Handlers(pipeline)
    page: gr.Blocks
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True, fill_width=True) as page:
        gr.HTML(head_html(len(pipeline.store.documents())), elem_id="head")
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=3, min_width=300, elem_id="conversation"):
                chat = gr.Chatbot(
                    height="100%",
                    show_label=False,
                    label="Conversation",
                    buttons=[],
                    latex_delimiters=[],
                    elem_id="chat",
                    placeholder=WELCOME,
                    examples=[{"text": text} for text in EXAMPLES],
                )
                question = gr.Textbox(
                    label="Question",
                    show_label=False,
                    placeholder="Ask about the documents",
                    submit_btn=True,
                    max_lines=6,
                    autofocus=True,
                    elem_id="question",
                )
                with gr.Accordion("Narrow the documents", open=False):
                    as_of = gr.Textbox(
                        "", label="As of (YYYY-MM-DD)", info="Only documents dated on or before this day"
                    )
            with gr.Column(scale=2, min_width=300, elem_id="proof"):
                sources = gr.HTML(NO_SOURCES, elem_id="sources")
        shown = [question, chat, sources]
        question.submit(
            handlers.converse,
            [question, chat, as_of],
            shown,
            concurrency_limit=8,
            api_name="ask",
            show_progress="hidden",
        )
        chat.example_select(
            handlers.choose, as_of, shown, concurrency_limit=8, api_visibility="private", show_progress="hidden"
        )
        chat.clear(lambda: NO_SOURCES, outputs=sources, api_visibility="private")
    return page


def turns_of(history: Messages) -> tuple[Turn, ...]:
    """Returns the questions asked before: what was answered is HTML and is found again, not read back."""
    return tuple(Turn("user", _text_of(message["content"])) for message in history if message["role"] == "user")


def _text_of(content: object) -> str:
    """Gradio gives a message's content as text or as a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    return " ".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))


def build_app(pipeline: Pipeline) -> FastAPI:
    """Returns the web application: the page at /, a document at /document, one source at /source."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    style = (_FOLDER / "document.css").read_text(encoding="utf-8")

    @app.middleware("http")
    async def keep_to_this_machine(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @app.get("/document", response_class=HTMLResponse)
    def document(id: str, start: int = 0, end: int = 0) -> str:
        try:
            return document_page(pipeline.store.document(id), start, end, style)
        except BadQuestion as error:
            raise HTTPException(404, str(error)) from error

    @app.get("/source", response_class=HTMLResponse)
    def source(id: str, start: int, end: int, marker: int = 1) -> str:
        citation = _citation(pipeline, id, start, end)
        if citation is None:
            raise HTTPException(404, f"{id}: no passage of this document holds characters {start} to {end}.")
        return "<h2>Source of an earlier answer</h2>" + source_card(citation, marker)

    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build_page(pipeline),
        path="/",
        theme=gr.themes.Default(primary_hue="blue", font=_FONT, font_mono=_MONO),
        css_paths=_FOLDER / "style.css",
        head=f"<script>{(_FOLDER / 'page.js').read_text(encoding='utf-8')}</script>",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
    )
    return mounted


def _citation(pipeline: Pipeline, document_id: str, start: int, end: int) -> Citation | None:
    passage = pipeline.store.passage_at(document_id, start, end)
    return Citation(passage, start, end, passage.text[start - passage.start : end - passage.start]) if passage else None


def serve(pipeline: Pipeline, *, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serves the page until it is stopped. The models load meanwhile, so that the first question need not wait."""
    threading.Thread(target=pipeline.search, args=(Question("warm up"), 1), daemon=True).start()
    print(f"{TITLE}: http://{host}:{port} (Ctrl-C stops it)", flush=True)  # noqa: T201
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    uvicorn.run(build_app(pipeline), host=host, port=port, log_level="warning")


def main() -> None:
    """Serves the index in the present folder; `removals-qa chat` takes other places and settings."""
    from qa.cli import main as run

    raise SystemExit(run(["chat"]))


if __name__ == "__main__":
    main()

"""The API for programs: named endpoints of Gradio's API, which are also the tools of the MCP server."""

from typing import Any

import gradio as gr
from gradio.events import api

from page.address import Narrowing, asked
from page.site import Site
from qa.batch import answer_object, answer_row, passage_object
from qa.show import info_object

_MOST = 200  # questions in one call


def add_api(site: Site) -> None:
    """Adds the endpoints /ask, /search, /batch and /documents to the page that is being built."""
    pipeline = site.pipeline

    def ask(question: str, as_of: str = "", documents: list[str] | None = None) -> dict[str, Any]:
        """Answers a question with quotes, word for word, from the documents, or refuses.

        Args:
            question: The question, in English or French.
            as_of: YYYY-MM-DD; only documents dated on or before this day are searched. Empty for no limit.
            documents: Ids of the only documents to search. Empty for all.

        Returns:
            The answer with its confidence and its citations: document id, title, date, page, offsets and quote.
        """
        limits = Narrowing(as_of, documents=tuple(documents or ()))
        return {"question": question} | answer_object(pipeline.answer(asked(question, [], limits)))

    def search(question: str, passages: int = 10, as_of: str = "") -> list[dict[str, Any]]:
        """Finds the passages nearest to a question, best first, without answering it.

        Args:
            question: The question, in English or French.
            passages: How many, from 1 to 100.
            as_of: YYYY-MM-DD; only documents dated on or before this day are searched. Empty for no limit.

        Returns:
            The passages with rank, document id, offsets, text and score.
        """
        found = pipeline.search(asked(question, [], Narrowing(as_of)), max(1, min(int(passages), 100)))
        return [passage_object(hit, rank) for rank, hit in enumerate(found, 1)]

    def batch(questions: list[str], as_of: str = "") -> list[dict[str, Any]]:
        """Answers several questions, each by itself, as /ask does; one that cannot be answered says why in "error".

        Args:
            questions: At most 200 questions.
            as_of: YYYY-MM-DD; only documents dated on or before this day are searched. Empty for no limit.

        Returns:
            The answers, in the order of the questions.
        """
        if len(questions) > _MOST:
            raise gr.Error(f"{len(questions)} questions: send at most {_MOST} at once, or use removals-qa batch.")
        rows = ({"question": each, "as_of": as_of} for each in questions)
        return [answer_row(row, number, pipeline) for number, row in enumerate(rows, 1)]

    def documents() -> list[dict[str, Any]]:
        """Lists the documents: id, title, date, language and where each comes from.

        Returns:
            The documents, by id.
        """
        counts = site.store.passage_counts()
        return [info_object(info) | {"passages": counts.get(info.id, 0)} for info in site.store.documents()]

    for function in (ask, search, batch, documents):
        api(function, api_name=function.__name__, concurrency_limit=8)

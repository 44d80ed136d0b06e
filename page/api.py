"""The API for programs: named endpoints of Gradio's API, which are also the tools of the MCP server."""

from typing import Any

import gradio as gr
from gradio.events import api

from documents.errors import BadQuestion
from documents.kinds import kind_of
from documents.language import language_of
from page.address import Narrowing, asked
from page.site import Site
from qa.batch import answer_object, passage_object
from qa.batch.rows import answered
from qa.refuse import threshold
from qa.show import info_object

_MOST = 200  # questions in one call
Texts = list[str] | None


def add_api(site: Site) -> None:
    """Adds the endpoints /ask, /search, /batch and /documents to the page that is being built."""
    pipeline = site.pipeline

    def ask(
        question: str,
        as_of: str = "",
        documents: list[str] | None = None,
        kinds: list[str] | None = None,
        languages: list[str] | None = None,
        collections: list[str] | None = None,
        history: list[str] | None = None,
        refuse: str = "",
    ) -> dict[str, Any]:
        """Answers a question with quotes, word for word, from the documents, or refuses.

        Args:
            question: The question, in English or French.
            as_of: YYYY-MM-DD; only documents dated on or before this day are searched. Empty for no limit.
            documents: Ids of the only documents to search, as /documents lists them. Empty for all.
            kinds: The only kinds of documents to search: statute, regulation, report, decision, press, advocacy,
                internal, brief, or unknown. Empty for all.
            languages: The only languages of documents to search: en, fr. Empty for all.
            collections: The only collections to search, as /documents lists them. Empty for all.
            history: The questions asked before in this conversation, the oldest first. Empty for none.
            refuse: How careful to be: careful, balanced, eager or never. Empty for the server's own setting.

        Returns:
            The answer with its confidence and its citations: document id, title, date, page, offsets and quote.
        """
        limits = _limits(as_of, documents, kinds, languages, collections, refuse)
        earlier = _texts("history", history)
        return {"question": question} | answer_object(pipeline.answer(asked(question, earlier, limits)))

    def search(
        question: str,
        passages: int = 10,
        as_of: str = "",
        documents: list[str] | None = None,
        kinds: list[str] | None = None,
        languages: list[str] | None = None,
        collections: list[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Finds the passages nearest to a question, best first, without answering it.

        Args:
            question: The question, in English or French.
            passages: How many, from 1 to 100.
            as_of: YYYY-MM-DD; only documents dated on or before this day are searched. Empty for no limit.
            documents: Ids of the only documents to search, as /documents lists them. Empty for all.
            kinds: The only kinds of documents to search: statute, regulation, report, decision, press, advocacy,
                internal, brief, or unknown. Empty for all.
            languages: The only languages of documents to search: en, fr. Empty for all.
            collections: The only collections to search, as /documents lists them. Empty for all.

        Returns:
            The passages with rank, document id, offsets, text and score.
        """
        limits = _limits(as_of, documents, kinds, languages, collections)
        found = pipeline.search(asked(question, [], limits), max(1, min(int(passages), 100)))
        return [passage_object(hit, rank) for rank, hit in enumerate(found, 1)]

    def batch(
        questions: list[str],
        as_of: str = "",
        documents: list[str] | None = None,
        kinds: list[str] | None = None,
        languages: list[str] | None = None,
        collections: list[str] | None = None,
        refuse: str = "",
    ) -> list[dict[str, Any]]:
        """Answers several questions, each by itself, as /ask does; one that cannot be answered says why in "error".

        Args:
            questions: At most 200 questions.
            as_of: YYYY-MM-DD; only documents dated on or before this day are searched. Empty for no limit.
            documents: Ids of the only documents to search, as /documents lists them. Empty for all.
            kinds: The only kinds of documents to search: statute, regulation, report, decision, press, advocacy,
                internal, brief, or unknown. Empty for all.
            languages: The only languages of documents to search: en, fr. Empty for all.
            collections: The only collections to search, as /documents lists them. Empty for all.
            refuse: How careful to be: careful, balanced, eager or never. Empty for the server's own setting.

        Returns:
            The answers, in the order of the questions.
        """
        held = _texts("questions", questions)
        if len(held) > _MOST:
            raise gr.Error(f"{len(held)} questions: send at most {_MOST} at once, or use removals-qa batch.")
        limits = _limits(as_of, documents, kinds, languages, collections, refuse)
        return [{"question": each} | answered(asked(each, [], limits), pipeline) for each in held]

    def documents() -> list[dict[str, Any]]:
        """Lists the documents: id, title, date, kind, language, collection and where each comes from.

        Returns:
            The documents, by id.
        """
        counts = site.store.passage_counts()
        return [info_object(info) | {"passages": counts.get(info.id, 0)} for info in site.store.documents()]

    for function in (ask, search, batch, documents):
        api(function, api_name=function.__name__, concurrency_limit=8)


def _limits(
    as_of: str, documents: Texts, kinds: Texts, languages: Texts, collections: Texts, refuse: str = ""
) -> Narrowing:
    """Returns what narrows a question; kinds and languages may be written by their names, in English or French.

    Raises:
        BadQuestion: one is no list of texts.
        BadSetting: a kind or a refusal setting is unknown.
    """
    if refuse:
        threshold(refuse)
    return Narrowing(
        as_of or "",
        tuple(map(kind_of, _named("kinds", kinds))),
        tuple(map(language_of, _named("languages", languages))),
        _named("collections", collections),
        _named("documents", documents),
        refuse or "",
    )


def _named(name: str, values: object) -> tuple[str, ...]:
    """Returns the values of a limit; an empty one names nothing, not what is unknown."""
    return tuple(each for each in _texts(name, values) if each.strip())


def _texts(name: str, values: object) -> tuple[str, ...]:
    """Returns the values of a parameter.

    Raises: BadQuestion where they are no list of texts: one text alone would be taken for its letters.
    """
    if values is None or values == "":
        return ()
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise BadQuestion(f'{name} is {values!r}: give a list of texts, such as ["…"].')
    return tuple(values)

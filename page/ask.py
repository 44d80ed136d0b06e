"""The tab for questions: chat, what narrows it, and the sources beside it. Handlers translate; they decide nothing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from documents.errors import UserError, told
from page.address import address_of, asked, chosen, question_at
from page.hidden import heard, hidden_box
from page.keep import keep_html
from page.limits import Limits, build_limits
from page.places import one_line
from page.render import answer_html, notice_html, related_html
from page.site import Site
from page.sources import Pictured, no_sources, sources_html
from page.wording import Wording
from qa.conversation import TURNS
from qa.related import related
from qa.types import Question

EXAMPLES = {
    "en": (
        "How many people did Canada remove in 2024?",
        "Which countries did the United States list as recalcitrant in July 2020?",
        "How long is a person given to leave under a departure order?",
        "When did the Additional Protocol to the Safe Third Country Agreement take effect?",
        "Does Canada have a formal partnership with the United States on uncooperative countries?",
        "What is the budget of Interpol?",
    ),
    "fr": (
        "Combien de personnes le Canada a-t-il renvoyées en 2024 ?",
        "Combien de jours a-t-on pour partir après une mesure d’interdiction de séjour ?",
        "Quels pays sont visés par un sursis administratif aux renvois ?",
        "Quels pays les États-Unis jugeaient-ils récalcitrants en 2025 ?",
        "Qu’est-ce que l’Entente sur les tiers pays sûrs ?",
        "Quel est le budget d’Interpol ?",
    ),
}
Messages = Sequence[dict[str, Any]]
# The question box, the conversation, the sources, the address of the answer. The page clears the box when a question is
# sent: one that is typed meanwhile stays.
Shown = tuple[Any, Messages, str, str]
_SENT = "(...given) => { window.removals.sent(); return given; }"


@dataclass(frozen=True, slots=True)
class AskTab:
    """What the page needs of the tab once it is built: its handlers, and the parts that arriving sets."""

    handlers: "AskHandlers"
    restore: gr.Textbox
    controls: list[Any]
    chips: gr.HTML
    shown: list[Any]
    address: gr.State
    more: gr.HTML


class AskHandlers:
    """What the tab does with an event: values in; what is shown out."""

    def __init__(self, site: Site, wording: Wording, pictured: Pictured) -> None:
        self.limits = Limits(site, wording)
        self._site, self._pipeline, self._wording = site, site.pipeline, wording
        self._sources = partial(sources_html, wording=wording, pictured=pictured)
        self._precedence = site.precedence

    def converse(self, message: str, history: Messages, *limits: Any) -> Shown:
        """Answers a question in its conversation."""
        if not message.strip():
            return gr.skip(), history, gr.skip(), ""
        try:
            # The answer hangs on the last few questions only, and its address names all that it hangs on.
            question = asked(message, questions_of(history)[-TURNS:], self.limits.held(*limits))
        except UserError as error:
            return self._told(message, history, error)
        return self._answered(question, history)

    def choose(self, example: gr.SelectData, *limits: Any) -> Shown:
        """Asks an example question."""
        return self.converse(example.value["text"], [], *limits)

    def follow(self, address: str, history: Messages) -> Shown:
        """Asks the question of a link on the page, in the conversation."""
        question = question_at(address)
        return self._answered(question, history) if question else (gr.skip(), history, gr.skip(), "")

    def arrive(self, kept: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Sets controls and chips by the address, and asks its question and those it was asked after, one by one.

        `kept` is the conversation as `restored` takes it where the browser has it: then nothing is asked again.
        """
        parameters = list(request.query_params.multi_items()) if request else []
        controls = self.limits.shown(chosen(parameters))
        query = {name: [value for key, value in parameters if key == name] for name, _ in parameters}
        try:
            question = question_at(query)
        except UserError as error:
            yield *controls, *self._told(query["q"][0], [], error)
            return
        if not kept and question is None:
            yield *controls, gr.skip(), gr.skip(), gr.skip(), ""
            return
        rest = gr.update(interactive=False)
        as_chosen = [gr.skip() for _ in controls]  # the reader may have taken a limit off meanwhile
        if kept or question is None:
            yield *controls, rest, gr.skip(), gr.skip(), ""
            yield *as_chosen, rest, *self.restored(kept)
            return
        yield *controls, rest, _turn(_asked_at(question, 0), "")[:1], gr.skip(), ""
        history: Messages = []
        for place in range(len(question.history) + 1):
            each = replace(question, text=_asked_at(question, place), history=question.history[:place])
            shown = self._answered(each, history)
            history = shown[1]
            yield *as_chosen, *shown

    def more(self, address: str) -> str:
        """Returns topics near the answer at an address that the documents speak of; questions are answered first."""
        question = question_at(address) if address else None
        if question is None:
            return ""
        answer = self._site.answer(question)
        offered = list(related(answer, self._pipeline, self._precedence.give_way))
        return related_html(offered, answer.refused, self._wording)

    def restored(self, kept: str) -> tuple[Messages, str, str]:
        """Shows a conversation as the browser kept it, with the sources of its last answer.

        `kept` is JSON: the pairs of a question and the HTML of its answer, and the address of the last answer.
        """
        try:
            conversation = json.loads(kept)
            turns = [(str(question), str(answer)) for question, answer in conversation["turns"]]
            address = str(conversation["address"])
        except (KeyError, TypeError, ValueError):
            return [], no_sources(self._wording), ""
        messages = [message for question, answer in turns for message in _turn(question, one_line(answer))]
        try:
            question = question_at(address)
            sources = self._sources(self._site.answer(question)) if question else no_sources(self._wording)
        except UserError:  # a document it was narrowed to is gone
            return messages, no_sources(self._wording), ""
        return messages, sources, address

    def _answered(self, question: Question, history: Messages) -> Shown:
        try:
            with self._precedence.answering():
                state = self._site.store.generation()
                answer = self._pipeline.answer(question)
        except UserError as error:
            return self._told(question.text, history, error)
        self._site.given.keep(state, answer)
        turn, address = _turn(question.text, answer_html(answer, self._wording)), address_of(question)
        return gr.skip(), [*history, *turn], self._sources(answer), address

    def _told(self, question: str, history: Messages, error: UserError) -> Shown:
        said = notice_html(told(error, self._wording.language))
        return gr.skip(), [*history, *_turn(question, said)], no_sources(self._wording), ""


def questions_of(history: Messages) -> list[str]:
    """Returns the questions asked before: what was answered is HTML and is found again, not read back."""
    return [_text_of(message["content"]) for message in history if message["role"] == "user"]


def _turn(question: str, answer: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def _text_of(content: object) -> str:
    """Gradio gives a message's content as text or as a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    return " ".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))


def build_ask(site: Site, wording: Wording, pictured: Pictured) -> AskTab:
    """Puts the tab's parts on the page that is being built, and binds them to their handlers."""
    handlers = AskHandlers(site, wording, pictured)
    with gr.Row(elem_id="columns"):
        with gr.Column(scale=3, min_width=300, elem_id="conversation"):
            chat = _chat(wording)
            chips = gr.HTML("", elem_id="chips")
            question = gr.Textbox(
                label=wording["question"],
                show_label=False,
                placeholder=wording["ask_placeholder"],
                submit_btn=True,
                max_lines=6,
                autofocus=True,
                elem_id="question",
            )
            controls = build_limits(site, wording)
            gr.HTML(keep_html(wording, collecting=site.library is not None), elem_id="keep")
        with gr.Column(scale=2, min_width=300, elem_id="proof"):
            sources = gr.HTML(no_sources(wording), elem_id="sources")
            more = gr.HTML("", elem_id="related")
    follow, unset, restore = (hidden_box(name) for name in ("follow", "unset", "restore"))
    address = gr.State("")
    shown = [question, chat, sources, address]
    quietly: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": 8, "api_visibility": "private"}
    asking = [
        question.submit(handlers.converse, [question, chat, *controls], shown, js=_SENT, **quietly),
        chat.example_select(handlers.choose, controls, shown, **quietly),
        follow.change(heard(handlers.follow), [follow, chat], shown, **quietly),
    ]
    for event in asking:
        event.then(handlers.more, address, more, **quietly)
    unset.change(heard(handlers.limits.without), [unset, *controls], [*controls, chips], **quietly)
    # What the reader does only: while the controls are set from here, one might be seen set and another not yet. One
    # listener for all, so that of two that change at once no earlier state is shown last.
    done = [control.input for control in controls]
    gr.on(done, handlers.limits.chips, controls, chips, trigger_mode="always_last", **quietly)
    opened = restore.change(heard(handlers.restored), restore, [chat, sources, address], **quietly)
    opened.then(handlers.more, address, more, **quietly)
    chat.clear(lambda: (no_sources(wording), ""), outputs=[sources, more], **quietly)
    return AskTab(handlers, restore, controls, chips, shown, address, more)


def _chat(wording: Wording) -> gr.Chatbot:
    return gr.Chatbot(
        height="100%",
        autoscroll=False,
        show_label=False,
        label=wording["conversation"],
        buttons=[],
        latex_delimiters=[],
        elem_id="chat",
        placeholder=f"<h2>{wording['welcome']}</h2><p>{wording['welcome_text']}</p>",
        examples=[{"text": text} for text in EXAMPLES[wording.language]],
    )


def _asked_at(question: Question, place: int) -> str:
    """Returns the earlier question at a place, or the question itself after the last."""
    return question.history[place].text if place < len(question.history) else question.text

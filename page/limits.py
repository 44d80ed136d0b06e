"""What narrows a question and how careful its answer is: the controls, and the chips that take a limit off."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from documents.errors import BadQuestion
from documents.kinds import kind_name
from page.address import Narrowing
from page.site import Site
from page.wording import Wording
from qa.refuse import MEASURED, MEASURED_ON, THRESHOLDS


class Limits:
    """Translates between the controls' values and a Narrowing, which names the server's own setting by ""."""

    def __init__(self, site: Site, wording: Wording) -> None:
        self._store, self._own, self._wording = site.store, site.pipeline.settings.refuse, wording

    def held(self, as_of: str, kinds: Any, languages: Any, collections: Any, documents: Any, refuse: Any) -> Narrowing:
        """Returns what narrows a question, from the controls' values."""
        return Narrowing(
            (as_of or "").strip(),
            tuple(kinds or ()),
            tuple(languages or ()),
            tuple(collections or ()),
            tuple(documents or ()),
            "" if refuse in (None, self._own) else refuse,
        )

    def shown(self, limits: Narrowing) -> list[Any]:
        """Returns what the controls and the chips show for the limits; a value that there is not is left out."""
        filters = self._filters(limits)
        lists = [gr.update(value=chosen, **has) for chosen, has in filters]
        offered = [value for _, value in self.settings(limits.refuse)]
        value = limits.refuse if limits.refuse in offered else self._own
        chips = self.chips(limits.as_of, *(chosen for chosen, _ in filters), value)
        return [limits.as_of, *lists, gr.update(choices=self.settings(limits.refuse), value=value), chips]

    def refreshed(self, *values: Any) -> list[Any]:
        """Returns the four lists to choose from, and the chips, after the documents have changed."""
        now = self.held(*values)
        before = (now.kinds, now.languages, now.collections, now.documents)
        # subtle: the page may be setting the values by its address just now; only what is gone is taken off.
        filters = self._filters(now)
        left = [chosen for chosen, _ in filters]
        if left == [list(each) for each in before]:
            return [*(gr.update(**has) for _, has in filters), gr.skip()]
        chips = self.chips(now.as_of, *left, now.refuse)
        return [*(gr.update(value=chosen, **has) for chosen, has in filters), chips]

    def settings(self, chosen: str = "") -> list[tuple[str, str]]:
        """Returns how careful an answer can be, by name; never to refuse only where that is in force."""
        names = [each for each in THRESHOLDS if each in (*MEASURED, self._own, chosen)]
        return [(self._wording[f"refuse_{each}"], each) for each in names]

    def chips(self, *values: Any) -> str:
        """Returns the limits in force by the controls' values, each with a button that takes it off."""
        return self._chips(self.held(*values))

    def _chips(self, limits: Narrowing) -> str:
        """Returns the limits, each with a button that takes it off; limits.js puts them into the address."""
        pairs = limits.parameters()
        query = escape(urlencode(pairs), quote=True)
        if not pairs:
            return f'<div data-query="{query}"></div>'
        chips = " ".join(self._chip(name, value) for name, value in pairs)
        told = escape(self._wording["filters"])
        return f'<div class="limits" data-query="{query}"><span class="quiet">{told}</span> {chips}</div>'

    def without(self, chip: str, *values: Any) -> tuple[Any, ...]:
        """Takes one limit off; `chip` is its name and value with a line break between. Returns controls and chips."""
        name, _, value = chip.partition("\n")
        left = self.held(*values).without(name, value)
        lists = (list(each) for each in (left.kinds, left.languages, left.collections, left.documents))
        return left.as_of, *lists, left.refuse or self._own, self._chips(left)

    def _chip(self, name: str, value: str) -> str:
        named = self._named(name, value)
        label = escape(f"{self._wording['remove_filter']} {named}", quote=True)
        return (
            f'<button type="button" class="limit" data-name="{name}" data-value="{escape(value, quote=True)}" '
            f'aria-label="{label}">{escape(named)} <span aria-hidden="true">×</span></button>'
        )

    def _named(self, name: str, value: str) -> str:
        """Returns a limit as a reader knows it: a kind and a language by their names, a document by its title."""
        wording = self._wording
        if name == "as_of":
            return f"{wording['as_of']} {value}"
        if name == "refuse":
            return wording.say("refuse_chip", setting=wording[f"refuse_{value}"])
        if name == "kind":
            return kind_name(value, wording.language)
        if name == "language":
            return {"en": wording["english"], "fr": wording["french"]}.get(value, value)
        return self._title(value) if name == "document" else value

    def _title(self, document_id: str) -> str:
        try:
            return self._store.info(document_id).title or document_id
        except BadQuestion:  # removed since it was chosen
            return document_id

    def _filters(self, limits: Narrowing) -> list[tuple[list[str], dict[str, Any]]]:
        """Returns for kind, language, collection and document what is chosen, and what there is to choose."""
        documents, wording = self._store.documents(), self._wording
        spoken = {"en": wording["english"], "fr": wording["french"]}
        return [
            _filter(limits.kinds, [(kind_name(each.kind, wording.language), each.kind) for each in documents]),
            _filter(limits.languages, [(spoken.get(each.language, ""), each.language) for each in documents]),
            _filter(limits.collections, [(each.collection, each.collection) for each in documents]),
            _filter(limits.documents, [(each.title or each.id, each.id) for each in documents]),
        ]


def build_limits(site: Site, wording: Wording) -> list[Any]:
    """Puts the controls on the page, in the order of `Limits.held`; what can be chosen is filled in on arriving."""
    with gr.Accordion(wording["narrow"], open=False, elem_id="narrow"):
        with gr.Row():
            as_of = gr.Textbox("", label=wording["as_of"], info=wording["as_of_info"], elem_id="as-of")
            lists = [
                gr.Dropdown([], label=wording[name], multiselect=True, value=[], visible=False, min_width=180)
                for name in ("kinds", "languages", "collections", "only_documents")
            ]
        refuse = gr.Radio(
            Limits(site, wording).settings(),
            value=site.pipeline.settings.refuse,
            label=wording["refuse"],
            info=refuse_info(wording),
            elem_id="refuse",
        )
    return [as_of, *lists, refuse]


def refuse_info(wording: Wording) -> str:
    """Returns what it means to be careful, with what was measured of each setting."""
    rates = {
        f"{setting}_{name}": wording.share(rate)
        for setting, each in MEASURED.items()
        for name, rate in zip(("refused", "answered"), each, strict=True)
    }
    answerable, unanswerable = map(wording.number, MEASURED_ON)
    return wording.say("refuse_info", **rates, answerable=answerable, unanswerable=unanswerable)


def _filter(values: Sequence[str], choices: Sequence[tuple[str, str]]) -> tuple[list[str], dict[str, Any]]:
    """Returns those of the values that the documents have, and what a control shows of all that they have."""
    there = sorted({(name, value) for name, value in choices if value}, key=lambda pair: pair[0].casefold())
    known = {value for _, value in there}
    return [each for each in values if each in known], {"choices": there, "visible": len(there) > 1 or bool(values)}

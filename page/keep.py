"""What is kept of a conversation: its export, and the list of earlier ones, which lies in the browser only."""

import json
from html import escape

from page.export import FORMS
from page.wording import Wording

_WORDS = (
    "export_nothing exporting exported copied copied_changed not_copied no_reply job_fault why send thanks "
    "open rename delete undo history history_search history_none history_note "
    "gold_ask gold_right gold_none gold_other gold_add"
).split()


def keep_html(wording: Wording, *, collecting: bool) -> str:
    """Returns the buttons that export the conversation and the place for earlier ones; the scripts fill it.

    `collecting`, answers may be added to the accuracy questions.
    """
    exports = "".join(
        f'<button type="button" class="export" data-form="{form}">{escape(wording[f"export_{form}"])}</button>'
        for form in FORMS
    )
    words = escape(json.dumps({name: wording[name] for name in _WORDS}, ensure_ascii=False), quote=True)
    gold = ' data-gold="1"' if collecting else ""
    return (
        f'<div class="keeping" data-words="{words}"{gold}><span class="quiet" id="export-label">'
        f'{escape(wording["export_of"])}</span><span role="group" aria-labelledby="export-label">{exports}</span>'
        f'<button type="button" class="history" aria-expanded="false" aria-controls="history">'
        f'{escape(wording["history"])}</button><span class="told quiet" role="status"></span></div>'
        f'<section id="history" hidden aria-label="{escape(wording["history"], quote=True)}"></section>'
    )

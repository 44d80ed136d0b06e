"""Boxes that nobody sees, by which page.js tells the server what was done on the page."""

from collections.abc import Callable
from typing import Any

import gradio as gr


def hidden_box(name: str) -> gr.Textbox:
    """Puts a box on the page that page.js writes to by this name."""
    return gr.Textbox(elem_id=f"from-page-{name}", elem_classes="from-page", label=name)


def heard(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the handler of what a box is told, as its first argument without the number that page.js adds."""

    def handle(told: str, *others: Any) -> Any:
        return handler(told.rpartition("\n")[0], *others)

    return handle

"""The command that opens the page."""

import argparse
from typing import Any

from qa.cli.options import add_refuse, command, embedder_of, open_store, pipeline_of, positive


def add(commands: Any) -> None:
    """Adds the command."""
    chat = command(commands, "chat", run_chat, "open the page")
    chat.add_argument("--host", default="127.0.0.1")
    chat.add_argument("--port", type=positive, default=7860)
    chat.add_argument("--read-only", action="store_true", help="documents cannot be added, corrected or deleted there")
    chat.add_argument(
        "--mcp", action="store_true", help="serve the API also as tools for assistants (needs removals-qa[mcp])"
    )
    add_refuse(chat)


def run_chat(arguments: argparse.Namespace) -> int:
    """Serves the page until it is stopped. The models load while the index is opened."""
    from qa.loading import Loading
    from qa.opening import load_models

    open_store(arguments)  # a missing index is told before anything is loaded
    embedder = embedder_of(arguments)
    from app import serve  # before the models: what they are kept from importing (index/embed.py) the page needs

    loading = Loading(lambda: load_models(embedder, reader=arguments.rerank))
    library = None if arguments.read_only else open_store(arguments, writable=True)
    serve(
        pipeline_of(arguments, embedder),
        open_store(arguments),
        loading,
        library=library,
        host=arguments.host,
        port=arguments.port,
        mcp=arguments.mcp,
    )
    return 0

"""The command that opens the page."""

import argparse
from typing import Any

from qa.cli.options import add_refuse, command, pipeline_of, positive


def add(commands: Any) -> None:
    """Adds the command."""
    chat = command(commands, "chat", run_chat, "open the page")
    chat.add_argument("--host", default="127.0.0.1")
    chat.add_argument("--port", type=positive, default=7860)
    add_refuse(chat)


def run_chat(arguments: argparse.Namespace) -> int:
    from app import serve

    serve(pipeline_of(arguments), host=arguments.host, port=arguments.port)
    return 0

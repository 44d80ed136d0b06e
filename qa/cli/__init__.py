"""The command line."""

from qa.cli.main import build_parser, main

__all__ = ["build_parser", "main"]

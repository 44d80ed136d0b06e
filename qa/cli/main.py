"""The command line: parse, call the library, print. Results go to stdout, progress and warnings to stderr.

Exit status: 0 done, 1 something the user can fix (also: a file was skipped, a row failed), 2 wrong usage.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from documents.errors import UserError
from qa.cli import ask, batch, chat, compare, documents, evaluate, index, ingest
from qa.cli.options import PROGRAM, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    parsed = build_parser().parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
        return status
    except UserError as error:
        say(f"{PROGRAM}: {error}")
        return 1
    except KeyboardInterrupt:
        say(f"\n{PROGRAM}: stopped.{' What was done is kept.' if getattr(parsed, 'keeps', False) else ''}")
        return 130
    except BrokenPipeError:
        # The reader of our output went away, as head does: not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def build_parser() -> argparse.ArgumentParser:
    """Returns the parser of every command; nothing heavy is imported for it."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="Answers quoted word for word from your own documents, with citations."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (ingest, ask, batch, evaluate, compare, documents, index, chat):
        module.add(commands)
    return parser

"""The README's commands exist, with the options it names, and its figures come from a run."""

import re
import shlex
from pathlib import Path

import pytest

from qa.cli import build_parser

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for line in re.findall(r"^(?:\.venv/bin/)?removals-qa (.+)$", README, re.MULTILINE)]


def example(line: str) -> list[str]:
    """Turns a synopsis such as `ask "question" [--json] [--document ID ...]` into arguments, options included."""
    plain = re.sub(r"\| --[\w-]+", "", line).replace("...", "").replace("[", "").replace("]", "")
    stand_ins = {"K": "3", "PORT": "7861", "SECONDS": "2", "SETTING": "careful", "YYYY-MM-DD": "2026-01-31"}
    return [stand_ins.get(word, word) for word in shlex.split(plain)]


def test_the_readme_names_commands() -> None:
    assert len(COMMANDS) > 10


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_is_understood(line: str) -> None:
    assert callable(build_parser().parse_args(example(line)).run)


def test_every_command_is_in_the_readme() -> None:
    names = re.findall(r"^    ([\w-]+)", build_parser().format_help(), re.MULTILINE)
    assert "ingest" in names
    assert set(names) <= {line.split()[0] for line in COMMANDS}


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", README, re.MULTILINE))
def test_a_make_command_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("path", re.findall(r"\]\((?!http)([^)#]+)", README))
def test_a_link_of_the_readme_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_table_has_every_set_with_its_number_of_questions() -> None:
    table = README.split("<!-- accuracy -->")[1].split("<!-- /accuracy -->")[0]
    rows = [line.split("|")[1:4] for line in table.strip().splitlines()[2:]]
    assert len(rows) == 10
    assert all(name.strip() and int(questions) >= int(answerable) > 0 for name, questions, answerable in rows)

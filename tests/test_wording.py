"""Both languages say everything, with the same blanks to fill, and nothing is there that nobody says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from page import jobs
from page.batch import COLUMNS, STATUSES
from page.export import FORMS
from page.job_panel import _WORDS as JOBS
from page.keep import _WORDS as KEEP
from page.library_table import COLUMNS as LIBRARY_COLUMNS
from page.library_table import READINGS
from page.wording import LANGUAGES, Wording
from qa.batch import OUTPUTS
from qa.question_files import ROLES
from qa.refuse import THRESHOLDS

ENGLISH, FRENCH = map(Wording, LANGUAGES)
ROOT = Path(__file__).resolve().parent.parent
SOURCES = [*ROOT.glob("page/*.py"), ROOT / "app.py"]
SCRIPTS = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("page/*.js"))
BUILT = {  # names that are put together
    *(f"confidence_{each}" for each in ("high", "moderate", "low")),
    *(f"column_{each}" for each in LIBRARY_COLUMNS),
    *(f"read_{each}" for each in READINGS),
    *(f"export_{each}" for each in FORMS),
    *(f"upload_{each}" for each in ("added", "changed", "unchanged")),
    *(f"{tab}_{each}" for tab in ("batch", "accuracy") for each in ("intro", "drop", "formats")),
    *(f"start_{each}" for each in ("batch", "evaluation")),
    *(f"job_{each}" for each in (jobs.READY, jobs.WAITING, jobs.RUNNING, jobs.STOPPED, jobs.DONE)),
    *(f"{name}_{many}" for name in ("questions", "passages", "redactions", *STATUSES) for many in ("1", "n")),
    *(f"role_{each}" for each in ROLES),
    *(f"refuse_{each}" for each in THRESHOLDS),
    *(f"column_{each}" for each in COLUMNS),
    *(f"status_{each}" for each in STATUSES),
    *(f"answers_{each[1:]}" for each in OUTPUTS),
}


@pytest.mark.parametrize("name", list(ENGLISH))
def test_both_languages_say_it_with_the_same_blanks(name: str) -> None:
    assert ENGLISH[name].strip()
    assert FRENCH[name].strip()
    blanks = [set(re.findall(r"{(\w+)}", each[name])) for each in (ENGLISH, FRENCH)]
    assert blanks[0] == blanks[1]


def named(path: Path) -> Iterator[str]:
    """Yields the texts that may name what is said: those for a keyword, such as an id on the page, do not."""
    nodes = [ast.parse(path.read_text(encoding="utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        for child in ast.iter_child_nodes(node):
            if not (isinstance(child, ast.keyword) and isinstance(child.value, ast.Constant)):
                nodes.append(child)


SAID = BUILT | {name for path in SOURCES if path.name != "wording.py" for name in named(path)} | {*KEEP, *JOBS}


@pytest.mark.parametrize("name", list(ENGLISH))
def test_everything_is_said_somewhere(name: str) -> None:
    assert name in SAID


@pytest.mark.parametrize("name", sorted({*KEEP, *JOBS}))
def test_every_word_that_the_scripts_are_given_is_read_by_them(name: str) -> None:
    assert f'"{name}"' in SCRIPTS


def test_an_unknown_language_is_english() -> None:
    assert Wording("de")["question"] == ENGLISH["question"]
    assert Wording("de").language == "en"

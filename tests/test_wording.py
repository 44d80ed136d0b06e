"""Both languages say everything, with the same blanks to fill, and nothing is there that nobody says."""

import re
from pathlib import Path

import pytest

from page import jobs
from page.batch import COLUMNS, STATUSES
from page.export import FORMS
from page.library_table import COLUMNS as LIBRARY_COLUMNS
from page.library_table import READINGS
from page.wording import LANGUAGES, Wording
from qa.batch import OUTPUTS
from qa.question_files import ROLES
from qa.refuse import THRESHOLDS

ENGLISH, FRENCH = map(Wording, LANGUAGES)
SOURCES = [*Path(__file__).resolve().parent.parent.glob("page/*.py"), Path(__file__).resolve().parent.parent / "app.py"]
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


@pytest.mark.parametrize("name", list(ENGLISH))
def test_everything_is_said_somewhere(name: str) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "wording.py")
    words = set(re.findall(r"[a-z_]+", text))
    assert name in words or name in BUILT


def test_an_unknown_language_is_english() -> None:
    assert Wording("de")["question"] == ENGLISH["question"]
    assert Wording("de").language == "en"

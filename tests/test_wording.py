"""Both languages say everything, with the same blanks to fill, and nothing is there that nobody says."""

import re
from pathlib import Path

import pytest

from page.wording import LANGUAGES, Wording

ENGLISH, FRENCH = map(Wording, LANGUAGES)
SOURCES = [*Path(__file__).resolve().parent.parent.glob("page/*.py"), Path(__file__).resolve().parent.parent / "app.py"]
BUILT = "confidence_|column_|export_|upload_|tab_"  # names that are put together from these and a word


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
    assert name in words or re.match(BUILT, name)


def test_an_unknown_language_is_english() -> None:
    assert Wording("de")["question"] == ENGLISH["question"]
    assert Wording("de").language == "en"

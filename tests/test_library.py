"""The briefs that are shipped in documents/library."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from documents.read import documents_in

LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
BRIEFS = sorted(LIBRARY.glob("*.md"))
brief_by_brief = pytest.mark.parametrize("path", BRIEFS, ids=[path.stem for path in BRIEFS])


def parts(path: Path) -> tuple[dict[str, Any], str]:
    """Returns the front matter and the body."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def test_there_are_ten_briefs() -> None:
    assert len(BRIEFS) == 10


@brief_by_brief
def test_the_front_matter_says_what_a_brief_is(path: Path) -> None:
    fields, _ = parts(path)
    assert {"title", "date", "language", "kind", "summary", "sources", "facts"} <= set(fields)
    assert (fields["language"], fields["kind"]) == ("en", "brief")
    assert fields["title"].strip()
    assert fields["summary"].strip()


@brief_by_brief
def test_the_date_is_an_iso_day(path: Path) -> None:
    fields, _ = parts(path)
    assert type(fields["date"]) is date  # YAML reads YYYY-MM-DD alone as a day


@brief_by_brief
def test_every_source_has_a_name_and_a_web_address_if_any(path: Path) -> None:
    for source in parts(path)[0]["sources"]:
        assert source["name"].strip()
        assert re.match("https?://", source.get("url", "https://"))


@brief_by_brief
def test_relative_links_lead_somewhere(path: Path) -> None:
    _, body = parts(path)
    targets = re.findall(r"\]\(([^)]+)\)", body)
    relative = [target.split("#")[0] for target in targets if "://" not in target]
    assert [target for target in relative if target and not (path.parent / target).is_file()] == []


@brief_by_brief
def test_a_brief_is_brief(path: Path) -> None:
    assert 450 <= len(parts(path)[1].split()) <= 900


@brief_by_brief
def test_the_body_opens_with_the_title(path: Path) -> None:
    fields, body = parts(path)
    assert body.strip().split("\n")[0] == f"# {fields['title']}"


@brief_by_brief
def test_no_eight_words_in_a_row_are_the_seed_report_s(path: Path, seed_report: str) -> None:
    assert runs(path.read_text(encoding="utf-8")) & runs(seed_report) == set()


@brief_by_brief
def test_every_fact_is_in_the_dossier(path: Path, shared: Path) -> None:
    lines = (shared / "dossier.jsonl").read_text(encoding="utf-8").splitlines()
    known = {json.loads(line)["id"] for line in lines}
    facts = parts(path)[0]["facts"]
    assert set(facts) - known == set()
    assert len(facts) == len(set(facts))


def test_the_briefs_together_use_the_dossier() -> None:
    assert len({fact for path in BRIEFS for fact in parts(path)[0]["facts"]}) >= 100


@brief_by_brief
def test_a_brief_is_read_as_it_says(path: Path) -> None:
    fields, _ = parts(path)
    (document,) = documents_in(path, path.name)
    info = document.info
    assert (info.title, info.date, info.language) == (fields["title"], fields["date"].isoformat(), "en")
    assert document.text[document.headings[0].start : document.headings[0].end] == fields["title"]

"""The briefs that are shipped in documents/library: form, sources, figures, and sentences that can be quoted alone."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from documents.read import documents_in
from documents.sentences import sentence_spans

LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
BRIEFS = sorted(LIBRARY.glob("*.md"))
FRENCH = [path for path in BRIEFS if path.name.endswith(".fr.md")]
ENGLISH = [path for path in BRIEFS if path not in FRENCH]
brief_by_brief = pytest.mark.parametrize("path", BRIEFS, ids=[path.name for path in BRIEFS])
french_by_french = pytest.mark.parametrize("path", FRENCH, ids=[path.name for path in FRENCH])

GROUPED = re.compile(r"(?<!\d)\d{1,3}(?:[, ]\d{3})+(?!\d)")  # 18,048 in English, 18 048 in French
FIGURE = re.compile(r"\d+(?:\.\d+)?")
DOUBTFUL = ("secondary source", "weak", "source secondaire", "source faible")
POINTING = re.compile(r"(?:It|They|This|These|Those|He|She|Its|Their|His|Il|Elle|Ils|Elles|Ce(?! que)|Cette|Ces)\b")

MONTHS = (
    "January February March April May June July August September October November December "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()
DAY = re.compile(rf"(?:\b(\d\d?) )?\b({'|'.join(MONTHS)}) ((?:19|20)\d\d)\b")
YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
PLANNED = re.compile(r"planned for fall 2021|a year by 2022|cost recovery for \w+ 2025")

# The places where the sources differ: a figure, and a word that its sentence must hold.
PLACES = {
    "removals from Canada in 2024": [
        ("16,781", "2024"),
        ("16,860", "2024"),
        ("17,357", "2024"),
        ("7,300", "19 November"),
    ],
    "removals from Canada in 2023": [("15,124", "2023"), ("15,203", "2023"), ("15,207", "2023")],
    "removals from Canada in 2018-19": [(figure, "2018-19") for figure in ("9,669", "9,682", "9,693")],
    "removals from Canada in 2019-20": [(each, "2019-20") for each in ("10,276", "10,726", "11,171", "11,458")],
    "last fiscal year, last 12 months": [("18,048", "fiscal year 2024-25"), ("more than 22,000", "12 months")],
    "border plan money for removals": [("30.4", "GTA Chronicle"), ("30.5", "Reuters"), ("55.5", "asylum")],
    "deferrals": [("11", "31 May 2019"), ("13", "26 April 2023"), ("16", "June 2025"), ("four", "March 2026")],
    "US recalcitrant list": [
        ("over 20", "end of 2016"),
        ("23", "end of 2016"),
        ("12", "May 2017"),
        ("9", "8 September 2018"),
        ("10", "January 2020"),
        ("13", "July 2020"),
        ("15", "late 2024"),
    ],
    "US at-risk list": [
        ("55", "at risk"),
        ("47", "at risk"),
        ("24", "at risk"),
        ("23", "at risk"),
        ("17", "at risk"),
    ],
    "final US orders": [("1,323,264", "December 2023"), ("1,445,549", "24 November 2024")],
    "US removals in 2025": [
        ("319,980", "OpenImmigration"),
        ("340,000", "Migration Policy Institute"),
        ("326,390", "Guardian"),
        ("605,000", "all agencies"),
    ],
    "removal inventory": [
        ("15,000", "2017"),
        ("197,000", "April 2019"),
        ("50,000", "enforceable"),
        ("217,000", "24 November 2020"),
        ("30,000", "in progress"),
        ("33,000", "warrants"),
    ],
    "repayment": [("750", "older"), ("1,500", "older"), ("3,840", "owes"), ("12,880", "owes"), ("3,800", "Press")],
    "spending on removals": [
        ("34 million", "2018-19"),
        ("51 million", "2019"),
        ("62 million", "2023"),
        ("78", "2024-25"),
    ],
    "withdrawn claim": [("15 days", "Before the 2026 amendments"), ("on the day", "withdrawal")],
    "14-day wording": [("within 14 days", "US text"), ("less than 14 days after the day", "Canadian text")],
    "entry bans": [("12", "Proclamation 10949"), ("7", "partly"), ("five", "full US list"), ("15 more", "partial")],
    "Smart Border": [("30", "points"), ("32", "points")],
}


def parts(path: Path) -> tuple[dict[str, Any], str]:
    """Returns the front matter and the body."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def sentences(path: Path) -> list[str]:
    """Returns what can be quoted from a brief, table rows and headings included."""
    (document,) = documents_in(path, path.name)
    return [document.text[start:end] for start, end in sentence_spans(document.text)]


def days(text: str) -> list[date]:
    """Returns the days that a sentence names, of a month or year its first; what was planned for later is left out."""
    text = PLANNED.sub("", text)
    months = [(int(year), MONTHS.index(month) % 12 + 1, int(day or 1)) for day, month, year in DAY.findall(text)]
    return [date(*each) for each in months] + [date(int(year), 1, 1) for year in YEAR.findall(text)]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str, length: int = 8) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def figures(text: str) -> set[str]:
    """Returns the numbers, thousands joined, decimals with a point, without zeros in front: 07 of a date is 7."""
    text = GROUPED.sub(lambda found: re.sub("[, ]", "", found[0]), text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    return {found.lstrip("0") or "0" for found in FIGURE.findall(text)}


def figures_of(fact: dict[str, str]) -> set[str]:
    """Returns what a fact of the dossier says in digits; a fiscal year also as its two calendar years."""
    text = " ".join(fact[key] for key in ("statement", "as_of", "source"))
    years = {f"20{year}" for year in re.findall(r"\b20\d\d-(\d\d)\b|\bFY(\d\d)\b", text) for year in year if year}
    return figures(text) | years


@pytest.fixture(scope="session")
def facts(shared: Path) -> dict[str, dict[str, str]]:
    lines = (shared / "dossier.jsonl").read_text(encoding="utf-8").splitlines()
    return {fact["id"]: fact for fact in map(json.loads, lines)}


@pytest.fixture(scope="session")
def only_compared(shared: Path, facts: dict[str, dict[str, str]]) -> set[str]:
    """The figures that the dossier gives only where it compares its sources."""
    compared = (shared / "dossier.md").read_text(encoding="utf-8").split("## Places where")[1]
    return figures(compared).difference(*(figures_of(fact) for fact in facts.values()))


def test_there_are_forty_english_briefs_and_five_french_ones() -> None:
    assert len(ENGLISH) >= 40
    assert len(FRENCH) >= 5


@brief_by_brief
def test_the_front_matter_says_what_a_brief_is(path: Path) -> None:
    fields, _ = parts(path)
    assert {"title", "date", "language", "kind", "summary", "sources", "facts"} <= set(fields)
    assert (fields["language"], fields["kind"]) == ("fr" if path in FRENCH else "en", "brief")
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
    assert relative
    assert [target for target in relative if target and not (path.parent / target).is_file()] == []


def test_every_brief_is_linked_to_from_another() -> None:
    linked = {target for path in BRIEFS for target in re.findall(r"\]\(([^)]+)\)", parts(path)[1])}
    assert {path.name for path in BRIEFS} - linked == set()


@brief_by_brief
def test_a_brief_is_brief(path: Path) -> None:
    assert 250 <= len(parts(path)[1].split()) <= 700


@brief_by_brief
def test_the_body_opens_with_the_title(path: Path) -> None:
    fields, body = parts(path)
    assert body.strip().split("\n")[0] == f"# {fields['title']}"


@brief_by_brief
def test_no_eight_words_in_a_row_are_the_seed_report_s(path: Path, seed_report: str) -> None:
    assert runs(path.read_text(encoding="utf-8")) & runs(seed_report) == set()


@brief_by_brief
def test_every_fact_is_in_the_dossier(path: Path, facts: dict[str, dict[str, str]]) -> None:
    named = parts(path)[0]["facts"]
    assert set(named) - set(facts) == set()
    assert len(named) == len(set(named))


def test_the_briefs_together_use_the_whole_dossier(facts: dict[str, dict[str, str]]) -> None:
    assert set(facts) - {fact for path in BRIEFS for fact in parts(path)[0]["facts"]} == set()


@brief_by_brief
def test_every_figure_comes_from_a_fact_of_the_brief(
    path: Path, facts: dict[str, dict[str, str]], only_compared: set[str]
) -> None:
    known = only_compared.union(*(figures_of(facts[each]) for each in parts(path)[0]["facts"]))
    assert {figure: text for text in sentences(path) for figure in figures(text) - known} == {}


@brief_by_brief
def test_a_figure_of_a_lesser_source_is_marked_in_its_sentence(path: Path, facts: dict[str, dict[str, str]]) -> None:
    sure = set().union(*(figures_of(fact) for fact in facts.values() if fact["confidence"] == "high"))
    unsure = set().union(*(figures_of(fact) for fact in facts.values() if fact["confidence"] != "high")) - sure
    unmarked = [
        text for text in sentences(path) if figures(text) & unsure and not any(mark in text for mark in DOUBTFUL)
    ]
    assert unmarked == []


@brief_by_brief
def test_no_sentence_opens_by_pointing_at_the_one_before(path: Path) -> None:
    assert [text for text in sentences(path) if POINTING.match(text)] == []


@brief_by_brief
def test_every_line_is_a_heading_a_table_row_or_whole_sentences(path: Path) -> None:
    lines = [line for line in parts(path)[1].splitlines() if line.strip() and not line.startswith(("# ", "## ", "|"))]
    assert [line for line in lines if not line.endswith(".")] == []


@brief_by_brief
def test_a_brief_speaks_of_nothing_after_its_date(path: Path) -> None:
    day: date = parts(path)[0]["date"]
    assert {text: late for text in sentences(path) if (late := [each for each in days(text) if each > day])} == {}


@pytest.mark.parametrize("place", PLACES)
def test_each_figure_of_a_place_where_sources_differ_is_told(place: str) -> None:
    told = [text for path in ENGLISH for text in sentences(path)]
    for figure, word in PLACES[place]:
        alone = re.compile(rf"(?<![\d,.]){re.escape(figure)}(?![\d.]*\d|,\d)")
        assert any(alone.search(text) and word.lower() in text.lower() for text in told), (figure, word)


@french_by_french
def test_a_french_brief_says_what_its_english_sibling_says(path: Path) -> None:
    (french, _), (english, _) = parts(path), parts(path.with_name(path.name.replace(".fr.md", ".md")))
    assert (french["facts"], french["date"]) == (english["facts"], english["date"])


@french_by_french
def test_a_french_brief_has_the_figures_of_its_english_sibling(path: Path) -> None:
    sibling = path.with_name(path.name.replace(".fr.md", ".md"))
    french, english = (set().union(*map(figures, sentences(each))) for each in (path, sibling))
    assert {each for each in french ^ english if len(each) > 2} == set()


@brief_by_brief
def test_a_brief_is_read_as_it_says(path: Path) -> None:
    fields, _ = parts(path)
    (document,) = documents_in(path, path.name)
    info = document.info
    assert (info.title, info.date, info.language) == (fields["title"], fields["date"].isoformat(), fields["language"])
    assert document.text[document.headings[0].start : document.headings[0].end] == fields["title"]

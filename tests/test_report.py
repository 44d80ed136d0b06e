import json
import re
import xml.etree.ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rows import a_row

from qa.evaluation.failures import KINDS
from qa.evaluation.figures import LABELS
from qa.evaluation.folder import Run, read_run
from qa.evaluation.overview import overview, overview_object
from qa.evaluation.plots import Bar, bars_plot, latency_plot, picture, reliability_plot, risk_coverage_plot
from qa.evaluation.publish import publish_whole, told_again
from qa.evaluation.reliability import bins, risk_coverage
from qa.evaluation.report import report_html
from qa.evaluation.row import Row
from qa.evaluation.summary import DIMENSIONS
from qa.evaluation.wording import ENGLISH, LANGUAGES, Words

FRENCH = Words("fr")
EVALUATION = Path(__file__).resolve().parent.parent / "qa" / "evaluation"
RUN = Run("q.jsonl", "d", 7, "balanced", True, "m", "i", "g", "2026-01-31 12:00 UTC")
ATTACK = "<script>alert('x')</script><img src=http://evil.example onerror=alert(1)>\"'"
ROWS = [
    a_row(id="right", category="a"),
    a_row(id="missing", category="a", first=False, among=False, supports=(False,), evidence_rank=None),
    a_row(id="unchosen", category="b", first=False, among=False, supports=(False,), confidence=0.7),
    a_row(id="second", category="b", first=False, quotes=("p", "q"), supports=(False, True), verbatim=(True, False)),
    a_row(id="refused", category="b", refused=True, confidence=0.3),
    a_row(id="answered", category="c", answerable=False, first=False, among=False, answers=(), evidence=(), pieces=()),
    a_row(id="broken", category="c", error="none.txt: no document of this id"),
]
VOID = {"meta", "img", "br", "input", "link", "hr"}


class Tree(HTMLParser):
    """Checks that tags are closed in their order, and keeps what a test asks for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(rows: list[Row], language: str = "en") -> str:
    return report_html(overview(RUN, rows), rows, Words(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], ROWS[-1:], ROWS[5:6]], ids=["all", "right", "error", "unanswerable"])
def test_a_report_is_well_formed_whatever_happened(rows: list[Row], language: str) -> None:
    tree = Tree(page(rows, language))
    assert [each["lang"] for each in tree.named("html")] == [language]


def said(page: str) -> str:
    """What a page says, without its style, script and attributes."""
    return re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", "\n", page, flags=re.DOTALL)


def test_a_french_report_says_nothing_in_english() -> None:
    shown = said(page(ROWS, "fr"))
    words = {name: ENGLISH[name] for name in ENGLISH if ENGLISH[name] != FRENCH[name]}
    words |= {name: label for name, label in LABELS.items() if label != FRENCH.label(name)}
    # What is left of a text between its blanks, where that is long enough to be nothing else.
    parts = {part.strip() for text in words.values() for part in re.split(r"{\w+}", text) if len(part.strip()) > 8}
    parts -= {"questions"}  # the same in both
    assert len(parts) > 80
    assert [part for part in parts if part in shown] == []
    assert "Où les réponses se trompent" in shown
    assert "bonne décision" in shown


def test_a_french_report_writes_numbers_as_the_french_do() -> None:
    shown = said(page(ROWS, "fr"))
    assert "500 ms" in shown
    assert f"{FRENCH.value('decision', overview(RUN, ROWS).figures['decision']['value'])}" in shown
    assert re.findall(r"\b\d\.\d", shown) == []


def test_a_published_report_is_told_again_in_another_language(tmp_path: Path) -> None:
    publish_whole(RUN, ROWS, tmp_path / "out")
    assert told_again(tmp_path / "out", ENGLISH) == page(ROWS)
    assert told_again(tmp_path / "out", FRENCH) == page(ROWS, "fr")


def test_a_report_of_another_version_is_told_as_it_was_written(tmp_path: Path) -> None:
    publish_whole(RUN, ROWS, tmp_path / "out")
    (tmp_path / "out" / "summary.json").write_text('{"run": {}}', encoding="utf-8")
    assert told_again(tmp_path / "out", FRENCH) == page(ROWS)


@pytest.mark.parametrize("name", list(ENGLISH))
def test_reports_say_everything_in_both_languages_with_the_same_blanks(name: str) -> None:
    assert ENGLISH[name].strip()
    assert FRENCH[name].strip()
    blanks = [set(re.findall(r"{(\w+)}", each[name])) for each in (ENGLISH, FRENCH)]
    assert blanks[0] == blanks[1]


def test_everything_that_reports_can_say_is_said_somewhere() -> None:
    sources = [path for path in EVALUATION.glob("*.py") if path.name != "wording.py"]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    built = (
        {f"{kind}_means" for kind in KINDS} | {f"by_{each}" for each in DIMENSIONS} | {"won_caption", "lost_caption"}
    )
    assert [name for name in ENGLISH if f'"{name}"' not in text and f"'{name}'" not in text and name not in built] == []


@pytest.mark.parametrize("figure", list(LABELS))
def test_every_figure_has_a_name_of_its_own_in_french(figure: str) -> None:
    assert FRENCH.label(figure)
    assert [other for other in LABELS if FRENCH.label(other) == FRENCH.label(figure)] == [figure]


def test_a_report_asks_nothing_of_any_other_file() -> None:
    tree = Tree(page(ROWS))
    addresses = [value for _, each in tree.tags for name, value in each.items() if name in ("src", "href", "action")]
    assert addresses
    assert all(address and address.startswith("#") for address in addresses)
    assert "default-src 'none'" in str(tree.named("meta"))
    assert "@import" not in page(ROWS)
    assert "url(" not in page(ROWS)


def test_texts_are_escaped_everywhere() -> None:
    fields = ("id", "set", "category", "language", "kind", "question", "standalone", "answer", "error")
    lists = ("answers", "documents", "evidence", "quotes", "sources")
    texts = dict.fromkeys(fields[:-1], ATTACK) | dict.fromkeys(lists, (ATTACK,))
    rows = [a_row(**texts), a_row(**texts, error=ATTACK), a_row(category=ATTACK + "2", answerable=False)]
    tree = Tree(page(rows))
    assert len(tree.named("script")) == 1
    assert not tree.named("img")
    assert not [each for _, each in tree.tags if "onerror" in each]


def test_questions_are_grouped_by_what_went_wrong_worst_first() -> None:
    text = page(ROWS)
    heads = re.findall(r'<tr class="kind" id="([\w-]+)"><th[^>]*>([\w ]+): (\d+)', text)
    assert [kind for _, kind, _ in heads] == [
        "not retrieved",
        "not chosen",
        "chosen wrongly",
        "wrongly refused",
        "wrongly answered",
        "not asked",
        "right",
    ]
    assert {count for _, _, count in heads} == {"1"}
    links = {each["href"] for each in Tree(text).named("a")}
    assert links == {f"#{identity}" for identity, _, _ in heads}


def test_a_question_is_shown_with_what_was_expected_and_given_and_why() -> None:
    (row,) = re.findall(r'<tr data-kind="chosen wrongly".*?</tr>', page(ROWS))
    assert '<li class="">p <' in row
    assert "✓ q <strong>(not word for word)</strong>" in row
    assert "The right sentence is quote 2; another stands first." in row
    assert "in a</div>" in row


def test_tables_and_pictures_are_named_for_who_does_not_see_them() -> None:
    tree = Tree(page(ROWS))
    names = [name for name, _ in tree.tags]
    assert names.count("caption") == names.count("table") > 3
    assert names.count("svg") == names.count("desc") > 3
    assert all(each["role"] == "img" and each["aria-label"] for each in tree.named("svg"))
    assert all("scope" in each for each in tree.named("th"))


def test_figures_of_the_report_are_those_of_the_summary() -> None:
    found = overview(RUN, ROWS)
    assert f"<b>{found.figures['decision']['value']:.3f}</b>" in page(ROWS)
    assert (found.asked, found.errors, found.failures["right"]) == (6, 1, 1)
    assert "1 could not be asked" in page(ROWS)


def test_a_summary_is_json() -> None:
    found = json.loads(json.dumps(overview_object(overview(RUN, ROWS)), allow_nan=False))
    assert found["run"]["questions"] == "q.jsonl"
    assert found["groups"]["category"]["b"]["sentence_hit@1"] == {"value": 1 / 3, "low": 0.0, "high": 1.0, "n": 3}
    assert found["risk_coverage"][-1] == {"confidence": 0.3, "coverage": 1.0, "risk": pytest.approx(4 / 6)}
    assert {"low", "high", "count", "confidence", "share"} == set(found["reliability"][0])


def test_rows_of_several_sets_are_published_as_one_run(tmp_path: Path) -> None:
    rows = [replace(row, set=name) for name in ("one", "two") for row in ROWS]
    publish_whole(RUN, rows, tmp_path / "out")
    assert read_run(tmp_path / "out").rows == rows
    assert list(json.loads((tmp_path / "out" / "summary.json").read_text())["groups"]["set"]) == ["one", "two"]
    assert "By question set" in (tmp_path / "out" / "report.html").read_text()


def test_a_report_is_the_same_twice() -> None:
    assert page(ROWS) == page(ROWS)


CONFIDENCES, RIGHT = [0.9, 0.6, 0.6, 0.2], [True, False, True, False]


def test_a_plot_as_a_file_is_a_picture_with_its_colours() -> None:
    drawn = xml.etree.ElementTree.fromstring(picture(reliability_plot(bins(CONFIDENCES, RIGHT))))
    svg = "{http://www.w3.org/2000/svg}"
    assert drawn.tag == f"{svg}svg"
    style = drawn.find(f"{svg}style")
    assert style is not None
    assert "--accent: #2456a6" in str(style.text)
    assert len(drawn.findall(f".//{svg}circle")) == 3


@pytest.mark.parametrize(
    "svg",
    [
        risk_coverage_plot(risk_coverage(CONFIDENCES, RIGHT), 0.5),
        risk_coverage_plot([], 0.5),
        reliability_plot(bins(CONFIDENCES, RIGHT)),
        reliability_plot([]),
        latency_plot([0.1, 0.2, 0.2, 9.0]),
        latency_plot([0.0]),
        latency_plot([]),
        bars_plot("By <kind>", [Bar("a & <b>", 0.5, 0.2, 0.8, 3), Bar("long " * 20, 0.0, 0.0, 0.0, 1)]),
        bars_plot("Nothing", []),
    ],
)
def test_a_plot_is_xml_with_a_title_and_stays_in_its_box(svg: str) -> None:
    drawn = xml.etree.ElementTree.fromstring(svg)
    assert drawn[0].tag == "title"
    assert drawn[0].text
    _, _, width, height = map(float, drawn.attrib["viewBox"].split())
    for element in drawn.iter():
        for name in ("x", "x1", "x2", "cx", "y", "y1", "y2", "cy"):
            assert 0 <= float(element.attrib.get(name, 0)) <= (width if "x" in name else height)


def test_the_dot_of_the_setting_stands_where_it_answers() -> None:
    svg = risk_coverage_plot(risk_coverage(CONFIDENCES, RIGHT), 0.5)
    (dot,) = xml.etree.ElementTree.fromstring(svg).findall("circle")
    ends = re.findall(r'points="(.*?)"', svg)[0].split()
    assert f"{dot.attrib['cx']},{dot.attrib['cy']}" == ends[1]  # of three: 0.9, 0.6, 0.2


def test_every_time_is_in_a_bar() -> None:
    svg = latency_plot([0.01 * place for place in range(200)] + [99.0])
    assert sum(map(int, re.findall(r"s: (\d+) questions", svg))) == 201

"""What the controls hold, and the chips that say it, in both languages."""

import html
import re
from dataclasses import replace

import pytest
from fakes import WordHashEmbedder, a_document, fill

from index.store import SQLiteStore
from page.address import Narrowing
from page.limits import Limits, refuse_info
from page.site import Site
from page.wording import Wording
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings

FAKE = WordHashEmbedder()
FRENCH = Wording("fr")
NONE = ("", [], [], [], [])


def limits(store: SQLiteStore, wording: Wording, refuse: str = "balanced") -> Limits:
    document = a_document("Somalia gave no papers.", "acts/papers.txt", title="The Papers Act")
    document = replace(document, info=replace(document.info, kind="statute", language="en", collection="Acts"))
    documents = fill(store, FAKE, document)
    return Limits(
        Site(Pipeline(documents, FAKE, Settings(refuse=refuse, rerank=RerankSettings(read=False))), documents), wording
    )


def chips(made: Limits, *values: object) -> list[str]:
    """Returns the texts of the chips."""
    return [html.unescape(each).strip() for each in re.findall(r">([^<]+)<span aria-hidden", made.chips(*values))]


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        (
            Wording("en"),
            ["As of 2024-01-01", "statute", "English", "Acts", "The Papers Act", "How careful to be: eager"],
        ),
        (FRENCH, ["En date du 2024-01-01", "loi", "anglais", "Acts", "The Papers Act", "Prudence : hardi"]),
    ],
)
def test_chips_speak_the_reader_s_language_and_name_a_document_by_its_title(
    store: SQLiteStore, wording: Wording, told: list[str]
) -> None:
    made = limits(store, wording)
    assert chips(made, "2024-01-01", ["statute"], ["en"], ["Acts"], ["acts/papers.txt"], "eager") == told
    assert f'aria-label="{wording["remove_filter"]} {told[1]}"' in made.chips("", ["statute"], [], [], [], "balanced")


def test_a_document_that_is_gone_is_named_by_its_id(store: SQLiteStore) -> None:
    assert chips(limits(store, FRENCH), "", [], [], [], ["gone.txt"], "balanced") == ["gone.txt"]


def test_a_chip_takes_its_limit_off(store: SQLiteStore) -> None:
    made = limits(store, FRENCH)
    values = ("", ["statute"], [], [], ["acts/papers.txt"], "careful")
    for chip, *left in (
        ("document\nacts/papers.txt", "", ["statute"], [], [], [], "careful"),
        ("refuse\ncareful", "", ["statute"], [], [], ["acts/papers.txt"], "balanced"),
    ):
        assert made.without(chip, *values) == (*left, made.chips(*left))


def test_the_server_s_own_setting_is_no_limit(store: SQLiteStore) -> None:
    made = limits(store, FRENCH, refuse="careful")
    assert made.held(*NONE, "careful") == Narrowing()
    assert made.held(*NONE, "balanced") == Narrowing(refuse="balanced")
    assert chips(made, *NONE, "careful") == []


@pytest.mark.parametrize(
    ("own", "chosen", "offered", "preselected"),
    [
        ("balanced", "", ["careful", "balanced", "eager"], "balanced"),
        ("never", "", ["careful", "balanced", "eager", "never"], "never"),
        ("careful", "never", ["careful", "balanced", "eager", "never"], "never"),
        ("eager", "always", ["careful", "balanced", "eager"], "eager"),
    ],
)
def test_never_to_refuse_is_offered_only_where_it_is_in_force(
    store: SQLiteStore, own: str, chosen: str, offered: list[str], preselected: str
) -> None:
    shown = limits(store, FRENCH, refuse=own).shown(Narrowing(refuse=chosen))[-2]
    assert [value for _, value in shown["choices"]] == offered
    assert shown["value"] == preselected


def test_what_there_is_not_is_neither_chosen_nor_a_chip(store: SQLiteStore) -> None:
    *_, documents, refuse, told = limits(store, FRENCH).shown(Narrowing("2024-01-01", documents=("gone.txt",)))
    assert (documents["value"], refuse["value"]) == ([], "balanced")
    assert told == limits(store, FRENCH).chips("2024-01-01", [], [], [], [], "balanced")


def test_chips_are_made_anew_where_what_was_chosen_is_gone(store: SQLiteStore) -> None:
    made = limits(store, FRENCH)
    *_, documents, told = made.refreshed("2024-01-01", [], [], [], ["gone.txt"], "eager")
    assert (documents["value"], told) == ([], made.chips("2024-01-01", [], [], [], [], "eager"))
    assert "value" not in made.refreshed("2024-01-01", [], [], [], [], "eager")[-1]


def test_what_was_measured_is_told_in_both_languages() -> None:
    assert "careful wrongly refuses 20%, balanced 10%, eager 4%" in refuse_info(Wording("en"))
    assert "« prudent » refuse à tort 20\u00a0%, « équilibré » 10\u00a0%, « hardi » 4\u00a0%" in refuse_info(FRENCH)
    assert "903 et 246" in refuse_info(FRENCH)


def test_the_limits_in_force_are_told_to_the_address(store: SQLiteStore) -> None:
    made = limits(store, FRENCH)
    held = made.chips("", ["statute"], [], ["A & B"], [], "eager")
    assert 'data-query="kind=statute&amp;collection=A+%26+B&amp;refuse=eager"' in held
    assert made.chips(*NONE, "balanced") == '<div data-query=""></div>'

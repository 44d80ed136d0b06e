"""The kinds and languages that are known, and how they may be written."""

import pytest

from documents.errors import BadSetting
from documents.kinds import KINDS, kind_name, kind_of
from documents.language import language_of


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_known_by_its_key_and_by_its_name_in_both_languages(kind: str) -> None:
    assert {kind_of(text) for text in (kind, kind_name(kind), kind_name(kind, "fr"))} == {kind}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Government-Report", "report"), ("COURT_DECISION", "decision"), ("decision  judiciaire", "decision"), ("", "")],
)
def test_capitals_accents_and_hyphens_of_a_kind_do_not_matter(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_no_two_kinds_bear_one_name() -> None:
    names = [name for kind in KINDS for name in {kind, kind_name(kind), kind_name(kind, "fr")}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("text", ["unknown", "Inconnu"])
def test_the_unknown_kind_and_language_can_be_named(text: str) -> None:
    assert (kind_of(text), language_of(text)) == ("", "")


def test_a_wrong_kind_is_told_with_the_known_ones() -> None:
    with pytest.raises(BadSetting, match=r"'memo' is no kind of document\. Known are statute, regulation, report,"):
        kind_of("memo")


@pytest.mark.parametrize(("text", "language"), [("fr-CA", "fr"), ("Français", "fr"), ("EN", "en"), ("anglais", "en")])
def test_a_language_is_known_by_its_code_and_its_name(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_wrong_language_is_told_with_the_known_ones() -> None:
    with pytest.raises(BadSetting, match=r"'de' is no language that is read\. Known are en, fr"):
        language_of("de")

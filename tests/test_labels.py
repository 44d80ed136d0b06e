"""Labels: who is believed, and that they come back from their written form."""

from datetime import date

import pytest
from fakes import a_document
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import BadSetting
from documents.kinds import KINDS
from documents.labels import NOTHING_SAID, Labels, labelled
from documents.types import Dated

LABELS = st.builds(
    Labels,
    title=st.none() | st.text(min_size=1).filter(str.strip),
    day=st.none() | st.dates(),
    language=st.sampled_from([None, "", "en", "fr"]),
    kind=st.sampled_from([None, "", *KINDS]),
    collection=st.none() | st.text(),
)


@given(LABELS)
def test_labels_come_back_from_their_written_form(labels: Labels) -> None:
    assert Labels.read(labels.written()) == labels


@given(LABELS, LABELS)
def test_labels_laid_over_others_keep_what_they_say_themselves(upper: Labels, lower: Labels) -> None:
    both = upper.over(lower)
    assert set(both.said()) == {*upper.said(), *lower.said()}
    assert both.over(upper) == both
    assert upper.over(both) == both


def test_a_correction_stands_above_the_document_and_that_above_its_folder() -> None:
    own = a_document("x", title="Own", kind="press").info
    known = labelled(own, Labels(kind="brief", collection="Folder", title="Folder"), Labels(title="Mended"))
    assert (known.title, known.kind, known.collection) == ("Mended", "press", "Folder")


def test_a_correction_to_nothing_hides_what_others_say() -> None:
    own = a_document("x", kind="press").info
    known = labelled(own, Labels(collection="Folder"), Labels(kind="", collection=""))
    assert (known.kind, known.collection) == ("", "")


def test_a_date_set_by_hand_says_so() -> None:
    info = labelled(a_document("x", day="2020-01-01").info, NOTHING_SAID, Labels(day=date(2025, 8, 2)))
    assert info.dated == Dated(date(2025, 8, 2), "set by hand")


def test_nothing_said_changes_nothing() -> None:
    info = a_document("x", title="T", day="2020-01-01", kind="press", collection="C").info
    assert labelled(info, NOTHING_SAID, NOTHING_SAID) == info


@pytest.mark.parametrize("wrong", [{"title": " "}, {"kind": "memo"}, {"language": "de"}])
def test_wrong_labels_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        Labels(**wrong)  # type: ignore[arg-type]

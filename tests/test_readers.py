"""Who reads what: the shipped cross-encoders in two languages, and how their logits are mixed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import a_document

import index.int8
from documents.split import SplitSettings, split
from index.e5 import BILINGUAL_MODEL
from qa.readers import CrossEncoders, Unread, cross_encoders, read_asked
from qa.rerank import CrossEncoder
from qa.types import Hit, Question, Reading, Turn

ENGLISH = "The agency removed 17,357 people. Bread is sold in the morning. A foreign national may be held for 48 hours."
FRENCH = "L’agence a renvoyé 17 357 personnes. Le pain se vend le matin. Un étranger peut être détenu 48 heures."
ASKED = "How many people were removed?"


def hit(text: str, language: str = "") -> Hit:
    (passage,) = split(a_document(text), lambda texts: [len(each.split()) for each in texts], SplitSettings())
    passage = replace(passage, info=replace(passage.info, language=language))
    return Hit(passage, 0.0, 0.0, (0.0,) * len(passage.sentences))


class Said:
    """A cross-encoder that gives each sentence a logit of its own, and notes what it was asked to read."""

    def __init__(self, logits: dict[str, float], words: int) -> None:
        self.logits, self.words, self.seen = logits, words, list[list[str]]()

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        texts = [each.passage.text for each in hits]
        self.seen.append(texts)
        return [Reading(each, (self.logits[each.passage.text],), ((0, self.words),)) for each in hits]


def readers(english: dict[str, float], bilingual: dict[str, float]) -> tuple[CrossEncoders, Said, Said]:
    both = CrossEncoders()
    one, two = Said(english, 1), Said(bilingual, 2)
    both.__dict__.update(_english=one, _bilingual=two)
    return both, one, two


# -- who reads what

TEXTS = [f"Removal number {place}." for place in range(6)]


def test_english_is_read_by_both_and_all_but_the_best_four_by_one_alone() -> None:
    both, one, two = readers(dict(zip(TEXTS, [0, 5, -1, 4, 3, 2], strict=True)), dict.fromkeys(TEXTS, 10.0))
    found = both.read(ASKED, [hit(each, "en") for each in TEXTS])
    assert one.seen == [TEXTS]
    assert two.seen == [[TEXTS[1], TEXTS[3], TEXTS[4], TEXTS[5]]]
    assert [each.logits for each in found] == [(0,), (7.5,), (-1,), (7,), (6.5,), (6,)]
    assert [each.words for each in found] == [((0, words),) for words in (1, 2, 1, 2, 2, 2)]


def test_a_french_question_is_read_by_the_bilingual_one_alone() -> None:
    both, one, two = readers({}, dict.fromkeys(TEXTS, 1.0))
    found = both.read("Combien de personnes ont été renvoyées ?", [hit(each, "en") for each in TEXTS])
    assert (one.seen, two.seen) == ([], [TEXTS])
    assert [each.logits for each in found] == [(1,)] * 6


def test_french_passages_of_an_english_question_are_read_by_the_bilingual_one_alone() -> None:
    both, one, two = readers(dict.fromkeys(TEXTS, 0.0), dict.fromkeys(TEXTS, 1.0))
    hits = [hit(each, "fr" if place in (0, 5) else "") for place, each in enumerate(TEXTS)]
    found = both.read(ASKED, hits)
    assert one.seen == [TEXTS[1:5]]
    assert two.seen == [TEXTS]
    assert [each.logits for each in found] == [(1,), (0.5,), (0.5,), (0.5,), (0.5,), (1,)]
    assert [each.hit for each in found] == hits


def test_a_brief_reading_leaves_english_to_the_english_one() -> None:
    both, one, two = readers(dict.fromkeys(TEXTS, 0.0), dict.fromkeys(TEXTS, 1.0))
    hits = [hit(each, "fr" if place == 5 else "en") for place, each in enumerate(TEXTS)]
    found = both.read(ASKED, hits, brief=True)
    assert (one.seen, two.seen) == ([TEXTS[:5]], [[TEXTS[5]]])
    assert [each.logits for each in found] == [(0,)] * 5 + [(1,)]


def test_nothing_is_read_where_nothing_was_found() -> None:
    assert CrossEncoders().read(ASKED, []) == []


# -- the shipped ones


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Combien de personnes ont été renvoyées ?", 0),
        ("Pendant combien de temps peut-on détenir un étranger ?", 2),
        (ASKED, 0),
        ("How long may someone be kept?", 2),
    ],
)
@pytest.mark.parametrize("passage", [hit(ENGLISH, "en"), hit(FRENCH, "fr")], ids=["English", "French"])
def test_they_find_the_sentence_in_either_language(question: str, place: int, passage: Hit) -> None:
    (reading,) = cross_encoders().read(question, [passage])
    assert max(range(3), key=lambda each: reading.logits[each]) == place


@pytest.mark.parametrize("model", ["all-MiniLM-L6-v2", BILINGUAL_MODEL])
def test_int8_reads_as_float32_does(monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    monkeypatch.setattr(index.int8, "_exact", lambda: False)
    exact = CrossEncoder(model=model)
    exact.load()
    monkeypatch.undo()
    fast = CrossEncoder(model=model)
    hits = [hit(ENGLISH), hit(FRENCH)]
    for one, other in zip(exact.read(ASKED, hits), fast.read(ASKED, hits), strict=True):
        assert one.logits != other.logits
        assert other.logits == pytest.approx(one.logits, abs=0.5)


def test_a_process_shares_them() -> None:
    assert cross_encoders() is cross_encoders()


def test_loading_finds_missing_weights(tmp_path: Path) -> None:
    both = CrossEncoders()
    both._bilingual._weights = tmp_path / "none.safetensors"
    with pytest.raises(Exception, match=r"none\.safetensors"):
        both.load()


# -- follow-ups, and nothing read


def test_unread_passages_answer_with_every_sentence_alike() -> None:
    passage = hit("Somalia gave no papers. The minister spoke.")
    assert Unread().read("Who?", [passage]) == [Reading(passage, (0.0, 0.0), passage.passage.sentences)]


class Told:
    """Reads what it is told of each question."""

    name = "told"

    def __init__(self, logits: dict[str, tuple[float, ...]]) -> None:
        self.logits, self.brief = logits, dict[str, bool]()

    def read(self, question: str, hits: Sequence[Hit], *, brief: bool = False) -> list[Reading]:
        self.brief[question] = brief
        words = tuple((low, low + len(question.split()[0])) for low, _ in hits[0].passage.sentences)
        return [Reading(each, self.logits[question], words) for each in hits]


def test_a_follow_up_is_read_alone_and_with_what_was_asked() -> None:
    passage = hit("Somalia gave no papers. The minister spoke.")
    reader = Told({"Why?": (1.0, -2.0), "Why? (after: Who left?)": (3.0, 0.5)})
    (alone,) = read_asked(reader, Question("Why?"), [passage])
    assert alone.logits == (1.0, -2.0)
    assert reader.brief == {"Why?": False}
    (mixed,) = read_asked(reader, Question("Why?", (Turn("user", "Who left?"),)), [passage])
    assert mixed.logits == pytest.approx((0.6 * 1 + 0.4 * 3, 0.6 * -2 + 0.4 * 0.5))
    assert reader.brief == {"Why?": True, "Why? (after: Who left?)": False}
    assert mixed.words == reader.read("Why? (after: Who left?)", [passage])[0].words

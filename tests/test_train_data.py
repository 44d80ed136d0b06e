"""What the weights are fitted on: which records are drawn, what is right in them, and which part they belong to."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from fakes import WordHashEmbedder

from documents.errors import IndexMismatch
from documents.types import Passage
from index.types import Match
from qa.train_data import Record, build_store, document_of, is_right, read_sets
from qa.types import Span

CONTEXT = "Somalia gave no papers to them. Canada gave all the papers that it had. Nothing else is known."


def a_record(context: str = CONTEXT, right: tuple[Span, ...] = ((0, 31),), question: str = "Who?") -> Record:
    return Record(question, "Papers", context, right, right, "one")


def a_passage(record: Record, *, text: str | None = None) -> Passage:
    """Returns the record's context as a passage; with `text`, a passage of another document instead."""
    info = document_of(record).info
    if text is None:
        return Passage(info, 0, len(record.context), record.context)
    return Passage(document_of(a_record(text)).info, 0, len(text), text)


def write_set(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(
            json.dumps({"answerable": True, "question": "Who?", "evidence": []} | row) + "\n" for row in rows
        )


# -- the parts


def test_all_questions_of_a_context_are_in_one_part() -> None:
    records = [a_record(f"Context {number}.", question=f"{place}?") for number in range(100) for place in range(3)]
    held = {record.context for record in records if record.held_out}
    learnt = {record.context for record in records if not record.held_out}
    assert held.isdisjoint(learnt)
    assert len(held) + len(learnt) == 100


def test_about_one_context_of_eight_is_held_out() -> None:
    held = sum(a_record(f"Context {number}.").held_out for number in range(4000))
    assert 430 < held < 570  # 500, with a standard deviation of 21


def test_the_part_does_not_depend_on_title_set_or_answer() -> None:
    one = Record("Who?", "A", CONTEXT, (), (), "one")
    other = Record("What?", "B", CONTEXT, ((0, 3),), ((0, 3),), "other")
    assert one.document_id == other.document_id != a_record("Else.").document_id


# -- what is drawn


def test_the_right_spans_are_the_evidence_and_else_the_answers(tmp_path: Path) -> None:
    answers = [{"text": "Canada", "start": 32}]
    evidence = [{"start": 32, "end": 71}]
    write_set(tmp_path, "one", {"context": CONTEXT, "answers": answers, "evidence": evidence, "title": "A"})
    write_set(tmp_path, "two", {"context": CONTEXT, "answers": answers})
    with_evidence, without = read_sets(tmp_path, seed=0, sets={"one": 9, "two": 9})
    assert (with_evidence.right, with_evidence.answers) == (((32, 71),), ((32, 38),))
    assert (without.right, without.answers) == (((32, 38),), ((32, 38),))
    assert (with_evidence.title, without.title) == ("A", "")
    assert (with_evidence.set, without.set) == ("one", "two")


def test_of_qed_nq_the_answers_are_used_and_not_the_evidence(tmp_path: Path) -> None:
    row = {"context": CONTEXT, "answers": [{"text": "Canada", "start": 32}], "evidence": [{"start": 32, "end": 71}]}
    write_set(tmp_path, "qed_nq", row, row | {"answers": []})
    (record,) = read_sets(tmp_path, seed=0, sets={"qed_nq": 9})
    assert record.right == ((32, 38),)


def test_white_space_around_an_answer_is_no_part_of_it(tmp_path: Path) -> None:
    write_set(tmp_path, "one", {"context": CONTEXT, "answers": [{"text": " Canada ", "start": 31}]})
    (record,) = read_sets(tmp_path, seed=0, sets={"one": 9})
    assert [CONTEXT[start:end] for start, end in record.answers] == ["Canada"]


def test_no_more_of_a_set_are_drawn_than_its_count(tmp_path: Path) -> None:
    for name in ("one", "two"):
        rows = [{"context": f"{name} {place}", "answers": [{"text": name, "start": 0}]} for place in range(6)]
        write_set(tmp_path, name, *rows)
    drawn = read_sets(tmp_path, seed=0, sets={"one": 2, "two": 5})
    assert [record.set for record in drawn] == ["one"] * 2 + ["two"] * 5
    assert len({record.context for record in drawn}) == 7


# -- what is right


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ((20, 40), True),  # the gold span itself
        ((0, 100), True),  # holds all of it
        ((25, 30), True),  # lies in it
        ((0, 30), True),  # half of the gold span
        ((0, 29), False),
        ((30, 90), True),
        ((31, 90), False),
        ((36, 44), True),  # half of the sentence
        ((37, 45), False),
        ((40, 60), False),  # beside it
        ((0, 20), False),
    ],
)
def test_right_is_a_sentence_that_shares_half_of_itself_or_of_the_gold_span(sentence: Span, right: bool) -> None:
    record = a_record("x" * 100, ((20, 40),))
    assert is_right(a_passage(record), sentence, record) is right


def test_one_of_several_gold_spans_is_enough() -> None:
    record = a_record("x" * 100, ((0, 10), (50, 60)))
    found = [is_right(a_passage(record), span, record) for span in ((0, 10), (20, 30), (50, 60))]
    assert found == [True, False, True]


def test_sentences_are_compared_by_their_place_in_the_document() -> None:
    record = a_record()
    late = Passage(document_of(record).info, 32, 71, CONTEXT[32:71])
    assert not is_right(late, (32, 71), record)
    assert is_right(late, (32, 71), a_record(right=((32, 71),)))


def test_the_same_words_in_another_document_are_right_too() -> None:
    record = a_record()
    text = "Before. SOMALIA gave  no papers to them. After it all, that is."
    passage = a_passage(record, text=text)
    assert is_right(passage, (8, 40), record)
    assert not is_right(passage, (41, len(text)), record)


def test_other_places_of_the_passage_do_not_shift_the_words() -> None:
    record = a_record()
    info = document_of(a_record("Other.")).info
    assert is_right(Passage(info, 500, 531, CONTEXT[:31], ((500, 531),)), (500, 531), record)


def test_few_words_that_another_document_shares_are_not_right() -> None:
    record = a_record("He gave no papers. Nor did she give any to them.", ((0, 48),))
    assert not is_right(a_passage(record, text="He gave no papers."), (0, 18), record)


def test_the_same_place_in_another_document_is_not_right() -> None:
    record = a_record()
    assert not is_right(a_passage(record, text=CONTEXT.replace("Somalia", "Eritrea")), (0, 31), record)


# -- the index


def test_every_context_is_put_in_the_index_once(tmp_path: Path) -> None:
    embedder = WordHashEmbedder()
    records = [a_record(), a_record(question="What?"), a_record("Bread is baked here.", ((0, 20),))]
    store = build_store(tmp_path, records, embedder, print)
    assert {info.id for info in store.documents()} == {record.document_id for record in records}
    assert store.document(records[0].document_id).text == CONTEXT
    assert store.document(records[0].document_id).info.title == "Papers"
    assert len(embedder.embedded) == 2


def test_contexts_that_the_index_holds_are_not_embedded_again(tmp_path: Path) -> None:
    build_store(tmp_path, [a_record()], WordHashEmbedder(), print)
    embedder = WordHashEmbedder()
    store = build_store(tmp_path, [a_record(), a_record("Bread is baked here.")], embedder, print)
    assert embedder.embedded == ["Papers\nBread is baked here."]
    assert [match.__class__ for match in store.matching(["bread"], 5)] == [Match]


def test_an_index_of_another_model_is_refused(tmp_path: Path) -> None:
    build_store(tmp_path, [a_record()], WordHashEmbedder(), print)
    with pytest.raises(IndexMismatch):
        build_store(tmp_path, [a_record()], WordHashEmbedder(revision="other"), print)


def test_a_context_s_document_has_its_title_text_and_language() -> None:
    document = document_of(Record("Qui ?", "Titre", "Le ministre peut surseoir au renvoi de la personne.", (), (), "a"))
    assert (document.info.title, document.info.language) == ("Titre", "fr")
    assert document.text == "Le ministre peut surseoir au renvoi de la personne."
    assert document_of(a_record()).info.language == "en"

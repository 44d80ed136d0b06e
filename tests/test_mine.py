"""What the cross-encoder learns from: the passages that answer, near ones that do not, and their file."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import WordHashEmbedder

from index.embed import SentenceTransformerEmbedder
from qa.mine import Group, mine, mined
from qa.rerank import Row
from qa.train_data import SETS, Record, build_store, read_sets
from qa.written_data import LAW, NEAR, read_written

FAKE = WordHashEmbedder()


def a_context(name: str, filler: str, answer: str) -> str:
    """About 260 words, so two passages: the first holds the sentence that answers, both hold much else."""
    lines = [f"The {filler} of {name} was counted in the spring of year {number}." for number in range(22)]
    return " ".join([lines[0], f"The first leader of {name} was {answer} the elder.", *lines[1:]])


def some_records(count: int = 12) -> list[Record]:
    """Every other context holds the answer of its neighbour, and its own a second time at its end."""
    found = []
    names = [f"{one}{other}" for one in ("Bar", "Dor", "Gal") for other in ("land", "mark", "stan", "wick")][:count]
    for place, name in enumerate(names):
        answer, other = (f"{each}us" for each in (name, names[place ^ 1]))
        context = a_context(name, "harvest", answer)
        if place % 2:
            context += f" It was sold by {other} to all. Later on {answer} slept in the hall."
        start = context.index("The first")
        span = (start, context.index(".", start) + 1)
        at = context.index(answer)
        question = f"Who was the first leader of {name}?"
        found.append(Record(question, name, context, (span,), ((at, at + len(answer)),), "one"))
    return found


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Record, Group]]:
    """What four seeds mine of the records: each group with its record."""
    records = some_records()
    store = build_store(tmp_path_factory.mktemp("store"), records, FAKE, print)
    pairs = []
    for seed in range(4):
        for group in mine(records, store, FAKE, seed):
            (record,) = (each for each in records if group[0].row.sentences and holds(each.context, group[0].row))
            pairs.append((record, group))
    return pairs


def holds(context: str, row: Row) -> bool:
    """True where every sentence of the row stands in the context."""
    return all(row.text[slice(*span)] in context for span in row.sentences)


def is_altered(record: Record, group: Group) -> bool:
    return group[0].row.question != record.question


def is_cut(group: Group) -> bool:
    return len(group) == 1 and "The first leader" not in group[0].row.text


def test_a_group_begins_with_the_passage_that_answers(found: list[tuple[Record, Group]]) -> None:
    groups = [(record, group) for record, group in found if not is_altered(record, group) and not is_cut(group)]
    assert len(groups) == 4 * 12
    for record, (first, *_) in groups:
        (right,) = (span for span, right in zip(first.row.sentences, first.right, strict=True) if right)
        assert first.row.text[slice(*right)] == record.context[slice(*record.right[0])]


def test_the_answer_s_words_are_marked_in_its_passage(found: list[tuple[Record, Group]]) -> None:
    for record, (first, *others) in found:
        if not is_altered(record, [first]) and not is_cut([first]):
            low, high = record.answers[0]
            assert first.answer is not None
            assert first.row.text[slice(*first.answer)] == record.context[low:high]
        assert all(each.answer is None for each in others)


def test_the_other_passages_of_a_group_are_wrong_and_do_not_hold_the_answer(found: list[tuple[Record, Group]]) -> None:
    wrong = [(record, each) for record, group in found for each in group[1:]]
    assert len(wrong) > 30
    for record, each in wrong:
        assert not any(each.right)
        assert record.context[slice(*record.answers[0])].lower() not in each.row.text.lower()


def test_wrong_passages_are_of_other_documents_and_of_the_same(found: list[tuple[Record, Group]]) -> None:
    own = [each.row.text in record.context for record, group in found for each in group[1:]]
    assert 0 < sum(own) < len(own) / 2


def test_a_group_has_at_most_two_wrong_passages(found: list[tuple[Record, Group]]) -> None:
    sizes = {len(group) for record, group in found if not is_altered(record, group) and not is_cut(group)}
    assert sizes == {2, 3}


def test_an_altered_question_has_the_passage_and_nothing_right_in_it(found: list[tuple[Record, Group]]) -> None:
    altered = [(record, group) for record, group in found if is_altered(record, group)]
    assert 8 < len(altered) < 36  # 45 in a hundred of 48
    for record, group in altered:
        (each,) = group
        assert each.row.text in record.context
        assert record.context[slice(*record.right[0])] in each.row.text
        assert not any(each.right)
        assert each.answer is None


def test_a_passage_without_its_answer_keeps_its_other_sentences(found: list[tuple[Record, Group]]) -> None:
    cut = [(record, group[0]) for record, group in found if is_cut(group)]
    assert 5 < len(cut) < 30  # 30 in a hundred of 48
    for record, each in cut:
        assert each.row.question == record.question
        assert record.context[slice(*record.answers[0])] not in each.row.text
        assert len(each.row.sentences) > 5
        assert holds(record.context, each.row)
        assert not any(each.right)
        assert each.answer is None


def test_groups_come_in_the_order_of_the_records(tmp_path: Path) -> None:
    records = some_records(4)
    store = build_store(tmp_path, records, FAKE, print)
    groups = [group for group in mine(records[::-1], store, FAKE, 0) if any(group[0].right)]
    assert [group[0].row.question for group in groups] == [record.question for record in records[::-1]]


def test_the_same_seed_mines_the_same(tmp_path: Path) -> None:
    records = some_records()
    store = build_store(tmp_path, records, FAKE, print)
    assert list(mine(records, store, FAKE, 3)) == list(mine(records, store, FAKE, 3))
    assert list(mine(records, store, FAKE, 3)) != list(mine(records, store, FAKE, 4))


def test_a_record_whose_right_sentence_cannot_be_told_has_no_group(tmp_path: Path) -> None:
    first, second = some_records(2)
    lost = Record(first.question, first.title, first.context, (), first.answers, "one")
    store = build_store(tmp_path, [first, second], FAKE, print)
    found = list(mine([lost, second], store, FAKE, 0))
    assert found
    assert not any(group[0].row.text in first.context for group in found)


# -- what is written down


def write_sets(folder: Path, question: str = "") -> None:
    """Writes two contexts for each set that is drawn from."""
    for name in SETS:
        rows = []
        for place in range(2):
            context = f"The {name} met in the hall of Chad. It was led by leader{place} {name} in 2019. Then it ended."
            start = context.index("leader")
            answer = {"text": context[start : start + 7], "start": start}
            asked = question or f"Who led {name} in 2019?"
            rows.append(
                {"question": asked, "context": context, "answers": [answer], "evidence": [], "answerable": True}
            )
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)


def test_what_was_mined_is_read_back_as_it_was(tmp_path: Path) -> None:
    write_sets(tmp_path)
    first = mined(tmp_path, tmp_path, 0)
    records = read_sets(tmp_path, seed=0)
    embedder = SentenceTransformerEmbedder()
    store = build_store(tmp_path / "store", records, embedder, print)
    parts = [[record for record in records if record.held_out is held] for held in (False, True)]
    assert list(first) == [list(mine(part, store, embedder, 0)) for part in parts]
    assert any(each.answer for group in first[0] for each in group)
    for name in SETS:
        (tmp_path / f"{name}.jsonl.gz").unlink()
    assert mined(tmp_path, tmp_path, 0) == first


def test_near_misses_are_mined_into_a_file_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sets(tmp_path)
    record = read_sets(tmp_path, seed=0)[0]
    near = {"document_id": record.document_id, "questions": [{"question": "Who left?", "evidence": [], "answers": []}]}
    (tmp_path / "near.jsonl").write_text(json.dumps(near), encoding="utf-8")
    (tmp_path / "law.jsonl").touch()
    (tmp_path / "french.jsonl").touch()
    (tmp_path / "pairs.jsonl").touch()
    monkeypatch.setattr("qa.mine.read_written", lambda others: read_written(others, tmp_path))
    ((group,),) = filter(None, mined(tmp_path, tmp_path, 0, own=NEAR))
    assert {each.row.question for each in group} == {"Who left?"}
    assert not any(any(each.right) for each in group)
    assert not (tmp_path / "mined.jsonl.gz").exists()


def test_mining_that_fails_leaves_no_file_to_read_back(tmp_path: Path) -> None:
    write_sets(tmp_path, question="\ud800")
    with pytest.raises((TypeError, UnicodeError)):
        mined(tmp_path, tmp_path, 0)
    assert (tmp_path / "store").exists()
    assert not (tmp_path / "mined.jsonl.gz").exists()


def test_a_question_without_an_answer_is_mined_with_its_own_text(tmp_path: Path) -> None:
    answered = some_records(2)
    missed = replace(answered[0], question="Who was the last leader?", right=(), answers=())
    store = build_store(tmp_path, answered, FAKE, print)
    (group,) = mine([missed], store, FAKE, 0)
    assert {each.row.question for each in group} == {missed.question}
    assert all(holds(missed.context, each.row) and not any(each.right) for each in group)


def test_of_a_law_only_other_passages_of_the_same_are_wrong(tmp_path: Path) -> None:
    records = some_records()
    store = build_store(tmp_path, records, FAKE, print)
    groups = [next(mine([replace(record, set=LAW)], store, FAKE, 0)) for record in records]
    assert {len(group) for group in groups} == {1, 2}  # every other text holds the answer a second time
    for record, group in zip(records, groups, strict=True):
        assert all(holds(record.context, each.row) for each in group)

"""The training of the cross-encoder: what it learns from, the loss, and that it learns."""

import gzip
import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import WordHashEmbedder
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file
from scipy.special import logsumexp

from documents.sentences import sentence_spans
from index.embed import SentenceTransformerEmbedder
from qa.rerank import MAX_PASSAGE, Encoding, Row, load_tokenizer
from qa.train_data import SETS, Record, build_store, read_sets
from qa.train_reranker import (
    Example,
    Group,
    TrainSettings,
    _plan,
    batches,
    fresh_model,
    loss_of,
    mine,
    mined,
    scores,
    train,
)

TOKENIZER = load_tokenizer()
FAKE = WordHashEmbedder()


class Fixed(torch.nn.Module):
    """Says what it is told to, whatever it reads."""

    def __init__(self, logits: Sequence[Sequence[float]], tokens: torch.Tensor | None = None) -> None:
        super().__init__()
        most = max(map(len, logits))
        self.logits = torch.tensor([[*row, *[-math.inf] * (most - len(row))] for row in logits])
        self.tokens = tokens

    def forward(self, batch: Encoding) -> tuple[torch.Tensor, torch.Tensor]:
        tokens = torch.zeros(*batch.ids.shape, 2) if self.tokens is None else self.tokens
        return self.logits[: len(batch.ids)], tokens[: len(batch.ids)]


def an_example(text: str, right: Sequence[int] = (), answer: str = "", question: str = "Who came?") -> Example:
    """Returns an example; `right` are the numbers of its right sentences."""
    spans = tuple(sentence_spans(text))
    found = (text.index(answer), text.index(answer) + len(answer)) if answer else None
    return Example(Row(question, "", text, spans), tuple(place in right for place in range(len(spans))), found)


# -- what is learnt from


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
            (record,) = (each for each in records if group[0].row.text in each.context)
            pairs.append((record, group))
    return pairs


def is_altered(record: Record, group: Group) -> bool:
    return group[0].row.question != record.question


def test_a_group_begins_with_the_passage_that_answers(found: list[tuple[Record, Group]]) -> None:
    groups = [(record, group) for record, group in found if not is_altered(record, group)]
    assert len(groups) == 4 * 12
    for record, (first, *_) in groups:
        (right,) = (span for span, right in zip(first.row.sentences, first.right, strict=True) if right)
        assert first.row.text[slice(*right)] == record.context[slice(*record.right[0])]


def test_the_answer_s_words_are_marked_in_its_passage(found: list[tuple[Record, Group]]) -> None:
    for record, (first, *others) in found:
        if not is_altered(record, [first]):
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
    sizes = {len(group) for record, group in found if not is_altered(record, group)}
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


def test_mining_that_fails_leaves_no_file_to_read_back(tmp_path: Path) -> None:
    write_sets(tmp_path, question="\ud800")
    with pytest.raises((TypeError, UnicodeError)):
        mined(tmp_path, tmp_path, 0)
    assert (tmp_path / "store").exists()
    assert not (tmp_path / "mined.jsonl.gz").exists()


# -- batches


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(5, 60)), max_size=40), st.integers(0, 9))
def test_every_group_is_in_one_batch_and_batches_keep_to_the_limit(sizes: list[tuple[int, int]], seed: int) -> None:
    groups = [[an_example(f"{place}")] * rows for place, (rows, _) in enumerate(sizes)]
    lengths = [length for _, length in sizes]
    found = batches(groups, lengths, 100, random.Random(seed))
    assert sorted(int(group[0].row.text) for batch in found for group in batch) == list(range(len(groups)))
    for batch in found:
        longest = max(lengths[int(group[0].row.text)] for group in batch)
        assert len(batch) == 1 or sum(map(len, batch)) * longest <= 100


def test_batches_are_full_and_alike_in_length() -> None:
    groups = [[an_example(f"{place}")] for place in range(60)]
    found = batches(groups, [10] * 30 + [50] * 30, 200, random.Random(0))
    assert len(found) == 2 + 8  # of 20 and of 4 rows, the last of each begun
    kinds = [{int(group[0].row.text) < 30 for group in batch} for batch in found]
    assert sum(len(each) == 2 for each in kinds) <= 1
    assert [True in each for each in kinds] != sorted(True in each for each in kinds)  # in random order


@pytest.mark.parametrize(("epochs", "count"), [(0.5, 5), (1.0, 10), (1.5, 15), (2.0, 20)])
def test_the_plan_goes_over_the_groups_as_often_as_is_set(epochs: float, count: int) -> None:
    groups = [[an_example(f"Group {place} came.", [0])] for place in range(10)]
    plan = _plan(groups, TOKENIZER, TrainSettings(epochs=epochs, tokens=16))
    assert len(plan) == count
    held = [batch[0][0].row.text for batch in plan]
    assert len(set(held[:10])) == min(count, 10)
    assert count < 20 or held[:10] != held[10:]


# -- the loss


def loss(batch: Sequence[Group], model: Any, weight: float = 0.5) -> float:
    return float(loss_of(model, TOKENIZER, batch, weight).detach())


def test_a_wrong_passage_is_a_choice_between_its_sentence_and_none() -> None:
    batch = [[an_example("Two left.")]]
    assert loss(batch, Fixed([[0.0]])) == pytest.approx(math.log(2))
    assert loss(batch, Fixed([[math.log(3)]])) == pytest.approx(math.log(4))


def test_a_right_passage_is_a_choice_of_any_of_its_right_sentences() -> None:
    batch = [[an_example("One came. Two came. Three left.", [0, 1])]]
    assert loss(batch, Fixed([[0.0, 0.0, 0.0]])) == pytest.approx(math.log(4 / 2))


def test_a_question_is_a_choice_among_the_sentences_of_all_its_passages() -> None:
    batch = [[an_example("One came.", [0]), an_example("Two left.")]]
    # On paper: each row ln 2, and the question ln 2 besides, over two rows.
    assert loss(batch, Fixed([[0.0], [0.0]])) == pytest.approx(3 * math.log(2) / 2)


def test_the_answer_s_words_are_a_choice_of_their_first_and_last_token() -> None:
    batch = [[an_example("One and two came.", [0], "One and two")]]  # five tokens
    assert loss(batch, Fixed([[0.0]]), 0.5) == pytest.approx(math.log(2) + 0.5 * 2 * math.log(5))
    assert loss(batch, Fixed([[0.0]]), 0.0) == pytest.approx(math.log(2))


def test_a_right_sentence_that_is_cut_off_makes_the_passage_a_wrong_one() -> None:
    text = "One left. " * (MAX_PASSAGE // 3) + "Two came."
    example = an_example(text, [MAX_PASSAGE // 3], "Two")
    logits = [0.0] * (MAX_PASSAGE // 3) + [-math.inf]
    assert len(example.right) == len(logits)
    assert loss([[example]], Fixed([logits])) == pytest.approx(math.log(1 + MAX_PASSAGE // 3))


def by_numpy(batch: Sequence[Group], logits: np.ndarray, tokens: np.ndarray, weight: float) -> float:
    """The loss again, sentence by sentence; tokens are told by how many there are before them."""
    total, row = 0.0, 0
    for group in batch:
        everything, right_ones = [], []
        for example in group:
            own = [float(logits[row, place]) for place in range(len(example.right))]
            right = [logit for logit, right in zip(own, example.right, strict=True) if right]
            total += logsumexp([0.0, *own]) - logsumexp(right or [0.0])
            everything += own
            right_ones += right
            if example.answer:
                before, after = (count(example.row.text[:end]) for end in example.answer)
                start = count(example.row.question) + 2
                scores = tokens[row, start : start + count(example.row.text)]
                total += weight * (logsumexp(scores[:, 0]) - scores[before, 0])
                total += weight * (logsumexp(scores[:, 1]) - scores[after - 1, 1])
            row += 1
        if len(group) > 1 and right_ones:
            total += logsumexp(everything) - logsumexp(right_ones)
    return total / row


def count(text: str) -> int:
    return len(TOKENIZER.encode(text, add_special_tokens=False).ids)


@pytest.mark.parametrize("seed", range(8))
def test_the_loss_agrees_with_numpy(seed: int) -> None:
    random = np.random.default_rng(seed)
    batch = [
        [an_example("One came. Two left. Three came.", [0, 2], "Three"), an_example("Nobody stayed.")],
        [an_example("All left.", question="Who stayed?")],
        [an_example("Four. Five came here by train.", [1], "by train", question="How did five come?")],
        [an_example("Six. Seven."), an_example("Eight, who came."), an_example("Nine.")],
    ]
    examples = [each for group in batch for each in group]
    encoding = Encoding(TOKENIZER, [each.row for each in examples])
    logits = [random.normal(0, 2, len(each.right)).tolist() for each in examples]
    model = Fixed(logits, torch.tensor(random.normal(size=(*encoding.ids.shape, 2))))
    expected = by_numpy(batch, model.logits.numpy(), model.tokens.numpy(), 0.7)
    assert loss(batch, model, 0.7) == pytest.approx(expected, rel=1e-5)


# -- training


NAMES = "Somalia Eritrea Ghana Kenya Sudan Chad Mali Niger".split()


def lessons(names: Sequence[str] = NAMES) -> list[Group]:
    """Who gave papers? The sentence about the country asked for is right, and none where the question is another's."""
    found = []
    for place, name in enumerate(names):
        other = names[place - 1]
        text = f"{other} gave bread. {name} gave papers to them."
        question = f"What did {name} give?"
        found.append([an_example(text, [1], "papers", question), an_example(f"{other} is far.", question=question)])
        found.append([an_example(text, question="Who wrote the song?")])
    return found


QUICK = TrainSettings(epochs=3, tokens=400, rate=2e-4, head_rate=2e-3)


def trained(path: Path) -> Any:
    model = fresh_model(0)
    left = model.load_state_dict({name: value.float() for name, value in load_file(path).items()}, strict=False)
    assert all(name.startswith("encoder.embeddings.") for name in left.missing_keys)
    return model


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    path = tmp_path_factory.mktemp("run") / "one.safetensors"
    return path, train(lessons(), lessons(), QUICK, path)


def test_training_lowers_the_loss(run: tuple[Path, dict[str, Any]]) -> None:
    with torch.inference_mode():
        before, after = (loss(lessons(), model) for model in (fresh_model(0), trained(run[0])))
    assert after < 0.4 * before


def test_what_was_learnt_is_what_was_saved(run: tuple[Path, dict[str, Any]]) -> None:
    path, told = run
    assert told["right_sentence_first"] > 0.8
    assert told == pytest.approx(scores(trained(path), TOKENIZER, lessons()), abs=0.02)


def test_the_same_seed_trains_the_same_bytes(tmp_path: Path) -> None:
    settings = TrainSettings(epochs=1, tokens=400)
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        train(lessons(NAMES[:4]), lessons(NAMES[:4]), TrainSettings(seed=seed, tokens=settings.tokens), tmp_path / name)
    held = [(tmp_path / name).read_bytes() for name in "abc"]
    assert held[0] == held[1] != held[2]


def test_the_word_embeddings_stay_and_all_else_learns() -> None:
    model = fresh_model(0)
    loss_of(model, TOKENIZER, lessons()[:2], 0.5).backward()
    for name, parameter in model.named_parameters():
        if name.startswith("encoder.embeddings."):
            assert parameter.grad is None
        elif name not in ("attend.bias", "span.bias") and not name.endswith("attention.self.key.bias"):
            assert parameter.grad.abs().max() > 0, name  # those three change nothing: they shift all scores alike


def test_the_loss_in_training_has_no_noise() -> None:
    model = fresh_model(0).train()
    assert loss(lessons()[:2], model) == loss(lessons()[:2], model)


def test_training_may_do_without_a_warm_up(tmp_path: Path) -> None:
    train(lessons(NAMES[:2]), lessons(NAMES[:2]), TrainSettings(warm_up=0.0), tmp_path / "out")
    assert (tmp_path / "out").exists()


def test_scores_count_the_questions_whose_best_sentence_is_right() -> None:
    right = [an_example("One came. Two left.", [0]), an_example("Three left.")]
    near = [an_example("One came. Two left.", question="Who left?")]

    class ByQuestion(torch.nn.Module):
        """The logits of the two questions in turn."""

        def __init__(self, *logits: list[list[float]]) -> None:
            super().__init__()
            self.each = [Fixed(rows) for rows in logits]

        def forward(self, batch: Encoding) -> tuple[torch.Tensor, torch.Tensor]:
            return self.each.pop(0)(batch)

    told = scores(ByQuestion([[2.0, -1.0], [1.0]], [[1.5, 0.0]], [[0.0, -1.0], [1.0]]), TOKENIZER, [right, near, right])
    # Best logits: right 2, 0; wrong 1, 1; altered 1.5. Of six pairs three are told apart, of two with the altered one.
    assert told == {"questions": 2, "right_sentence_first": 0.5, "auroc_passages": 0.5, "auroc_altered": 0.5}

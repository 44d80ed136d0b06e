"""The training of the cross-encoder: what it learns from, the loss, and that it learns."""

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
from qa.bases import MiniLM
from qa.mine import Example, Group
from qa.rerank import MAX_PASSAGE, Encoding, Row
from qa.train_reranker import (
    TrainSettings,
    _plan,
    batches,
    fresh_model,
    loss_of,
    scores,
    train,
)

BASE = MiniLM()
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
    plan = _plan(groups, BASE, TrainSettings(epochs=epochs, tokens=16))
    assert len(plan) == count
    held = [batch[0][0].row.text for batch in plan]
    assert len(set(held[:10])) == min(count, 10)
    assert count < 20 or held[:10] != held[10:]


# -- the loss


def loss(batch: Sequence[Group], model: Any, weight: float = 0.5) -> float:
    return float(loss_of(model, BASE, batch, weight).detach())


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
    return len(BASE.tokens(text).ids)


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
    encoding = Encoding(BASE, [each.row for each in examples])
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
    model = fresh_model(BASE, 0)
    left = model.load_state_dict({name: value.float() for name, value in load_file(path).items()}, strict=False)
    assert all(name.startswith("encoder.embeddings.") for name in left.missing_keys)
    return model


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    path = tmp_path_factory.mktemp("run") / "one.safetensors"
    return path, train(lessons(), {"all": lessons()}, QUICK, path, BASE)["all"]


def test_training_lowers_the_loss(run: tuple[Path, dict[str, Any]]) -> None:
    with torch.inference_mode():
        before, after = (loss(lessons(), model) for model in (fresh_model(BASE, 0), trained(run[0])))
    assert after < 0.4 * before


def test_what_was_learnt_is_what_was_saved(run: tuple[Path, dict[str, Any]]) -> None:
    path, told = run
    assert told["right_sentence_first"] > 0.8
    assert told == pytest.approx(scores(trained(path), BASE, lessons()), abs=0.02)


def test_the_same_seed_trains_the_same_bytes(tmp_path: Path) -> None:
    settings = TrainSettings(epochs=1, tokens=400)
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        train(lessons(NAMES[:4]), {}, TrainSettings(seed=seed, tokens=settings.tokens), tmp_path / name, BASE)
    held = [(tmp_path / name).read_bytes() for name in "abc"]
    assert held[0] == held[1] != held[2]


def test_the_word_embeddings_stay_and_all_else_learns() -> None:
    model = fresh_model(BASE, 0)
    loss_of(model, BASE, lessons()[:2], 0.5).backward()
    for name, parameter in model.named_parameters():
        if name.startswith("encoder.embeddings."):
            assert parameter.grad is None
        elif name not in ("attend.bias", "span.bias") and not name.endswith("attention.self.key.bias"):
            assert parameter.grad.abs().max() > 0, name  # those three change nothing: they shift all scores alike


def test_the_loss_in_training_has_no_noise() -> None:
    model = fresh_model(BASE, 0).train()
    assert loss(lessons()[:2], model) == loss(lessons()[:2], model)


def test_training_may_do_without_a_warm_up(tmp_path: Path) -> None:
    train(lessons(NAMES[:2]), {}, TrainSettings(warm_up=0.0), tmp_path / "out", BASE)
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

    told = scores(ByQuestion([[2.0, -1.0], [1.0]], [[1.5, 0.0]], [[0.0, -1.0], [1.0]]), BASE, [right, near, right])
    # Best logits: right 2, 0; wrong 1, 1; altered 1.5. Of six pairs three are told apart, of two with the altered one.
    assert told == {"questions": 2, "right_sentence_first": 0.5, "auroc_passages": 0.5, "auroc_near_misses": 0.5}

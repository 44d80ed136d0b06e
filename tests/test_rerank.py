"""A cross-encoder with heads drawn by a seed: what it says is of no use, but how it reads is all there.

It is read in float32, as on a processor whose int8 products are not exact; tests/test_readers.py reads in int8.
"""

import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from logging import Handler, LogRecord
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fakes import WordHashEmbedder, a_document
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from scipy.special import softmax
from scipy.stats import norm
from transformers.utils import logging as transformers_logging

import index.int8
from documents.errors import BadSetting, ModelError
from documents.sentences import sentence_spans
from documents.split import SplitSettings, split
from documents.types import Passage
from qa.bases import MiniLM
from qa.rerank import (
    MAX_CONTEXT,
    MAX_PASSAGE,
    MAX_QUESTION,
    CrossEncoder,
    Encoding,
    RerankSettings,
    Row,
    _whole,
    _words,
    build_model,
    reranked,
    row_of,
    trained_part,
)
from qa.train_reranker import save
from qa.types import Hit, Reading, Span

BASE = MiniLM()
TOKENIZER = BASE._tokenizer
TEXTS = [
    "Somalia gave no papers to them. The minister spoke.",
    "Removals rose in the year.",
    "Officers may stay a removal order. It ends with the danger! Who decides? The minister does, in 12 days.",
    "Bread. Butter.",
    "The Canada Border Services Agency removes people who may not stay, and keeps no one for longer than it must.",
    "He left in 2019. She came in 2020 (by train).",
]
WORDS = "Removal naïve œuvre ﬁnal Élodie e\u0301té agency. U.S. 12,5 \n\n 加拿大 🙂 (a)".split(" ")


@pytest.fixture(scope="module")
def model() -> Any:
    torch.manual_seed(0)
    return build_model(BASE).eval()


@pytest.fixture(scope="module")
def weights(model: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "reranker.safetensors"
    save(model, BASE, path)
    return path


@pytest.fixture(scope="module")
def reader(weights: Path) -> CrossEncoder:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.int8, "_exact", lambda: False)
        found = CrossEncoder(weights)
        found.load()
    return found


def a_row(text: str, question: str = "Who gave papers?", context: str = "") -> Row:
    return Row(question, context, text, tuple(sentence_spans(text)))


def a_hit(text: str, score: float = 0.0, before: str = "") -> Hit:
    """Returns a hit on a passage that holds all of the text, in a document where `before` precedes it."""
    (whole,) = split(a_document(text), WordHashEmbedder().count_tokens, SplitSettings(8192, 8192))
    shift = len(before) + len(text) - len(text.lstrip())
    spans = tuple((start + shift, end + shift) for start, end in whole.sentences)
    passage = Passage(a_document(before + text).info, whole.start + shift, whole.end + shift, whole.text, spans)
    return Hit(passage, score, 0.0, ())


def outputs(model: Any, rows: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.inference_mode():
        logits, tokens = model(Encoding(BASE, rows))
    return logits, tokens


def tokens_of(batch: Encoding, place: int = 0) -> list[str]:
    return [TOKENIZER.id_to_token(each) for each in batch.ids[place][batch.mask[place].bool()].tolist()]


def plain(text: str) -> str:
    """The text as the tokenizer spells it: small letters without accents."""
    return "".join(mark for mark in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(mark) != "Mn")


# -- what the model is given


def test_a_row_is_the_question_then_the_context_then_the_passage() -> None:
    batch = Encoding(BASE, [a_row("No papers.", "Who came?", "An act")])
    assert tokens_of(batch) == "[CLS] who came ? [SEP] an act [SEP] no papers . [SEP]".split()
    assert batch.types[0].tolist() == [0] * 5 + [1] * 7


def test_without_context_the_passage_follows_the_question() -> None:
    batch = Encoding(BASE, [a_row("No papers.", "Who came?")])
    assert tokens_of(batch) == "[CLS] who came ? [SEP] no papers . [SEP]".split()
    assert batch.types[0].tolist() == [0] * 5 + [1] * 4


def test_a_shorter_row_is_filled_up_and_the_filling_masked() -> None:
    batch = Encoding(BASE, [a_row("No papers.", "Who?"), a_row("He gave no papers.", "Who?")])
    assert batch.mask.tolist() == [[1] * 8 + [0] * 2, [1] * 10]
    assert batch.ids[0, 8:].tolist() == batch.types[0, 8:].tolist() == [0, 0]


def test_the_end_of_a_long_question_and_the_outermost_context_are_cut() -> None:
    row = Row("one " * 100 + "two", "three " + "four " * (MAX_CONTEXT - 1) + "five", "six", ((0, 3),))
    words = tokens_of(Encoding(BASE, [row]))
    parts = " ".join(words).split(" [SEP]")
    assert parts[0].split() == ["[CLS]", *["one"] * MAX_QUESTION]
    assert parts[1].split() == [*["four"] * (MAX_CONTEXT - 1), "five"]
    assert parts[2].split() == ["six"]


def test_the_end_of_a_long_passage_is_cut() -> None:
    batch = Encoding(BASE, [a_row("six " * (MAX_PASSAGE + 7), "Who?")])
    assert len(batch.offsets[0]) == MAX_PASSAGE == tokens_of(batch).count("six")


def test_sentences_of_a_passage_are_counted_from_its_start() -> None:
    passage = a_hit("One came. Two left.", before="Before all that. ").passage
    row = row_of("Who?", passage)
    assert [row.text[start:end] for start, end in row.sentences] == ["One came.", "Two left."]


texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)


@given(texts)
@settings(max_examples=60, deadline=None)
def test_tokens_stand_where_their_offsets_say(text: str) -> None:
    batch = Encoding(BASE, [a_row(text, "Qui était là ?", "Élan > ﬁn")])
    for token, start, end in batch.offsets[0]:
        piece = TOKENIZER.id_to_token(int(batch.ids[0, token])).removeprefix("##")
        assert piece in ("[UNK]", plain(text[start:end]))
    covered = {place for _, start, end in batch.offsets[0] for place in range(start, end)}
    assert all(text[place].isspace() or not plain(text[place]) for place in set(range(len(text))) - covered)


@given(texts)
@settings(max_examples=60, deadline=None)
def test_the_tokens_of_a_sentence_lie_in_it_and_belong_to_it_alone(text: str) -> None:
    row = a_row(text, context="Somewhere")
    batch = Encoding(BASE, [row])
    assert not row.sentences or int(batch.member[0].sum(0).max()) == 1
    for number, (low, high) in enumerate(row.sentences):
        held = [each for each in batch.offsets[0] if batch.member[0, number, each[0]]]
        assert len(held) == int(batch.member[0, number].sum())
        assert [each for each in batch.offsets[0] if low <= each[1] and each[2] <= high] == held != []


def test_a_token_belongs_to_the_second_of_two_sentences_that_touch() -> None:
    batch = Encoding(BASE, [Row("Who?", "", "加拿大边境", ((0, 2), (2, 5)))])
    assert batch.member[0].sum(1).tolist() == [2, 3]


# -- the model


def test_the_logits_agree_with_numpy(model: Any) -> None:
    row = a_row("One came by train. Two left. Nobody else did.", "Who came?", "A title")
    segments = [f"[CLS] {row.question} [SEP]", f"{row.context} [SEP] {row.text} [SEP]"]
    ids = [BASE.tokens(each).ids for each in segments]
    with torch.inference_mode():
        states = model.encoder(
            input_ids=torch.tensor([[*ids[0], *ids[1]]]),
            token_type_ids=torch.tensor([[0] * len(ids[0]) + [1] * len(ids[1])]),
        ).last_hidden_state[0]
    held = {name: value.detach().numpy() for name, value in model.named_parameters() if not name.startswith("encoder")}
    states = states.numpy().astype(np.float64)
    place, expected = len(ids[0]) + 3, []
    for start, end in row.sentences:
        count = len(BASE.tokens(row.text[start:end]).ids)
        own = states[place : place + count]
        attention = softmax(own @ held["attend.weight"][0])
        both = np.concatenate([attention @ own, states[0]])
        mixed = held["mix.weight"] @ both + held["mix.bias"]
        expected.append(float(held["score.weight"][0] @ (mixed * norm.cdf(mixed)) + held["score.bias"][0]))
        place += count
    (logits,), (tokens,) = outputs(model, [row])
    assert logits.tolist() == pytest.approx(expected, abs=1e-4)
    np.testing.assert_allclose(tokens.numpy(), states @ held["span.weight"].T + held["span.bias"], atol=1e-4)


def test_what_is_trained_is_all_but_the_word_embeddings(model: Any) -> None:
    kept = trained_part(model, BASE)
    rest = set(model.state_dict()) - set(kept)
    assert {".".join(name.split(".")[:3]) for name in kept if name.startswith("encoder.")} == {"encoder.encoder.layer"}
    assert {name.split(".")[0] for name in kept} == {"encoder", "attend", "mix", "score", "span"}
    assert rest == {name for name in model.state_dict() if name.startswith("encoder.embeddings.")} != set()


def test_a_batch_gets_what_its_rows_get_alone(model: Any) -> None:
    rows = [a_row(text, context="A title" * (place % 2)) for place, text in enumerate(TEXTS)]
    logits, tokens = outputs(model, rows)
    for place, row in enumerate(rows):
        alone, alone_tokens = outputs(model, [row])
        torch.testing.assert_close(logits[place, : len(row.sentences)], alone[0], atol=1e-4, rtol=0)
        torch.testing.assert_close(tokens[place, : alone_tokens.shape[1]], alone_tokens[0], atol=1e-4, rtol=0)
        assert torch.isneginf(logits[place, len(row.sentences) :]).all()


def test_a_sentence_s_logit_depends_on_the_question_and_on_the_context(model: Any) -> None:
    (first,), _ = outputs(model, [a_row("No papers came.", "Who came?")])
    (other,), _ = outputs(model, [a_row("No papers came.", "What is bread?")])
    (titled,), _ = outputs(model, [a_row("No papers came.", "Who came?", "Bread")])
    assert len({round(float(each), 3) for each in (first, other, titled)}) == 3


def test_the_model_is_loaded_without_a_word() -> None:
    said: list[LogRecord] = []

    class Listener(Handler):
        def emit(self, record: LogRecord) -> None:
            said.append(record)

    listener = Listener()
    transformers_logging.add_handler(listener)
    try:
        build_model(BASE)
    finally:
        transformers_logging.remove_handler(listener)
    assert said == []


# -- readings


def test_readings_come_in_the_order_of_the_hits_whatever_their_lengths(reader: CrossEncoder) -> None:
    hits = [a_hit(text) for text in TEXTS]
    readings = reader.read("Who gave papers?", hits)
    assert [each.hit for each in readings] == hits
    for hit, reading in zip(hits, readings, strict=True):
        (alone,) = reader.read("Who gave papers?", [hit])
        assert reading.logits == pytest.approx(alone.logits, abs=2e-4)
        assert len(reading.logits) == len(reading.words) == len(hit.passage.sentences)


def test_the_weights_are_kept_to_half_precision(model: Any, reader: CrossEncoder) -> None:
    hits = [a_hit(text) for text in TEXTS]
    for reading in reader.read("Who gave papers?", hits):
        (logits,), _ = outputs(model, [row_of("Who gave papers?", reading.hit.passage)])
        assert reading.logits == pytest.approx(logits.tolist(), abs=5e-3)


def test_no_hits_are_read_without_the_weights(tmp_path: Path) -> None:
    assert CrossEncoder(tmp_path / "none").read("Who?", []) == []


def test_a_passage_without_sentences_has_an_empty_reading(reader: CrossEncoder) -> None:
    bare = Hit(Passage(a_document("- -").info, 0, 3, "- -"), 0.0, 0.0, ())
    assert reader.read("Who?", [bare]) == [Reading(bare, (), ())]
    assert [each.logits == () for each in reader.read("Who?", [a_hit(TEXTS[0]), bare])] == [False, True]


def test_sentences_beyond_what_is_read_get_the_least_logit_and_all_their_words(reader: CrossEncoder) -> None:
    hit = a_hit(" ".join(f"Officer {number} gave no papers to the people." for number in range(45)))
    (reading,) = reader.read("Which officer?", [hit])
    last, _ = BASE.tokens(hit.passage.text).spans[MAX_PASSAGE - 1]
    read = sum(start <= last for start, _ in hit.passage.sentences)
    assert 20 < read < 40
    assert set(reading.logits[read:]) == {min(reading.logits[:read])}
    assert len(set(reading.logits[:read])) > 1
    assert reading.words[read:] == hit.passage.sentences[read:]


def test_the_words_that_answer_lie_in_their_sentence(reader: CrossEncoder) -> None:
    hits = [a_hit(text, before="Before it. ") for text in [*TEXTS, "the words of it " * 20 + "end."]]
    for reading in reader.read("Who gave papers?", hits):
        start = reading.hit.passage.start
        for (low, high), (first, last) in zip(reading.hit.passage.sentences, reading.words, strict=True):
            assert low <= first < last <= high
            words = reading.hit.passage.text[first - start : last - start]
            assert 1 <= len(BASE.tokens(words).ids) <= 24


def best_words(sentence: Span, tokens: np.ndarray, offsets: Sequence[tuple[int, int, int]]) -> Span:
    """Every pair of tokens, tried one by one."""
    best, found = -np.inf, sentence
    for place, (first, start, _) in enumerate(offsets):
        for last, low, end in offsets[place : place + 24]:
            within = sentence[0] <= start and low < sentence[1]
            if within and tokens[first, 0] + tokens[last, 1] > best:
                best, found = tokens[first, 0] + tokens[last, 1], (start, end)
    return found


@pytest.mark.parametrize("seed", range(12))
def test_the_words_that_answer_are_the_likeliest_of_all(seed: int) -> None:
    random = np.random.default_rng(seed)
    edges = np.cumsum(random.integers(1, 6, 140)).tolist()
    offsets = [(place + 9, edges[2 * place], edges[2 * place + 1]) for place in range(70)]
    scores = random.normal(size=(90, 2))
    scores[random.integers(9, 79), 0] += 5 * (seed % 2)  # a start so likely that the limit of length is met
    for first, last in ((0, 69), (0, 5), (17, 60), (30, 30), (68, 69)):
        sentence = (offsets[first][1], offsets[last][2])
        assert _words(sentence, torch.tensor(scores), offsets) == best_words(sentence, scores, offsets)


def test_an_answer_has_at_most_24_tokens() -> None:
    scores = torch.zeros(30, 2)
    scores[3, 0], scores[26, 1], scores[27, 1] = 9, 8, 9  # the 24th and the 25th from the first
    assert _words((0, 300), scores, [(place, 10 * place, 10 * place + 9) for place in range(30)]) == (30, 269)


def test_a_token_across_the_end_of_a_sentence_is_taken_up_to_there() -> None:
    assert _words((0, 6), torch.zeros(1, 2), [(0, 4, 9)]) == (4, 6)


def test_threads_share_one_reader(weights: Path) -> None:
    shared, hits = CrossEncoder(weights), [a_hit(text) for text in TEXTS]
    questions = ["Who gave papers?", "What is bread?"] * 3
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda question: shared.read(question, hits), questions))
    assert found[:2] * 3 == found
    assert found[0] != found[1]


# -- weights that are not whole


def test_missing_weights_are_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.safetensors: .* cannot be read .* Reinstall"):
        CrossEncoder(tmp_path / "none.safetensors").read("Who?", [a_hit("One.")])


@pytest.mark.parametrize("kept", [0, 4, 5000, -1])
def test_weights_cut_short_are_an_error(weights: Path, tmp_path: Path, kept: int) -> None:
    path = tmp_path / "cut.safetensors"
    path.write_bytes(weights.read_bytes()[:kept])
    with pytest.raises(ModelError, match="cannot be read"):
        CrossEncoder(path).read("Who?", [a_hit("One.")])


@pytest.mark.parametrize("change", ["less", "more", "shape"])
def test_weights_of_another_model_are_an_error(weights: Path, tmp_path: Path, change: str) -> None:
    held = load_file(weights)
    if change == "less":
        del held["score.weight"]
    elif change == "more":
        held["score.scale"] = torch.zeros(1)
    else:
        held["span.weight"] = torch.zeros(3, 384)
    save_file(held, tmp_path / "other.safetensors")
    with pytest.raises(ModelError, match="not the weights of the cross-encoder"):
        CrossEncoder(tmp_path / "other.safetensors").read("Who?", [a_hit("One.")])


# -- the new order


def ranked(scores: Sequence[float], logits: Sequence[Sequence[float]], weight: float) -> list[int]:
    """Returns the places of the hits in their new order."""
    hits = [a_hit(f"Word {place}.", float(score)) for place, score in enumerate(scores)]
    readings = [Reading(hit, tuple(each), ()) for hit, each in zip(hits, logits, strict=False)]
    return [hits.index(each) for each in reranked(hits, readings, weight)]


def test_the_new_order_is_that_of_the_weighted_sum() -> None:
    # Standardised by hand: scores 1.22, 0, -1.22; best logits -0.71, -0.71, 1.41.
    logits = [[0, -3], [-9, 0], [1, 6]]
    assert ranked([3, 2, 1], logits, 1) == [0, 2, 1]  # 0.52, -0.71, 0.19
    assert ranked([3, 2, 1], logits, 2) == [2, 0, 1]  # -0.19, -1.41, 1.60


def test_weight_zero_keeps_the_order() -> None:
    assert ranked([4, 3, 1, 0], [[-5], [7], [9], [1]], 0) == [0, 1, 2, 3]


def test_ties_keep_their_order() -> None:
    assert ranked([2, 2, 2, 2], [[1], [5], [1], [5]], 1) == [1, 3, 0, 2]


def test_hits_that_were_not_read_keep_their_places_below() -> None:
    assert ranked([5, 4, 9, 8], [[0], [6]], 3) == [1, 0, 2, 3]


def test_a_reading_without_sentences_counts_as_even_odds() -> None:
    assert ranked([1, 1, 1], [[-1], [], [1]], 1) == [2, 1, 0]


def test_no_hits_have_no_order() -> None:
    assert reranked([], [], 1) == []


@pytest.mark.parametrize("passages", [0, 1001])
def test_settings_out_of_bounds_are_refused(passages: int) -> None:
    with pytest.raises(BadSetting, match="choose between 1 and 1000"):
        RerankSettings(passages=passages)


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("357", "17,357"),
        ("17", "17,357"),
        (",3", "17,357"),
        ("moved 17", "removed 17,357"),
        ("9", "$9.50"),
        ("4", "4%"),
    ],
)
def test_words_at_the_edges_are_taken_whole(cut: str, whole: str) -> None:
    text = "Canada removed 17,357 people for $9.50, or 4% of all."
    start = text.index(cut)
    low, high = _whole(text, (start, start + len(cut)), (0, len(text)))
    assert text[low:high] == whole


def test_words_are_not_taken_beyond_their_sentence() -> None:
    assert _whole("It is 17,357.", (6, 8), (0, 8)) == (6, 8)

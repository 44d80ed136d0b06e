"""Vectors as codes: how near they stay, and that coding what was decoded changes nothing."""

from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEmbedder, a_document, embedded, fill
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from index.codes import coded_embeddings, decoded_embeddings, decoded_wholes
from index.copy_store import copy_store
from index.store import SQLiteStore
from index.types import Embedding, Vectors

FAKE = WordHashEmbedder()
NUMBERS = st.floats(-1, 1, width=32)
DIMENSIONS = st.integers(1, 9)


def drawn(count: int, dimension: int, around: Vectors | None = None, away: float = 1.0) -> Vectors:
    """Unit vectors; around a vector, about as far from it as `away`."""
    random = np.random.default_rng(3)
    rows = random.standard_normal((count, dimension)).astype(np.float32)
    if around is not None:
        rows = around + away * rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def again(embeddings: list[Embedding]) -> list[Embedding]:
    return decoded_embeddings(coded_embeddings(embeddings))


@given(
    st.data(),
    st.lists(st.integers(0, 3), min_size=1, max_size=4),
    DIMENSIONS,
)
def test_coding_what_was_decoded_gives_the_same_bytes(data: st.DataObject, counts: list[int], dimension: int) -> None:
    rows = [data.draw(arrays.arrays(np.float32, (1 + count, dimension), elements=NUMBERS)) for count in counts]
    codes = coded_embeddings([Embedding(each[0], each[1:]) for each in rows])
    assert coded_embeddings(decoded_embeddings(codes)) == codes


def test_codes_decode_to_vectors_of_the_same_shape_wherever_they_stand() -> None:
    whole = drawn(1, 6)[0]
    embeddings = [Embedding(whole, drawn(count, 6, whole)) for count in (0, 3, 0, 1)]
    together = again(embeddings)
    assert [each.spans.shape for each in together] == [(0, 6), (3, 6), (0, 6), (1, 6)]
    for each, alone in zip(together, (again([each])[0] for each in embeddings), strict=True):
        np.testing.assert_array_equal(each.whole, alone.whole)
        np.testing.assert_array_equal(each.spans, alone.spans)


def test_of_no_passages_there_are_no_codes() -> None:
    assert coded_embeddings([]) == []
    assert decoded_embeddings([]) == []


def test_a_passage_takes_a_byte_a_dimension_and_a_sentence_two_bits() -> None:
    whole = drawn(1, 384)[0]
    ((vector, spans),) = coded_embeddings([Embedding(whole, drawn(5, 384, whole))])
    assert (len(vector), len(spans)) == (388, 5 * 98)


def test_what_a_vector_holds_is_off_by_half_a_step_at_most() -> None:
    wholes = drawn(50, 384)
    codes = coded_embeddings([Embedding(whole, wholes[:0]) for whole in wholes])
    decoded = decoded_wholes(b"".join(whole for whole, _ in codes), 50)
    steps = np.abs(wholes).max(axis=1, keepdims=True) / 127
    assert (np.abs(decoded - wholes) <= steps * 0.501).all()


def test_the_levels_leave_the_error_that_max_gives_for_four() -> None:
    whole = drawn(1, 384)[0]
    spans = drawn(400, 384, whole, 0.5)
    (found,) = again([Embedding(whole, spans)])
    error = ((found.spans - spans) ** 2).sum() / ((spans - whole) ** 2).sum()
    # Max 1960, table I: 0.1175 with the scale of least squares; the unbiased one is 1 / (1 - 0.1175) times as long.
    assert error == pytest.approx(0.1175 / (1 - 0.1175), abs=0.005)


def test_sentences_come_no_nearer_to_their_passage_and_go_no_farther() -> None:
    whole = drawn(1, 384)[0]
    spans = drawn(400, 384, whole, 0.5)[1:]
    (found,) = again([Embedding(whole, spans)])
    along = ((spans - whole) * (found.spans - whole)).sum(axis=1) / ((spans - whole) ** 2).sum(axis=1)
    assert along == pytest.approx(np.ones(399), abs=0.01)


def test_a_zero_vector_comes_back() -> None:
    (found,) = again([Embedding(np.zeros(4, np.float32), np.zeros((2, 4), np.float32))])
    assert not found.whole.any()
    assert not found.spans.any()


def test_an_index_of_ivf_sq8_keeps_codes_and_others_do_not(tmp_path: Path) -> None:
    sizes = []
    for kind in ("flat", "hnsw", "ivf-sq8"):
        store = SQLiteStore(tmp_path / kind, writable=True)
        store.dense.choose(kind)
        fill(store, FAKE, a_document("bord cart dorm", "a"))
        (row,) = store._database.read("SELECT length(vector), length(sentence_vectors), compact FROM passages")
        sizes.append(row)
    assert sizes == [(256, 128, 0), (256, 128, 0), (68, 18, 1)]


def test_an_index_may_hold_both_and_ranks_them_together(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path, writable=True)
    fill(store, FAKE, a_document("bord", "a"), a_document("cart", "b"))
    store.dense.choose("ivf-sq8")
    fill(store, FAKE, a_document("bord cart", "c"), a_document("dorm", "d"))
    expected = [3, 1]
    assert [match.number for match in store.nearest(FAKE.embed_question("bord bord cart"), 2)] == expected
    store.save_vectors()
    assert [match.number for match in store.nearest(FAKE.embed_question("bord bord cart"), 2)] == expected


def test_copies_from_and_to_codes_arrive_as_they_were_sent(tmp_path: Path) -> None:
    flat, small = (SQLiteStore(tmp_path / name, writable=True) for name in ("flat", "small"))
    small.dense.choose("ivf-sq8")
    fill(flat, FAKE, a_document("bord cart cart dorm. Lamp mint.", "a"), a_document("norm park park", "b"))
    copy_store(flat, small)
    back = SQLiteStore(tmp_path / "back", writable=True)
    copy_store(small, back)
    copy_store(small, back)
    for each in small.stored("a").passages:
        (other,) = back.stored("a").passages
        np.testing.assert_array_equal(each.embedding.whole, other.embedding.whole)


def test_a_document_of_codes_that_is_taken_out_and_put_back_is_as_it_was(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path, writable=True)
    store.dense.choose("ivf-sq8")
    fill(store, FAKE, a_document("bord cart. Lamp.", "a"))
    before = store.stored("a")
    store.put_back(store.take_out("a"))
    after = store.stored("a")
    assert after.document == before.document
    np.testing.assert_array_equal(after.passages[0].embedding.spans, before.passages[0].embedding.spans)
    assert len(store.matching(["lamp"], 5)) == 1


def test_a_sentence_of_codes_is_as_near_to_a_question_as_a_thirtieth(tmp_path: Path) -> None:
    whole = drawn(1, 384)[0]
    spans, question = drawn(200, 384, whole, 0.45), drawn(1, 384, whole, 0.8)[0]
    (found,) = again([Embedding(whole, spans)])
    assert np.abs(found.spans @ question - spans @ question).max() < 1 / 30


def test_embedded_passages_of_the_fake_survive() -> None:
    (each,) = embedded(a_document("bord cart"), FAKE)
    (found,) = again([each.embedding])
    np.testing.assert_allclose(found.whole, each.embedding.whole, atol=1e-6)

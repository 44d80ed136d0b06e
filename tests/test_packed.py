"""Weights in 4 bits, on a file small enough to decode on paper."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from index.e5 import E5Embedder, load_bilingual
from index.packed import Pieces, Sizes, Tensors, read_packed, write_packed

SIZES = Sizes(width=32, layers=1, heads=1, inner=32, words=2, positions=8, types=1, epsilon=1e-12, block=32)
# Two blocks: the scale, then sixteen bytes of two weights each.
BLOCKS = np.float16([0.5]).tobytes() + bytes([0x80] + [0x8F] * 15) + np.float16([2]).tobytes() + bytes([0x09] * 16)
FLOATS = np.float32([1.5, -2]).tobytes()


PIECES = Pieces(
    ["<s>", "<pad>", "</s>", "<unk>", "▁é", "n"], [0.0, 0.0, 0.0, 0.0, -2.5, -3.0], 0, 2, 1, 3, {0xFB01: "fi"}
)


@pytest.fixture
def tensors() -> Tensors:
    stored = np.frombuffer(BLOCKS + FLOATS, dtype=np.uint8)
    return Tensors(stored, SIZES, {"emb.word": (1, 64, 0, 36), "bias": (0, 2, 36, 8)})


def test_a_block_holds_low_halves_then_high_halves_less_eight_times_the_scale(tensors: Tensors) -> None:
    first, second = tensors.tensor("emb.word").reshape(2, 32)
    assert first.tolist() == [-4.0] + [3.5] * 15 + [0.0] * 16
    assert second.tolist() == [2.0] * 16 + [-16.0] * 16


def test_a_tensor_of_floats_is_read_as_it_stands(tensors: Tensors) -> None:
    assert tensors.tensor("bias").tolist() == [1.5, -2]


def test_rows_are_those_of_the_whole_tensor(tensors: Tensors) -> None:
    numbers = np.array([[1, 0, 1], [0, 0, 0]])
    np.testing.assert_array_equal(tensors.words(numbers), tensors.tensor("emb.word").reshape(2, 32)[numbers])


def test_a_file_with_another_digest_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"E5S1")
    with pytest.raises(ValueError, match="SHA-256"):
        read_packed(tmp_path / "model.bin", "0" * 64)


def test_what_is_written_is_read_again(tensors: Tensors, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    write_packed(path, tensors, PIECES)
    found, pieces = read_packed(path, sha256(path.read_bytes()).hexdigest())
    assert pieces == PIECES
    assert found.sizes == replace(SIZES, epsilon=found.sizes.epsilon)
    assert found.tensor("emb.word").tolist() == tensors.tensor("emb.word").tolist()
    assert found.tensor("bias").tolist() == [1.5, -2]


def test_the_package_s_file_is_written_byte_for_byte(bilingual: E5Embedder, tmp_path: Path) -> None:
    whole = load_bilingual()
    write_packed(tmp_path / "model.bin", whole.tensors, whole.pieces)
    assert sha256((tmp_path / "model.bin").read_bytes()).hexdigest() == bilingual.revision


def test_fewer_words_keep_their_vectors_and_all_other_tensors(tensors: Tensors) -> None:
    cut = tensors.of_words([1])
    assert cut.sizes.words == 1
    assert cut.words(np.array([[0, 0]])).tolist() == [[tensors.tensor("emb.word").tolist()[32:]] * 2]
    assert cut.tensor("bias").tolist() == [1.5, -2]

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.types import Match, Vectors
from index.vectors import FlatVectors

DIMENSION = 8


def halves(count: int, seed: int) -> Vectors:
    """Unit rows of four entries of 0.5 or -0.5: every inner product is exact, and most are tied."""
    random = np.random.default_rng(seed)
    rows = np.zeros((count, DIMENSION), dtype=np.float32)
    for row in rows:
        row[random.permutation(DIMENSION)[:4]] = random.choice([-0.5, 0.5], 4)
    return rows


def by_hand(
    numbers: list[int], rows: Vectors, vector: Vectors, k: int, allowed: NDArray[np.int64] | None = None
) -> list[Match]:
    scores = {number: float(row @ vector) for number, row in zip(numbers, rows, strict=True)}
    among = set(numbers) if allowed is None else set(allowed.tolist())
    ranked = sorted(among & set(numbers), key=lambda number: (-scores[number], number))
    return [Match(number, scores[number]) for number in ranked[: max(k, 0)]]


def above_the_last(found: list[Match]) -> list[Match]:
    """Without those that tie with the last: which of them have a place has a test of its own."""
    return [match for match in found if match.score > found[-1].score]


def test_worked_example() -> None:
    rows = np.array([[1, 0], [0.6, 0.8], [0, 1], [-1, 0]], dtype=np.float32)
    found = FlatVectors([10, 20, 30, 40], rows).search(np.array([1, 0], dtype=np.float32), 3)
    assert found == [Match(10, 1.0), Match(20, pytest.approx(0.6)), Match(30, 0.0)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("k", [1, 2, 3, 7, 10, 50, 199, 200, 1000])
def test_scores_agree_with_numpy_with_ties(seed: int, k: int) -> None:
    rows = halves(200, seed)
    numbers = list(range(5, 205))
    vector = halves(1, seed + 100)[0]
    found, expected = FlatVectors(numbers, rows).search(vector, k), by_hand(numbers, rows, vector, k)
    assert [match.score for match in found] == [match.score for match in expected]
    assert above_the_last(found) == above_the_last(expected)


@pytest.mark.parametrize("k", [1, 5, 40, 1000])
def test_agrees_with_numpy_among_the_allowed(k: int) -> None:
    rows = halves(200, 9)
    numbers = list(range(200))
    allowed = np.arange(3, 200, 5, dtype=np.int64)
    vector = halves(1, 10)[0]
    found = FlatVectors(numbers, rows).search(vector, k, allowed)
    expected = by_hand(numbers, rows, vector, k, allowed)
    assert [match.score for match in found] == [match.score for match in expected]
    assert above_the_last(found) == above_the_last(expected)


@given(st.integers(0, 40), st.integers(0, 1000))
def test_the_whole_ranking_agrees_with_numpy_at_any_size(count: int, seed: int) -> None:
    rows = halves(count, seed)
    numbers = [3 * position + 1 for position in range(count)]
    vector = halves(1, seed + 1)[0]
    assert FlatVectors(numbers, rows).search(vector, count + 5) == by_hand(numbers, rows, vector, count)


@pytest.mark.parametrize("only", [None, np.arange(1, 8, dtype=np.int64)])
def test_of_the_passages_tied_at_the_last_place_the_lowest_numbers_stay(only: NDArray[np.int64] | None) -> None:
    rows = np.tile(np.eye(1, DIMENSION, dtype=np.float32), (8, 1))
    rows[5] = np.eye(DIMENSION, dtype=np.float32)[1]
    vector = np.array([0.6, 0.8, 0, 0, 0, 0, 0, 0], dtype=np.float32)
    found = FlatVectors(list(range(8)), rows).search(vector, 3, only)
    assert [match.number for match in found] == ([5, 0, 1] if only is None else [5, 1, 2])


@pytest.mark.parametrize("k", [0, -1])
def test_no_places_find_nothing(k: int) -> None:
    assert FlatVectors([1, 2], halves(2, 0)).search(halves(1, 1)[0], k) == []


def test_numbers_that_are_not_there_are_not_found() -> None:
    found = FlatVectors([1, 2], halves(2, 0)).search(halves(1, 1)[0], 5, np.array([2, 99], dtype=np.int64))
    assert [match.number for match in found] == [2]


def test_nothing_allowed_finds_nothing() -> None:
    assert FlatVectors([1, 2], halves(2, 0)).search(halves(1, 1)[0], 5, np.array([], dtype=np.int64)) == []


def test_nothing_stored_finds_nothing() -> None:
    empty = FlatVectors([], np.zeros((0, DIMENSION), dtype=np.float32))
    assert len(empty) == 0
    assert empty.search(halves(1, 1)[0], 5) == []


def test_saved_vectors_are_loaded(tmp_path: Path) -> None:
    vectors = FlatVectors([4, 2], halves(2, 0))
    vectors.save(tmp_path / "vectors.faiss", "abc")
    loaded = FlatVectors.load(tmp_path / "vectors.faiss", "abc")
    assert loaded is not None
    assert loaded.search(halves(1, 1)[0], 5) == vectors.search(halves(1, 1)[0], 5)


def test_saving_leaves_no_other_file(tmp_path: Path) -> None:
    FlatVectors([4, 2], halves(2, 0)).save(tmp_path / "vectors.faiss", "abc")
    assert [path.name for path in tmp_path.iterdir()] == ["vectors.faiss"]


def test_another_generation_is_not_loaded(tmp_path: Path) -> None:
    FlatVectors([4, 2], halves(2, 0)).save(tmp_path / "vectors.faiss", "abc")
    assert FlatVectors.load(tmp_path / "vectors.faiss", "abd") is None


def test_a_missing_file_is_not_loaded(tmp_path: Path) -> None:
    assert FlatVectors.load(tmp_path / "vectors.faiss", "abc") is None


def test_no_damaged_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    FlatVectors([4, 2], halves(2, 0)).save(path, "abc")
    whole = path.read_bytes()
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1
        path.write_bytes(damaged)
        assert FlatVectors.load(path, "abc") is None, f"byte {position}"


def test_no_truncated_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    FlatVectors([4, 2], halves(2, 0)).save(path, "abc")
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert FlatVectors.load(path, "abc") is None, f"{length} bytes"

"""The contract of the kinds of vector search, over every kind, against exact search by numpy; and their files."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEmbedder, a_document, fill
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.errors import BadSetting
from index import vector_file
from index.recall import PLACES, drawn, probes, recall
from index.store import SQLiteStore
from index.types import Match, Vectors, Where
from index.vectors import FLAT, HNSW, IVF, KINDS, ApproximateVectors, FlatVectors, Numbers, VectorIndex, approximate

APPROXIMATE = [HNSW, IVF]
DIMENSION = 16
FAKE = WordHashEmbedder()


def clustered(count: int, seed: int) -> Vectors:
    """Unit rows around forty centres, as texts of a field lie."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((40, DIMENSION))[random.integers(40, size=count)]
    rows = rows + 0.4 * random.standard_normal((count, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def exact_of(numbers: Numbers, rows: Vectors) -> Callable[[Numbers], tuple[Numbers, Vectors]]:
    def exact(wanted: Numbers) -> tuple[Numbers, Vectors]:
        held = np.isin(numbers, wanted)
        return numbers[held], rows[held]

    return exact


def made(kind: str, rows: Vectors, first: int = 1) -> VectorIndex:
    """An index of the rows, numbered from `first` in steps of three."""
    numbers = np.arange(first, first + 3 * len(rows), 3)
    if kind == FLAT:
        return FlatVectors(numbers, rows)
    return approximate(kind, rows, len(rows), [(numbers, rows)], exact_of(numbers, rows))


def by_hand(rows: Vectors, vector: Vectors, k: int, allowed: Numbers | None = None, first: int = 1) -> list[Match]:
    scores = {first + 3 * place: float(row @ vector) for place, row in enumerate(rows)}
    among = set(scores) if allowed is None else set(allowed.tolist()) & set(scores)
    return [Match(number, scores[number]) for number in sorted(among, key=lambda each: (-scores[each], each))[:k]]


def same(found: list[Match], expected: list[Match]) -> bool:
    """True where the scores agree; of those that tie, or nearly do, any may stand."""
    return np.allclose([match.score for match in found], [match.score for match in expected], atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_most_of_the_nearest_are_found(kind: str) -> None:
    rows, questions = clustered(5000, 1), clustered(50, 2)
    vectors = made(kind, rows)
    found = [{match.number for match in vectors.search(vector, 10)} for vector in questions]
    expected = [{match.number for match in by_hand(rows, vector, 10)} for vector in questions]
    share = np.mean([len(one & other) / 10 for one, other in zip(found, expected, strict=True)])
    assert share == 1 if kind == FLAT else share > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_scores_are_the_exact_cosines_best_first(kind: str) -> None:
    rows, vector = clustered(2000, 3), clustered(1, 4)[0]
    found = made(kind, rows).search(vector, 30)
    assert [match.score for match in found] == pytest.approx([rows[(m.number - 1) // 3] @ vector for m in found])
    assert found == sorted(found, key=lambda match: (-match.score, match.number))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", [1, 10, 299, 300, 5000])
def test_a_k_too_large_gives_all(kind: str, k: int) -> None:
    rows, vector = clustered(300, 5), clustered(1, 6)[0]
    found = made(kind, rows).search(vector, k)
    assert len(found) == min(k, 300)
    assert len({match.number for match in found}) == len(found)
    if k >= 300:
        assert same(found, by_hand(rows, vector, 300))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("k", [0, -1])
def test_no_places_find_nothing(kind: str, k: int) -> None:
    assert made(kind, clustered(10, 0)).search(clustered(1, 1)[0], k) == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_passage_is_found(kind: str) -> None:
    assert [match.number for match in made(kind, clustered(1, 0)).search(clustered(1, 1)[0], 5)] == [1]


@pytest.mark.parametrize("kind", KINDS)
def test_ties_go_by_number(kind: str) -> None:
    rows = np.tile(clustered(1, 0), (400, 1))
    found = made(kind, rows).search(rows[0], 400)
    assert [match.number for match in found] == list(range(1, 1201, 3))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [0, 1, 500, 1100, 4000])  # compared one by one, all codes read, searched
@pytest.mark.parametrize("k", [5, 50])
def test_a_filter_never_gives_too_few_nor_what_is_not_allowed(kind: str, count: int, k: int) -> None:
    rows, vector = clustered(12_000, 7), clustered(1, 8)[0]
    numbers = np.arange(1, 1 + 3 * len(rows), 3)
    # The farthest are allowed: a search that only looks around the question finds none of them.
    allowed = np.sort(numbers[np.argsort(rows @ vector)[:count]])
    found = vectors_of(kind).search(vector, k, allowed)
    assert len(found) == min(k, count)
    assert {match.number for match in found} <= set(allowed.tolist())
    assert same(found, by_hand(rows, vector, k, allowed)) or count > 1000


MADE: dict[str, VectorIndex] = {}


def vectors_of(kind: str) -> VectorIndex:
    """One index of each kind for all filters."""
    return MADE.setdefault(kind, made(kind, clustered(12_000, 7)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_best_of_a_wide_filter_are_found(kind: str) -> None:
    rows = clustered(12_000, 7)
    allowed = np.arange(1, 1 + 3 * len(rows), 6)
    shares = []
    for vector in clustered(30, 9):
        found = {match.number for match in vectors_of(kind).search(vector, 10, allowed)}
        shares.append(len(found & {match.number for match in by_hand(rows, vector, 10, allowed)}) / 10)
    assert np.mean(shares) == 1 if kind == FLAT else np.mean(shares) > 0.85


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_that_are_not_there_are_not_found(kind: str) -> None:
    vectors = made(kind, clustered(2, 0))
    assert [match.number for match in vectors.search(clustered(1, 1)[0], 5, np.array([4, 99]))] == [4]


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_what_the_database_no_longer_holds_is_not_found(kind: str) -> None:
    rows = clustered(3, 0)
    numbers = np.array([1, 2, 3])
    vectors = approximate(kind, rows, 3, [(numbers, rows)], exact_of(numbers[:2], rows[:2]))
    assert sorted(match.number for match in vectors.search(rows[2], 3)) == [1, 2]


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_the_same_passages_give_the_same_file(kind: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        vectors = made(kind, clustered(3000, 1))
        assert isinstance(vectors, ApproximateVectors)
        vectors.save(tmp_path / name, vector_file.About("abc", kind, 3000, 32))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_saved_vectors_are_loaded(kind: str, tmp_path: Path) -> None:
    rows, path = clustered(3000, 1), tmp_path / "vectors.faiss"
    vectors = made(kind, rows)
    assert isinstance(vectors, ApproximateVectors)
    about = vector_file.About("abc", kind, 3000, 64, 0.99, 200)
    vectors.save(path, about)
    assert vector_file.read_about(path) == about
    loaded = ApproximateVectors.load(path, "abc", kind, exact_of(np.arange(1, 9001, 3), rows))
    assert loaded is not None and loaded.breadth == 64
    vectors.breadth = 64
    for vector in clustered(20, 2):
        for allowed in (None, np.arange(1, 9001, 6), np.arange(1, 4000, 3)):
            assert loaded.search(vector, 10, allowed) == vectors.search(vector, 10, allowed)


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_no_damaged_or_other_file_is_loaded(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    rows = clustered(100, 1)
    vectors, exact = made(kind, rows), exact_of(np.arange(1, 301, 3), rows)
    assert isinstance(vectors, ApproximateVectors)
    vectors.save(path, vector_file.About("abc", kind, 100, 32))
    assert ApproximateVectors.load(path, "abd", kind, exact) is None
    assert ApproximateVectors.load(path, "abc", IVF if kind == HNSW else HNSW, exact) is None
    assert FlatVectors.load(path, "abc") is None
    whole = path.read_bytes()
    for position in [*range(0, len(whole), 101), *range(len(whole) - 200, len(whole))]:
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert ApproximateVectors.load(path, "abc", kind, exact) is None, f"byte {position}"


# -- recall


@given(st.integers(2, 40), st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_exact_search_has_a_recall_of_one(count: int, seed: int) -> None:
    rows = np.round(clustered(count, seed) * 4) / 4  # with ties
    own = drawn(np.arange(1, 1 + 3 * count, 3), 5, seed)
    blocks = [
        (np.arange(1, 1 + 3 * count, 3)[start : start + 7], rows[start : start + 7]) for start in range(0, count, 7)
    ]
    asked = probes(clustered(len(own), seed + 1), own, blocks)
    assert recall(made(FLAT, rows).search, asked, count) == 1


def test_recall_by_hand() -> None:
    """Eleven passages on a line; the question is passage 11's own; the search misses three of the ten others."""
    rows = np.stack([[np.cos(angle), np.sin(angle)] for angle in np.arange(11) / 10]).astype(np.float32)
    numbers = np.arange(11)
    asked = probes(rows[:1], np.array([0]), [(numbers, rows)])
    assert asked.tenth == pytest.approx([np.cos(1.0)])
    found = [Match(number, float(rows[number] @ rows[0])) for number in (0, 1, 2, 3, 5, 7, 8, 10)]
    assert recall(lambda vector, k: found, asked, 11) == 7 / PLACES


def test_recall_of_a_single_passage_is_not_measured() -> None:
    rows = clustered(1, 0)
    assert recall(made(FLAT, rows).search, probes(rows, np.array([1]), [(np.array([1]), rows)]), 1) is None


def test_passages_are_drawn_with_a_seed_and_at_most_once() -> None:
    numbers = np.arange(0, 5000, 7)
    assert drawn(numbers, 100, 1).tolist() == drawn(numbers, 100, 1).tolist() != drawn(numbers, 100, 2).tolist()
    assert len(set(drawn(numbers, 100).tolist()) & set(numbers.tolist())) == 100
    assert drawn(numbers, 9999).tolist() == numbers.tolist()


# -- in an index


def a_library(folder: Path, count: int = 120) -> SQLiteStore:
    random = np.random.default_rng(3)
    words = [f"word{number}" for number in range(60)]
    days = [None, "2024-01-01", "2026-01-01"]
    documents = [
        a_document(" ".join(random.choice(words, 9)), f"{place:03}", day=days[place % 3]) for place in range(count)
    ]
    return fill(SQLiteStore(folder, writable=True), FAKE, *documents)


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_an_index_finds_the_same_whatever_its_kind(kind: str, tmp_path: Path) -> None:
    store = a_library(tmp_path)
    question = FAKE.embed_question("word1 word2 word3")
    wheres = [Where(), Where(as_of=date(2025, 1, 1)), Where(documents=frozenset({"004", "010"})), Where(frozenset())]
    exact = [store.nearest(question, 500, where) for where in wheres]
    store.dense.choose(kind)
    store.save_vectors()
    about = SQLiteStore(tmp_path).dense.about()
    assert about is not None
    assert about.recall is not None
    assert (about.kind, about.passages, about.questions) == (kind, 120, 120)
    assert about.recall > 0.9
    for where, expected in zip(wheres, exact, strict=True):
        found = SQLiteStore(tmp_path).nearest(question, 500, where)
        assert {match.number for match in found} == {match.number for match in expected}
        assert same(found, expected)


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_a_damaged_file_is_made_again(kind: str, tmp_path: Path) -> None:
    store = a_library(tmp_path)
    store.dense.choose(kind)
    store.save_vectors()
    whole = (tmp_path / "vectors.faiss").read_bytes()
    (tmp_path / "vectors.faiss").write_bytes(whole[:1000] + b"!" + whole[1001:])
    question = FAKE.embed_question("word1")
    assert len(SQLiteStore(tmp_path).nearest(question, 5)) == 5
    SQLiteStore(tmp_path).save_vectors()
    assert (tmp_path / "vectors.faiss").read_bytes() == whole


@pytest.mark.parametrize("kind", APPROXIMATE)
def test_an_empty_index_takes_a_kind(kind: str, tmp_path: Path) -> None:
    store = fill(SQLiteStore(tmp_path, writable=True), FAKE)
    store.dense.choose(kind)
    store.save_vectors()
    assert store.nearest(FAKE.embed_question("word1"), 5) == []


def test_a_file_that_is_as_it_should_be_is_not_written_again(tmp_path: Path) -> None:
    store = a_library(tmp_path)
    store.save_vectors()
    before = (tmp_path / "vectors.faiss").stat()
    store.save_vectors()
    SQLiteStore(tmp_path).save_vectors()
    after = (tmp_path / "vectors.faiss").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_going_back_to_flat_is_exact_again(tmp_path: Path) -> None:
    store = a_library(tmp_path)
    question = FAKE.embed_question("word1 word2")
    before = store.nearest(question, 50)
    for kind in (HNSW, FLAT):
        store.dense.choose(kind)
        store.save_vectors()
    assert store.nearest(question, 50) == before
    about = store.dense.about()
    assert about is not None and replace(about, generation="") == vector_file.About("", FLAT, 120)


def test_how_many_vectors_are_codes_is_told_with_the_recall_measured_against_them(tmp_path: Path) -> None:
    store = a_library(tmp_path)
    store.dense.choose(IVF)
    fill(store, FAKE, a_document("lamp cart", "new"))
    store.save_vectors()
    about = store.dense.about()
    assert about is not None and about.coded == 1


def test_a_file_that_does_not_tell_of_codes_is_read(tmp_path: Path) -> None:
    path, about = tmp_path / "vectors.faiss", vector_file.About("abc", IVF, 3, 8, 1.0, 3)
    vector_file.write(path, about, lambda part: _written(Path(part)))
    whole = path.read_bytes()
    foot = whole.index(b'{"generation"')
    stated = whole[foot : whole.rindex(b"}") + 1].replace(b', "coded": null', b"")
    before = whole[:foot] + stated
    end = len(stated).to_bytes(4, "little") + zlib.crc32(before).to_bytes(4, "little")
    path.write_bytes(before + end + whole[-len(b"removals-qa vectors 2\n") :])
    assert vector_file.is_whole(path)
    assert vector_file.read_about(path) == about


def _written(part: Path) -> None:
    part.write_bytes(b"vectors")


def test_an_unknown_kind_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"'pq' is no kind of vector search\. Known are flat, hnsw, ivf-sq8"):
        SQLiteStore(tmp_path, writable=True).dense.choose("pq")

"""Lexical search that leaves common words out at first: what it keeps of the full ranking, and whose scores."""

from pathlib import Path

import numpy as np
import pytest
from fakes import WordHashEmbedder, a_document, fill
from hypothesis import given
from hypothesis import strategies as st

from documents.labels import Labels
from index.lexical import matching, rarest
from index.rows import condition
from index.store import SQLiteStore
from index.types import EVERYWHERE, Match, Where

FAKE = WordHashEmbedder()
ALL = 10**9


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SQLiteStore:
    """300 passages: common is in all, half in every second, third in every third, rare in ten, name in one."""
    random = np.random.default_rng(5)
    documents = []
    for place in range(300):
        words = ["common"] * int(random.integers(1, 4)) + ["filler"] * int(random.integers(0, 9))
        words += [word for word, step in (("half", 2), ("third", 3), ("rare", 30)) if place % step == 0]
        words += ["name"] if place == 150 else []
        documents.append(
            a_document(" ".join(random.permutation(words)), f"{place:03}", kind="press" if place < 9 else "")
        )
    return fill(SQLiteStore(tmp_path_factory.mktemp("lexical"), writable=True), FAKE, *documents)


def ranked(store: SQLiteStore, terms: list[str], k: int, most: int) -> list[tuple[int, float]]:
    found = matching(store._database, store._counts, store._postings, store._allowed, terms, k, EVERYWHERE, most)
    return [(match.number, round(match.score, 9)) for match in found]


@pytest.mark.parametrize("terms", [["common"], ["common", "half", "rare"], ["third", "name"], ["half third"], ["none"]])
@pytest.mark.parametrize("k", [1, 5, 400])
def test_nothing_is_left_out_below_the_bound(store: SQLiteStore, terms: list[str], k: int) -> None:
    assert ranked(store, terms, k, 2000) == ranked(store, terms, k, ALL)


def test_the_passages_of_the_rare_words_have_the_scores_of_all_words(store: SQLiteStore) -> None:
    terms = ["common", "half", "rare", "third"]
    full = dict(ranked(store, terms, 400, ALL))
    found = ranked(store, terms, 5, 20)
    assert len(found) == 5
    assert dict(found) == {number: full[number] for number, _ in found}


def test_the_best_passages_are_those_of_the_full_ranking(store: SQLiteStore) -> None:
    terms = ["common", "half", "rare", "third"]
    assert ranked(store, terms, 5, 20) == ranked(store, terms, 5, ALL)


def test_where_the_rare_words_find_too_few_all_words_are_searched_for(store: SQLiteStore) -> None:
    assert ranked(store, ["common", "name"], 20, 5) == ranked(store, ["common", "name"], 20, ALL)


def test_a_phrase_is_never_left_out(store: SQLiteStore) -> None:
    phrase, number = "half common", 10
    alone = {number for number, _ in ranked(store, [phrase], 400, ALL)}
    found = ranked(store, [phrase, "rare", "filler"], number, 20)
    assert {number for number, _ in found} & alone


def test_a_narrowed_search_leaves_nothing_out(store: SQLiteStore) -> None:
    where = Where(kinds=frozenset({"press"}))
    found = matching(store._database, store._counts, store._postings, store._allowed, ["common", "rare"], 50, where, 5)
    assert len(found) == 9


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(0, 100), min_size=1), st.integers(0, 300))
def test_the_rarest_stay_within_the_bound_and_none_is_kept_before_a_rarer(counts: dict[str, int], most: int) -> None:
    kept = rarest(counts, most)
    left = set(counts) - kept
    assert max((counts[term] for term in kept), default=0) <= min((counts[term] for term in left), default=100)
    held = [counts[term] for term in kept if counts[term]]
    assert sum(held) <= most or len(held) == 1
    assert held or not any(counts.values())


def test_the_bound_is_that_of_the_store(tmp_path: Path) -> None:
    documents = [a_document(f"lamp cart{place % 3}", f"{place}") for place in range(30)]
    store = fill(SQLiteStore(tmp_path, writable=True), FAKE, *documents)
    full = matching(
        store._database, store._counts, store._postings, store._allowed, ["lamp", "cart1"], 9, EVERYWHERE, ALL
    )
    assert store.matching(["lamp", "cart1"], 9) == full


@given(
    st.lists(
        st.sampled_from(["common", "half", "third", "rare", "name", "filler", "none", "half common", "été"]), max_size=4
    ),
    st.sampled_from([1, 5, 400]),
    st.none() | st.frozensets(st.integers(0, 310).map(lambda place: f"{place:03}"), max_size=40),
    st.none() | st.just(frozenset({"press"})) | st.just(frozenset({"statute"})),
)
def test_a_narrowed_search_has_the_hits_and_scores_of_fts5(
    store: SQLiteStore, terms: list[str], k: int, documents: frozenset[str] | None, kinds: frozenset[str] | None
) -> None:
    where = Where(documents=documents, kinds=kinds)
    narrowed, parameters = condition(where)
    rows = store._database.read(
        "SELECT terms.rowid, -bm25(terms) AS score FROM terms JOIN passages p ON p.number = terms.rowid"
        f" JOIN documents d ON d.number = p.document WHERE terms MATCH ? AND {narrowed}"
        " ORDER BY score DESC, terms.rowid LIMIT ?",
        (" OR ".join(f'"{term}"' for term in terms) or '"none"', *parameters, k),
    )
    expected = [Match(*row) for row in rows]
    assert matching(store._database, store._counts, store._postings, store._allowed, terms, k, where, ALL) == expected


def test_a_narrowed_search_of_plain_words_is_not_left_to_fts5(store: SQLiteStore) -> None:
    sent = list[str]()
    connection = store._database._connection()
    connection.set_trace_callback(sent.append)
    store.matching(["common", "rare"], 5, Where(kinds=frozenset({"press"})))
    connection.set_trace_callback(None)
    assert sent
    assert not any("bm25" in each for each in sent)


def test_a_narrowed_search_sees_what_came_what_went_and_what_was_corrected(tmp_path: Path) -> None:
    documents = [a_document(f"lamp cart{place}", f"{place}", kind="press") for place in range(4)]
    store = fill(SQLiteStore(tmp_path, writable=True), FAKE, *documents)
    reader, press = SQLiteStore(tmp_path), Where(kinds=frozenset({"press"}))
    assert [match.number for match in reader.matching(["lamp"], 9, press)] == [1, 2, 3, 4]
    fill(store, FAKE, a_document("lamp", "new", kind="press"), a_document("lamp", "other"))
    store.remove("1")
    store.edit("2", Labels(kind="statute"))
    assert [match.number for match in reader.matching(["lamp"], 9, press)] == [5, 1, 4]
    assert {match.number for match in reader.nearest(FAKE.embed_question("lamp"), 9, press)} == {1, 4, 5}

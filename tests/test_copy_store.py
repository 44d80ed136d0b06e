"""Copying an index between stores: everything arrives, and what did not is told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import STORES, new_store
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import TransferError
from documents.labels import Labels
from index.copy_store import Copied, copy_store, digest
from index.open import open_store
from index.writable import WritableStore

FAKE = WordHashEmbedder()
LONG = " ".join(f"w{place}" for place in range(60))


@pytest.fixture(params=STORES)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WritableStore]:
    """Documents with names, corrections, folders and versions."""
    with new_store(request.param, tmp_path / "from") as store:
        fill(
            store,
            FAKE,
            a_document("bord cart", "a", title="T", day="2025-01-02"),
            a_document(f"{LONG} one", "b", day="2024-01-01"),
            a_document(f"{LONG} two", "c", day="2025-01-01"),
        )
        assert store.add_name("also", store.info("a").digest, origin="there")
        store.edit("a", Labels(title="Corrected", day=date(2026, 1, 1), kind="press"))
        store.set_folder("b", Labels(collection="Acts"))
        store.group_versions()
        yield store


@pytest.fixture(params=STORES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WritableStore]:
    with new_store(request.param, tmp_path / "to") as store:
        yield store


def test_everything_arrives(source: WritableStore, target: WritableStore) -> None:
    told: list[tuple[int, int]] = []
    copied = copy_store(source, target, on_document=lambda done, of: told.append((done, of)))
    assert copied == Copied(documents=3, passages=source.passage_count(), kept=0)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert target.documents() == source.documents()
    assert target.known() == source.known()
    for info in source.documents():
        assert target.document(info.id) == source.document(info.id)
        assert digest(target.stored(info.id)) == digest(source.stored(info.id))
        assert target.versions(info.id) == source.versions(info.id)
    assert [target.setting(key) for key in ("model", "dimension")] == ["word-hash", "64"]
    question = FAKE.embed_question("bord cart w3")
    assert [match.score for match in target.nearest(question, 9)] == pytest.approx(
        [match.score for match in source.nearest(question, 9)]
    )
    assert [match.score for match in target.matching(["bord", "w3 w4"], 9)] == pytest.approx(
        [match.score for match in source.matching(["bord", "w3 w4"], 9)]
    )


def test_a_second_copy_leaves_what_is_there_and_takes_what_changed(
    source: WritableStore, target: WritableStore
) -> None:
    copy_store(source, target)
    assert copy_store(source, target).kept == 3
    source.edit("c", Labels(kind="brief"))
    assert copy_store(source, target).kept == 2
    assert target.info("c").kind == "brief"


def test_other_documents_in_the_target_are_told(tmp_path: Path) -> None:
    stores = [open_store(tmp_path / name, writable=True) for name in ("from", "to")]
    for store, name in zip(stores, "ab", strict=True):
        fill(store, FAKE, a_document("bord", name))
    with pytest.raises(TransferError, match=r"holds documents that .* does not \(b\). Copy into a new index"):
        copy_store(*stores)


def test_another_model_in_the_target_is_told(tmp_path: Path) -> None:
    stores = [open_store(tmp_path / name, writable=True) for name in ("from", "to")]
    fill(stores[0], FAKE, a_document("bord"))
    fill(stores[1], WordHashEmbedder(revision="other"))
    with pytest.raises(TransferError, match="was made with the model word-hash"):
        copy_store(*stores)


def test_what_arrives_otherwise_than_it_was_sent_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stores = [open_store(tmp_path / name, writable=True) for name in ("from", "to")]
    fill(stores[0], FAKE, a_document("bord"))
    put = stores[1].put
    monkeypatch.setattr(stores[1], "put", lambda document, passages, **kept: put(document, [], **kept))
    with pytest.raises(TransferError, match=r"a.txt: what arrived in .* is not what was sent. Copy again"):
        copy_store(*stores)

"""What is Milvus' own: opening, what other processes do, large collections, puts that are cut off."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import new_store
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadSetting, IndexMismatch, IndexMissing, StoreUnreachable
from documents.types import Passage
from index.bm25 import occurrences
from index.milvus_search import Search
from index.open import is_store, open_store
from index.place import MilvusPlace, location_of, place_of
from index.types import EmbeddedPassage, Embedding
from index.writable import WritableStore
from qa.cli import main
from qa.retrieve import HybridRetriever
from qa.types import Question

FAKE = WordHashEmbedder()


@pytest.fixture
def store(milvus_store: WritableStore) -> WritableStore:
    return milvus_store


# -- places


def test_a_place_is_read_from_its_text() -> None:
    assert place_of(location_of("some/folder")) == Path("some/folder")
    file = place_of(location_of("milvus:a/b.db"))
    assert file == MilvusPlace("milvus:a/b.db", "a/b.db", "passages")
    assert isinstance(file, MilvusPlace) and file.in_process
    server = place_of("milvus:https://me:secret@host:1/acts?vectors=hnsw", "unused")
    assert server == MilvusPlace("milvus:https://host:1/acts", "https://host:1", "acts", "me:secret", "hnsw")
    assert place_of("milvus:http://host/acts", "key") == MilvusPlace(
        "milvus:http://host:19530/acts", "http://host:19530", "acts", "key"
    )


@pytest.mark.parametrize(
    "text",
    [
        *("milvus:", "milvus:folder", "milvus:http://host:19530", "milvus:ftp://host/a", "milvus:http://host/a-b"),
        *("milvus:http://host:abc/a", "milvus:http://host:195300/a", "milvus:http://[x/a"),
    ],
)
def test_what_is_no_place_is_told_with_what_to_give(text: str) -> None:
    with pytest.raises(BadSetting, match=r"no place in Milvus\. Give milvus:http"):
        place_of(text)


@pytest.mark.parametrize("settings", ["vectors=pq", "k=3"])
def test_a_setting_that_is_none_is_told(settings: str) -> None:
    with pytest.raises(BadSetting, match="one of exact, hnsw"):
        place_of(f"milvus:a.db?{settings}")


# -- opening


def test_a_missing_index_is_told_and_not_made(store: WritableStore, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="there is no index here"):
        open_store(f"milvus:{tmp_path}/other.db")
    assert not is_store(f"milvus:{tmp_path}/other.db")
    assert not (tmp_path / "other.db").exists()
    assert is_store(f"milvus:{tmp_path}/index.db")


def test_an_index_of_another_format_is_told(store: WritableStore, tmp_path: Path) -> None:
    store.set_setting("version", "0")
    with pytest.raises(IndexMismatch, match="format 0, this program reads 1"):
        open_store(f"milvus:{tmp_path}/index.db")


def test_a_server_that_does_not_answer_is_told(store: WritableStore) -> None:
    with pytest.raises(StoreUnreachable, match="nothing answers there"):
        open_store("milvus:http://127.0.0.1:9/acts")


def test_a_second_process_is_told_that_one_at_a_time_may_have_the_file_open(
    store: WritableStore, tmp_path: Path
) -> None:
    code = f"from index.open import open_store; open_store('milvus:{tmp_path}/index.db')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "StoreUnreachable" in done.stderr
    assert "One process at a time may have it open" in done.stderr


def test_what_was_put_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    with new_store("milvus", tmp_path) as first:
        fill(first, FAKE, a_document("bord cart", "a", title="T"), a_document("dorm", "b"))
        first.remove("b")
        first.edit("a", replace(first.corrections("a"), kind="press"))
        before = first.info("a")
        first.save_vectors()
    with new_store("milvus", tmp_path) as second:
        assert second.documents() == [before]
        assert [match.score for match in second.nearest(FAKE.embed_question("T bord cart"), 5)] == pytest.approx([1])
        fill(second, FAKE, a_document("fund", "c"))
        assert len(second.matching(["bord", "fund", "dorm"], 5)) == 2


# -- searching


def test_the_nearest_by_hnsw_are_those_of_the_exact_search_of_a_few(tmp_path: Path, store: WritableStore) -> None:
    documents = [a_document(f"bord w{place} w{place // 2}", f"{place:02}") for place in range(40)]
    near = open_store(f"milvus:{tmp_path}/near.db?vectors=hnsw", writable=True)
    fill(near, FAKE, *documents).save_vectors()
    fill(store, FAKE, *documents)
    assert (near.vectors, store.vectors) == ("hnsw", "exact")
    for question in ("w7 w3", "w20 w10 bord"):
        found = [each.nearest(FAKE.embed_question(question), 1) for each in (near, store)]
        assert found[0][0].score == pytest.approx(found[1][0].score)


def test_terms_of_a_large_collection_are_counted_by_milvus(store: WritableStore) -> None:
    documents = [a_document("bord cart section 12.3", "a"), a_document("cart bord", "b"), a_document("lamp", "c")]
    fill(store, FAKE, *documents)
    wanted = ["bord cart", "12.3", "cart"]
    small = store.matching(wanted, 5)
    asked = Search(store._milvus, store.generation, store._lengths, read_whole=0)  # type: ignore[attr-defined]
    assert asked.term_counts(["cart", "12.3", "mint"]) == {"cart": 2, "12.3": 1, "mint": 0}
    assert asked.matching(wanted, 5, "") == small
    assert asked.vocabulary().counts.get("lamp") == 1
    assert asked.vocabulary().counts.get("mint") is None


@pytest.mark.parametrize(
    ("text", "wanted", "count"),
    [("a b a b", "a b", 2), ("a a a", "a a", 2), ("a b", "b a", 0), ("a b a", "a", 2), ("", "a", 0)],
)
def test_terms_and_phrases_are_counted_where_they_stand(text: str, wanted: str, count: int) -> None:
    assert occurrences(text.split(), wanted) == count


# -- writing


def test_a_put_that_was_cut_off_shows_nothing_and_leaves_nothing_when_it_is_done_again(
    store: WritableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, FAKE, a_document("bord", "a"))

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("index.milvus_records.Records.keep_and_move_on", cut_off)
        with pytest.raises(KeyboardInterrupt):
            fill(store, FAKE, a_document("lamp", "a"))
    assert store.document("a").text == "bord"
    hits = HybridRetriever(store, FAKE).retrieve(Question("lamp bord"), 5)
    assert [hit.passage.text for hit in hits] == ["bord"]
    fill(store, FAKE, a_document("lamp", "a"))
    assert store.passage_count() == 1
    assert store.document("a").text == "lamp"


def test_a_name_that_gets_its_old_content_back_leaves_the_heir_what_it_has(store: WritableStore) -> None:
    fill(store, FAKE, a_document("bord", "a"))
    assert store.add_name("b", store.info("a").digest, origin="there")
    fill(store, FAKE, a_document("lamp", "a"), a_document("bord", "a"))
    assert [store.document(identity).text for identity in ("a", "b")] == ["bord", "bord"]
    assert store.passage_counts() == {"a": 1, "b": 1}
    assert len(store.matching(["bord"], 5)) == 2


def test_a_document_longer_than_a_field_comes_back(store: WritableStore) -> None:
    text = 'Été 🙂 "quoted" \\ here. ' * 6000
    document = a_document(text)
    store.put(document, [], origin="")
    assert store.document("a.txt") == document


def test_a_passage_of_many_sentences_comes_back(store: WritableStore) -> None:
    text = "ab " * 300
    sentences = tuple((start, start + 2) for start in range(0, len(text), 3))
    passage = Passage(a_document(text).info, 0, len(text), text, sentences)
    vectors = np.random.default_rng(1).normal(size=(len(sentences) + 1, 384)).astype("<f2").astype(np.float32)
    store.put(a_document(text), [EmbeddedPassage(passage, Embedding(vectors[0], vectors[1:]))], origin="")
    (after,) = store.stored("a.txt").passages
    assert after.passage == passage
    np.testing.assert_array_equal(after.embedding.spans, vectors[1:])


# -- the command line


def test_the_commands_work_on_milvus_or_say_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = f"milvus:{tmp_path}/index.db"
    (tmp_path / "a.txt").write_text("Canada removed 500 people in 2024.", encoding="utf-8")
    with new_store("milvus", tmp_path):
        assert main(["ingest", str(tmp_path / "a.txt"), "--index", place]) == 0
        assert main(["ask", "How many people were removed?", "--index", place, "--no-rerank", "--refuse", "never"]) == 0
        assert main(["documents", "edit", "a.txt", "--title", "Removals", "--index", place]) == 0
        assert main(["documents", "list", "--index", place]) == 0
        assert main(["status", "--index", place]) == 0
        assert main(["copy-index", place, str(tmp_path / "folder")]) == 0
        told = capsys.readouterr().out
        assert "Canada removed 500 people in 2024." in told
        assert "1 passages  a.txt  Removals" in told
        assert "vectors: exact" in told
        assert "1 documents in 1 passages copied into" in told
        assert main(["export-index", str(tmp_path / "a.zip"), "--index", place]) == 1
        assert main(
            ["batch", str(tmp_path / "a.txt"), "-o", str(tmp_path / "b.csv"), "--index", place, "--workers", "2"]
        )
        failed = capsys.readouterr().err
        assert "export-index is for an index in a folder" in failed
        assert "Leave --workers out" in failed
        assert main(["documents", "remove", "a.txt", "--index", place]) == 0
    assert open_store(tmp_path / "folder").info("a.txt").title == "Removals"


# -- a server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a collection on a server of its own: Milvus Lite's, which speaks as Milvus does."""
    pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed: pip install 'removals-qa[milvus]'")
    from milvus_lite.adapter.grpc.server import start_server_in_thread

    running, database, port = start_server_in_thread(str(tmp_path / "server"))
    yield f"milvus:http://127.0.0.1:{port}/acts"
    running.stop(grace=2)
    database.close()


def test_two_processes_ingest_into_a_server_and_a_third_reads(server: str, tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[3]); from fakes import WordHashEmbedder, a_document, fill;"
        "from index.open import open_store; store = open_store(sys.argv[1], writable=True); name = sys.argv[2];"
        "fill(store, WordHashEmbedder(), *(a_document(f'bord {name}{place}', f'{name}{place}') for place in range(20)))"
    )
    tests = str(Path(__file__).parent)
    running = [subprocess.Popen([sys.executable, "-c", code, server, name, tests]) for name in ("left", "right")]
    assert [each.wait(300) for each in running] == [0, 0]
    store = open_store(server)
    assert len(store.documents()) == store.passage_count() == 40
    assert store.term_counts(["bord", "left3"]) == {"bord": 40, "left3": 1}
    assert store.bytes_on_disk() is None

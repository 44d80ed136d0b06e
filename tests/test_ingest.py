import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from documents.errors import IndexMismatch, ReadError
from documents.formats import ocr
from documents.labels import Labels
from documents.read import READERS
from documents.split import SplitSettings, split
from documents.types import Document
from index.ingest import Progress, embedded_text, ingest
from index.store import SQLiteStore
from index.types import Embedding, Text

SMALL = SplitSettings(16, 0)


class InterruptedEmbedder(WordHashEmbedder):
    """Is stopped by the user when it is asked for the given number of texts in all."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def embed_passages(self, texts: Sequence[Text]) -> list[Embedding]:
        if len(self.embedded) + len(texts) >= self.after:
            raise KeyboardInterrupt
        return super().embed_passages(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files: a.txt and sub/b.md."""
    written(tmp_path / "docs" / "a.txt", "Removal orders are stayed.")
    written(tmp_path / "docs" / "sub" / "b.md", "# Papers\n\nSomalia gives no papers.")
    return tmp_path / "docs"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def content(store: SQLiteStore) -> tuple[list[Document], list[str]]:
    """Everything stored, whatever the numbers."""
    matches = store.nearest(WordHashEmbedder().embed_question("any"), 10**6)
    found = store.passages([match.number for match in matches]).values()
    texts = sorted(f"{each.passage.info.id} {each.passage.start} {each.passage.text}" for each in found)
    return [store.document(info.id) for info in store.documents()], texts


def test_new_files_are_added(folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder) -> None:
    summary = ingest([folder], store, word_hash_embedder)
    assert summary.added == ["a.txt", "sub/b.md"]
    assert (summary.changed, summary.unchanged, summary.removed, summary.failed) == ([], [], [], [])
    assert [info.id for info in store.documents()] == ["a.txt", "sub/b.md"]


def test_unchanged_files_are_not_embedded_again(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    ingest([folder], store, word_hash_embedder)
    again = WordHashEmbedder()
    assert ingest([folder], store, again).unchanged == ["a.txt", "sub/b.md"]
    assert again.embedded == []


def test_only_the_changed_file_is_embedded_again(folder: Path, store: SQLiteStore) -> None:
    ingest([folder], store, WordHashEmbedder())
    written(folder / "a.txt", "Removal orders are enforced.")
    again = WordHashEmbedder()
    summary = ingest([folder], store, again)
    assert (summary.changed, summary.unchanged) == (["a.txt"], ["sub/b.md"])
    assert len(again.embedded) == 1
    assert store.document("a.txt").text == "Removal orders are enforced."


def test_of_a_document_that_was_cut_anew_only_new_passages_are_embedded(tmp_path: Path, store: SQLiteStore) -> None:
    text = "Act\n\n" + " ".join(f"Officer {number} may detain foreign nationals." for number in range(20))
    path, settings = written(tmp_path / "docs" / "act.txt", text), SplitSettings(24, 8)
    ingest([path], store, WordHashEmbedder(), settings=settings)
    written(path, f"{text} A hearing is held within two days.")
    again = WordHashEmbedder()
    assert ingest([path], store, again, settings=settings).changed == ["act.txt"]
    assert len(again.embedded) == 1 < store.passage_count()
    assert "hearing" in again.embedded[0]
    fresh = SQLiteStore(tmp_path / "fresh", writable=True)
    ingest([path], fresh, WordHashEmbedder(), settings=settings)
    numbers = range(1, 20)
    assert [each.embedding.whole.tolist() for each in store.passages(numbers).values()] == [
        each.embedding.whole.tolist() for each in fresh.passages(numbers).values()
    ]


def test_text_that_was_moved_to_another_file_is_not_embedded_again(tmp_path: Path, store: SQLiteStore) -> None:
    path = written(tmp_path / "docs" / "a.txt", "Act\n\nOfficers may detain.")
    ingest([path.parent], store, WordHashEmbedder())
    path.rename(tmp_path / "docs" / "b.txt")
    written(tmp_path / "docs" / "b.txt", "Act\n\nOfficers may detain.\n")  # other bytes, so no further name
    again = WordHashEmbedder()
    assert ingest([path.parent], store, again, prune=True).added == ["b.txt"]
    assert again.embedded == []


def test_removed_text_leaves_no_vector_to_be_found(tmp_path: Path, store: SQLiteStore) -> None:
    ingest([written(tmp_path / "docs" / "a.txt", "Act\n\nOfficers may detain.")], store, WordHashEmbedder())
    digest = embedded_text(store.passages([1])[1].passage, WordHashEmbedder()).digest
    assert list(store.embeddings([digest, b"another"])) == [digest]
    store.remove("a.txt")
    assert store.embeddings([digest]) == {}


def test_swapped_contents_of_two_files_are_both_followed(tmp_path: Path, store: SQLiteStore) -> None:
    one, other = written(tmp_path / "a" / "1.txt", "First words."), written(tmp_path / "a" / "2.txt", "Other words.")
    ingest([tmp_path / "a"], store, WordHashEmbedder())
    one.write_text("Other words.")
    other.write_text("First words.")
    ingest([tmp_path / "a"], store, WordHashEmbedder())
    assert [store.document(name).text for name in ("1.txt", "2.txt")] == ["Other words.", "First words."]


def test_a_renamed_file_is_a_further_name_until_the_old_one_is_pruned(folder: Path, store: SQLiteStore) -> None:
    ingest([folder], store, WordHashEmbedder())
    (folder / "a.txt").rename(folder / "c.txt")
    summary = ingest([folder], store, WordHashEmbedder())
    assert (summary.same, summary.unchanged, summary.removed) == ([("c.txt", "a.txt")], ["sub/b.md"], [])
    assert [(info.id, info.also) for info in store.documents()] == [("a.txt", ("c.txt",)), ("sub/b.md", ())]


def test_pruning_removes_what_is_no_longer_there(folder: Path, store: SQLiteStore) -> None:
    ingest([folder], store, WordHashEmbedder())
    (folder / "a.txt").unlink()
    assert ingest([folder], store, WordHashEmbedder(), prune=True).removed == ["a.txt"]
    assert [info.id for info in store.documents()] == ["sub/b.md"]


def test_pruning_leaves_documents_of_another_folder(folder: Path, tmp_path: Path, store: SQLiteStore) -> None:
    other = written(tmp_path / "other" / "o.txt", "Another folder.").parent
    ingest([folder, other], store, WordHashEmbedder())
    (other / "o.txt").unlink()
    assert ingest([folder], store, WordHashEmbedder(), prune=True).removed == []
    assert store.document("o.txt").text == "Another folder."


def test_pruning_leaves_a_document_whose_file_cannot_be_read_today(folder: Path, store: SQLiteStore) -> None:
    ingest([folder], store, WordHashEmbedder())
    (folder / "a.txt").write_bytes(b"")
    assert ingest([folder], store, WordHashEmbedder(), prune=True).removed == []


def test_two_files_of_one_id_are_told(tmp_path: Path, store: SQLiteStore) -> None:
    paths = [written(tmp_path / name / "x.txt", f"Words of {name}.") for name in ("one", "two")]
    summary = ingest(paths, store, WordHashEmbedder())
    ((file, reason),) = summary.failed
    assert (summary.added, file) == (["x.txt"], str(paths[1]))
    assert "has the same id, x.txt" in reason
    assert store.document("x.txt").text == "Words of one."


def test_a_file_does_not_replace_the_document_of_another_folder(tmp_path: Path, store: SQLiteStore) -> None:
    one, two = (written(tmp_path / name / "x.txt", f"Words of {name}.").parent for name in ("one", "two"))
    ingest([one], store, WordHashEmbedder())
    summary = ingest([two], store, WordHashEmbedder())
    assert f"the id x.txt belongs to a document from {one}" in summary.failed[0][1]
    assert store.document("x.txt").text == "Words of one."


def test_a_file_replaces_the_document_of_a_folder_that_is_gone(tmp_path: Path, store: SQLiteStore) -> None:
    one, two = (written(tmp_path / name / "x.txt", f"Words of {name}.") for name in ("one", "two"))
    ingest([one.parent], store, WordHashEmbedder())
    one.unlink()
    assert ingest([two.parent], store, WordHashEmbedder()).changed == ["x.txt"]


def test_a_file_does_not_replace_a_document_of_a_jsonl_file_elsewhere(tmp_path: Path, store: SQLiteStore) -> None:
    written(tmp_path / "one" / "rows.jsonl", json.dumps({"doc_id": "x.txt", "text": "Words of one."}))
    written(tmp_path / "two" / "x.txt", "Words of two.")
    ingest([tmp_path / "one"], store, WordHashEmbedder())
    summary = ingest([tmp_path / "two"], store, WordHashEmbedder())
    assert f"the id x.txt belongs to a document from {tmp_path / 'one'}" in summary.failed[0][1]
    assert store.document("x.txt").text == "Words of one."


def test_a_document_that_left_its_jsonl_file_may_be_replaced(tmp_path: Path, store: SQLiteStore) -> None:
    path = written(tmp_path / "one" / "rows.jsonl", json.dumps({"doc_id": "x.txt", "text": "Words of one."}))
    written(tmp_path / "two" / "x.txt", "Words of two.")
    ingest([tmp_path / "one"], store, WordHashEmbedder())
    written(path, json.dumps({"doc_id": "y", "text": "Others."}))
    assert ingest([tmp_path / "two"], store, WordHashEmbedder()).changed == ["x.txt"]


def test_a_changed_file_may_be_ingested_by_itself(tmp_path: Path, store: SQLiteStore) -> None:
    rows = written(tmp_path / "docs" / "rows.jsonl", json.dumps({"doc_id": "x", "text": "Words."}))
    note = written(tmp_path / "docs" / "a.txt", "Words.")
    ingest([tmp_path / "docs"], store, WordHashEmbedder())
    written(rows, json.dumps({"doc_id": "x", "text": "Other words."}))
    written(note, "Other words.")
    assert ingest([rows, note], store, WordHashEmbedder()).changed == ["x", "a.txt"]
    assert {known.origin for known in store.known().values()} == {str((tmp_path / "docs").resolve())}


def test_pruning_the_old_folder_leaves_a_file_that_was_moved(tmp_path: Path, store: SQLiteStore) -> None:
    one = written(tmp_path / "one" / "x.txt", "Words.")
    (tmp_path / "two").mkdir()
    ingest([one.parent], store, WordHashEmbedder())
    one.rename(tmp_path / "two" / "x.txt")
    ingest([tmp_path / "two"], store, WordHashEmbedder())
    assert ingest([one.parent], store, WordHashEmbedder(), prune=True).removed == []


def test_pruning_the_new_folder_removes_a_further_name_that_was_moved_there(tmp_path: Path, store: SQLiteStore) -> None:
    written(tmp_path / "one" / "a.txt", "Words.")
    copy = written(tmp_path / "one" / "x.txt", "Words.")
    (tmp_path / "two").mkdir()
    ingest([copy.parent], store, WordHashEmbedder())
    copy.rename(tmp_path / "two" / "x.txt")
    assert ingest([tmp_path / "two"], store, WordHashEmbedder()).unchanged == ["x.txt"]
    assert ingest([copy.parent], store, WordHashEmbedder(), prune=True).removed == []
    (tmp_path / "two" / "x.txt").unlink()
    assert ingest([tmp_path / "two"], store, WordHashEmbedder(), prune=True).removed == ["x.txt"]
    assert store.info("a.txt").also == ()


def test_pruning_the_new_folder_removes_a_file_that_was_moved_there(tmp_path: Path, store: SQLiteStore) -> None:
    one = written(tmp_path / "one" / "x.txt", "Words.")
    (tmp_path / "two").mkdir()
    ingest([one.parent], store, WordHashEmbedder())
    one.rename(tmp_path / "two" / "x.txt")
    ingest([tmp_path / "two"], store, WordHashEmbedder())
    (tmp_path / "two" / "x.txt").unlink()
    assert ingest([tmp_path / "two"], store, WordHashEmbedder(), prune=True).removed == ["x.txt"]


def test_a_file_named_twice_is_added_once(folder: Path, store: SQLiteStore) -> None:
    assert ingest([folder, folder], store, WordHashEmbedder()).added == ["a.txt", "sub/b.md"]


def test_a_bad_file_is_named_and_the_rest_is_ingested(folder: Path, store: SQLiteStore) -> None:
    (folder / "empty.txt").touch()
    (folder / "drawing.dwg").write_bytes(b"AC1015")
    summary = ingest([folder], store, WordHashEmbedder())
    assert [file for file, _ in summary.failed] == [str(folder / "empty.txt")]
    assert [file for file, _ in summary.skipped] == [str(folder / "drawing.dwg")]
    assert all(reason.startswith(Path(file).name) for file, reason in summary.failed + summary.skipped)
    assert summary.added == ["a.txt", "sub/b.md"]


def test_a_file_with_which_no_reader_copes_is_named_and_the_rest_is_ingested(
    folder: Path, store: SQLiteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(READERS, ".new", "a_module_that_is_not_here")
    (folder / "aa.new").write_text("text")
    summary = ingest([folder], store, WordHashEmbedder())
    ((file, reason),) = summary.failed
    assert file == str(folder / "aa.new")
    assert reason.startswith("aa.new: reading it failed (ModuleNotFoundError: ")
    assert summary.added == ["a.txt", "sub/b.md"]


def test_a_path_that_is_not_there_is_an_error(folder: Path, store: SQLiteStore) -> None:
    with pytest.raises(ReadError, match="no such file or folder"):
        ingest([folder, folder / "none"], store, WordHashEmbedder())
    assert store.documents() == []


def test_an_empty_folder_gives_a_summary_of_nothing(tmp_path: Path, store: SQLiteStore) -> None:
    (tmp_path / "empty").mkdir()
    summary = ingest([tmp_path / "empty"], store, WordHashEmbedder())
    assert (summary.added, summary.unchanged, summary.failed, summary.passages) == ([], [], [], 0)


def test_another_model_is_a_mismatch(folder: Path, store: SQLiteStore) -> None:
    ingest([folder], store, WordHashEmbedder())
    with pytest.raises(IndexMismatch, match=r"made with the model word-hash \(1234567890ab\), not with"):
        ingest([folder], store, WordHashEmbedder(revision="fedcba0987654321"))


def test_every_document_of_a_jsonl_file_is_ingested(tmp_path: Path, store: SQLiteStore) -> None:
    rows = [{"doc_id": name, "text": f"Words of {name}."} for name in ("one", "two")]
    path = written(tmp_path / "docs.jsonl", "\n".join(map(json.dumps, rows)))
    assert ingest([path], store, WordHashEmbedder()).added == ["one", "two"]
    assert ingest([path], store, WordHashEmbedder()).unchanged == ["one", "two"]


def test_half_a_character_in_a_jsonl_file_stops_nothing(tmp_path: Path, store: SQLiteStore) -> None:
    path = written(tmp_path / "docs.jsonl", '{"doc_id": "one", "text": "Half: \\ud83d."}\n')
    assert ingest([path], store, WordHashEmbedder()).added == ["one"]


def test_a_long_list_of_short_items_is_ingested(tmp_path: Path, store: SQLiteStore) -> None:
    path = written(tmp_path / "list.txt", "- Iran\n" * 170)
    assert ingest([path], store, WordHashEmbedder()).added == ["list.txt"]


def test_an_unsure_date_is_read_again_when_the_order_is_set(tmp_path: Path, store: SQLiteStore) -> None:
    path = written(tmp_path / "a.txt", "A title\n2/8/2025\nThe text.")
    ingest([path], store, WordHashEmbedder())
    assert store.known()["a.txt"].date_open
    assert ingest([path], store, WordHashEmbedder(), day_first=False).changed == ["a.txt"]
    assert store.document("a.txt").info.date == "2025-02-08"


def test_the_order_of_a_date_can_be_set_anew(tmp_path: Path, store: SQLiteStore) -> None:
    path = written(tmp_path / "a.txt", "A title\n2/8/2025\nThe text.")
    ingest([path], store, WordHashEmbedder(), day_first=False)
    ingest([path], store, WordHashEmbedder(), day_first=True)
    assert store.document("a.txt").info.date == "2025-08-02"


def test_a_page_left_out_is_told_each_time_and_read_once_ocr_is_there(
    tmp_path: Path, store: SQLiteStore, scan: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not ocr.available():
        pytest.skip(f"Tesseract is not here. {ocr.INSTALL_OCR}.")
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(360, 120))
    canvas.drawString(20, 80, "First page.")
    canvas.showPage()
    canvas.drawImage(ImageReader(scan), 0, 0, 360, 120)
    canvas.save()
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        assert ingest([tmp_path / "a.pdf"], store, WordHashEmbedder()).unread_pages == [("a.pdf", (2,))]
        again = ingest([tmp_path / "a.pdf"], store, WordHashEmbedder())
        assert (again.unchanged, again.unread_pages) == (["a.pdf"], [("a.pdf", (2,))])
    with_ocr = ingest([tmp_path / "a.pdf"], store, WordHashEmbedder())
    assert (with_ocr.changed, with_ocr.unread_pages) == (["a.pdf"], [])
    assert "Removal orders" in store.document("a.pdf").text


def test_an_interrupted_ingest_keeps_what_was_stored_and_can_be_completed(tmp_path: Path, store: SQLiteStore) -> None:
    for name in "abcd":
        sentences = (f"The sentence {name} {place} has twelve words in all so to speak." for place in range(300))
        written(tmp_path / "docs" / f"{name}.txt", " ".join(sentences))
    with pytest.raises(KeyboardInterrupt):
        ingest([tmp_path / "docs"], store, InterruptedEmbedder(after=700), settings=SMALL)
    assert [info.id for info in store.documents()] == ["a.txt", "b.txt"]
    rest = ingest([tmp_path / "docs"], store, WordHashEmbedder(), settings=SMALL)
    assert (rest.unchanged, rest.added) == (["a.txt", "b.txt"], ["c.txt", "d.txt"])
    whole = SQLiteStore(tmp_path / "whole", writable=True)
    ingest([tmp_path / "docs"], whole, WordHashEmbedder(), settings=SMALL)
    assert content(store) == content(whole)


def test_progress_is_told_up_to_the_end(folder: Path, store: SQLiteStore) -> None:
    told: list[Progress] = []
    ingest([folder], store, WordHashEmbedder(), on_progress=told.append)
    assert told[-1] == Progress(files=2, of_files=2, passages=2)


def test_every_stored_passage_is_a_slice_of_its_document(folder: Path, store: SQLiteStore) -> None:
    ingest([folder], store, WordHashEmbedder(), settings=SMALL)
    matches = store.nearest(WordHashEmbedder().embed_question("any"), 100)
    for each in store.passages([match.number for match in matches]).values():
        passage = each.passage
        assert store.document(passage.info.id).text[passage.start : passage.end] == passage.text


_TITLES = st.lists(st.sampled_from(["Act", ">", "Part"]), max_size=40).map(" ".join)
_TEXTS = st.lists(st.sampled_from(["word", "word", "word", "Word.", "Word?\n"]), min_size=1, max_size=60).map(" ".join)


@given(_TITLES, _TEXTS)
def test_what_is_embedded_never_exceeds_what_the_model_reads(title: str, text: str) -> None:
    embedder = WordHashEmbedder(max_tokens=16)
    for passage in split(a_document(text, title=title), embedder.count_tokens, SMALL):
        shown = embedded_text(passage, embedder)
        assert embedder.count_tokens([shown.text])[0] <= 16
        assert shown.text.endswith(passage.text)
        sentences = [passage.text[start - passage.start : end - passage.start] for start, end in passage.sentences]
        assert [shown.text[start:end] for start, end in shown.spans] == sentences


def test_the_title_and_the_headings_are_embedded_with_a_passage() -> None:
    document = a_document(
        "Part\n\n" + "Ten words stand here so that two passages are made. " * 3, headings=["Part"], title="Act"
    )
    last = split(document, WordHashEmbedder().count_tokens, SMALL)[-1]
    assert embedded_text(last, WordHashEmbedder()).text.split("\n")[0] == "Act > Part"


def test_an_index_inside_the_folder_of_its_documents_is_not_read(folder: Path) -> None:
    store = SQLiteStore(folder / "index", writable=True)
    ingest([folder], store, WordHashEmbedder())
    summary = ingest([folder], store, WordHashEmbedder())
    assert (summary.failed, summary.added, len(summary.unchanged)) == ([], [], 2)


def test_folders_and_front_matter_label_what_is_ingested(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    written(folder / "sub" / "collection.toml", 'kind = "press"')
    written(folder / "sub" / "c.md", "---\nkind: loi\ncollection: Acts\n---\nSomalia gives no papers.")
    ingest([folder], store, word_hash_embedder)
    found = {info.id: (info.kind, info.collection) for info in store.documents()}
    assert found == {"a.txt": ("", ""), "sub/b.md": ("press", "sub"), "sub/c.md": ("statute", "Acts")}


def test_a_changed_collection_file_relabels_without_reading_anew(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    ingest([folder], store, word_hash_embedder)
    written(folder / "collection.toml", 'kind = "press"')
    word_hash_embedder.embedded.clear()
    summary = ingest([folder], store, word_hash_embedder)
    assert (summary.relabelled, word_hash_embedder.embedded) == (["a.txt", "sub/b.md"], [])
    assert {info.kind for info in store.documents()} == {"press"}


def test_a_wrong_collection_file_is_named_as_failed_and_the_rest_goes_on(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    wrong = written(folder / "collection.toml", 'kind = "memo"')
    summary = ingest([folder], store, word_hash_embedder)
    assert [file for file, _ in summary.failed] == [str(wrong)]
    assert summary.added == ["a.txt", "sub/b.md"]


def test_a_corrected_title_is_embedded_when_the_document_is_read_again(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    ingest([folder], store, word_hash_embedder)
    store.edit("a.txt", Labels(title="Lamp", kind="press"))
    written(folder / "a.txt", "Removal orders are stayed again.")
    word_hash_embedder.embedded.clear()
    ingest([folder], store, word_hash_embedder)
    assert word_hash_embedder.embedded == ["Lamp\nRemoval orders are stayed again."]
    assert store.info("a.txt").kind == "press"


def test_the_same_content_under_two_names_is_kept_once(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    written(folder / "copy.txt", "Removal orders are stayed.")
    summary = ingest([folder], store, word_hash_embedder)
    assert (summary.added, summary.same) == (["a.txt", "sub/b.md"], [("copy.txt", "a.txt")])
    assert store.info("a.txt").also == ("copy.txt",)
    assert len(word_hash_embedder.embedded) == 2
    again = ingest([folder], store, word_hash_embedder, prune=True)
    assert (again.unchanged, again.removed) == (["a.txt", "copy.txt", "sub/b.md"], [])


def test_a_copy_that_comes_later_is_a_further_name(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    ingest([folder], store, word_hash_embedder)
    written(folder / "a copy.txt", "Removal orders are stayed.")
    assert ingest([folder], store, word_hash_embedder).same == [("a copy.txt", "a.txt")]
    assert store.info("a.txt").also == ("a copy.txt",)


def test_a_renamed_file_keeps_its_vectors_and_its_corrections(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    ingest([folder], store, word_hash_embedder)
    store.edit("a.txt", Labels(kind="press"))
    (folder / "a.txt").rename(folder / "z.txt")
    word_hash_embedder.embedded.clear()
    summary = ingest([folder], store, word_hash_embedder, prune=True)
    assert (summary.same, summary.removed) == ([("z.txt", "a.txt")], ["a.txt"])
    assert [(info.id, info.kind, info.also) for info in store.documents()][-1] == ("z.txt", "press", ())
    assert word_hash_embedder.embedded == []


def test_pruning_one_of_two_names_keeps_the_document(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    copy = written(folder / "copy.txt", "Removal orders are stayed.")
    ingest([folder], store, word_hash_embedder)
    copy.unlink()
    assert ingest([folder], store, word_hash_embedder, prune=True).removed == ["copy.txt"]
    assert (store.document("a.txt").text, store.info("a.txt").also) == ("Removal orders are stayed.", ())


@pytest.mark.parametrize(("moved", "kept"), [("0.txt", "a.txt"), ("z.txt", "a.txt")])
def test_content_that_moves_to_another_name_while_the_first_changes_is_not_lost(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder, moved: str, kept: str
) -> None:
    ingest([folder], store, word_hash_embedder)
    (folder / kept).rename(folder / moved)
    written(folder / kept, "Other words.")
    ingest([folder], store, word_hash_embedder, prune=True)
    assert store.document(kept).text == "Other words."
    assert store.document(moved).text == "Removal orders are stayed."


def test_copies_whose_content_changes_together_are_read_once_and_both_followed(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    copy = written(folder / "copy.txt", "Removal orders are stayed.")
    ingest([folder], store, word_hash_embedder)
    for path in (folder / "a.txt", copy):
        written(path, "Other words.")
    ingest([folder], store, word_hash_embedder, prune=True)
    assert [(info.id, info.also) for info in store.documents()] == [("a.txt", ("copy.txt",)), ("sub/b.md", ())]
    assert store.document("copy.txt").text == "Other words."
    assert store.matching(["stay"], 5) == []


def test_versions_are_grouped_by_an_ingest(
    folder: Path, store: SQLiteStore, word_hash_embedder: WordHashEmbedder
) -> None:
    text = " ".join(f"w{number}" for number in range(100))
    written(folder / "new.txt", f"Text\n2025-01-01\n\n{text} new")
    written(folder / "old.txt", f"Text\n2024-01-01\n\n{text} old")
    ingest([folder], store, word_hash_embedder)
    assert [info.id for info in store.versions("new.txt")] == ["old.txt"]

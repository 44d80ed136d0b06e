"""What folders say of their documents: by their names, and by collection.toml."""

from pathlib import Path

import pytest

from documents.errors import ReadError
from documents.folders import Folders, folder_labels
from documents.labels import NOTHING_SAID, Labels
from documents.read import source_files


def labels(folder: Path, *files: str, **said: str) -> dict[str, Labels]:
    """Returns what is said of files, by id, when `said` gives the text of some folders' collection.toml."""
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("text")
    for place, text in said.items():
        (folder / place.replace("top", ".") / "collection.toml").write_text(text, encoding="utf-8")
    folders = Folders()
    found = {source.id: folders.labels(source) for source in source_files(folder)}
    assert folders.failed == []
    return found


def test_the_first_folder_below_the_path_names_the_collection(tmp_path: Path) -> None:
    assert labels(tmp_path, "a.txt", "Acts/b.txt", "Acts/2024/c.txt") == {
        "a.txt": NOTHING_SAID,
        "Acts/b.txt": Labels(collection="Acts"),
        "Acts/2024/c.txt": Labels(collection="Acts"),
    }


def test_a_folder_s_file_says_the_collection_and_kind_of_all_below_it(tmp_path: Path) -> None:
    found = labels(tmp_path, "acts/a.txt", "acts/deep/b.txt", acts='collection = "Lois «été»"\nkind = "loi"')
    assert set(found.values()) == {Labels(collection="Lois «été»", kind="statute")}


def test_the_nearest_folder_is_believed_for_each_thing_it_says(tmp_path: Path) -> None:
    found = labels(
        tmp_path,
        "in/a.txt",
        "in/out/b.txt",
        top='kind = "press"\ncollection = "All"',
        **{"in/out": 'collection = "Out"'},
    )
    assert found["in/a.txt"] == Labels(collection="All", kind="press")
    assert found["in/out/b.txt"] == Labels(collection="Out", kind="press")


def test_a_single_file_is_labelled_by_its_own_folder(tmp_path: Path) -> None:
    labels(tmp_path, "a.txt", top='kind = "brief"')
    (source,) = source_files(tmp_path / "a.txt")
    assert Folders().labels(source) == Labels(kind="brief")


def test_a_folder_s_file_is_no_document(tmp_path: Path) -> None:
    assert list(labels(tmp_path, "a.txt", top='kind = "brief"')) == ["a.txt"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind = press", "not TOML"),
        ('kind = "memo"', "'memo' is no kind of document. Known are statute"),
        ('colection = "Acts"', "colection = 'Acts' is not read. Write collection and kind"),
        ("collection = 3", "collection = 3 is not read"),
    ],
)
def test_a_wrong_file_is_told_with_what_to_write(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "collection.toml").write_text(text)
    with pytest.raises(ReadError, match=message):
        folder_labels(tmp_path)


def test_a_wrong_file_is_named_once_and_the_folder_s_name_stands(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / "acts").mkdir(exist_ok=True)
        (tmp_path / "acts" / name).write_text("text")
    (tmp_path / "acts" / "collection.toml").write_text("kind")
    folders = Folders()
    assert [folders.labels(source) for source in source_files(tmp_path)] == [Labels(collection="acts")] * 2
    assert [file for file, _ in folders.failed] == [str(tmp_path / "acts" / "collection.toml")]

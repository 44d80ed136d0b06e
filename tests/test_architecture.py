"""The arrows point down: app -> qa -> index -> documents; and each library has one home."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["documents", "index", "qa", "app"]  # page is a part of app
LAYER_OF = {name: place for place, name in enumerate(LAYERS)} | {"page": LAYERS.index("app")}
HOMES = {
    "faiss": {"index/vectors.py"},
    "sentence_transformers": {"index/embed.py"},
    "pymilvus": {"index/milvus.py"},
    "grpc": {"index/milvus.py"},
    "sqlite3": {"index/database.py", "index/snapshot.py"},
    "gradio": {"app.py", "page/"},
    "pypdfium2": {
        "documents/formats/pdf.py",
        "documents/formats/pdf_page.py",
        "documents/formats/pdf_drawing.py",
        "page/page_image.py",
    },
    "pytesseract": {"documents/formats/ocr.py"},
    "docx": {
        "documents/formats/docx.py",
        "documents/formats/docx_numbers.py",
        "page/export_docx.py",
        "qa/batch/write_docx.py",
    },
    "openpyxl": {
        "documents/formats/xlsx.py",
        "qa/batch/write_xlsx.py",
        "qa/question_files/xlsx.py",
    },
    "pptx": {"documents/formats/pptx.py"},
    "oxmsg": {"documents/formats/msg.py"},
    "striprtf": {"documents/formats/rtf.py"},
    "nupunkt": {"documents/sentences.py"},
    "Stemmer": {"index/words.py"},
    "transformers": {"index/e5.py", "index/embed.py", "qa/bases.py"},
    "torch": {
        "index/bert.py",
        "index/compute.py",
        "index/e5.py",
        "index/embed.py",
        "index/int8.py",
        "qa/bases.py",
        "qa/rerank.py",
        "qa/train_reranker.py",
    },
    "watchfiles": {"index/watch.py"},
    "rapidfuzz": {"index/vocabulary.py", "qa/evaluation/check.py"},
    "spellchecker": {"documents/dictionary.py"},
}
PRINTS = {"qa/cli/", "qa/show.py", "qa/train.py", "qa/train_reranker.py", "qa/cut_base.py", "app.py", "benchmarks/"}


def sources() -> list[str]:
    """Returns our Python files below the repository, tests left out."""
    folders = [*(name for name in LAYER_OF if (ROOT / name).is_dir()), "benchmarks"]
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")] + list(ROOT.glob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def tree(source: str) -> ast.Module:
    return ast.parse((ROOT / source).read_text(encoding="utf-8"), source)


def imported(source: str) -> Iterator[str]:
    """Yields the module of every import, wherever it stands in the file."""
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"


def at_home(source: str, homes: set[str]) -> bool:
    return any(source == home or (home.endswith("/") and source.startswith(home)) for home in homes)


def test_the_packages_are_there() -> None:
    assert {"documents/types.py", "index/types.py", "qa/types.py"} <= set(sources())


@pytest.mark.parametrize("source", sources())
def test_no_import_points_upward(source: str) -> None:
    own = LAYER_OF.get(source.split("/")[0].removesuffix(".py"), len(LAYERS))
    # The command "chat" opens the page: the one arrow up, taken when it is asked for.
    allowed = {"app", "page.site"} if source == "qa/cli/chat.py" else set()
    upward = [name for name in imported(source) if LAYER_OF.get(name.split(".")[0], -1) > own and name not in allowed]
    assert upward == []


def test_the_command_line_takes_the_page_only_when_asked_for_it() -> None:
    at_top = [node for node in tree("qa/cli/chat.py").body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any(isinstance(node, ast.ImportFrom) and node.module == "app" for node in at_top)


@pytest.mark.parametrize("source", sources())
def test_imports_are_absolute(source: str) -> None:
    assert not [name for name in imported(source) if name.startswith(".")]


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    users = {source for source in sources() if library in {name.split(".")[0] for name in imported(source)}}
    strangers = {source for source in users if not at_home(source, HOMES[library] | {"benchmarks/"})}
    assert strangers - type_checking_only(library, strangers) == set()


def type_checking_only(library: str, strangers: set[str]) -> set[str]:
    """Returns those that import the library nowhere but under `if TYPE_CHECKING:`."""
    excused = set()
    for source in strangers:
        blocks = [node for node in ast.walk(tree(source)) if isinstance(node, ast.If)]
        guarded = {
            id(inner)
            for block in blocks
            if isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
            for inner in ast.walk(block)
        }
        imports = [node for node in ast.walk(tree(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
        if all(id(node) in guarded for node in imports if library in ast.unparse(node)):
            excused.add(source)
    return excused


@pytest.mark.parametrize("source", [source for source in sources() if source.endswith("__init__.py")])
def test_an_init_file_only_lists_names(source: str) -> None:
    for node in tree(source).body:
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_all = isinstance(node, ast.Assign | ast.AnnAssign) and "__all__" in ast.unparse(node)
        assert is_docstring or is_all or isinstance(node, ast.Import | ast.ImportFrom), ast.unparse(node)


@pytest.mark.parametrize("source", [source for source in sources() if not at_home(source, PRINTS)])
def test_only_the_command_line_prints(source: str) -> None:
    calls = [node for node in ast.walk(tree(source)) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


@pytest.mark.parametrize("source", sources())
def test_no_error_is_swallowed_whole(source: str) -> None:
    handlers = [node for node in ast.walk(tree(source)) if isinstance(node, ast.ExceptHandler)]
    assert not [handler.lineno for handler in handlers if handler.type is None]


@pytest.mark.parametrize("source", sources())
def test_the_environment_is_read_only_at_the_edge(source: str) -> None:
    reads = [
        node.lineno
        for node in ast.walk(tree(source))
        if isinstance(node, ast.Attribute) and node.attr in ("getenv", "environ") and isinstance(node.ctx, ast.Load)
    ]
    # embed.py and processes.py set variables: only so are libraries kept off the network, and at one thread.
    assert not reads or at_home(source, {"app.py", "qa/cli/", "index/embed.py", "qa/processes.py", "benchmarks/"})


def test_no_folder_of_the_tests_hides_a_package() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []
    assert not {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} & set(LAYER_OF)

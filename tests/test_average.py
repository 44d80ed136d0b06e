"""The mean of several runs' weights."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from qa.average import averaged


def test_every_weight_is_the_mean_of_the_files(tmp_path: Path) -> None:
    for name, value in (("a", 1.0), ("b", 4.0), ("c", 1.0)):
        save_file({"one": torch.full((2,), value), "two": torch.zeros(1)}, tmp_path / name)
    averaged([tmp_path / name for name in "abc"], tmp_path / "mean")
    mean = load_file(tmp_path / "mean")
    assert {name: value.tolist() for name, value in mean.items()} == {"one": [2.0, 2.0], "two": [0.0]}
    assert mean["one"].dtype == torch.float16


def test_files_of_other_weights_are_refused(tmp_path: Path) -> None:
    save_file({"one": torch.zeros(1)}, tmp_path / "a")
    save_file({"two": torch.zeros(1)}, tmp_path / "b")
    with pytest.raises(ValueError, match="same weights"):
        averaged([tmp_path / "a", tmp_path / "b"], tmp_path / "mean")

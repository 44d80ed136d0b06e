"""Averages the cross-encoder's weights after several runs: python -m qa.average OUTPUT FILE FILE...

The mean of weights that one run after another led to often keeps what each learnt. Source: Wortsman and others, "Model
soups", 2022.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file


def averaged(files: Sequence[Path], output: Path) -> None:
    """Writes the mean of the weights in the files, in half precision.

    Raises:
        ValueError: the files do not hold the same weights.
    """
    held = [load_file(path) for path in files]
    if any(each.keys() != held[0].keys() for each in held):
        raise ValueError(f"{', '.join(map(str, files))}: these do not hold the same weights")
    means = {name: np.mean([each[name].astype(np.float32) for each in held], axis=0) for name in held[0]}
    save_file({name: value.astype(np.float16) for name, value in means.items()}, output)


def main() -> int:
    """Averages the files named; returns the exit status."""
    parser = argparse.ArgumentParser(description="Average the cross-encoder's weights after several runs.")
    parser.add_argument("output", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    averaged(arguments.files, arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())

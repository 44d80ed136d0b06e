"""The fitted weights: which sentence is chosen, and how sure that it answers. Made by `python -m qa.train`."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Weights:
    """`selection` is by feature name; `confidence` by the name of the evidence, with "bias"."""

    selection: dict[str, float]
    confidence: dict[str, float]


@cache
def weights(reader: str) -> Weights:
    """Returns the weights that the package carries for readings of the named Reader."""
    stored = json.loads((files("qa") / "weights.json").read_text(encoding="utf-8"))[reader]
    return Weights(stored["selection"], stored["confidence"])

"""The fitted weights: which sentence is chosen, and how sure that it answers. Made by `python -m qa.train`.

Each embedder has its own file: the cosines of one lie in another range than those of another.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.e5 import BILINGUAL_MODEL
from index.embed import DEFAULT_MODEL

FILES = {DEFAULT_MODEL: "weights.json", BILINGUAL_MODEL: "weights-bilingual.json"}


@dataclass(frozen=True, slots=True)
class Weights:
    """`selection` is by feature name; `confidence` by the name of the evidence, with "bias"."""

    selection: dict[str, float]
    confidence: dict[str, float]


@cache
def weights(reader: str, model: str = DEFAULT_MODEL) -> Weights:
    """Returns the weights for readings of the named Reader over an index of the model.

    A model that none were fitted for gets the default model's.
    """
    name = FILES.get(model, FILES[DEFAULT_MODEL])
    stored = json.loads((files("qa") / name).read_text(encoding="utf-8"))[reader]
    return Weights(stored["selection"], stored["confidence"])

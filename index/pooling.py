"""Vectors from the vectors of tokens: the shared arithmetic of the embedders."""

from collections.abc import Sequence

import numpy as np

from index.types import Span, Vectors


def span_vector(vectors: Vectors, places: Sequence[int], span: Span, whole: Vectors) -> Vectors:
    """The mean over the tokens whose place in the text lies within the span, of length 1.

    A token with place -1 is in no span. A span without tokens of its own gets the whole's vector.
    """
    inside = [position for position, place in enumerate(places) if span[0] <= place < span[1]]
    return unit(vectors[inside].mean(axis=0)) if inside else whole


def unit(vector: Vectors) -> Vectors:
    """Returns the vector at length 1; one of zeros stays as it is."""
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length if length else vector, dtype=np.float32)

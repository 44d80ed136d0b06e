"""Confidence in words: one scale for the page and for what is exported from it."""

_LEVELS = ((0.85, "high"), (0.6, "moderate"), (0.0, "low"))


def confidence_level(confidence: float) -> str:
    """Returns "high", "moderate" or "low" for a probability from 0 to 1."""
    return next(level for least, level in _LEVELS if confidence >= least)

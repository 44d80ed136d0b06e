"""Promised figures, in a TOML file, and which of them an evaluation misses.

    tolerance = 0.02                                # how much worse a figure may be than promised
    [promised]                                      # or [promised.NAME], for each of several question sets
    "sentence_hit@1" = 0.55
    "wrong_refusals" = {value = 0.10, tolerance = 0.03}

Quotes that are not word for word are never tolerated: "verbatim" has a tolerance of 0 unless it states its own.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from documents.errors import BadSetting
from qa.evaluation.figures import LOWER_IS_BETTER

_STRICT = "verbatim"
_HOW = "Write a number, or {value = 0.9, tolerance = 0.02}."


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure is to be `value`, or worse by `tolerance` at most. `set` is "" where the file promises for one set."""

    set: str
    figure: str
    value: float
    tolerance: float


def read_gate(path: Path) -> list[Promise]:
    """Returns the promises of a file, in its order.

    Raises:
        BadSetting: it cannot be read, promises nothing, or something that is no number.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSetting(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise BadSetting(f"{path}: not TOML ({error}).") from error
    promised = data.get("promised")
    if not isinstance(promised, dict) or not promised:
        raise BadSetting(f'{path}: promises nothing. Write a table "[promised]" with figures and their values.')
    tolerance = _number(data.get("tolerance", 0.0), f"{path}: tolerance")
    promises: list[Promise] = []
    for name, value in promised.items():
        if isinstance(value, dict) and "value" not in value:
            promises += [_promise(name, figure, each, tolerance, path) for figure, each in value.items()]
        else:
            promises.append(_promise("", name, value, tolerance, path))
    return promises


def promises_for(promises: Sequence[Promise], names: Sequence[str], path: Path) -> list[Promise]:
    """Returns the promises for one set of questions: those without a set, and those of the first name that has some.

    Raises:
        BadSetting: there are none.
    """
    sets = {promise.set for promise in promises}
    name = next((each for each in names if each in sets), "")
    found = [promise for promise in promises if promise.set in ("", name)]
    if not found:
        raise BadSetting(
            f"{path}: promises nothing for {' or '.join(names)}; it does for {', '.join(sorted(sets))}. "
            "Name the file of questions, or its folder, as the set is named."
        )
    return found


def misses(found: Mapping[str, Mapping[str, float | None]], promises: Sequence[Promise]) -> list[str]:
    """Returns what was promised and not kept, each as a line that names set, figure, promise and value.

    `found` is {set: {figure: value}}; a figure that is not there was not measured, and is missed.
    """
    lines = [(promise, found.get(promise.set, {}).get(promise.figure)) for promise in promises]
    return [_line(promise, value) for promise, value in lines if value is None or _worse(promise, value)]


def written(found: Mapping[str, Mapping[str, float]], tolerance: float, head: str) -> str:
    """Returns the figures as promises in TOML, below a comment that says where they come from."""
    lines = [f"# {head}", f"tolerance = {tolerance}  # how much worse a figure may be than promised"]
    for name, figures in found.items():
        lines += ["", f"[promised.{name}]", *(f'"{figure}" = {value:.4f}' for figure, value in figures.items())]
    return "\n".join(lines) + "\n"


_ROUNDING = 1e-9  # 0.8 - 0.1 is a little more than 0.7


def _worse(promise: Promise, value: float) -> bool:
    if promise.figure in LOWER_IS_BETTER:
        return value > promise.value + promise.tolerance + _ROUNDING
    return value < promise.value - promise.tolerance - _ROUNDING


def _line(promise: Promise, value: float | None) -> str:
    prefix = f"{promise.set}: " if promise.set else ""
    allowed = f", and {promise.tolerance:g} of tolerance" if promise.tolerance else ""
    found = "was not measured" if value is None else f"is {value:.3f}"
    return f"{prefix}{promise.figure} {found}; {promise.value:.3f} is promised{allowed}"


def _promise(name: str, figure: str, value: Any, tolerance: float, path: Path) -> Promise:
    place = f"{path}: {f'{name}, ' if name else ''}{figure}"
    own = 0.0 if figure == _STRICT else tolerance
    if isinstance(value, dict):
        unknown = sorted(set(value) - {"value", "tolerance"})
        if unknown or "value" not in value:
            raise BadSetting(f"{place}: {f'{unknown[0]} is not understood' if unknown else 'it has no value'}. {_HOW}")
        own = _number(value.get("tolerance", own), f"{place}, tolerance")
        value = value["value"]
    return Promise(name, figure, _number(value, place), own)


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadSetting(f"{place} is {value!r}. {_HOW}")
    return float(value)

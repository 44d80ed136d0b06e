"""Everything an evaluation says in numbers: what summary.json holds and the report shows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from qa.evaluation.failures import counts
from qa.evaluation.folder import Run
from qa.evaluation.intervals import RESAMPLES
from qa.evaluation.reliability import Bin, Point, bins, risk_coverage
from qa.evaluation.row import Row
from qa.evaluation.summary import Summary, asked, summarise, summarise_groups


@dataclass(frozen=True, slots=True)
class Overview:
    """`groups` is {dimension: {value: summary}}; `failures` counts the rows of every kind."""

    run: Run
    seed: int
    asked: int
    errors: int
    figures: Summary
    groups: dict[str, dict[str, Summary]]
    failures: dict[str, int]
    risk_coverage: list[Point]
    reliability: list[Bin]


def overview(run: Run, rows: Sequence[Row], *, seed: int = 0) -> Overview:
    """Sums a run up. Confidence is judged where some question can be answered, its reliability where some cannot."""
    kept = asked(rows)
    confidences = [row.confidence for row in kept]
    answerable = [row.answerable for row in kept]
    right = [row.answerable and row.first for row in kept]
    return Overview(
        run=run,
        seed=seed,
        asked=len(kept),
        errors=len(rows) - len(kept),
        figures=summarise(rows, seed=seed),
        groups=summarise_groups(rows, seed=seed),
        failures=counts(rows),
        risk_coverage=risk_coverage(confidences, right) if any(answerable) else [],
        reliability=bins(confidences, answerable) if len(set(answerable)) == 2 else [],
    )


def overview_object(found: Overview) -> dict[str, Any]:
    """Returns the overview as summary.json has it."""
    return asdict(found) | {"interval": f"95% percentile bootstrap over questions, {RESAMPLES} resamples"}


def overview_of(found: Mapping[str, Any]) -> Overview:
    """Returns the overview of what `overview_object` returned.

    Raises:
        KeyError, TypeError: it is of another version.
    """
    values = {field.name: found[field.name] for field in fields(Overview)}
    values["run"] = Run(**values["run"])
    values["risk_coverage"] = [Point(**each) for each in values["risk_coverage"]]
    values["reliability"] = [Bin(**each) for each in values["reliability"]]
    return Overview(**values)

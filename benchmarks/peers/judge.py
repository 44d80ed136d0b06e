"""What a run's passages and quotes are worth: the rule of the evaluation, the same for every system."""

import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.peers.contract import K
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.metrics import evidence_hit

CLOCKS = {"clock": 0, "processor": 1}


def figures(runs: Sequence[dict[str, Any]], way: str, golds: Sequence[GoldQuestion], clock: int) -> dict[str, Any]:
    """Returns what one way of asking came to in the runs of one system.

    Seconds are the median of the runs, and of a question the median of its times; recall is that of the first run.
    """
    first = runs[0]["ways"][way]
    taken = np.median([[each[clock] for each in run["ways"][way]["seconds"]] for run in runs], axis=0) * 1000
    return {
        "way": way,
        "passages": runs[0]["passages"],
        "ingest_seconds": statistics.median(run["ingest_seconds"][clock] for run in runs),
        "ingest_peak_mb": max(run["ingest_peak_mb"] for run in runs),
        "peak_mb": max(run["ways"][way]["peak_mb"] for run in runs),
        "index_mb": runs[0]["index_mb"],
        "questions": len(taken),
        "p50_ms": float(np.percentile(taken, 50)),
        "p95_ms": float(np.percentile(taken, 95)),
        "evidence_recall@5": _share(first["passages"], golds, K),
        "sentence_hit@1": _share(first["quotes"], golds, 1) if any(first["quotes"]) else None,
        "sentence_hit@any": _share(first["quotes"], golds, None) if any(first["quotes"]) else None,
        "words_a_passage": _words(first["passages"]),
    }


def _share(found: Sequence[Sequence[Sequence[str]]], golds: Sequence[GoldQuestion], k: int | None) -> float:
    hits = [
        any(evidence_hit(text, document, gold.evidence, gold.documents) for document, text in texts[:k])
        for texts, gold in zip(found, golds, strict=True)
    ]
    return sum(hits) / len(hits)


def _words(found: Sequence[Sequence[Sequence[str]]]) -> float:
    """Returns the mean length of the passages found: longer ones hold evidence more easily."""
    return statistics.fmean(len(text.split()) for texts in found for _, text in texts)

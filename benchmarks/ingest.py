"""Compares ingest with the bare model on the same passages: python -m benchmarks.ingest

The bare model is `SentenceTransformer.encode`, with its default batch size and with that of the ingest. All three are
run in turn, `--rounds` times, and the ratios are those of the medians. The second ingest is of an unchanged folder of
text files. Times are those of the clock, or with --processor those of the processor, which other work changes little.

Tokens a second are those of the texts that are embedded, the two special ones of each counted, padding left out. The
share of the limit is what the multiplications of these tokens are of those that torch alone does in the same time, in
the model's own number format, where it multiplies a batch of passages by a matrix of 384 x 1536, a layer's largest.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks.evalsets import add_folder, set_names
from index.embed import _BATCH, SentenceTransformerEmbedder
from index.ingest import embedded_text, ingest
from index.store import SQLiteStore

_SPECIAL = 2  # tokens that the model puts around a text
_WIDTHS = (384, 1536)  # of the matrix that is multiplied by for the limit
_LONGEST = 180  # tokens of a passage
_TRIES = 30  # multiplications, of which the fastest counts


def main() -> int:
    """Prints a table and a line of JSON; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure ingest.")
    add_folder(parser)
    parser.add_argument("--set", default="removals", help="whose documents are ingested for the ratio")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processor", action="store_true", help="tell the processor's seconds")
    parser.add_argument("--no-second", dest="second", action="store_false", help="leave the second ingest out")
    arguments = parser.parse_args()
    embedder = SentenceTransformerEmbedder()
    embedder.embed_question("load the model")
    documents = arguments.sets / arguments.set / "corpus" / "docs.jsonl"
    texts = passages_of(documents, embedder)
    model = embedder._model  # the bare model is the very one that ingest uses
    clock = time.process_time if arguments.processor else time.perf_counter
    ours, bare, alike = [], [], []
    for _ in range(arguments.rounds):
        bare.append(seconds(lambda: model.encode(texts), clock))
        ours.append(seconds(lambda: ingest_new(documents, embedder), clock))
        alike.append(seconds(lambda: model.encode(texts, batch_size=_BATCH), clock))
    result: dict[str, float] = {
        "passages": len(texts),
        "ingest_passages_per_second": len(texts) / statistics.median(ours),
        "bare_passages_per_second": len(texts) / statistics.median(bare),
        "ratio": statistics.median(bare) / statistics.median(ours),
        "ratio_in_same_batches": statistics.median(alike) / statistics.median(ours),
    }
    result |= of_the_limit(texts, embedder, statistics.median(ours), statistics.median(bare), clock)
    if arguments.second:
        result["unchanged_seconds"], result["unchanged_files"] = second_ingest(arguments.sets, embedder, clock)
    for name, value in result.items():
        print(f"{name:28} {value:10.3f}")
    print(json.dumps(result))
    return 0


def of_the_limit(
    texts: Sequence[str], embedder: SentenceTransformerEmbedder, ours: float, bare: float, clock: Callable[[], float]
) -> dict[str, float]:
    """Returns tokens a second, and what they come to of the machine's limit; `ours` and `bare` are seconds."""
    lengths = [count + _SPECIAL for count in embedder.count_tokens(texts)]
    encoder: Any = embedder._model[0].auto_model  # type: ignore[union-attr]
    work, limit = operations(encoder, lengths), matmul_limit(next(encoder.parameters()).dtype, clock)
    return {
        "tokens": sum(lengths),
        "tokens_per_second": sum(lengths) / ours,
        "bare_tokens_per_second": sum(lengths) / bare,
        "matmul_gflops": limit / 1e9,
        "gflops": work / ours / 1e9,
        "share_of_matmul_limit": work / ours / limit,
        "bare_share_of_matmul_limit": work / bare / limit,
    }


def operations(encoder: Any, lengths: Sequence[int]) -> float:
    """Returns the multiplications and additions of texts of so many tokens: by weights, and of attention.

    Each weight of a linear layer takes one of both for a token, but for the pooler's, whose output is not used;
    attention multiplies it with every token of its text twice, in each layer.
    """
    layers, width = encoder.config.num_hidden_layers, encoder.config.hidden_size
    linear = [each for each in encoder.encoder.modules() if isinstance(each, torch.nn.Linear)]
    weights = sum(each.weight.numel() for each in linear)
    return float(sum(2 * length * weights + 4 * layers * width * length**2 for length in lengths))


def matmul_limit(dtype: torch.dtype, clock: Callable[[], float]) -> float:
    """Returns the multiplications and additions a second of one large product, the fastest of several."""
    rows, (width, inner) = _BATCH * _LONGEST, _WIDTHS
    one, other = (torch.randn(shape).to(dtype) for shape in ((rows, width), (width, inner)))
    with torch.inference_mode():
        best = min(seconds(lambda: torch.mm(one, other), clock) for _ in range(_TRIES))
    return 2 * rows * width * inner / best


def ingest_new(path: Path, embedder: SentenceTransformerEmbedder) -> None:
    """Ingests the file into a new index that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        ingest([path], SQLiteStore(Path(folder), writable=True), embedder)


def passages_of(path: Path, embedder: SentenceTransformerEmbedder) -> list[str]:
    """Returns the texts that ingesting the file embeds."""
    with tempfile.TemporaryDirectory() as folder:
        store = SQLiteStore(Path(folder), writable=True)
        ingest([path], store, embedder)
        numbers = range(1, store.passage_count() + 1)
        return [embedded_text(each.passage, embedder).text for each in store.passages(numbers).values()]


def second_ingest(sets: Path, embedder: SentenceTransformerEmbedder, clock: Callable[[], float]) -> tuple[float, int]:
    """Returns the seconds that a second ingest of every set's documents as files takes, and the number of files."""
    with tempfile.TemporaryDirectory() as folder:
        files, place = Path(folder) / "files", Path(folder) / "index"
        for name in set_names(sets):
            (files / name).mkdir(parents=True)
            for line in (sets / name / "corpus" / "docs.jsonl").read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                # Short texts: embedding them once is not what is measured here.
                text = f"{row.get('title') or row['doc_id']}\n\n{row['text'][:300]}\n"
                (files / name / (re.sub(r"[^\w.-]", "_", row["doc_id"]) + ".txt")).write_text(text, encoding="utf-8")
        store = SQLiteStore(place, writable=True)
        count = len(ingest([files], store, embedder).added)
        return seconds(lambda: ingest([files], store, embedder), clock), count


def seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Returns how long the work took by the clock."""
    began = clock()
    work()
    return clock() - began


if __name__ == "__main__":
    sys.exit(main())

"""How time, memory and disk grow with an index: python -m benchmarks.growth [--plot FILE.svg]

One index is poured to each size in turn (benchmarks/sea.py: real words, drawn vectors) and asked at each by a process
that is started anew, so that its memory is that of the size. Embedding is no part of ingest here; it is of a question.
Slopes are those of straight lines through the logarithms of size and figure.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.evalsets import add_folder
from benchmarks.loglog import Line, loglog
from benchmarks.query import POOL, STAGES, questions, stages, warm_retriever
from benchmarks.sea import SEED, Sea, Seconds
from index.embed import SentenceTransformerEmbedder
from index.store import SQLiteStore
from index.vectors import IVF, KINDS
from qa.pipeline import Pipeline

_SIZES = [10_000, 30_000, 100_000, 300_000, 1_000_000]
_READ = 10  # questions answered with the cross-encoder, for the memory that takes
_HELP = [sys.executable, "-c", "from qa.cli import main; main(['--help'])"]
Row = dict[str, Any]
Clocks = NDArray[np.float64]


def main() -> int:
    """Prints a table, the slopes and a line of JSON; returns the exit status."""
    arguments = parsed()
    if arguments.ask:
        print(json.dumps(asked(arguments)))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        rows = measured(arguments, arguments.folder or Path(scratch))
    slopes = {name: slope(rows, name) for name in rows[0] if _grows(name)}
    told = {"kind": arguments.kind, "questions": arguments.questions, "help_ms": help_ms(), "rows": rows}
    show(rows, slopes)
    print(json.dumps(told | {"slopes": slopes}))
    if arguments.json:
        arguments.json.write_text(json.dumps(told | {"slopes": slopes}, indent=1) + "\n", encoding="utf-8")
    if arguments.plot:
        arguments.plot.write_text(plotted(rows), encoding="utf-8")
    return 0


def parsed() -> argparse.Namespace:
    """Returns what the command line says."""
    parser = argparse.ArgumentParser(description="Measure growth.")
    add_folder(parser)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES, metavar="PASSAGES")
    parser.add_argument("--kind", choices=KINDS, default=IVF, help="of vector search")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--folder", type=Path, help="where the index is made and stays (default: nowhere)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw them there, as SVG")
    parser.add_argument("--ask", action="store_true", help="only ask the index in --folder, as it is")
    return parser.parse_args()


def measured(arguments: argparse.Namespace, folder: Path) -> list[Row]:
    """Returns a row a size."""
    embedder = SentenceTransformerEmbedder()
    embedder.embed_question("load the model")
    sea = Sea(arguments.sets, embedder, arguments.seed)
    store = SQLiteStore(folder, writable=True)
    rows, poured = list[Row](), [0.0, 0.0]
    for size in sorted(arguments.sizes):
        store.dense.choose(arguments.kind)
        put = sea.pour(store, size, save=False)
        poured = [poured[0] + put.processor, poured[1] + put.wall]
        made = Seconds()
        with made:
            store.save_vectors()
        rows.append(
            {
                "passages": size,
                "put_processor_s": poured[0],
                "put_wall_s": poured[1],
                "vectors_processor_s": made.processor,
                "vectors_wall_s": made.wall,
                "ingest_processor_s": poured[0] + made.processor,
                **child(arguments, folder),
            }
        )
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    return rows


def child(arguments: argparse.Namespace, folder: Path) -> Row:
    """Returns what a process that is started anew measures of the index."""
    command = [sys.executable, "-m", "benchmarks.growth", "--ask", "--folder", str(folder), "--sets"]
    command += [str(arguments.sets), "--questions", str(arguments.questions), "--seed", str(arguments.seed)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def asked(arguments: argparse.Namespace) -> Row:
    """Returns times, sizes and memory of the index in the folder, asked by this process."""
    folder = arguments.folder
    opening = Seconds()
    with opening:
        store = SQLiteStore(folder)
        store.nearest(np.full(int(store.setting("dimension") or 1), 0.05, dtype=np.float32), POOL)
    opened = resident()
    embedder = SentenceTransformerEmbedder()
    retriever = warm_retriever(folder, embedder, arguments.sets, arguments.seed)
    drawn = questions(arguments.sets, arguments.questions, arguments.seed)
    about = store.dense.about()
    found: Row = {
        "open_processor_s": opening.processor,
        "open_wall_s": opening.wall,
        "recall_at_10": about.recall if about else None,
        "breadth": about.breadth if about else 0,
        "database_mb": (folder / "passages.db").stat().st_size / 1e6,
        "vectors_mb": (folder / "vectors.faiss").stat().st_size / 1e6,
        "opened_mb": opened["VmRSS"],
    }
    taken = [stages(question, store, retriever, embedder, both_clocks) for question in drawn]
    for stage in STAGES:
        for place, name in enumerate(("processor", "wall")):
            seconds = [each[stage][place] for each in taken]
            found |= {
                f"{stage}_p{percent}_{name}_ms": 1e3 * float(np.percentile(seconds, percent))
                for percent in (50, 95, 99)
            }
    found |= {f"asked_{name}_mb": value for name, value in resident().items()}
    pipeline = Pipeline(store, embedder)
    for question in drawn[:_READ]:
        pipeline.answer(question)
    return found | {f"read_{name}_mb": value for name, value in resident().items()}


def both_clocks() -> Clocks:
    """Returns the seconds of the processor's clock and of the one on the wall."""
    return np.array([time.process_time(), time.perf_counter()])


def resident() -> dict[str, float]:
    """Returns what this process holds in memory, in MB: in all, its own, and pages of files, which can be given up."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    held = dict(line.split(":", 1) for line in lines)
    return {name: int(held[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "RssAnon", "RssFile")}


def help_ms() -> float:
    """Returns the median of the milliseconds that --help takes, the start of Python included."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(_HELP, check=True, capture_output=True)
        taken.append(1e3 * (time.perf_counter() - began))
    return statistics.median(taken)


def slope(rows: list[Row], name: str) -> float:
    """Returns the slope of a figure against size, both as logarithms."""
    if len(rows) < 2:
        return float("nan")
    logs = np.log([[row["passages"], max(row[name], 1e-9)] for row in rows])
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def _grows(name: str) -> bool:
    return name.endswith(("_s", "_ms", "_mb"))


def show(rows: list[Row], slopes: dict[str, float]) -> None:
    """Prints a row a figure, a column a size, and the slope."""
    sizes = [f"{row['passages']:,}" for row in rows]
    print(f"| figure | {' | '.join(sizes)} | slope |\n|---{'|---' * len(rows)}|---|")
    for name in [name for name in rows[0] if name != "passages"]:
        cells = ["" if row[name] is None else f"{row[name]:.3g}" for row in rows]
        print(f"| {name} | {' | '.join(cells)} | {f'{slopes[name]:.2f}' if name in slopes else ''} |")


def plotted(rows: list[Row]) -> str:
    """Returns the plot: what an ingest, a question, the disk and memory take."""
    lines = [
        ("ingest without embedding, seconds", "ingest_processor_s"),
        ("question to passages, p50 ms", "total_p50_processor_ms"),
        ("question to passages, p95 ms", "total_p95_processor_ms"),
        ("disk, MB", "disk_mb"),
        ("memory, MB", "asked_VmRSS_mb"),
    ]
    told = [row | {"disk_mb": row["database_mb"] + row["vectors_mb"]} for row in rows]
    return loglog(
        "Growth with the number of passages",
        "passages",
        [Line(name, [(row["passages"], row[key]) for row in told]) for name, key in lines],
    )


if __name__ == "__main__":
    sys.exit(main())

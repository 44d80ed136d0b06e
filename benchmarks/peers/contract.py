"""What every system of the comparison does in its own environment: read a request, ingest, be asked, write.

Imports the standard library alone, and lies beside the scripts that import it, so that any environment can run them.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Protocol

K = 5  # passages that a question gets
POOL = 10  # passages that each leg of a hybrid brings
CHARACTERS, OVERLAP = 800, 80  # of a passage, for splitters that count characters: about 180 of the model's tokens
_UNTIMED = 3  # questions


class Source(NamedTuple):
    """A document as it stands in the evaluation set."""

    id: str
    title: str
    text: str

    @property
    def titled(self) -> str:
        """The text below its title, for systems that embed no metadata."""
        return f"{self.title}\n\n{self.text}" if self.title else self.text


class Found(NamedTuple):
    """A passage that was found, or a sentence that was given as the answer."""

    document: str
    text: str


class Reply(NamedTuple):
    """What a question came to: passages, best first, and quotes where the system answers."""

    passages: Sequence[Found]
    quotes: Sequence[Found] = ()


Way = Callable[[str], Reply]


class System(Protocol):
    """One program under comparison. Made with the model's folder and an empty folder for its index."""

    packages: Sequence[str]  # whose versions are told

    def ingest(self, path: Path) -> int:
        """Takes in the documents of a .jsonl file; returns the number of passages."""

    def ways(self) -> dict[str, Way]:
        """Returns the ways to ask it, by name."""


def sources(path: Path) -> list[Source]:
    """Returns the documents of the .jsonl file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Source(row["doc_id"], row.get("title") or "", row["text"]) for row in rows]


def serve(system: Callable[[str, Path], System]) -> None:
    """Runs the request of the file named first on the command line; writes the result to the file named second."""
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(sys.argv[2]).write_text(json.dumps(_run(system, request)), encoding="utf-8")


def _run(system: Callable[[str, Path], System], request: dict[str, Any]) -> dict[str, Any]:
    _warm_up(system, request["model"], Path(request["folder"], "first"))
    folder = Path(request["folder"], "index")
    folder.mkdir()
    made = system(request["model"], folder)
    passages, ingesting = timed(lambda: made.ingest(Path(request["documents"])))
    memory = peak_megabytes()
    ways = {name: _asked(way, request["questions"]) for name, way in made.ways().items()}
    return {
        "versions": {name: version(name) for name in made.packages},
        "passages": passages,
        "ingest_seconds": ingesting,
        "ingest_peak_mb": memory,
        "index_mb": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20,
        "ways": ways,
    }


def _warm_up(system: Callable[[str, Path], System], model: str, folder: Path) -> None:
    """Ingests one sentence into an index that is thrown away: what is imported on first use is not timed."""
    folder.mkdir()
    path = folder.with_suffix(".jsonl")
    path.write_text(json.dumps({"doc_id": "first", "title": "First", "text": "Nothing is asked of this."}) + "\n")
    system(model, folder).ingest(path)
    gc.collect()


def _asked(way: Way, questions: Sequence[str]) -> dict[str, Any]:
    for question in questions[:_UNTIMED]:
        way(question)
    replies = [timed(lambda question=question: way(question)) for question in questions]  # type: ignore[misc]
    return {
        "seconds": [taken for _, taken in replies],
        "passages": [list(reply.passages)[:K] for reply, _ in replies],
        "quotes": [list(reply.quotes) for reply, _ in replies],
        "peak_mb": peak_megabytes(),
    }


def timed(work: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Returns what the work came to and its seconds: by the clock, and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, (time.perf_counter() - wall, time.process_time() - processor)


def peak_megabytes() -> float:
    """Returns the most memory that was resident in this process so far.

    subtle: the peak of getrusage is that of the process before it became this program, where that was greater.
    """
    if os.path.exists("/proc/self/status"):
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)

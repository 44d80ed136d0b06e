"""Times the default and the bilingual embedder on the same passages of our briefs: python -m benchmarks.embedders

The two take turns, `--rounds` times. Seconds are those of the processor, all threads together, so that other work on
the machine counts little; the ratio is that of the medians.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from documents.read import documents_in
from documents.split import SplitSettings, split
from index.ingest import embedded_text
from index.models import embedder_named
from index.types import Embedder, Text

LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
QUESTION = "Combien de personnes l'ASFC a-t-elle renvoyées en 2024 ?"


def main() -> int:
    """Prints passages a second and milliseconds a question for each, and their ratio; returns the exit status."""
    parser = argparse.ArgumentParser(description="Time the embedders.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--passages", type=int, default=128, help="how many at most")
    arguments = parser.parse_args()
    embedders = [embedder_named(), embedder_named("bilingual")]
    texts = passages(embedders[0])[: arguments.passages]
    times: dict[str, list[tuple[float, float]]] = {each.name: [] for each in embedders}
    for each in embedders:
        each.embed_passages(texts[:2])  # loads the model
    for _ in range(arguments.rounds):
        for each in embedders:
            ask, embed = (
                seconds(lambda e=each: e.embed_question(QUESTION)),
                seconds(lambda e=each: e.embed_passages(texts)),
            )
            times[each.name].append((ask, embed))
    medians = {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in times.items()}
    for name, (ask, embed) in medians.items():
        print(f"{name:24} {len(texts) / embed:7.1f} passages/s {ask * 1000:7.1f} ms a question")
    first, second = (embed for _, embed in medians.values())
    print(f"ratio {first / second:.2f} over {len(texts)} passages")
    return 0


def passages(embedder: Embedder) -> list[Text]:
    """Returns what is embedded of the French briefs and their English originals, cut by the default embedder."""
    paths = [
        path
        for french in sorted(LIBRARY.glob("*.fr.md"))
        for path in (french, LIBRARY / french.name.replace(".fr.", "."))
    ]
    found: list[Text] = []
    for path in paths:
        for document in documents_in(path, path.name):
            cut = split(document, embedder.count_tokens, SplitSettings())
            found += [embedded_text(passage, embedder) for passage in cut]
    return found


def seconds(work: Callable[[], object]) -> float:
    """Returns the processor's seconds that the work took."""
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())

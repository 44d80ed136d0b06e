"""What processes do that measure question sets: make the index of a set, then answer its questions."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evalsets import build
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.row import Row
from qa.evaluation.run import Asking
from qa.opening import Opening, load_models, shared_embedder
from qa.pipeline import Settings

REFUSE = "balanced"


@dataclass(frozen=True, slots=True)
class Building:
    """Makes the index of a set at a time, in a folder of its name in `place`."""

    sets: Path
    place: Path
    model: str

    def load(self) -> None:
        load_models(self.model, reader=False)

    def open(self) -> Callable[[str], None]:
        return self._build

    def _build(self, name: str) -> None:
        build(self.sets, name, self.place / name, shared_embedder(self.model))


@dataclass(frozen=True, slots=True)
class AskingSets:
    """Answers a question at a time from the index of its set, which is opened at the first of them."""

    place: Path
    model: str
    settings: Settings

    def load(self) -> None:
        load_models(self.model, reader=self.settings.rerank.read)

    def open(self) -> Callable[[GoldQuestion], Row]:
        opened: dict[str, Asking] = {}

        def row(gold: GoldQuestion) -> Row:
            if gold.set not in opened:
                opened.clear()  # questions come set by set
                opening = Opening(self.place / gold.set, self.model, self.settings)
                opened[gold.set] = Asking(opening.pipeline(), REFUSE)
            return opened[gold.set].row(gold)

        return row

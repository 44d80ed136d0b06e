"""What processes do that measure question sets: make the index of a set, then answer its questions."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evalsets import build
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.row import Row
from qa.evaluation.run import Asking
from qa.opening import Opening, load_shared, shared_embedder
from qa.pipeline import Settings

REFUSE = "balanced"


@dataclass(frozen=True, slots=True)
class SetWork:
    """A piece is the name of a set, whose index is made in a folder of `place`, or a question of a set with an index.

    An index is opened at the first question of its set.
    """

    sets: Path
    place: Path
    model: str
    settings: Settings

    def load(self) -> None:
        """Loads what processes share."""
        load_shared(self.model, reader=self.settings.rerank.read)

    def open(self) -> Callable[[str | GoldQuestion], Row | None]:
        """Returns what does a piece in this process: None for a set whose index was made, or a question's row."""
        opened: dict[str, Asking] = {}

        def do(piece: str | GoldQuestion) -> Row | None:
            if isinstance(piece, str):
                build(self.sets, piece, self.place / piece, shared_embedder(self.model))
                return None
            if piece.set not in opened:
                opened.clear()  # questions come set by set
                opening = Opening(self.place / piece.set, self.model, self.settings)
                opened[piece.set] = Asking(opening.pipeline(), REFUSE)
            return opened[piece.set].row(piece)

        return do

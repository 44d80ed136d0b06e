"""Who answers the questions of a run: this process, or several of them with one core each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from qa.batch.rows import answered
from qa.opening import Opening
from qa.pipeline import Pipeline
from qa.types import Question

Finished = tuple[int, dict[str, Any]]  # the place that was given with the question, an output row without its head


class Workers(Protocol):
    """Takes questions while there is `room`, and gives each back answered, in any order."""

    @property
    def room(self) -> bool: ...
    def submit(self, place: int, question: Question) -> None: ...
    def finished(self) -> Sequence[Finished]:
        """Waits until at least one question is answered; nothing where none is under way."""
        ...


@dataclass(slots=True)
class Here:
    """Answers in this process, one question after the other."""

    pipeline: Pipeline
    language: str = "en"
    _finished: list[Finished] = field(default_factory=list)

    @property
    def room(self) -> bool:
        return not self._finished

    def submit(self, place: int, question: Question) -> None:
        self._finished.append((place, answered(question, self.pipeline, language=self.language)))

    def finished(self) -> Sequence[Finished]:
        taken, self._finished = self._finished, []
        return taken


@dataclass(frozen=True, slots=True)
class Answering:
    """The work of processes that answer: a question each time (qa/processes.py). Errors are told in `language`."""

    opening: Opening
    language: str = "en"

    def load(self) -> None:
        self.opening.load()

    def open(self) -> Callable[[Question], dict[str, Any]]:
        pipeline = self.opening.pipeline()
        return lambda question: answered(question, pipeline, language=self.language)

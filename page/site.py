"""What the page is over."""

from dataclasses import dataclass, field
from threading import Lock

from index.writable import WritableStore
from page.given import Given
from page.precedence import Precedence
from qa.loading import Loading
from qa.pipeline import Pipeline
from qa.types import Answer, Question


@dataclass(frozen=True, slots=True)
class Site:
    """The pipeline that answers, the store it reads, and the one to change documents in; None where none may be.

    `loading` is what loads the models; None where they are loaded when first needed.
    """

    pipeline: Pipeline
    store: WritableStore
    library: WritableStore | None = None
    loading: Loading | None = None
    precedence: Precedence = field(default_factory=Precedence)
    adding: Lock = field(default_factory=Lock, compare=False)  # held while an uploaded file is given a name and read
    given: Given = field(default_factory=Given)

    def answer(self, question: Question) -> Answer:
        """Returns the answer that was given lately, or answers: the same, as long as the documents are.

        Raises:
            BadQuestion: as the pipeline does.
        """
        state = self.store.generation()
        kept = self.given.at(state, question)
        if kept is None:
            kept = self.pipeline.answer(question)
            self.given.keep(state, kept)
        return kept

    @property
    def is_ready(self) -> bool:
        """Whether a question need not wait for the models."""
        return self.loading is None or self.loading.is_done

"""What the page is over."""

from dataclasses import dataclass, field
from threading import Lock

from index.writable import WritableStore
from page.precedence import Precedence
from qa.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Site:
    """The pipeline that answers, the store it reads, and the one to change documents in; None where none may be."""

    pipeline: Pipeline
    store: WritableStore
    library: WritableStore | None = None
    precedence: Precedence = field(default_factory=Precedence)
    adding: Lock = field(default_factory=Lock, compare=False)  # held while an uploaded file is given a name and read

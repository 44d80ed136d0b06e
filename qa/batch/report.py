"""What the writers of answer files are given: the rows, what came of them, and where citations link to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from qa.batch.journal import Tally
from qa.batch.objects import KEYS
from qa.link import document_link


class Rows(Protocol):
    """The rows of a run: its journal, or the answer file that came of it."""

    @property
    def tally(self) -> Tally: ...
    def row(self, place: int) -> dict[str, Any]: ...
    def rows(self) -> Iterator[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Report:
    """`questions` is the name of the question file, `extra` the names of the columns that are carried through."""

    questions: str
    extra: tuple[str, ...]
    refuse: str
    link_base: str
    kept: Rows

    @property
    def tally(self) -> Tally:
        return self.kept.tally

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yields the output rows in the order of the question file."""
        return self.kept.rows()

    def carried(self) -> list[str]:
        """Returns the headings of the columns that are carried through; none is that of a column of ours."""
        return [f"{name} (question file)" if name in KEYS else name for name in self.extra]

    def link(self, citation: Mapping[str, Any]) -> str:
        """Returns the address at which the page shows the citation, or "" where the page has none."""
        place = citation["document_id"], citation["start"], citation["end"]
        return document_link(*place, self.link_base) if self.link_base else ""

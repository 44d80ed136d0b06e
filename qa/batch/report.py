"""What the writers of answer files are given: the rows, what came of them, and where citations link to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qa.batch.journal import Journal, Tally
from qa.batch.objects import KEYS
from qa.link import document_link


@dataclass(frozen=True, slots=True)
class Report:
    """`questions` is the name of the question file, `extra` the names of the columns that are carried through."""

    questions: str
    extra: tuple[str, ...]
    refuse: str
    link_base: str
    journal: Journal

    @property
    def tally(self) -> Tally:
        return self.journal.tally

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yields the output rows in the order of the question file."""
        return self.journal.rows()

    def carried(self) -> list[str]:
        """Returns the headings of the columns that are carried through; none is that of a column of ours."""
        return [f"{name} (question file)" if name in KEYS else name for name in self.extra]

    def link(self, citation: Mapping[str, Any]) -> str:
        """Returns the address at which the page shows the citation, or "" where the page has none."""
        place = citation["document_id"], citation["start"], citation["end"]
        return document_link(*place, self.link_base) if self.link_base else ""

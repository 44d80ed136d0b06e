"""What the writers of answer files are given: the rows, what came of them, and where citations link to."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from qa.batch.journal import Tally
from qa.batch.objects import KEYS
from qa.batch.words import ENGLISH, Words
from qa.link import document_link


class Rows(Protocol):
    """The rows of a run: its journal, or the answer file that came of it."""

    @property
    def tally(self) -> Tally: ...
    def row(self, place: int) -> dict[str, Any]: ...
    def rows(self) -> Iterator[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Report:
    """`questions` is the name of the question file, `extra` the names of the columns that are carried through.

    `language` is that of files to read, .xlsx and .docx; .jsonl and .csv have the same keys in every one.
    """

    questions: str
    extra: tuple[str, ...]
    refuse: str
    link_base: str
    kept: Rows
    language: str = "en"

    @property
    def words(self) -> Words:
        return Words(self.language)

    @property
    def tally(self) -> Tally:
        return self.kept.tally

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yields the output rows in the order of the question file."""
        return self.kept.rows()

    def carried(self, taken: Collection[str] = KEYS, words: Words = ENGLISH) -> list[str]:
        """Returns the headings of the columns that are carried through; none is one of those that are `taken`."""
        return [words["carried"].format(name=name) if name in taken else name for name in self.extra]

    def summary(self) -> list[tuple[str, int | str]]:
        """Returns what came of the questions, and how sure an answer had to be, each under its name."""
        statuses = self.tally.statuses
        counted = {"questions": sum(statuses.values()), **statuses}
        return [(self.words[name], count) for name, count in counted.items()] + [
            (self.words["refuse"], self.words[self.refuse])
        ]

    def link(self, citation: Mapping[str, Any]) -> str:
        """Returns the address at which the page shows the citation, or "" where the page has none."""
        place = citation["document_id"], citation["start"], citation["end"]
        return document_link(*place, self.link_base) if self.link_base else ""

"""What an export consists of, whatever the form it is written in."""

import re
from dataclasses import dataclass

# White space but what keeps words on one line, which is part of how French is written.
_BLANKS = re.compile(r"[^\S\xa0\u202f\u2007]+")
# What XML cannot hold; in HTML and Markdown no one could see it either.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one line, without characters that no form can hold: `run` makes it so.

    `note` is the number of the note that the run refers to, or 0; `link` an address; `language` "en", "fr" or "" where
    it is not known.
    """

    text: str
    bold: bool = False
    language: str = ""
    note: int = 0
    link: str = ""


def run(text: str, *, bold: bool = False, language: str = "", link: str = "") -> Run:
    """Returns the run with its line breaks as spaces, and U+FFFD for what cannot be written."""
    return Run(written(text), bold, language, link=link)


def written(text: str) -> str:
    """Returns the text in one line, with U+FFFD for each character that cannot be written."""
    return _IMPOSSIBLE.sub("\ufffd", _BLANKS.sub(" ", text))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`kind` is "quote", "item" of a list, "quiet" for what is said about an answer, or "plain"."""

    kind: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its answer."""

    heading: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A source. Notes are numbered from 1 in the order in which they are first referred to."""

    number: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """`facts` stand below the title; `language` is that of the words around the quotes."""

    title: str
    language: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    notes_heading: str
    notes: tuple[Note, ...]

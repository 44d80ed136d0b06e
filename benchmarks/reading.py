"""How well files of every format are read: the shipped briefs written in each, ingested, and compared word for word.

Prints what became of the files, and for each format the share of the source's words that stand in the document's text,
in their order, and of its sentences that can be quoted, how many are word for word the source's and open at their
page. Needs the extra `test`; what LibreOffice, Chromium and Tesseract write or read is left out, and named, where these
are not installed. A reader that crashes ends the run with its traceback.
"""

import argparse
import re
import sys
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, cycle
from pathlib import Path

from benchmarks.written_files import FORMATS, Pages, can_write
from documents.formats.ocr import available
from documents.split import SplitSettings, split
from documents.types import Document, Passage
from index.embed import SentenceTransformerEmbedder
from index.ingest import Summary, ingest
from index.store import SQLiteStore

_LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
_PAGE = 110  # words or a little more: what a slide holds, and a page of two is short to recognise
_SENTENCE = 6  # words at least of a quote that is looked for: a shorter one stands in many places
_COLUMNS = re.compile(r"^(?:Number: \d+; )?Text: ")  # names that a row of a table is read with
_DIGITAL, _SCANNED = "all digital", "all scanned"


@dataclass(frozen=True, slots=True)
class Written:
    format: str
    id: str  # of the document that must come of it
    pages: Pages


@dataclass(frozen=True, slots=True)
class Figures:
    """What was read of one file. `words` are the source's, `exact` the quotes that stand in it word for word."""

    words: int
    missing: tuple[str, ...]
    quotes: int
    exact: int
    paged: int  # of the exact ones, those with a page
    on_page: int

    @property
    def recall(self) -> float:
        return 1 - len(self.missing) / self.words


def main() -> None:
    """Prints how well files of every format are read, and what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=60, help="how many, of each format about as many (60)")
    parser.add_argument("--list", action="store_true", help="print every file of which words are missing")
    arguments = parser.parse_args()
    left_out = [name for name in FORMATS if not can_write(name) or (FORMATS[name].scan and not available())]
    with tempfile.TemporaryDirectory() as folder:
        files = list(_written(Path(folder, "files"), arguments.files, left_out))
        store = SQLiteStore(Path(folder, "index"), writable=True)
        embedder = SentenceTransformerEmbedder()
        begun = time.monotonic()
        summary = ingest(
            [Path(folder, "files")],
            store,
            embedder,
            on_progress=lambda now: _progress(f"read {now.files} of {now.of_files} files"),
        )
        _print_outcomes(summary, files, time.monotonic() - begun)
        # A message that stands in a mailbox too is one document under both names.
        held = {name for info in store.documents() for name in (info.id, *info.also)}
        read = [(file, store.document(file.id) if file.id in held else None) for file in files]
        rows = [
            (
                file,
                figures_of(file, document, split(document, embedder.count_tokens, SplitSettings()) if document else []),
            )
            for file, document in read
        ]
        _print_table(rows, arguments.list)
    if left_out:
        print(f"left out: {', '.join(left_out)}")


def _written(folder: Path, wanted: int, left_out: list[str]) -> Iterator[Written]:
    folder.mkdir()
    names = [name for name in FORMATS if name not in left_out]
    for number, pages in zip(range(wanted), _texts(), strict=False):
        name = names[number % len(names)]
        chosen = FORMATS[name]
        pages = pages[:1] if chosen.suffix == ".png" else pages
        path = folder / f"{number:03}-{re.sub(r'[ ,]+', '-', name)}{chosen.suffix}"
        chosen.write(pages, path, number)
        _progress(f"written {number + 1} of {wanted} files")
        yield Written(name, path.stem if chosen.suffix == ".jsonl" else path.name + chosen.inside, pages)


def _texts() -> Iterator[Pages]:
    """Yields texts of two pages, cut from all briefs one after the other; at the end it begins anew."""
    prose = cycle(chain.from_iterable(_prose(path) for path in sorted(_LIBRARY.glob("*.md"))))
    while True:
        pages: Pages = [[], []]
        for page in pages:
            while sum(len(text.split()) for text in page) < _PAGE:
                page.append(next(prose))
        yield pages


def _prose(path: Path) -> list[str]:
    """Returns the paragraphs and list items of a brief, without its front matter, headings, tables and marks."""
    body = path.read_text(encoding="utf-8").split("---\n", 2)[-1]
    blocks = [" ".join(block.split()) for block in re.split(r"\n\n|\n(?=- )", body)]
    plain = [block.removeprefix("- ") for block in blocks if block and block[0] not in "#|>`"]
    return [re.sub(r"\[([^\]]*)\]\([^)]*\)|[*_`]", r"\1", block) for block in plain]


def _print_outcomes(summary: Summary, files: Sequence[Written], seconds: float) -> None:
    names = ("added", "same", "skipped", "failed", "unread_pages")
    outcomes = ", ".join(f"{len(getattr(summary, name))} {name}" for name in names)
    print(f"{outcomes}; {len(files)} files, {seconds:.0f} s to ingest")
    for _, reason in summary.failed + summary.skipped:
        print(f"  {reason}")


def _print_table(read: Sequence[tuple[Written, Figures]], listed: bool) -> None:
    groups: dict[str, list[Figures]] = defaultdict(list)
    for file, figures in read:
        groups[file.format].append(figures)
        if listed and figures.recall < 1:
            print(f"  {file.id}: {figures.recall:.4f}, without {' '.join(figures.missing)[:200]}")
    for file, figures in read:
        groups[_SCANNED if FORMATS[file.format].scan else _DIGITAL].append(figures)
    print("| format | files | words | found in order | least of a file | quotes | word for word | on their page |")
    print("|---|---|---|---|---|---|---|---|")
    for name, rows in groups.items():
        words, missing = sum(row.words for row in rows), sum(len(row.missing) for row in rows)
        least = min(row.recall for row in rows)
        quotes, exact, paged, right = (
            sum(getattr(row, field) for row in rows) for field in ("quotes", "exact", "paged", "on_page")
        )
        shares = f"{words:,} | {1 - missing / words:.4f} | {least:.4f}"
        on_page = f"{right:,} of {paged:,}" if paged else "-"
        print(f"| {name} | {len(rows)} | {shares} | {quotes:,} | {exact:,} | {on_page} |")


def figures_of(file: Written, document: Document | None, passages: Sequence[Passage]) -> Figures:
    """Returns how well a file was read: what every answer may quote is looked for in the source, and on its page."""
    source = _words(" ".join(chain.from_iterable(file.pages)))
    if document is None:
        return Figures(len(source), tuple(source), 0, 0, 0, 0)
    pages = [" ".join(_words(" ".join(page))) for page in file.pages]
    spans = [(passage.page, span) for passage in passages for span in passage.sentences]
    quotes = [(page, " ".join(_words(_COLUMNS.sub("", document.text[slice(*span)])))) for page, span in spans]
    quotes = [(page, quote) for page, quote in quotes if len(quote.split()) >= _SENTENCE]
    exact = [(page, quote) for page, quote in quotes if any(quote in text for text in pages)]
    paged = [(page, quote) for page, quote in exact if page is not None]
    right = sum(page <= len(pages) and quote in pages[page - 1] for page, quote in paged)
    missing = missing_words(source, _words(document.text))
    return Figures(len(source), missing, len(quotes), len(exact), len(paged), right)


def missing_words(source: Sequence[str], read: Sequence[str]) -> tuple[str, ...]:
    """Returns the source's words that do not stand in what was read, in their order."""
    changes = SequenceMatcher(None, source, read, autojunk=False).get_opcodes()
    return tuple(word for kind, low, high, _, _ in changes if kind != "equal" for word in source[low:high])


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text:60}", end="", file=sys.stderr, flush=True)
    else:
        print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

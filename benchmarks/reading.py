"""How well files of every format are read: the shipped briefs written in each, ingested, and compared word for word.

Prints what became of the files, and for each format the share of the source's words that stand in the document's text,
in their order, and the share of sentences that are found on their page. Needs the extra `test`; printed PDFs need
Chromium and scans need Tesseract, and are left out, and named, where these are not installed. A reader that crashes
ends the run with its traceback.
"""

import argparse
import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, cycle
from pathlib import Path

from benchmarks.written_files import PAGED, SCANS, WRITERS, Pages, can_write
from documents.read import can_read_images
from documents.types import Document
from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.store import SQLiteStore

_LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
_PAGE = 110  # words or a little more: what a slide holds, and a page of two is short to recognise
_SENTENCE = 6  # words at least of a sentence that is looked for


@dataclass(frozen=True, slots=True)
class Written:
    format: str
    id: str  # of the document that must come of it
    pages: Pages


def main() -> None:
    """Prints how well files of every format are read, and what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=40, help="how many, of each format about as many (40)")
    parser.add_argument("--list", action="store_true", help="print every file of which words are missing")
    arguments = parser.parse_args()
    left_out = [name for name in WRITERS if not can_write(name) or (name in SCANS and not can_read_images())]
    with tempfile.TemporaryDirectory() as folder:
        files = list(_written(Path(folder, "files"), arguments.files, left_out))
        store = SQLiteStore(Path(folder, "index"), writable=True)
        summary = ingest([Path(folder, "files")], store, SentenceTransformerEmbedder())
        outcomes = {name: len(getattr(summary, name)) for name in ("added", "skipped", "failed", "unread_pages")}
        print(", ".join(f"{count} {name}" for name, count in outcomes.items()), f"of {len(files)} files")
        for _, reason in summary.failed + summary.skipped:
            print(f"  {reason}")
        held = {info.id for info in store.documents()}
        _print_table([(file, store.document(file.id) if file.id in held else None) for file in files], arguments.list)
    if left_out:
        print(f"left out: {', '.join(left_out)}")


def _written(folder: Path, wanted: int, left_out: list[str]) -> Iterator[Written]:
    folder.mkdir()
    names = [name for name in WRITERS if name not in left_out]
    for number, pages in zip(range(wanted), _texts(), strict=False):
        name = names[number % len(names)]
        suffix, write = WRITERS[name]
        pages = pages[:1] if name == "scanned png" else pages
        path = folder / f"{number:03}-{name.replace(' ', '-')}{suffix}"
        write(pages, path, number)
        yield Written(name, path.name + "/inside.txt" * (name == "zip"), pages)


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


def _print_table(read: list[tuple[Written, Document | None]], listed: bool) -> None:
    figures: dict[str, list[tuple[float, int, int, int]]] = defaultdict(list)
    for file, document in read:
        share = recall(file.pages, document.text if document else "")
        figures[file.format].append((share, *_pages_right(file, document)))
        if listed and share < 1:
            print(f"  {file.id}: {share:.4f}")
    print("| format | files | words found, mean | least | sentences | found word for word | of these on their page |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in figures.items():
        shares = [row[0] for row in rows]
        sentences, found, right = (sum(row[place] for row in rows) for place in (1, 2, 3))
        on_page = f"{right / max(found, 1):.3f}" if name in PAGED else "-"
        mean = sum(shares) / len(shares)
        print(f"| {name} | {len(rows)} | {mean:.4f} | {min(shares):.4f} | {sentences} | {found} | {on_page} |")


def recall(pages: Pages, text: str) -> float:
    """Returns the share of the source's words that stand in the text in their order."""
    source = _words(" ".join(paragraph for page in pages for paragraph in page))
    matcher = SequenceMatcher(None, source, _words(text), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(source)


def _pages_right(file: Written, document: Document | None) -> tuple[int, int, int]:
    """Returns the number of sentences, of those found word for word, and of those on their page."""
    sentences = [
        (number, sentence)
        for number, page in enumerate(file.pages, 1)
        for paragraph in page
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý])", paragraph)
        if len(sentence.split()) >= _SENTENCE
    ]
    if document is None:
        return len(sentences), 0, 0
    patterns = [(number, r"\s+".join(map(re.escape, sentence.split()))) for number, sentence in sentences]
    matches = [(number, match) for number, pattern in patterns if (match := re.search(pattern, document.text))]
    right = sum(document.page_at(match.start()) == number for number, match in matches)
    return len(sentences), len(matches), right


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).split()


if __name__ == "__main__":
    main()

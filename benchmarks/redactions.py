"""How much of what boxes cover in PDFs is in the index: files of invented names, covered in every way, are ingested.

Prints for each way how many characters of the covered text stand in what the index holds, and how many marks stand
in their place. Needs the extra `test`. Right is 0 characters, and a mark for every box.
"""

import argparse
import io
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.store import SQLiteStore

_LINES = 12  # of a page, a box in each
_RUN = 4  # characters of a covered name that are found one after the other count as found
_SIZE = ("Helvetica", 12)
Cover = Callable[[Canvas, float, float, float], None]  # canvas, left, baseline, width


def _box(canvas: Canvas, left: float, baseline: float, width: float) -> None:
    canvas.rect(left, baseline - 3, width, 14, stroke=0, fill=1)


def _picture(canvas: Canvas, left: float, baseline: float, width: float) -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 10)).save(file, "PNG")
    canvas.drawImage(ImageReader(file), left, baseline - 3, width, 14)


def _form(canvas: Canvas, left: float, baseline: float, width: float) -> None:
    name = f"cover{left:.0f}{baseline:.0f}"
    canvas.beginForm(name)
    _box(canvas, left, baseline, width)
    canvas.endForm()
    canvas.doForm(name)


def _labelled(canvas: Canvas, left: float, baseline: float, width: float) -> None:
    _box(canvas, left, baseline, width)
    canvas.saveState()
    canvas.setFillGray(1)
    canvas.drawString(left + 4, baseline, "s. 19(1)")
    canvas.restoreState()


WAYS: dict[str, tuple[Cover, str]] = {  # how -> what covers, and when: over the text, under it, or in its place
    "a box over the text": (_box, "over"),
    "a box over the text, with its section": (_labelled, "over"),
    "a black picture over the text": (_picture, "over"),
    "a form with a box over the text": (_form, "over"),
    "black text on a black box": (_box, "under"),
    "a box, the text taken out": (_box, "instead"),
}


def main() -> None:
    """Prints how many covered characters are in the index, by the way they are covered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2, help="of each way, one page each (2)")
    arguments = parser.parse_args()
    source = random.Random(1)
    print("| covered by | boxes | marks | characters covered | of these in the index |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for number, (way, (cover, when)) in enumerate(WAYS.items()):
            files = Path(folder, f"files{number}")
            files.mkdir()
            hidden = [
                name for each in range(arguments.files) for name in _written(files / f"{each}.pdf", source, cover, when)
            ]
            store = SQLiteStore(Path(folder, f"index{number}"), writable=True)
            ingest([files], store, SentenceTransformerEmbedder())
            held = store.documents()
            text = "\n".join(store.document(info.id).text for info in held)
            found = sum(_found(name, text) for name in hidden)
            marks, covered = sum(info.redactions for info in held), sum(map(len, hidden))
            print(f"| {way} | {len(hidden)} | {marks} | {covered:,} | {found} |")


def _written(path: Path, source: random.Random, cover: Cover, when: str) -> list[str]:
    """Writes a page of lines with a covered name in each; returns the names."""
    canvas = Canvas(str(path), pagesize=A4)
    names = []
    for line in range(_LINES):
        name = " ".join("".join(source.choices("bcdfghjklmnpqrstvwxz", k=7)).title() for _ in range(2))
        names.append(name)
        before, baseline = f"On day {line + 1} the officer met ", 760 - 40 * line
        left, width = 72 + canvas.stringWidth(before, *_SIZE), canvas.stringWidth(name, *_SIZE)
        canvas.setFont(*_SIZE)
        canvas.drawString(72, baseline, before)
        canvas.drawString(left + width + 4, baseline, "at the airport and wrote a note of it.")
        if when == "under":
            cover(canvas, left, baseline, width)
        if when != "instead":
            canvas.drawString(left, baseline, name)
        if when != "under":
            cover(canvas, left, baseline, width)
    canvas.save()
    return names


def _found(name: str, text: str) -> int:
    """Returns how many characters of the name stand in the text, in runs of four or more."""
    places = {
        place
        for start in range(len(name) - _RUN + 1)
        if name[start : start + _RUN] in text
        for place in range(start, start + _RUN)
    }
    return len(places)


if __name__ == "__main__":
    main()

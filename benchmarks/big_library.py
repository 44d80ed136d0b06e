"""A large library for measurements: the shipped documents' sentences, shuffled into new documents."""

import random
from collections.abc import Sequence
from pathlib import Path

from documents.read import documents_in
from documents.sentences import sentence_spans

_SENTENCES = 10  # a document
_LEAST = 40  # characters of a sentence
_FIRST_YEAR, _YEARS = 1990, 35


def write_library(source: Path, target: Path, documents: int, *, seed: int = 0) -> None:
    """Writes so many Markdown documents of ten sentences each, drawn from those in `source`; the same for one seed."""
    draw = random.Random(seed)
    sentences = _sentences(source)
    target.mkdir(parents=True, exist_ok=True)
    for number in range(documents):
        drawn = draw.sample(sentences, _SENTENCES)
        title = f"Paper {number:04} on {' '.join(drawn[0].split()[:6])}".replace('"', "")
        day = f"{_FIRST_YEAR + draw.randrange(_YEARS)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        text = f'---\ntitle: "{title}"\ndate: {day}\n---\n\n' + "\n\n".join(drawn) + "\n"
        (target / f"paper-{number:04}.md").write_text(text, encoding="utf-8")


def _sentences(source: Path) -> Sequence[str]:
    return [
        sentence
        for path in sorted(source.glob("*.md"))
        for document in documents_in(path, path.name)
        for start, end in sentence_spans(document.text)
        if len(sentence := " ".join(document.text[start:end].split())) >= _LEAST
    ]

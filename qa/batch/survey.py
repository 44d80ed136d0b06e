"""What a question file holds, looked through before anything is asked."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from documents.errors import BadQuestion
from qa.batch.rows import tasks_of


@dataclass(frozen=True, slots=True)
class Survey:
    """`digest` is the SHA-256 of the file's bytes; `extra` are the names of the columns that are carried through."""

    rows: int
    digest: str
    extra: tuple[str, ...]


def survey(questions: Path, question_column: str | None = None) -> Survey:
    """Reads a question file through once.

    Raises:
        BadQuestion: it cannot be read to its end, or holds no row.
    """
    extra: dict[str, None] = {}
    rows = 0
    for task in tasks_of(questions, question_column):
        extra.update(dict.fromkeys(task.extra))
        rows += 1
    if not rows:
        raise BadQuestion(
            f"{questions}: there are no questions in it.", french=f"{questions} : il ne contient aucune question."
        )
    with questions.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Survey(rows, digest, tuple(extra))

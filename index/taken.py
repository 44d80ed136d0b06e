"""A document's rows outside the index, so that it can be put back as it was."""

from dataclasses import dataclass
from typing import Any

from documents.errors import BadQuestion
from index.database import Writer
from index.numbering import new_numbers
from index.texts import spread, text_of, write_text

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A document that was taken out of an index: its rows, by column; its text, and its passages."""

    document: Row
    passages: tuple[Row, ...]
    names: tuple[Row, ...]
    corrections: tuple[Row, ...]
    text: str

    @property
    def id(self) -> str:
        return str(self.document["id"])

    @property
    def origin(self) -> str:
        return str(self.document["origin"])

    @property
    def title(self) -> str:
        return str(self.document["title"]) or self.id


def rows_of(writer: Writer, document: Row) -> TakenOut:
    """Returns all rows that belong to the document."""
    number = (document["number"],)
    return TakenOut(
        document,
        tuple(writer.rows("SELECT * FROM passages WHERE document = ? ORDER BY number", number)),
        tuple(writer.rows("SELECT * FROM names WHERE document = ?", number)),
        tuple(writer.rows("SELECT * FROM corrections WHERE id = ?", (document["id"],))),
        text_of(writer.execute, document["number"]),
    )


def insert_rows(writer: Writer, taken: TakenOut) -> None:
    """Inserts the rows again, under new numbers.

    Raises: BadQuestion where there is a document of one of its ids again.
    """
    for identity in (taken.id, *(row["id"] for row in taken.names)):
        if writer.rows("SELECT 1 FROM documents WHERE id = ?", (identity,)):
            raise BadQuestion(
                f"{identity}: there is a document of this id again. Remove it first.",
                french=f"{identity} : il y a de nouveau un document de cet identifiant. Supprimez-le d’abord.",
            )
    number = writer.insert("documents", _unnumbered(taken.document))
    write_text(writer.execute, number, taken.text)
    for passage, row in zip(new_numbers(writer, len(taken.passages)), taken.passages, strict=True):
        writer.insert("passages", row | {"number": passage, "document": number})
        writer.insert("terms", {"rowid": passage, "text": spread(row["searched"])})
    for row in taken.names:
        writer.insert("names", row | {"document": number})
    for row in taken.corrections:
        writer.insert("corrections", row)


def _unnumbered(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "number"}

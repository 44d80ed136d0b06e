"""Tables as text (.csv, .tsv): each row with the names of its columns."""

import csv
from io import StringIO

from documents.errors import ReadError
from documents.formats.blocks import assembled
from documents.formats.content import Content
from documents.formats.tables import sheet_blocks
from documents.formats.text import decode

_DELIMITERS = ",;\t|"
_LOOKED_AT = 20  # lines


def read(data: bytes, name: str) -> Content:
    """Returns a line a row: "Country: Chad; Removals: 12.".

    Raises: ReadError where a field is too long to be one: a quotation mark was opened and never closed.
    """
    text = decode(data, name)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise ReadError(
            f"{name}: not a table of comma-separated values ({error}). Export it again.",
            french=f"{name} : pas un tableau de valeurs séparées par des virgules ({error}). Exportez-le de nouveau.",
        ) from error
    return assembled(sheet_blocks(rows), {})


def _delimiter(text: str) -> str:
    """Returns what parts the first lines into one number of cells, the larger the better; a comma if nothing does."""
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count)
        return (counts.count(usual) if usual > 1 else 0), usual

    return max(_DELIMITERS, key=agreement) if lines else ","

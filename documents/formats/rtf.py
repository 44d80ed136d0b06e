"""Rich text (.rtf): its paragraphs and tables."""

import re
from collections.abc import Iterator
from itertools import groupby

from striprtf.striprtf import rtf_to_text

from documents.errors import ReadError
from documents.formats.blocks import Block, Kind, assembled, lines, one_line, table_rows
from documents.formats.content import Content

_TITLE = re.compile(r"\{\\title ([^{}]*)\}")
_CREATED = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d\d?)\\dy(\d\d?)")
_ROW = re.compile(r".*\|.*\|\s*$")  # striprtf ends each cell with a bar
_WORDS_OF_RTF = re.compile(r"\{\\rtf")


def read(data: bytes, name: str) -> Content:
    """Returns the paragraphs, and table rows with the names of their columns. Footnotes are not read.

    Raises: ReadError where the file is no rich text.
    """
    markup = data.decode("latin-1")  # RTF is ASCII; what is not is escaped
    if not _WORDS_OF_RTF.match(markup.lstrip()):
        raise ReadError(
            f"{name}: damaged, or not rich text. Save it again as .rtf.",
            french=f"{name} : endommagé, ou pas du texte enrichi. Enregistrez-le de nouveau en .rtf.",
        )
    try:
        text = _plain(markup)
    except (ValueError, LookupError, OverflowError, TypeError) as error:
        raise ReadError(
            f"{name}: damaged ({error}). Save it again as .rtf.",
            french=f"{name} : endommagé ({error}). Enregistrez-le de nouveau en .rtf.",
        ) from error
    return assembled(_blocks(text), _fields(markup))


def _plain(markup: str) -> str:
    return str(rtf_to_text(markup, errors="replace"))  # type: ignore[no-untyped-call]


def _blocks(text: str) -> Iterator[Block]:
    for is_table, group in groupby(text.split("\n"), key=lambda line: bool(_ROW.match(line))):
        if is_table:
            rows = [[one_line(cell) for cell in line.rstrip().removesuffix("|").split("|")] for line in group]
            yield from table_rows(rows[0], rows[1:])
        else:
            yield from (Block(Kind.PARAGRAPH, lines(line)) for line in group)


def _fields(markup: str) -> dict[str, str]:
    fields = {}
    if title := _TITLE.search(markup):
        fields["title"] = one_line(_plain(f"{{\\rtf1\\ansi {title[1]}}}"))
    if created := _CREATED.search(markup):
        year, month, day = created.groups()
        fields["created"] = f"{year}-{int(month):02}-{int(day):02}"
    return {key: value for key, value in fields.items() if value}

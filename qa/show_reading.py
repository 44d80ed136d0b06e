"""How well a document was read, page by page and table by table, as lines and as a JSON object."""

from typing import Any

from documents.quality import pages_read
from documents.types import Document, PageText, Table


def reading_object(document: Document) -> dict[str, Any]:
    """Returns how every page and every table was read, and the odd and garbled characters of the whole."""
    pages = pages_read(document.text, document.page_starts)
    sure = {each.page: each.confidence for each in document.info.ocr}
    return {
        "odd_characters": sum(each.odd for each in pages),
        "garbled_characters": sum(each.garbled for each in pages),
        "words": sum(each.words for each in pages),
        "unlike_words": sum(each.unlike for each in pages),
        "reading": [_page_object(each, sure.get(each.page), document) for each in pages],
        "tables": [_table_object(each, document) for each in document.info.tables],
    }


def reading_lines(document: Document) -> list[str]:
    """Returns a line for each page read by OCR or spoilt, and each table with empty cells."""
    found = reading_object(document)
    lines = []
    for page in found["reading"]:
        told = [
            f"OCR confidence {page['ocr']:.0f} of 100" if page["ocr"] is not None else "",
            f"{page['odd']} odd and {page['garbled']} garbled of {page['characters']:,} characters"
            if page["odd"] or page["garbled"]
            else "",
            f"{page['unlike']} of {page['words']} words in no dictionary" if page["unlike"] else "",
        ]
        if page["ocr"] is not None or page["odd"] or page["garbled"] or page["poor"]:
            where = f"page {page['page']}" if document.page_starts else "text"
            lines.append(f"{where}: {'; '.join(filter(None, told))}{' (read poorly)' if page['poor'] else ''}")
    for table in (each for each in found["tables"] if each["empty"]):
        where = ", ".join(filter(None, [f"p. {table['page']}" if table["page"] else "", table["heading"]]))
        lines.append(f"table{f' ({where})' if where else ''}: {table['empty']:,} of {table['cells']:,} cells are empty")
    return lines


def _page_object(page: PageText, ocr: float | None, document: Document) -> dict[str, Any]:
    return {
        "page": page.page,
        "ocr": ocr,
        "characters": page.characters,
        "odd": page.odd,
        "garbled": page.garbled,
        "words": page.words,
        "unlike": page.unlike,
        "poor": page.page in document.info.poor_pages,
    }


def _table_object(table: Table, document: Document) -> dict[str, Any]:
    above = [each for each in document.headings if each.end <= table.start]
    return {
        "page": document.page_at(table.start),
        "heading": document.text[above[-1].start : above[-1].end] if above else "",
        "start": table.start,
        "end": table.end,
        "cells": table.cells,
        "empty": table.empty,
    }

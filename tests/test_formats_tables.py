"""Tables: CSV files as written by the csv module, workbooks as written by openpyxl."""

import csv as csv_module
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from documents.errors import ReadError
from documents.formats import csv, xlsx
from documents.formats.content import Content
from documents.formats.xlsx_display import displayed

ROWS = [["Country", "Removals 2024"], ["Chad", "12"], ["Somalia", ""], ["Viet Nam", "1,204"]]
SENTENCES = "Country: Chad; Removals 2024: 12.\nCountry: Somalia.\nCountry: Viet Nam; Removals 2024: 1,204."


def read_csv(rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> str:
    file = io.StringIO(newline="")
    csv_module.writer(file, delimiter=delimiter).writerows(rows)
    return csv.read(file.getvalue().encode(encoding), "table.csv").text


def read_sheet(fill: Callable[[Any], None]) -> Content:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Removals"
    fill(workbook.active)
    return read_workbook(workbook)


def read_workbook(workbook: Any) -> Content:
    file = io.BytesIO()
    workbook.save(file)
    return xlsx.read(file.getvalue(), "table.xlsx")


def rows_of(*rows: Sequence[object]) -> Callable[[Any], None]:
    def fill(sheet: Any) -> None:
        for row in rows:
            sheet.append(row)

    return fill


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_row_reads_as_a_sentence_with_its_column_names(delimiter: str) -> None:
    assert read_csv(ROWS, delimiter) == SENTENCES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told(encoding: str) -> None:
    rows = [["Pays", "Renvois effectués"], ["Érythrée", "3"], ["Algérie", "4"]]
    assert read_csv(rows, encoding=encoding).startswith("Pays: Érythrée; Renvois effectués: 3.")


def test_a_cell_of_several_lines_is_one() -> None:
    assert read_csv([["Name", "Note"], ["Chad", "first\nsecond; third"]]) == "Name: Chad; Note: first second; third."


def test_titles_above_and_notes_below_a_table_are_paragraphs() -> None:
    rows = [["Table 1: Removals", ""], ["", ""], *ROWS[:2], ["Source: CBSA", ""]]
    assert read_csv(rows) == "Table 1: Removals\n\nCountry: Chad; Removals 2024: 12.\n\nSource: CBSA"


def test_years_name_columns() -> None:
    assert read_csv([["Country", "2023", "2024"], ["Chad", "9", "12"]]) == "Country: Chad; 2023: 9; 2024: 12."


def test_a_table_without_names_keeps_its_first_row() -> None:
    assert read_csv([["1", "Chad", "12"], ["2", "Iran", "40"]]) == "1; Chad; 12.\n2; Iran; 40."


def test_a_quotation_mark_never_closed_is_refused_where_it_swallows_too_much() -> None:
    with pytest.raises(ReadError, match=r"^table\.csv: not a table of comma-separated values \(field larger"):
        csv.read(b'Name,Note\nChad,"' + b"x" * 200_000, "table.csv")


def test_each_sheet_stands_under_its_name() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "By country"
    for row in ROWS:
        workbook.active.append(row)
    workbook.create_sheet("Empty")
    other = workbook.create_sheet("By year")
    for values in (["Year", "Removals"], [2024, 17357]):
        other.append(values)
    content = read_workbook(workbook)
    assert content.text == f"By country\n\n{SENTENCES}\n\nBy year\n\nYear: 2024; Removals: 17357."
    headings = [content.text[each.start : each.end] for each in content.headings]
    assert headings == ["By country", "By year"]


def test_values_are_read_as_displayed() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["Day", "Removals", "Share", "Done"])
        sheet.append([date(2024, 3, 5), 17357, 0.125, True])
        for cell, shown in zip(sheet[2], ["d mmmm yyyy", "#,##0", "0.0%", "General"], strict=True):
            cell.number_format = shown

    assert read_sheet(fill).text.endswith("Day: 5 March 2024; Removals: 17,357; Share: 12.5%; Done: TRUE.")


def test_a_name_over_several_columns_belongs_to_each() -> None:
    def fill(sheet: Any) -> None:
        rows_of(["Region", "2024", None], [None, "Ordered", "Enforced"], ["Quebec", 7, 5])(sheet)
        sheet.merge_cells("B1:C1")
        sheet.merge_cells("A1:A2")

    assert read_sheet(fill).text.endswith("Region: Quebec; 2024 Ordered: 7; 2024 Enforced: 5.")


def test_a_cell_over_several_rows_counts_for_each() -> None:
    def fill(sheet: Any) -> None:
        rows_of(["Region", "Year"], ["Quebec", 2024], [None, 2023])(sheet)
        sheet.merge_cells("A2:A3")

    assert read_sheet(fill).text.endswith("Region: Quebec; Year: 2024.\nRegion: Quebec; Year: 2023.")


def test_a_formula_without_saved_value_stands_for_itself() -> None:
    content = read_sheet(rows_of(["Name", "Sum"], ["Chad", "=SUM(1,2)"]))
    assert content.text.endswith("Name: Chad; Sum: =SUM(1,2).")


def test_a_blank_row_parts_two_tables() -> None:
    content = read_sheet(rows_of(["Name", "Note"], ["Chad", "a"], [None, None], ["Year", "Word"], [2024, "b"]))
    assert content.text.endswith("Name: Chad; Note: a.\nYear: 2024; Word: b.")


def test_the_workbook_states_its_title_and_date() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Name", "Note"])
    workbook.properties.title = "Removals"
    workbook.properties.created = datetime(2024, 3, 5, 12)
    assert read_workbook(workbook).fields == {"title": "Removals", "created": "2024-03-05"}


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (12, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-3, "0;(0)", "(3)"),
        (1234, '"$"#,##0', "$1,234"),
        (1234, "[$CAD] #,##0", "CAD 1,234"),
        (42, "00000", "00042"),
        (0.5, "0%", "50%"),
        (2.5, "0", "3"),
        (datetime(2024, 3, 5), "yyyy-mm-dd", "2024-03-05"),
        (datetime(2024, 3, 5, 14, 7), "d-mmm-yy h:mm", "5-Mar-24 14:07"),
        (datetime(2024, 3, 5, 14, 7), "h:mm AM/PM", "2:07 PM"),
        (datetime(2024, 3, 5), "[$-409]dddd, mmmm d, yyyy", "Tuesday, March 5, 2024"),
        (time(9, 30), "hh:mm", "09:30"),
        (date(2024, 3, 5), "General", "2024-03-05"),
        ("#N/A", "General", ""),
        (None, "0", ""),
    ],
)
def test_a_number_format_decides_what_is_displayed(value: object, number_format: str, shown: str) -> None:
    assert displayed(value, number_format) == shown


@pytest.mark.parametrize(
    ("data", "reason"), [(b"\xd0\xcf\x11\xe0" + bytes(600), "is encrypted, or of the old"), (b"PK\x03\x04", "damaged")]
)
def test_a_workbook_that_cannot_be_read_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ReadError, match=rf"^table\.xlsx: {reason}"):
        xlsx.read(data, "table.xlsx")

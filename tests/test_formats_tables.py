"""Tables: CSV files as written by the csv module, workbooks as written by openpyxl."""

import csv as csv_module
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

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


def test_a_stray_cell_in_the_last_row_and_column_costs_nothing() -> None:
    def fill(sheet: Any) -> None:
        rows_of(["Name", "Note"], ["Chad", "a"])(sheet)
        sheet["XFD1048576"] = "stray"

    assert read_sheet(fill).text.endswith("Name: Chad; Note: a.\n\nstray")


def test_a_title_over_a_whole_row_is_read_once() -> None:
    def fill(sheet: Any) -> None:
        rows_of(["Removals by country"], ["Name", "Note"], ["Chad", "a"])(sheet)
        sheet.merge_cells("A1:XFD1")

    assert read_sheet(fill).text.endswith("Removals by country\n\nName: Chad; Note: a.")


def test_a_sheet_that_merges_millions_of_cells_is_refused() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Name", "Note"])
    workbook.active.merge_cells("A1:B2")
    file, changed = io.BytesIO(), io.BytesIO()
    workbook.save(file)
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"A1:B2", b"A1:XFD1048576"))
    with pytest.raises(ReadError, match=r"^table\.xlsx: 17179869184 cells are merged"):
        xlsx.read(changed.getvalue(), "table.xlsx")


def test_columns_left_blank_part_nothing() -> None:
    content = read_sheet(rows_of([None, None, "Name", None, None, "Note"], [None, None, "Chad", None, None, "a"]))
    assert content.text.endswith("Name: Chad; Note: a.")


def test_a_formula_of_several_cells_stands_for_itself() -> None:
    content = read_sheet(rows_of(["Name", "Sum"], ["Chad", ArrayFormula("B2:B3", "=SUM(A1:A2*2)")]))
    assert content.text.endswith("Name: Chad; Sum: =SUM(A1:A2*2).")


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
        (17357000, '$#,##0.0,,"M"', "$17.4M"),
        (17357000, "#,##0,", "17,357"),
        (1735700, "#,##0,.00", "1,735.70"),
        (1250000000, '$0.00,,," bn"', "$1.25 bn"),
        (1234567, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "1234567"),  # no sections by sign
        (-1234, '"$"#,##0', "-$1,234"),
        (17357, "# ##0", "17 357"),
        (1123456789, "00-0000-0000", "11-2345-6789"),
        (5, '"Q1 "0', "Q1 5"),
        (-3, '0" (a;b)";0" (c;d)"', "3 (c;d)"),
        (5, "0,000", "0,005"),
        (1.5, "0.##", "1.5"),
        (1e27, "0.00", "1000000000000000000000000000.00"),
        (10**1100, "0", str(10**1100)),
        (float("inf"), "0", "inf"),
        (1.7357e13, "General", "17357000000000"),
        (0.00001, "General", "0.00001"),
        (datetime(2024, 3, 5), 'd "de" mmmm "de" yyyy', "5 de March de 2024"),
        (datetime(2024, 3, 5, 14, 7), 'hh"h"mm', "14h07"),
        (datetime(2024, 3, 5), "yyyy-mm-dd", "2024-03-05"),
        (datetime(2024, 3, 5, 14, 7), "d-mmm-yy h:mm", "5-Mar-24 14:07"),
        (datetime(2024, 3, 5, 14, 7), "h:mm AM/PM", "2:07 PM"),
        (datetime(2024, 3, 5), "[$-409]dddd, mmmm d, yyyy", "Tuesday, March 5, 2024"),
        (time(9, 30), "hh:mm", "09:30"),
        (date(2024, 3, 5), "General", "2024-03-05"),
        (timedelta(hours=26, minutes=30), "[h]:mm", "26:30"),
        (-timedelta(hours=2), "[h]:mm:ss", "-2:00:00"),
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

"""Question files as staff have them: what each kind gives, row by row."""

import csv
import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from documents.errors import BadQuestion
from qa.batch.rows import tasks_of
from qa.batch.survey import survey
from qa.question_files import Row, read_questions
from qa.questions import question_of


def rows(path: Path, column: str | None = None) -> list[Row]:
    return list(read_questions(path, column).rows)


def a_file(tmp_path: Path, name: str, data: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def a_workbook(tmp_path: Path, *sheets: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet()
        for cells in sheet:
            page.append(list(cells))
    book.save(tmp_path / "q.xlsx")
    return tmp_path / "q.xlsx"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Question", "question"),
        ("QUESTIONS", "question"),
        ("query", "question"),
        ("Texte de la question", "question"),
        ("Requête", "question"),
        ("N°", "id"),
        ("Question ID", "id"),
        ("Numéro", "id"),
        ("as_of", "as_of"),
        ("Date", "as_of"),
        ("En date du", "as_of"),
        ("documents", "documents"),
        ("Historique", "history"),
        ("Earlier questions", "history"),
        ("Conversation", "conversation"),
    ],
)
def test_a_column_is_recognised_by_its_name(tmp_path: Path, name: str, role: str) -> None:
    other = "question" if role != "question" else "note"
    assert role in read_questions(a_file(tmp_path, "q.csv", f"{name};{other}\nx;y\n")).recognised


@pytest.mark.parametrize("name", ["document", "doc_ids", "answers", "evidence", "Owner"])
def test_a_column_of_known_answers_is_carried_and_narrows_nothing(tmp_path: Path, name: str) -> None:
    (row,) = rows(a_file(tmp_path, "q.csv", f"question;{name}\nWho?;a.txt\n"))
    assert (dict(row.fields), dict(row.extra)) == ({"question": "Who?"}, {name: "a.txt"})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_parts_a_table(tmp_path: Path, delimiter: str) -> None:
    path = a_file(tmp_path, "q.csv", delimiter.join(["id", "question", "note"]) + "\n" + delimiter.join("1?x") + "\n")
    (row,) = rows(path)
    assert (row.fields, row.extra) == ({"question": "?", "id": "1"}, {"note": "x"})


def test_a_delimiter_that_the_file_states_is_taken(tmp_path: Path) -> None:
    (row,) = rows(a_file(tmp_path, "q.csv", "sep=|\nquestion|note\nWho, when?|x\n"))
    assert row.fields["question"] == "Who, when?"


def test_commas_of_a_file_of_one_column_part_nothing(tmp_path: Path) -> None:
    assert rows(a_file(tmp_path, "q.csv", "question\nWho, when; why?\n"))[0].fields["question"] == "Who, when; why?"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("name", ["q.csv", "q.txt"])
def test_text_is_read_in_the_encodings_that_spreadsheets_write(tmp_path: Path, encoding: str, name: str) -> None:
    text = "question\nOù était l’élève renvoyé en 2024, d’après l’Agence ?\n"
    found = rows(a_file(tmp_path, name, text.encode(encoding)))
    assert found[-1].fields["question"] == text.splitlines()[1]


def test_a_file_put_together_from_two_encodings_is_read_right(tmp_path: Path) -> None:
    data = b"question\n" + "Où ?\n".encode() + "Où ça ?\n".encode("cp1252")
    assert [row.fields["question"] for row in rows(a_file(tmp_path, "q.csv", data))] == ["Où ?", "Où ça ?"]


def test_line_ends_of_old_files_end_lines(tmp_path: Path) -> None:
    found = rows(a_file(tmp_path, "q.csv", "id,question\r1,Who?\r2,Where?\r"))
    assert [(row.number, row.fields["question"]) for row in found] == [(2, "Who?"), (3, "Where?")]


def test_a_text_file_has_a_question_a_line(tmp_path: Path) -> None:
    found = rows(a_file(tmp_path, "q.txt", "Who?\n\n  Where, and when?  \n"))
    assert [(row.number, row.fields) for row in found] == [
        (1, {"question": "Who?"}),
        (3, {"question": "Where, and when?"}),
    ]


def test_the_column_of_questions_can_be_named(tmp_path: Path) -> None:
    path = a_file(tmp_path, "q.csv", "question,Ask this\nno,Who?\n")
    assert rows(path, "ask this")[0].fields["question"] == "Who?"
    assert rows(path, "Ask this")[0].extra == {"question": "no"}
    path = a_file(tmp_path, "q.jsonl", '{"question": "no", "ask": "Who?"}')
    assert rows(path, "ask")[0].fields == {"question": "Who?"}


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(BadQuestion, match=r"no column is named ask; its columns are id, text.*--question-column"):
        rows(a_file(tmp_path, "q.csv", "id,text\n1,Who?\n"), "ask")


def test_columns_of_one_name_are_all_carried(tmp_path: Path) -> None:
    (row,) = rows(a_file(tmp_path, "q.csv", "note,question,note,,query\na,Who?,b,c,d\n"))
    assert row.extra == {"note": "a", "note (2)": "b", "column 4": "c", "query": "d"}


def test_blank_rows_are_left_out(tmp_path: Path) -> None:
    assert [row.number for row in rows(a_file(tmp_path, "q.csv", "id;question\n;\n\n 1;Who?\n; \n"))] == [4]


def test_a_row_with_too_many_cells_is_an_error_that_keeps_its_text(tmp_path: Path) -> None:
    (row,) = rows(a_file(tmp_path, "q.csv", "id,question\n1,Who, when?\n"))
    assert "the row has 3 cells, but the header names 2 columns" in row.error
    assert row.fields == {"id": "1", "question": "Who"}


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line(tmp_path: Path) -> None:
    path = a_file(tmp_path, "q.csv", 'id,question\n1,Who?\n2,"Where?\n3,When?\n')
    with pytest.raises(BadQuestion, match="opened in the row of line 3 is never closed"):
        rows(path)


def test_a_cell_of_a_megabyte_is_read_whole_and_the_limit_is_put_back(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    (row, other) = rows(a_file(tmp_path, "q.csv", f"question,note\n{'x' * 1_000_000},a\nWho?,b\n"))
    assert (len(row.fields["question"]), other.fields["question"]) == (1_000_000, "Who?")
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("annual report.pdf", ["annual report.pdf"]),
        ("annual report.pdf; b.txt", ["annual report.pdf", "b.txt"]),
        ('"a b.txt\nc.txt"', ["a b.txt", "c.txt"]),
        ("a.txt b.txt", ["a.txt", "b.txt"]),
        ("a.txt b.txt;", ["a.txt b.txt"]),
        ('"[""a; b.txt""]"', ["a; b.txt"]),
    ],
)
def test_documents_of_a_cell(tmp_path: Path, cell: str, ids: list[str]) -> None:
    (row,) = rows(a_file(tmp_path, "q.csv", f"question|documents\nWho?|{cell}\n"))
    assert row.fields["documents"] == ids


@pytest.mark.parametrize(
    ("cell", "turns"),
    [
        ('"Who?\n Where? "', [("user", "Who?"), ("user", "Where?")]),
        ('"[""Who?"", {""role"": ""agent"", ""text"": ""They.""}]"', [("user", "Who?"), ("agent", "They.")]),
        ("[sic] Who?", [("user", "[sic] Who?")]),
    ],
)
def test_history_of_a_cell(tmp_path: Path, cell: str, turns: list[tuple[str, str]]) -> None:
    (row,) = rows(a_file(tmp_path, "q.csv", f"question|history\nWhen?|{cell}\n"))
    assert [(turn.role, turn.text) for turn in question_of(dict(row.fields), "").history] == turns


def test_rows_of_a_conversation_follow_upon_each_other(tmp_path: Path) -> None:
    text = "conversation,question,history\na,One?,Zero?\nb,Other?,\na,,\na,Two?,\n,Alone?,\na,Three?,\n"
    tasks = list(tasks_of(a_file(tmp_path, "q.csv", text)))
    histories = [[turn.text for turn in task.question.history] if task.question else None for task in tasks]
    assert histories == [["Zero?"], [], None, ["Zero?", "One?"], [], ["Zero?", "One?", "Two?"]]
    assert tasks[0].extra == {"conversation": "a"}


def test_a_workbook_gives_its_values(tmp_path: Path) -> None:
    day = datetime.datetime(2025, 8, 2)
    sheet = [["N°", "Question", "Date", "Seen", "Share"], [7, "Who?", day, True, 0.5], [8.0, 2024, None, "", None]]
    one, two = rows(a_workbook(tmp_path, sheet))
    assert one.fields == {"question": "Who?", "id": 7, "as_of": "2025-08-02"}
    assert one.extra == {"Seen": True, "Share": 0.5}
    assert (two.fields["question"], two.fields["id"], two.place) == ("2024", 8, "row 3")


def test_the_first_sheet_with_questions_is_read_below_its_title(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, [["Notes"], ["none"]], [["Our questions"], [], ["id", "question"], [1, "Who?"]])
    assert [(row.number, row.fields["question"]) for row in rows(path)] == [(4, "Who?")]


def test_a_formula_without_a_saved_value_is_an_error_of_its_row(tmp_path: Path) -> None:
    one, two, three = rows(a_workbook(tmp_path, [["question", "n"], ['="a"&"b"', 1], ["Who?", "=1+1"], ["#REF!", 2]]))
    assert 'formula without a saved value (="a"&"b")' in one.error
    assert (two.error, two.fields["question"], two.extra) == ("", "Who?", {"n": "=1+1"})
    assert "error value #REF!" in three.error


def test_a_workbook_without_questions_names_its_columns(tmp_path: Path) -> None:
    with pytest.raises(BadQuestion, match="no column is named question; its columns are id, text"):
        rows(a_workbook(tmp_path, [["id", "text"], [1, "Who?"]]))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("q.xlsx", b"PK\x03\x04", "damaged, or not an Excel workbook"),
        ("q.xlsx", b"\xd0\xcf\x11\xe0", "has a password"),
        ("q.csv", b"PK\x03\x04", "not text, but a workbook"),
        ("q.csv", b"\n\n", "its columns are none"),
        ("q.csv", b"question\n", "there are no questions in it"),
        ("q.txt", b" \n", "there are no questions in it"),
    ],
)
def test_a_malformed_file_says_what_is_wrong(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    with pytest.raises(BadQuestion, match=message):
        survey(a_file(tmp_path, name, data))


def test_a_workbook_with_a_damaged_sheet_says_so(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, [["question"], *([f"Who is number {number}?"] for number in range(200))])
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"xl/worksheets/sheet1.xml") - 46  # of the archive's directory; its checksum is at 16
    data[entry + 16] ^= 255
    path.write_bytes(data)
    with pytest.raises(BadQuestion, match="damaged"):
        rows(path)


@pytest.mark.parametrize("name", ["none.csv", "none.txt", "none.xlsx", "none.jsonl"])
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadQuestion, match=r"cannot be read \(No such file"):
        survey(tmp_path / name)


def test_a_hundred_thousand_rows_are_read_one_by_one(tmp_path: Path) -> None:
    path = a_file(tmp_path, "q.csv", "id,question\n" + "".join(f"{n},Who is {n}?\n" for n in range(100_000)))
    first = next(iter(read_questions(path).rows))
    assert (first.number, survey(path).rows) == (2, 100_000)


def test_other_names_of_fields_are_carried_in_a_jsonl_file(tmp_path: Path) -> None:
    row = {"id": 1, "question": "Who?", "date": "2020", "answers": ["x"], "query": "no"}
    (found,) = rows(a_file(tmp_path, "q.jsonl", json.dumps(row)))
    assert found.fields == {"id": 1, "question": "Who?"}
    assert found.extra == {"date": "2020", "answers": ["x"], "query": "no"}

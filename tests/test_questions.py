import csv
import json
from datetime import date
from pathlib import Path

import pytest

from documents.errors import BadQuestion
from qa.questions import parse_day, question_of, rows_of
from qa.types import Question, Turn


def rows(tmp_path: Path, name: str, data: str | bytes) -> list[tuple[int, dict[str, object]]]:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(rows_of(path))


def test_a_jsonl_file_has_a_row_a_line(tmp_path: Path) -> None:
    found = rows(tmp_path, "q.jsonl", '{"question": "Who?"}\n\n{"question": "Où ?"}\n')
    assert found == [(1, {"question": "Who?"}), (3, {"question": "Où ?"})]


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert rows(tmp_path, "q.jsonl", '\ufeff{"question": "Who?"}\r\n') == [(1, {"question": "Who?"})]


def test_a_suffix_in_capitals_is_known(tmp_path: Path) -> None:
    assert rows(tmp_path, "Q.JSONL", '{"question": "Who?"}') == [(1, {"question": "Who?"})]


@pytest.mark.parametrize("line", ["{", "3", "null", '["question"]', "Who?"])
def test_a_line_that_is_no_object_keeps_its_place(tmp_path: Path, line: str) -> None:
    found = rows(tmp_path, "q.jsonl", f'{line}\n{{"question": "Who?"}}')
    assert [number for number, _ in found] == [1, 2]
    assert "not " in str(found[0][1]["error"])


def test_a_line_nested_too_deeply_keeps_its_place(tmp_path: Path) -> None:
    assert "error" in rows(tmp_path, "q.jsonl", "[" * 100_000)[0][1]


@pytest.mark.parametrize(
    "data",
    [
        'id,question\n1,Who?\n2,"Where, and when?"\n',
        "id;question\n1;Who?\n2;Where, and when?\n",
        "id\tquestion\n1\tWho?\n2\tWhere, and when?\n",
        "\ufeffid;question\r\n1;Who?\r\n2;Where, and when?\r\n",
        'ID, Question \n1,Who?\n2,"Where, and when?"\n',
    ],
    ids=["comma", "semicolon", "tab", "excel", "capitals"],
)
def test_a_csv_file_is_read_as_a_spreadsheet_saves_it(tmp_path: Path, data: str) -> None:
    found = rows(tmp_path, "q.csv", data)
    assert found == [(2, {"id": "1", "question": "Who?"}), (3, {"id": "2", "question": "Where, and when?"})]


def test_a_csv_file_of_one_column_is_read(tmp_path: Path) -> None:
    assert rows(tmp_path, "q.csv", "question\nWho?\nWhere?\n") == [
        (2, {"question": "Who?"}),
        (3, {"question": "Where?"}),
    ]


def test_a_question_over_several_lines_is_one_row(tmp_path: Path) -> None:
    found = rows(tmp_path, "q.csv", 'id,question\n1,"Who?\nAnd when?"\n2,Why?\n')
    assert [row["question"] for _, row in found] == ["Who?\nAnd when?", "Why?"]


@pytest.mark.parametrize(
    "data",
    ['1,"Who said ""yes""?"\r\n2,Where?\r\n', f'1,{"a" * 11_000}\r\n2,"Who said ""yes""?"\r\n'],
    ids=["sampled", "beyond the sample"],
)
def test_quotation_marks_in_a_csv_file_are_kept(tmp_path: Path, data: str) -> None:
    found = [row["question"] for _, row in rows(tmp_path, "q.csv", "id,question\r\n" + data)]
    assert 'Who said "yes"?' in found


@pytest.mark.parametrize(
    "texts",
    [
        ["Who said yes, and why?", "Where; or when?"],
        ["What is a, b, c?", "What is d, e, f?"],
        ["What is a; b?", "What is d; e?"],
        ["Who | what?", "Why | when?"],
        pytest.param(["Line\u2028separator?", "Why?"]),
    ],
)
@pytest.mark.parametrize("columns", [["question"], ["id", "question"]], ids=["one", "two"])
def test_what_python_writes_as_csv_is_read_back(tmp_path: Path, texts: list[str], columns: list[str]) -> None:
    with (tmp_path / "q.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({"id": number, "question": text} for number, text in enumerate(texts))
    assert [row["question"] for _, row in rows_of(tmp_path / "q.csv")] == texts


def test_documents_of_a_csv_row_are_set_apart_by_space(tmp_path: Path) -> None:
    ((_, row),) = rows(tmp_path, "q.csv", "question,documents\nWho?,a.txt b.txt\n")
    assert question_of(row, "line 2").documents == frozenset({"a.txt", "b.txt"})


def test_an_empty_documents_cell_is_no_limit(tmp_path: Path) -> None:
    ((_, row),) = rows(tmp_path, "q.csv", "question,documents\nWho?,\n")
    assert question_of(row, "line 2").documents is None


def test_a_short_csv_row_lacks_its_last_cells(tmp_path: Path) -> None:
    ((_, row),) = rows(tmp_path, "q.csv", "question,as_of,documents,history\nWho?\n")
    assert question_of(row, "line 2") == Question("Who?")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("q.pdf", b"%PDF", "question files are .jsonl, .csv, .tsv, .xlsx or .txt"),
        ("q.jsonl", b'{"question": "\xff"}', "not UTF-8 at byte 14. Save it as UTF-8"),
        ("q.csv", b"id,text\n1,Who?\n", "no column is named question; its columns are id, text"),
        ("q.csv", b"", "no column is named question; its columns are none"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_bad_question(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    with pytest.raises(BadQuestion, match=message):
        rows(tmp_path, name, data)


def test_a_missing_file_is_a_bad_question(tmp_path: Path) -> None:
    with pytest.raises(BadQuestion, match=r"none\.jsonl: cannot be read \(No such file"):
        list(rows_of(tmp_path / "none.jsonl"))


def test_every_field_of_a_row_is_used() -> None:
    row = {
        "id": 7,
        "question": "Who?",
        "history": ["Earlier?", {"role": "agent", "text": "They."}],
        "as_of": "2025-08-02",
        "documents": ["a.txt"],
    }
    turns = (Turn("user", "Earlier?"), Turn("agent", "They."))
    assert question_of(row, "") == Question("Who?", turns, date(2025, 8, 2), frozenset({"a.txt"}))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({}, 'the row has no "question"'),
        ({"question": ""}, 'the row has no "question"'),
        ({"question": "  "}, 'the row has no "question"'),
        ({"question": 3}, 'the row has no "question"'),
        ({"question": None}, 'the row has no "question"'),
        ({"error": "not JSON (why)"}, r"not JSON \(why\)"),
        ({"question": "Who?", "history": "Earlier?"}, '"history" is not a list'),
        ({"question": "Who?", "history": [3]}, '"history" holds something'),
        ({"question": "Who?", "documents": "a.txt"}, '"documents" is not a list'),
        ({"question": "Who?", "documents": [3]}, '"documents" is not a list'),
        ({"question": "Who?", "as_of": "2/8/2025"}, "'2/8/2025' is not a date. Write YYYY-MM-DD"),
        ({"question": "Who?", "as_of": 2025}, "2025 is not a date"),
    ],
)
def test_a_row_that_cannot_be_used_says_where_and_why(row: dict[str, object], message: str) -> None:
    with pytest.raises(BadQuestion, match=f"^line 9: {message}"):
        question_of(row, "line 9")


@pytest.mark.parametrize("value", [None, ""])
def test_no_day_is_none(value: object) -> None:
    assert parse_day(value, "") is None


@pytest.mark.parametrize("value", ["20250802", "2025-W31-6"])
def test_a_day_is_written_in_one_way(value: str) -> None:
    with pytest.raises(BadQuestion):
        parse_day(value, "")


def test_an_empty_list_of_documents_is_no_limit() -> None:
    assert question_of({"question": "Who?", "documents": []}, "").documents is None


def test_rows_survive_a_round_trip(tmp_path: Path) -> None:
    row = {"id": "a", "question": "Où «ça» \u2028?", "history": ["x"]}
    ((_, found),) = rows(tmp_path, "q.jsonl", json.dumps(row, ensure_ascii=False))
    assert found == row


def test_a_row_narrows_to_kinds_languages_and_collections() -> None:
    row = {"question": "Who?", "kinds": ["loi", "press"], "languages": "Français", "collections": "Acts"}
    assert question_of(row, "line 1") == Question(
        "Who?", kinds=frozenset({"statute", "press"}), languages=frozenset({"fr"}), collections=frozenset({"Acts"})
    )


@pytest.mark.parametrize("empty", [None, "", []])
def test_an_empty_kind_language_or_collection_sets_no_limit(empty: object) -> None:
    row = {"question": "Who?", "kinds": empty, "languages": empty, "collections": empty}
    assert question_of(row, "line 1") == Question("Who?")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"kinds": "memo"}, "line 3: 'memo' is no kind of document. Known are statute"),
        ({"languages": "de"}, "line 3: 'de' is no language"),
        ({"collections": 3}, 'line 3: "collections" is neither a text nor a list of texts'),
        ({"kinds": [3]}, 'line 3: "kinds" is neither'),
    ],
)
def test_a_wrong_narrowing_of_a_row_is_told(row: dict[str, object], message: str) -> None:
    with pytest.raises(BadQuestion, match=message):
        question_of({"question": "Who?"} | row, "line 3")


def test_a_csv_column_narrows_to_one_kind(tmp_path: Path) -> None:
    ((_, row),) = rows(tmp_path, "q.csv", "question,kinds\nWho?,press\n")
    assert question_of(row, "line 1").kinds == frozenset({"press"})

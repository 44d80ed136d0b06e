import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from documents.errors import BadQuestion
from qa.evaluation.gold import GoldQuestion, read_gold

HEAD = ["Question", "Answer", "Document", "Evidence", "Category"]
ROWS = [
    ["How many?", "12 | twelve", "a.txt", "There were 12.", "numeric"],
    ["And why?", "", "", "", "none"],
]


def csv(tmp_path: Path, text: str, encoding: str = "utf-8") -> list[GoldQuestion]:
    path = tmp_path / "gold.csv"
    path.write_bytes(text.encode(encoding))
    return read_gold(path)


def xlsx(tmp_path: Path, *rows: list[object]) -> list[GoldQuestion]:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(tmp_path / "gold.xlsx")
    return read_gold(tmp_path / "gold.xlsx")


def test_a_spreadsheet_is_read(tmp_path: Path) -> None:
    one, two = xlsx(tmp_path, HEAD, *ROWS)
    assert (one.question.text, one.answers, one.documents) == ("How many?", ("12", "twelve"), ("a.txt",))
    assert (one.evidence, one.category, one.answerable) == (("There were 12.",), "numeric", True)
    assert (two.question.text, two.answers, two.answerable, two.id) == ("And why?", (), False, two.place)


def test_a_csv_file_says_what_the_spreadsheet_says(tmp_path: Path) -> None:
    text = "\n".join(";".join(row) for row in [HEAD, *ROWS])
    given = csv(tmp_path, text)
    same = xlsx(tmp_path, HEAD, *ROWS)
    assert [(gold.question, gold.answers, gold.evidence) for gold in given] == [
        (gold.question, gold.answers, gold.evidence) for gold in same
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_french_columns_are_read_in_any_encoding_of_a_spreadsheet(tmp_path: Path, encoding: str) -> None:
    text = (
        "Numéro;Question;Réponse;Document;Preuve;Catégorie;Langue\n7;Où ?;à Montréal;b.pdf;Il est à Montréal.;lieu;fr\n"
    )
    (gold,) = csv(tmp_path, text, encoding)
    assert (gold.id, gold.question.text, gold.answers) == ("7", "Où ?", ("à Montréal",))
    assert (gold.evidence, gold.category, gold.language) == (("Il est à Montréal.",), "lieu", "fr")


def test_numbers_and_formulas_of_a_spreadsheet_are_text(tmp_path: Path) -> None:
    (gold,) = xlsx(tmp_path, ["id", "question", "answer"], [3.0, "How many?", 17357])
    assert (gold.id, gold.answers) == ("3", ("17357",))


def test_empty_rows_and_unknown_columns_are_left_out(tmp_path: Path) -> None:
    text = "question,answer,who asked\n\n,,\nHow many?,12,Ann\n , ,\n"
    (gold,) = csv(tmp_path, text)
    assert (gold.question.text, gold.place) == ("How many?", f"{tmp_path / 'gold.csv'}, row 4")


def test_a_cell_may_hold_line_breaks(tmp_path: Path) -> None:
    (gold,) = csv(tmp_path, 'question,evidence\nHow many?,"There were\n12."\n')
    assert gold.evidence == ("There were\n12.",)


def test_a_row_may_say_whether_it_has_an_answer(tmp_path: Path) -> None:
    found = csv(tmp_path, "question,answer,answerable\na,x,no\nb,,oui\nc,x,\n")
    assert [gold.answerable for gold in found] == [False, True, True]
    with pytest.raises(BadQuestion, match=r'row 2: "answerable" is .perhaps.'):
        csv(tmp_path, "question,answerable\na,perhaps\n")


def test_the_language_is_the_rows_or_guessed(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(
        "\n".join(map(json.dumps, [{"question": "What is the law?"}, {"question": "x", "language": "fr"}]))
    )
    assert [gold.language for gold in read_gold(tmp_path / "q.jsonl")] == ["en", "fr"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("q.csv", b"answer\n12\n", "no column is named question; its columns are answer"),
        ("q.csv", b"", "no column is named question; its columns are none"),
        ("q.csv", b"question,answer,answers\n", "two columns mean answers"),
        ("q.csv", b"question\n", "there are no questions in it"),
        ("q.xlsx", b"PK not really", "damaged, or not an Excel workbook"),
        ("q.ods", b"", "files of questions and answers are .jsonl, .csv, .xlsx"),
        ("q.jsonl", b'{"question": "a", "evidence": "b"}', '"evidence" is not a list'),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadQuestion) as told:
        read_gold(tmp_path / name)
    assert message in str(told.value)


@pytest.mark.parametrize("name", ["none.csv", "none.xlsx", "none.jsonl"])
def test_a_file_that_is_not_there_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadQuestion, match="cannot be read"):
        read_gold(tmp_path / name)

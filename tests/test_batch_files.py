"""Answer files of every kind, and a stopped run that goes on."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from fakes import WordHashEmbedder, a_document, fill
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from documents.errors import BadQuestion, BadSetting
from index.store import SQLiteStore
from qa.batch import DEFAULT_LINK_BASE, AnswerFile, BatchSettings, Report, run_batch, survey, write_again
from qa.batch.cells import LONGEST_CELL, csv_cell, cut, excel_text, xml_text
from qa.cli import main
from qa.pipeline import Pipeline, Settings
from qa.question_files import read_questions
from qa.types import Answer, Question

FAKE = WordHashEmbedder()
QUESTIONS = "id,question,Owner\na,papers of Somalia,=1+1\nb,,Ann\nc,When is bread baked?,\nd,papers of Somalia,Bob\n"


class Counting(Pipeline):
    """The pipeline, which keeps what it was asked and may be told to stop as Ctrl-C would."""

    def __init__(self, store: SQLiteStore, *, stop_after: int | None = None, passages: int = 10) -> None:
        super().__init__(store, FAKE, Settings(refuse="never", passages=passages))
        self.asked: list[str] = []
        self._stop_after = stop_after

    def answer(self, question: Question) -> Answer:
        if len(self.asked) == self._stop_after:
            raise KeyboardInterrupt
        self.asked.append(question.text)
        return super().answer(question)


@pytest.fixture
def filled(store: SQLiteStore) -> SQLiteStore:
    report = "Somalia gave no papers.\x0c"
    documents = [
        a_document(report, "reports/a b.txt", title="Papers & <more>", day="2025-08-02", page_starts=[0]),
        a_document("=Bread is baked at night.", "b.txt"),
    ]
    return fill(store, FAKE, *documents)


def answered(tmp_path: Path, store: SQLiteStore, name: str, text: str = QUESTIONS, **settings: Any) -> Path:
    (tmp_path / "q.csv").write_text(text, encoding="utf-8")
    run_batch(tmp_path / "q.csv", tmp_path / name, Counting(store), settings=BatchSettings(**settings))
    return tmp_path / name


def timeless(path: Path) -> list[Any]:
    """Returns the rows of an answer file without the seconds, which no two runs share."""
    text = path.read_bytes().decode("utf-8-sig")
    if path.suffix == ".jsonl":
        return [re.sub(r'"seconds": [\d.]+', "", line) for line in text.split("\n")]
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    place = head.index("seconds")
    return [row[:place] + row[place + 1 :] for row in (head, *rows)]


# -- what stands in each kind of file


def test_other_columns_are_carried_through_to_jsonl(tmp_path: Path, filled: SQLiteStore) -> None:
    lines = answered(tmp_path, filled, "a.jsonl").read_text().splitlines()
    assert [json.loads(line)["extra"] for line in lines] == [
        {"Owner": "=1+1"},
        {"Owner": "Ann"},
        {"Owner": ""},
        {"Owner": "Bob"},
    ]
    assert list(json.loads(lines[0]))[-1] == "extra"


def test_other_columns_are_carried_through_to_csv(tmp_path: Path, filled: SQLiteStore) -> None:
    text = "question,answer,@note\npapers of Somalia,mine,=1\n"
    table = list(
        csv.reader(io.StringIO(answered(tmp_path, filled, "a.csv", text).read_bytes().decode("utf-8-sig"), newline=""))
    )
    assert table[0][-2:] == ["answer (question file)", "'@note"]
    assert table[1][-2:] == ["mine", "'=1"]


def test_a_workbook_has_a_row_a_question_and_five_columns_a_citation(tmp_path: Path, filled: SQLiteStore) -> None:
    sheet = load_workbook(answered(tmp_path, filled, "a.xlsx"))["Answers"]
    head = [cell.value for cell in sheet[1]]
    assert head[:7] == ["id", "question", "answer", "confidence", "status", "error", "Owner"]
    assert head[7:12] == ["[1] title", "[1] date", "[1] page", "[1] quote", "[1] link"]
    one = dict(zip(head, sheet[2], strict=True))
    assert one["answer"].value.endswith("[1]")
    assert (one["[1] title"].value, one["[1] date"].value, one["[1] page"].value) == (
        "Papers & <more>",
        "2025-08-02",
        1,
    )
    assert one["[1] quote"].value == "Somalia gave no papers."
    link = "http://127.0.0.1:7860/document?id=reports%2Fa+b.txt&start=0&end=23#quote"
    target = one["[1] link"].hyperlink
    assert (one["[1] link"].value, f"{target.target}") == (link, link)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", f"A1:{sheet.cell(5, len(head)).coordinate}")
    assert one["answer"].alignment.wrap_text
    assert sheet.column_dimensions["C"].width > 50
    assert [cell.value for cell in sheet["E"][1:]] == ["answered", "error", "answered", "answered"]
    assert sheet["F"][2].value == 'line 3: the row has no "question".'


COPIES = ("a", "2024-01-01"), ("b", "2025-01-01"), ("c", None)


@pytest.fixture
def copied(store: SQLiteStore) -> SQLiteStore:
    """The same sentence in three documents, of which one has no date."""
    return fill(store, FAKE, *(a_document("Bread is baked at night.", name, day=day) for name, day in COPIES))


def test_a_workbook_names_the_other_documents_that_say_it_and_counts_those_without_a_date(
    tmp_path: Path, copied: SQLiteStore
) -> None:
    text = "question,as_of\nWhen is bread baked?,\nWhen is bread baked?,2025-06-01\n"
    sheet = load_workbook(answered(tmp_path, copied, "a.xlsx", text))["Answers"]
    rows = [dict(zip([cell.value for cell in sheet[1]], line, strict=True)) for line in sheet.iter_rows(min_row=2)]
    assert [row["[1] also in"].value for row in rows] == ["a, 2024-01-01\nc", "a, 2024-01-01"]
    left_out = "\n1 document without a date was left out."
    assert [row["answer"].value.endswith(left_out) for row in rows] == [False, True]


def test_a_report_names_the_other_documents_that_say_it_and_counts_those_without_a_date(
    tmp_path: Path, copied: SQLiteStore
) -> None:
    text = "question,as_of\nWhen is bread baked?,2025-06-01\n"
    document = docx.Document(str(answered(tmp_path, copied, "a.docx", text)))
    told = [each.text for each in document.paragraphs]
    assert "Said also in: a, 2024-01-01" in told
    assert any(each.endswith(" · 1 document without a date was left out.") for each in told)


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path, filled: SQLiteStore) -> None:
    text = "id,question,Owner\n=1,@papers of Somalia,#N/A\n-2,+bread,=cmd|' /C calc'!A0\n"
    path = answered(tmp_path, filled, "a.xlsx", text)
    sheet = load_workbook(path)["Answers"]
    texts = [cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)]
    assert {cell.data_type for cell in texts} == {"s"}
    assert (sheet["A2"].value, sheet["G2"].value, sheet["G3"].value) == ("=1", "#N/A", "=cmd|' /C calc'!A0")
    assert sheet["A2"].quotePrefix
    with ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_without_an_address_of_the_page_nothing_is_linked(tmp_path: Path, filled: SQLiteStore) -> None:
    sheet = load_workbook(answered(tmp_path, filled, "a.xlsx", link_base=""))["Answers"]
    assert all(cell.hyperlink is None for line in sheet.iter_rows() for cell in line)


@pytest.mark.parametrize("base", ["127.0.0.1", "javascript:alert(1)", 'http://x/" y'])
def test_an_address_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(BadSetting, match="link_base is"):
        BatchSettings(link_base=base)


def test_a_workbook_is_written_in_french(tmp_path: Path, filled: SQLiteStore) -> None:
    text = "id,question,réponse\na,papers of Somalia,x\nb,,\n"
    book = load_workbook(answered(tmp_path, filled, "a.xlsx", text, language="fr"))
    assert book.sheetnames == ["Réponses", "Sommaire"]
    sheet = book["Réponses"]
    head = [cell.value for cell in sheet[1]]
    assert head[:7] == ["no", "question", "réponse", "confiance", "état", "erreur", "réponse (fichier de questions)"]
    assert head[7:12] == ["[1] titre", "[1] date", "[1] page", "[1] citation", "[1] lien"]
    assert [cell.value for cell in sheet["E"][1:]] == ["répondu", "erreur"]
    assert sheet["F"][2].value == "ligne 3 : la ligne n’a pas de question."
    assert [cell.value for cell in book["Sommaire"]["A"]] == [
        "de",
        "questions",
        "répondu",
        "sans réponse",
        "erreur",
        "refus",
        "confiance",
    ]
    assert (book["Sommaire"]["B6"].value, book["Sommaire"]["B7"].value) == (
        "jamais",
        "la probabilité estimée, de 0 à 1, que les documents répondent à la question",
    )


def test_a_report_is_written_in_french(tmp_path: Path, filled: SQLiteStore) -> None:
    document = docx.Document(str(answered(tmp_path, filled, "a.docx", language="fr")))
    told = [each.text for each in document.paragraphs]
    assert told[0] == "Réponses à q.csv"
    assert told[1].startswith("Chaque phrase d’une réponse est citée mot à mot")
    assert any(re.match(r"répondu · confiance \d,\d\d · no a · Owner : =1\+1$", line) for line in told)
    assert "ligne 3 : la ligne n’a pas de question." in told
    assert [cell.text for cell in document.tables[0].columns[0].cells][:3] == ["questions", "répondu", "sans réponse"]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_keys_and_columns_are_the_same_in_french(tmp_path: Path, filled: SQLiteStore, suffix: str) -> None:
    text = "question,Owner\npapers of Somalia,Ann\n"
    wanted = timeless(answered(tmp_path, filled, f"a{suffix}", text))
    assert timeless(answered(tmp_path, filled, f"b{suffix}", text, language="fr")) == wanted


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(BadSetting, match="language is 'de'"):
        BatchSettings(language="de")


def test_a_report_has_a_heading_a_question_and_its_sources_numbered(tmp_path: Path, filled: SQLiteStore) -> None:
    document = docx.Document(str(answered(tmp_path, filled, "a.docx")))
    told = [(each.style.name, each.text) for each in document.paragraphs]
    assert told[0] == ("Title", "Answers to q.csv")
    assert [text for style, text in told if style == "Heading 2"] == [
        "1. papers of Somalia",
        "2.",
        "3. When is bread baked?",
        "4. papers of Somalia",
    ]
    at = told.index(("Heading 2", "1. papers of Somalia"))
    assert told[at + 1][1].startswith("answered · confidence 0.")
    assert told[at + 1][1].endswith(" · id a · Owner: =1+1")
    assert "[1]" in told[at + 2][1]
    sources = [text for style, text in told if style == "Source"]
    assert sources[0].startswith("[1] Papers & <more>, 2025-08-02, p. 1")
    assert ("Quoted", "“Somalia gave no papers.”") in told
    table = [[cell.text for cell in line.cells] for line in document.tables[0].rows]
    assert table == [["questions", "4"], ["answered", "3"], ["refused", "0"], ["error", "1"], ["refuse", "never"]]


def test_what_xml_cannot_hold_crashes_neither_file(tmp_path: Path, filled: SQLiteStore) -> None:
    row = {"id": "\x00", "question": "papers of \x0bSomalia\ufffe", "note": ["\x1f"], "\x02": "\r\n"}
    (tmp_path / "q.jsonl").write_text(json.dumps(row) + '\n{"question": "papers \\ud83d"}\n')
    for name in ("a.xlsx", "a.docx"):
        assert run_batch(tmp_path / "q.jsonl", tmp_path / name, Counting(filled)) == 1
    assert load_workbook(tmp_path / "a.xlsx")["Answers"]["B2"].value == "papers of \ufffdSomalia\ufffd"
    assert "papers of \ufffdSomalia\ufffd" in docx.Document(str(tmp_path / "a.docx")).paragraphs[2].text


def test_a_question_of_a_megabyte_spoils_only_its_row(tmp_path: Path, filled: SQLiteStore) -> None:
    text = f"id,question\n1,{'x' * 1_000_000}\n2,papers of Somalia\n"
    sheet = load_workbook(answered(tmp_path, filled, "a.xlsx", text))["Answers"]
    assert sheet["B2"].value.endswith("… [cut: the whole has 1,000,000 characters]")
    assert len(sheet["B2"].value) == LONGEST_CELL
    assert [sheet["E2"].value, sheet["E3"].value] == ["error", "answered"]
    assert docx.Document(str(answered(tmp_path, filled, "a.docx", text))).paragraphs


# -- cells


@given(st.text(alphabet=st.characters() | st.sampled_from("=+-@\t\r'"), max_size=8))
def test_a_csv_cell_is_its_text_or_its_text_made_harmless(text: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["", csv_cell(text)])
    ((_, found),) = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert found[:1] not in set("=+-@\t\r")
    assert found in (text, f"'{text}")


@given(st.text(max_size=40))
def test_xml_text_keeps_all_that_xml_can_hold(text: str) -> None:
    kept = xml_text(text)
    assert xml_text(kept) == kept
    docx_safe = docx.Document().add_paragraph(kept)
    assert docx_safe.text == kept


@given(st.text(alphabet=st.sampled_from("a😀"), max_size=60), st.integers(50, 60))
def test_cut_text_fits_and_says_that_it_was_cut(text: str, most: int) -> None:
    shown = cut(text, most)
    units = len(shown.encode("utf-16-le")) // 2
    assert shown == text if len(text.encode("utf-16-le")) // 2 <= most else "[cut: the whole has" in shown
    assert units <= most


def test_what_excel_would_read_as_an_escape_is_escaped() -> None:
    assert excel_text("_x0041_ _x_") == "_x005F_x0041_ _x_"


# -- answered once, stopped, gone on


def test_questions_that_repeat_are_answered_once(tmp_path: Path, filled: SQLiteStore) -> None:
    text = "id,question,as_of,conversation\n1,papers,,\n2,bread,,\n3,papers,,\n4,papers,2025-09-01,\n"
    (tmp_path / "q.csv").write_text(text + "5,papers,,\n6,papers,,x\n7,papers,,x\n")
    pipeline = Counting(filled)
    run_batch(tmp_path / "q.csv", tmp_path / "a.jsonl", pipeline)
    assert pipeline.asked == [
        "papers",
        "bread",
        "papers",
        "papers",
    ]  # with as_of, and as a follow-up, it is another one
    one, _, three, *_ = (json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines())
    assert three == one | {"id": "3", "seconds": 0.0}


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx", ".docx"])
@pytest.mark.parametrize("stop_after", [0, 1, 2])
def test_a_stopped_run_goes_on_without_asking_twice(
    tmp_path: Path, filled: SQLiteStore, suffix: str, stop_after: int
) -> None:
    whole = answered(tmp_path, filled, f"whole{suffix}", QUESTIONS + "e,night,\n")
    stopped, resumed = Counting(filled, stop_after=stop_after), Counting(filled)
    answers = tmp_path / f"a{suffix}"
    with pytest.raises(KeyboardInterrupt):
        run_batch(tmp_path / "q.csv", answers, stopped)
    with (tmp_path / f"a{suffix}.partial").open("ab") as file:
        file.write(b'{"row": 3, "id": "d", "ques')  # a line cut short, as a kill leaves it
    told: list[int] = []
    settings = BatchSettings(resume=True)
    assert run_batch(tmp_path / "q.csv", answers, resumed, settings=settings, on_row=lambda d, _: told.append(d)) == 1
    assert stopped.asked + resumed.asked == ["papers of Somalia", "When is bread baked?", "night"]
    assert told[-1] == 5
    if suffix in (".jsonl", ".csv"):
        assert timeless(answers) == timeless(whole)
    else:
        assert answers.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.glob("a.*")) == [answers.name]


def test_a_last_line_without_its_end_is_asked_again(tmp_path: Path, filled: SQLiteStore) -> None:
    whole = answered(tmp_path, filled, "whole.jsonl")
    with pytest.raises(KeyboardInterrupt):
        run_batch(tmp_path / "q.csv", tmp_path / "a.jsonl", Counting(filled, stop_after=1))
    partial = tmp_path / "a.jsonl.partial"
    lines = partial.read_bytes().split(b"\n")
    partial.write_bytes(b"\n".join(lines[:2]))  # the header and the first row, whole but for its line's end
    resumed = Counting(filled)
    run_batch(tmp_path / "q.csv", tmp_path / "a.jsonl", resumed, settings=BatchSettings(resume=True))
    assert resumed.asked == ["papers of Somalia", "When is bread baked?"]
    assert timeless(tmp_path / "a.jsonl") == timeless(whole)


def test_a_run_that_was_never_stopped_begins_with_resume_too(tmp_path: Path, filled: SQLiteStore) -> None:
    assert answered(tmp_path, filled, "a.csv", resume=True).exists()


def changed_questions(folder: Path, store: SQLiteStore) -> Counting:
    (folder / "q.csv").write_text(QUESTIONS + "f,more,\n")
    return Counting(store)


def changed_index(folder: Path, store: SQLiteStore) -> Counting:
    return Counting(fill(store, FAKE, a_document("More.", "c.txt")))


def changed_settings(folder: Path, store: SQLiteStore) -> Counting:
    return Counting(store, passages=3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (changed_questions, "the question file has changed since"),
        (changed_index, "the index has changed since"),
        (changed_settings, r"the run had other settings \(passages: 10, now 3\)"),
    ],
)
def test_a_run_does_not_go_on_as_another(
    tmp_path: Path, filled: SQLiteStore, change: Callable[[Path, SQLiteStore], Counting], message: str
) -> None:
    (tmp_path / "q.csv").write_text(QUESTIONS)
    with pytest.raises(KeyboardInterrupt):
        run_batch(tmp_path / "q.csv", tmp_path / "a.csv", Counting(filled, stop_after=1))
    kept = (tmp_path / "a.csv.partial").read_bytes()
    pipeline = change(tmp_path, filled)
    with pytest.raises(BadQuestion, match=message):
        run_batch(tmp_path / "q.csv", tmp_path / "a.csv", pipeline, settings=BatchSettings(resume=True))
    assert (tmp_path / "a.csv.partial").read_bytes() == kept


@pytest.mark.parametrize("stop_after", [None, 2])
def test_documents_that_change_during_a_run_are_told(
    tmp_path: Path, filled: SQLiteStore, stop_after: int | None
) -> None:
    (tmp_path / "q.csv").write_text(QUESTIONS)
    told: list[str] = []

    def ran(name: str, on_row: Callable[[int, int], None], stop_after: int | None = None) -> None:
        pipeline = Counting(filled, stop_after=stop_after)
        run_batch(tmp_path / "q.csv", tmp_path / name, pipeline, on_row=on_row, on_change=lambda: told.append(name))

    def change(done: int, errors: int) -> None:
        if done == 1:
            fill(filled, FAKE, a_document("More.", "c.txt"))
        if done == stop_after:
            raise KeyboardInterrupt

    ran("a.csv", lambda done, errors: None)
    assert told == []
    if stop_after:
        with pytest.raises(KeyboardInterrupt):
            ran("b.csv", change)
    else:
        ran("b.csv", change)
    assert told == ["b.csv"]


def test_the_command_says_that_documents_changed_while_it_ran(
    tmp_path: Path, filled: SQLiteStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Meanwhile(Counting):
        def answer(self, question: Question) -> Answer:
            fill(filled, FAKE, a_document("More.", "c.txt"))
            return super().answer(question)

    (tmp_path / "q.csv").write_text("question\npapers of Somalia\n")
    said = []
    for pipeline in (Counting(filled), Meanwhile(filled)):
        monkeypatch.setattr("qa.cli.batch.pipeline_of", lambda arguments, pipeline=pipeline: pipeline)
        assert main(["batch", str(tmp_path / "q.csv"), "-o", str(tmp_path / "a.csv")]) == 0
        said.append("documents changed while it ran" in capsys.readouterr().err)
    assert said == [False, True]


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("change", [changed_questions, changed_index, changed_settings])
def test_a_journal_without_a_row_is_begun_anew(
    tmp_path: Path, filled: SQLiteStore, change: Callable[[Path, SQLiteStore], Counting], resume: bool
) -> None:
    (tmp_path / "q.csv").write_text(QUESTIONS)
    with pytest.raises(KeyboardInterrupt):
        run_batch(tmp_path / "q.csv", tmp_path / "a.jsonl", Counting(filled, stop_after=1))
    partial = tmp_path / "a.jsonl.partial"
    partial.write_bytes(partial.read_bytes().split(b"\n")[0] + b'\n{"row": 0, "id"')  # killed at its first row
    pipeline = change(tmp_path, filled)
    pipeline._stop_after = 1
    with pytest.raises(KeyboardInterrupt):
        run_batch(tmp_path / "q.csv", tmp_path / "a.jsonl", pipeline, settings=BatchSettings(resume=resume))
    pipeline._stop_after = None
    run_batch(tmp_path / "q.csv", tmp_path / "a.jsonl", pipeline, settings=BatchSettings(resume=True))
    assert len(pipeline.asked) == len(set(pipeline.asked))


def test_a_row_that_repeats_none_ends_the_journal(tmp_path: Path, filled: SQLiteStore) -> None:
    (tmp_path / "q.csv").write_text(QUESTIONS)
    with pytest.raises(KeyboardInterrupt):
        run_batch(tmp_path / "q.csv", tmp_path / "a.jsonl", Counting(filled, stop_after=1))
    with (tmp_path / "a.jsonl.partial").open("ab") as file:
        file.write(b'{"row": 3, "id": "d", "question": "papers of Somalia", "extra": {}, "same": 2}\n')
    resumed = Counting(filled)
    run_batch(tmp_path / "q.csv", tmp_path / "a.jsonl", resumed, settings=BatchSettings(resume=True))
    assert resumed.asked == ["When is bread baked?"]


def test_a_csv_says_that_it_is_utf_8(tmp_path: Path, filled: SQLiteStore) -> None:
    path = answered(tmp_path, filled, "a.csv", "question\nPérou ?\n")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,question,")  # else Excel takes it for its own code page
    assert [row.fields["question"] for row in read_questions(path).rows] == ["Pérou ?"]


@pytest.mark.parametrize(("name", "advice"), [("a.csv", "Name another file"), ("a.xlsx", "then go on with --resume")])
def test_a_file_that_cannot_be_written_tells_what_keeps_the_answers(
    tmp_path: Path, filled: SQLiteStore, name: str, advice: str
) -> None:
    (tmp_path / f"{name}.unfinished").mkdir()
    if name == "a.csv":
        (tmp_path / name).symlink_to(tmp_path / "none" / name)
    with pytest.raises(BadQuestion, match=advice):
        answered(tmp_path, filled, name)


def test_answers_of_a_stopped_run_are_not_thrown_away_unasked(tmp_path: Path, filled: SQLiteStore) -> None:
    (tmp_path / "q.csv").write_text(QUESTIONS)
    with pytest.raises(KeyboardInterrupt):
        run_batch(tmp_path / "q.csv", tmp_path / "a.csv", Counting(filled, stop_after=1))
    with pytest.raises(BadQuestion, match=r"an earlier run stopped after 2 rows\. Go on with it: --resume"):
        run_batch(tmp_path / "q.csv", tmp_path / "a.csv", Counting(filled))


@pytest.mark.parametrize("data", [b"", b"\x00\xff\n", b"[]\n", b'{"run": 3}\n'])
def test_a_journal_that_is_none_is_not_gone_on_from(tmp_path: Path, filled: SQLiteStore, data: bytes) -> None:
    (tmp_path / "a.csv.partial").write_bytes(data)
    if not data:
        assert answered(tmp_path, filled, "a.csv", resume=True).exists()
        return
    with pytest.raises(BadQuestion, match="not the journal of a run"):
        answered(tmp_path, filled, "a.csv", resume=True)


def test_an_earlier_workbook_stays_until_the_new_one_is_whole(tmp_path: Path, filled: SQLiteStore) -> None:
    (tmp_path / "q.csv").write_text(QUESTIONS)
    (tmp_path / "a.xlsx").write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        run_batch(tmp_path / "q.csv", tmp_path / "a.xlsx", Counting(filled, stop_after=1))
    assert (tmp_path / "a.xlsx").read_bytes() == b"before"


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".csv", ".jsonl"])
def test_an_answer_file_written_again_is_what_a_run_writes(tmp_path: Path, filled: SQLiteStore, suffix: str) -> None:
    kept = AnswerFile(answered(tmp_path, filled, "a.jsonl"))
    kept.refresh()
    wanted = answered(tmp_path, filled, f"run{suffix}")
    report = Report("q.csv", survey(tmp_path / "q.csv").extra, "never", DEFAULT_LINK_BASE, kept)
    again = tmp_path / f"again{suffix}"
    write_again(kept, again, report)
    if suffix in (".xlsx", ".docx"):
        assert again.read_bytes() == wanted.read_bytes()
    else:
        assert timeless(again) == timeless(wanted)


def test_an_answer_file_that_was_begun_anew_is_read_anew(tmp_path: Path, filled: SQLiteStore) -> None:
    line = answered(tmp_path, filled, "a.jsonl", "question\npapers\n").read_bytes()
    kept = AnswerFile(tmp_path / "a.jsonl")
    kept.refresh()
    kept.remove()
    longer = line.replace(b'"papers"', b'"papers of the other one"')
    kept.path.write_bytes(longer + line)
    kept.refresh()
    assert [row["question"] for row in kept.rows()] == ["papers of the other one", "papers"]


def test_an_answer_file_that_is_being_written_shows_its_whole_rows(tmp_path: Path, filled: SQLiteStore) -> None:
    whole = answered(tmp_path, filled, "a.jsonl").read_bytes()
    kept = AnswerFile(tmp_path / "b.jsonl")
    kept.refresh()
    assert len(kept) == 0
    second = whole.index(b"\n") + 1
    kept.path.write_bytes(whole[: second + 5])
    kept.refresh()
    assert [row["id"] for row in kept.rows()] == ["a"]
    kept.path.write_bytes(whole)
    kept.refresh()
    assert [row["id"] for row in kept.rows()] == ["a", "b", "c", "d"]
    assert kept.places("error") == [1]
    assert kept.tally.errors == 1
    kept.path.write_bytes(whole[:second])
    kept.refresh()
    assert (len(kept), kept.places("error")) == (1, [])

"""An index kept in step with a folder: what is taken when, and by a real process that another one searches beside."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes import WordHashEmbedder

from index.ingest import Summary, ingest, ingest_files
from index.store import SQLiteStore
from index.watch import Watched, of_touched, watch

FAKE = WordHashEmbedder()
LONG_AGO = 1_000_000_000  # seconds; the time given to files that have settled
PATIENCE = 300  # seconds that a real process may take


class Step:
    """Looks at times of our choosing, in seconds from the start, and ingests what has settled."""

    def __init__(self, *paths: Path, store: SQLiteStore) -> None:
        self.notes: list[str] = []
        self.store = store
        self.watched = Watched(paths, store, 2.0, self.notes.append)

    def at(self, now: float) -> Summary | None:
        changes = self.watched.due(now, LONG_AGO + 100 + now)
        if changes is None:
            return None
        summary = ingest_files(changes.files, self.store, FAKE, gone=changes.covers)
        self.watched.took(changes)
        return summary


def written(path: Path, text: str, *, seconds: float = LONG_AGO) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (seconds, seconds))
    return path


def ids(store: SQLiteStore) -> list[str]:
    return [info.id for info in store.documents()]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    written(tmp_path / "docs" / "a.txt", "Removal orders.")
    written(tmp_path / "docs" / "sub" / "b.txt", "Travel documents.")
    return tmp_path / "docs"


def test_the_first_look_brings_everything_in_step(docs: Path, store: SQLiteStore) -> None:
    ingest([docs], store, FAKE)
    (docs / "a.txt").unlink()
    written(docs / "c.txt", "A third.")
    summary = Step(docs, store=store).at(0)
    assert summary is not None
    assert (summary.added, summary.unchanged, summary.removed) == (["c.txt"], ["sub/b.txt"], ["a.txt"])


def test_documents_of_other_paths_stay(docs: Path, tmp_path: Path, store: SQLiteStore) -> None:
    other = written(tmp_path / "other" / "o.txt", "Another folder.")
    ingest([other.parent], store, FAKE)
    other.unlink()
    Step(docs, store=store).at(0)
    assert ids(store) == ["a.txt", "o.txt", "sub/b.txt"]


def test_nothing_is_done_while_nothing_changes(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    assert [step.at(now) for now in (1, 5, 50)] == [None, None, None]


def test_a_file_is_read_once_it_has_settled(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    written(docs / "c.txt", "Half a sen", seconds=LONG_AGO + 101)
    assert (step.at(1), step.at(2)) == (None, None)
    written(docs / "c.txt", "Half a sentence and the rest.", seconds=LONG_AGO + 103)
    assert (step.at(3.5), step.at(5)) == (None, None)
    summary = step.at(5.5)
    assert summary is not None
    assert summary.added == ["c.txt"]
    assert store.document("c.txt").text == "Half a sentence and the rest."


def test_a_file_half_written_at_the_start_waits_and_its_document_stays(docs: Path, store: SQLiteStore) -> None:
    ingest([docs], store, FAKE)
    written(docs / "a.txt", "Remov", seconds=LONG_AGO + 99)
    step = Step(docs, store=store)
    first = step.at(0)
    assert first is not None
    assert (first.changed, first.removed, first.unchanged) == ([], [], ["sub/b.txt"])
    later = step.at(1.5)
    assert later is not None
    assert later.changed == ["a.txt"]


def test_a_file_replaced_by_a_rename_is_changed_and_never_removed(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    (docs / "a.txt").unlink()
    assert step.at(1) is None
    written(docs / ".a.swp", "Other words.").rename(docs / "a.txt")
    assert step.at(2) is None
    summary = step.at(4)
    assert summary is not None
    assert (summary.changed, summary.removed) == (["a.txt"], [])


def test_a_deleted_file_and_folder_are_removed(docs: Path, store: SQLiteStore) -> None:
    written(docs / "c.txt", "A third.")
    step = Step(docs, store=store)
    step.at(0)
    (docs / "a.txt").unlink()
    (docs / "sub" / "b.txt").unlink()
    (docs / "sub").rmdir()
    step.at(1)
    summary = step.at(3)
    assert summary is not None
    assert summary.removed == ["a.txt", "sub/b.txt"]


def test_a_burst_is_taken_together(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    for place in range(4):
        written(docs / f"n{place}.txt", f"Number {place}.")
        assert step.at(1 + place) is None
    summary = step.at(6)
    assert summary is not None
    assert summary.added == ["n0.txt", "n1.txt", "n2.txt", "n3.txt"]


def test_a_file_that_never_settles_does_not_hold_up_others(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    written(docs / "c.txt", "A third.")
    taken = []
    for now in range(1, 12):
        written(docs / "log.txt", "line " * now, seconds=LONG_AGO + 100 + now)
        taken += [summary.added for summary in [step.at(now)] if summary]
    assert taken == [["c.txt"]]


def test_a_bad_file_is_told_once_for_each_of_its_versions(docs: Path, store: SQLiteStore) -> None:
    bad = written(docs / "bad.pdf", "no PDF")
    step = Step(docs, store=store)
    first = step.at(0)
    assert first is not None
    assert len(first.failed) == 1
    assert [step.at(now) for now in (5, 10)] == [None, None]
    written(bad, "still no PDF")
    step.at(11)
    again = step.at(13)
    assert again is not None
    assert len(again.failed) == 1


def test_a_file_that_became_bad_keeps_its_document(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    written(docs / "a.txt", "")
    step.at(1)
    summary = step.at(3)
    assert summary is not None
    assert (len(summary.failed), summary.removed) == (1, [])


def test_documents_that_leave_a_jsonl_file_are_removed_and_others_stay(docs: Path, store: SQLiteStore) -> None:
    one = written(docs / "one.jsonl", "\n".join(json.dumps({"doc_id": each, "text": f"Of {each}."}) for each in "xy"))
    written(docs / "two.jsonl", json.dumps({"doc_id": "z", "text": "Of z."}))
    step = Step(docs, store=store)
    step.at(0)
    written(one, json.dumps({"doc_id": "y", "text": "Of y."}))
    step.at(1)
    summary = step.at(3)
    assert summary is not None
    assert summary.removed == ["x"]
    assert ids(store) == ["a.txt", "sub/b.txt", "y", "z"]


def test_a_file_that_is_away_for_a_moment_keeps_its_document_whatever_else_changes(
    docs: Path, store: SQLiteStore
) -> None:
    rows = written(docs / "one.jsonl", json.dumps({"doc_id": "x", "text": "Of x."}))
    step = Step(docs, store=store)
    step.at(0)
    written(rows, json.dumps({"doc_id": "y", "text": "Of y."}))
    step.at(1)
    (docs / "a.txt").unlink()
    summary = step.at(7)
    assert summary is not None
    assert summary.removed == ["x"]
    last = step.at(9)
    assert last is not None
    assert last.removed == ["a.txt"]


def test_a_deleted_jsonl_file_takes_its_documents_along(docs: Path, store: SQLiteStore) -> None:
    one = written(docs / "one.jsonl", json.dumps({"doc_id": "x", "text": "Of x."}))
    step = Step(docs, store=store)
    step.at(0)
    one.unlink()
    step.at(1)
    step.at(3)
    assert ids(store) == ["a.txt", "sub/b.txt"]


def test_a_folder_that_is_gone_is_told_once_and_loses_nothing(docs: Path, tmp_path: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    docs.rename(tmp_path / "away")
    assert [step.at(now) for now in (1, 5, 9)] == [None, None, None]
    assert (len(step.notes), "no such file or folder" in step.notes[0]) == (1, True)
    (tmp_path / "away").rename(docs)
    assert step.at(20) is None
    assert ids(store) == ["a.txt", "sub/b.txt"]


def test_a_folder_that_is_empty_at_the_start_loses_nothing(docs: Path, store: SQLiteStore) -> None:
    ingest([docs], store, FAKE)
    (docs / "a.txt").unlink()
    (docs / "sub" / "b.txt").unlink()
    step = Step(docs, store=store)
    assert step.at(0) is None
    assert "there are no files here" in step.notes[0]
    assert ids(store) == ["a.txt", "sub/b.txt"]


def test_a_single_file_is_kept_in_step(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs / "a.txt", store=store)
    step.at(0)
    written(docs / "a.txt", "Other words.")
    step.at(1)
    step.at(3)
    assert store.document("a.txt").text == "Other words."
    (docs / "a.txt").unlink()
    step.at(4)
    step.at(6)
    assert ids(store) == []


def labels(store: SQLiteStore) -> dict[str, tuple[str, str]]:
    return {info.id: (info.kind, info.collection) for info in store.documents()}


def test_a_changed_folder_file_relabels_what_lies_below_it_and_nothing_else(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    written(docs / "sub" / "collection.toml", 'kind = "press"\ncollection = "Clippings"')
    assert step.at(1) is None
    summary = step.at(3)
    assert summary is not None
    assert (summary.relabelled, summary.unchanged, summary.changed) == (["sub/b.txt"], [], [])
    assert labels(store) == {"a.txt": ("", ""), "sub/b.txt": ("press", "Clippings")}


def test_a_folder_file_at_the_top_is_noticed_and_so_is_its_end(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    top = written(docs / "collection.toml", 'kind = "brief"')
    step.at(1)
    step.at(3)
    assert labels(store) == {"a.txt": ("brief", ""), "sub/b.txt": ("brief", "sub")}
    top.unlink()
    step.at(4)
    summary = step.at(6)
    assert summary is not None
    assert summary.relabelled == ["a.txt", "sub/b.txt"]
    assert labels(store) == {"a.txt": ("", ""), "sub/b.txt": ("", "sub")}


def test_the_folder_file_beside_a_single_file_is_noticed(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs / "a.txt", store=store)
    step.at(0)
    written(docs / "collection.toml", 'kind = "brief"')
    step.at(1)
    step.at(3)
    assert labels(store) == {"a.txt": ("brief", "")}


def test_a_folder_file_changed_while_nothing_watched_is_noticed_at_the_start(docs: Path, store: SQLiteStore) -> None:
    ingest([docs], store, FAKE)
    written(docs / "sub" / "collection.toml", 'kind = "press"')
    summary = Step(docs, store=store).at(0)
    assert summary is not None
    assert summary.relabelled == ["sub/b.txt"]


def test_a_wrong_folder_file_is_told_once_and_the_folder_s_name_stands(docs: Path, store: SQLiteStore) -> None:
    step = Step(docs, store=store)
    step.at(0)
    told: list[Summary] = []
    for now, text in ((1, "kind"), (10, None)):
        if text is None:
            written(docs / "sub" / "b.txt", "Other words.")
        else:
            written(docs / "sub" / "collection.toml", text)
        step.at(now)
        changes = step.watched.due(now + 2, LONG_AGO + 100 + now + 2)
        assert changes is not None
        told.append(of_touched(ingest_files(changes.files, store, FAKE, gone=changes.covers), changes))
        step.watched.took(changes)
    assert [[file for file, _ in summary.failed] for summary in told] == [[str(docs / "sub" / "collection.toml")], []]
    assert labels(store)["sub/b.txt"] == ("", "sub")


@pytest.mark.parametrize("poll", [False, True])
def test_changes_are_noticed_and_a_stop_ends_it(docs: Path, store: SQLiteStore, poll: bool) -> None:
    stop, changed = threading.Event(), threading.Event()
    told: list[Summary] = []

    def note(summary: Summary) -> None:
        told.append(summary)
        changed.set()

    arguments = {"settle": 0.1, "poll": poll, "on_change": note}
    thread = threading.Thread(target=watch, args=([docs], store, FAKE, stop), kwargs=arguments, daemon=True)
    thread.start()
    assert changed.wait(PATIENCE)
    changed.clear()
    written(docs / "c.txt", "A third.")
    assert changed.wait(25)  # well before the look that is made without any notice
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert [summary.added for summary in told] == [["a.txt", "sub/b.txt"], ["c.txt"]]


def test_a_stop_in_the_middle_keeps_what_was_read_and_the_rest_comes_later(docs: Path, store: SQLiteStore) -> None:
    stop = threading.Event()
    told: list[Summary] = []
    watch([docs], store, FAKE, stop, on_change=told.append, on_progress=lambda now: stop.set())
    assert ids(store) == told[0].added == ["a.txt"]
    stop.clear()
    watch([docs], store, FAKE, stop, on_change=lambda summary: stop.set())
    assert ids(store) == ["a.txt", "sub/b.txt"]


# -- the real command, with another process that has the index open


READER = """
import sys
from pathlib import Path
from index.embed import SentenceTransformerEmbedder
from qa.pipeline import Settings, open_pipeline
from qa.rerank import RerankSettings
from qa.types import Question
settings = Settings(refuse="never", rerank=RerankSettings(read=False))
pipeline = open_pipeline(Path(sys.argv[1]), SentenceTransformerEmbedder(), settings)
for line in sys.stdin:
    answer = pipeline.answer(Question(line.strip()))
    print(answer.citations[0].passage.info.id if answer.citations else "nothing", flush=True)
"""


@contextmanager
def started(*arguments: object, code: str = "") -> Iterator["subprocess.Popen[str]"]:
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, *(["-c", code] if code else ["-m", "qa"]), *map(str, arguments)]
    environment = os.environ | {"PYTHONUTF8": "1", "PYTHONWARNINGS": ""}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=root, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(process: "subprocess.Popen[str]", wanted: Callable[[str], bool]) -> list[str]:
    """Returns the lines of standard error up to the wanted one."""
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line.strip())
        if wanted(line):
            return lines
    raise AssertionError(f"it ended: {lines}")


def asked(process: "subprocess.Popen[str]", question: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(question + "\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def in_step(line: str) -> bool:
    return line.startswith("In step:")


def test_another_process_sees_each_change_and_sigterm_ends_it_cleanly(docs: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    question = "When is bread baked?"
    with started("ingest", docs, "--index", index, "--watch", "--settle", "0.2") as watching:
        until(watching, in_step)
        with started(index, code=READER) as reading:
            assert asked(reading, question) != "bread.txt"
            written(docs / "bread.txt", "Bread is baked at night.")
            assert until(watching, in_step)[0] == "added bread.txt (1 passage)"
            assert asked(reading, question) == "bread.txt"
            (docs / "bread.txt").unlink()
            assert until(watching, in_step)[0] == "removed bread.txt"
            assert asked(reading, question) != "bread.txt"
        watching.send_signal(signal.SIGTERM)
        assert watching.stderr is not None
        assert watching.stderr.read() == "Stopped; the index holds 2 documents in 2 passages.\n"
        assert watching.wait(PATIENCE) == 0


def test_a_link_that_leads_to_itself_is_no_file_and_ends_nothing(docs: Path, store: SQLiteStore) -> None:
    (docs / "loop.txt").symlink_to("loop.txt")
    step = Step(docs, store=store)
    step.at(0)
    step.at(3)
    assert ids(store) == ["a.txt", "sub/b.txt"]

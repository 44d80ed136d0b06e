"""The tab for the documents: what there is, adding, correcting, deleting and taking a deletion back."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import gradio as gr

from documents.errors import BadSetting, UserError, told
from documents.kinds import KINDS, kind_name
from documents.labels import Labels
from index.ingest import ingest, origin_of
from index.writable import KnownDocument, TakenDocument
from page.hidden import heard, hidden_box
from page.library_table import table_html
from page.site import Site
from page.wording import Wording
from qa.questions import parse_day

_UNDOABLE = 20  # deletions that can be taken back


class LibraryHandlers:
    """What the tab does with an event: values in; table, form and messages out."""

    def __init__(self, site: Site, wording: Wording) -> None:
        self._site, self._wording = site, wording
        self._store = site.library or site.store
        self._stopping: set[str | None] = set()  # sessions whose reader has stopped the files they added

    def table(self) -> str:
        """Returns the table of all documents."""
        return table_html(
            self._store.documents(),
            self._store.passage_counts(),
            self._wording,
            editable=self._site.library is not None,
        )

    def added(self, files: Sequence[str] | None, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Ingests the files one by one, until the reader stops it; what was added stays.

        Yields what was done so far, the table, the emptied drop zone, and the button that stops.
        """
        said: list[str] = []
        paths = [Path(file) for file in files or ()]
        self._stopping.discard(request.session_hash)
        for place, path in enumerate(paths, 1):
            if request.session_hash in self._stopping:
                said.append(self._wording.say("upload_stopped", done=place - 1, total=len(paths)))
                break
            reading = self._wording.say("uploading", file=path.name, place=place, total=len(paths))
            # Once it is there the button is left alone: it may say already that it was pressed.
            button = gr.update(visible=len(paths) > 1) if place == 1 else gr.skip()
            yield _messages([*said, reading]), gr.skip(), gr.skip(), button
            said += self._taken(path)
        self._stopping.discard(request.session_hash)
        stop = gr.update(value=self._wording["stop"], interactive=True, visible=False)
        yield _messages(said), self.table(), None, stop

    def stop(self, request: gr.Request) -> Any:
        """Stops before the next file; returns the button, which says so."""
        self._stopping.add(request.session_hash)
        return gr.update(value=self._wording["stopping"], interactive=False)

    def chosen(self, document_id: str) -> tuple[Any, ...]:
        """Fills the form with a document's values."""
        try:
            info = self._store.info(document_id)
        except UserError as error:
            return gr.update(visible=False), *(gr.skip(),) * 6, _messages([told(error, self._wording.language)])
        fields = (info.title, info.date or "", info.kind, info.language, info.collection)
        return gr.update(visible=True), f"`{info.id}`", *fields, ""

    def saved(
        self, document_id: str, title: str, day: str, kind: str, language: str, collection: str
    ) -> tuple[str, Any]:
        """Keeps what was corrected in the form."""
        try:
            info = self._store.info(document_id)
            said = {"title": title.strip(), "kind": kind, "language": language, "collection": collection.strip()}
            changed = {name: value for name, value in said.items() if value != getattr(info, name)}
            date = parse_day(day.strip(), self._wording["column_date"], self._wording["column_date"])
            labels = Labels(day=date if day.strip() != (info.date or "") else None, **changed)
            if cleared := not day.strip() and info.date is not None:
                labels = labels.over(self._undated(document_id))
            self._store.edit(document_id, labels, reset=cleared)
        except UserError as error:
            return _messages([told(error, self._wording.language)]), gr.skip()
        return _messages([self._wording["saved"]]), self.table()

    def _undated(self, document_id: str) -> Labels:
        """Returns what was corrected of a document, less its date: that which it states itself holds again."""
        corrected = self._store.corrections(document_id)
        if corrected.day is None:
            raise BadSetting(self._wording["date_kept"])
        return replace(corrected, day=None)

    def deleted(self, document_id: str, gone: list[Any]) -> tuple[Any, ...]:
        """Takes a document out of the index, and keeps it for Undo."""
        try:
            removed = self._store.take_out(document_id)
        except UserError as error:
            return _messages([told(error, self._wording.language)]), gr.skip(), gone, gr.skip(), gr.skip()
        said = self._wording.say("deleted", title=removed.title)
        self.lapsed([*gone, removed][:-_UNDOABLE])
        return (
            _messages([said]),
            self.table(),
            [*gone, removed][-_UNDOABLE:],
            gr.update(visible=True),
            gr.update(visible=False),
        )

    def undone(self, gone: list[Any]) -> tuple[Any, ...]:
        """Puts the last deleted document back."""
        if not gone:
            return "", gr.skip(), gone, gr.update(visible=False)
        try:
            self._store.put_back(gone[-1])
        except UserError as error:
            return _messages([told(error, self._wording.language)]), gr.skip(), gone, gr.skip()
        said = self._wording.say("undone", title=gone[-1].title)
        return _messages([said]), self.table(), gone[:-1], gr.update(visible=len(gone) > 1)

    def lapsed(self, gone: Sequence[TakenDocument]) -> None:
        """Deletes the uploaded files of documents that cannot be brought back any more, once none is being added."""
        if gone:
            Thread(target=self._discard_all, args=(gone,), daemon=True).start()

    def _discard_all(self, gone: Sequence[TakenDocument]) -> None:
        with self._site.adding:
            for file in (Path(each.origin) for each in gone):
                if file.parent == self._uploads:
                    self._discard(file)

    @property
    def _uploads(self) -> Path:
        folder = self._store.folder.resolve()
        return folder.with_name(f"{folder.name}-uploads")  # beside the index: files within it are not ingested

    def _discard(self, file: Path) -> None:
        """Deletes an uploaded file, unless a document comes from it."""
        if all(each.origin != origin_of(file) for each in self._store.known().values()):
            file.unlink(missing_ok=True)

    def _kept(self, file: Path) -> Path:
        """Copies an uploaded file to where the index keeps such files; another document's name is not taken."""
        self._uploads.mkdir(parents=True, exist_ok=True)
        content, known = file.read_bytes(), self._store.known()
        target = next(each for each in _names(self._uploads / file.name) if not _is_taken(each, content, known))
        target.write_bytes(content)
        return target

    def _taken(self, file: Path) -> list[str]:
        """Keeps and ingests a file; returns what is to be said of it. One that fails never ends the list."""
        try:
            with self._site.adding:  # two visitors may add files of one name at once
                source = self._kept(file)
                try:
                    said = self._added(source)
                finally:
                    self._discard(source)
        except UserError as error:
            reason = told(error, self._wording.language)
            return [self._wording.say("upload_failed", file=file.name, reason=reason)]
        except Exception:  # a bug or a full disk: the traceback is where the program's are
            logging.getLogger(__name__).exception("%s could not be added.", file.name)
            return [self._wording.say("upload_fault", file=file.name)]
        if source.name != file.name:
            said.append(self._wording.say("upload_beside", file=file.name, kept=source.name))
        return said

    def _added(self, source: Path) -> list[str]:
        """Ingests a file; returns what became of it, then each part that could not be added, with the reason."""
        summary = ingest([source], self._store, self._site.pipeline.embedder)
        wording, file = self._wording, source.name
        spoken = {str(error): told(error, wording.language) for error in summary.errors}
        lines = []
        for name, reason in [*summary.skipped, *summary.failed]:
            part = file + name.removeprefix(str(source))
            reason = spoken.get(reason, reason)
            for named in (name, str(source), part, file):
                reason = reason.removeprefix(f"{named}: ").removeprefix(f"{named} : ")
            lines.append(wording.say("upload_failed", file=part, reason=reason))
        counts = self._store.passage_counts()
        for name in ("added", "changed", "unchanged"):
            held = getattr(summary, name)
            if held:
                passages = wording.count("passages", sum(counts.get(each, 0) for each in held))
                return [wording.say(f"upload_{name}", file=file, passages=passages), *lines]
        return lines or [wording.say("upload_unchanged", file=file)]


def _names(path: Path) -> Iterator[Path]:
    """Yields the path, then "name (2).txt", "name (3).txt" and so on beside it."""
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem} ({number})")


def _is_taken(path: Path, content: bytes, known: Mapping[str, KnownDocument]) -> bool:
    """Returns whether a document of other bytes bears the name: an upload, or one from elsewhere by its id."""
    if path.is_file():
        return path.read_bytes() != content and any(each.origin == origin_of(path) for each in known.values())
    digest = hashlib.sha256(content).hexdigest()
    return any(id.partition("/")[0] == path.name and each.digest != digest for id, each in known.items())


def _messages(lines: Sequence[str]) -> str:
    return f'<ul class="messages">{"".join(f"<li>{escape(line)}</li>" for line in lines)}</ul>' if lines else ""


def build_library(site: Site, wording: Wording) -> tuple[LibraryHandlers, gr.HTML]:
    """Puts the tab's parts on the page that is being built; returns its handlers, and the table for them to fill."""
    handlers = LibraryHandlers(site, wording)
    if site.library is None:
        return handlers, gr.HTML("", elem_id="library")
    table = gr.HTML("", elem_id="library", render=False)
    _build_changes(handlers, table, wording)
    table.render()  # type: ignore[no-untyped-call]
    return handlers, table


def _build_changes(handlers: LibraryHandlers, table: gr.HTML, wording: Wording) -> None:
    """Puts on the page what adds, corrects and deletes documents."""
    quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    files = gr.File(label=wording["upload"], file_count="multiple", height=136, elem_id="upload")
    with gr.Row(elem_id="done"):
        messages = gr.HTML("", elem_id="library-messages")
        stop = gr.Button(wording["stop"], visible=False, size="sm", elem_id="upload-stop", scale=0)
        undo = gr.Button(wording["undo"], visible=False, size="sm", elem_id="undo", scale=0)
    chosen = hidden_box("chosen")
    gone = gr.State([], delete_callback=handlers.lapsed)
    with gr.Group(visible=False, elem_id="edit") as form:
        heading = gr.Markdown("")
        with gr.Row():
            title = gr.Textbox(label=wording["column_title"], scale=3)
            day = gr.Textbox(label=wording["column_date"], placeholder="YYYY-MM-DD", scale=1)
            kind = gr.Dropdown(
                [(wording["unknown"], ""), *((kind_name(each, wording.language), each) for each in KINDS)],
                label=wording["column_kind"],
            )
            language = gr.Dropdown(
                [(wording["unknown"], ""), (wording["english"], "en"), (wording["french"], "fr")],
                label=wording["column_language"],
            )
            collection = gr.Textbox(label=wording["column_collection"])
        with gr.Row():
            save = gr.Button(wording["save"], variant="primary", size="sm", elem_id="save")
            delete = gr.Button(wording["delete"], variant="stop", size="sm", elem_id="delete")
    fields = [title, day, kind, language, collection]
    files.upload(handlers.added, files, [messages, table, files, stop], **quietly)
    stop.click(handlers.stop, None, stop, **quietly)
    chosen.change(heard(handlers.chosen), chosen, [form, heading, *fields, messages], **quietly)
    save.click(heard(handlers.saved), [chosen, *fields], [messages, table], **quietly)
    delete.click(heard(handlers.deleted), [chosen, gone], [messages, table, gone, undo, form], **quietly)
    undo.click(handlers.undone, gone, [messages, table, gone, undo], **quietly)

"""What the page serves for long work: files taken, jobs started and stopped, their rows, proofs, files and reports."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from documents.errors import BadQuestion, UserError
from page.accuracy import past_html, report_html
from page.batch import STATUSES, row_sources_html, rows_html
from page.job_panel import job_object
from page.jobs import Job, Jobs, JobUnread, NoJob, Task, placeless
from page.judge import judged
from page.origin import from_this_page
from page.routes import pictured
from page.site import Site
from page.tasks import BatchTask, new_task, safe_name
from page.wording import Wording
from qa.batch import OUTPUTS
from qa.evaluation.collected import GOLD, collect, collected, remove
from qa.evaluation.compare import compare
from qa.evaluation.compare_report import comparison_html
from qa.evaluation.folder import REPORT, RESULTS, SUMMARY, read_run
from qa.evaluation.history import RUNS, past_runs
from qa.evaluation.publish import told_again
from qa.evaluation.wording import Words
from qa.question_files import NoQuestionColumn

_LARGEST = 64  # MB
_KINDS = ("batch", "evaluation")
# A report runs its own script to sort its table, and reaches nothing: no origin, no request.
_REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)
_MEDIA = {REPORT: "text/html", RESULTS: "application/jsonl", SUMMARY: "application/json"}
_PAGE_ONLY = [Depends(from_this_page)]


def add_job_routes(app: FastAPI, site: Site, jobs: Jobs, prefix: str, wording: Wording) -> None:
    """Adds the routes of long work in one language, below `prefix`: "" or "/fr"."""
    _add_jobs(app, site, jobs, prefix, wording)
    _add_batch(app, site, jobs, prefix, wording)
    _add_accuracy(app, site, jobs, prefix, wording)


def _add_jobs(app: FastAPI, site: Site, jobs: Jobs, prefix: str, wording: Wording) -> None:
    @app.post(f"{prefix}/jobs/{{kind}}", dependencies=_PAGE_ONLY)
    async def take(kind: str, request: Request, name: str, column: str = "") -> Response:
        if kind not in _KINDS:
            raise HTTPException(404, f"{kind}: there is no such work.")
        with tempfile.TemporaryDirectory(prefix="removals-qa-") as folder:
            incoming = Path(folder) / safe_name(name)
            await _received(request, incoming, wording)
            return await run_in_threadpool(_made, kind, incoming, site, jobs, column, wording)

    @app.get(f"{prefix}/jobs/{{identity}}")
    def look(identity: str) -> dict[str, Any]:
        return job_object(_job(jobs, identity, wording), wording)

    @app.post(f"{prefix}/jobs/{{identity}}/{{act}}", dependencies=_PAGE_ONLY)
    def act(identity: str, act: str) -> dict[str, Any]:
        """Starts, stops, forgets or removes a job, and tells how far it is."""
        job = _job(jobs, identity, wording)
        if act == "anew":
            job.forget()
        if act in ("start", "anew"):
            jobs.start(job)
        elif act == "stop":
            job.stop()
        elif act == "remove":
            jobs.remove(job)
        else:
            raise HTTPException(404, f"{act}: nothing of a job.")
        return job_object(job, wording)


def _add_batch(app: FastAPI, site: Site, jobs: Jobs, prefix: str, wording: Wording) -> None:
    @app.get(f"{prefix}/jobs/{{identity}}/rows", response_class=HTMLResponse)
    def rows(identity: str, first: int = 0, status: str = "") -> str:
        return rows_html(
            _batch(jobs, identity, wording).answers, identity, first, status if status in STATUSES else "", wording
        )

    @app.get(f"{prefix}/jobs/{{identity}}/sources/{{place}}", response_class=HTMLResponse)
    def sources(identity: str, place: int) -> str:
        answers = _batch(jobs, identity, wording).answers
        if not 0 <= place < len(answers):
            raise HTTPException(404, f"{place}: there is no such row.")
        return row_sources_html(answers.row(place), site.store, wording, pictured(site), place)

    @app.get(f"{prefix}/jobs/{{identity}}/answers{{suffix}}")
    def answers(identity: str, suffix: str, request: Request) -> Response:
        if suffix not in OUTPUTS:
            raise HTTPException(404, f"{suffix}: answers are written as {', '.join(OUTPUTS)}.")
        task = _batch(jobs, identity, wording)
        path = task.written(suffix, f"{str(request.base_url).rstrip('/')}{prefix}", wording.language)
        name = f"{Path(task.name).stem}-{wording['answers_file']}{suffix}"
        return FileResponse(path, filename=name, background=BackgroundTask(path.unlink, missing_ok=True))


def _add_accuracy(app: FastAPI, site: Site, jobs: Jobs, prefix: str, wording: Wording) -> None:
    runs, gold = site.store.folder / RUNS, site.store.folder / GOLD
    words = Words(wording.language)

    @app.get(f"{prefix}/accuracy/past", response_class=HTMLResponse)
    def past() -> str:
        return past_html(past_runs(runs), collected(gold), wording, collecting=site.library is not None)

    @app.get(f"{prefix}/accuracy/runs/{{run}}", response_class=HTMLResponse)
    def report(run: str) -> str:
        return report_html(_run(runs, run).name, wording)

    @app.get(f"{prefix}/accuracy/runs/{{run}}/{{name}}")
    def file(run: str, name: str) -> Response:
        if name not in _MEDIA:
            raise HTTPException(404, f"{name}: no file of a run.")
        folder = _run(runs, run)
        if name == REPORT:
            return HTMLResponse(told_again(folder, words), headers={"Content-Security-Policy": _REPORT_POLICY})
        return FileResponse(folder / name, media_type=_MEDIA[name], filename=f"{run}-{name}")

    @app.get(f"{prefix}/accuracy/compare/{{first}}/{{second}}")
    def compared(first: str, second: str) -> Response:
        html = comparison_html(compare(read_run(_run(runs, first)), read_run(_run(runs, second))), words)
        return HTMLResponse(html, headers={"Content-Security-Policy": _REPORT_POLICY})

    _add_gold(app, site, jobs, prefix, wording)


def _add_gold(app: FastAPI, site: Site, jobs: Jobs, prefix: str, wording: Wording) -> None:
    gold = site.store.folder / GOLD

    @app.get(f"{prefix}/accuracy/gold.jsonl")
    def gold_file() -> Response:
        if not gold.exists():
            raise HTTPException(404, "No question is collected yet.")
        return FileResponse(gold, media_type="application/jsonl", filename=GOLD)

    @app.post(f"{prefix}/accuracy/gold", dependencies=_PAGE_ONLY)
    def measure_gold() -> Response:
        return _made("evaluation", gold, site, jobs, "", wording)

    if site.library is not None:

        @app.post(f"{prefix}/gold", dependencies=_PAGE_ONLY)
        def add_gold(note: dict[str, Any]) -> dict[str, str]:
            kept = collect(gold, judged(note, site.pipeline, site.store, wording), datetime.now(UTC))
            return {"said": wording.say("gold_added", count=wording.count("questions", kept))}

        @app.post(f"{prefix}/accuracy/gold/{{identity:path}}/remove", dependencies=_PAGE_ONLY)
        def remove_gold(identity: str) -> dict[str, int]:
            return {"left": remove(gold, identity)}


async def _received(request: Request, target: Path, wording: Wording) -> None:
    """Writes what is sent into a file, and no more of it than is taken."""
    size = 0
    with target.open("wb") as file:
        async for piece in request.stream():
            size += len(piece)
            if size > _LARGEST * 2**20:
                raise BadQuestion(wording.say("file_too_large", file=target.name, most=_LARGEST))
            file.write(piece)


def _made(kind: str, incoming: Path, site: Site, jobs: Jobs, column: str, wording: Wording) -> Response:
    """Returns a new job of a file; a table whose questions are not found comes back with its columns."""

    def make(folder: Path) -> Task:
        try:
            return new_task(kind, incoming, folder, site, column, wording.language)
        except NoQuestionColumn:
            raise
        except UserError as error:
            raise placeless(error, folder) from error

    try:
        return JSONResponse(job_object(jobs.add(make), wording), 201)
    except NoQuestionColumn as error:
        said = wording.say("no_column" if kind == "batch" else "no_gold_column", file=incoming.name)
        return JSONResponse({"said": said, "columns": error.columns if kind == "batch" else []}, 422)


def _job(jobs: Jobs, identity: str, wording: Wording) -> Job:
    try:
        return jobs.get(identity)
    except NoJob as error:
        raise HTTPException(404, wording["job_gone"]) from error
    except JobUnread as error:
        raise HTTPException(503, wording["job_unread"]) from error


def _batch(jobs: Jobs, identity: str, wording: Wording) -> BatchTask:
    task = _job(jobs, identity, wording).task
    if not isinstance(task, BatchTask):
        raise HTTPException(404, "This work has no answers.")
    return task


def _run(runs: Path, name: str) -> Path:
    there = [each for each in runs.iterdir() if each.name == name] if runs.is_dir() else []
    if not there or not (there[0] / REPORT).is_file():
        raise HTTPException(404, f"{name}: there is no such run.")
    return there[0]

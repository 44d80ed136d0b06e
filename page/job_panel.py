"""The parts that both tabs of long work share: where a file is dropped, how far a job is, and what can be done with it.

Pure: every text of a file or a user is escaped here. jobs.js puts what is made here into the page.
"""

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from documents.errors import UserError, told
from page.jobs import DONE, FAILED, READY, RUNNING, STOPPED, WAITING, Job, Progress
from page.tasks import MOST_PROBLEMS, BatchTask, EvaluationTask, Preview
from page.wording import Wording
from qa.batch import OUTPUTS
from qa.question_files import Row
from qa.questions import asked_in

_WORDS = "reading_file file_refused unreachable no_answer question_column use_column open forget_file".split()
_MINUTE, _HOUR = 60, 3600


def tab_html(kind: str, wording: Wording, accepted: Sequence[str], more: str) -> str:
    """Returns a tab: a place to drop a file, one for the job, one for files given earlier; then `more`.

    `kind` is "batch" or "evaluation".
    """
    name = {"batch": "batch", "evaluation": "accuracy"}[kind]
    words = escape(json.dumps({each: wording[each] for each in _WORDS}, ensure_ascii=False), quote=True)
    earlier = escape(wording["earlier_files"], quote=True)
    return (
        f'<section class="job-tab" data-kind="{kind}" data-words="{words}">'
        f'<p class="quiet intro">{escape(wording[f"{name}_intro"])}</p>'
        f'<label class="drop"><strong>{escape(wording[f"{name}_drop"])}</strong>'
        f'<span class="quiet">{escape(wording[f"{name}_formats"])}</span>'
        f'<input type="file" accept="{",".join(accepted)}"></label>'
        '<div class="job-error" role="alert"></div><p class="job-news" role="status"></p>'
        f'<div class="job"></div><nav class="job-earlier" aria-label="{earlier}" hidden>'
        f"<h2>{escape(wording['earlier_files'])}</h2><ul></ul>"
        f'<p class="quiet">{escape(wording["kept_two_weeks"])}</p></nav>{more}</section>'
    )


def job_object(job: Job, wording: Wording) -> dict[str, Any]:
    """Returns a job as jobs.js takes it: `html` when its state changes, `done` and `said` while it does not."""
    progress = job.progress()
    task = job.task
    return {
        "id": job.id,
        "name": _name(job),
        "state": progress.state,
        "done": progress.done,
        "total": progress.total,
        "said": said(progress, wording, writing=isinstance(task, EvaluationTask)),
        "news": _news(progress, wording),
        "run": task.run if isinstance(task, EvaluationTask) else "",
        "html": job_html(job, progress, wording),
    }


def said(progress: Progress, wording: Wording, *, writing: bool = False) -> str:
    """Returns how far a job is: done, rate, and time left as far as they can be told."""
    if writing and progress.state == RUNNING and progress.done == progress.total:
        return wording["writing_report"]
    parts = [
        wording.say("done_of", done=wording.number(progress.done), total=wording.number(progress.total)),
    ]
    if progress.rate is not None and progress.remaining is not None:
        parts.append(wording.say("rate", rate=wording.number(progress.rate, 1)))
        parts.append(_left(progress.remaining, wording))
    return ", ".join(parts)


def job_html(job: Job, progress: Progress, wording: Wording) -> str:
    """Returns a job as it is: its name, how far it is, and what can be done with it."""
    task = job.task
    batch = isinstance(task, BatchTask)
    parts = [f'<h2 tabindex="-1">{escape(_name(job))}</h2>']
    if progress.state == READY:
        return "".join([*parts, _before(task, wording), _buttons(wording, _start(task))])
    if progress.state in (WAITING, RUNNING):
        parts.append(_meter(progress, wording, writing=not batch))
        parts.append(f'<p class="quiet">{escape(wording["close_page"])}</p>')
        return "".join([*parts, _buttons(wording, ("stop", "stop"), other=False)])
    parts.append(f"<p>{escape(_news(progress, wording))}</p>")
    mixed = isinstance(task, BatchTask) and task.mixed and progress.state in (STOPPED, DONE)
    if mixed:
        said_of = "documents_changed" if progress.state == DONE else "outdated_documents"
        parts.append(f"<p><strong>{escape(wording[said_of])}</strong></p>")
    if isinstance(task, BatchTask) and progress.done:
        parts.append(_tally(task, wording))
        parts.append(_downloads(job, progress, wording))
    anew = ("anew", "begin_anew")
    act = anew if mixed else {STOPPED: ("start", "go_on"), FAILED: anew}.get(progress.state)
    return "".join([*parts, _buttons(wording, act)])


def _name(job: Job) -> str:
    task = job.task
    return task.name if isinstance(task, BatchTask | EvaluationTask) else job.id


def _news(progress: Progress, wording: Wording) -> str:
    """Returns the state in words."""
    if progress.state == FAILED:
        why = told(progress.error, wording.language) if progress.error else wording["job_fault"]
        return f"{wording['job_failed']} {why}"
    return wording[f"job_{progress.state}"].format(
        done=wording.number(progress.done), total=wording.number(progress.total)
    )


def _left(seconds: float, wording: Wording) -> str:
    if seconds < 1.5 * _MINUTE:
        return wording.say("seconds_left", count=round(seconds))
    if seconds < _HOUR:
        return wording.say("minutes_left", count=round(seconds / _MINUTE))
    hours, rest = divmod(round(seconds / _MINUTE), _MINUTE)
    return wording.say("hours_left", hours=hours, minutes=rest)


def _meter(progress: Progress, wording: Wording, *, writing: bool) -> str:
    label = escape(wording[f"job_{progress.state}"])
    return (
        f'<p class="state" id="job-state">{label}</p><progress max="{progress.total}" value="{progress.done}" '
        f'aria-labelledby="job-state"></progress><p class="said">{escape(said(progress, wording, writing=writing))}</p>'
    )


def _before(task: object, wording: Wording) -> str:
    """Returns what a file holds before it is worked on."""
    if isinstance(task, EvaluationTask):
        return _counted(task, wording) + _problems(task, wording)
    return _previewed(task, wording) if isinstance(task, BatchTask) else ""


def _start(task: object) -> tuple[str, str] | None:
    """Returns what begins the work; nothing where the file must be mended first."""
    if isinstance(task, BatchTask):
        return "start", "start_batch"
    if isinstance(task, EvaluationTask) and task.problems:
        return ("start", "start_as_it_is") if task.golds else None
    return "start", "start_evaluation"


def _counted(task: EvaluationTask, wording: Wording) -> str:
    if not task.golds:
        return ""
    counted = wording.count("questions", task.total)
    return f"<p>{escape(counted)}. {escape(wording.say('gold_of', answerable=wording.number(task.answerable)))}</p>"


def _problems(task: EvaluationTask, wording: Wording) -> str:
    """Returns what is wrong with the file, row by row."""
    if not task.problems:
        return ""
    note = wording["problems_some" if task.golds else "problems_unusable"]
    if len(task.problems) >= MOST_PROBLEMS:
        note += f" {wording.say('problems_more', count=wording.number(MOST_PROBLEMS))}"
    names = ("problem_row", "problem_what", "problem_nearest")
    heads = "".join(f'<th scope="col">{escape(wording[name])}</th>' for name in names)
    rows = "".join(
        f"<tr><td>{escape(each.row)}</td><td>{escape(each.told(wording.language))}</td><td>{escape(each.nearest)}</td></tr>"
        for each in task.problems
    )
    caption = escape(wording["problems"])
    return (
        f'<p role="alert">{escape(note)}</p><div class="job-scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="job-table preview problems"><caption>{caption}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _previewed(task: BatchTask, wording: Wording) -> str:
    found = task.preview
    roles = ", ".join(wording[f"role_{role}"] for role in found.roles)
    lines = [f"{wording.count('questions', task.total)}. {wording.say('recognised', columns=roles)}"]
    if found.extra:
        lines.append(wording.say("carried", columns=", ".join(found.extra)))
    return "".join(f"<p>{escape(line)}</p>" for line in lines) + preview_html(found, wording)


def preview_html(found: Preview, wording: Wording) -> str:
    """Returns the first rows as a table; a row that cannot be used says why."""
    names = [*(wording[f"role_{role}"] for role in found.roles), *found.extra]
    heads = "".join(
        f'<th scope="col"{" class=carried" if at >= len(found.roles) else ""}>{escape(name)}</th>'
        for at, name in enumerate(names)
    )
    rows = []
    for row in found.rows:
        cells = [*(row.fields.get(role) for role in found.roles), *(row.extra.get(name) for name in found.extra)]
        if row.error:
            rows.append(f'<tr><td colspan="{len(names)}">{escape(_why(row, wording))}</td></tr>')
        else:
            rows.append(f"<tr>{''.join(f'<td>{escape(_shown(cell))}</td>' for cell in cells)}</tr>")
    caption = escape(wording["first_rows"])
    return (
        f'<div class="job-scroll" tabindex="0" role="region" aria-label="{caption}"><table class="job-table preview">'
        f"<caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _why(row: Row, wording: Wording) -> str:
    """Returns why a row cannot be used."""
    try:
        asked_in(row)
    except UserError as error:
        return told(error, wording.language)
    return ""


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    text = cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _tally(task: BatchTask, wording: Wording) -> str:
    task.answers.refresh()
    statuses = task.answers.tally.statuses
    counts = [wording.count(status, count) for status, count in statuses.items() if count or status == "answered"]
    return f'<p class="tally">{escape("; ".join(counts))}.</p>'


def _downloads(job: Job, progress: Progress, wording: Wording) -> str:
    links = "".join(
        f'<a class="button" download href="jobs/{job.id}/answers{suffix}">'
        f'{escape(wording[f"answers_{suffix[1:]}"])} <span class="quiet">{suffix}</span></a>'
        for suffix in sorted(OUTPUTS, key=(".xlsx", ".docx", ".csv", ".jsonl").index)
    )
    label = wording["download" if progress.state == DONE else "download_part"]
    return f'<p class="downloads"><span>{escape(label)}</span> {links}</p>'


def _buttons(wording: Wording, act: tuple[str, str] | None, *, other: bool = True) -> str:
    acts = [(*act, "act primary" if act[0] != "stop" else "act")] if act else []
    if other:
        acts.append(("another", "another_file", "act"))
    buttons = "".join(
        f'<button type="button" class="{style}" data-act="{name}">{escape(wording[word])}</button>'
        for name, word, style in acts
    )
    return f'<p class="acts">{buttons}</p>'

"""The tab that says how often answers are right: a gold file is run, its report shown, and runs set side by side.

Pure HTML. Jobs hold the state (jobs.py, tasks.py), job_routes.py serves what is made here, jobs.js puts it into the
page.
"""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

import gradio as gr

from page.job_panel import tab_html
from page.trend import trends_html
from page.wording import Wording
from qa.evaluation.collected import Collected
from qa.evaluation.folder import REPORT, RESULTS, SUMMARY
from qa.evaluation.gold import SUFFIXES
from qa.evaluation.history import PastRun

_SHARES = {  # the heading of a column -> its figure
    "past_decision": "decision",
    "past_first": "sentence_hit@1",
    "past_found": "evidence_recall@5",
    "past_refusals": "wrong_refusals",
}
_MOST = 100  # runs in the table


def build_accuracy(wording: Wording) -> None:
    """Puts the tab's parts on the page that is being built."""
    more = (
        f'<div class="job-report" role="region" aria-label="{escape(wording["report"], quote=True)}"></div>'
        '<div class="job-past"></div>'
    )
    gr.HTML(tab_html("evaluation", wording, SUFFIXES, more), elem_id="accuracy")


def past_html(runs: Sequence[PastRun], gold: Sequence[Collected], wording: Wording, *, collecting: bool) -> str:
    """Returns the questions that were collected, the trend, and the table of past runs; `runs` are earliest first.

    `collecting`: questions may be added to `gold`, and taken out.
    """
    return _gold(gold, wording, collecting=collecting) + _runs(runs, wording)


def report_html(run: str, wording: Wording) -> str:
    """Returns the report of a run in a frame that can reach nothing, with the ways to its files."""
    base = f"accuracy/runs/{quote(run)}"
    links = "".join(
        f'<a class="button"{more} href="{base}/{name}">{escape(wording[word])}</a>'
        for name, word, more in (
            (REPORT, "report_alone", ' target="_blank" rel="noopener"'),
            (RESULTS, "report_rows", " download"),
            (SUMMARY, "report_summary", " download"),
        )
    )
    title = escape(wording["report"], quote=True)
    return (
        f'<h2 tabindex="-1">{escape(wording["report"])}</h2><p class="downloads">{links}</p>'
        f'<iframe sandbox="allow-scripts" src="{base}/{REPORT}" title="{title}"></iframe>'
    )


def _gold(gold: Sequence[Collected], wording: Wording, *, collecting: bool) -> str:
    if not gold and not collecting:
        return ""
    if not gold:
        body = f'<p class="quiet">{escape(wording["gold_empty"])}</p>'
    else:
        answerable = sum(each.answerable for each in gold)
        numbers = {"answerable": answerable, "none": len(gold) - answerable}
        counted = {name: wording.number(each) for name, each in numbers.items()}
        said = wording.say("gold_count", all=wording.count("questions", len(gold)), **counted)
        listed = "".join(_collected(each, wording, collecting=collecting) for each in reversed(gold))
        body = (
            f'<p>{escape(said)}</p><p class="acts"><button type="button" class="act" data-act="gold">'
            f"{escape(wording['gold_measure'])}</button>"
            f'<a class="button" download href="accuracy/gold.jsonl">{escape(wording["gold_download"])}</a></p>'
            f'<details class="gold-list"><summary>{escape(wording["gold_list"])}</summary><ul>{listed}</ul></details>'
        )
    return f'<section class="job-gold"><h2>{escape(wording["gold_heading"])}</h2>{body}</section>'


def _collected(each: Collected, wording: Wording, *, collecting: bool) -> str:
    follows = f' <span class="quiet">({escape(wording["gold_follows"])})</span>' if each.follows else ""
    right = " […] ".join(each.evidence) if each.answerable else wording["gold_none"]
    places = f", {', '.join(each.documents)}" if each.documents else ""
    button = ""
    if collecting:
        label = escape(f"{wording['gold_remove']}: {each.question}", quote=True)
        button = (
            f' <button type="button" class="act gold-remove" data-id="{escape(each.id, quote=True)}" '
            f'aria-label="{label}">{escape(wording["gold_remove"])}</button>'
        )
    return (
        f"<li><span>{escape(each.question)}{follows}</span>{button}"
        f'<div class="quiet">{escape(right)}{escape(places)}</div></li>'
    )


def _runs(runs: Sequence[PastRun], wording: Wording) -> str:
    heading = f"<h2>{escape(wording['past_runs'])}</h2>"
    if not runs:
        return f'{heading}<p class="quiet">{escape(wording["past_none"])}</p>'
    names = ("past_when", "past_questions", "past_count", *_SHARES, "past_seconds")
    heads = "".join(f'<th scope="col">{escape(wording[name])}</th>' for name in names)
    rows = []
    for at in range(len(runs) - 1, max(-1, len(runs) - 1 - _MOST), -1):
        before = next((each for each in reversed(runs[:at]) if each.run.questions == runs[at].run.questions), None)
        rows.append(_run(runs[at], before, wording))
    label = escape(wording["past_runs"], quote=True)
    return (
        f'{heading}<p class="quiet">{escape(wording["past_note"])}</p>{trends_html(runs, wording)}'
        f'<div class="job-scroll" tabindex="0" role="region" aria-label="{label}"><table class="job-table past">'
        f'<thead><tr>{heads}<th scope="col"></th></tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _run(past: PastRun, before: PastRun | None, wording: Wording) -> str:
    run = past.run
    cells = [escape(run.began), escape(run.questions), wording.number(past.asked + past.errors)]
    cells += [_share(past, name, wording) for name in _SHARES.values()]
    seconds = past.figures.get("seconds_p50")
    cells.append(f"{wording.number(1000 * seconds['value'])} ms" if seconds else "–")
    opened = escape(f"{wording['past_open']}: {run.questions}, {run.began}", quote=True)
    ways = (
        f'<button type="button" class="act run-open" data-run="{escape(past.name, quote=True)}" aria-label="{opened}">'
        f"{escape(wording['past_open'])}</button>"
    )
    if before:
        link = f"accuracy/compare/{quote(before.name)}/{quote(past.name)}"
        ways += (
            f'<a class="compare" href="{link}" target="_blank" rel="noopener" '
            f'aria-label="{escape(wording["past_compare"], quote=True)}">{escape(wording["compare"])}</a>'
        )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}<td>{ways}</td></tr>"


def _share(past: PastRun, name: str, wording: Wording) -> str:
    figure = past.figures.get(name)
    if figure is None:
        return "–"
    interval = ""
    if figure["low"] is not None:
        interval = f' <span class="quiet">{wording.share(figure["low"])}–{wording.share(figure["high"])}</span>'
    return f"{wording.share(figure['value'])}{interval}"

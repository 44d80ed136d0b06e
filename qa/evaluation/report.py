"""The report of an evaluation as one HTML file. Pure: every text of a question or a document is escaped here."""

from collections.abc import Sequence
from html import escape

from qa.evaluation.figures import GROUPS, LABELS
from qa.evaluation.overview import Overview
from qa.evaluation.page import page, table
from qa.evaluation.plots import Bar, bars_plot, latency_plot, reliability_plot, risk_coverage_plot
from qa.evaluation.question_table import anchor, questions_html
from qa.evaluation.row import Row
from qa.evaluation.summary import Summary, asked
from qa.evaluation.wording import ENGLISH, Words
from qa.refuse import THRESHOLDS

_CARDS = (
    "decision",
    "sentence_hit@1",
    "sentence_hit@any",
    "evidence_recall@5",
    "wrong_refusals",
    "refusal_recall",
    "verbatim",
    "seconds_p50",
)
_BY_GROUP = ("evidence_recall@5", "passage_ndcg@10", "sentence_hit@1", "sentence_hit@any", "squad_f1", "decision")
_STEPS = ("retrieval", "answer", "citation", "refusal", "time")


def report_html(found: Overview, rows: Sequence[Row], words: Words = ENGLISH) -> str:
    """Returns the report of a run."""
    run = found.run
    told = {
        "asked": words.number(found.asked),
        "index": run.index,
        "began": run.began,
        "refuse": run.refuse,
        "reader": words["on" if run.rerank else "off"],
        "model": run.model,
        "errors": words.say("report_errors", count=words.number(found.errors)) if found.errors else "",
    }
    head = (
        f"<h1>{escape(words.say('report_heading', questions=run.questions))}</h1>"
        f'<p class="quiet">{escape(words.say("report_head", **told))}</p>'
    )
    body = [
        _cards(found.figures, words),
        _failures(found, words),
        _plots(found, rows, words),
        _figures(found, words),
        _groups(found, words),
        questions_html(rows, run.refuse, words),
    ]
    title = words.say("report_title", questions=run.questions)
    return page(title, head, "\n".join(filter(None, body)), words.language)


def _cards(figures: Summary, words: Words) -> str:
    items = "".join(
        f"<li><span>{escape(words.label(name))}</span><b>{words.value(name, figures[name]['value'])}</b>"
        f'<span class="quiet">{words.interval(name, figures[name])}, n={words.number(figures[name]["n"])}</span></li>'
        for name in _CARDS
        if name in figures
    )
    return f'<ul class="cards" aria-label="{words["main_figures"]}">{items}</ul>'


def _failures(found: Overview, words: Words) -> str:
    total = max(1, sum(found.failures.values()))
    lines = "".join(
        f'<tr class="{anchor(kind)}"><th scope="row"><a href="#{anchor(kind)}">{words[kind]}</a></th>'
        f'<td class="number">{words.number(count)}</td>'
        f'<td class="number">{words.share(count / total, 1)}</td>'
        f'<td><span class="meter" style="width:{160 * count / total:.0f}px"></span></td>'
        f"<td>{words[f'{kind}_means']}</td></tr>"
        for kind, count in found.failures.items()
        if count
    )
    return (
        f'<h2>{words["wrong_heading"]}</h2><div class="scroll" tabindex="0"><table class="narrow">'
        f"<caption>{words['wrong_caption']}</caption>"
        f'<thead><tr><th scope="col">{words["happened"]}</th><th scope="col" class="number">{words["questions"]}</th>'
        f'<th scope="col" class="number">{words["share"]}</th><td></td><th scope="col">{words["meaning"]}</th></tr>'
        f"</thead><tbody>{lines}</tbody></table></div>"
    )


def _plots(found: Overview, rows: Sequence[Row], words: Words) -> str:
    figures: list[tuple[str, str, str]] = []
    if found.risk_coverage:
        area = words.value("", found.figures["risk_coverage_area"]["value"])
        drawn = risk_coverage_plot(found.risk_coverage, THRESHOLDS[found.run.refuse], words)
        figures.append((words["risk"], drawn, words.say("risk_told", area=area)))
    if found.reliability:
        error = words.value("", found.figures["calibration_error"]["value"])
        drawn = reliability_plot(found.reliability, words)
        figures.append((words["reliability"], drawn, words.say("reliability_told", error=error)))
    for dimension, groups in found.groups.items():
        name = "decision" if all("decision" in each for each in groups.values()) else "sentence_hit@1"
        bars = [_bar(value, summary, name, words) for value, summary in groups.items() if name in summary]
        if bars:
            title = words.say("bars_title", figure=words.label(name).capitalize(), dimension=words[f"by_{dimension}"])
            figures.append((title, bars_plot(title, bars, words), words["bars_told"]))
    seconds = [row.seconds for row in asked(rows)]
    if seconds:
        median, late = (words.value("seconds", found.figures[name]["value"]) for name in ("seconds_p50", "seconds_p95"))
        told = words.say("time_told", median=median, late=late)
        figures.append((words["time"], latency_plot(seconds, words), told))
    plots = "".join(
        f"<figure><h3>{escape(title)}</h3>{svg}<figcaption>{told}</figcaption></figure>" for title, svg, told in figures
    )
    return f'<h2>{words["pictures"]}</h2><div class="plots">{plots}</div>' if plots else ""


def _bar(value: str, summary: Summary, name: str, words: Words) -> Bar:
    figure = summary[name]
    return Bar(value or words["none"], figure["value"], figure["low"], figure["high"], figure["n"])


def _figures(found: Overview, words: Words) -> str:
    rows = [
        (
            f'{escape(words.label(name))} <span class="quiet">{escape(name)}</span>',
            words[{"time": "time_group"}.get(GROUPS[name], GROUPS[name])],
            words.value(name, figure["value"]),
            words.interval(name, figure),
            words.number(figure["n"]),
        )
        for name, figure in sorted(found.figures.items(), key=lambda each: _order(each[0]))
    ]
    heads = (words["figure"], words["of"], words["value"], words["interval"], "n")
    return f"<h2>{words['all_figures']}</h2>" + table(words["figures_caption"], heads, rows, css="narrow")


def _order(name: str) -> tuple[int, int]:
    return _STEPS.index(GROUPS[name]), list(LABELS).index(name)


def _groups(found: Overview, words: Words) -> str:
    parts = []
    for dimension, groups in found.groups.items():
        names = [name for name in _BY_GROUP if any(name in summary for summary in groups.values())]
        rows = [
            (
                escape(value or words["none"]),
                words.number(summary["seconds"]["n"]),
                *(_cell(name, summary, words) for name in names),
            )
            for value, summary in groups.items()
        ]
        label = words[f"by_{dimension}"]
        heads = (label, words["questions"], *(escape(words.label(name)) for name in names))
        parts.append(table(words.say("group_caption", dimension=label), heads, rows))
    return f"<h2>{words['groups']}</h2>" + "<p></p>".join(parts) if parts else ""


def _cell(name: str, summary: Summary, words: Words) -> str:
    if name not in summary:
        return "–"
    figure = summary[name]
    limits = words.say("to", low=words.number(figure["low"], 2), high=words.number(figure["high"], 2))
    return f'{words.number(figure["value"], 3)}<br><span class="quiet">{limits}</span>'

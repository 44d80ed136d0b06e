"""The report of an evaluation as one HTML file. Pure: every text of a question or a document is escaped here."""

from collections.abc import Sequence
from html import escape

from qa.evaluation.failures import KINDS
from qa.evaluation.figures import GROUPS, LABELS
from qa.evaluation.overview import Overview
from qa.evaluation.page import interval_text, page, table, value_text
from qa.evaluation.plots import Bar, bars_plot, latency_plot, reliability_plot, risk_coverage_plot
from qa.evaluation.question_table import DIMENSION_LABELS, anchor, questions_html
from qa.evaluation.row import Row
from qa.evaluation.summary import Summary, asked
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
_WITHOUT = "none"


def report_html(found: Overview, rows: Sequence[Row]) -> str:
    """Returns the report of a run."""
    run = found.run
    errors = f" {found.errors} could not be asked; no figure counts them." if found.errors else ""
    reader = "on" if run.rerank else "off"
    head = (
        f"<h1>How right the answers are: {escape(run.questions)}</h1>"
        f'<p class="quiet">{found.asked:,} questions on the index {escape(run.index)}, begun {escape(run.began)}. '
        f"Refusal setting: {run.refuse}; cross-encoder: {reader}; model: {escape(run.model)}.{errors} Beside a figure "
        "stands its 95% bootstrap interval: on other questions of this kind expect a value within it.</p>"
    )
    body = [
        _cards(found.figures),
        _failures(found),
        _plots(found, rows),
        _figures(found),
        _groups(found),
        questions_html(rows, run.refuse),
    ]
    return page(f"Accuracy: {run.questions}", head, "\n".join(filter(None, body)))


def _cards(figures: Summary) -> str:
    items = "".join(
        f"<li><span>{escape(LABELS[name])}</span><b>{value_text(name, figures[name]['value'])}</b>"
        f'<span class="quiet">{interval_text(name, figures[name])}, n={figures[name]["n"]:,}</span></li>'
        for name in _CARDS
        if name in figures
    )
    return f'<ul class="cards" aria-label="Main figures">{items}</ul>'


def _failures(found: Overview) -> str:
    total = max(1, sum(found.failures.values()))
    lines = "".join(
        f'<tr class="{anchor(kind)}"><th scope="row"><a href="#{anchor(kind)}">{kind}</a></th>'
        f'<td class="number">{count:,}</td>'
        f'<td class="number">{count / total:.1%}</td>'
        f'<td><span class="meter" style="width:{160 * count / total:.0f}px"></span></td><td>{KINDS[kind]}</td></tr>'
        for kind, count in found.failures.items()
        if count
    )
    return (
        "<h2>Where answers go wrong</h2>"
        '<div class="scroll" tabindex="0"><table class="narrow">'
        "<caption>Every question counts once, at the first step that failed.</caption>"
        '<thead><tr><th scope="col">what happened</th><th scope="col" class="number">questions</th>'
        '<th scope="col" class="number">share</th><td></td><th scope="col">meaning</th></tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _plots(found: Overview, rows: Sequence[Row]) -> str:
    figures: list[tuple[str, str, str]] = []
    if found.risk_coverage:
        area = value_text("", found.figures["risk_coverage_area"]["value"])
        figures.append(
            (
                "Risk and coverage",
                risk_coverage_plot(found.risk_coverage, THRESHOLDS[found.run.refuse]),
                f"Answers without the right sentence first are wrong. Area under the curve: {area} (less is better).",
            )
        )
    if found.reliability:
        error = value_text("", found.figures["calibration_error"]["value"])
        figures.append(
            (
                "Reliability of confidence",
                reliability_plot(found.reliability),
                f"Dots on the dashed line are honest; bars: how many questions. Expected calibration error: {error}.",
            )
        )
    for dimension, groups in found.groups.items():
        name = "decision" if all("decision" in each for each in groups.values()) else "sentence_hit@1"
        bars = [_bar(value, summary, name) for value, summary in groups.items() if name in summary]
        if bars:
            title = f"{LABELS[name].capitalize()}, by {DIMENSION_LABELS[dimension]}"
            figures.append((title, bars_plot(title, bars), "The line on each bar is its 95% interval."))
    seconds = [row.seconds for row in asked(rows)]
    if seconds:
        median, late = (value_text("seconds", found.figures[name]["value"]) for name in ("seconds_p50", "seconds_p95"))
        told = f"Half of the questions within {median}, 95 of a hundred within {late}."
        figures.append(("Time a question takes", latency_plot(seconds), told))
    drawn = "".join(
        f"<figure><h3>{escape(title)}</h3>{svg}<figcaption>{told}</figcaption></figure>" for title, svg, told in figures
    )
    return f'<h2>Pictures</h2><div class="plots">{drawn}</div>' if drawn else ""


def _bar(value: str, summary: Summary, name: str) -> Bar:
    figure = summary[name]
    return Bar(value or _WITHOUT, figure["value"], figure["low"], figure["high"], figure["n"])


def _figures(found: Overview) -> str:
    rows = [
        (
            f'{escape(LABELS[name])} <span class="quiet">{escape(name)}</span>',
            GROUPS[name],
            value_text(name, figure["value"]),
            interval_text(name, figure),
            f"{figure['n']:,}",
        )
        for name, figure in sorted(found.figures.items(), key=lambda each: _order(each[0]))
    ]
    told = "n is what a figure is counted over: questions, or quotes. Definitions: docs/metrics.md of the project."
    return "<h2>All figures</h2>" + table(told, ("figure", "of", "value", "95% interval", "n"), rows, css="narrow")


def _order(name: str) -> tuple[int, int]:
    steps = ("retrieval", "answer", "citation", "refusal", "time")
    return steps.index(GROUPS[name]), list(LABELS).index(name)


def _groups(found: Overview) -> str:
    parts = []
    for dimension, groups in found.groups.items():
        names = [name for name in _BY_GROUP if any(name in summary for summary in groups.values())]
        rows = [
            (escape(value or _WITHOUT), f"{summary['seconds']['n']:,}", *(_cell(name, summary) for name in names))
            for value, summary in groups.items()
        ]
        heads = (DIMENSION_LABELS[dimension], "questions", *(escape(LABELS[name]) for name in names))
        parts.append(table(f"By {DIMENSION_LABELS[dimension]}, with 95% intervals", heads, rows))
    return "<h2>By kind of question</h2>" + "<p></p>".join(parts) if parts else ""


def _cell(name: str, summary: Summary) -> str:
    if name not in summary:
        return "–"
    figure = summary[name]
    return f'{figure["value"]:.3f}<br><span class="quiet">{figure["low"]:.2f} to {figure["high"]:.2f}</span>'

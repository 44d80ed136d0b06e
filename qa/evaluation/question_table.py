"""The table of every question: what was expected, what was given, and why it counts as wrong."""

from collections.abc import Sequence
from html import escape

from qa.evaluation.failures import KINDS, RIGHT, failure, reason
from qa.evaluation.row import Row

DIMENSION_LABELS = {
    "set": "question set",
    "category": "category",
    "language": "language",
    "kind": "kind of document",
}
# Name, whether its cells are numbers, width in percent.
_COLUMNS = (
    ("Question", "no", 20),
    ("Expected", "no", 19),
    ("Given, as quotes", "no", 26),
    ("Confidence", "yes", 8),
    ("Seconds", "yes", 7),
    ("Why", "no", 20),
)


def questions_html(rows: Sequence[Row], refuse: str) -> str:
    """Returns the table of every question, below its filters. `refuse` is the setting that rows were judged at."""
    heads = "".join(
        f'<th scope="col" style="width:{width}%" data-numeric="{numeric}">'
        f'<button class="sort" type="button">{name}</button></th>'
        for name, numeric, width in _COLUMNS
    )
    bodies = "".join(_body(kind, [row for row in rows if failure(row) == kind], refuse) for kind in KINDS)
    return (
        f'<h2>Every question</h2>{_tools(rows)}<div class="scroll" tabindex="0"><table id="questions">'
        "<caption>Grouped by what went wrong. Quotes of the evidence are marked ✓. A heading sorts within each group."
        f"</caption><thead><tr>{heads}</tr></thead>{bodies}</table></div>"
    )


def _tools(rows: Sequence[Row]) -> str:
    choices = [("kind", "what happened", [kind for kind in KINDS if any(failure(row) == kind for row in rows)])]
    for field, label in DIMENSION_LABELS.items():
        values = sorted({getattr(row, field) for row in rows} - {""})
        if len(values) > 1:
            choices.append(("doc" if field == "kind" else field, label, values))
    selects = "".join(
        f'<label>{label}<select data-filter="{name}"><option value="">all</option>'
        + "".join(f"<option>{escape(value)}</option>" for value in values)
        + "</select></label>"
        for name, label, values in choices
    )
    search = '<label>find in the table<input type="search" data-filter="text" placeholder="a word"></label>'
    return f'<div class="tools">{search}{selects}<span id="shown" class="quiet" role="status"></span></div>'


def _body(kind: str, rows: Sequence[Row], refuse: str) -> str:
    if not rows:
        return ""
    css = "right" if kind == RIGHT else "wrong"
    head = f'<tr class="kind" id="{anchor(kind)}"><th scope="rowgroup" colspan="{len(_COLUMNS)}">{kind}: {len(rows):,} '
    return (
        f'<tbody class="{css}">{head}<span>{KINDS[kind]}</span></th></tr>'
        + "".join(_row(row, kind, refuse) for row in rows)
        + "</tbody>"
    )


def _row(row: Row, kind: str, refuse: str) -> str:
    data = {"kind": kind, "set": row.set, "category": row.category, "language": row.language, "doc": row.kind}
    attributes = "".join(f' data-{name}="{escape(value, quote=True)}"' for name, value in data.items())
    tags = " · ".join(filter(None, [row.id, row.set, row.category, row.language, row.kind]))
    asked_as = (
        f'<div class="tag">read as: {escape(row.standalone)}</div>' if row.standalone not in ("", row.question) else ""
    )
    cells = (
        f'<td>{escape(row.question)}{asked_as}<div class="tag">{escape(tags)}</div></td>'
        f'<td><div class="long">{_expected(row)}</div></td>'
        f'<td><div class="long">{_given(row)}</div></td>'
        f'<td class="number" data-key="{row.confidence}">{row.confidence:.2f}</td>'
        f'<td class="number" data-key="{row.seconds}">{row.seconds:.2f}</td>'
        f"<td>{escape(reason(row, refuse))}</td>"
    )
    return f"<tr{attributes}>{cells}</tr>"


def _expected(row: Row) -> str:
    if not row.answerable:
        return "<em>no answer in the documents</em>"
    parts = [escape(" / ".join(row.answers))] if row.answers else []
    evidence = [each for each in row.evidence if each not in row.answers]
    if evidence:
        parts.append(f'<div class="tag">evidence: {escape(" […] ".join(evidence))}</div>')
    if row.documents:
        parts.append(f'<div class="tag">in {escape(", ".join(row.documents))}</div>')
    return "".join(parts)


def _given(row: Row) -> str:
    if row.error:
        return ""
    refused = "<em>refused; these quotes were not shown:</em>" if row.refused and row.quotes else ""
    items = "".join(
        f'<li class="{"of-evidence" if supports else ""}">{"✓ " if supports else ""}{escape(quote)}'
        f'{"" if verbatim else " <strong>(not word for word)</strong>"} <span class="tag">{escape(source)}</span></li>'
        for quote, supports, verbatim, source in zip(row.quotes, row.supports, row.verbatim, row.sources, strict=True)
    )
    return f"{refused}<ol>{items}</ol>" if items else "<em>refused</em>"


def anchor(kind: str) -> str:
    """Returns the id under which the table holds the failures of a kind."""
    return kind.replace(" ", "-")

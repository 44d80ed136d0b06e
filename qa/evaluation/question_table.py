"""The table of every question: what was expected, what was given, and why it counts as wrong."""

from collections.abc import Sequence
from html import escape

from qa.evaluation.failures import KINDS, RIGHT, failure, reason
from qa.evaluation.row import Row
from qa.evaluation.summary import DIMENSIONS
from qa.evaluation.wording import Words

# Word, whether its cells are numbers, width in percent.
_COLUMNS = (
    ("column_question", "no", 20),
    ("column_expected", "no", 19),
    ("column_given", "no", 26),
    ("column_confidence", "yes", 8),
    ("column_seconds", "yes", 7),
    ("column_why", "no", 20),
)


def questions_html(rows: Sequence[Row], refuse: str, words: Words) -> str:
    """Returns the table of every question, below its filters. `refuse` is the setting that rows were judged at."""
    heads = "".join(
        f'<th scope="col" style="width:{width}%" data-numeric="{numeric}">'
        f'<button class="sort" type="button">{words[name]}</button></th>'
        for name, numeric, width in _COLUMNS
    )
    bodies = "".join(_body(kind, [row for row in rows if failure(row) == kind], refuse, words) for kind in KINDS)
    return (
        f'<h2>{words["every"]}</h2>{_tools(rows, words)}<div class="scroll" tabindex="0"><table id="questions">'
        f"<caption>{words['every_caption']}</caption><thead><tr>{heads}</tr></thead>{bodies}</table></div>"
    )


def _tools(rows: Sequence[Row], words: Words) -> str:
    kinds = {kind: words[kind] for kind in KINDS if any(failure(row) == kind for row in rows)}
    choices = [("kind", words["happened"], kinds)]
    for field in DIMENSIONS:
        values = sorted({getattr(row, field) for row in rows} - {""})
        if len(values) > 1:
            name = "doc" if field == "kind" else field
            choices.append((name, words[f"by_{field}"], {value: value for value in values}))
    selects = "".join(
        f'<label>{label}<select data-filter="{name}"><option value="">{words["all"]}</option>'
        + "".join(
            f'<option value="{escape(value, quote=True)}">{escape(shown)}</option>' for value, shown in values.items()
        )
        + "</select></label>"
        for name, label, values in choices
    )
    search = f'<label>{words["find"]}<input type="search" data-filter="text" placeholder="{words["a_word"]}"></label>'
    shown = f'<span id="shown" class="quiet" role="status" data-words="{words["shown"]}"></span>'
    return f'<div class="tools">{search}{selects}{shown}</div>'


def _body(kind: str, rows: Sequence[Row], refuse: str, words: Words) -> str:
    if not rows:
        return ""
    css = "right" if kind == RIGHT else "wrong"
    counted = words.say("counted", list=words[kind], count=words.number(len(rows)))
    head = f'<tr class="kind" id="{anchor(kind)}"><th scope="rowgroup" colspan="{len(_COLUMNS)}">{counted} '
    return (
        f'<tbody class="{css}">{head}<span>{words[f"{kind}_means"]}</span></th></tr>'
        + "".join(_row(row, kind, refuse, words) for row in rows)
        + "</tbody>"
    )


def _row(row: Row, kind: str, refuse: str, words: Words) -> str:
    data = {"kind": kind, "set": row.set, "category": row.category, "language": row.language, "doc": row.kind}
    attributes = "".join(f' data-{name}="{escape(value, quote=True)}"' for name, value in data.items())
    tags = " · ".join(filter(None, [row.id, row.set, row.category, row.language, row.kind]))
    asked_as = ""
    if row.standalone not in ("", row.question):
        asked_as = f'<div class="tag">{escape(words.say("read_as", question=row.standalone))}</div>'
    cells = (
        f'<td>{escape(row.question)}{asked_as}<div class="tag">{escape(tags)}</div></td>'
        f'<td><div class="long">{_expected(row, words)}</div></td>'
        f'<td><div class="long">{_given(row, words)}</div></td>'
        f'<td class="number" data-key="{row.confidence}">{words.number(row.confidence, 2)}</td>'
        f'<td class="number" data-key="{row.seconds}">{words.number(row.seconds, 2)}</td>'
        f"<td>{escape(reason(row, refuse, words))}</td>"
    )
    return f"<tr{attributes}>{cells}</tr>"


def _expected(row: Row, words: Words) -> str:
    if not row.answerable:
        return f"<em>{words['no_answer']}</em>"
    parts = [escape(" / ".join(row.answers))] if row.answers else []
    evidence = [each for each in row.evidence if each not in row.answers]
    if evidence:
        told = words.say("evidence", evidence=" […] ".join(evidence))
        parts.append(f'<div class="tag">{escape(told)}</div>')
    if row.documents:
        told = words.say("in_documents", documents=", ".join(row.documents))
        parts.append(f'<div class="tag">{escape(told)}</div>')
    return "".join(parts)


def _given(row: Row, words: Words) -> str:
    if row.error:
        return ""
    refused = f"<em>{words['not_shown']}</em>" if row.refused and row.quotes else ""
    changed = f" <strong>{words['not_verbatim']}</strong>"
    items = "".join(
        f'<li class="{"of-evidence" if supports else ""}">{"✓ " if supports else ""}{escape(quote)}'
        f'{"" if verbatim else changed} <span class="tag">{escape(source)}</span></li>'
        for quote, supports, verbatim, source in zip(row.quotes, row.supports, row.verbatim, row.sources, strict=True)
    )
    return f"{refused}<ol>{items}</ol>" if items else f"<em>{words['refused']}</em>"


def anchor(kind: str) -> str:
    """Returns the id under which the table holds the failures of a kind."""
    return kind.replace(" ", "-")

"""A comparison as text for the terminal and as one HTML file."""

from collections.abc import Iterator, Sequence
from html import escape

from qa.evaluation.compare import Comparison, Difference, Pair
from qa.evaluation.failures import failure, reason
from qa.evaluation.figures import LABELS, LOWER_IS_BETTER
from qa.evaluation.page import page, table, value_text
from qa.evaluation.row import Row

_SHOWN = 20  # questions of each list in the terminal; the page has all


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Yields what the terminal shows."""
    yield _population(found)
    yield f"{'':22} {'first':>9} {'second':>9}  {'change':>9}  95% interval"
    for each in found.differences:
        first, second, change = (value_text(each.name, value) for value in (each.first, each.second, each.change))
        yield f"{each.name:22} {first:>9} {second:>9}  {_signed(change):>9}  {_interval(each)}{_verdict(each)}"
    for test in found.tests:
        yield f"{test.name}: {test.won} won, {test.lost} lost; McNemar's exact p = {test.p_value:.4f}"
    for title, pairs in (("Won", found.won), ("Lost", found.lost)):
        yield f"{title}: {len(pairs)}"
        for old, new in pairs[:_SHOWN]:
            yield f"  {old.id}: {' '.join(old.question.split())[:90]}  ({failure(old)} -> {failure(new)})"
        if len(pairs) > _SHOWN:
            yield f"  and {len(pairs) - _SHOWN} more; --html lists them all"


def comparison_html(found: Comparison) -> str:
    """Returns the comparison as one page."""
    first, second = found.first, found.second
    head = (
        f"<h1>What changed: {escape(first.questions)}</h1>"
        f'<p class="quiet">First: {escape(first.index)}, begun {escape(first.began)}. Second: {escape(second.index)}, '
        f"begun {escape(second.began)}. {escape(_population(found))}</p>"
    )
    cards = "".join(
        f'<li><span>{escape(test.name)}</span><b><span class="gain">{test.won} won</span>'
        f'<span class="loss">{test.lost} lost</span></b>'
        f'<span class="quiet">McNemar’s exact p = {test.p_value:.4f}</span></li>'
        for test in found.tests
    )
    rows = [
        (
            f'{escape(LABELS[each.name])} <span class="quiet">{escape(each.name)}</span>',
            value_text(each.name, each.first),
            value_text(each.name, each.second),
            f'<span class="{_css(each)}">{_signed(value_text(each.name, each.change))}</span>',
            f"{_interval(each)}{_verdict(each)}",
            f"{each.count:,}",
        )
        for each in found.differences
    ]
    told = "The interval is of the change, over questions, both runs paired; one that leaves out zero is marked."
    figures = table(told, ("figure", "first", "second", "change", "95% interval", "n"), rows, css="narrow")
    body = [
        f'<ul class="cards">{cards}</ul>',
        "<h2>Figures</h2>",
        figures,
        _changed("Won", "wrong before and are right now", found.won, found),
        _changed("Lost", "right before and are wrong now", found.lost, found),
        _missing("Asked in the first run only", found.only_first),
        _missing("Asked in the second run only", found.only_second),
    ]
    return page(f"Comparison: {first.questions}", head, "\n".join(filter(None, body)))


def _population(found: Comparison) -> str:
    told = f"Compared on {len(found.pairs):,} questions that both runs asked."
    if found.only_first or found.only_second:
        told += (
            f" The sets differ: {len(found.only_first):,} stand in the first only, {len(found.only_second):,} in the "
            "second only; they are left out."
        )
    if found.errors:
        told += f" {found.errors:,} more could not be asked in one of the runs."
    return told


def _changed(title: str, told: str, pairs: Sequence[Pair], found: Comparison) -> str:
    if not pairs:
        return f"<h2>{title}: none</h2>"
    rows = "".join(
        f'<tr><td>{escape(old.question)}<div class="quiet">{escape(old.id)}</div></td>'
        f"<td>{_given(old, found.first.refuse)}</td><td>{_given(new, found.second.refuse)}</td></tr>"
        for old, new in pairs
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Question", "First run", "Second run"))
    return (
        f'<h2>{title}: {len(pairs):,}</h2><div class="scroll" tabindex="0"><table>'
        f"<caption>Questions that were {told}.</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _given(row: Row, refuse: str) -> str:
    quote = f"<div>{escape(row.quotes[0])}</div>" if row.quotes and not row.refused else "<em>refused</em>"
    return f'{quote}<div class="quiet">{escape(reason(row, refuse))}</div>'


def _missing(title: str, rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    items = "".join(f"<li>{escape(row.id)}: {escape(row.question)}</li>" for row in rows)
    return f"<h2>{title}: {len(rows):,}</h2><ul>{items}</ul>"


def _interval(each: Difference) -> str:
    if each.low is None or each.high is None:
        return "–"
    return f"{_signed(value_text(each.name, each.low))} to {_signed(value_text(each.name, each.high))}"


def _verdict(each: Difference) -> str:
    """Returns " better" or " worse" where the interval leaves out zero."""
    if each.low is None or each.high is None or each.low <= 0 <= each.high:
        return ""
    return " better" if (each.change > 0) != (each.name in LOWER_IS_BETTER) else " worse"


def _css(each: Difference) -> str:
    return {" better": "gain", " worse": "loss"}.get(_verdict(each), "")


def _signed(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"

"""A comparison as text for the terminal and as one HTML file."""

from collections.abc import Iterator, Sequence
from html import escape

from qa.evaluation.compare import Comparison, Difference, McNemar, Pair
from qa.evaluation.failures import failure, reason
from qa.evaluation.figures import LOWER_IS_BETTER
from qa.evaluation.page import page, table
from qa.evaluation.row import Row
from qa.evaluation.wording import ENGLISH, Words

_SHOWN = 20  # questions of each list in the terminal; the page has all


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Yields what the terminal shows."""
    yield _population(found)
    yield f"{'':22} {'first':>9} {'second':>9}  {'change':>9}  95% interval"
    for each in found.differences:
        first, second, change = (ENGLISH.value(each.name, value) for value in (each.first, each.second, each.change))
        yield f"{each.name:22} {first:>9} {second:>9}  {_signed(change):>9}  {_interval(each)}{_told(each)}"
    for test in found.tests:
        yield f"{test.name}: {test.won} won, {test.lost} lost; McNemar's exact p = {test.p_value:.4f}"
    for title, pairs in (("Won", found.won), ("Lost", found.lost)):
        yield f"{title}: {len(pairs)}"
        for old, new in pairs[:_SHOWN]:
            yield f"  {old.id}: {' '.join(old.question.split())[:90]}  ({failure(old)} -> {failure(new)})"
        if len(pairs) > _SHOWN:
            yield f"  and {len(pairs) - _SHOWN} more; --html lists them all"


def comparison_html(found: Comparison, words: Words = ENGLISH) -> str:
    """Returns the comparison as one page."""
    first, second = found.first, found.second
    told = words.say(
        "compare_head",
        first=first.index,
        first_began=first.began,
        second=second.index,
        second_began=second.began,
        population=_population(found, words),
    )
    head = (
        f'<h1>{escape(words.say("compare_heading", questions=first.questions))}</h1><p class="quiet">{escape(told)}</p>'
    )
    body = [
        f'<ul class="cards">{"".join(_card(test, words) for test in found.tests)}</ul>',
        f"<h2>{words['figures']}</h2>",
        _figures(found, words),
        _changed("won", found.won, found, words),
        _changed("lost", found.lost, found, words),
        _missing("only_first", found.only_first, words),
        _missing("only_second", found.only_second, words),
    ]
    title = words.say("compare_title", questions=first.questions)
    return page(title, head, "\n".join(filter(None, body)), words.language)


def _card(test: McNemar, words: Words) -> str:
    won, lost = words.say("won_count", count=test.won), words.say("lost_count", count=test.lost)
    return (
        f'<li><span>{escape(words[test.name])}</span><b><span class="gain">{won}</span>'
        f'<span class="loss">{lost}</span></b>'
        f'<span class="quiet">{words.say("mcnemar", p=words.number(test.p_value, 4))}</span></li>'
    )


def _figures(found: Comparison, words: Words) -> str:
    rows = [
        (
            f'{escape(words.label(each.name))} <span class="quiet">{escape(each.name)}</span>',
            words.value(each.name, each.first),
            words.value(each.name, each.second),
            f'<span class="{_css(each)}">{_signed(words.value(each.name, each.change))}</span>',
            f"{_interval(each, words)}{_told(each, words)}",
            words.number(each.count),
        )
        for each in found.differences
    ]
    heads = (*(words[name] for name in ("figure", "first", "second", "change", "interval")), "n")
    return table(words["compare_caption"], heads, rows, css="narrow")


def _population(found: Comparison, words: Words = ENGLISH) -> str:
    told = words.say("compared_on", count=words.number(len(found.pairs)))
    if found.only_first or found.only_second:
        first, second = (words.number(len(each)) for each in (found.only_first, found.only_second))
        told += words.say("sets_differ", first=first, second=second)
    return told + (words.say("compare_errors", count=words.number(found.errors)) if found.errors else "")


def _changed(name: str, pairs: Sequence[Pair], found: Comparison, words: Words) -> str:
    if not pairs:
        return f"<h2>{words.say('nothing_changed', list=words[name])}</h2>"
    rows = "".join(
        f'<tr><td>{escape(old.question)}<div class="quiet">{escape(old.id)}</div></td>'
        f"<td>{_given(old, found.first.refuse, words)}</td><td>{_given(new, found.second.refuse, words)}</td></tr>"
        for old, new in pairs
    )
    heads = "".join(f'<th scope="col">{words[each]}</th>' for each in ("column_question", "first_run", "second_run"))
    return (
        f"<h2>{_counted(words[name], pairs, words)}</h2>"
        f'<div class="scroll" tabindex="0"><table><caption>{words[f"{name}_caption"]}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _given(row: Row, refuse: str, words: Words) -> str:
    shown = row.quotes and not row.refused
    quote = f"<div>{escape(row.quotes[0])}</div>" if shown else f"<em>{words['refused']}</em>"
    return f'{quote}<div class="quiet">{escape(reason(row, refuse, words))}</div>'


def _missing(name: str, rows: Sequence[Row], words: Words) -> str:
    if not rows:
        return ""
    items = "".join(f"<li>{escape(row.id)}: {escape(row.question)}</li>" for row in rows)
    return f"<h2>{_counted(words[name], rows, words)}</h2><ul>{items}</ul>"


def _counted(title: str, items: Sequence[object], words: Words) -> str:
    return words.say("counted", list=title, count=words.number(len(items)))


def _interval(each: Difference, words: Words = ENGLISH) -> str:
    if each.low is None or each.high is None:
        return "–"
    low, high = (_signed(words.value(each.name, value)) for value in (each.low, each.high))
    return words.say("to", low=low, high=high)


def _verdict(each: Difference) -> str:
    """Returns "better" or "worse" where the interval leaves out zero, else ""."""
    if each.low is None or each.high is None or each.low <= 0 <= each.high:
        return ""
    return "better" if (each.change > 0) != (each.name in LOWER_IS_BETTER) else "worse"


def _told(each: Difference, words: Words = ENGLISH) -> str:
    verdict = _verdict(each)
    return f" {words[verdict]}" if verdict else ""


def _css(each: Difference) -> str:
    return {"better": "gain", "worse": "loss"}.get(_verdict(each), "")


def _signed(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"

"""How often the date of a document is found where its `date` field is withheld, on the sets beside the project.

A document counts as stating its date where its text or title holds that day in one of the forms in which days are
written. One that does not cannot be dated by anyone, and any date found for it with certainty is wrong.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.evalsets import add_folder
from documents.dates import find_date

_ENGLISH = "January February March April May June July August September October November December".split()
_FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_UNITS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split()
_UNITS += "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
_ORDINALS = [*_UNITS, *(f"twenty-{unit}" for unit in _UNITS[:9]), "thirtieth", "thirty-first"]


def main() -> None:
    """Prints how many dates are found right, wrong and unsure."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_folder(parser)
    parser.add_argument("--list", action="store_true", help="print every document whose date is missed or unsure")
    arguments = parser.parse_args()
    dated, undated = Counter[str](), Counter[str]()
    for place, row in _documents(arguments.sets):
        found = find_date({"title": row.get("title", "")}, row["text"])
        sure = "sure" if found and found.sure else "unsure"
        if not row.get("date"):
            undated[f"dated, {sure}" if found else "no date"] += 1
            continue
        right = "right" if found and found.value.isoformat() == row["date"] else "wrong"
        outcome = f"{right}, {sure}" if found else "no date"
        dated[f"{'stated' if _states(row, date.fromisoformat(row['date'])) else 'not stated'}: {outcome}"] += 1
        if arguments.list and outcome != "right, sure":
            print(f"{place} {row['doc_id']}: {row['date']}, found {found}")
    for name, counts in (("with a date field, withheld", dated), ("without a date field", undated)):
        print(f"documents {name}: {counts.total()}")
        for outcome, count in sorted(counts.items()):
            print(f"  {outcome}: {count}")
    stated = sum(count for outcome, count in dated.items() if outcome.startswith("stated"))
    right = sum(count for outcome, count in dated.items() if outcome.startswith("stated: right"))
    confident = sum(count for outcome, count in dated.items() if outcome.endswith("wrong, sure"))
    print(f"right where the text states the date: {right}/{stated}; wrong but sure: {confident}/{dated.total()}")


def _documents(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*/corpus/docs.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield path.parent.parent.name, json.loads(line)


def _states(row: dict[str, Any], day: date) -> bool:
    text = f"{row.get('title', '')}\n{row['text']}".lower()
    english, french = _ENGLISH[day.month - 1].lower(), _FRENCH[day.month - 1]
    forms = [
        day.isoformat(),
        f"{english} {day.day}, {day.year}",
        f"{day.day} {english} {day.year}",
        f"{day.day} {french} {day.year}",
        f"{_ORDINALS[day.day - 1]} day of {english}, in the year of our lord two thousand",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.month}/{day.day}/{day.year}",
    ]
    return any(form in text for form in forms)


if __name__ == "__main__":
    main()

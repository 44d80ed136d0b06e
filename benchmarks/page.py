"""Times the page in a real browser: python -m benchmarks.page

From pressing Enter to the complete, cited answer on the screen; loading the page; and both with a library of 2,000
documents and in a conversation of 300 turns. Needs Chromium, chromedriver and the test extra.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

import numpy as np
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from benchmarks.big_library import write_library
from benchmarks.browser import COMPLETE, LIBRARY, ROOT, find, ingested, new_browser, served

QUESTIONS = ROOT / "tests" / "library_questions.jsonl"
_CONVERSATION = 5  # questions asked before a new conversation is begun
_READ = 4.0  # seconds that a reader takes over an answer; what is offered beside it is looked for meanwhile
_IN_HASTE = 15  # questions asked as soon as the answer before is there
_DRAWN = 10  # answers that a long conversation is made of
_TYPED = "How many people were removed?"
# Notes when the page can be used: the question box and the example questions are there, and have been painted.
_NOTE_LOADED = """
window.loaded = new Promise((done) => {
  const watch = new MutationObserver(() => {
    if (!document.querySelector('#question textarea') || !document.querySelector('#chat .example')) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  });
  watch.observe(document, { childList: true, subtree: true });
});
"""
# Gives the milliseconds from the next Enter until one more answer is complete, its first source is beside it, and both
# have been painted.
_NOTE_ANSWERED = """
const links = document.querySelectorAll('#chat .answer a.link').length;
window.answered = new Promise((done) => {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const began = performance.now();
    const watch = new MutationObserver(() => {
      const all = document.querySelectorAll('#chat .answer a.link');
      if (all.length <= links || !beside(all[all.length - 1].closest('.answer'))) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
    });
    watch.observe(document.body, { childList: true, subtree: true });
  }, { capture: true, once: true });
});
const beside = (answer) => {
  const chip = answer.querySelector('a.chip');
  const cards = [...document.querySelectorAll('#sources .source')];
  return chip ? cards.some((card) => card.dataset.place === chip.getAttribute('href')) : cards.length > 0;
};
"""
_NOTE_TYPED = """
window.typed = [];
document.addEventListener('keydown', () => {
  const began = performance.now();
  requestAnimationFrame(() => setTimeout(() => window.typed.push(performance.now() - began)));
}, true);
"""
Measured = tuple[str, list[float]]  # what was done, and the milliseconds each time


def main() -> int:
    """Prints a table of milliseconds, row by row, and a line of JSON; returns the exit status."""
    parser = argparse.ArgumentParser(description="Time the page in a real browser.")
    parser.add_argument("--questions", type=int, default=60, help="asked of each library (default 60)")
    parser.add_argument("--loads", type=int, default=7, help="loads of the page by a new browser (default 7)")
    parser.add_argument("--documents", type=int, default=2000, help="in the large library (default 2000)")
    parser.add_argument("--turns", type=int, default=300, help="in the long conversation (default 300)")
    parser.add_argument("--work", type=Path, help="keep the indexes in this folder, and take those that are there")
    arguments = parser.parse_args()
    work = nullcontext(arguments.work) if arguments.work else tempfile.TemporaryDirectory()
    with work as folder:
        small, large = _indexes(Path(folder), arguments.documents)
        print(f"{'milliseconds':60} {'n':>4} {'p50':>7} {'p95':>7}")
        result = {}
        for library, index in (("shipped library", small), (f"{arguments.documents:,} documents more", large)):
            for name, taken in _measured(index, arguments.questions, arguments.loads, arguments.turns):
                row = {"n": len(taken), "p50": float(np.percentile(taken, 50)), "p95": float(np.percentile(taken, 95))}
                result[f"{library}, {name}"] = row
                print(f"{library + ', ' + name:60} {row['n']:4} {row['p50']:7.0f} {row['p95']:7.0f}", flush=True)
    print(json.dumps(result))
    return 0


def _indexes(folder: Path, documents: int) -> tuple[Path, Path]:
    """Returns the index of the shipped library, and one of that and a large library of its sentences."""
    small, large, papers = folder / "small", folder / "large", folder / "papers"
    if not small.exists():
        ingested(small, LIBRARY)
    if not large.exists():
        write_library(LIBRARY, papers, documents)
        ingested(large, LIBRARY, papers)
    return small, large


def _measured(index: Path, questions: int, loads: int, turns: int) -> Iterator[Measured]:
    drawn = drawn_questions(questions)
    with served(index) as address:
        with new_browser() as browser:
            _open(browser, address)
            _ask(browser, drawn[0])  # the models are read
        yield "first load", [_load_anew(address) for _ in range(loads)]
        with new_browser() as browser:
            _open(browser, address)
            yield "load again", [_open(browser, address) for _ in range(loads)]
            yield "answer", _conversations(browser, drawn, _READ)
            yield "answer, asked at once", _conversations(browser, drawn[:_IN_HASTE], 0.0)
            yield from _long_conversation(browser, address, drawn[:_DRAWN], turns)


def drawn_questions(count: int) -> list[str]:
    """Returns so many of the questions over the shipped library, drawn by a fixed seed; follow-ups are left out."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    texts = [row["question"] for row in rows if not row.get("history")]
    return random.Random(0).sample(texts, min(count, len(texts)))


def _load_anew(address: str) -> float:
    with new_browser() as browser:
        return _open(browser, address)


def _open(browser: webdriver.Chrome, address: str) -> float:
    """Opens the page; returns the milliseconds from the start of its navigation until it can be used."""
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _NOTE_LOADED})
    browser.get(address)
    taken = browser.execute_async_script("window.loaded.then(arguments[0])")
    browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    return float(taken)


def _conversations(browser: webdriver.Chrome, questions: Sequence[str], pause: float) -> list[float]:
    """Asks the questions, a few in each conversation, after so many seconds each; returns what each took."""
    taken = []
    for place, question in enumerate(questions):
        if place and place % _CONVERSATION == 0:
            browser.find_element(By.CSS_SELECTOR, "#chat button[aria-label='Clear']").click()
            find(browser, "#chat .example")
        time.sleep(pause)
        taken.append(_ask(browser, question))
    return taken


def _ask(browser: webdriver.Chrome, question: str) -> float:
    box = find(browser, "#question textarea")
    box.send_keys(question)
    browser.execute_script(_NOTE_ANSWERED)
    box.send_keys(Keys.ENTER)
    return float(browser.execute_async_script("window.answered.then(arguments[0])"))


def _long_conversation(
    browser: webdriver.Chrome, address: str, questions: Sequence[str], turns: int
) -> Iterator[Measured]:
    """Opens a conversation of so many turns from the page's own list of earlier ones, and goes on with it."""
    browser.execute_script("localStorage.clear()")
    _open(browser, address)
    for question in questions:
        _ask(browser, question)
    find(browser, COMPLETE, len(questions))
    browser.execute_async_script("setTimeout(arguments[0], 1000)")  # the page keeps what was asked
    browser.execute_script(
        "const key = 'removals-qa.conversations', [one] = JSON.parse(localStorage[key]), few = one.turns;"
        "one.turns = Array.from({ length: arguments[0] }, (_, place) => few[place % few.length]);"
        "localStorage[key] = JSON.stringify([one]);",
        turns,
    )
    _open(browser, address)
    find(browser, "button.history").click()
    find(browser, "#history li button[aria-label^='Open']").click()
    opened = browser.execute_async_script(
        "const [turns, done] = arguments, began = performance.now();"
        "const look = () => document.querySelectorAll('#chat .answer a.link').length >= turns"
        " ? done(performance.now() - began) : requestAnimationFrame(look); look();",
        turns,
    )
    browser.execute_script(_NOTE_TYPED)
    find(browser, "#question textarea").send_keys(_TYPED)
    typed = browser.execute_async_script("setTimeout(() => arguments[0](window.typed), 500)")
    find(browser, "#question textarea").send_keys(Keys.BACKSPACE * len(_TYPED))
    long = f"conversation of {turns}"
    yield f"{long}: opening", [opened]
    yield f"{long}: a key", typed
    answers = []
    for question in questions:
        time.sleep(_READ)
        answers.append(_ask(browser, question))
    yield f"{long}: answer", answers


if __name__ == "__main__":
    sys.exit(main())

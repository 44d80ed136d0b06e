"""Takes the documentation's screenshots into docs/images: python -m benchmarks.screenshots [NAME ...]

Of the shipped library, one of whose briefs is printed as a PDF first, so that a page's image can be shown. Needs
Chromium, chromedriver and the test extra.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate
from selenium import webdriver
from selenium.webdriver.common.by import By

from benchmarks.browser import COMPLETE, LIBRARY, ROOT, find, ingested, new_browser, served, show_as
from documents.read import documents_in

FOLDER = ROOT / "docs" / "images"
QUESTION = "How long is a person given to leave under a departure order?"
FRENCH = "Combien de jours a-t-on pour partir après une mesure d’interdiction de séjour ?"
REFUSED = "What is the boiling point of tungsten in kelvin?"
DIFFERING = "How many countries are on the US recalcitrant list?"
DETAINED = "How soon must the reasons for detention be reviewed?"
_PRINTED = "detention-in-canada.md"
_COLOURS = 128  # enough for a page, and a fifth of the bytes
Act = Callable[[webdriver.Chrome], None]


def main() -> int:
    """Writes the screenshots; returns the exit status."""
    shots = _shots()
    parser = argparse.ArgumentParser(description="Take the documentation's screenshots.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(shots)} (default all)")
    parser.add_argument("--address", help="of a page that is running already, in place of one of the shipped library")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.names) - set(shots)):
        parser.error(f"{unknown[0]!r} is no screenshot. There are {', '.join(shots)}.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        running = nullcontext(arguments.address) if arguments.address else served(_printed_library(Path(folder)))
        with running as address, new_browser() as browser:
            for name in arguments.names or shots:
                shots[name](browser, address, FOLDER / f"{name}.png")
                print(name, flush=True)
    return 0


def _shots() -> dict[str, Callable[[webdriver.Chrome, str, Path], None]]:
    return {
        "answer": partial(take, question=QUESTION),
        "conflict": partial(take, question=DIFFERING, act=_show_conflict),
        "document": partial(take, question=DETAINED, act=_show_page, height=1000),
        "library": partial(take, question="", act=_show_library),
        "refusal": partial(take, question=REFUSED, act=_await_topics),
        "french": partial(take, question=FRENCH, language="fr"),
        "dark": partial(take, question=DIFFERING, act=_choose_second, dark=True),
        "phone": partial(take, question=QUESTION, width=390, height=844),
    }


def take(
    browser: webdriver.Chrome,
    address: str,
    path: Path,
    *,
    question: str,
    act: Act = lambda browser: None,
    language: str = "en",
    dark: bool = False,
    width: int = 1280,
    height: int = 800,
) -> None:
    """Opens the page at the question, does what is to be seen, and saves it."""
    show_as(browser, width=width, height=height, dark=dark)
    place = address if language == "en" else f"{address}{language}/"
    browser.get(f"{place}?{urlencode({'q': question})}" if question else place)
    find(browser, COMPLETE if question else "#chat .example")
    _settle(browser)
    act(browser)
    _settle(browser)
    picture = Image.open(BytesIO(browser.get_screenshot_as_png())).convert("RGB")
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def _settle(browser: webdriver.Chrome) -> None:
    """Waits until the page has scrolled to where it scrolls by itself."""
    browser.execute_async_script("setTimeout(arguments[0], 1200)")


def _await_topics(browser: webdriver.Chrome) -> None:
    find(browser, "#related li")


def _show_conflict(browser: webdriver.Chrome) -> None:
    browser.execute_script("document.querySelector('#chat .disagreement').scrollIntoView({ block: 'start' })")


def _choose_second(browser: webdriver.Chrome) -> None:
    browser.find_elements(By.CSS_SELECTOR, "#chat .quote a.chip")[1].click()


def _show_page(browser: webdriver.Chrome) -> None:
    find(browser, "#sources .page-image summary")
    browser.find_element(By.CSS_SELECTOR, "#sources .page-image summary").click()  # the first source's
    browser.execute_async_script(
        "const image = document.querySelector('.page-image img'), done = arguments[0];"
        "image.complete && image.naturalWidth ? done() : image.addEventListener('load', () => done());"
    )
    browser.execute_script("document.querySelector('.page-image').scrollIntoView({ block: 'start' })")


def _show_library(browser: webdriver.Chrome) -> None:
    browser.find_elements(By.CSS_SELECTOR, "#tabs button[role=tab]")[1].click()
    find(browser, "#library tbody tr")


def _printed_library(folder: Path) -> Path:
    """Returns an index of the shipped library, one of its briefs as a PDF."""
    library = folder / "library"
    shutil.copytree(LIBRARY, library, ignore=lambda *_: {_PRINTED})
    print_brief(LIBRARY / _PRINTED, library / Path(_PRINTED).with_suffix(".pdf").name)
    return ingested(folder / "index", library)


def print_brief(source: Path, target: Path) -> None:
    """Prints a Markdown document as a PDF: its title, and its lines as paragraphs."""
    styles = getSampleStyleSheet()
    (document,) = documents_in(source, source.name)
    lines = [line for line in document.text.splitlines() if line.strip()]
    story = [Paragraph(lines[0], styles["Title"]), *(Paragraph(line, styles["BodyText"]) for line in lines[1:])]
    dated = document.info.date or ""
    SimpleDocTemplate(str(target), title=document.info.title, subject=dated).build(story)


if __name__ == "__main__":
    sys.exit(main())

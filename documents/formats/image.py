"""Pictures of text (PNG, JPEG, TIFF), read by OCR; a TIFF has a page for each of its pictures."""

import struct
from io import BytesIO
from warnings import catch_warnings, simplefilter

from PIL import Image, ImageSequence, UnidentifiedImageError

from documents.errors import ReadError
from documents.formats import ocr
from documents.formats.blocks import paged
from documents.formats.content import Content
from documents.formats.layout import running_text, words_of
from documents.formats.redaction import MARK, merged
from documents.types import OcrPage

_DAMAGE = (
    UnidentifiedImageError,
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
_USUAL_DOTS = 200  # an inch, where the file does not state it
_LEAST_DOTS, _MOST_DOTS = 10, 10_000  # what is stated beyond them, or as no number, is not so
_POINTS = 72  # an inch


def read(data: bytes, name: str) -> Content:
    """Returns the text of each picture, a page each.

    Raises: ReadError where OCR is not installed, the file is damaged or far too large, or no text is legible in it.
    """
    if not ocr.available():
        raise ReadError(
            f"{name}: a picture; its text is read by OCR only. {ocr.INSTALL_OCR} and ingest it again.",
            french=f"{name} : une image ; son texte n’est lu que par OCR. {ocr.INSTALL_OCR_FR} et rajoutez-la.",
        )
    try:
        with catch_warnings():
            simplefilter("ignore", Image.DecompressionBombWarning)
            pictures = Image.open(BytesIO(data))
            read = [_page(frame) for frame in ImageSequence.Iterator(pictures)]
    except Image.DecompressionBombError as error:
        raise ReadError(
            f"{name}: far more pixels than any page has. Make it smaller and ingest that.",
            french=f"{name} : bien plus de pixels qu’une page n’en a. Réduisez l’image et ajoutez-la de nouveau.",
        ) from error
    except _DAMAGE as error:
        raise ReadError(
            f"{name}: damaged, or not a picture. Save it again and ingest that.",
            french=f"{name} : endommagé, ou pas une image. Enregistrez-la de nouveau et ajoutez-la.",
        ) from error
    pages = [page for page, _ in read]
    if not any(page.text for page in pages):
        raise ReadError(
            f"{name}: no legible text in the picture. If there is some, scan it again, sharper.",
            french=f"{name} : aucun texte lisible dans l’image. S’il y en a un, numérisez-la plus nettement.",
        )
    content = paged(pages, {})
    starts = content.page_starts if len(pages) > 1 else ()
    sure = tuple(OcrPage(number, confidence) for number, (page, confidence) in enumerate(read, 1) if page.text)
    return Content(content.text, (), starts, redactions=len(MARK.findall(content.text)), ocr=sure)


def _page(picture: Image.Image) -> tuple[Content, float]:
    """Returns the text of a picture, and how sure it is."""
    found = ocr.lines_in(picture.convert("L"), _POINTS / _dots(picture))
    return Content(merged(running_text(found.lines, words_of([found.lines])))), found.confidence


def _dots(picture: Image.Image) -> float:
    """Returns the dots an inch."""
    across, _ = picture.info.get("dpi", (_USUAL_DOTS, _USUAL_DOTS))
    return float(across) if _LEAST_DOTS <= float(across) <= _MOST_DOTS else _USUAL_DOTS

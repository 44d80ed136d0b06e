"""Black rectangles in the picture of a page: in scanned records, what was withheld."""

from typing import TYPE_CHECKING

import numpy as np

from documents.formats.redaction import Box

if TYPE_CHECKING:
    from PIL.Image import Image

_BLOCK = 8  # pixels: the picture is looked at in squares, dark where nothing in them is bright
_BLACK = 90  # of 256 grey levels
_LEAST_HEIGHT, _LEAST_WIDTH = 7.0, 14.0  # points: larger than bold letters
_SLACK = 1  # blocks by which the edges of one box may differ from row to row


def dark_boxes(image: "Image", points: float) -> list[Box]:
    """Returns the black rectangles, from the top; `points` is the width of a pixel.

    What touches the edge of the picture is the scanner's shadow, and is left out.
    """
    pixels = np.asarray(image.convert("L"))
    rows, columns = pixels.shape[0] // _BLOCK, pixels.shape[1] // _BLOCK
    squares = pixels[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    dark = squares.max(axis=(1, 3)) < _BLACK
    size = _BLOCK * points
    found = []
    for top, bottom, left, right in _rectangles(dark):
        inside = top > 0 and left > 0 and bottom < rows and right < columns
        if inside and (bottom - top + 1) * size >= _LEAST_HEIGHT and (right - left + 1) * size >= _LEAST_WIDTH:
            # The squares at its edges were dark in part only.
            low, high = ((image.height / _BLOCK - edge) * size for edge in (bottom + 0.5, top - 0.5))
            found.append(Box((left - 0.5) * size, low, (right + 0.5) * size, high))
    return found


def _rectangles(dark: "np.typing.NDArray[np.bool_]") -> list[tuple[int, int, int, int]]:
    """Returns (top, bottom, left, right), half-open: runs of dark squares that go on from row to row."""
    done: list[tuple[int, int, int, int]] = []
    growing: list[tuple[int, int, int]] = []  # top, left, right
    for row in range(len(dark) + 1):
        runs = _runs(dark[row]) if row < len(dark) else []
        following = []
        for top, left, right in growing:
            match = next((run for run in runs if abs(run[0] - left) <= _SLACK and abs(run[1] - right) <= _SLACK), None)
            if match is None:
                done.append((top, row, left, right))
            else:
                runs.remove(match)
                following.append((top, left, right))
        growing = following + [(row, *run) for run in runs]
    return sorted(done)


def _runs(row: "np.typing.NDArray[np.bool_]") -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start > 1]

"""Work that goes on in a thread while a program starts, such as loading the models."""

import threading
from collections.abc import Callable


class Loading:
    """Does the work at once, in a thread of its own; a program that ends waits for it.

    What it raises is told by Python on standard error. Whoever needs what was to be loaded meets the same error.
    """

    def __init__(self, work: Callable[[], object], *, after: "Loading | None" = None) -> None:
        """With `after`, the work begins when that is done."""
        self._work, self._after = work, after
        self._done = threading.Event()
        # No daemon: a library that is being loaded when Python ends may bring the process down.
        threading.Thread(target=self._run).start()

    @property
    def is_done(self) -> bool:
        """Whether the work has ended, well or not."""
        return self._done.is_set()

    def then(self, work: Callable[[], object]) -> "Loading":
        """Returns the loading of something more, once this is done."""
        return Loading(work, after=self)

    def _run(self) -> None:
        try:
            if self._after is not None:
                self._after._done.wait()
            self._work()
        finally:
            self._done.set()

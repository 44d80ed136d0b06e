"""Questions go first: what the page offers beside an answer waits while a question is being answered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST_WAIT = 10.0  # seconds; on a server that is never at rest what is offered comes late rather than never


class Precedence:
    """Counts the questions that are being answered. Safe to share between threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answering = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Marks the time in which a question is answered."""
        with self._changed:
            self._answering += 1
        try:
            yield
        finally:
            with self._changed:
                self._answering -= 1
                self._changed.notify_all()

    def give_way(self) -> None:
        """Returns once no question is being answered, or after ten seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self._answering, timeout=_LONGEST_WAIT)

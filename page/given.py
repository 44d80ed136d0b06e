"""The answers that were given last: a page asks for their sources, for topics near them, and for their export."""

import threading

from page.address import address_of
from qa.types import Answer, Question

_MOST = 32  # answers


class Given:
    """Keeps answers for as long as the documents are as they were. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[tuple[str, str], Answer] = {}  # by the state of the documents, and its address

    def keep(self, state: str, answer: Answer) -> None:
        """Keeps the answer; `state` is that of the documents before it was made."""
        key = state, address_of(answer.question)
        with self._lock:
            self._answers.pop(key, None)
            self._answers[key] = answer
            while len(self._answers) > _MOST:
                del self._answers[next(iter(self._answers))]

    def at(self, state: str, question: Question) -> Answer | None:
        """Returns the answer to the question from documents in this state, if it is kept."""
        with self._lock:
            return self._answers.get((state, address_of(question)))

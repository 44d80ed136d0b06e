from concurrent.futures import ThreadPoolExecutor

import pytest

from page.precedence import Precedence


def test_what_is_offered_waits_until_every_question_is_answered() -> None:
    precedence = Precedence()
    with ThreadPoolExecutor(1) as threads:
        with precedence.answering():
            with precedence.answering():
                offered = threads.submit(precedence.give_way)
            with pytest.raises(TimeoutError):
                offered.result(timeout=0.2)
        offered.result(timeout=5)


def test_a_question_that_fails_holds_nothing_up() -> None:
    precedence = Precedence()
    with pytest.raises(ValueError, match="no question"), precedence.answering():
        raise ValueError("no question")
    with ThreadPoolExecutor(1) as threads:
        threads.submit(precedence.give_way).result(timeout=5)

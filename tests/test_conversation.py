import pytest

from qa.conversation import standalone, turn_of
from qa.types import Question, Turn

EARLIER = Turn("user", "How many people did Canada remove in 2024?")


def after(text: str, *history: Turn) -> str:
    return standalone(Question(text, history or (EARLIER,)))


@pytest.mark.parametrize(
    "text",
    [
        "Why did it rise?",
        "Which countries are they from?",
        "And in the United States of America since the new law?",
        "What about Somalia?",
        "Why?",
        "And 2025?",
        "Et en 2025 ?",
        "Pourquoi ?",
    ],
)
def test_a_question_that_leans_back_takes_the_earlier_one_along(text: str) -> None:
    assert after(text) == f"{EARLIER.text} {text}"


@pytest.mark.parametrize(
    "text",
    [
        "Which section of the Act lets the Minister stay a removal order to Haiti?",
        "How many travel documents has Somalia issued to Canada since January 2025?",
    ],
)
def test_a_question_that_names_its_own_topic_stays_as_it_is(text: str) -> None:
    assert after(text) == text


@pytest.mark.xfail(strict=True, reason="the preposition en counts as a pointer, so most French questions lean back")
def test_a_french_question_that_names_its_own_topic_stays_as_it_is() -> None:
    text = "Combien de mesures de renvoi le Canada a-t-il exécutées en Haïti pendant l'exercice 2024 ?"
    assert after(text) == text


def test_a_first_question_stays_as_it_is() -> None:
    assert standalone(Question("Why did it rise?")) == "Why did it rise?"


def test_only_the_user_s_turns_are_taken_along() -> None:
    assert after("Why?", EARLIER, Turn("agent", "Bread is baked at night.")) == f"{EARLIER.text} Why?"


def test_a_history_of_answers_alone_changes_nothing() -> None:
    assert after("Why?", Turn("agent", "Bread is baked at night.")) == "Why?"


def test_the_last_two_questions_are_taken_along_in_order() -> None:
    turns = [Turn("user", text) for text in ("First?", "Second?", "Third?")]
    assert after("Why?", *turns) == "Second? Third? Why?"


def test_a_string_is_an_earlier_question() -> None:
    assert turn_of("Who?") == Turn("user", "Who?")


@pytest.mark.parametrize(
    ("item", "turn"),
    [
        ({"role": "user", "text": "Who?"}, Turn("user", "Who?")),
        ({"text": "Who?"}, Turn("user", "Who?")),
        ({"role": "agent", "text": "They."}, Turn("agent", "They.")),
        ({"role": "assistant", "text": "They."}, Turn("agent", "They.")),
    ],
)
def test_an_object_is_a_turn(item: dict[str, str], turn: Turn) -> None:
    assert turn_of(item) == turn


@pytest.mark.parametrize("item", [None, 3, [], {}, {"role": "user"}, {"text": 3}])
def test_anything_else_is_no_turn(item: object) -> None:
    assert turn_of(item) is None

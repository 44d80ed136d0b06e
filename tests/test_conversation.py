from itertools import pairwise

import pytest

from qa.conversation import names_its_topic, read_together, standalone, turn_of, weighted_questions
from qa.types import Question, Turn


def after(text: str, *asked: str) -> Question:
    return Question(text, tuple(Turn("user", each) for each in asked))


def test_a_first_question_counts_alone() -> None:
    assert weighted_questions(Question("Why?")) == [("Why?", 1.0)]


def test_earlier_questions_count_less_the_longer_ago_they_were_asked() -> None:
    texts, weights = zip(*weighted_questions(after("Why?", "First?", "Second?", "Third?")), strict=True)
    assert texts == ("Why?", "Third?", "Second?", "First?")
    assert all(1 >= one > other > 0 for one, other in pairwise(weights))


def test_the_question_itself_outweighs_the_one_before() -> None:
    (_, own), (_, earlier) = weighted_questions(after("Why?", "First?"))
    assert own >= 2 * earlier


def test_what_was_asked_long_ago_is_forgotten() -> None:
    texts = [text for text, _ in weighted_questions(after("Why?", *(f"Question {place}?" for place in range(50))))]
    assert "Question 49?" in texts
    assert "Question 0?" not in texts


def test_only_the_user_s_turns_count() -> None:
    question = Question("Why?", (Turn("user", "Who left?"), Turn("agent", "Bread is baked at night.")))
    assert [text for text, _ in weighted_questions(question)] == ["Why?", "Who left?"]


@pytest.mark.parametrize(
    "text",
    [
        "How many people did Canada remove in 2024?",
        "number of officers on escort duty at the border in march",
        "Est-ce que les enfants peuvent rester avec une mère détenue ?",
    ],
)
def test_a_question_that_names_its_topic_is_searched_for_and_read_alone(text: str) -> None:
    question = after(text, "What is the budget of Interpol?")
    assert weighted_questions(question) == [(text, 1.0)]
    assert read_together(question) == standalone(question) == text


@pytest.mark.parametrize(
    "text",
    [
        "And how many people were removed in the year 2023?",
        "How many people did Canada remove to that country by charter?",
        "Does Canada charge them for escorts and tickets as well?",
        "Et combien de personnes le Canada a-t-il renvoyées par avion en 2023 ?",
        "Combien de personnes le Canada a-t-il renvoyées vers ce pays en 2023 ?",
        "How much in 2023?",
        "Who pays the fee?",
    ],
)
def test_a_question_that_points_back_or_says_little_leans_on_the_one_before(text: str) -> None:
    assert not names_its_topic(text)
    assert len(weighted_questions(after(text, "First?"))) == 2


def test_empty_turns_do_not_count() -> None:
    assert weighted_questions(after("Why?", "", " \n")) == [("Why?", 1.0)]


def test_the_standalone_question_is_read_in_the_order_of_asking() -> None:
    assert standalone(after("Why?", "First?", "Second?")) == "First? Second? Why?"


def test_a_first_question_stands_alone_as_it_is() -> None:
    assert standalone(Question("Why did it rise?")) == "Why did it rise?"


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


def test_a_question_is_read_with_the_two_before_it_newest_first() -> None:
    assert read_together(after("Why?")) == "Why?"
    assert read_together(after("Why?", "First?")) == "Why? (after: First?)"
    assert read_together(after("Why?", "First?", "Second?", "Third?")) == "Why? (after: Third?; Second?)"

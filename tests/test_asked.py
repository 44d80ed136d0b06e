"""What a question asks for: several things or one, and of a follow-up what the question before it asked."""

import pytest

from qa.asked import asking, asks_figure
from qa.several import asks_several
from qa.types import Question, Turn


@pytest.mark.parametrize(
    "question",
    [
        "Why was the flight put off?",
        "How does an officer set the fee?",
        "Which countries are under a pause?",
        "What two things must the report state?",
        "Name the six things that are weighed.",
        "How do a stay and a deferral differ?",
        "Pourquoi le vol a-t-il été remis ?",
        "Quels pays sont visés ?",
        "Quelle est la différence entre les deux mesures ?",
        "Who gets what from the fund?",
        "Who is left out of the pause?",
        "What must the notice to the owner say?",
        "What sort of papers will do?",
        "Which people may stay?",
        "Were more flights put off in 2020 or in 2021?",
        "Is a stay longer than a deferral?",
        "Did the office close more files in 2019 than ten years before?",
        "By how much did the fee go up?",
        "How big was the rise in claims?",
        "What is on the new list that wasn't on the old one?",
        "Do a stay and a deferral have the same effect?",
        "How many flights left in 2020, and how many in 2021?",
        "Que doit contenir l’avis ?",
        "Qui reçoit quoi du fonds ?",
        "Y a-t-il eu plus de vols en 2020 qu’en 2021 ?",
        "De combien les frais ont-ils augmenté ?",
    ],
)
def test_lists_comparisons_reasons_and_ways_ask_for_several_sentences(question: str) -> None:
    assert asks_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many people were removed?",
        "How long is the bar?",
        "What does an escort cost?",
        "What is the deadline this year?",
        "Who pays for the ticket?",
        "When did the pause end?",
        "Which status does the claimant lose?",
        "Was Cuba on the list in 2017?",
        "Combien de personnes ont été renvoyées ?",
        "Quel est le délai ?",
        "Is he held for longer than 30 days?",
        "Were more than ten people removed?",
        "How many left from April 2018 to March 2019?",
        "Who is the minister, and what is her name?",
        "Who may sign the order?",
        "Is it a city other than Paris?",
        "Combien de personnes ont été renvoyées en plus de 30 jours ?",
    ],
)
def test_a_fact_asks_for_one_sentence(question: str) -> None:
    assert not asks_several(question)


def after(text: str, *earlier: str) -> Question:
    return Question(text, tuple(Turn("user", each) for each in earlier))


@pytest.mark.parametrize(("text", "several"), [("and Guinea?", True), ("Is Guinea?", False), ("And who pays?", False)])
def test_a_follow_up_without_words_that_ask_asks_as_the_question_before(text: str, *, several: bool) -> None:
    assert asks_several(text, "Which visas were stopped?") == several


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("and in 2021?", "How many people did Canada remove in     ? and in 2021?"),
        ("and the United States?", "How many people did        remove in 2023? and the United States?"),
        ("and who was it?", "and who was it?"),
        ("What was the cost?", "What was the cost?"),
    ],
)
def test_a_follow_up_takes_the_words_that_ask_and_puts_its_own_time_and_place(text: str, expected: str) -> None:
    earlier = ("Who was it?", "How many people did Canada remove in 2023?")
    assert asking(after(text, *earlier)) == expected


@pytest.mark.parametrize("text", ["and in 2021?", "et en 2021 ?", "what about 2021?", "and the others?"])
def test_a_follow_up_to_a_figure_asks_for_one(text: str) -> None:
    assert asks_figure(after(text, "How many people left in 2023?"))
    assert not asks_figure(after(text, "Who left in 2023?"))


@pytest.mark.parametrize("text", ["and the year after?", "How many were there at that time?", "et l’année suivante ?"])
def test_a_time_that_only_the_answer_before_tells_is_not_worked_out(text: str) -> None:
    assert not asks_figure(after(text, "How many people left in 2023?"))

import pytest

from qa.several import asks_several


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
    ],
)
def test_a_fact_asks_for_one_sentence(question: str) -> None:
    assert not asks_several(question)

"""Which kind of figure a question wants, by how it is asked."""

import pytest

from qa.quantities import COUNT, MONEY, SHARE, TIME
from qa.wanted import NOTHING, wanted


@pytest.mark.parametrize(
    ("question", "kind", "unit"),
    [
        ("How many people left?", COUNT, "people"),
        ("Number of warrants in the drawer", COUNT, "warrant"),
        ("the total of countries on the list", COUNT, "country"),
        ("I need the count of removals.", COUNT, "people"),
        ("removal total for 2021", COUNT, "people"),
        ("What is the deportation figure on that page?", COUNT, "people"),
        ("How big is the backlog?", COUNT, "order"),
        ("How big is the removal inventory?", COUNT, ""),
        ("How large is the list of countries?", COUNT, "country"),
        ("What were the agency's removals in 2021?", COUNT, "people"),
        ("agency removals 2021", COUNT, "people"),
        ("Combien l’agence a-t-elle renvoyé de personnes ?", COUNT, "people"),
        ("Combien ont été renvoyés ?", COUNT, ""),
        ("Quel est le nombre de pays visés ?", COUNT, "country"),
        ("Quelle est la taille de la liste de pays ?", COUNT, "country"),
        ("Combien de pays refusent ?", COUNT, "country"),
        ("What is the fine?", MONEY, ""),
        ("What does the agency spend on it?", MONEY, ""),
        ("cost of a removal", MONEY, ""),
        ("How high is the fee?", MONEY, ""),
        ("À combien s’élève l’amende ?", MONEY, ""),
        ("How long is the wait?", TIME, ""),
        ("What is the period of notice?", TIME, ""),
        ("Quelle est la durée de la suspension ?", TIME, ""),
        ("What portion of them left?", SHARE, ""),
        ("Quel est le taux ?", SHARE, ""),
    ],
)
def test_words_that_ask_for_a_figure_tell_its_kind_and_unit(question: str, kind: str, unit: str) -> None:
    assert wanted(question) == (kind, unit)


@pytest.mark.parametrize(
    ("question", "kind", "unit"),
    [
        ("Was it 500 or 700 removals?", COUNT, "people"),
        ("Are there 12 points in it or 14?", COUNT, "point"),
        ("Removals that year: 500, 600 or 700?", COUNT, "people"),
        ("One note says 500 orders and another 700.", COUNT, "order"),
        ("Is it $500 or $700?", MONEY, "$"),
        ("Were 500 people really removed?", COUNT, "people"),
        ("Do the 14 days mean the same in both texts?", TIME, ""),
        ("Est-ce 500 ou 700 renvois ?", COUNT, "people"),
    ],
)
def test_figures_that_a_question_sets_against_each_other_or_doubts_tell_it_too(
    question: str, kind: str, unit: str
) -> None:
    assert wanted(question) == (kind, unit)


@pytest.mark.parametrize(
    "question",
    [
        "Who removed people?",
        "What are removal orders?",
        "Which countries were on the list in 2017?",
        "Does a child of 12 need 2 forms?",
        "What happens after 30 days?",
        "What is the phone number of the agency?",
        "Why did a number of states refuse?",
        "How big was the drop in removals?",
        "By how much did removals rise?",
        "When was the order signed in 2017?",
        "Quelles sont les mesures de renvoi ?",
        "De combien les renvois ont-ils augmenté ?",
    ],
)
def test_other_questions_want_no_figure(question: str) -> None:
    assert wanted(question) == NOTHING

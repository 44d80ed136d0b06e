"""Dated sources that differ: small documents whose answer can be seen by eye, then the shipped library."""

from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.types import Document
from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.store import SQLiteStore
from qa.disagree import told, verdict
from qa.pipeline import Pipeline, Settings
from qa.types import Answer, Question, Turn

FAKE = WordHashEmbedder()
LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
ASKED = "How many people did the agency remove?"


def answered(store: SQLiteStore, text: str, *documents: Document) -> Answer:
    return Pipeline(fill(store, FAKE, *documents), FAKE, Settings(refuse="never")).answer(Question(text))


def shown(answer: Answer) -> list[tuple[str, str]]:
    return [(each.said_of, each.value) for each in answer.disagreement]


def notes(*texts: str, days: tuple[str | None, ...] = ("2025-01-15", "2025-06-30", "2025-09-01")) -> list[Document]:
    """Returns a document for each text, each of its own day."""
    return [
        a_document(text, f"{number}.txt", title=f"Note {number}", day=day)
        for number, (text, day) in enumerate(zip(texts, days, strict=False), 1)
    ]


def test_two_documents_that_differ_are_told_by_their_dates_newest_first(store: SQLiteStore) -> None:
    documents = notes("The agency removed 500 people.", "The agency removed 700 people.")
    answer = answered(store, ASKED, *documents)
    assert shown(answer) == [("As of 30 June 2025", "700 people"), ("As of 15 January 2025", "500 people")]
    assert told(answer) == "As of 30 June 2025: 700 people [1]. As of 15 January 2025: 500 people [2]."


def test_the_text_begins_with_the_dated_figures_and_goes_on_with_the_quotes(store: SQLiteStore) -> None:
    answer = answered(store, ASKED, *notes("The agency removed 500 people.", "The agency removed 700 people."))
    quotes = "The agency removed 700 people. [1]\nAlso in the documents: The agency removed 500 people. [2]"
    assert answer.text == f"{told(answer)}\n{quotes}"


def test_the_newest_is_quoted_first_where_no_time_is_asked_for(store: SQLiteStore) -> None:
    documents = notes("The agency did remove 500 people.", "According to it, 700 people the agency removed.")
    assert answered(store, ASKED, *documents).citations[0].quote == "According to it, 700 people the agency removed."


def test_sources_that_agree_are_cited_together_and_the_figure_is_told_once(store: SQLiteStore) -> None:
    documents = notes(
        "The agency removed 500 people.", "In all the agency removed 700 people.", "The agency removed 700 people."
    )
    answer = answered(store, ASKED, *documents)
    assert [each.value for each in answer.disagreement] == ["700 people", "500 people"]
    assert len(answer.disagreement[0].citations) == 2


def test_every_figure_stands_in_its_first_quote_and_every_quote_in_its_document(store: SQLiteStore) -> None:
    answer = answered(store, ASKED, *notes("The agency removed 500 people.", "The agency removed 700 people."))
    for reading in answer.disagreement:
        assert reading.value in reading.citations[0].quote
        cited = [answer.citations[marker - 1] for marker in answer.markers(reading)]
        assert [(each.passage, each.start, each.end) for each in cited] == [
            (each.passage, each.start, each.end) for each in reading.citations
        ]
        for each in reading.citations:
            assert store.document(each.passage.info.id).text[each.start : each.end] == each.quote


@pytest.mark.parametrize("days", [(None, None), ("2025-01-15", "2025-01-15"), ("2025-01-15", None)])
def test_without_two_dates_nothing_is_said_to_differ(store: SQLiteStore, days: tuple[str | None, ...]) -> None:
    documents = notes("The agency removed 500 people.", "The agency removed 700 people.", days=days)
    assert answered(store, ASKED, *documents).disagreement == ()


def test_sources_that_all_agree_do_not_differ(store: SQLiteStore) -> None:
    documents = notes("The agency removed 700 people.", "In all the agency removed 700 people.")
    assert answered(store, ASKED, *documents).disagreement == ()


@pytest.mark.parametrize("rounded", ["more than 22,000 people", "about 22,000 people", "22,300 people"])
def test_a_rounded_figure_agrees_with_the_exact_one(store: SQLiteStore, rounded: str) -> None:
    documents = notes("The agency removed 22,345 people.", f"The agency removed {rounded}.")
    assert answered(store, ASKED, *documents).disagreement == ()


def test_periods_in_one_undated_document_are_a_development(store: SQLiteStore) -> None:
    text = "The agency removed 500 people in 2019. The agency removed 700 people in 2020."
    answer = answered(store, ASKED, a_document(text))
    assert shown(answer) == [("As of 2020", "700 people"), ("As of 2019", "500 people")]
    assert verdict(answer) == "It changed over time."


def test_figures_of_one_period_are_a_disagreement(store: SQLiteStore) -> None:
    documents = notes("The agency removed 500 people in 2020.", "The agency removed 700 people in 2020.")
    answer = answered(store, "How many people did the agency remove in 2020?", *documents)
    assert shown(answer) == [("As of 30 June 2025", "700 people"), ("As of 15 January 2025", "500 people")]
    assert verdict(answer) == "Sources differ."


def test_when_it_was_said_goes_before_the_date_of_the_document(store: SQLiteStore) -> None:
    documents = notes(
        "A note of 3 March 2021 says the agency removed 500 people in 2020.",
        "The agency removed 700 people in 2020, it reported on 9 May 2021.",
    )
    answer = answered(store, "How many people did the agency remove in 2020?", *documents)
    assert shown(answer) == [("As of 9 May 2021", "700 people"), ("As of 3 March 2021", "500 people")]


def test_figures_of_other_years_stay_out_of_a_question_on_one(store: SQLiteStore) -> None:
    documents = notes("The agency removed 500 people in 2019.", "The agency removed 700 people in 2020.")
    assert answered(store, "How many people did the agency remove in 2020?", *documents).disagreement == ()


def test_a_fiscal_year_over_two_is_no_calendar_year(store: SQLiteStore) -> None:
    documents = notes("The agency removed 500 people in fiscal year 2019-20.", "The agency removed 700 people in 2019.")
    assert answered(store, "How many people did the agency remove in 2019?", *documents).disagreement == ()


def test_a_list_gives_each_figure_the_date_beside_it(store: SQLiteStore) -> None:
    text = (
        "Three notes of 2020 differ on people removed in fiscal year 2018-19: 9,669 (March), 9,682 (April) and 9,693."
    )
    answer = answered(store, "How many people were removed in fiscal year 2018-19?", a_document(text))
    assert shown(answer)[-2:] == [("As of April 2020", "9,682"), ("As of March 2020", "9,669")]


def test_a_rule_that_was_replaced_is_told_by_before_and_since(store: SQLiteStore) -> None:
    documents = notes(
        "Before 26 March 2026, the order took effect after 15 days.",
        "Since 26 March 2026, the order takes effect on the day of the notice.",
    )
    answer = answered(store, "When does the order take effect?", *documents)
    assert shown(answer) == [
        ("Since 26 March 2026", "on the day of the notice"),
        ("Before 26 March 2026", "15 days"),
    ]


def test_a_rule_for_another_case_does_not_differ(store: SQLiteStore) -> None:
    documents = notes(
        "The removal order takes effect 15 days after the refugee claim is withdrawn.",
        "The removal order takes effect 30 days after the refugee claim is abandoned.",
    )
    question = "When does the removal order take effect after the refugee claim is withdrawn?"
    assert answered(store, question, *documents).disagreement == ()


def test_less_than_14_days_is_not_within_14_days(store: SQLiteStore) -> None:
    documents = notes("A claim must be made within 14 days.", "A claim must be made less than 14 days after entry.")
    answer = answered(store, "How soon must a claim be made?", *documents)
    assert [each.value for each in answer.disagreement] == ["less than 14 days", "within 14 days"]


@pytest.mark.parametrize(
    "other",
    [
        "The target of the agency is to remove 700 people.",
        "The agency removed 500 people, of whom 700 people had a claim.",
        "The agency removed 700 people from Quebec.",
        "The agency removed 700 people a week.",
        "The agency removed 700 foxes.",
        "The agency fined 700 people.",
        "The agency removed 99,700,000 people.",
        "The agency removed people by a court vote of 500 people to 2.",
        "Removals by the agency fell from 700 people to 500 people.",
    ],
)
def test_a_figure_of_something_else_does_not_differ(store: SQLiteStore, other: str) -> None:
    assert answered(store, ASKED, *notes("The agency removed 500 people.", other)).disagreement == ()


def test_a_figure_beside_another_is_told_apart_by_the_words_beside_it(store: SQLiteStore) -> None:
    documents = notes(
        "In May 2019 the list had 10 recalcitrant countries and 23 countries at risk.",
        "In July 2020 the list had 13 recalcitrant countries and 17 countries at risk.",
    )
    answer = answered(store, "How many recalcitrant countries are on the list?", *documents)
    assert [each.value for each in answer.disagreement] == ["13 recalcitrant countries", "10 recalcitrant countries"]


def test_amounts_in_one_sentence_stand_together(store: SQLiteStore) -> None:
    documents = notes("A person pays a fee of $750 or $1,500.", "A person pays a fee of $3,840 or $12,880.")
    answer = answered(store, "How much is the fee that a person pays?", *documents)
    assert told(answer) == "As of 30 June 2025: $3,840 [1]; $12,880 [1]. As of 15 January 2025: $750 [2]; $1,500 [2]."


def test_a_french_question_is_told_in_french(store: SQLiteStore) -> None:
    documents = [
        a_document("L’agence a renvoyé 500 personnes en avril 2020.", "1.txt", language="fr"),
        a_document("L’agence a renvoyé 700 personnes le 1er mai 2021.", "2.txt", language="fr"),
    ]
    answer = answered(store, "Combien de personnes l’agence a-t-elle renvoyées ?", *documents)
    assert told(answer) == (
        "Cela a changé avec le temps. En date du 1er mai 2021 : 700 personnes [1]. "
        "En date d’avril 2020 : 500 personnes [2]."
    )


def test_english_dates_are_told_in_french_to_a_french_question(store: SQLiteStore) -> None:
    documents = notes("The agency had 500 dossiers on 8 September 2018.", "The agency had 700 dossiers in late 2024.")
    answer = answered(store, "Combien de dossiers the agency a-t-elle dans les archives ?", *documents)
    assert [each.said_of for each in answer.disagreement] == ["En date de fin 2024", "En date du 8 septembre 2018"]


@pytest.mark.parametrize("text", ["Who removed people?", "Why did the agency remove people?", "What is the agency?"])
def test_a_question_that_asks_for_no_figure_has_none_that_differ(store: SQLiteStore, text: str) -> None:
    documents = notes("The agency removed 500 people.", "The agency removed 700 people.")
    assert answered(store, text, *documents).disagreement == ()


@pytest.mark.parametrize(
    "text",
    [
        "total of people that the agency removed",
        "Did the agency remove 500 people or 700?",
        "Were 500 people really removed by the agency?",
        "How many people did the agency remove? Every paper I read has another number.",
    ],
)
def test_other_wordings_for_a_figure_find_those_that_differ(store: SQLiteStore, text: str) -> None:
    documents = notes("The agency removed 500 people.", "The agency removed 700 people.")
    assert [each.value for each in answered(store, text, *documents).disagreement] == ["700 people", "500 people"]


def test_two_figures_of_one_day_differ_where_the_question_sets_one_against_the_other(store: SQLiteStore) -> None:
    texts = ("The agency had 500 open cases.", "The agency had 700 open cases.")
    documents = notes(*texts, days=("2025-01-15", "2025-01-15"))
    answer = answered(store, "Had the agency 500 or 700 open cases?", *documents)
    assert sorted(each.value for each in answer.disagreement) == ["500 open cases", "700 open cases"]
    for text in ("How many open cases had the agency?", "Had the agency 500 or 900 open cases?"):
        assert Pipeline(store, FAKE, Settings(refuse="never")).answer(Question(text)).disagreement == ()


def test_a_follow_up_for_another_year_compares_that_year(store: SQLiteStore) -> None:
    texts = ("The agency removed 500 people in 2021.", "The agency removed 700 people in 2021.")
    fill(store, FAKE, *notes(*texts, "The agency removed 900 people in 2023."))
    question = Question("and in 2021?", (Turn("user", "How many people did the agency remove in 2023?"),))
    answer = Pipeline(store, FAKE, Settings(refuse="never")).answer(question)
    assert [each.value for each in answer.disagreement] == ["700 people", "500 people"]


def test_a_follow_up_that_names_something_else_compares_figures_of_that(store: SQLiteStore) -> None:
    texts = ("The agency removed 500 people to Chad.", "The agency removed 700 people to Mali.")
    fill(store, FAKE, *notes(*texts))
    question = Question("and to Mali?", (Turn("user", "How many people did the agency remove to Chad?"),))
    assert Pipeline(store, FAKE, Settings(refuse="never")).answer(question).disagreement == ()


def test_figures_of_two_countries_do_not_differ(store: SQLiteStore) -> None:
    documents = notes("Canada removed 500 people.", "The United States removed 700 people.")
    assert answered(store, "How many people were removed?", *documents).disagreement == ()


def test_documents_that_hold_the_sentence_of_a_figure_are_named_beside_the_newest(store: SQLiteStore) -> None:
    documents = notes(
        "The agency removed 700 people.", "The agency removed 700 people.", "The agency removed 500 people."
    )
    answer = answered(store, ASKED, *documents)
    assert shown(answer) == [("As of 1 September 2025", "500 people"), ("As of 30 June 2025", "700 people")]
    assert [(each.passage.info.id, [info.id for info in each.older]) for each in answer.citations] == [
        ("3.txt", []),
        ("2.txt", ["1.txt"]),
    ]


def test_a_refusal_tells_nothing(store: SQLiteStore, embedder: SentenceTransformerEmbedder) -> None:
    documents = notes("The agency removed 500 people.", "The agency removed 700 people.")
    answer = Pipeline(fill(store, embedder, *documents), embedder).answer(Question("How many eggs make a cake?"))
    assert (answer.refused, answer.disagreement) == (True, ())


# A question in plain words on each place where the sources of the library differ, and what they say there.
PLACES = {
    "How many people did Canada remove in 2024?": "17,357 16,860 16,781 7,300",
    "How many people did Canada remove in 2023?": "15,207 15,203 15,124",
    "How many removals did Canada carry out in fiscal year 2018-19?": "9,669 9,682 9,693",
    "How many people were removed from Canada in fiscal year 2019-20?": "10,276 10,726 11,171 11,458",
    "How many people has Canada removed in the last year?": "18,048 22,000",
    "How much money does Canada's border plan give for removals?": "30.4 30.5 55.5",
    "How many administrative deferrals of removal does Canada have?": "11 13 16",
    "How many countries are on the US recalcitrant list?": "23 20 12 9 10 13 15",
    "How many countries does the United States count as at risk of non-compliance?": "55 47 24 23 17",
    "How many people in the United States have final removal orders?": "1,323,264 1,445,549",
    "How many people did the United States remove in fiscal year 2025?": "319,980 340,000 326,390 605,000",
    "How many removal orders are in Canada's removal inventory?": "15,000 197,000 50,000 217,000",
    "How much must a removed person repay before returning to Canada?": "750 1,500 3,840 12,880",
    "How much does Canada spend on removals?": "34 51 62 78",
    "When does a Canadian removal order take effect after a refugee claim is withdrawn?": "15 on~the~day",
    "How soon after crossing between ports of entry must one claim to fall under the Safe Third Country Agreement?": (
        "within~14 less~than~14"
    ),
    "How many countries do the US entry bans cover?": "12 7 5 15",
    "How many points does the Smart Border plan have?": "30 32",
}

# Other words for the same places. For the Safe Third Country Agreement none was found that does as well.
OTHER_WORDS = {
    "total of deportations from Canada for calendar year 2024": "17,357 16,860 16,781 7,300",
    "CBSA removal figures for 2023": "15,207 15,203 15,124",
    "I need the number of removals that Canada made in 2023.": "15,207 15,203 15,124",
    "Canada's removal count, fiscal year 2018-19": "9,669 9,682 9,693",
    "What were the removals from Canada in fiscal year 2018-19?": "9,669 9,682 9,693",
    "total number of people removed from Canada in fiscal year 2019-20": "10,276 10,726 11,171 11,458",
    "Are 10,276 removals in fiscal year 2019-20 really right?": "10,276 10,726 11,171 11,458",
    "How big is Canada's removal total over the last year?": "18,048 22,000",
    "count of removals from Canada over the past twelve months": "18,048 22,000",
    "What funding does Canada's border plan set aside for removals?": "30.4 30.5 55.5",
    "amounts for removals in the border plan: 30.5 or 55.5 million?": "30.4 30.5 55.5",
    "Number of administrative deferrals of removal in Canada?": "11 13 16",
    "Number of countries that the US calls recalcitrant": "23 20 12 9 10 13 15",
    "How large is the American list of recalcitrant countries?": "23 20 12 9 10 13 15",
    "count of countries at risk of non-compliance with the US": "55 47 24 23 17",
    "What is the number of at-risk countries on the United States list?": "55 47 24 23 17",
    "total of people in the United States under a final removal order": "1,323,264 1,445,549",
    "Do 1,323,264 people or 1,445,549 people hold final US removal orders?": "1,323,264 1,445,549",
    "US removals, fiscal year 2025: total number of people?": "319,980 340,000 326,390 605,000",
    "What were the removals by the United States in fiscal year 2025?": "319,980 340,000 326,390 605,000",
    "number of removal orders in the Canadian inventory": "15,000 197,000 50,000 217,000",
    "What does somebody who was removed owe before returning to Canada?": "750 1,500 3,840 12,880",
    "What are the amounts to repay before a return to Canada?": "750 1,500 3,840 12,880",
    "What does Canada spend on removals?": "34 51 62 78",
    "What has Canada spent on removals?": "34 51 62 78",
    "How long after a refugee claim is withdrawn does the Canadian removal order take effect?": "15 on~the~day",
    "What is the delay before a Canadian removal order takes effect, once a claim is withdrawn?": "15 on~the~day",
    "Number of countries under the US entry bans": "12 7 5 15",
    "How large is the set of countries in the US entry bans?": "12 7 5 15",
    "total of points in the Smart Border plan": "30 32",
    "Did the Smart Border plan hold 32 points or just 30?": "30 32",
}
# Of one thing and one time, for which the library has one figure or none.
NOTHING_DIFFERS = [
    "How many people did Canada remove in 2022?",
    "What is the number of points in the border plan of December 2024?",
    "How long does an exclusion order for misrepresentation bar return to Canada?",
    "How many days does a person under a departure order have to leave Canada?",
    "What is the average cost of an escorted removal from Canada?",
    "What does an unescorted removal cost on average?",
    "How many people did the Quebec region remove in 2024?",
    "How long is the US removal period?",
    "How much of the border plan's money goes to the RCMP?",
    "What is the number of people with final US orders who are from China?",
    "total of refugee claims at the land border in 2023",
    "What were the ICE removals in fiscal year 2024?",
    "How many countries did ICE remove people to in fiscal year 2024?",
    "How long after a refused claim may a person ask for a PRRA?",
    "number of people removed to Mexico by ICE in fiscal year 2024",
    "How many people did CBSA detain in 2012-13?",
    "How big was Canada's share of cases without travel documents?",
    "What was the cost of the removals program in fiscal year 2018-19?",
    "How many warrants did CBSA have in December 2025?",
    "How long may the United States hold a person after a final order when no country takes them?",
    "Combien de jours la personne a-t-elle pour quitter le Canada après une interdiction de séjour ?",
    "Combien coûte en moyenne un renvoi du Canada avec escorte ?",
    "What was the most that one person could get from assisted voluntary return?",
    "Were 8,319 people really removed from Canada in 2022?",
    "What were Canada's removals in 2010?",
    "total of people returned to the United States under the Safe Third Country Agreement from January to August 2025",
    "How big is the border plan of December 2024?",
    "What is the deadline to object to a third-country removal under the D.V.D. injunction?",
    "number of deportees that Rwanda agreed to take",
    "How many removals did Canada carry out in fiscal year 2021-22?",
    "What is the wait before a person can come back after a one-year exclusion?",
    "Combien de pays la liste américaine compte-t-elle en septembre 2017 pour les sanctions de visas ?",
    "Is the PRRA bar 12 months or 36 months?",
    "What were the removals from Mexico by Canada in 2024?",
    "How many people did Germany and Canada remove in 2019?",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder) -> Pipeline:
    store = SQLiteStore(tmp_path_factory.mktemp("library"), writable=True)
    ingest([LIBRARY], store, embedder)
    return Pipeline(store, embedder)


@pytest.mark.parametrize("text", PLACES | OTHER_WORDS)
def test_where_the_library_s_sources_differ_two_of_their_figures_are_told_with_their_dates(
    library: Pipeline, text: str
) -> None:
    known = [each.replace("~", " ") for each in (PLACES | OTHER_WORDS)[text].split()]
    answer = library.answer(Question(text))
    right = {figure: each.said_of for each in answer.disagreement for figure in known if figure in each.value}
    assert len(right) >= 2, answer.text
    assert len(set(right.values())) >= 2, answer.text
    assert all(f"{said_of}: " in answer.text for said_of in right.values())


@pytest.mark.parametrize("text", NOTHING_DIFFERS)
def test_where_the_library_s_sources_do_not_differ_nothing_is_told_to(library: Pipeline, text: str) -> None:
    assert library.answer(Question(text)).disagreement == ()

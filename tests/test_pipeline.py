from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from fakes import WordHashEmbedder, a_document, fill

from documents.errors import BadQuestion, BadSetting, IndexMismatch, IndexMissing
from index.e5 import BILINGUAL_MODEL
from index.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
from index.store import SQLiteStore
from qa.pipeline import LONGEST_QUESTION, NOTHING_FOUND, REFUSAL, Pipeline, Settings, open_pipeline
from qa.readers import Unread
from qa.types import Hit, Question, Reading, Turn

FAKE = WordHashEmbedder()
REMOVALS = a_document(
    "Canada removed 17,357 people in 2024. The costs rose to 62 million dollars. Most of them had lost a claim.",
    "removals.txt",
    title="Removals in 2024",
    day="2025-01-15",
)
PAPERS = a_document(
    "Somalia would not issue a travel document. Officials issued a single-use document to the man in June.",
    "papers.txt",
    title="Travel documents",
    day="2025-08-02",
)
COPY = a_document("Canada removed 17,357 people in 2024.", "copy.txt", day="2025-03-01")
QUESTION = Question("How many people did Canada remove in 2024?")


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory, embedder: SentenceTransformerEmbedder) -> Pipeline:
    """Three documents, the bundled model."""
    store = SQLiteStore(tmp_path_factory.mktemp("pipeline"), writable=True)
    return Pipeline(fill(store, embedder, REMOVALS, PAPERS, COPY), embedder)


def with_settings(pipeline: Pipeline, **settings) -> Pipeline:
    return Pipeline(pipeline.store, pipeline.embedder, Settings(**settings))


def test_an_answer_quotes_the_sentence_that_answers(pipeline: Pipeline) -> None:
    answer = pipeline.answer(QUESTION)
    assert not answer.refused
    assert answer.citations[0].quote == "Canada removed 17,357 people in 2024."


def test_every_quote_is_a_slice_of_its_document(pipeline: Pipeline) -> None:
    for text in (QUESTION.text, "Who issued a travel document?", "What did it cost?"):
        for each in with_settings(pipeline, refuse="never").answer(Question(text)).citations:
            document = pipeline.store.document(each.passage.info.id)
            assert document.text[each.start : each.end] == each.quote != ""


def test_marker_n_follows_the_quote_of_citation_n(pipeline: Pipeline) -> None:
    answer = with_settings(pipeline, refuse="never").answer(Question("What did Somalia and Canada issue?"))
    first, *others = [f"{each.quote} [{number}]" for number, each in enumerate(answer.citations, 1)]
    assert others
    assert answer.text == f"{first}\nAlso in the documents: {' '.join(others)}"


def test_the_quotes_of_a_list_stand_together(pipeline: Pipeline) -> None:
    answer = with_settings(pipeline, refuse="never").answer(Question("Which things did Somalia and Canada issue?"))
    assert len(answer.citations) > 1
    assert answer.further == ()
    assert answer.text == " ".join(f"{each.quote} [{number}]" for number, each in enumerate(answer.citations, 1))


def test_what_stands_below_the_answer_is_named_in_the_question_s_language(pipeline: Pipeline) -> None:
    answer = with_settings(pipeline, refuse="never").answer(Question("Qui a délivré un document de voyage ?"))
    assert answer.further == answer.citations[1:] != ()
    assert "\nAussi dans les documents : " in answer.text


def test_the_same_sentence_of_two_documents_is_quoted_once_from_the_newest_and_names_the_other(
    pipeline: Pipeline,
) -> None:
    (cited,) = [each for each in pipeline.answer(QUESTION).citations if "17,357" in each.quote]
    assert cited.passage.info.id == "copy.txt"
    assert [(each.id, each.date) for each in cited.older] == [("removals.txt", "2025-01-15")]


def test_as_of_a_day_the_newest_of_that_day_leads(pipeline: Pipeline) -> None:
    answer = pipeline.answer(Question(QUESTION.text, as_of=date(2025, 2, 1)))
    assert [(each.passage.info.id, each.older) for each in answer.citations[:1]] == [("removals.txt", ())]


def test_what_the_documents_do_not_answer_is_refused(pipeline: Pipeline) -> None:
    answer = pipeline.answer(Question("How is sourdough bread baked at home?"))
    assert answer.refused
    assert answer.text == REFUSAL
    assert answer.citations == ()


def test_a_refusal_shows_the_closest_passages(pipeline: Pipeline) -> None:
    assert len(pipeline.answer(Question("How is sourdough bread baked at home?")).hits) == 3


def test_an_answer_is_the_same_twice(pipeline: Pipeline) -> None:
    assert pipeline.answer(QUESTION) == pipeline.answer(QUESTION)


def test_an_answer_is_the_same_from_another_pipeline(pipeline: Pipeline) -> None:
    assert with_settings(pipeline).answer(QUESTION) == pipeline.answer(QUESTION)


def test_answers_are_the_same_from_several_threads(pipeline: Pipeline) -> None:
    questions = [QUESTION, Question("Who would not issue a travel document?"), Question("What rose?")] * 4
    alone = [pipeline.answer(question) for question in questions]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(pipeline.answer, questions)) == alone


def test_an_answer_names_its_question_and_the_one_searched_for(pipeline: Pipeline) -> None:
    question = Question("And in which month?", (Turn("user", "Who issued a travel document?"),))
    answer = pipeline.answer(question)
    assert answer.question == question
    assert answer.standalone == "Who issued a travel document? And in which month?"


def test_space_around_a_question_makes_no_difference(pipeline: Pipeline) -> None:
    assert pipeline.answer(Question(f" \n{QUESTION.text}\t")).text == pipeline.answer(QUESTION).text


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0"])
def test_an_empty_question_is_a_bad_question(pipeline: Pipeline, text: str) -> None:
    with pytest.raises(BadQuestion, match="The question is empty"):
        pipeline.answer(Question(text))


def test_an_endless_question_is_a_bad_question(pipeline: Pipeline) -> None:
    with pytest.raises(BadQuestion, match="100,000 characters; at most 20,000 are read"):
        pipeline.answer(Question("why " * 25_000))


def test_the_longest_question_is_answered(pipeline: Pipeline) -> None:
    assert pipeline.answer(Question(QUESTION.text.ljust(LONGEST_QUESTION, "?"))).hits


@pytest.mark.parametrize("text", ["?", "🙂", "ですか", "a", "\x00", "' OR 1=1 --", "[1] [2]"])
def test_a_question_of_marks_is_answered_or_refused(pipeline: Pipeline, text: str) -> None:
    assert len(pipeline.answer(Question(text)).hits) == 3


def test_half_a_character_is_a_bad_question(pipeline: Pipeline) -> None:
    with pytest.raises(BadQuestion):
        pipeline.answer(Question("Who removed \ud83d?"))


def test_an_unknown_document_is_a_bad_question(pipeline: Pipeline) -> None:
    with pytest.raises(BadQuestion, match=r"none\.txt: no document of this id"):
        pipeline.answer(Question("Who?", documents=frozenset({"removals.txt", "none.txt"})))


def test_a_question_is_narrowed_to_its_documents(pipeline: Pipeline) -> None:
    answer = pipeline.answer(Question(QUESTION.text, documents=frozenset({"copy.txt"})))
    assert {hit.passage.info.id for hit in answer.hits} == {"copy.txt"}


def test_later_documents_stay_out_of_a_question_as_of_a_day(pipeline: Pipeline) -> None:
    answer = pipeline.answer(Question("Who issued a travel document?", as_of=date(2025, 8, 1)))
    assert {hit.passage.info.id for hit in answer.hits} == {"removals.txt", "copy.txt"}


def test_a_question_as_of_a_day_before_all_documents_finds_nothing(pipeline: Pipeline) -> None:
    answer = with_settings(pipeline, refuse="never").answer(Question("Who?", as_of=date(2000, 1, 1)))
    assert (answer.text, answer.refused, answer.confidence, answer.hits) == (NOTHING_FOUND, True, 0.0, ())


@pytest.mark.parametrize(
    ("question", "undated"),
    [
        (Question("Who?"), 0),
        (Question("Who?", as_of=date(2025, 8, 1)), 2),
        (Question("Who?", as_of=date(2025, 8, 1), documents=frozenset({"a", "b"})), 1),
        (Question("Who?", as_of=date(2000, 1, 1), kinds=frozenset({"press"})), 1),
    ],
)
def test_documents_without_a_date_that_a_day_leaves_out_are_counted(
    store: SQLiteStore, question: Question, undated: int
) -> None:
    documents = [a_document("One went.", "a", day="2025-01-01"), a_document("Two went.", "b", kind="press")]
    pipeline = Pipeline(fill(store, FAKE, *documents, a_document("Three went.", "c")), FAKE)
    assert pipeline.answer(question).undated == undated


def test_an_empty_index_finds_nothing(store: SQLiteStore) -> None:
    answer = Pipeline(fill(store, FAKE), FAKE).answer(QUESTION)
    assert (answer.text, answer.refused, answer.confidence, answer.hits) == (NOTHING_FOUND, True, 0.0, ())


def test_never_refusing_answers_from_whatever_is_there(pipeline: Pipeline) -> None:
    assert not with_settings(pipeline, refuse="never").answer(Question("How is sourdough bread baked?")).refused


def test_the_setting_changes_what_is_refused_but_not_how_sure_it_is(pipeline: Pipeline) -> None:
    question = Question("Which month was it?")
    assert len({with_settings(pipeline, refuse=each).answer(question).confidence for each in ("careful", "never")}) == 1


def test_a_question_may_be_more_or_less_careful_than_the_pipeline(pipeline: Pipeline) -> None:
    text = "How is sourdough bread baked?"
    answers = [pipeline.answer(Question(text, refuse=each)) for each in (None, "careful", "never")]
    assert [each.refused for each in answers] == [True, True, False]
    assert not with_settings(pipeline, refuse="never").answer(Question(text)).refused
    assert with_settings(pipeline, refuse="never").answer(Question(text, refuse="careful")).refused


def test_an_unknown_refusal_setting_of_a_question_is_refused(pipeline: Pipeline) -> None:
    with pytest.raises(BadSetting, match="refuse is 'always'"):
        pipeline.answer(Question("Who?", refuse="always"))


@pytest.mark.parametrize("passages", [1, 2, 10])
def test_as_many_passages_are_kept_as_set(pipeline: Pipeline, passages: int) -> None:
    assert len(with_settings(pipeline, passages=passages).answer(QUESTION).hits) == min(passages, 3)


def test_the_number_of_passages_kept_does_not_change_the_answer(pipeline: Pipeline) -> None:
    one, ten = (with_settings(pipeline, passages=each).answer(QUESTION) for each in (1, 10))
    assert (one.text, one.confidence) == (ten.text, ten.confidence)


def test_a_search_returns_the_first_passages_of_an_answer(pipeline: Pipeline) -> None:
    assert tuple(pipeline.search(QUESTION, 2)) == pipeline.answer(QUESTION).hits[:2]


def test_a_new_document_is_found_at_once(store: SQLiteStore) -> None:
    pipeline = Pipeline(fill(store, FAKE, REMOVALS), FAKE, Settings(refuse="never"))
    pipeline.answer(QUESTION)
    fill(store, FAKE, a_document("Bread is baked at night.", "bread.txt"))
    assert pipeline.answer(Question("When is bread baked?")).citations[0].quote == "Bread is baked at night."


def test_an_unknown_refusal_setting_is_refused(store: SQLiteStore) -> None:
    with pytest.raises(BadSetting, match="refuse is 'always'"):
        Pipeline(store, FAKE, Settings(refuse="always"))


@pytest.mark.parametrize("passages", [0, -1])
def test_a_number_of_passages_out_of_bounds_is_refused(passages: int) -> None:
    with pytest.raises(BadSetting):
        Settings(passages=passages)


def test_opening_a_missing_index_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        open_pipeline(tmp_path / "none", FAKE)


def test_opening_an_index_of_another_model_is_an_error(store: SQLiteStore) -> None:
    fill(store, FAKE, REMOVALS)
    with pytest.raises(IndexMismatch, match="Use --model word-hash"):
        open_pipeline(store.folder, WordHashEmbedder(revision="another"))


def test_a_french_question_is_refused_in_french(pipeline: Pipeline) -> None:
    answer = pipeline.answer(Question("Comment cuit-on le pain au levain chez soi ?"))
    assert answer.refused
    assert answer.text == "Les documents ne répondent pas à cette question."


class Named(WordHashEmbedder):
    """Bears another embedder's name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Noting(Unread):
    """Notes what it is given to read."""

    name = "cross-encoder"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, question: str, hits: Sequence[Hit], *, brief: bool = False) -> list[Reading]:
        self.asked.append(question)
        return super().read(question, hits, brief=brief)


@pytest.mark.parametrize("model", [DEFAULT_MODEL, "word-hash", BILINGUAL_MODEL])
def test_questions_of_both_languages_are_read(store: SQLiteStore, model: str) -> None:
    embedder, reader = Named(model), Noting()
    fill(store, embedder, a_document("Le Canada a renvoyé 17 357 personnes en 2024.", "fr.txt"))
    pipeline = Pipeline(store, embedder, reader=reader)
    asked = ["Combien de personnes ont été renvoyées ?", "How many people were removed?"]
    for question in asked:
        pipeline.answer(Question(question))
    assert reader.asked == asked


def test_a_question_is_narrowed_to_its_kind_language_and_collection(store: SQLiteStore) -> None:
    documents = [
        a_document("Canada removed 500 people.", "a", kind="press", collection="Acts"),
        a_document("Canada removed 500 people.", "b", kind="brief", language="fr"),
    ]
    pipeline = Pipeline(fill(store, FAKE, *documents), FAKE, Settings(refuse="never"))
    for narrowed, expected in (
        (Question("removed", kinds=frozenset({"press"})), {"a"}),
        (Question("removed", languages=frozenset({"fr"})), {"b"}),
        (Question("removed", collections=frozenset({"Acts"})), {"a"}),
        (Question("removed", collections=frozenset({""})), {"b"}),
        (Question("removed", kinds=frozenset({"press"}), languages=frozenset({"fr"})), set()),
    ):
        assert {hit.passage.info.id for hit in pipeline.answer(narrowed).hits} == expected


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question("Who?", kinds=frozenset({"memo"})), "'memo' is no kind of document. Known are statute"),
        (Question("Who?", languages=frozenset({"de"})), "'de' is no language"),
        (Question("Who?", collections=frozenset({"Acts"})), "'Acts' is no collection of this index"),
    ],
)
def test_a_question_narrowed_to_what_is_unknown_is_a_bad_question(
    pipeline: Pipeline, question: Question, message: str
) -> None:
    with pytest.raises(BadQuestion, match=message):
        pipeline.answer(question)

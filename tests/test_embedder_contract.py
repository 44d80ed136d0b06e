"""The contract of Embedder, over the fake, the bundled model and the bilingual one."""

import numpy as np
import pytest
from fakes import WordHashEmbedder, axis_of

from documents.errors import ModelError
from index.bert import Bert
from index.embed import DEFAULT_MODEL, SentenceTransformerEmbedder
from index.types import Embedder, Text

DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SENTENCES = ("The agency removed 17,357 people.", "Somalia gives no papers.", "L'été, l'agence a renvoyé peu de gens.")


@pytest.fixture(params=["word-hash", "embedder", "bilingual"])
def any_embedder(request: pytest.FixtureRequest) -> Embedder:
    return WordHashEmbedder() if request.param == "word-hash" else request.getfixturevalue(request.param)


def test_a_passage_s_vector_is_a_unit_row_of_float32(any_embedder: Embedder) -> None:
    (one,) = any_embedder.embed_passages([Text(SENTENCES[0])])
    assert one.whole.shape == (any_embedder.dimension,)
    assert one.whole.dtype == np.float32
    assert np.linalg.norm(one.whole) == pytest.approx(1, abs=1e-5)


def test_a_question_s_vector_is_a_unit_row_of_float32(any_embedder: Embedder) -> None:
    vector = any_embedder.embed_question("Who was removed?")
    assert vector.shape == (any_embedder.dimension,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_every_span_has_a_unit_row_of_float32(any_embedder: Embedder) -> None:
    text = " ".join(SENTENCES)
    (one,) = any_embedder.embed_passages([Text(text, ((0, 33), (34, 58), (59, len(text))))])
    assert one.spans.shape == (3, any_embedder.dimension)
    assert one.spans.dtype == np.float32
    assert np.linalg.norm(one.spans, axis=1) == pytest.approx(np.ones(3), abs=1e-5)


def test_a_text_without_spans_has_no_span_vectors(any_embedder: Embedder) -> None:
    (one,) = any_embedder.embed_passages([Text(SENTENCES[0])])
    assert one.spans.shape == (0, any_embedder.dimension)


def test_a_text_has_the_same_vectors_alone_and_among_others(any_embedder: Embedder) -> None:
    texts = [Text(text, ((0, 10), (10, len(text)))) for text in (*SENTENCES, "Short.    ", " ".join(SENTENCES * 5))]
    together = any_embedder.embed_passages(texts)
    for text, among in zip(texts, together, strict=True):
        (alone,) = any_embedder.embed_passages([text])
        np.testing.assert_allclose(alone.whole, among.whole, atol=1e-4)
        np.testing.assert_allclose(alone.spans, among.spans, atol=1e-4)


def test_the_order_of_the_texts_is_kept(any_embedder: Embedder) -> None:
    forward = any_embedder.embed_passages([Text(text) for text in SENTENCES])
    backward = any_embedder.embed_passages([Text(text) for text in reversed(SENTENCES)])
    for one, other in zip(forward, reversed(backward), strict=True):
        np.testing.assert_allclose(one.whole, other.whole, atol=1e-4)


def test_no_texts_have_no_vectors(any_embedder: Embedder) -> None:
    assert list(any_embedder.embed_passages([])) == []
    assert list(any_embedder.count_tokens([])) == []


def test_texts_of_nothing_are_embedded(any_embedder: Embedder) -> None:
    (one,) = any_embedder.embed_passages([Text("", ((0, 0),))])
    assert np.isfinite(one.whole).all()
    assert np.isfinite(one.spans).all()


def test_tokens_of_sentences_joined_by_a_space_add_up(any_embedder: Embedder) -> None:
    assert any_embedder.count_tokens([" ".join(SENTENCES)])[0] == sum(any_embedder.count_tokens(SENTENCES))


def test_a_long_text_is_counted_to_its_end(any_embedder: Embedder) -> None:
    any_embedder.embed_question("word " * 20)  # a tokenizer may keep the limit of its last call
    assert list(any_embedder.count_tokens(["word " * 5000])) == [5000]


def test_a_text_of_exactly_the_most_tokens_is_embedded(any_embedder: Embedder) -> None:
    text = "word " * any_embedder.max_tokens
    (one,) = any_embedder.embed_passages([Text(text, ((0, 4), (len(text) - 5, len(text))))])
    assert len(one.spans) == 2


def test_a_passage_longer_than_the_model_reads_is_refused(any_embedder: Embedder) -> None:
    text = "word " * (any_embedder.max_tokens + 1)
    with pytest.raises(ModelError, match="long"):
        any_embedder.embed_passages([Text(text, ((0, len(text)),))])


def test_a_question_longer_than_the_model_reads_is_embedded(any_embedder: Embedder) -> None:
    vector = any_embedder.embed_question("Who was removed? " * 1000)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_span_over_the_whole_text_is_close_to_the_text(any_embedder: Embedder) -> None:
    text = " ".join(SENTENCES)
    (one,) = any_embedder.embed_passages([Text(text, ((0, len(text)),))])
    assert float(one.whole @ one.spans[0]) > 0.95


def test_the_same_words_are_nearer_than_others(any_embedder: Embedder) -> None:
    right, wrong = any_embedder.embed_passages([Text("removed people in Canada"), Text("a recipe for bread")])
    question = any_embedder.embed_question("people removed in Canada")
    assert right.whole @ question > wrong.whole @ question


def test_the_model_s_name_and_revision_are_told(any_embedder: Embedder) -> None:
    assert any_embedder.name
    assert len(any_embedder.revision) >= 12


def test_the_fake_s_vectors_can_be_checked_by_eye() -> None:
    (one,) = WordHashEmbedder().embed_passages([Text("visa visa order", ((0, 9),))])
    assert one.whole[axis_of("visa")] == pytest.approx(2 / 5**0.5)
    assert one.whole[axis_of("order")] == pytest.approx(1 / 5**0.5)
    assert one.spans[0][axis_of("visa")] == 1


def test_a_long_passage_without_spans_is_refused_too(embedder: SentenceTransformerEmbedder) -> None:
    with pytest.raises(ModelError, match="longer"):
        embedder.embed_passages([Text("word " * 300)])


def test_the_bundled_model_is_the_original_one(embedder: SentenceTransformerEmbedder) -> None:
    assert (embedder.name, embedder.revision, embedder.dimension) == (DEFAULT_MODEL, DIGEST, 384)


def test_the_bundled_model_reads_256_tokens_with_its_two_special_ones(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.max_tokens == 254


def test_meaning_counts_not_only_words(embedder: SentenceTransformerEmbedder) -> None:
    right, wrong = embedder.embed_passages([Text("He was deported from the country."), Text("She baked bread.")])
    question = embedder.embed_question("Who was sent back home?")
    assert right.whole @ question > wrong.whole @ question + 0.1


def test_questions_together_have_the_vectors_they_have_alone(any_embedder: Embedder) -> None:
    texts = ["Who may be removed?", "How many?", "When does an appeal stay the removal of a foreign national?"]
    together = any_embedder.embed_questions(texts)
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(vector, any_embedder.embed_question(text), atol=1e-5)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_questions_past_the_library_have_its_bits(embedder: SentenceTransformerEmbedder, count: int) -> None:
    asked = ["", *SENTENCES[:1], "long " * 400][:count]
    assert embedder._direct is not None
    assert (embedder.embed_questions(asked) == embedder._encoded(asked)).all()


def test_a_model_that_is_built_otherwise_is_left_to_the_library(embedder: SentenceTransformerEmbedder) -> None:
    model = embedder._model[0].auto_model
    assert Bert.reads(model)
    model.train()
    assert not Bert.reads(model)
    model.eval()
    assert not Bert.reads(model.encoder)

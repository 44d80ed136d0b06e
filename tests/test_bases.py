"""What cross-encoders are made from: the tokens of each base, what is trained of it, and the weights that ship."""

from typing import Any

import pytest
from fakes import a_document

from documents.sentences import sentence_spans
from documents.split import SplitSettings, split
from index.e5 import BILINGUAL_MODEL, E5Embedder
from index.embed import DEFAULT_MODEL
from qa.bases import E5, Base, MiniLM, base_of
from qa.rerank import Encoding, Row, build_model, cross_encoder, trained_part
from qa.types import Hit

FRENCH = "L’agence a renvoyé 17 357 personnes. Le pain se vend le matin. Un étranger peut être détenu 48 heures."


@pytest.fixture(scope="module", params=[MiniLM, E5])
def base(request: pytest.FixtureRequest, bilingual: E5Embedder) -> Any:
    return request.param()


def hit(text: str) -> Hit:
    (passage,) = split(a_document(text), lambda texts: [len(each.split()) for each in texts], SplitSettings())
    return Hit(passage, 0.0, 0.0, (0.0,) * len(passage.sentences))


def test_tokens_stand_where_their_characters_do(base: Base) -> None:
    tokens = base.tokens(FRENCH)
    assert len(tokens.ids) == len(tokens.spans)
    assert "".join(FRENCH[start:end] for start, end in tokens.spans).replace(" ", "") == FRENCH.replace(" ", "")


def test_a_row_is_question_context_and_passage_between_marks(base: Base) -> None:
    row = Row("Qui ?", "Une loi", FRENCH, tuple(sentence_spans(FRENCH)))
    parts = [list(base.tokens(each).ids) for each in (row.question, row.context, row.text)]
    expected = [base.start, *parts[0], *base.between, *parts[1], base.end, *parts[2], base.end]
    batch = Encoding(base, [row])
    assert batch.ids[0].tolist() == expected
    assert batch.member[0].sum(1).tolist() == [len(base.tokens(FRENCH[low:high]).ids) for low, high in row.sentences]


def test_what_is_not_trained_is_not_in_the_weights(base: Base) -> None:
    model = build_model(base)
    kept = set(trained_part(model, base))
    assert kept
    assert set(model.state_dict()) - kept == {name for name in model.state_dict() if name.startswith(base.untrained)}


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Combien de personnes ont été renvoyées ?", 0),
        ("Pendant combien de temps peut-on détenir un étranger ?", 2),
        ("How many people were removed?", 0),
    ],
)
def test_the_bilingual_one_finds_the_sentence_in_either_language(
    bilingual: E5Embedder, question: str, place: int
) -> None:
    (reading,) = cross_encoder(BILINGUAL_MODEL).read(question, [hit(FRENCH)])
    assert max(range(3), key=lambda each: reading.logits[each]) == place


def test_each_embedder_has_its_cross_encoder(bilingual: E5Embedder) -> None:
    assert cross_encoder("a-folder") is cross_encoder(DEFAULT_MODEL) is not cross_encoder(BILINGUAL_MODEL)
    assert isinstance(base_of(BILINGUAL_MODEL), E5)
    assert isinstance(base_of("a-folder"), MiniLM)

"""What cross-encoders are made from: the tokens of each base, what is trained of it, and the weights that ship."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qa.bases
from documents.errors import ModelError
from documents.sentences import sentence_spans
from index.e5 import BILINGUAL_MODEL, E5Embedder, load_bilingual
from qa.bases import E5, Base, MiniLM, base_of
from qa.rerank import Encoding, Row, build_model, trained_part

ENGLISH = "The Minister of Public Safety (2019) removed 17,357 foreign nationals under section 44(1): ex post facto."
FRENCH = "L’agence a renvoyé 17 357 personnes. Le pain se vend le matin. Un étranger peut être détenu 48 heures."


@pytest.fixture(scope="module", params=[MiniLM, E5])
def base(request: pytest.FixtureRequest) -> Any:
    return request.param()


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


def test_each_name_has_its_base() -> None:
    assert isinstance(base_of(BILINGUAL_MODEL), E5)
    assert isinstance(base_of("a-folder"), MiniLM)


@pytest.mark.parametrize("text", [FRENCH, ENGLISH])
def test_a_text_has_the_tokens_and_vectors_that_the_whole_model_gives_it(bilingual: E5Embedder, text: str) -> None:
    base, whole = E5(), load_bilingual()
    (tokens,) = whole.tokenizer.encode([text])
    found = base.tokens(text)
    assert found.spans == tokens.spans
    cut = base._model.tensors
    np.testing.assert_array_equal(cut.words(np.array(found.ids)), whole.tensors.words(np.array(tokens.ids)))
    for name in ("emb.pos", "l0.q.w", "l11.oln.b"):
        np.testing.assert_array_equal(cut.tensor(name), whole.tensors.tensor(name))


def test_a_text_in_neither_language_is_read_all_the_same() -> None:
    tokens = E5().tokens("加拿大 🙂 Οδυσσέας")
    assert tokens.ids
    assert len(tokens.ids) == len(tokens.spans)


def test_a_damaged_base_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (None, b"E5S1"):
        monkeypatch.setattr(qa.bases, "BASE_FILE", tmp_path / "base.bin")
        if content:
            (tmp_path / "base.bin").write_bytes(content)
        with pytest.raises(ModelError, match=r"base\.bin: the cross-encoder's base cannot be read .* Reinstall"):
            E5()

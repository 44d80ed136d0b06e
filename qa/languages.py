"""What the models make of a question's language."""

from documents.language import guess_language
from index.e5 import BILINGUAL_MODEL
from index.embed import DEFAULT_MODEL


def embeds(model: str, question: str) -> bool:
    """Returns whether the embedder's vectors can be trusted with the question as much as its words can."""
    return not (model == DEFAULT_MODEL and guess_language(question) == "fr")


def gains_by_reading(model: str, question: str) -> bool:
    """Returns whether answers get better where the cross-encoder reads what the embedder has found.

    It learnt French from invented texts, in an English model's word pieces. Beside vectors that hardly know French it
    helps; beside the bilingual ones it does not (cnil_faq_fr: first 0.477 without, at most 0.482 at any weight).
    """
    return not (model == BILINGUAL_MODEL and guess_language(question) == "fr")

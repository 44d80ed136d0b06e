"""What the models make of a question's language."""

from documents.language import guess_language
from index.embed import DEFAULT_MODEL


def embeds(model: str, question: str) -> bool:
    """Returns whether the embedder's vectors can be trusted with the question as much as its words can."""
    return not (model == DEFAULT_MODEL and guess_language(question) == "fr")

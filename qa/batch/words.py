"""The words of answer files that people read, around quotes that stay as they are: headings, states, explanations."""

from collections.abc import Iterator, Mapping

LANGUAGES = ("en", "fr")

_WORDS = {
    # headings of columns, by what stands in them
    "id": ("id", "no"),
    "question": ("question", "question"),
    "answer": ("answer", "réponse"),
    "confidence": ("confidence", "confiance"),
    "status": ("status", "état"),
    "error": ("error", "erreur"),
    "title": ("title", "titre"),
    "date": ("date", "date"),
    "page": ("page", "page"),
    "quote": ("quote", "citation"),
    "link": ("link", "lien"),
    "also in": ("also in", "aussi dans"),
    "carried": ("{name} (question file)", "{name} (fichier de questions)"),
    # what came of a question
    "answered": ("answered", "répondu"),
    "refused": ("refused", "sans réponse"),
    # the settings of refusal
    "refuse": ("refuse", "refus"),
    "careful": ("careful", "prudent"),
    "balanced": ("balanced", "équilibré"),
    "eager": ("eager", "hardi"),
    "never": ("never", "jamais"),
    # the whole file
    "answers": ("Answers", "Réponses"),
    "summary": ("Summary", "Sommaire"),
    "of": ("of", "de"),
    "questions": ("questions", "questions"),
    "named": ("Answers to {questions}", "Réponses à {questions}"),
    "sure": ("confidence {share}", "confiance {share}"),
    "page_of": ("p. {page}", "p. {page}"),
    "also": ("Said also in: {documents}", "Dit aussi dans : {documents}"),
    "open": ("open", "ouvrir"),
    "chance": ("the estimated chance, 0 to 1, that the documents answer the question",
               "la probabilité estimée, de 0 à 1, que les documents répondent à la question"),
    "explained": ("Every sentence of an answer is quoted word for word; the numbers in brackets lead to its sources. "
                  "Confidence is the estimated chance, 0 to 1, that the documents answer the question.",
                  "Chaque phrase d’une réponse est citée mot à mot ; les numéros entre crochets mènent aux sources. "
                  "La confiance est la probabilité estimée, de 0 à 1, que les documents répondent à la question."),
    "fact": ("{name}: {value}", "{name} : {value}"),
    "cut": (" … [cut: the whole has {count} characters]", " … [coupé : le tout compte {count} caractères]"),
}  # fmt: skip


class Words(Mapping[str, str]):
    """The words in one language; its keys are the same in every one."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._place = LANGUAGES.index(language)

    def __getitem__(self, name: str) -> str:
        return _WORDS[name][self._place]

    def __iter__(self) -> Iterator[str]:
        return iter(_WORDS)

    def __len__(self) -> int:
        return len(_WORDS)

    def number(self, value: float, digits: int = 0) -> str:
        """Returns a number as it is written in the language: 1,234.5 or 1 234,5."""
        text = f"{value:,.{digits}f}"
        return text.translate({ord(","): "\u202f", ord("."): ","}) if self.language == "fr" else text


ENGLISH = Words("en")

"""What can be wrong with a row of a file of questions and answers, in English and in French."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qa.evaluation.wording import LANGUAGES

# Kind -> what is wrong and what to do, in the order of LANGUAGES. What the user wrote, and what documents say, stays.
_TEXTS = {
    "unusable": ("{reason}", "la ligne est inutilisable ({reason})"),
    "no_question": ('the row has no "question".', "la ligne n’a pas de question."),
    "repeated": ("the id {id} stands in {count} rows, first in {first}. Give each row its own.",
                 "l’identifiant {id} figure dans {count} lignes, d’abord en {first}. Donnez à chaque ligne le sien."),
    "no_gold": ("nothing tells a right answer. Give evidence or an answer, or say there is none.",
                "rien ne dit la bonne réponse. Donnez une preuve ou une réponse, ou dites qu’il n’y en a pas."),
    "both": ("it is said to have no answer, yet evidence is given. Remove one of the two.",
             "il est dit qu’elle n’a pas de réponse, mais une preuve est donnée. Retirez l’un des deux."),
    "missing": ("the document {name} is not in the index. Ingest it, or correct its id.",
                "le document {name} n’est pas dans l’index. Ajoutez-le, ou corrigez son identifiant."),
    "elsewhere": ("the evidence stands in {elsewhere}, not in {where}: {evidence}",
                  "la preuve figure dans {elsewhere}, non dans {where} : {evidence}"),
    "not_verbatim": ("the evidence does not stand word for word in {where}: {evidence}",
                     "la preuve ne figure pas mot à mot dans {where} : {evidence}"),
    "nowhere": ("the evidence does not stand word for word in any document: {evidence}",
                "la preuve ne figure mot à mot dans aucun document : {evidence}"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """`place` names file and row, `values` fill the text of the kind; `nearest` is what was meant, perhaps."""

    place: str
    id: str
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    nearest: str = ""

    @property
    def message(self) -> str:
        """What is wrong and what to do, in English."""
        return self.told("en")

    @property
    def row(self) -> str:
        """The number of the line or row in its file."""
        return self.place.rpartition(" ")[2]

    def told(self, language: str) -> str:
        """Returns what is wrong and what to do, in "en" or "fr"."""
        return _TEXTS[self.kind][LANGUAGES.index(language)].format(**self.values)


def problem_object(problem: Problem) -> dict[str, str]:
    """Returns the problem as the JSON contract has it."""
    return {"place": problem.place, "id": problem.id, "message": problem.message, "nearest": problem.nearest}

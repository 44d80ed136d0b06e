"""The columns of a question file, recognised by their names in English or French."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.question_files.row import Row, field_of

# Compared without accents, capitals and punctuation; of several columns of one role the name further left counts.
# "document" and "doc_ids" are left out: files with known answers name there the document that is to be found; so are
# "kind" and "language", which tell of the question in such files.
NAMES: Mapping[str, Sequence[str]] = {
    "question": (
        "question",
        "questions",
        "query",
        "queries",
        "question text",
        "texte de la question",
        "the question",
        "la question",
        "intitule de la question",
        "demande",
        "demandes",
        "requete",
        "q",
    ),
    "id": (
        "id",
        "question id",
        "id question",
        "id de la question",
        "identifier",
        "identifiant",
        "no",
        "n°",
        "number",
        "numero",
        "reference",
        "ref",
    ),
    "as_of": (
        "as of",
        "as of date",
        "date",
        "en date du",
        "a la date du",
        "date de reference",
        "date d effet",
    ),
    "documents": (
        "documents",
        "document ids",
        "only documents",
        "in documents",
        "dans les documents",
        "documents a consulter",
    ),
    "kinds": ("kinds", "only kinds", "genres", "genres de documents"),
    "languages": ("languages", "document languages", "langues", "langues des documents"),
    "collections": ("collections", "only collections"),
    "history": (
        "history",
        "historique",
        "earlier questions",
        "previous questions",
        "questions precedentes",
    ),
    "conversation": (
        "conversation",
        "conversation id",
        "id de conversation",
        "id de la conversation",
        "dialogue",
        "thread",
        "fil",
    ),
}
ROLES = tuple(NAMES)


@dataclass(frozen=True, slots=True)
class Columns:
    """`roles` maps a role to the place of its column; `extra` maps the name of every other column to its place."""

    roles: Mapping[str, int]
    extra: Mapping[str, int]
    width: int

    def row(self, number: int, place: str, cells: Sequence[Any]) -> Row | None:
        """Returns the row of these cells; None where all are blank."""
        if not any(str(cell).strip() for cell in cells):
            return None
        fields = {role: field_of(role, cells[at]) for role, at in self.roles.items() if at < len(cells)}
        extra = {name: cells[at] if at < len(cells) else "" for name, at in self.extra.items()}
        error = french = ""
        if any(str(cell).strip() for cell in cells[self.width :]):
            error = (
                f"the row has {len(cells)} cells, but the header names {self.width} columns. "
                "Put text that holds the delimiter between quotation marks."
            )
            french = (
                f"la ligne a {len(cells)} cellules, mais l’en-tête nomme {self.width} colonnes. "
                "Mettez entre guillemets droits le texte qui contient le séparateur."
            )
        return Row(number, place, fields, extra, error, french)


def columns_of(header: Sequence[str], question_column: str | None = None) -> Columns | None:
    """Returns the columns of a header; None where none is a question. `question_column` names that one."""
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    keys = [_key(name) for name in names]
    roles: dict[str, int] = {}
    if question_column is not None:
        wanted = question_column.strip()
        at = names.index(wanted) if wanted in names else _find(keys, (_key(wanted),), roles)
        if at is None:
            return None
        roles["question"] = at
    for role in ROLES:
        at = roles.get(role, _find(keys, NAMES[role], roles))
        if at is not None:
            roles[role] = at
    if "question" not in roles:
        return None
    extra: dict[str, int] = {}
    for at, name in enumerate(names):
        if at not in roles.values():
            extra[_free(name or f"column {at + 1}", extra)] = at
    return Columns(roles, extra, len(names))


def question_key(names: Sequence[str]) -> str | None:
    """Returns the name that stands for the question, or None."""
    at = _find([_key(name) for name in names], NAMES["question"], {})
    return None if at is None else names[at]


def _find(keys: Sequence[str], names: Sequence[str], taken: Mapping[str, int]) -> int | None:
    return next((keys.index(name) for name in names if name in keys and keys.index(name) not in taken.values()), None)


def _key(name: str) -> str:
    plain = "".join(each for each in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^\w°]|_", " ", plain).split())


def _free(name: str, taken: Mapping[str, int]) -> str:
    """Returns the name with a number where it is taken: columns may bear one name."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free

"""What is said of a document besides what it says itself: by its folder, and by the people who keep the index."""

import json
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from documents.errors import BadSetting
from documents.kinds import KINDS
from documents.types import Dated, DocumentInfo

BY_HAND = "set by hand"  # the source of a date that was corrected


@dataclass(frozen=True, slots=True)
class Labels:
    """What is said of a document; None says nothing, and "" that it has none.

    Raises: BadSetting where the title is blank, or the kind or the language is none that is known.
    """

    title: str | None = None
    day: date | None = None
    language: str | None = None
    kind: str | None = None
    collection: str | None = None

    def __post_init__(self) -> None:
        if self.title is not None and not self.title.strip():
            raise BadSetting(
                "The title is empty. Type one, or leave it as it is.",
                french="Le titre est vide. Écrivez-en un, ou laissez-le tel quel.",
            )
        if self.kind and self.kind not in KINDS:
            raise BadSetting(
                f"{self.kind!r} is no kind of document. Known are {', '.join(KINDS)}.",
                french=f"« {self.kind} » n’est pas un genre de document. Connus : {', '.join(KINDS)}.",
            )
        if self.language not in (None, "", "en", "fr"):
            raise BadSetting(
                f"{self.language!r} is no language that is read. Known are en and fr.",
                french=f"« {self.language} » n’est pas une langue lue. Connues : en et fr.",
            )

    def over(self, below: "Labels") -> "Labels":
        """Returns these labels, with those of `below` where these say nothing."""
        return replace(below, **self._said())

    def said(self) -> list[str]:
        """Returns the names of what is said, in order: title, date, language, kind, collection."""
        return ["date" if name == "day" else name for name in self._said()]

    def written(self) -> str:
        """Returns the labels as JSON; `read` reads them again."""
        said = self._said()
        return json.dumps(said | ({"day": said["day"].isoformat()} if "day" in said else {}), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> "Labels":
        """Returns the labels that `written` wrote."""
        said = json.loads(text)
        return cls(**(said | ({"day": date.fromisoformat(said["day"])} if "day" in said else {})))

    def _said(self) -> dict[str, Any]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


NOTHING_SAID = Labels()


def labelled(info: DocumentInfo, folder: Labels, corrections: Labels) -> DocumentInfo:
    """Returns what is known of a document: as corrected, else as it says itself, else as its folder says."""
    dated = Dated(corrections.day, BY_HAND) if corrections.day else info.dated
    return replace(
        info,
        title=_first(corrections.title, info.title, folder.title),
        dated=dated,
        language=_first(corrections.language, info.language, folder.language),
        kind=_first(corrections.kind, info.kind, folder.kind),
        collection=_first(corrections.collection, info.collection, folder.collection),
    )


def _first(corrected: str | None, own: str, folder: str | None) -> str:
    return corrected if corrected is not None else own or folder or ""

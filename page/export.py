"""Answers to keep: one or a whole conversation as Word, Markdown or HTML, every quote with its numbered source.

The same answers give the same bytes.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from documents.errors import BadQuestion, BadSetting
from documents.kinds import kind_name
from documents.language import guess_language
from documents.types import DocumentInfo
from page.confidence import confidence_level
from page.export_docx import docx
from page.export_html import html
from page.export_markdown import markdown
from page.export_parts import Export, Note, Paragraph, Run, Section, run, written
from page.places import in_marks
from qa.disagree import verdict
from qa.link import document_link
from qa.periods import day_label
from qa.types import Answer, Citation, DatedFigure
from qa.undated import undated_note

FORMS: dict[str, Callable[[Export], bytes]] = {"docx": docx, "md": markdown, "html": html}
LABELS = {
    "en": {
        "title": "Questions and answers",
        "method": "Every sentence in quotation marks stands word for word in the source that its number names.",
        "day": "Exported on {}.",
        "as_of": "Only documents dated on or before {}.",
        "kinds": "Only documents of these kinds: {}.",
        "languages": "Only documents in these languages: {}.",
        "collections": "Only documents of these collections: {}.",
        "documents": "Only these documents: {}.",
        "en": "English",
        "fr": "French",
        "unknown": "unknown",
        "refuse": "How careful to be: {}.",
        "careful": "careful",
        "balanced": "balanced",
        "eager": "eager",
        "never": "never refuse",
        "changed": "The documents have changed since this answer was shown; this is what they answer now.",
        "confidence": "Confidence: {}. The estimated chance that the documents answer this question is {}%.",
        "high": "high",
        "moderate": "moderate",
        "low": "low",
        "refused": "The documents do not answer this question.",
        "nothing": "There was no document to search.",
        "closest": "The closest passages; none of them was found to answer the question:",
        "also": "Also in the documents:",
        "older": "Said also in: {}.",
        "sources": "Sources",
        "page": "p. {}",
        "unsure": "date not certain",
        "open": "Open the document at this quote",
        "colon": ":",
    },
    "fr": {
        "title": "Questions et réponses",
        "method": "Chaque phrase entre guillemets se trouve mot pour mot dans la source que son numéro désigne.",
        "day": "Exporté le {}.",
        "as_of": "Seulement les documents datés du {} ou d’avant.",
        "kinds": "Seulement les documents de ces genres : {}.",
        "languages": "Seulement les documents dans ces langues : {}.",
        "collections": "Seulement les documents de ces collections : {}.",
        "documents": "Seulement ces documents : {}.",
        "en": "anglais",
        "fr": "français",
        "unknown": "inconnu",
        "refuse": "Prudence : {}.",
        "careful": "prudent",
        "balanced": "équilibré",
        "eager": "hardi",
        "never": "ne jamais refuser",
        "changed": "Les documents ont changé depuis que cette réponse a été affichée; voici ce qu’ils y répondent.",
        "confidence": "Confiance : {}. La probabilité estimée que les documents répondent à la question est de {} %.",
        "high": "élevée",
        "moderate": "moyenne",
        "low": "faible",
        "refused": "Les documents ne répondent pas à cette question.",
        "nothing": "Il n’y avait aucun document à consulter.",
        "closest": "Les passages les plus proches; aucun n’a été jugé répondre à la question :",
        "also": "Aussi dans les documents :",
        "older": "Dit aussi dans : {}.",
        "sources": "Sources",
        "page": "p. {}",
        "unsure": "date incertaine",
        "open": "Ouvrir le document à cette citation",
        "colon": " :",
    },
}
_SHOWN_HITS = 3


def exported(
    answers: Sequence[Answer],
    form: str,
    language: str,
    link_base: str = "",
    *,
    title: str = "",
    day: date | None = None,
    changed: Collection[int] = (),
) -> bytes:
    """Returns the answers, oldest first, as a file: `form` is "docx", "md" or "html" (to print or save as PDF).

    `language`, "en" or "fr", is that of the words around the quotes, which stay as they are. `link_base` is the
    address of the page, with a slash at its end; without it the links hold only where the page itself shows the file.
    `day`, that of the export, is written where it is given. `changed` are the places, from 0, of answers that are no
    longer those that were shown: it is said below their questions.

    Raises:
        BadSetting: there is no such form or language.
        BadQuestion: there are no answers.
    """
    if form not in FORMS:
        raise BadSetting(f"{form}: answers are not exported in this form. Choose one of {', '.join(FORMS)}.")
    if language not in LABELS:
        raise BadSetting(f"{language}: answers are not exported in this language. Choose one of {', '.join(LABELS)}.")
    if not answers:
        raise BadQuestion("There are no answers to export. Ask a question first.")
    return FORMS[form](_Writer(language, link_base).export(answers, title, day, changed))


class _Writer:
    """Makes the sections and, as they refer to sources, the notes."""

    def __init__(self, language: str, link_base: str) -> None:
        self._language, self._link_base = language, link_base
        self._labels = LABELS[language]
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._notes: list[Note] = []

    def export(self, answers: Sequence[Answer], title: str, day: date | None, changed: Collection[int]) -> Export:
        """Returns the answers as sections, with the sources they refer to as notes."""
        sections = tuple(self._section(each, changed=place in changed) for place, each in enumerate(answers))
        quoted = any(not each.refused for each in answers)
        method = [self._labels["method"]] if quoted else []
        made = [self._labels["day"].format(day_label(day, self._language))] if day else []
        return Export(
            written(title).strip() or self._labels["title"],
            self._language,
            (*method, *made),
            sections,
            self._labels["sources"],
            tuple(self._notes),
        )

    def _section(self, answer: Answer, *, changed: bool) -> Section:
        body = self._refusal(answer) if answer.refused else self._answer(answer)
        told = [*self._filters(answer), *([self._labels["changed"]] if changed else [])]
        notes = [Paragraph("quiet", (run(each),)) for each in told]
        return Section(written(answer.question.text).strip(), (*notes, *body))

    def _filters(self, answer: Answer) -> list[str]:
        """Returns what the question was narrowed to, a sentence for each limit."""
        question, labels = answer.question, self._labels
        limits = {
            "kinds": [kind_name(each, self._language) for each in question.kinds or ()],
            "languages": [labels[each or "unknown"] for each in question.languages or ()],
            "collections": [each or labels["unknown"] for each in question.collections or ()],
            "documents": list(question.documents or ()),
        }
        told = [labels["as_of"].format(day_label(question.as_of, self._language))] if question.as_of else []
        told += [undated_note(answer.undated, self._language)] if answer.undated else []
        told += [
            labels[name].format(", ".join(sorted(values)) or "—")
            for name, values in limits.items()
            if getattr(question, name) is not None
        ]
        return [*told, *([labels["refuse"].format(labels[question.refuse])] if question.refuse else [])]

    def _refusal(self, answer: Answer) -> list[Paragraph]:
        paragraphs = [Paragraph("plain", (run(self._labels["refused" if answer.hits else "nothing"], bold=True),))]
        if answer.hits:
            paragraphs.append(Paragraph("quiet", (run(self._labels["closest"]),)))
        for hit in answer.hits[:_SHOWN_HITS]:
            passage = hit.passage
            link = self._link(passage.info.id, passage.start, passage.end)
            place = run(self._place(passage.info, passage.page), link=link)
            paragraphs.append(
                Paragraph(
                    "item",
                    (
                        place,
                        run(
                            f" — {in_marks(passage.text.strip(), passage.info.language)}",
                            language=passage.info.language,
                        ),
                    ),
                )
            )
        return paragraphs

    def _answer(self, answer: Answer) -> list[Paragraph]:
        paragraphs = [Paragraph("quote", (*_quoted(each), *self._references([each]))) for each in answer.quoted]
        if answer.further:
            paragraphs.insert(-len(answer.further), Paragraph("quiet", (run(self._labels["also"]),)))
        paragraphs += self._disagreement(answer)
        level = self._labels[confidence_level(answer.confidence)]
        told = self._labels["confidence"].format(level, round(100 * answer.confidence))
        return [*paragraphs, Paragraph("quiet", (run(told),))]

    def _disagreement(self, answer: Answer) -> list[Paragraph]:
        """Returns what dated sources give where they differ, one item for each time."""
        said: dict[str, list[DatedFigure]] = {}
        for each in answer.disagreement:
            said.setdefault(each.said_of, []).append(each)
        # As `verdict` does: what the sources say is told in the question's language.
        colon = LABELS["fr" if guess_language(answer.question.text) == "fr" else "en"]["colon"]
        paragraphs = [Paragraph("plain", (run(verdict(answer)),))] if verdict(answer) else []
        for said_of, figures in said.items():
            runs = [run(f"{said_of}{colon} ")]
            for place, figure in enumerate(figures):
                runs += [run("; ")] if place else []
                cited = [answer.citations[marker - 1] for marker in answer.markers(figure)]
                language = cited[0].passage.info.language
                runs += [run(figure.value, bold=True, language=language), *self._references(cited)]
            paragraphs.append(Paragraph("item", tuple(runs)))
        return paragraphs

    def _references(self, citations: Sequence[Citation]) -> list[Run]:
        numbers = [self._number(each) for each in citations]
        return [Run(" "), *(Run(f"[{number}]", note=number) for number in numbers)]

    def _number(self, citation: Citation) -> int:
        """Returns the number of the citation's note, which is made where it is cited first."""
        place = (citation.passage.info.id, citation.start, citation.end)
        if place not in self._numbers:
            self._numbers[place] = len(self._numbers) + 1
            self._notes.append(Note(self._numbers[place], self._source(citation)))
        return self._numbers[place]

    def _source(self, citation: Citation) -> tuple[Run, ...]:
        info = citation.passage.info
        link = run(self._labels["open"], link=self._link(info.id, citation.start, citation.end))
        address = [run(f" {info.url}")] if info.url.startswith(("https://", "http://")) else []
        place = run(self._place(info, citation.page))
        others = "; ".join(self._place(each, None) for each in citation.older)
        return (
            place,
            run(". "),
            run(in_marks(citation.quote, info.language), language=info.language),
            run(" "),
            link,
            *address,
            *([run(f" {self._labels['older'].format(others)}")] if others else []),
        )

    def _place(self, info: DocumentInfo, page: int | None) -> str:
        """Returns title, date and page in one line, leaving out what is not known."""
        unsure = f" ({self._labels['unsure']})" if info.dated and not info.dated.sure else ""
        dated = f"{info.date}{unsure}" if info.date else ""
        return ", ".join(
            filter(None, [info.title or info.id, dated, self._labels["page"].format(page) if page else ""])
        )

    def _link(self, document_id: str, start: int, end: int) -> str:
        return written(self._link_base) + document_link(document_id, start, end)


def _quoted(citation: Citation) -> list[Run]:
    """Returns the quote after what leads up to it, with the words that answer in bold."""
    language = citation.passage.info.language
    leads = [run(f"{in_marks(lead.text, language)} … ", language=language) for lead in citation.lead_ins]
    low, high = citation.words or (citation.start, citation.start)
    low, high = low - citation.start, high - citation.start
    before, words, after = citation.quote[:low], citation.quote[low:high], citation.quote[high:]
    opening, closing = in_marks("\n", language).split("\n")
    runs = [run(opening + before, language=language), run(words, bold=True, language=language)]
    return [*leads, *(each for each in runs if each.text), run(after + closing, language=language)]

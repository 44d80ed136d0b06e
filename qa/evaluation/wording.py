"""What reports and comparisons say, in English and in French. What was asked, quoted and expected is never translated.

Names of figures in English, and their groups, stand with the figures (figures.py); names of kinds of failure are keys
of summary.json in English (failures.py).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from qa.evaluation.figures import LABELS

LANGUAGES = ("en", "fr")

_WORDING = {
    # the report
    "report_title": ("Accuracy: {questions}", "Exactitude : {questions}"),
    "report_heading": ("How right the answers are: {questions}", "Les réponses sont-elles justes ? {questions}"),
    "report_head": ("{asked} questions on the index {index}, begun {began}. Refusal setting: {refuse}; cross-encoder: "
                    "{reader}; model: {model}.{errors} Beside a figure stands its 95% bootstrap interval: on other "
                    "questions of this kind expect a value within it.",
                    "{asked} questions sur l’index {index}, commencées le {began}. Réglage du refus : {refuse} ; "
                    "encodeur croisé : {reader} ; modèle : {model}.{errors} À côté d’un chiffre se trouve son "
                    "intervalle bootstrap à 95 % : sur d’autres questions de ce genre, attendez-vous à une valeur "
                    "comprise entre ses bornes."),
    "report_errors": (" {count} could not be asked; no figure counts them.",
                      " {count} n’ont pas pu être posées ; aucun chiffre ne les compte."),
    "on": ("on", "actif"),
    "off": ("off", "inactif"),
    "main_figures": ("Main figures", "Chiffres principaux"),
    "to": ("{low} to {high}", "{low} à {high}"),
    "none": ("none", "aucun"),
    "questions": ("questions", "questions"),
    # where answers go wrong
    "wrong_heading": ("Where answers go wrong", "Où les réponses se trompent"),
    "wrong_caption": ("Every question counts once, at the first step that failed.",
                      "Chaque question compte une fois, à la première étape qui a échoué."),
    "happened": ("what happened", "ce qui s’est passé"),
    "share": ("share", "part"),
    "meaning": ("meaning", "sens"),
    # pictures
    "pictures": ("Pictures", "Graphiques"),
    "risk": ("Risk and coverage", "Risque et couverture"),
    "risk_told": ("Answers without the right sentence first are wrong. Area under the curve: {area} (less is better).",
                  "Une réponse dont la première phrase n’est pas la bonne est fausse. "
                  "Aire sous la courbe : {area} (moins, c’est mieux)."),
    "risk_described": ("Of all questions answered {worst} would be wrong. Answering only the surest ones lowers the "
                       "risk.",
                       "Si l’on répondait à toutes les questions, {worst} des réponses seraient fausses. "
                       "Ne répondre qu’aux plus sûres abaisse le risque."),
    "nothing": ("nothing", "rien"),
    "risk_x": ("share of questions answered", "part des questions avec réponse"),
    "risk_y": ("share of answers wrong", "part des réponses fausses"),
    "this_setting": ("the setting of this run", "le réglage de cette mesure"),
    "here": ("here", "ici"),
    "reliability": ("Reliability of confidence", "Fiabilité de la confiance"),
    "reliability_told": ("Dots on the dashed line are honest; bars: how many questions. "
                         "Expected calibration error: {error}.",
                         "Les points sur la ligne pointillée sont honnêtes ; barres : combien de questions. "
                         "Erreur de calibration attendue : {error}."),
    "reliability_described": ("Dots on the diagonal are honest: of questions with confidence 0.8, 80% have an answer. "
                              "Bars: how many.",
                              "Les points sur la diagonale sont honnêtes : des questions de confiance 0,8, 80 % ont "
                              "une réponse. Barres : combien."),
    "reliability_dot": ("confidence {confidence}, answerable {share}, {count} questions",
                        "confiance {confidence}, avec réponse {share}, {count} questions"),
    "reliability_x": ("confidence told", "confiance annoncée"),
    "reliability_y": ("share that the documents answer", "part que les documents traitent"),
    "bars_title": ("{figure}, by {dimension}", "{figure}, par {dimension}"),
    "bars_told": ("The line on each bar is its 95% interval.", "Le trait de chaque barre est son intervalle à 95 %."),
    "time": ("Time a question takes", "Durée d’une question"),
    "time_told": ("Half of the questions within {median}, 95 of a hundred within {late}.",
                  "La moitié des questions en {median} au plus, 95 sur cent en {late} au plus."),
    "time_described": ("{count} questions; the last bar holds also what took longer than {edge} seconds.",
                       "{count} questions ; la dernière barre compte aussi ce qui a pris plus de {edge} secondes."),
    "time_bar": ("{low} to {high} s: {count} questions", "{low} à {high} s : {count} questions"),
    "time_x": ("seconds a question", "secondes par question"),
    # figures
    "all_figures": ("All figures", "Tous les chiffres"),
    "figures_caption": ("n is what a figure is counted over: questions, or quotes. "
                        "Definitions: docs/metrics.md of the project.",
                        "n est ce sur quoi un chiffre est compté : questions ou citations. "
                        "Définitions : docs/metrics.md du projet, en anglais."),
    "figure": ("figure", "chiffre"),
    "of": ("of", "étape"),
    "value": ("value", "valeur"),
    "interval": ("95% interval", "intervalle à 95 %"),
    "retrieval": ("retrieval", "recherche"),
    "answer": ("answer", "réponse"),
    "citation": ("citation", "citation"),
    "refusal": ("refusal", "refus"),
    "time_group": ("time", "durée"),
    "groups": ("By kind of question", "Par genre de question"),
    "group_caption": ("By {dimension}, with 95% intervals", "Par {dimension}, avec intervalles à 95 %"),
    "by_set": ("question set", "jeu de questions"),
    "by_category": ("category", "catégorie"),
    "by_language": ("language", "langue"),
    "by_kind": ("kind of document", "genre de document"),
    # every question
    "every": ("Every question", "Chaque question"),
    "every_caption": ("Grouped by what went wrong. Quotes of the evidence are marked ✓. A heading sorts within each "
                      "group.",
                      "Groupées selon ce qui a échoué. Les citations de la preuve sont marquées ✓. Un titre de "
                      "colonne trie dans chaque groupe."),
    "column_question": ("Question", "Question"),
    "column_expected": ("Expected", "Attendu"),
    "column_given": ("Given, as quotes", "Donné, en citations"),
    "column_confidence": ("Confidence", "Confiance"),
    "column_seconds": ("Seconds", "Secondes"),
    "column_why": ("Why", "Pourquoi"),
    "all": ("all", "tout"),
    "find": ("find in the table", "chercher dans le tableau"),
    "a_word": ("a word", "un mot"),
    "shown": ("{count} shown", "{count} affichées"),
    "read_as": ("read as: {question}", "lue comme : {question}"),
    "no_answer": ("no answer in the documents", "pas de réponse dans les documents"),
    "evidence": ("evidence: {evidence}", "preuve : {evidence}"),
    "in_documents": ("in {documents}", "dans {documents}"),
    "not_shown": ("refused; these quotes were not shown:", "refus ; ces citations n’ont pas été montrées :"),
    "not_verbatim": ("(not word for word)", "(pas mot à mot)"),
    "refused": ("refused", "refus"),
    # kinds of failure, each with what it means
    "not retrieved": ("not retrieved", "non trouvé"),
    "not chosen": ("not chosen", "non retenu"),
    "chosen wrongly": ("chosen wrongly", "mal retenu"),
    "wrongly refused": ("wrongly refused", "refusé à tort"),
    "wrongly answered": ("wrongly answered", "répondu à tort"),
    "not asked": ("not asked", "non posée"),
    "right": ("right", "juste"),
    "not retrieved_means": ("None of the ten passages found holds the evidence.",
                            "Aucun des dix passages trouvés ne contient la preuve."),
    "not chosen_means": ("A passage with the evidence was found, but no quote is of the evidence.",
                         "Un passage avec la preuve a été trouvé, mais aucune citation n’en est."),
    "chosen wrongly_means": ("The right sentence is cited, but another is quoted first.",
                             "La bonne phrase est citée, mais une autre l’est en premier."),
    "wrongly refused_means": ("The evidence was found, yet the answer was refused.",
                              "La preuve a été trouvée, et pourtant la réponse a été refusée."),
    "wrongly answered_means": ("The documents do not answer the question, yet it was answered.",
                               "Les documents ne répondent pas à la question, et pourtant une réponse a été donnée."),
    "not asked_means": ("The question could not be asked.", "La question n’a pas pu être posée."),
    "right_means": ("The right sentence first, or a refusal where there is no answer.",
                    "La bonne phrase en premier, ou un refus quand il n’y a pas de réponse."),
    # why a question counts as it does
    "why_sure": ("confidence {confidence}, and {refuse} asks for {least}",
                 "confiance {confidence}, et {refuse} demande {least}"),
    "why_not_retrieved": ("None of the {count} passages found holds the evidence; {document}.",
                          "Aucun des {count} passages trouvés ne contient la preuve ; {document}."),
    "why_no_document": ("the question names no document", "la question ne nomme aucun document"),
    "why_other_documents": ("nor is one of them of the right document", "et aucun n’est du bon document"),
    "why_right_document": ("passage {rank} is of the right document", "le passage {rank} est du bon document"),
    "why_not_chosen": ("Passage {rank} holds the evidence, but no sentence of the evidence was quoted.",
                       "Le passage {rank} contient la preuve, mais aucune de ses phrases n’a été citée."),
    "why_chosen_wrongly": ("The right sentence is quote {rank}; another stands first.",
                           "La bonne phrase est la citation {rank} ; une autre est en premier."),
    "why_refused_right": ("Refused ({sure}) though the evidence was found; the first quote would have been right.",
                          "Refus ({sure}) bien que la preuve ait été trouvée ; la première citation était juste."),
    "why_refused_wrong": ("Refused ({sure}) though the evidence was found; the first quote was not of it.",
                          "Refus ({sure}) bien que la preuve ait été trouvée ; la première citation n’en était pas."),
    "why_answered": ("Answered ({sure}) though the documents do not answer.",
                     "Réponse ({sure}) alors que les documents ne répondent pas."),
    "why_right": ("The right sentence stands first.", "La bonne phrase est en premier."),
    "why_rightly_refused": ("Rightly refused.", "Refus justifié."),
    # comparisons
    "compare_title": ("Comparison: {questions}", "Comparaison : {questions}"),
    "compare_heading": ("What changed: {questions}", "Ce qui a changé : {questions}"),
    "compare_head": ("First: {first}, begun {first_began}. Second: {second}, begun {second_began}. {population}",
                     "Première : {first}, commencée le {first_began}. Seconde : {second}, commencée le "
                     "{second_began}. {population}"),
    "compared_on": ("Compared on {count} questions that both runs asked.",
                    "Comparaison sur {count} questions posées dans les deux mesures."),
    "sets_differ": (" The sets differ: {first} stand in the first only, {second} in the second only; they are left "
                    "out.",
                    " Les jeux diffèrent : {first} ne figurent que dans la première, {second} que dans la seconde ; "
                    "elles sont laissées de côté."),
    "compare_errors": (" {count} more could not be asked in one of the runs.",
                       " {count} autres n’ont pas pu être posées dans l’une des mesures."),
    "right decision": ("right decision", "bonne décision"),
    "right sentence first": ("right sentence first", "bonne phrase en premier"),
    "won_count": ("{count} won", "{count} gagnées"),
    "lost_count": ("{count} lost", "{count} perdues"),
    "mcnemar": ("McNemar’s exact p = {p}", "p exact de McNemar = {p}"),
    "compare_caption": ("The interval is of the change, over questions, both runs paired; one that leaves out zero is "
                        "marked.",
                        "L’intervalle est celui du changement, sur les questions, les deux mesures appariées ; celui "
                        "qui exclut zéro est marqué."),
    "figures": ("Figures", "Chiffres"),
    "first": ("first", "première"),
    "second": ("second", "seconde"),
    "change": ("change", "changement"),
    "better": ("better", "meilleur"),
    "worse": ("worse", "moins bon"),
    "won": ("Won", "Gagnées"),
    "lost": ("Lost", "Perdues"),
    "won_caption": ("Questions that were wrong before and are right now.",
                    "Questions qui étaient fausses avant et sont justes maintenant."),
    "lost_caption": ("Questions that were right before and are wrong now.",
                     "Questions qui étaient justes avant et sont fausses maintenant."),
    "nothing_changed": ("{list}: none", "{list} : aucune"),
    "counted": ("{list}: {count}", "{list} : {count}"),
    "first_run": ("First run", "Première mesure"),
    "second_run": ("Second run", "Seconde mesure"),
    "only_first": ("Asked in the first run only", "Posées dans la première mesure seulement"),
    "only_second": ("Asked in the second run only", "Posées dans la seconde mesure seulement"),
}  # fmt: skip

_FRENCH_FIGURES = {
    **{f"document_recall@{depth}": f"bon document dans les {depth} premiers passages" for depth in (5, 10)},
    "document_recall@1": "bon document au premier passage",
    **{f"evidence_recall@{depth}": f"preuve dans les {depth} premiers passages" for depth in (5, 10)},
    "evidence_recall@1": "preuve au premier passage",
    "several_documents_recall@10": "plusieurs bons documents, dans les 10 premiers, rappel",
    "several_passages_recall@10": "plusieurs passages avec la preuve, dans les 10 premiers, rappel",
    "document_mrr": "premier bon document, MRR",
    "passage_mrr": "premier passage avec la preuve, MRR",
    "document_ndcg@10": "bons documents, nDCG@10",
    "passage_ndcg@10": "passages avec la preuve, nDCG@10",
    "sentence_hit@1": "bonne phrase en premier",
    "sentence_hit@any": "bonne phrase citée",
    "exact_match": "correspondance exacte (SQuAD)",
    "squad_f1": "F1 (SQuAD)",
    "token_f1": "F1 de la meilleure citation",
    "list_recall": "éléments de preuve cités",
    "verbatim": "citations mot à mot",
    "quote_support": "citations qui recoupent la preuve",
    "cited_but_wrong": "réponses qu’aucune citation n’appuie",
    "quote_characters": "longueur de la première citation, en caractères",
    "refusal_precision": "refus justifiés, parmi les refus",
    "refusal_recall": "refus, parmi les questions sans réponse",
    "wrong_refusals": "refus, parmi les questions avec réponse",
    "decision": "bonne décision",
    "seconds": "secondes, moyenne",
    "auroc": "avec et sans réponse distinguées, AUROC",
    "risk_coverage_area": "aire sous risque et couverture",
    "calibration_error": "erreur de calibration attendue",
    "seconds_p50": "secondes, médiane",
    "seconds_p95": "secondes, 95e centile",
}


class Words(Mapping[str, str]):
    """The words of reports in one language, and numbers as they are written in it."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._place = LANGUAGES.index(language)

    def __getitem__(self, name: str) -> str:
        return _WORDING[name][self._place]

    def __iter__(self) -> Iterator[str]:
        return iter(_WORDING)

    def __len__(self) -> int:
        return len(_WORDING)

    def say(self, name: str, **values: object) -> str:
        """Returns the words with the values filled in."""
        return self[name].format(**values)

    def label(self, figure: str) -> str:
        """Returns what a figure is called."""
        return LABELS[figure] if self.language == "en" else _FRENCH_FIGURES[figure]

    def number(self, value: float, digits: int = 0) -> str:
        """Returns a number as it is written in the language: 1,234.5 or 1 234,5."""
        return self.written(f"{value:,.{digits}f}")

    def share(self, value: float, digits: int = 0) -> str:
        """Returns a share of one in hundredths: 61% or 61 %."""
        mark = "%" if self.language == "en" else "\u00a0%"
        return f"{self.number(100 * value, digits)}{mark}"

    def written(self, number: str) -> str:
        """Returns a number that is written in English as the language writes it."""
        return number.translate({ord(","): "\u202f", ord("."): ","}) if self.language == "fr" else number

    def value(self, name: str, value: float | None) -> str:
        """Returns a figure as a reader wants it: shares with three digits, lengths whole, times in milliseconds."""
        if value is None:
            return "–"
        if name.startswith("seconds"):
            return f"{self.number(value * 1000)} ms"
        return self.number(value, 0 if name == "quote_characters" else 3)

    def interval(self, name: str, figure: Mapping[str, Any]) -> str:
        """Returns "0.512 to 0.634", or a dash where there is no interval."""
        if figure["low"] is None:
            return "–"
        return self.say("to", low=self.value(name, figure["low"]), high=self.value(name, figure["high"]))


ENGLISH = Words()

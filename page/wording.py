"""What the page says, in English and in French. Quotes are never translated: they stand as the document has them."""

from collections.abc import Iterator, Mapping

LANGUAGES = ("en", "fr")

_WORDING = {
    # the head of the page
    "title": ("Removals Q&A", "Renvois : questions et réponses"),
    "head": ("Answers quoted word for word from {documents}, on this machine only.",
             "Réponses citées mot à mot de {documents}, sur cet ordinateur seulement."),
    "document": ("1 document", "1 document"),
    "documents": ("{count} documents", "{count} documents"),
    "other_language": ("Français", "English"),
    "tab_ask": ("Ask", "Questions"),
    "tab_library": ("Library", "Bibliothèque"),
    # asking
    "welcome": ("Ask a question", "Posez une question"),
    "welcome_text": ("Every sentence of an answer is quoted word for word from a document you can open. "
                     "Where the documents do not answer, you are told so.",
                     "Chaque phrase d’une réponse est citée mot à mot d’un document que vous pouvez ouvrir. "
                     "Quand les documents ne répondent pas, on vous le dit."),
    "question": ("Question", "Question"),
    "ask_placeholder": ("Ask about the documents", "Interrogez les documents"),
    "conversation": ("Conversation", "Conversation"),
    "new": ("New conversation", "Nouvelle conversation"),
    # narrowing
    "narrow": ("Narrow the documents", "Restreindre les documents"),
    "as_of": ("As of", "En date du"),
    "as_of_info": ("YYYY-MM-DD: only documents dated on or before this day",
                   "AAAA-MM-JJ : seuls les documents datés de ce jour ou d’avant"),
    "kinds": ("Kind", "Genre"),
    "languages": ("Language", "Langue"),
    "collections": ("Collection", "Collection"),
    "only_documents": ("Documents", "Documents"),
    "filters": ("Narrowed to", "Restreint à"),
    "remove_filter": ("Remove", "Enlever"),
    "english": ("English", "anglais"),
    "french": ("French", "français"),
    "unknown": ("not known", "inconnu"),
    # an answer
    "refused": ("The documents do not answer this question.", "Les documents ne répondent pas à cette question."),
    "nothing": ("There is no document to search. Add some, or widen the selection.",
                "Il n’y a aucun document où chercher. Ajoutez-en, ou élargissez la sélection."),
    "closest": ("The closest passages are shown with it; they may not answer it.",
                "Les passages les plus proches sont montrés ; il se peut qu’ils n’y répondent pas."),
    "confidence": ("Confidence: {word}", "Confiance : {word}"),
    "high": ("high", "élevée"),
    "moderate": ("moderate", "moyenne"),
    "low": ("low", "faible"),
    "confidence_high": ("Of answers like this one, about nine in ten do stand in the documents. "
                        "Read the quote all the same.",
                        "De telles réponses se trouvent dans les documents environ neuf fois sur dix. "
                        "Lisez tout de même la citation."),
    "confidence_moderate": ("Of answers like this one, about three in four do stand in the documents. "
                            "Check that the quote answers what you asked.",
                            "De telles réponses se trouvent dans les documents environ trois fois sur quatre. "
                            "Vérifiez que la citation répond à votre question."),
    "confidence_low": ("The documents may not answer this. The quotes are exact; "
                       "whether they answer is for you to judge.",
                       "Il se peut que les documents n’y répondent pas. Les citations sont exactes ; "
                       "à vous de juger si elles répondent."),
    "copy": ("Copy", "Copier"),
    "copied": ("Copied", "Copié"),
    "copy_citation": ("Copy citation", "Copier la référence"),
    "related": ("The documents also speak of", "Les documents parlent aussi de"),
    "answerable": ("What the documents do speak of", "Ce dont les documents parlent"),
    # the sources
    "sources": ("Sources", "Sources"),
    "source": ("Source {marker}", "Source {marker}"),
    "no_sources": ("The passages that an answer quotes appear here.",
                   "Les passages cités par une réponse paraissent ici."),
    "earlier": ("Source of an earlier answer", "Source d’une réponse précédente"),
    "closest_heading": ("Closest passages", "Passages les plus proches"),
    "closest_note": ("None of them was found to answer the question.",
                     "Aucun n’a été jugé répondre à la question."),
    "open_quote": ("Open the document at this quote", "Ouvrir le document à cette citation"),
    "open_passage": ("Open the document at this passage", "Ouvrir le document à ce passage"),
    "show_page": ("Show the page", "Montrer la page"),
    "page_image": ("Page {page} with the quote marked", "Page {page}, la citation surlignée"),
    "around": ("Text around it", "Texte autour"),
    "previous": ("Previous source", "Source précédente"),
    "next": ("Next source", "Source suivante"),
    "page": ("p. {page}", "p. {page}"),
    "page_break": ("Page {page}", "Page {page}"),
    "date_unsure": ("date not certain", "date incertaine"),
    "date_unsure_why": ("The date reads two ways, or was taken from the file.",
                        "La date se lit de deux façons, ou vient du fichier."),
    "date_reason": ("Date: {reason}.", "Date : {reason}."),
    "from": ("Source: {source}", "Source : {source}"),
    "address": ("Address: {url}", "Adresse : {url}"),
    "poorly_read": ("This page was read poorly: check the quote against the original.",
                    "Cette page a été mal lue : vérifiez la citation sur l’original."),
    "poor_letters": ("{count} of {all} characters on this page are not legible: check the quote against the original.",
                     "{count} caractères sur {all} de cette page sont illisibles : "
                     "vérifiez la citation sur l’original."),
    "poor_words": ("{count} of {all} words on this page are in no dictionary: check the quote against the original.",
                   "{count} mots sur {all} de cette page ne sont dans aucun dictionnaire : "
                   "vérifiez la citation sur l’original."),
    "sparse": ("{count} of {all} cells of this table are empty.",
               "{count} cellules sur {all} de ce tableau sont vides."),
    "by_ocr": ("Read by OCR, confidence {confidence} of 100.", "Lu par OCR, confiance {confidence} sur 100."),
    "older": ("Said also in: {versions}", "Dit aussi dans : {versions}"),
    "redactions": ("{count} passages are redacted in this document.",
                   "{count} passages sont caviardés dans ce document."),
    "unread": ("Pages not read: {pages}", "Pages non lues : {pages}"),
    # keeping
    "keep": ("Keep", "Conserver"),
    "export_docx": ("Word", "Word"),
    "export_html": ("For print (HTML)", "Pour impression (HTML)"),
    "export_md": ("Markdown", "Markdown"),
    "export_of": ("Export the conversation", "Exporter la conversation"),
    "export_nothing": ("Ask a question first: there is nothing to export yet.",
                       "Posez d’abord une question : il n’y a encore rien à exporter."),
    "link": ("Copy link", "Copier le lien"),
    "good": ("This answers the question", "Ceci répond à la question"),
    "bad": ("This does not answer the question", "Ceci ne répond pas à la question"),
    "helpful": ("Helpful", "Utile"),
    "unhelpful": ("Not helpful", "Pas utile"),
    "why": ("What is wrong with it? (optional)", "Qu’est-ce qui ne va pas ? (facultatif)"),
    "send": ("Send", "Envoyer"),
    "thanks": ("Noted. Thank you.", "C’est noté. Merci."),
    "history": ("Earlier conversations", "Conversations précédentes"),
    "history_search": ("Search them", "Y chercher"),
    "history_none": ("No conversation is kept yet. They are kept in this browser only.",
                     "Aucune conversation conservée. Elles ne le sont que dans ce navigateur."),
    "history_note": ("Kept in this browser only.", "Conservées dans ce navigateur seulement."),
    "open": ("Open", "Ouvrir"),
    "rename": ("Rename", "Renommer"),
    "delete": ("Delete", "Supprimer"),
    "undo": ("Undo", "Annuler"),
    # the library
    "column_title": ("Title", "Titre"),
    "column_date": ("Date", "Date"),
    "column_kind": ("Kind", "Genre"),
    "column_language": ("Language", "Langue"),
    "column_collection": ("Collection", "Collection"),
    "column_passages": ("Passages", "Passages"),
    "column_notes": ("Notes", "Remarques"),
    "library_search": ("Search title, id, kind", "Chercher titre, identifiant, genre"),
    "library_count": ("{shown} of {all} documents", "{shown} documents sur {all}"),
    "upload": ("Add documents: drop files here", "Ajouter des documents : déposez des fichiers ici"),
    "uploading": ("Reading {file}", "Lecture de {file}"),
    "upload_added": ("{file}: added, {passages} passages", "{file} : ajouté, {passages} passages"),
    "upload_changed": ("{file}: replaced, {passages} passages", "{file} : remplacé, {passages} passages"),
    "upload_unchanged": ("{file}: already there, unchanged", "{file} : déjà présent, inchangé"),
    "upload_failed": ("{file}: {reason}", "{file} : {reason}"),
    "edit": ("Correct", "Corriger"),
    "save": ("Save", "Enregistrer"),
    "saved": ("Saved.", "Enregistré."),
    "deleted": ("{title} was deleted.", "{title} a été supprimé."),
    "undone": ("{title} is back.", "{title} est de retour."),
    "redacted_note": ("{count} redacted", "{count} caviardés"),
    "unread_note": ("unread: p. {pages}", "non lues : p. {pages}"),
    "ocr_note": ("by OCR: {count} p., confidence {least} or more", "par OCR : {count} p., confiance {least} ou plus"),
    "poor_note": ("read poorly: p. {pages}", "mal lues : p. {pages}"),
    "cells_note": ("{count} of {all} cells empty", "{count} cellules vides sur {all}"),
    "unsure_note": ("date not certain", "date incertaine"),
}  # fmt: skip


class Wording(Mapping[str, str]):
    """The page's words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._place = LANGUAGES.index(self.language)

    def __getitem__(self, name: str) -> str:
        return _WORDING[name][self._place]

    def __iter__(self) -> Iterator[str]:
        return iter(_WORDING)

    def __len__(self) -> int:
        return len(_WORDING)

    def say(self, name: str, **values: object) -> str:
        """Returns the words with the values filled in."""
        return self[name].format(**values)


ENGLISH = Wording("en")

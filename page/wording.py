"""What the page says, in English and in French. Quotes are never translated: they stand as the document has them."""

from collections.abc import Iterator, Mapping

LANGUAGES = ("en", "fr")

_WORDING = {
    # the head of the page
    "title": ("Removals Q&A", "Renvois : questions et réponses"),
    "head": ("Answers quoted word for word from {documents}, on this machine only.",
             "Réponses citées mot à mot de {documents}, sur cet ordinateur seulement."),
    "loading": ("The models are loading: a first answer takes a little longer.",
                "Les modèles se chargent : une première réponse prend un peu plus de temps."),
    "document": ("1 document", "1 document"),
    "documents": ("{count} documents", "{count} documents"),
    "other_language": ("Français", "English"),
    "tab_ask": ("Ask", "Questions"),
    "tab_library": ("Library", "Bibliothèque"),
    "tab_batch": ("Batch", "Fichiers"),
    "tab_accuracy": ("Accuracy", "Exactitude"),
    # asking
    "welcome": ("Ask a question", "Posez une question"),
    "welcome_text": ("Every sentence of an answer is quoted word for word from a document you can open. "
                     "Where the documents do not answer, you are told so.",
                     "Chaque phrase d’une réponse est citée mot à mot d’un document que vous pouvez ouvrir. "
                     "Quand les documents ne répondent pas, on vous le dit."),
    "question": ("Question", "Question"),
    "ask_placeholder": ("Ask about the documents", "Interrogez les documents"),
    "conversation": ("Conversation", "Conversation"),
    # narrowing
    "narrow": ("Narrow the documents", "Restreindre les documents"),
    "as_of": ("As of", "En date du"),
    "as_of_info": ("YYYY-MM-DD: only documents dated on or before this day",
                   "AAAA-MM-JJ : seuls les documents datés de ce jour ou d’avant"),
    "kinds": ("Kind", "Genre"),
    "languages": ("Language", "Langue"),
    "collections": ("Collection", "Collection"),
    "only_documents": ("Documents", "Documents"),
    "refuse": ("How careful to be", "Prudence"),
    "refuse_chip": ("How careful to be: {setting}", "Prudence : {setting}"),
    "refuse_info": ("Of the questions that the documents answer, careful wrongly refuses {careful_refused}, balanced "
                    "{balanced_refused}, eager {eager_refused}; of those that they do not answer, careful answers "
                    "{careful_answered} all the same, balanced {balanced_answered}, eager {eager_answered} "
                    "(measured on {answerable} and {unanswerable} questions).",
                    "Des questions auxquelles les documents répondent, « prudent » refuse à tort {careful_refused}, "
                    "« équilibré » {balanced_refused}, « hardi » {eager_refused} ; de celles auxquelles ils ne "
                    "répondent pas, « prudent » donne tout de même une réponse à {careful_answered}, « équilibré » à "
                    "{balanced_answered}, « hardi » à {eager_answered} "
                    "(mesuré sur {answerable} et {unanswerable} questions)."),
    "refuse_careful": ("careful", "prudent"),
    "refuse_balanced": ("balanced", "équilibré"),
    "refuse_eager": ("eager", "hardi"),
    "refuse_never": ("never refuse", "ne jamais refuser"),
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
    "also": ("Also in the documents", "Aussi dans les documents"),
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
    "timeline": ("{count} figures by date, as listed below",
                 "{count} chiffres selon leur date, comme dans la liste ci-dessous"),
    "copy": ("Copy", "Copier"),
    "copied": ("Copied", "Copié"),
    "copied_changed": ("Copied as the documents answer now: they have changed since this answer was shown.",
                       "Copié tel que les documents y répondent maintenant : "
                       "ils ont changé depuis que cette réponse a été affichée."),
    "not_copied": ("This browser did not let it be copied. Select the text and copy it by hand.",
                   "Ce navigateur n’a pas permis la copie. Sélectionnez le texte et copiez-le à la main."),
    "copy_citation": ("Copy citation", "Copier la référence"),
    "related": ("The documents also speak of", "Les documents parlent aussi de"),
    "answerable": ("What the documents do speak of", "Ce dont les documents parlent"),
    # the sources
    "sources": ("Sources", "Sources"),
    "source": ("Source {marker}", "Source {marker}"),
    "no_sources": ("The passages that an answer quotes appear here.",
                   "Les passages cités par une réponse paraissent ici."),
    "earlier": ("Of an earlier answer: {question}", "D’une réponse précédente : {question}"),
    "latest": ("To the latest answer", "À la dernière réponse"),
    "changed": ("The documents have changed since this answer was shown; below is what they give now.",
                "Les documents ont changé depuis que cette réponse a été affichée ; "
                "voici ce qu’ils donnent maintenant."),
    "closest_heading": ("Closest passages", "Passages les plus proches"),
    "closest_note": ("None of them was found to answer the question.",
                     "Aucun n’a été jugé répondre à la question."),
    "open_quote": ("Open the document at this quote", "Ouvrir le document à cette citation"),
    "open_passage": ("Open the document at this passage", "Ouvrir le document à ce passage"),
    "show_page": ("Show the page", "Montrer la page"),
    "show_pages": ("Show the pages", "Montrer les pages"),
    "page_image": ("Page {page} with the words marked", "Page {page}, les mots surlignés"),
    "page_scan": ("Page {page}, a scan without marks", "Page {page}, numérisée, sans surlignage"),
    "page_scan_note": ("The page was read by OCR: the words are not marked on it.",
                       "La page a été lue par OCR : les mots n’y sont pas surlignés."),
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
    "redactions_1": ("1 passage is redacted in this document.", "1 passage est caviardé dans ce document."),
    "redactions_n": ("{count} passages are redacted in this document.",
                     "{count} passages sont caviardés dans ce document."),
    "unread": ("Pages not read: {pages}", "Pages non lues : {pages}"),
    # keeping
    "export_docx": ("Word", "Word"),
    "export_html": ("For print (HTML)", "Pour impression (HTML)"),
    "export_md": ("Markdown", "Markdown"),
    "export_of": ("Export the conversation", "Exporter la conversation"),
    "export": ("Export", "Exporter"),
    "export_answer": ("Export this answer alone", "Exporter cette réponse seule"),
    "exporting": ("Exporting …", "Exportation …"),
    "exported": ("Exported.", "Exporté."),
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
    "no_reply": ("The program did not answer. Try again.", "Le programme n’a pas répondu. Essayez de nouveau."),
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
    "filter_all": ("all", "tout"),
    "attention": ("needs attention", "à vérifier"),
    "read_unread": ("could not be read", "n’a pas pu être lu"),
    "read_partly": ("read in part", "lu en partie"),
    "read_poorly": ("read poorly", "mal lu"),
    "read_scan": ("read from a scan", "lu d’une image"),
    "read_full": ("read in full", "lu en entier"),
    "library_count": ("{shown} of {all} documents", "{shown} documents sur {all}"),
    "upload": ("Add documents: drop files here", "Ajouter des documents : déposez des fichiers ici"),
    "uploading": ("Reading {file}: {place} of {total}", "Lecture de {file} : {place} sur {total}"),
    "stopping": ("Stopping after this file", "Arrêt après ce fichier"),
    "upload_stopped": ("Stopped after {done} of {total}: what was added stays.",
                       "Arrêté après {done} sur {total} : ce qui a été ajouté reste."),
    "upload_added": ("{file}: added, {passages}", "{file} : ajouté, {passages}"),
    "upload_changed": ("{file}: read anew, {passages}", "{file} : relu, {passages}"),
    "passages_1": ("1 passage", "1 passage"),
    "passages_n": ("{count} passages", "{count} passages"),
    "upload_fault": ("{file}: could not be read. The program’s log says why; try it again, or another copy of it.",
                     "{file} : n’a pas pu être lu. Le journal du programme dit pourquoi ; réessayez, "
                     "ou prenez-en une autre copie."),
    "upload_unchanged": ("{file}: already there, unchanged", "{file} : déjà présent, inchangé"),
    "upload_beside": ("There is another document {file}: this one is kept beside it as {kept}. "
                      "Delete the older one if it is no longer wanted.",
                      "Il y a un autre document {file} : celui-ci est gardé à côté, sous le nom {kept}. "
                      "Supprimez l’ancien si on n’en veut plus."),
    "upload_failed": ("{file}: {reason}", "{file} : {reason}"),
    "date_kept": ("The document states its date itself: it cannot be cleared. Type the right one.",
                  "Le document donne lui-même sa date : elle ne peut être effacée. Tapez la bonne."),
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
    # long work: a file of questions, an evaluation
    "reading_file": ("Reading {file} …", "Lecture de {file} …"),
    "file_refused": ("The file could not be taken.", "Le fichier n’a pas pu être pris."),
    "file_too_large": ("{file}: larger than {most} MB. Split it, or use the command line.",
                       "{file} : plus de {most} Mo. Divisez-le, ou utilisez la ligne de commande."),
    "unreachable": ("The program does not answer. Trying again …", "Le programme ne répond pas. Nouvel essai …"),
    "no_answer": ("The program does not answer. Try again.", "Le programme ne répond pas. Réessayez."),
    "question_column": ("Column of the questions", "Colonne des questions"),
    "use_column": ("Use this column", "Utiliser cette colonne"),
    "no_column": ("None of the columns of {file} is known to hold the questions. Which one does?",
                  "Aucune colonne de {file} n’est connue pour contenir les questions. Laquelle est-ce ?"),
    "questions_1": ("1 question", "1 question"),
    "questions_n": ("{count} questions", "{count} questions"),
    "recognised": ("Recognised: {columns}.", "Reconnu : {columns}."),
    "carried": ("Carried through to the answers: {columns}.", "Repris dans les réponses : {columns}."),
    "first_rows": ("First rows", "Premières lignes"),
    "role_question": ("question", "question"),
    "role_id": ("id", "identifiant"),
    "role_as_of": ("as of", "en date du"),
    "role_documents": ("documents", "documents"),
    "role_kinds": ("kinds", "genres"),
    "role_languages": ("languages", "langues"),
    "role_collections": ("collections", "collections"),
    "role_history": ("earlier questions", "questions précédentes"),
    "role_conversation": ("conversation", "conversation"),
    "start_batch": ("Answer the questions", "Répondre aux questions"),
    "start_evaluation": ("Measure", "Mesurer"),
    "another_file": ("Another file", "Un autre fichier"),
    "stop": ("Stop", "Arrêter"),
    "go_on": ("Go on", "Continuer"),
    "begin_anew": ("Begin anew", "Recommencer"),
    "forget_file": ("Delete", "Supprimer"),
    "earlier_files": ("Earlier files of this browser", "Fichiers précédents de ce navigateur"),
    "kept_two_weeks": ("Kept on the server for two weeks after they were last opened, for this browser only.",
                       "Conservés sur le serveur deux semaines après leur dernière ouverture, "
                       "pour ce navigateur seulement."),
    "job_gone": ("This work is not kept any more. Give the file again.",
                 "Ce travail n’est plus conservé. Donnez le fichier de nouveau."),
    "job_unread": ("The files of this work cannot be read at present. They are kept: open it again later.",
                   "Les fichiers de ce travail ne peuvent pas être lus pour l’instant. Ils sont conservés : "
                   "rouvrez-le plus tard."),
    "job_ready": ("Ready", "Prêt"),
    "job_waiting": ("Waiting until another file is done", "En attente de la fin d’un autre fichier"),
    "job_running": ("Under way", "En cours"),
    "job_stopped": ("Stopped after {done} of {total}", "Arrêté après {done} sur {total}"),
    "job_done": ("Done", "Terminé"),
    "job_failed": ("This could not go on.", "Cela n’a pas pu continuer."),
    "job_fault": ("The program failed; its log says why.", "Le programme a échoué ; son journal dit pourquoi."),
    "documents_changed": ("The documents changed while the questions were being answered: some answers are of the "
                          "earlier documents, some of the later. Begin anew to have all of them from the same.",
                          "Les documents ont changé pendant les réponses : les unes viennent des documents d’avant, "
                          "les autres de ceux d’après. Recommencez pour les avoir toutes des mêmes documents."),
    "outdated_documents": ("The documents have changed since the first of these answers. "
                           "Download what is answered, then begin anew.",
                           "Les documents ont changé depuis la première de ces réponses. "
                           "Téléchargez ce qui est fait, puis recommencez."),
    "outdated_program": ("The program has been started since with another model, setting or version. "
                         "Download what is answered, then begin anew.",
                         "Le programme a été relancé depuis avec un autre modèle, réglage ou version. "
                         "Téléchargez ce qui est fait, puis recommencez."),
    "outdated_evaluation": ("The documents or the program’s settings have changed since this evaluation began. "
                            "Begin anew.",
                            "Les documents ou les réglages du programme ont changé depuis le début de cette mesure. "
                            "Recommencez."),
    "done_of": ("{done} of {total}", "{done} sur {total}"),
    "rate": ("{rate} a second", "{rate} par seconde"),
    "seconds_left": ("about {count} s left", "encore {count} s environ"),
    "minutes_left": ("about {count} min left", "encore {count} min environ"),
    "hours_left": ("about {hours} h {minutes} min left", "encore {hours} h {minutes} min environ"),
    "close_page": ("You may close the page: the work goes on, and this tab finds it again.",
                   "Vous pouvez fermer la page : le travail continue, et cet onglet le retrouve."),
    "writing_report": ("Writing the report …", "Rédaction du rapport …"),
    # a file of questions
    "batch_intro": ("Drop a file of questions; get every answer with its quotes, in the format you need.",
                    "Déposez un fichier de questions ; chaque réponse vient avec ses citations, "
                    "dans le format voulu."),
    "batch_drop": ("Drop a file of questions here, or choose one",
                   "Déposez un fichier de questions, ou choisissez-en un"),
    "batch_formats": ("Excel, CSV, JSON lines, or text with a question a line; columns are recognised by name.",
                      "Excel, CSV, JSON lines, ou texte avec une question par ligne ; "
                      "les colonnes sont reconnues par leur nom."),
    "answered_1": ("1 answered", "1 réponse"),
    "answered_n": ("{count} answered", "{count} réponses"),
    "refused_1": ("1 not answered by the documents", "1 sans réponse dans les documents"),
    "refused_n": ("{count} not answered by the documents", "{count} sans réponse dans les documents"),
    "error_1": ("1 with an error", "1 en erreur"),
    "error_n": ("{count} with an error", "{count} en erreur"),
    "download": ("Download", "Télécharger"),
    "download_part": ("Download what is done", "Télécharger ce qui est fait"),
    "answers_xlsx": ("Excel", "Excel"),
    "answers_docx": ("Word", "Word"),
    "answers_csv": ("CSV", "CSV"),
    "answers_jsonl": ("JSON lines", "JSON lines"),
    "answers": ("Answers", "Réponses"),
    "answers_file": ("answers", "réponses"),
    "column_id": ("Id", "No"),
    "column_question": ("Question", "Question"),
    "column_answer": ("Answer", "Réponse"),
    "column_status": ("Status", "État"),
    "status_answered": ("answered", "répondu"),
    "status_refused": ("no answer", "sans réponse"),
    "status_error": ("error", "erreur"),
    "show_rows": ("Show", "Montrer"),
    "show_all": ("all", "toutes"),
    "rows_shown": ("{first}–{last} of {all}", "{first} à {last} sur {all}"),
    "rows_none": ("None of the rows.", "Aucune ligne."),
    "earlier_rows": ("Previous page", "Page précédente"),
    "later_rows": ("Next page", "Page suivante"),
    "proof": ("Proof", "Preuve"),
    "proof_none": ("Choose a question or a [1] to see the passages.",
                   "Choisissez une question ou un [1] pour voir les passages."),
    "back_to_row": ("Back to the question", "Retour à la question"),
    "document_changed": ("The document has changed since, or is gone; this was the quote.",
                         "Le document a changé depuis, ou n’y est plus ; telle était la citation."),
    # accuracy
    "accuracy_intro": ("How often is the answer right? Measured on questions whose answers are known.",
                       "La réponse est-elle juste ? Mesuré sur des questions dont la réponse est connue."),
    "accuracy_drop": ("Drop questions with their answers here, or choose a file",
                      "Déposez ici des questions avec leurs réponses, ou choisissez un fichier"),
    "accuracy_formats": ("Excel, CSV or JSON lines with question, answer, document and evidence.",
                         "Excel, CSV ou JSON lines avec question, réponse, document et preuve."),
    "no_gold_column": ("{file}: no column is named question. Name them question, answer, document and evidence.",
                       "{file} : aucune colonne ne s’appelle question. "
                       "Nommez-les question, réponse, document et preuve."),
    "gold_heading": ("Questions collected on the Ask tab", "Questions recueillies sous l’onglet Questions"),
    "gold_count": ("{all}: {answerable} with the right quote, {none} that the documents do not answer.",
                   "{all} : {answerable} avec la bonne citation, {none} sans réponse dans les documents."),
    "gold_empty": ("None yet. Under an answer choose “Not helpful”, then mark the right quote.",
                   "Aucune encore. Sous une réponse choisissez « Pas utile », puis marquez la bonne citation."),
    "gold_measure": ("Measure on these", "Mesurer sur celles-ci"),
    "gold_download": ("Download the file", "Télécharger le fichier"),
    "gold_list": ("See the questions, the newest first", "Voir les questions, la plus récente d’abord"),
    "gold_follows": ("after earlier questions", "à la suite d’autres questions"),
    "gold_remove": ("Remove", "Retirer"),
    "gold_of": ("{answerable} of them are said to have an answer in the documents.",
                "{answerable} d’entre elles ont, dit-on, une réponse dans les documents."),
    "problems": ("What is wrong with the file", "Ce qui ne va pas dans le fichier"),
    "problems_some": ("Rows with mistakes lower the figures. Mend them and give the file again, or measure as it is.",
                      "Des lignes fautives abaissent les chiffres. Corrigez-les et redonnez le fichier, "
                      "ou mesurez tel quel."),
    "problems_unusable": ("Some rows cannot be used at all. Mend them and give the file again.",
                          "Certaines lignes sont inutilisables. Corrigez-les et redonnez le fichier."),
    "problems_more": ("Only the first {count} are shown.", "Seules les {count} premières sont montrées."),
    "problem_row": ("Row", "Ligne"),
    "problem_what": ("What is wrong", "Ce qui ne va pas"),
    "problem_nearest": ("Nearest", "Au plus proche"),
    "start_as_it_is": ("Measure as it is", "Mesurer tel quel"),
    "report": ("Report", "Rapport"),
    "report_alone": ("Open it by itself", "L’ouvrir seul"),
    "report_rows": ("Every question (JSON lines)", "Chaque question (JSON lines)"),
    "report_summary": ("Figures (JSON)", "Chiffres (JSON)"),
    "past_runs": ("Past runs", "Mesures précédentes"),
    "past_none": ("No run is kept yet. They are kept with the documents; everyone who opens this page sees them.",
                  "Aucune mesure encore. Elles sont conservées avec les documents ; "
                  "quiconque ouvre cette page les voit."),
    "past_note": ("Kept with the documents; everyone who opens this page sees them.",
                  "Conservées avec les documents ; quiconque ouvre cette page les voit."),
    "past_when": ("When", "Quand"),
    "past_questions": ("Questions", "Questions"),
    "past_count": ("Number", "Nombre"),
    "past_decision": ("Right decision", "Bonne décision"),
    "past_first": ("Right sentence first", "Bonne phrase en premier"),
    "past_found": ("Found in top 5", "Trouvé dans les 5 premiers"),
    "past_refusals": ("Wrongly refused", "Refus à tort"),
    "past_seconds": ("Median time", "Temps médian"),
    "past_open": ("Open", "Ouvrir"),
    "compare": ("Compare", "Comparer"),
    "past_compare": ("Compare with the run before", "Comparer à la mesure précédente"),
    "trend": ("{figure}, run by run: {questions}", "{figure}, de mesure en mesure : {questions}"),
    "trend_note": ("The line on each dot is its 95% interval: less of a change than that may be chance.",
                   "Le trait de chaque point est son intervalle à 95 % : un moindre écart peut être un hasard."),
    # a judged answer becomes a question of the gold file
    "gold_ask": ("Add to the accuracy questions:", "Ajouter aux questions d’exactitude :"),
    "gold_right": ("[{marker}] is right", "[{marker}] est juste"),
    "gold_none": ("The documents do not answer this", "Les documents n’y répondent pas"),
    "gold_other": ("Right sentence, copied from a document", "Phrase juste, copiée d’un document"),
    "gold_add": ("Add", "Ajouter"),
    "gold_added": ("Added. {count} collected so far.", "Ajouté. {count} jusqu’ici."),
    "gold_not_found": ("This sentence does not stand word for word in a document. Nearest: {nearest}",
                       "Cette phrase ne se trouve mot à mot dans aucun document. La plus proche : {nearest}"),
    "gold_changed": ("The documents have changed since this answer was shown. Ask the question again.",
                     "Les documents ont changé depuis que cette réponse a été affichée. Posez la question de nouveau."),
    "gold_nothing_near": ("This sentence does not stand word for word in a document. Copy it from one.",
                          "Cette phrase ne se trouve mot à mot dans aucun document. Copiez-la de l’un d’eux."),
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

    def number(self, value: float, digits: int = 0) -> str:
        """Returns a number as it is written in the language: 1,234.5 or 1 234,5."""
        text = f"{value:,.{digits}f}"
        return text.translate({ord(","): "\u202f", ord("."): ","}) if self.language == "fr" else text

    def share(self, value: float) -> str:
        """Returns a share of one in hundredths: 61% or 61 %."""
        return f"{value:.0%}" if self.language == "en" else f"{100 * value:.0f}\u00a0%"

    def count(self, name: str, number: int) -> str:
        """Returns the words for so many: those of `name` with "_1" or "_n" after it."""
        return self[f"{name}_1"] if number == 1 else self.say(f"{name}_n", count=self.number(number))


ENGLISH = Wording("en")

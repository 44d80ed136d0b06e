"""Asks across languages: French questions of the English briefs, and the reverse: python -m benchmarks.french

The questions were written with the briefs at hand and before anything was measured. Each French one names the briefs
that answer; each English one, words of the passage that answers. --model takes another embedder, such as bilingual.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from index.ingest import ingest
from index.lexicon import OFF, LexiconSettings
from index.models import embedder_named
from index.store import SQLiteStore
from index.types import Embedder
from qa.pipeline import Pipeline, Settings
from qa.rerank import RerankSettings
from qa.retrieve import RetrieveSettings
from qa.types import Hit, Question

LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
FRENCH_QUESTIONS = {
    "Combien de sortes de mesures de renvoi existe-t-il au Canada ?": {"canadian-removal-orders"},
    "Combien de personnes l'ASFC a-t-elle renvoyées en 2024 ?": {
        "cbsa-removal-figures",
        "removal-figures-february-2025",
        "removal-figures-summer-2025",
        "why-removal-figures-differ",
    },
    "Quels pays refusent de reprendre leurs ressortissants selon les États-Unis ?": {
        "us-recalcitrant-lists",
        "us-list-and-final-orders-2024",
        "us-lists-2018-to-2020",
        "refusing-states-in-2017",
    },
    "Qu'est-ce qu'un sursis administratif aux renvois ?": {"administrative-deferrals", "glossary"},
    "Quand le protocole additionnel à l'entente sur les tiers pays sûrs est-il entré en vigueur ?": {
        "additional-protocol-2023",
        "safe-third-country-agreement",
    },
    "Au bout de combien d'heures la détention d'un étranger est-elle contrôlée ?": {"detention-in-canada"},
    "Quelles sanctions en matière de visas les États-Unis ont-ils imposées au Ghana ?": {
        "us-visa-sanctions-243d",
        "us-visa-sanctions-by-country",
    },
    "Quel est le montant du plan frontalier canadien de décembre 2024 ?": {
        "border-plan-2024",
        "bill-c-2-strong-borders-act",
        "northern-border-tariffs",
        "canada-us-arrangements-chronology",
        "chronology-of-canadian-removals",
    },
    "Combien de personnes le Rwanda a-t-il accepté d'accueillir pour les renvois vers un pays tiers ?": {
        "third-country-removals",
        "chronology-of-us-measures",
    },
    "Qui a écrit le courriel sur la collaboration avec les États-Unis au sujet des pays récalcitrants ?": {
        "canada-us-recalcitrant-countries-2025"
    },
    "Combien doit rembourser une personne expulsée sous escorte par avion avant de revenir ?": {
        "repayment-before-return",
        "costs-of-removal",
    },
    "Quel délai la loi prévoit-elle pour présenter une demande d'asile après une entrée entre les points d'entrée ?": {
        "additional-protocol-2023",
        "bill-c-12-and-2026-amendments",
        "refugee-claim-time-limits",
        "safe-third-country-agreement",
    },
}
ENGLISH_QUESTIONS = {
    "How many kinds of removal order does Canada have?": "trois sortes de mesures de renvoi",
    "How many days does a person under a departure order have to leave?": "a 30 jours",
    "For how long does an exclusion order for misrepresentation bar return?": "pendant cinq ans",
    "Does a removal order lapse with time?": "ne devient pas caduque",
    "How many people did CBSA remove in 2022?": "8 319 personnes",
    "How many people a week was CBSA removing before December 2025?": "400 personnes par semaine",
    "Who is not protected by an administrative deferral?": "ne protège pas",
    "When was Sudan added to the deferrals?": "Soudan a été ajouté",
    "Which branch wrote the e-mail about recalcitrant countries?": "direction générale des affaires internationales",
    "What did officers issue to a Somali man in June 2025?": "titre de voyage pour un seul trajet",
    "What did the Supreme Court decide about the agreement with the United States?": "ne viole pas l'article 7",
    "How many asylum claims a day were made between ports of entry?": "165 par jour",
}
PASSAGES = 5


def main() -> int:
    """Prints in how many questions what is right is first, and among the best passages; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure search across languages.")
    parser.add_argument("--model", help="the embedder, such as bilingual")
    embedder = embedder_named(parser.parse_args().model)
    english = [path for path in sorted(LIBRARY.glob("*.md")) if not path.name.endswith(".fr.md")]
    to_english = [(text, lambda hit, right=right: _brief(hit) in right) for text, right in FRENCH_QUESTIONS.items()]
    to_french = [(text, lambda hit, words=words: words in _text(hit)) for text, words in ENGLISH_QUESTIONS.items()]
    _measure("French questions, English briefs", english, to_english, embedder)
    _measure("English questions, French briefs", sorted(LIBRARY.glob("*.fr.md")), to_french, embedder)
    return 0


def _measure(
    name: str, paths: list[Path], questions: Iterable[tuple[str, Callable[[Hit], bool]]], embedder: Embedder
) -> None:
    asked = list(questions)
    with tempfile.TemporaryDirectory() as folder:
        store = SQLiteStore(Path(folder), writable=True)
        ingest(paths, store, embedder)
        for how, lexicon in (("without equivalents", OFF), ("with equivalents", LexiconSettings())):
            settings = Settings(retrieve=RetrieveSettings(lexicon=lexicon), rerank=RerankSettings(read=False))
            pipeline = Pipeline(store, embedder, settings)
            found = [[is_right(hit) for hit in pipeline.search(Question(text), PASSAGES)] for text, is_right in asked]
            first, among = sum(each[0] for each in found), sum(map(any, found))
            print(f"{name}, {how}: first {first}, among {PASSAGES} passages {among}, of {len(asked)} questions")


def _brief(hit: Hit) -> str:
    return hit.passage.info.id.removesuffix(".md")


def _text(hit: Hit) -> str:
    return " ".join(hit.passage.text.replace("’", "'").split())


if __name__ == "__main__":
    sys.exit(main())

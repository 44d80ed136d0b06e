"""Asks the shipped English briefs in French, with and without equivalents: python -m benchmarks.french

The questions were written with the briefs at hand and before anything was measured; each names the briefs that answer.
"""

import sys
import tempfile
from pathlib import Path

from index.embed import SentenceTransformerEmbedder
from index.ingest import ingest
from index.lexicon import OFF, LexiconSettings
from index.store import SQLiteStore
from qa.pipeline import Pipeline, Settings
from qa.retrieve import RetrieveSettings
from qa.types import Question

LIBRARY = Path(__file__).resolve().parent.parent / "documents" / "library"
QUESTIONS = {
    "Combien de sortes de mesures de renvoi existe-t-il au Canada ?": {"canadian-removal-orders"},
    "Combien de personnes l'ASFC a-t-elle renvoyées en 2024 ?": {"cbsa-removal-figures"},
    "Quels pays refusent de reprendre leurs ressortissants selon les États-Unis ?": {"us-recalcitrant-lists"},
    "Qu'est-ce qu'un sursis administratif aux renvois ?": {"suspensions-and-deferrals"},
    "Quand le protocole additionnel à l'entente sur les tiers pays sûrs est-il entré en vigueur ?": {
        "safe-third-country-agreement"
    },
    "Au bout de combien d'heures la détention d'un étranger est-elle contrôlée ?": {"travel-documents-and-detention"},
    "Quelles sanctions en matière de visas les États-Unis ont-ils imposées au Ghana ?": {"us-visa-sanctions-243d"},
    "Quel est le montant du plan frontalier canadien de décembre 2024 ?": {"border-plan-and-bills-2024-2026"},
    "Combien de personnes le Rwanda a-t-il accepté d'accueillir pour les renvois vers un pays tiers ?": {
        "third-country-removals"
    },
    "Qui a écrit le courriel sur la collaboration avec les États-Unis au sujet des pays récalcitrants ?": {
        "canada-us-recalcitrant-countries-2025"
    },
    "Combien doit rembourser une personne expulsée sous escorte par avion avant de revenir ?": {
        "canadian-removal-orders"
    },
    "Quel délai la loi prévoit-elle pour présenter une demande d'asile après une entrée entre les points d'entrée ?": {
        "border-plan-and-bills-2024-2026",
        "safe-third-country-agreement",
    },
}
PASSAGES = 5


def main() -> int:
    """Prints in how many questions a right brief is first, and among the best passages; returns the exit status."""
    embedder = SentenceTransformerEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        store = SQLiteStore(Path(folder), writable=True)
        ingest([LIBRARY], store, embedder)
        for name, lexicon in (("without equivalents", OFF), ("with equivalents", LexiconSettings())):
            pipeline = Pipeline(store, embedder, Settings(retrieve=RetrieveSettings(lexicon=lexicon)))
            first = among = 0
            for text, right in QUESTIONS.items():
                found = [hit.passage.info.id.removesuffix(".md") for hit in pipeline.search(Question(text), PASSAGES)]
                first += found[0] in right
                among += not right.isdisjoint(found)
            print(f"{name}: first {first}, among {PASSAGES} passages {among}, of {len(QUESTIONS)} questions")
    return 0


if __name__ == "__main__":
    sys.exit(main())

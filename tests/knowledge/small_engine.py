"""A real engine trained on a few sentences with the hashing embedder: `triage` runs through all of its own steps."""

from __future__ import annotations

from functools import cache

from knowledge.index import PhrasingIndex
from knowledge.policy import EVIDENCE, Policy
from knowledge.requests import EVIDENCE as REQUEST_EVIDENCE
from knowledge.requests import RequestFinder
from knowledge.search import ArticleRanker
from knowledge.triage import Engine
from nlu.features import FeatureExtractor, readable
from nlu.intents import fit
from nlu.safety import NONE, SafetyDetector
from nlu.understanding import GENERAL, OUT_OF_SCOPE, PERSONAL, Understander
from tests.fakes import FakeEngine
from tests.nlu.embedders import HashEmbedder

# sentence: (article or None, service type)
REQUESTS: dict[str, tuple[str | None, str]] = {
    "quels sont vos horaires": ("horaires_telephone", "contact_horaires"),
    "quand puis-je vous appeler": ("horaires_telephone", "contact_horaires"),
    "vous ouvrez à quelle heure": ("horaires_telephone", "contact_horaires"),
    "comment obtenir un certificat de scolarité": ("certificat_scolarite", "certificats_bulletins"),
    "télécharger le certificat de scolarité": ("certificat_scolarite", "certificats_bulletins"),
    "attestation certificat": ("certificat_scolarite", "certificats_bulletins"),
    "demander une bourse au collège": ("bourse_college_lycee", "bourses_aides"),
    "bourse au lycée": ("bourse_college_lycee", "bourses_aides"),
    "bourse pour mon bts": ("bourse_etudiant_bts", "bourses_aides"),
    "demander une bourse en bts": ("bourse_etudiant_bts", "bourses_aides"),
    "mon certificat de scolarité porte une erreur de nom": (None, "certificats_bulletins"),
    "ma bourse a été refusée par erreur dans mon dossier": (None, "bourses_aides"),
}
FOREIGN = ("une recette de crêpes", "qui a gagné le match", "la météo de demain", "réparer ma chaudière")
ORDINARY = ("merci", "bonjour", "2", "conseiller", "annuler", "je voudrais", "une question")
ALARMS = {"je veux mourir": "detresse", "il me frappe": "danger", "une élève me harcèle": "harcelement"}


@cache
def small_engine() -> Engine:
    """Built in a second, always the same."""
    fake = FakeEngine()
    texts = [*REQUESTS, *FOREIGN, *ORDINARY, *ALARMS]
    forms = [readable(t) for t in texts]
    extractor = FeatureExtractor.fit(forms, HashEmbedder())
    requests = extractor.extract(forms[: len(REQUESTS)])
    in_or_out = extractor.extract(forms[: len(REQUESTS) + len(FOREIGN)])
    scope = ["demande"] * len(REQUESTS) + [OUT_OF_SCOPE] * len(FOREIGN)
    alarms = [NONE] * (len(REQUESTS) + len(FOREIGN) + len(ORDINARY)) + list(ALARMS.values())
    kinds = fit(requests, [kind for _, kind in REQUESTS.values()], temperature=0.2)
    understander = Understander(
        extractor,
        kinds,
        kinds,
        fit(in_or_out, scope, temperature=0.2),
        fit(requests, [GENERAL if article else PERSONAL for article, _ in REQUESTS.values()], temperature=0.2),
        SafetyDetector(fit(extractor.extract(forms), alarms, temperature=0.2), 0.8, 0.8),
    )
    answerable = {text: article for text, (article, _) in REQUESTS.items() if article}
    rows = extractor.extract([readable(t) for t in answerable])
    owners = list(answerable.values())
    ranker = ArticleRanker(fit(rows, owners), PhrasingIndex.build(owners, rows), 4.0, 0.5)
    policy = Policy(_weights("p1"), _weights("p3"), _weights("in_scope", -1.0), 0.8, 0.5, 0.5, 0.9, 0.3)
    another = RequestFinder((*tuple(6.0 * (name == "of_part") for name in REQUEST_EVIDENCE), -3.0), 0.5)
    return Engine(understander, ranker, policy, another, fake.catalogue, fake.articles)


def _weights(name: str, weight: float = 1.0) -> tuple[float, ...]:
    return (*(weight if n == name else 0.0 for n in EVIDENCE), 0.0)

"""A small engine that decides on words, so that tests of the interface need no trained model and never change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from knowledge.articles import Article, Source
from knowledge.decisions import Context, DialogueAct, SafetyLabel, SafetyVerdict, Scored, Triage
from knowledge.relearning import Head
from knowledge.service_types import Catalogue, load_catalogue
from nlu.personal_data import mask

ARTICLES = (
    ("horaires_telephone", "Quand puis-je vous appeler ?", "contact_horaires", "publie"),
    ("certificat_scolarite", "Comment obtenir un certificat de scolarité ?", "certificats_bulletins", "publie"),
    ("bourse_college_lycee", "Comment demander une bourse au collège ou au lycée ?", "bourses_aides", "orientation"),
    ("bourse_etudiant_bts", "Comment demander une bourse pour un BTS ?", "bourses_aides", "orientation"),
)
SAFETY: dict[str, SafetyLabel] = {"frappe": "danger", "harcel": "harcelement", "mourir": "detresse"}
ANSWERS = {"horaires": "horaires_telephone", "certificat": "certificat_scolarite"}
CHOICES = {"bourse": ("bourse_college_lycee", "bourse_etudiant_bts")}
REQUESTS = {
    "colis": "supports_colis",
    "handicap": "amenagement_scolarite",
    "rembours": "annulation_changement",
    "bulletin": "certificats_bulletins",
}
ACTS: dict[str, DialogueAct] = {
    "bonjour": "greet",
    "merci": "thank",
    "au revoir": "goodbye",
    "oui": "affirm",
    "non": "deny",
    "annule": "cancel",
    "passer": "skip",
}
V = TypeVar("V")
PEOPLE = ("conseiller", "quelqu'un", "humain")
ELSEWHERE = ("pizza", "météo")


class HandClock:
    """The clock of an application in a test: the real hour until `at` sets one; then it moves only by `forward`."""

    def __init__(self) -> None:
        self._set: datetime | None = None

    def __call__(self) -> datetime:
        return self._set or datetime.now(UTC)

    def at(self, moment: datetime | None) -> None:
        """Set the hour; None: the real one."""
        self._set = moment

    def forward(self, **span: float) -> None:
        """Let time pass: `forward(minutes=2)`."""
        self._set = self() + timedelta(**span)


class FakeEngine:
    """Has what the interface uses of an engine: `catalogue`, `articles`, `search`; and `decide` in place of models."""

    def __init__(self) -> None:
        self.catalogue = catalogue()
        self.articles = {id_: _article(id_, *rest) for id_, *rest in ARTICLES}

    def search(self, query: str, limit: int) -> list[Scored]:
        """The articles whose words are in the query, in the order of the list; the others follow at 0.1."""
        wanted = [id_ for word, id_ in ANSWERS.items() if word in query.lower()]
        wanted += [id_ for word, ids in CHOICES.items() if word in query.lower() for id_ in ids]
        others = [id_ for id_ in self.articles if id_ not in wanted]
        wanted = [id_ for id_ in wanted if id_ in self.articles]
        ranked = [Scored(id_, 0.9 - 0.1 * i) for i, id_ in enumerate(wanted)] + [Scored(id_, 0.1) for id_ in others]
        return ranked[:limit]

    def with_articles(self, articles: Mapping[str, Article], heads: Mapping[str, Head] | None = None) -> FakeEngine:
        """The same with other articles."""
        other = copy(self)
        other.articles = dict(articles)
        return other

    def head(self, article: str) -> Head:
        """Nothing was learnt."""
        return Head(np.zeros(1, dtype=np.float32), np.zeros(1, dtype=np.float32), 0.0)

    def best_articles(self, texts: Sequence[str]) -> list[str]:
        """The owner of a text, else the first that the search finds."""
        owners = {t: a.id for a in self.articles.values() for t in a.learnt}
        return [owners.get(t) or self.search(t, 1)[0].id for t in texts]

    def decide(self, text: str, context: Context) -> Triage:
        """A decision on words alone. Anything unknown goes to a person."""
        words = text.lower()
        masked = mask(text).text
        safety = _first(words, SAFETY)
        if safety is not None:
            return self._triage(text, masked, "safety", kind="souffrance_harcelement", safety=safety)
        act = ACTS.get(words.strip(" .!?"))
        if act is not None:
            return self._triage(text, masked, "smalltalk", act=act)
        if any(word in words for word in PEOPLE):
            return self._triage(text, masked, "handoff", kind="contact_horaires", act="person")
        if (kind := _first(words, REQUESTS)) is not None:
            missing = tuple(f for f in self.catalogue.types[kind].fields if f not in context.known)
            return self._triage(text, masked, "qualify", kind=kind, missing=missing)
        if (article := _first(words, ANSWERS)) is not None:
            return self._triage(text, masked, "answer", kind=self.articles[article].service_type)
        if (articles := _first(words, CHOICES)) is not None:
            return self._triage(text, masked, "choices", kind=self.articles[articles[0]].service_type)
        if any(word in words for word in ELSEWHERE):
            return self._triage(text, masked, "out_of_scope", out_of_scope=0.95)
        return self._triage(text, masked, "handoff", kind="contact_horaires")

    def _triage(
        self,
        text: str,
        masked: str,
        decision: str,
        *,
        kind: str | None = None,
        safety: SafetyLabel = "none",
        act: DialogueAct | None = None,
        missing: tuple[str, ...] = (),
        out_of_scope: float = 0.0,
    ) -> Triage:
        entities = {"niveau": "6e"} if "6e" in text else {}
        return Triage(
            text=text,
            masked_text=masked,
            decision=decision,  # type: ignore[arg-type]
            articles=tuple(self.search(text, 5)),
            request_types=(Scored(kind, 0.9),) if kind else (),
            all_request_types=(kind,) if kind else (),
            safety=SafetyVerdict(safety, 0.0 if safety == "none" else 0.97),
            entities=entities,
            unite="college" if entities else None,
            missing=missing,
            act=act,
            out_of_scope=out_of_scope,
        )


def fake_triage(text: str, context: Context, *, engine: FakeEngine) -> Triage:
    """Stands for `knowledge.triage.triage`."""
    return engine.decide(text, context)


@cache
def catalogue() -> Catalogue:
    """The real catalogue: it is content, quick to read."""
    return load_catalogue()


def _article(id_: str, question: str, service_type: str, certitude: str) -> Article:
    return Article(
        id=id_,
        question=question,
        service_type=service_type,
        public=("eleve", "parent"),
        certitude=certitude,  # type: ignore[arg-type]
        sources=(Source("Source de test", 2026, "https://exemple.fr/source"), Source("Document interne", 2025)),
        review_by=date(2027, 6, 30),
        answer=f"Réponse de test : {question}",
        facts=(),
        phrasings=(),
        path=Path(f"{id_}.md"),
        answer_line=1,
    )


def _first(words: str, table: dict[str, V]) -> V | None:
    return next((value for word, value in table.items() if word in words), None)

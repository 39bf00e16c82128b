"""Entities of a message with spaCy: level, training, discipline, identifier, date, and who is writing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.language import Language
from spacy.matcher import Matcher

from nlu.normalisation import clean, fold

DATA = Path(__file__).parent / "data"
_IDENTIFIER = re.compile(
    r"\b(\d{4}-\d{3,8}|[A-Z]{1,3}-?\d{5,10})\b"
    r"|(?:n[°ºo]\.?|num(?:[ée]ro)?\.?|dossier|commande|inscription|identifiant|matricule|r[ée]f[ée]rence)"
    r"(?:\s+(?:de|d'|du|est|le|la|mon|ma|dossier|inscription|commande|cned|client|n[°ºo]\.?|num[ée]ro|:)){0,4}[\s:#]*(\d[\d -]{4,12}\d)\b",
    re.IGNORECASE,
)
_INE = re.compile(r"(?<![0-9A-Za-z])(\d{9}[A-Za-z]{2}|\d{10}[A-Za-z])(?![0-9A-Za-z])")
_MONTH = r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}[/.]\d{{1,2}}(?:[/.]\d{{2,4}})?|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|(?:{_DAY} )?(?:1er|\d{{1,2}}) {_MONTH}(?: \d{{4}})?"
    rf"|(?:debut|mi|fin)[ -]{_MONTH}|(?:en|depuis|avant|apres|des|courant) {_MONTH}(?: \d{{4}})?"
    rf"|hier|avant-hier|aujourd'hui|demain|{_DAY} (?:dernier|prochain)|depuis {_DAY}|la semaine (?:derniere|prochaine)|le mois (?:dernier|prochain))\b"
)
# Words that a named class or diploma is preferred to.
GENERAL_VALUES = frozenset({"collège", "lycée", "primaire", "maternelle", "BTS", "CAP", "bac pro"})
_DATE_LEAD = re.compile(r"^(?:depuis|avant|apres|des|en|courant) ")


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical value and the unit it points to, None when it does not tell."""

    label: str
    value: str
    unit: str | None = None


class EntityRecogniser:
    """spaCy `blank("fr")` with lemmas, an entity ruler for the catalogue's vocabulary and a matcher for who is writing."""

    def __init__(
        self, nlp: Language, matcher: Matcher, units: dict[tuple[str, str], str | None], order: list[str]
    ) -> None:
        self._nlp, self._matcher, self._units, self._order = nlp, matcher, units, order

    def find(self, text: str) -> tuple[Entity, ...]:
        """All entities of a text, in the order they stand in, then identifiers, dates and the writer."""
        text = clean(text)
        folded = fold(text)
        doc = self._nlp(folded)
        found = [Entity(e.label_, e.ent_id_, self._units[e.label_, e.ent_id_]) for e in doc.ents]
        found += [Entity("identifiant", value) for value in _identifiers(text)]
        found += [Entity("date", _DATE_LEAD.sub("", m.group())) for m in _DATE.finditer(folded)]
        labels = {self._nlp.vocab.strings[match_id] for match_id, _, _ in self._matcher(doc)}
        found += [Entity("qui", label) for label in self._order if label in labels][:1]
        return tuple(found)


def first_values(entities: tuple[Entity, ...]) -> dict[str, str]:
    """One value a label: the first said, a named class or diploma before a general word ("terminale" before "lycée")."""
    values: dict[str, str] = {}
    for entity in entities:
        if entity.label not in values or values[entity.label] in GENERAL_VALUES:
            if entity.label in values and entity.value in GENERAL_VALUES:
                continue
            values[entity.label] = entity.value
    return values


@cache
def load_recogniser(data: Path = DATA) -> EntityRecogniser:
    """Build the recogniser from `entites.yml` and `qui.yml`; about half a second."""
    vocabulary = yaml.safe_load((data / "entites.yml").read_text(encoding="utf-8"))
    nlp = spacy.blank("fr")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "ORTH"})
    nlp.initialize()
    units: dict[tuple[str, str], str | None] = {}
    patterns: list[dict[str, Any]] = []
    for label, rows in vocabulary.items():
        for row in rows:
            units[label, row["valeur"]] = row.get("unite")
            patterns += [{"label": label, "pattern": form, "id": row["valeur"]} for form in row["formes"]]
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    writers = yaml.safe_load((data / "qui.yml").read_text(encoding="utf-8"))
    matcher = Matcher(nlp.vocab)
    for row in writers:
        matcher.add(row["qui"], row["motifs"])
    return EntityRecogniser(nlp, matcher, units, [row["qui"] for row in writers])


def _identifiers(text: str) -> list[str]:
    found = [m.group(1) or m.group(2) for m in _IDENTIFIER.finditer(text)]
    found += [m.group(1).upper() for m in _INE.finditer(text)]
    return list(dict.fromkeys(re.sub(r"\s", "", value) for value in found))

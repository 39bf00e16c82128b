"""Entities of a message with spaCy: level, training, discipline, identifier, date, and who is writing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml

from nlu.hidden import hidden
from nlu.normalisation import clean, expand

with hidden("torch"):  # 200 MB and three seconds, for neural pipelines; this one has none
    import spacy
    from spacy.language import Language
    from spacy.matcher import Matcher
    from spacy.tokens import Doc, Span

DATA = Path(__file__).parent / "data"
_IDENTIFIER = re.compile(
    r"\b(\d{4} ?[-/] ?\d{2,8}|[A-Z]{1,3}-?\d{4,10}(?:-\d{2,6})?|(?<![\d+])[1-9]\d{6,8}(?!\d))\b"
    r"|(?:n[°ºo]\.?|num(?:[ée]ro)?\.?|dossier|commande|inscription|identifiant|matricule|r[ée]f[ée]rence)"
    r"(?:\s+(?:de|d'|du|est|c'?est|le|la|mon|ma|dossier|inscri\w*|d'inscri\w*|commande|cned|client|n[°ºo]\.?|num[ée]ro|:)){0,4}"
    r"[\s:#]*([A-Z]?\d[\d -]{3,12}\d)\b",
    re.IGNORECASE,
)
_INE = re.compile(r"(?<![0-9A-Za-z])(\d{9}[A-Za-z]{2}|\d{10}[A-Za-z])(?![0-9A-Za-z])")
_MONTH = r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}[/.]\d{{1,2}}(?:[/.]\d{{2,4}})?|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|(?:{_DAY} )?(?:1er|\d{{1,2}}) {_MONTH}(?: \d{{4}})?|(?:(?:debut|mi|fin)[ -])?{_MONTH}(?: \d{{4}})?"
    rf"|avant-hier|hier|aujourd'hui|demain|{_DAY}(?: (?:dernier|prochain))?"
    r"|(?:la )?(?:semaine|annee) (?:derniere|prochaine)|(?:le )?mois (?:dernier|prochain)|(?<=en )(?:19|20)\d{2})\b"
)
# Words that a named class or diploma is preferred to.
GENERAL_VALUES = frozenset({"collège", "lycée", "primaire", "maternelle", "BTS", "CAP", "bac pro"})


# "la seconde question", "3e trimestre": a rank, not a class.
_RANKED = frozenset(
    [
        "question",
        "fois",
        "trimestre",
        "annee",
        "lettre",
        "partie",
        "devoir",
        "etage",
        "semaine",
        "module",
        "copie",
        "relance",
        "mail",
        "message",
        "chapitre",
        "bloc",
        "colis",
        "enfant",
        "chose",
        "point",
        "page",
        "sequence",
        "evaluation",
        "bulletin",
        "versement",
        "paiement",
        "echeance",
        "rappel",
        "jour",
        "mois",
        "position",
        "place",
        "solution",
        "proposition",
        "main",
        "langue",
        "ligne",
    ]
)
_RANK_OR_CLASS = frozenset({"seconde", "première", "6e", "5e", "4e", "3e"})
_CLASS_BEFORE = frozenset(["en", "de", "classe", "niveau", "d'", "pour", "une"])


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical value and the unit it points to, None when it does not tell."""

    label: str
    value: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class _WriterPattern:
    """One way to tell who is writing. `required`: for each of its tokens that must stand, the words that may fill it;
    the matcher, ten times slower than sets of words, runs only where each has one.
    """

    writer: str
    required: tuple[frozenset[str], ...]
    matcher: Matcher

    @classmethod
    def of(cls, writer: str, tokens: list[dict[str, Any]], nlp: Language) -> Self:
        """From a token pattern of `qui.yml`."""
        matcher = Matcher(nlp.vocab)
        matcher.add(writer, [tokens])
        literal = (_literal_words(t) for t in tokens if t.get("OP", "1") not in ("?", "*"))
        return cls(writer, tuple(words for words in literal if words), matcher)

    def matches(self, doc: Doc, words: frozenset[str]) -> bool:
        """Whether it stands in a text, whose words are given too."""
        return all(not words.isdisjoint(wanted) for wanted in self.required) and bool(self.matcher(doc))


def _literal_words(token: dict[str, Any]) -> frozenset[str]:
    condition = token.get("LOWER", token.get("ORTH"))
    if isinstance(condition, dict):
        return frozenset(condition.get("IN", ()))
    return frozenset({condition} if condition else ())


class EntityRecogniser:
    """spaCy `blank("fr")` with an entity ruler for the catalogue's vocabulary, and patterns for who is writing."""

    def __init__(self, nlp: Language, writers: list[_WriterPattern], units: dict[tuple[str, str], str | None]) -> None:
        self._nlp, self._writers, self._units = nlp, writers, units

    def find(self, text: str) -> tuple[Entity, ...]:
        """All entities of a text, in the order they stand in, then identifiers, dates and the writer."""
        text = clean(text)
        doc = self._nlp(expand(text))
        found = [Entity(e.label_, e.ent_id_, self._units[e.label_, e.ent_id_]) for e in doc.ents if not _is_ordinary(e)]
        found = [
            e for e in found if e.value != "SES" or re.search(r"\bSES\b|\b(?:en|sp[eé]|de) ses\b(?! \w+s\b)", text)
        ]
        found = _vocational(found)
        found += [Entity("identifiant", value) for value in _identifiers(text)]
        found += [Entity("date", text[m.start() : m.end()]) for m in _DATE.finditer(_aligned(text))]
        words = frozenset(token.lower_ for token in doc)
        writer = next((pattern.writer for pattern in self._writers if pattern.matches(doc, words)), None)
        if writer is None and _FIRST_PERSON.search(doc.text) and any(e.label == "niveau" for e in found):
            writer = "eleve"
        return (*found, Entity("qui", writer)) if writer else tuple(found)


_FIRST_PERSON = re.compile(
    r"\b(?:je|j'ai|mon (?:devoir|cours|prof\w*|corrige|bulletin|dossier)|mes (?:cours|notes|devoirs|copies)|moi)\b"
)


def _is_ordinary(entity: Span) -> bool:
    """Words that name nothing here: "seconde" ranking the noun after it, "2 de mes copies", "c'est quoi cette histoire"."""
    after = entity.doc[entity.end].text if entity.end < len(entity.doc) else ""
    before = entity.doc[entity.start - 1].text if entity.start else ""
    if entity.text == "histoire":
        return before in ("cette", "une", "quelle", "toute") or (before == "l'" and after in ("de", "d'", "des"))
    if entity.ent_id_ not in _RANK_OR_CLASS:
        return False
    if after in _RANKED or (entity.text == "2 de" and before not in _CLASS_BEFORE):
        return True
    written_out = entity.text in ("seconde", "premiere")
    return (
        written_out and before not in _CLASS_BEFORE and after.isalpha() and before in ("la", "ma", "sa", "cette", "une")
    )


def _vocational(found: list[Entity]) -> list[Entity]:
    """ "seconde" beside a bac pro is a "seconde pro"."""
    if not any(e.label == "formation" and e.value.startswith("bac pro") for e in found):
        return found
    classes = {"seconde": "seconde pro", "première": "première pro", "terminale": "terminale pro"}
    return [Entity("niveau", classes[e.value], "pro") if e.value in classes else e for e in found]


def _aligned(text: str) -> str:
    """Lower case without accents, character by character: positions are those of `text`."""
    return "".join(unicodedata.normalize("NFD", c)[0] for c in text.lower()) if len(text.lower()) == len(text) else text


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
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "ORTH"})
    nlp.initialize()
    units: dict[tuple[str, str], str | None] = {}
    patterns: list[dict[str, Any]] = []
    for label, rows in vocabulary.items():
        for row in rows:
            units[label, row["valeur"]] = row.get("unite")
            patterns += [{"label": label, "pattern": form, "id": row["valeur"]} for form in row["formes"]]
    ruler.add_patterns(patterns)
    rows = yaml.safe_load((data / "qui.yml").read_text(encoding="utf-8"))
    writers = [_WriterPattern.of(row["qui"], tokens, nlp) for row in rows for tokens in row["motifs"]]
    return EntityRecogniser(nlp, writers, units)


def _identifiers(text: str) -> list[str]:
    found = [m.group(1) or m.group(2) for m in _IDENTIFIER.finditer(text)]
    found += [m.group(1).upper() for m in _INE.finditer(text)]
    return list(dict.fromkeys(re.sub(r"\s", "", value) for value in found))

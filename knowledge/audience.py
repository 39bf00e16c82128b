"""Whether an article is for the person who calls: their public, their level, their unit. What an article does not say
excludes nobody: only the public it declares and the classes or trainings that its question names do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from knowledge.articles import Article
from nlu.entities import load_recogniser

PUBLICS = {
    "eleve": "Élève",
    "parent": "Parent",
    "adulte": "Adulte en formation",
    "etablissement": "Établissement",
    "prospect": "Pas encore inscrit",
}
LEVELS = {
    "ecole": "École",
    "college": "Collège",
    "lycee": "Lycée général et technologique",
    "pro": "CAP et bac professionnel",
    "bts": "BTS",
    "sup_concours": "Concours et études supérieures",
}
_OF_UNIT = {"pro": frozenset({"pro", "bts"}), "sup_concours": frozenset({"sup_concours", "bts"})}
_OF_VALUE = {"BTS": frozenset({"bts"}), "SEGPA": frozenset({"ecole", "college"})}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is on the line: ids of PUBLICS, of LEVELS and of the catalogue's units; empty when it is not known."""

    public: str = ""
    level: str = ""
    unit: str = ""


def fits(article: Article, caller: Caller) -> bool:
    """True when nothing says that the article is for somebody else."""
    if caller.public and article.public and caller.public not in article.public:
        return False
    if not caller.level and not caller.unit:
        return True
    named = _levels_named(article.question)
    if not named:
        return True
    wanted = [frozenset({caller.level})] if caller.level else []
    wanted += [_OF_UNIT.get(caller.unit, frozenset({caller.unit}))] if caller.unit else []
    return all(named & levels for levels in wanted)


@lru_cache(maxsize=30_000)
def _levels_named(question: str) -> frozenset[str]:
    """Ids of LEVELS that a question speaks of."""
    found: set[str] = set()
    for entity in load_recogniser().find(question):
        if entity.label in ("niveau", "formation"):
            found |= _OF_VALUE.get(entity.value, frozenset({entity.unit} if entity.unit else ()))
    return frozenset(found)

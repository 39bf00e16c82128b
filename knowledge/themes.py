"""The themes of the public FAQ: content, each gathering the articles of some service types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.articles import Article
from knowledge.content_file import CONTENT, ContentError, Fault, Located, line_of, load_yaml
from knowledge.service_types import Catalogue

DESCRIPTION = (50, 160)  # characters that a search engine shows
_KEYS = ("id", "titre", "description", "services")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Theme:
    """`id` stands in the address; no article has it."""

    id: str
    title: str
    description: str
    services: tuple[str, ...]


OTHERS = Theme("autres-questions", "Autres questions", "Les autres réponses de la foire aux questions du Cned.", ())


def load_themes(content: Path = CONTENT) -> tuple[Theme, ...]:
    """The themes of `themes.yml`, in its order; none when the file is not there.

    Raises:
        ContentError: a key is missing, an address is malformed or taken twice; every fault has its line.
    """
    path = content / "themes.yml"
    if not path.exists():
        return ()
    themes: list[Theme] = []
    faults: list[Fault] = []
    for row in load_yaml(path.read_text(encoding="utf-8"), path):
        missing = [k for k in _KEYS if not isinstance(row, Located) or not row.get(k)]
        if missing:
            faults.append(Fault(path, line_of(row), f"clé absente ou vide : {', '.join(missing)}"))
            continue
        theme = Theme(str(row["id"]), str(row["titre"]), str(row["description"]), tuple(map(str, row["services"])))
        if not _SLUG.fullmatch(theme.id) or theme.id in {OTHERS.id, *(t.id for t in themes)}:
            faults.append(Fault(path, line_of(row), f"adresse de thème mal formée ou déjà prise : {theme.id}"))
        if not DESCRIPTION[0] <= len(theme.description) <= DESCRIPTION[1]:
            length = len(theme.description)
            faults.append(Fault(path, line_of(row), f"la description a {length} caractères (50 à 160 attendus)"))
        themes.append(theme)
    if faults:
        raise ContentError(faults)
    return tuple(themes)


def theme_faults(content: Path, catalogue: Catalogue, articles: set[str]) -> list[Fault]:
    """What is wrong between the themes, the service types and the articles."""
    path = content / "themes.yml"
    try:
        themes = load_themes(content)
    except ContentError as error:
        return error.faults
    listed = [name for theme in themes for name in theme.services]
    faults = [Fault(path, 1, f"service-type inconnu : {name}") for name in listed if name not in catalogue.types]
    faults += [
        Fault(path, 1, f"service-type dans deux thèmes : {n}")
        for n in sorted({n for n in listed if listed.count(n) > 1})
    ]
    faults += [Fault(path, 1, f"un article porte l'adresse du thème : {t.id}") for t in themes if t.id in articles]
    if themes:
        absent = sorted(set(catalogue.types) - set(listed))
        faults += [Fault(path, 1, f"service-type sans thème : {name}") for name in absent]
    return faults


def by_theme(articles: Mapping[str, Article], themes: tuple[Theme, ...]) -> dict[Theme, tuple[Article, ...]]:
    """Every article under its theme, themes in order; those of no theme come last, and a theme without article is left out."""
    theme_of = {name: theme for theme in themes for name in theme.services}
    found: dict[Theme, list[Article]] = {theme: [] for theme in (*themes, OTHERS)}
    for article in articles.values():
        found[theme_of.get(article.service_type, OTHERS)].append(article)
    return {theme: tuple(sorted(own, key=lambda a: a.question)) for theme, own in found.items() if own}

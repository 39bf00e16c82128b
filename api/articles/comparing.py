"""What changed between two versions, field by field and word by word (difflib)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from knowledge.article_bodies import Body, article_of
from knowledge.audience import PUBLICS
from knowledge.service_types import Catalogue

Change = Literal["same", "added", "removed"]
_PIECE = re.compile(r"\n|[^\S\n]+|[^\s]+")
CERTAINTIES = {"publie": "Publié", "date": "À vérifier", "orientation": "Oriente vers une personne"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text and what became of it."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that changed."""

    label: str
    pieces: tuple[Piece, ...]


def changes(before: Body | None, after: Body, catalogue: Catalogue, registers: Mapping[str, str]) -> list[FieldChange]:
    """The fields that differ; without anything before, all that are not empty, as they are."""
    new = fields(after, catalogue, registers)
    if before is None:
        return [FieldChange(label, (Piece("same", text),)) for label, text in new.items() if text]
    old = fields(before, catalogue, registers)
    labels = list(dict.fromkeys((*new, *old)))
    return [
        FieldChange(label, pieces(old.get(label, ""), new.get(label, "")))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The words that stay, that go and that come."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(old[a:b])))
            continue
        if a < b:
            found.append(Piece("removed", "".join(old[a:b])))
        if c < d:
            found.append(Piece("added", "".join(new[c:d])))
    return tuple(found)


def fields(body: Body, catalogue: Catalogue, registers: Mapping[str, str]) -> dict[str, str]:
    """An article in words, by label."""
    article = article_of("article", body)
    kind = catalogue.types.get(article.service_type)
    lines = {
        "Question": article.question,
        "Réponse": article.answer,
        "Période": article.season.spoken() if article.season else "",
        "Réponse hors période": article.off_season,
        "Service": kind.label if kind else article.service_type,
        "Public": ", ".join(PUBLICS.get(p, p) for p in article.public),
        "Certitude": CERTAINTIES[article.certitude],
        "Sources": "\n".join(f"{s.title}, {s.year}{f', {s.url}' if s.url else ''}" for s in article.sources),
        "Faits": ", ".join(article.facts),
        "À relire le": article.review_by.strftime("%d/%m/%Y"),
    }
    for register, texts in body["phrasings"]:
        lines[f"Façons de demander : {registers.get(register, register)}"] = "\n".join(texts)
    lines["Questions de contrôle"] = "\n".join(article.tests)
    return lines

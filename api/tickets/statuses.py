"""The life of a ticket."""

from __future__ import annotations

from typing import Literal, get_args

Status = Literal["nouveau", "en_cours", "en_attente", "resolu", "clos"]
STATUSES: tuple[Status, ...] = get_args(Status)
OPEN: tuple[Status, ...] = ("nouveau", "en_cours", "en_attente")
LABELS: dict[str, str] = {
    "nouveau": "Nouveau",
    "en_cours": "En cours",
    "en_attente": "En attente du demandeur",
    "resolu": "Résolu",
    "clos": "Clos",
}
PRIORITIES: dict[int, str] = {0: "Sécurité", 1: "Urgent", 2: "Normal"}

_NEXT: dict[str, tuple[Status, ...]] = {
    "nouveau": ("en_cours", "en_attente", "resolu", "clos"),
    "en_cours": ("nouveau", "en_attente", "resolu", "clos"),
    "en_attente": ("en_cours", "resolu", "clos"),
    "resolu": ("en_cours", "clos"),
    "clos": ("en_cours",),
}


def next_statuses(status: str) -> tuple[Status, ...]:
    """Where a ticket may go from `status`. A closed one can only be opened again."""
    return _NEXT.get(status, ())

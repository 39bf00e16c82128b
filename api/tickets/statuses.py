"""The life of a ticket: its statuses, and who may move it from one to another. The only place that says so."""

from __future__ import annotations

from typing import Literal, get_args

Status = Literal["nouveau", "assigne", "en_attente", "resolu", "clos", "rouvert"]
ActorKind = Literal["learner", "operator", "system"]
STATUSES: tuple[Status, ...] = get_args(Status)
OPEN: tuple[Status, ...] = ("nouveau", "rouvert", "assigne", "en_attente")
TO_TAKE: tuple[Status, ...] = ("nouveau", "rouvert")  # nobody has it
OVER: tuple[Status, ...] = ("resolu", "clos")
LABELS: dict[str, str] = {
    "nouveau": "Nouveau",
    "assigne": "Assigné",
    "en_attente": "En attente de l'usager",
    "resolu": "Résolu",
    "clos": "Clos",
    "rouvert": "Rouvert",
}
PRIORITIES: dict[int, str] = {0: "Sécurité", 1: "Urgent", 2: "Normal"}

_STAFF: dict[str, tuple[Status, ...]] = {
    "nouveau": ("assigne", "en_attente", "resolu", "clos"),
    "assigne": ("nouveau", "en_attente", "resolu", "clos"),
    "en_attente": ("assigne", "resolu", "clos"),
    "resolu": ("clos", "rouvert"),
    "clos": ("rouvert",),
    "rouvert": ("assigne", "en_attente", "resolu", "clos"),
}
_LEARNER: dict[str, tuple[Status, ...]] = {
    "nouveau": ("clos",),
    "assigne": ("clos",),
    "en_attente": ("assigne", "clos"),  # answering gives it back to whoever waits
    "resolu": ("clos", "rouvert"),
    "clos": ("rouvert",),
    "rouvert": ("clos",),
}
_BY: dict[ActorKind, dict[str, tuple[Status, ...]]] = {"operator": _STAFF, "system": _STAFF, "learner": _LEARNER}


def next_statuses(status: str, by: ActorKind = "operator") -> tuple[Status, ...]:
    """Where `by` may move a ticket from `status`. What is over can only be opened again."""
    return _BY[by].get(status, ())

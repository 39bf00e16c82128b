"""The families of refusals. A feature declares its own nouns from them (`class TicketClosed(Conflict)`).

`detail` is a French sentence that people may read; it never repeats what they sent. Statuses: `error_handlers.py`.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """A request that is refused, with a sentence that says why."""

    detail: ClassVar[str] = "La demande ne peut pas être traitée."

    def __init__(self, detail: str | None = None, *, retry_after_s: int | None = None) -> None:
        super().__init__(detail or self.detail)
        self.message = detail or self.detail
        self.retry_after_s = retry_after_s


class Unreadable(Refusal):
    """The request is not what its content type says (JSON, UTF-8)."""

    detail = "Le contenu envoyé est illisible : du JSON encodé en UTF-8 est attendu."


class Invalid(Refusal):
    """The request is readable, and a value in it can't be accepted."""

    detail = "Une valeur envoyée n'est pas valable."


class NotSignedIn(Refusal):
    """No proof of identity, or one that is wrong or expired."""

    detail = "Identification absente, fausse ou expirée."


class Forbidden(Refusal):
    """Known, and not allowed."""

    detail = "Vous n'avez pas accès à cette fonction."


class NotFound(Refusal):
    """Nothing of that name."""

    detail = "Il n'y a rien à cette adresse. Elle est peut-être incomplète, ou la page n'existe plus."


class Conflict(Refusal):
    """The state of the thing doesn't allow it."""

    detail = "L'état actuel ne permet pas cette action."


class TooLarge(Refusal):
    """More than the service accepts."""

    detail = "Le contenu envoyé est trop volumineux."


class TooMany(Refusal):
    """Too often in too short a time."""

    detail = "Trop de tentatives. Réessayez dans quelques minutes."


class Unavailable(Refusal):
    """A part that the service needs does not answer."""

    detail = "Le service est momentanément indisponible. Réessayez dans quelques minutes."

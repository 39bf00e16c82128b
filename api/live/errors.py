"""What may be wrong with a hand-over."""

from __future__ import annotations

from api.errors import Conflict, Invalid, NotFound


class UnknownHandover(NotFound):
    """No hand-over has this number."""

    detail = "Cette discussion n'existe pas, ou elle a été effacée."


class AlreadyTaken(Conflict):
    """Somebody else was faster, or the learner left the queue."""

    detail = "Cette personne n'est plus dans la file : un collègue l'a prise, ou elle est partie."


class NotYours(Conflict):
    """The conversation is not (or no longer) with this agent."""

    detail = "Cette discussion n'est plus avec vous. Rechargez la page pour voir où elle en est."


class AgentAbsent(Conflict):
    """The agent or the team that should receive it is not there."""

    detail = "Il n'y a personne de disponible de ce côté. La discussion reste avec vous."


class NotPresent(Conflict):
    """To take somebody, be online."""

    detail = "Passez en ligne avant de prendre une discussion."


class UnknownTeam(Invalid):
    """No team has this id."""

    detail = "Cette équipe n'existe pas."

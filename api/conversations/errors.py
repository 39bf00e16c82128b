"""What may be wrong with a conversation."""

from __future__ import annotations

from api.errors import Invalid, NotFound, NotSignedIn, TooMany


class UnknownConversation(NotFound):
    """No conversation has this id."""

    detail = "Cette conversation n'existe pas."


class WrongToken(NotSignedIn):
    """The token is not that of the conversation, or is absent."""

    detail = "Le jeton de cette conversation est absent ou faux."


class UnknownMessage(NotFound):
    """The conversation has no answer of this id."""

    detail = "Cette réponse n'existe pas dans cette conversation."


class UnknownReason(Invalid):
    """No reason of the content has this id."""

    detail = "Cette raison ne fait pas partie des raisons possibles."


class TooManyStreams(TooMany):
    """More streams of one conversation than tabs that anybody has."""

    detail = "Cette conversation est déjà ouverte dans beaucoup d'onglets. Fermez-en un."

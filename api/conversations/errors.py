"""What may be wrong with a conversation."""

from __future__ import annotations

from api.errors import NotFound, NotSignedIn


class UnknownConversation(NotFound):
    """No conversation has this id."""

    detail = "Cette conversation n'existe pas."


class WrongToken(NotSignedIn):
    """The token is not that of the conversation, or is absent."""

    detail = "Le jeton de cette conversation est absent ou faux."

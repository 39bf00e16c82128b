"""How often one address may ask for follow-up pages: enough for a person, too little for a program."""

from __future__ import annotations

from fastapi import Request

from api.errors import TooMany
from api.rate_limits import Buckets, address_of
from api.shared_buckets import SharedBuckets

ASKED, FAILED = 120, 20  # by minute and address: pages of any kind in one process, unknown links in all of them


class TooManyPages(TooMany):
    """This address asks for more pages than a person reads."""

    detail = "Trop de demandes en peu de temps depuis votre connexion. Réessayez dans une minute."


class Limits:
    """Those of one application."""

    def __init__(self, failed: SharedBuckets) -> None:
        self._asked, self._failed = Buckets(ASKED), failed

    async def check(self, request: Request) -> None:
        """Count a page.

        Raises:
            TooManyPages: this address asked for too many, or for too many that do not exist.
        """
        address = address_of(request.scope)
        if wait := self._asked.take(address) or await self._failed.wait(address):
            raise TooManyPages(retry_after_s=wait)

    async def failed(self, request: Request) -> None:
        """The link was unknown."""
        await self._failed.take(address_of(request.scope))


def limits_of(request: Request) -> Limits:
    """Those of this application."""
    state = request.app.state
    if getattr(state, "followup_limits", None) is None:
        state.followup_limits = Limits(SharedBuckets("unknown links", FAILED, lambda: state.statements))
    limits: Limits = state.followup_limits
    return limits

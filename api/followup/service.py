"""Secret links of tickets, and what their owners think of the answer."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Rating, Ticket
from api.errors import Conflict, NotFound
from api.followup import repository
from api.tickets import exchange, life
from api.tickets import service as tickets
from api.tickets.life import LEARNER
from api.tickets.statuses import OVER
from knowledge.follow_up import load_follow_up_texts
from nlu.personal_data import mask

PATH = "/suivi"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class UnknownLink(NotFound):
    """No ticket has this link: unknown, expired and malformed ones are not told apart."""

    detail = "Cette page n'existe pas."


class NotResolved(Conflict):
    """Nobody has answered yet."""

    detail = "L'avis se donne quand la demande est résolue."


async def new_token(*, session: AsyncSession, ticket_id: uuid.UUID, days: int) -> str:
    """A new secret of 256 random bits that opens the ticket for `days` days. Only its hash is kept. The caller commits."""
    token = secrets.token_urlsafe(32)
    await repository.add_link(session, _hash(token), ticket_id, datetime.now(UTC) + timedelta(days=days))
    return token


def address(token: str, *, base: str = "") -> str:
    """The page of a token; with `base`, from anywhere."""
    return f"{base}{PATH}/{token}"


async def link(*, session: AsyncSession, ticket_id: uuid.UUID, base: str = "") -> str:
    """The address of a new token, valid as long as the content says. The caller commits."""
    token = await new_token(session=session, ticket_id=ticket_id, days=_link_days())
    return address(token, base=base)


async def ticket_of(*, session: AsyncSession, token: str) -> Ticket:
    """The ticket that a token opens.

    Raises:
        UnknownLink: none.
    """
    if _TOKEN.fullmatch(token) is None:
        raise UnknownLink
    ticket_id = await repository.ticket_of(session, _hash(token))
    ticket = None if ticket_id is None else await tickets.ticket_by_id(session=session, ticket_id=ticket_id)
    if ticket is None:
        raise UnknownLink
    return ticket


async def rate(
    *, session: AsyncSession, ticket_id: uuid.UUID, rating: int, word: str, alarm: str | None = None
) -> bool:
    """Keep what the person thinks of the answer, once; False when they said it before. `alarm`: see `raise_alarm`.

    Raises:
        NotResolved: nothing is kept.
    """
    ticket = await life.locked(session=session, ticket_id=ticket_id)
    if not await may_rate(session=session, ticket=ticket):
        raise NotResolved
    kept = await repository.rate_once(session, ticket.id, rating, mask(word).text or None)
    if kept:
        await life.record(session=session, ticket=ticket, kind="rating", by=LEARNER, data={"rating": rating})
    if alarm is not None:
        await exchange.raise_alarm(session=session, ticket=ticket, label=alarm)
    return kept


async def may_rate(*, session: AsyncSession, ticket: Ticket) -> bool:
    """True for a ticket that is over and was resolved by somebody."""
    if ticket.status not in OVER:
        return False
    events = await life.history(session=session, ticket=ticket)
    return any(e.kind == "status" and e.data.get("to") == "resolu" for e in events)


async def rating_of(*, session: AsyncSession, ticket_id: uuid.UUID) -> Rating | None:
    """What the person thought, None while they did not say."""
    return await repository.rating_of(session, ticket_id)


@cache
def _link_days() -> int:
    return load_follow_up_texts().link_days


def _hash(token: str) -> bytes:
    """What is kept. The token is random, so a plain SHA-256 can't be reversed."""
    return hashlib.sha256(token.encode()).digest()
